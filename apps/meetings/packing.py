"""Making packs in the background: one process at a time, which says that it is alive after each paper.

The web process starts ``manage.py build_packs`` and thinks no more of it, so that its memory stays its own. A pack
whose builder has been silent for two minutes is taken over by the next; the silent one, should it wake, finds that the
row has moved on and leaves without a trace.
"""

import logging
import os
import subprocess  # nosec B404
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils import timezone

from apps.meetings.models import Pack

log = logging.getLogger(__name__)
State = Pack.State
SILENCE = timedelta(minutes=2)
# A pack that stops its builder again and again is not tried for ever.
PATIENCE = timedelta(minutes=30)


class TakenOverError(Exception):
    """Somebody else makes this pack now, or nobody wants it any more."""


def is_inside(paper: dict, kind: str) -> bool:
    """Whether a pack of this kind is to hold the paper's own file."""
    return not paper["is_held"] and (kind == "zip" or paper["extension"] == "pdf")


def start() -> None:
    """Lets what waits be made, in a process of its own."""
    if settings.PACKS_IN_BACKGROUND:
        threading.Thread(target=_run_apart, name="packs", daemon=True).start()
    else:
        build_waiting()


def _run_apart() -> None:
    """The thread only waits for the process, which goes on when this one is stopped."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "build_packs"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE}
    # Nothing in the command comes from outside.
    subprocess.run(  # noqa: S603 # nosec B603
        command,
        env=environment,
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        check=False,
    )


def _alive(now: datetime) -> Q:
    return Q(state=State.BUILDING, heartbeat_at__gte=now - SILENCE)


def _open(now: datetime) -> Q:
    return Q(state=State.WAITING) | Q(state=State.BUILDING, heartbeat_at__lt=now - SILENCE)


def is_stuck(pack: Pack) -> bool:
    """Whether nobody seems to be at it."""
    last = pack.heartbeat_at or pack.asked_at
    return pack.state in (State.WAITING, State.BUILDING) and last < timezone.now() - SILENCE


def build_waiting() -> int:
    """Makes what waits, one after the other, and returns how many became ready. Leaves it to another who is at it."""
    now = timezone.now()
    given_up = Q(asked_at__lt=now - PATIENCE) & Q(state=State.BUILDING) & _open(now)
    Pack.objects.filter(given_up).update(state=State.FAILED)
    if Pack.objects.filter(_alive(now)).exists():
        return 0
    ready = 0
    while (pack := _claim()) is not None:
        ready += _build(pack)
    return ready


def _claim() -> Pack | None:
    """The next pack, for this process alone; None when nothing waits."""
    now = timezone.now()
    while (pack := Pack.objects.filter(_open(now)).first()) is not None:
        mine = Pack.objects.filter(_open(now), pk=pack.pk)
        if mine.update(state=State.BUILDING, heartbeat_at=now, done=0):
            pack.heartbeat_at = now
            return pack
    return None


def _build(pack: Pack) -> bool:
    def beat(done: int) -> None:
        _move(pack, heartbeat_at=timezone.now(), done=done)

    try:
        with TemporaryDirectory() as folder:
            from apps.meetings import pack_files  # large, and rarely wanted: a web process loads it when somebody does

            made = pack_files.write(pack.contents, Path(folder), beat)
            _keep(pack, made)
    except TakenOverError:
        return False
    except Exception as error:  # whatever a file or a disk does: the reader is told, and the others get theirs
        log.warning("pack %s could not be made: %s", pack.pk, type(error).__name__, exc_info=True)
        Pack.objects.filter(pk=pack.pk, heartbeat_at=pack.heartbeat_at).update(state=State.FAILED)
        return False
    return True


def _move(pack: Pack, **changes) -> None:
    """Raises TakenOverError when the row is not as this process left it."""
    mine = Pack.objects.filter(pk=pack.pk, state=State.BUILDING, heartbeat_at=pack.heartbeat_at)
    if not mine.update(**changes):
        raise TakenOverError
    pack.heartbeat_at = changes.get("heartbeat_at", pack.heartbeat_at)


def _keep(pack: Pack, made) -> None:
    with made.path.open("rb") as file:
        content = File(file)
        content.is_scanned = True  # each of its papers was
        pack.file.save(f"pack.{pack.kind}", content, save=False)
    try:
        _move(
            pack,
            state=State.READY,
            file=pack.file.name,
            size=made.path.stat().st_size,
            pages=made.pages,
            done=pack.total,
            made_at=timezone.now(),
        )
    except TakenOverError:
        default_storage.delete(pack.file.name)
        raise
