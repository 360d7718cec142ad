"""A storage that does not take a file (R08), and files on S3: no row without its file, no half file, no lost words."""

import errno
from http import HTTPStatus
from pathlib import Path

import boto3
import dbbackup.settings
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override
from moto import mock_aws

from apps.core.s3 import PrivateS3Storage
from apps.core.storage import NotStoredError, send_file
from apps.news.models import Picture
from tests.factories import client_for, make_document, make_meeting, picture

BUCKET = "portal-files"


@pytest.fixture
def _full_disk(monkeypatch):
    """The first piece of a file is written, then there is no room."""

    def half(self, name, content):
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.read(4))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", half)


@pytest.mark.usefixtures("_full_disk")
def test_r08_no_half_file_is_left():
    with pytest.raises(NotStoredError):
        default_storage.save("documents/one.pdf", ContentFile(b"%PDF-1.4 the whole"))

    assert default_storage.listdir("documents") == ([], [])


@pytest.mark.usefixtures("_full_disk")
@pytest.mark.parametrize(("language", "heading"), [("en", "The file could not be stored"), ("ar", "تعذّر حفظ الملف")])
def test_r08_no_row_is_left_and_what_was_typed_comes_back(db, secretary, language, heading):
    with override(language):
        address = reverse("admin:news_picture_add")
    sent = SimpleUploadedFile("river.png", picture().read(), "image/png")
    fields = {"text_ar": "نهر", "text_en": "A river of the north", "focus": "c", "file": sent}
    answer = client_for(secretary).post(address, fields, headers={"Origin": "http://testserver"})
    page = answer.content.decode()

    assert answer.status_code == HTTPStatus.INSUFFICIENT_STORAGE
    assert heading in page
    assert 'value="A river of the north"' in page
    assert "river.png" in page
    assert Picture.objects.count() == 0


# S3


@pytest.fixture
def s3(monkeypatch):
    """A storage in memory that speaks like S3."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket=BUCKET)
        yield PrivateS3Storage(bucket_name=BUCKET, location="portal", file_overwrite=False, default_acl=None)


def test_files_on_s3_come_back(s3):
    name = s3.save("documents/ورقة.pdf", ContentFile(b"%PDF"))

    with s3.open(name) as file:
        assert file.read() == b"%PDF"
    assert s3.exists(name)
    assert s3.listdir("documents")[1] == ["ورقة.pdf"]
    s3.delete(name)
    assert not s3.exists(name)


def test_s38_a_file_on_s3_has_no_address(s3):
    with pytest.raises(ValueError, match="A private file has no address"):
        s3.url(s3.save("documents/one.pdf", ContentFile(b"%PDF")))


def test_no_file_on_s3_is_overwritten(s3):
    first = s3.save("documents/one.pdf", ContentFile(b"one"))
    second = s3.save("documents/one.pdf", ContentFile(b"two"))

    assert first != second


def test_r08_a_storage_that_fails_is_told_from_a_fault_of_the_code(s3):
    s3.bucket_name = "no-such-bucket"
    s3._bucket = None

    with pytest.raises(NotStoredError):
        s3.save("documents/one.pdf", ContentFile(b"%PDF"))


def test_backups_go_to_s3(s3, monkeypatch):
    monkeypatch.setattr(dbbackup.settings, "STORAGE", "storages.backends.s3.S3Storage")
    monkeypatch.setattr(dbbackup.settings, "STORAGE_OPTIONS", {"bucket_name": BUCKET, "location": "backups"})
    storage = dbbackup.storage.get_storage()
    storage.write_file(ContentFile(b"dump"), "default-portal-2026-11-27-030000.psql.bin.gpg")

    assert storage.list_backups(content_type="db") == ["default-portal-2026-11-27-030000.psql.bin.gpg"]


# By nginx


def test_a_released_file_is_sent_by_nginx(db, settings):
    document = make_document(make_meeting(), languages=("ar",))
    settings.X_ACCEL = True
    answer = send_file(document.file_ar, "ورقة عمل.pdf", restricted=True)

    assert answer["X-Accel-Redirect"] == f"/private-files/{document.file_ar.name}"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer.content == b""


def test_without_nginx_the_portal_sends_it(db, settings):
    document = make_document(make_meeting(), languages=("ar",))
    answer = send_file(document.file_ar, "paper.pdf", restricted=True)

    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert not answer.has_header("X-Accel-Redirect")
    answer.file_to_stream.close()
