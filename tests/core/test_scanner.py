"""The virus scanner, played by a thread that speaks clamd's protocol: clean, found, broken, away."""

import socket
import struct
import threading
from datetime import UTC, datetime
from unittest.mock import Mock

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from apps.core import privacy, scanner
from apps.core.models import HeldFile
from apps.core.storage import send_file
from apps.core.uploads import check_document
from apps.meetings.models import Audience, Document
from tests.core.files import pdf
from tests.factories import make_document, make_meeting

EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(threading.Thread):
    """Answers each stream, and remembers it."""

    def __init__(self, answer: bytes = b""):
        super().__init__(daemon=True)
        self.answer = answer
        self.streams: list[bytes] = []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.door.getsockname()[1]}"

    def run(self):
        while True:
            try:
                line, _peer = self.door.accept()
            except OSError:
                return
            with line, line.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                content = b""
                while size := struct.unpack("!L", stream.read(4))[0]:
                    content += stream.read(size)
                self.streams.append(content)
                found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR.encode() in content else b"stream: OK\0"
                line.sendall(self.answer or found)


@pytest.fixture
def clamd(settings, request):
    daemon = Clamd(getattr(request, "param", b""))
    daemon.start()
    settings.CLAMD_ADDRESS = daemon.address
    yield daemon
    daemon.door.close()


@pytest.fixture
def away(settings):
    """An address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        settings.CLAMD_ADDRESS = f"127.0.0.1:{door.getsockname()[1]}"


def infected() -> ContentFile:
    def hide(document):
        document.Root.Note = document.make_stream(EICAR.encode())

    return ContentFile(pdf(hide, compress_streams=False), name="paper.pdf")


def test_s39_a_clean_file_is_shown_whole_and_taken(clamd):
    content = pdf() + b"\n" * 200_000
    file = ContentFile(content, name="paper.pdf")
    check_document(file)

    assert clamd.streams == [content]
    assert file.is_scanned is True
    assert file.tell() == 0


def test_s39_a_virus_is_refused(clamd):
    with pytest.raises(ValidationError) as error:
        check_document(infected())

    assert error.value.code == "virus"


def test_s39_without_a_scanner_nobody_is_asked(settings):
    assert settings.CLAMD_ADDRESS == ""
    check_document(ContentFile(pdf(), name="paper.pdf"))


@pytest.mark.parametrize("clamd", [b"INSTREAM size limit exceeded. ERROR\0", b"\0", b"stream: "], indirect=True)
def test_s39_an_answer_that_says_neither_counts_as_away(clamd):
    with pytest.raises(scanner.ScannerAwayError):
        scanner.is_clean(ContentFile(pdf()))


def test_s39_scanned_files_are_not_held(db, clamd):
    file = ContentFile(pdf(), name="paper.pdf")
    check_document(file)
    make_document(make_meeting(), languages=(), file_ar=file)

    assert not HeldFile.objects.exists()


def test_s39_while_the_scanner_is_away_papers_are_held_back(db, client, away):
    file = ContentFile(pdf(), name="paper.pdf")
    check_document(file)
    document = make_document(make_meeting(audience=Audience.PUBLIC), languages=(), file_ar=file)

    page = client.get(f"/en/meetings/{document.meeting_id}/papers/{document.pk}/ar/")

    assert page.status_code == 503
    assert "This paper is being checked" in page.content.decode()
    with pytest.raises(PermissionDenied):
        send_file(document.file_ar, "a.pdf", restricted=False)


def test_s39_what_no_form_has_checked_is_held_back_too(db, clamd):
    make_document(make_meeting(), languages=("ar",))

    assert HeldFile.objects.count() == 1


def test_s39_held_papers_are_released_when_they_are_clean(db, client, clamd, capsys):
    document = make_document(make_meeting(audience=Audience.PUBLIC), languages=("ar",))

    call_command("scan_held_files")

    assert capsys.readouterr().out == "released: 1, found bad: 0\n"
    response = client.get(f"/en/meetings/{document.meeting_id}/papers/{document.pk}/ar/")
    assert response.status_code == 200
    list(response.streaming_content)


def test_s39_a_held_paper_that_is_bad_loses_its_content_and_stays_held(db, clamd, capsys):
    document = make_document(make_meeting(), languages=(), file_ar=infected())

    call_command("scan_held_files")

    assert capsys.readouterr().out == "released: 0, found bad: 1\n"
    document = Document.objects.get(pk=document.pk)
    assert not document.file_ar.storage.exists(document.file_ar.name)
    assert HeldFile.objects.get().found_bad_at is not None


def test_a_bad_paper_whose_content_cannot_be_deleted_now_stays_held_and_goes_later(db, clamd, monkeypatch):
    document = make_document(make_meeting(), languages=(), file_ar=infected())
    storage = document.file_ar.storage
    with monkeypatch.context() as away:
        away.setattr(type(storage._wrapped), "delete", Mock(side_effect=OSError("disk")))
        with pytest.raises(OSError, match="disk"):
            call_command("scan_held_files")
    assert HeldFile.objects.get().found_bad_at is not None
    assert storage.exists(document.file_ar.name)

    call_command("scan_held_files")

    assert not storage.exists(document.file_ar.name)
    assert HeldFile.objects.count() == 1


def test_a_bad_paper_stays_held_as_long_as_a_record_names_it(db, clamd):
    make_document(make_meeting(), languages=(), file_ar=infected())
    call_command("scan_held_files")
    HeldFile.objects.create(path="documents/gone.pdf")
    HeldFile.objects.update(found_bad_at=datetime(2020, 1, 1, tzinfo=UTC))

    assert privacy.sweep_all()["held_files"] == 1

    assert HeldFile.objects.get().path == Document.objects.get().file_ar.name


def test_a_held_file_that_was_replaced_is_forgotten(db, clamd):
    HeldFile.objects.create(path="documents/gone.pdf")
    call_command("scan_held_files")

    assert not HeldFile.objects.exists()


def test_s39_the_command_says_when_the_scanner_is_away(db, away, settings):
    make_document(make_meeting(), languages=("ar",))
    with pytest.raises(CommandError, match="does not answer"):
        call_command("scan_held_files")
    assert HeldFile.objects.count() == 1
    settings.CLAMD_ADDRESS = ""
    with pytest.raises(CommandError, match="CLAMD_ADDRESS"):
        call_command("scan_held_files")


def test_a_socket_of_the_same_machine_is_an_address_too(settings):
    settings.CLAMD_ADDRESS = "/tmp/no-such-clamd.sock"
    with pytest.raises(scanner.ScannerAwayError):
        scanner.is_clean(ContentFile(b"x"))


def test_files_that_wait_are_on_the_dashboard(db, log_in, secretary, away):
    make_document(make_meeting(), languages=("ar",))

    html = log_in(secretary).get("/en/admin/").content.decode()

    assert "1 file waits for the virus scanner." in html
