"""Where uploaded files lie: outside everything that is served, under names that say nothing."""

import errno
import logging
import mimetypes
import os
import re
import uuid
from contextlib import suppress
from pathlib import PurePath
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.db.models.fields.files import FieldFile, ImageFieldFile
from django.http import FileResponse, HttpResponse
from django.utils.deconstruct import deconstructible
from django.utils.http import content_disposition_header

from apps.core import scanner
from apps.core.held_files import HeldFile

log = logging.getLogger(__name__)


class NotStoredError(Exception):
    """A file could not be stored: the disk is full, or the storage does not answer. Nothing of it is left."""


class PrivateStorage(FileSystemStorage):
    """Files without an address of their own; asking for one is a mistake in the code."""

    def _save(self, name, content):
        try:
            return super()._save(name, content)
        except OSError as error:
            # Django leaves what it has written so far. Names are random: no other file has this one.
            with suppress(OSError):
                os.remove(self.path(name))  # noqa: PTH107
            log.error("a file could not be stored: %s", errno.errorcode.get(error.errno, type(error).__name__))
            raise NotStoredError from error

    @property
    def base_location(self):
        return settings.PRIVATE_ROOT

    @property
    def location(self):
        return os.path.abspath(self.base_location)  # noqa: PTH100 - Django compares it as text

    def url(self, name):
        raise ValueError("A private file has no address: serve it through a view that checks who is reading.")


class PrivateFieldFile(FieldFile):
    """A file whose address is that of the view that checks; the record names it: ``file_address(field_name)``.

    What the virus scanner has not seen is held back from everybody until it has.
    """

    def save(self, name, content, save=True):
        is_unseen = scanner.is_on() and not getattr(content, "is_scanned", False)
        super().save(name, content, save=save)
        if is_unseen:
            HeldFile.objects.create(path=self.name)

    @property
    def url(self) -> str:
        return self.instance.file_address(self.field.name)


class _AnyName:
    """A sent file's own name may be as long as it likes: it is not kept."""

    def formfield(self, **kwargs):
        return super().formfield(**{"max_length": None, **kwargs})


class PrivateFileField(_AnyName, models.FileField):
    attr_class = PrivateFieldFile


class PrivateImageFieldFile(PrivateFieldFile, ImageFieldFile):
    pass


class PrivateImageField(_AnyName, models.ImageField):
    attr_class = PrivateImageFieldFile


@deconstructible
class RandomName:
    """``upload_to`` that keeps the kind of the file and forgets its name."""

    def __init__(self, folder: str):
        self.folder = folder

    def __call__(self, instance, filename: str) -> str:
        return f"{self.folder}/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()}"


def safe_filename(title: str, extension: str) -> str:
    """A file name from a title in any language: its letters and digits stay, nothing that a system could act on."""
    words = re.sub(r"[^\w]+", "-", title, flags=re.UNICODE).strip("-_")[:80].strip("-_")
    return f"{words or 'file'}.{extension}"


def is_held(stored) -> bool:
    """Whether the file waits for the virus scanner, or was found to be bad."""
    return HeldFile.objects.filter(path=stored.name).exists()


def _by_nginx(stored, filename: str) -> HttpResponse | None:
    """An order to nginx, which has the file on its own disk."""
    if not settings.X_ACCEL or not isinstance(stored.storage, PrivateStorage):
        return None
    kind, _encoding = mimetypes.guess_type(filename)
    response = HttpResponse(content_type=kind or "application/octet-stream")
    response["X-Accel-Redirect"] = f"/private-files/{quote(stored.name)}"
    response["Content-Disposition"] = content_disposition_header(True, filename)
    return response


def send_file(stored, filename: str, *, restricted: bool) -> HttpResponse | FileResponse:
    """A stored file as a download that no browser runs; a restricted one is kept by no cache."""
    if is_held(stored):
        raise PermissionDenied
    response = _by_nginx(stored, filename) or FileResponse(stored.open("rb"), as_attachment=True, filename=filename)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store" if restricted else "public, max-age=300"
    return response
