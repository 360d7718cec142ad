"""Papers: what they were before, how long they are, who has opened them, and telling people that there are new ones."""

import pikepdf
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from apps.accounts.roles import Role
from apps.core.languages import CODES, version
from apps.core.records import save_record
from apps.core.uploads import extension_of
from apps.meetings.models import Audience, Document, DocumentOpening, DocumentVersion, Meeting, Notice, Participant
from apps.meetings.telling import still_there, tell_participant


@transaction.atomic
def save_paper(document: Document, *, by) -> Document:
    """Saves a paper. A file that another one replaces is kept as an earlier version, and the version counts up by one.

    A final paper whose file is replaced is final no more, unless the same save says that the new one is.
    """
    former = Document.objects.select_for_update(of=("self",)).filter(pk=document.pk).first() if document.pk else None
    changed = [code for code in CODES if _is_new_file(document, former, code)]
    replaced = [code for code in changed if former is not None and getattr(former, f"file_{code}")]
    for code in replaced:
        _keep_former(former, code, by=by)
    if replaced:
        document.version = former.version + 1
        document.is_final = document.is_final and not former.is_final
    for code in changed:
        stored = getattr(document, f"file_{code}")
        setattr(document, f"pages_{code}", _pages(stored) if stored else None)
        setattr(document, f"posted_{code}", timezone.now() if stored else None)
        if not stored:
            setattr(document, f"size_{code}", None)
    return save_record(document, by=by)


def _is_new_file(document: Document, former: Document | None, code: str) -> bool:
    stored = getattr(document, f"file_{code}")
    before = getattr(former, f"file_{code}").name if former is not None and getattr(former, f"file_{code}") else ""
    return bool(stored and not stored._committed) or (stored.name if stored else "") != before


def _keep_former(former: Document, code: str, *, by) -> None:
    DocumentVersion.objects.get_or_create(
        document=former,
        language=code,
        number=former.version,
        defaults={
            "file": getattr(former, f"file_{code}").name,
            "size": getattr(former, f"size_{code}"),
            "pages": getattr(former, f"pages_{code}"),
            "replaced_by": by,
        },
    )


def _pages(stored) -> int | None:
    """How many pages a PDF has; None for other files, and for what cannot be read."""
    if extension_of(stored.name) != "pdf":
        return None
    try:
        stored.seek(0)
        with pikepdf.open(stored.file) as pdf:
            return len(pdf.pages)
    except (pikepdf.PdfError, OSError, ValueError):
        return None
    finally:
        stored.seek(0)


# Who has opened them


def is_for_everybody(document: Document) -> bool:
    return document.audience == Audience.PUBLIC and document.meeting.audience == Audience.PUBLIC


def record_opening(document: Document, language: str, *, by) -> None:
    """That a person who has logged in opened a paper which is not for everybody."""
    if not by.is_authenticated or is_for_everybody(document):
        return
    again = DocumentOpening.objects.filter(document=document, language=language, user=by)
    if not again.update(times=F("times") + 1, last_at=timezone.now()):
        try:
            with transaction.atomic():
                DocumentOpening.objects.create(document=document, language=language, user=by)
        except IntegrityError:
            again.update(times=F("times") + 1, last_at=timezone.now())


def openings_of(meeting: Meeting, *, by) -> list[dict]:
    """For each paper that is not for everybody: who has opened it, and who of the list has not.

    Raises PermissionDenied for whoever is not the secretariat.
    """
    if not by.has_role(Role.SECRETARIAT):
        raise PermissionDenied
    documents = meeting.documents.visible_to(by).select_related("meeting").prefetch_related("openings__user")
    people = list(still_there(meeting).filter(person__user__isnull=False, invited_at__isnull=False))
    rows = []
    for document in documents:
        if not is_for_everybody(document):
            have = {opening.user_id for opening in document.openings.all()}
            waiting = [one for one in people if one.user.pk not in have]
            rows.append({"document": document, "openings": document.openings.all(), "waiting": waiting})
    return rows


# Telling


@transaction.atomic
def tell_of_papers(meeting: Meeting, *, by) -> int:
    """One mail to each who was invited, about what came since the last such mail and what she may see.

    Returns how many mails went. Nothing new for somebody: no mail to her.
    """
    if by is not None and not by.has_role(Role.SECRETARIAT):
        raise PermissionDenied
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.status != Meeting.Status.PUBLISHED or meeting.starts_at <= timezone.now():
        return 0
    invited = still_there(meeting).filter(invited_at__isnull=False)
    told = _last_told(meeting)
    inside, outside = _posted(meeting, is_inside=True), _posted(meeting, is_inside=False)
    return sum(
        _tell(one, outside if one.capacity == Participant.Capacity.GUEST else inside, told.get(one.pk, ""))
        for one in invited
    )


def has_untold(meeting: Meeting) -> bool:
    """Whether a paper came since anybody was last told."""
    told = max(_last_told(meeting).values(), default="")
    return any(when > told for when, _document in _posted(meeting, is_inside=True))


def _last_told(meeting: Meeting) -> dict[int, str]:
    notices = Notice.objects.filter(participant__meeting=meeting, kind=Notice.Kind.PAPERS)
    found: dict[int, str] = {}
    for participant, about in notices.values_list("participant", "about"):
        found[participant] = max(about, found.get(participant, ""))
    return found


def _posted(meeting: Meeting, *, is_inside: bool) -> list[tuple[str, Document]]:
    """Papers with the moment of their newest file, as guests or as members of the group may see them."""
    shown = [Audience.PUBLIC, Audience.MEMBERS] if is_inside else [Audience.PUBLIC]
    items = meeting.items.filter(audience__in=shown).filter(Q(parent=None) | Q(parent__audience__in=shown))
    papers = meeting.documents.filter(audience__in=shown).filter(Q(item=None) | Q(item__in=items))
    found = []
    for paper in papers.order_by("pk"):
        moments = [moment for code in CODES if (moment := getattr(paper, f"posted_{code}"))]
        if moments:
            found.append((f"{max(moments):%Y-%m-%dT%H:%M:%S.%f}", paper))
    return found


def _tell(participant: Participant, posted: list[tuple[str, Document]], since: str) -> int:
    new = [(when, paper) for when, paper in posted if when > since]
    if not new:
        return 0
    return tell_participant(
        participant,
        Notice.Kind.PAPERS,
        about=max(when for when, _paper in new),
        texts=lambda language: {
            "papers": [version(paper, "title", language) for _when, paper in new],
            "page": settings.SITE_URL + participant.meeting.get_absolute_url(),
        },
    )
