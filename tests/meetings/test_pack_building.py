"""How packs come to be: once, in the background, taken over when a builder is gone, and how they go."""

import subprocess
import sys
import threading
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from apps.meetings import pack_files, packing, packs
from apps.meetings.models import Pack
from tests.factories import make_document, make_member
from tests.meetings.packed import made

State = Pack.State


@pytest.fixture
def contents(group, meeting):
    for _number in range(3):
        make_document(meeting)
    return packs.contents_for(make_member(group), meeting, language="en", kind="zip")


def now_is(pack: Pack) -> Pack:
    return Pack.objects.get(pk=pack.pk)


def test_asking_twice_is_one_pack_that_is_made_once(contents, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as started:
        first, second = packs.ask(contents), packs.ask(contents)

    assert first == second
    assert len(started) == 1
    assert now_is(first).state == State.READY
    assert packing.build_waiting() == 0


def test_progress_is_written_after_each_paper(contents, monkeypatch):
    pack = packs.ask(contents)
    told = []
    put_in = pack_files._put_in

    def looked_at(*args):
        told.append((now_is(pack).state, now_is(pack).done, now_is(pack).total))
        return put_in(*args)

    monkeypatch.setattr(pack_files, "_put_in", looked_at)
    packing.build_waiting()

    assert told == [("building", 0, 3), ("building", 1, 3), ("building", 2, 3)]
    assert now_is(pack).done == 3


def test_a_second_builder_leaves_the_work_to_the_first(contents):
    pack = packs.ask(contents)
    Pack.objects.create(key="other", kind="zip", language="ar", meeting=pack.meeting)
    Pack.objects.filter(pk=pack.pk).update(state=State.BUILDING, heartbeat_at=timezone.now())

    assert packing.build_waiting() == 0
    assert Pack.objects.filter(state=State.WAITING).count() == 1


def test_a_pack_whose_builder_fell_silent_is_taken_over(contents):
    pack = packs.ask(contents)
    silent = timezone.now() - packing.SILENCE - timedelta(seconds=1)
    Pack.objects.filter(pk=pack.pk).update(state=State.BUILDING, heartbeat_at=silent, done=2)
    assert packing.is_stuck(now_is(pack))

    assert packing.build_waiting() == 1
    assert (now_is(pack).state, now_is(pack).done) == (State.READY, 3)


def test_a_builder_that_wakes_after_it_was_taken_over_leaves_no_trace(contents, monkeypatch):
    pack = packs.ask(contents)
    write = pack_files.write

    def slowly(*args):
        written = write(*args)
        Pack.objects.filter(pk=pack.pk).update(heartbeat_at=timezone.now() + timedelta(seconds=1))
        return written

    monkeypatch.setattr(pack_files, "write", slowly)

    assert packing.build_waiting() == 0
    assert (now_is(pack).state, now_is(pack).file.name) == (State.BUILDING, "")
    assert default_storage.listdir("packs")[1] == []


def test_a_pack_that_stops_its_builder_again_and_again_is_given_up(contents):
    pack = packs.ask(contents)
    long_ago = timezone.now() - packing.PATIENCE - timedelta(seconds=1)
    Pack.objects.filter(pk=pack.pk).update(state=State.BUILDING, heartbeat_at=long_ago, asked_at=long_ago)

    assert packing.build_waiting() == 0
    assert now_is(pack).state == State.FAILED


def test_a_failure_is_told_keeps_nobody_waiting_and_can_be_tried_again(contents, monkeypatch, caplog):
    pack = packs.ask(contents)
    other = Pack.objects.create(key="o", kind="zip", language="ar", meeting=pack.meeting, contents=contents)
    write = pack_files.write

    def full_disk(wanted, folder, beat):
        if not told:
            told.append(wanted)
            raise OSError("no space left")
        return write(wanted, folder, beat)

    told = []
    monkeypatch.setattr(pack_files, "write", full_disk)
    packing.build_waiting()
    assert (now_is(pack).state, now_is(other).state) == (State.FAILED, State.READY)
    assert "OSError" in caplog.text

    again = packs.ask(contents)

    assert (again.pk, again.state) == (pack.pk, State.WAITING)
    assert packing.build_waiting() == 1


def test_the_command_makes_what_waits(contents, capsys):
    pack = packs.ask(contents)

    call_command("build_packs")

    assert capsys.readouterr().out == "1 packs made.\n"
    assert now_is(pack).state == State.READY


def test_the_web_process_starts_the_command_in_a_process_of_its_own(settings, monkeypatch):
    settings.PACKS_IN_BACKGROUND = True
    runs = []
    monkeypatch.setattr(subprocess, "run", lambda command, **options: runs.append((command, options)))

    packing.start()
    for thread in threading.enumerate():
        if thread.name == "packs":
            thread.join()

    [(command, options)] = runs
    assert command == [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "build_packs"]
    assert options["start_new_session"] is True
    assert options["env"]["DJANGO_SETTINGS_MODULE"] == settings.SETTINGS_MODULE


# How they go


def test_packs_go_after_their_day_with_their_files(contents, group, meeting):
    old = made(make_member(group), meeting, kind="zip")
    young = made(make_member(group), meeting, kind="pdf")
    now = timezone.now()
    Pack.objects.filter(pk=old.pk).update(asked_at=now - timedelta(days=settings.RETENTION_DAYS["pack"], seconds=5))

    assert packs.sweep(now) == 1

    assert list(Pack.objects.all()) == [young]
    assert default_storage.exists(young.file.name)


def test_files_whose_meeting_was_deleted_go_too(db):
    default_storage.save("packs/left.zip", BytesIO(b"left"))
    now = timezone.now()
    assert (packs.sweep(now), default_storage.exists("packs/left.zip")) == (0, True)

    packs.sweep(now + timedelta(days=settings.RETENTION_DAYS["pack"], seconds=5))

    assert not default_storage.exists("packs/left.zip")
