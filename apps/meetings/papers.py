"""Papers: what they were before, how long they are, who has opened them, and telling people that there are new ones."""

from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import Storage
from django.db import IntegrityError, transaction
from django.db.models import F, Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.core.languages import CODES, name_of, version
from apps.core.records import delete_record, save_record
from apps.core.uploads import extension_of
from apps.meetings.models import Audience, Document, DocumentOpening, DocumentVersion, Meeting, Notice, Participant
from apps.meetings.telling import accounts_of_the_group, still_there, tell_participant

_MOST_PAGES = 32_767


def _require(by, *roles: Role) -> None:
    if by is not None and not by.has_role(*roles):
        raise PermissionDenied


# Saving


@transaction.atomic
def save_paper(document: Document, *, by) -> Document:
    """Saves a paper. A file that another one replaces, or that is taken out, is kept as an earlier version, and the
    version counts up by one, also when both languages change. A language that had no file is no new version.

    A final paper whose file changes is final no more; whoever changed it says so again in a next save. A paper that the
    secretariat had kept to itself counts as posted when others may see it. Raises ValidationError when somebody has
    saved the paper since ``document`` was loaded.
    """
    former = _former(document)
    _require(by, Role.SECRETARIAT, *([Role.TRANSLATOR] if former else []))
    changed = [code for code in CODES if _is_new_file(document, former, code)]
    replaced = [code for code in changed if former and getattr(former, f"file_{code}")]
    for code in replaced:
        _keep_former(former, code, by=by)
    if replaced:
        document.version = former.version + 1
        document.is_final = document.is_final and not former.is_final
    for code in changed:
        _measure(document, code)
    for code in CODES if _is_opened(document, former) else changed:
        setattr(document, f"posted_{code}", timezone.now() if getattr(document, f"file_{code}") else None)
    return save_record(document, by=by)


def _former(document: Document) -> Document | None:
    """The paper as it is saved, locked; None for a new one."""
    if document._state.adding:
        return None
    former = Document.objects.select_for_update(of=("self",)).filter(pk=document.pk).first()
    if former is None or former.revision != document.revision:
        message = _("Somebody saved this meanwhile. Look at the record again before you go on.")
        raise ValidationError(message, code="conflict")
    return former


def _is_new_file(document: Document, former: Document | None, code: str) -> bool:
    """Whether a file came or went."""
    stored, before = getattr(document, f"file_{code}"), former and getattr(former, f"file_{code}")
    return bool(stored and not stored._committed) or bool(stored) != bool(before)


def _is_opened(document: Document, former: Document | None) -> bool:
    was_closed = former is not None and former.audience_inside == Audience.SECRETARIAT
    return was_closed and document.audience_inside != Audience.SECRETARIAT


def kept_back(meeting: Meeting) -> set[int]:
    """The papers that the secretariat has to itself, by their own audience or by that of their item."""
    papers = meeting.documents.select_related("item__parent")
    return {paper.pk for paper in papers if paper.audience_inside == Audience.SECRETARIAT}


def post_opened(meeting: Meeting, before: set[int], *, by) -> None:
    """What was kept back ``before`` and is not any more, because its item was opened, counts as posted now."""
    for paper in meeting.documents.filter(pk__in=before - kept_back(meeting)):
        present = [f"posted_{code}" for code in CODES if getattr(paper, f"file_{code}")]
        for name in present:
            setattr(paper, name, timezone.now())
        paper.save(update_fields=present, by=by)


def _keep_former(former: Document, code: str, *, by) -> None:
    DocumentVersion.objects.create(
        document=former,
        language=code,
        number=former.version,
        file=getattr(former, f"file_{code}").name,
        size=getattr(former, f"size_{code}"),
        pages=getattr(former, f"pages_{code}"),
        replaced_by=by,
    )


def _measure(document: Document, code: str) -> None:
    """Its size follows when it is stored."""
    stored = getattr(document, f"file_{code}")
    setattr(document, f"pages_{code}", _pages(stored) if stored else None)
    setattr(document, f"size_{code}", None)


def _pages(stored) -> int | None:
    """How many pages a PDF has; None for other files, and for what cannot be read."""
    if extension_of(stored.name) != "pdf":
        return None
    import pikepdf  # large, and rarely wanted: a web process loads it when somebody does

    try:
        stored.seek(0)
        with pikepdf.open(stored.file) as pdf:
            return len(pdf.pages) if len(pdf.pages) <= _MOST_PAGES else None
    except (pikepdf.PikepdfError, RuntimeError, OSError, ValueError):
        return None
    finally:
        stored.seek(0)


@transaction.atomic
def delete_paper(document: Document, *, by, reason: str = "") -> None:
    """With its files and all that they were before: they leave the storage once the deletion is certain."""
    _require(by, Role.SECRETARIAT)
    files = [getattr(document, f"file_{code}") for code in CODES]
    files += [former.file for former in document.versions.all()]
    stored = [(file.storage, file.name) for file in files if file]
    delete_record(document, by=by, reason=reason)
    transaction.on_commit(partial(_delete_files, stored), robust=True)


def _delete_files(stored: list[tuple[Storage, str]]) -> None:
    for storage, name in stored:
        storage.delete(name)


# Who has opened them


def record_opening(document: Document, language: str, *, by) -> None:
    """That a person who has logged in opened a paper which is not for everybody."""
    if not by.is_authenticated or document.shown_to == Audience.PUBLIC:
        return
    again = DocumentOpening.objects.filter(document=document, language=language, user=by)
    if not again.update(times=F("times") + 1, last_at=timezone.now()):
        try:
            with transaction.atomic():
                DocumentOpening.objects.create(document=document, language=language, user=by)
        except IntegrityError:
            again.update(times=F("times") + 1, last_at=timezone.now())


@dataclass(frozen=True)
class Openings:
    """Of one paper. ``waiting`` are those who may open it and have not."""

    document: Document
    openings: list[DocumentOpening]
    waiting: list[User]


def openings_of(meeting: Meeting, *, by) -> list[Openings]:
    """For each paper that is not for everybody: who has opened it, and who of the group and of the guests has not, as
    far as their accounts are not hidden from this officer.

    Raises PermissionDenied for whoever is not the secretariat.
    """
    _require(by, Role.SECRETARIAT)
    known = User.objects.visible_to(by)
    opened = DocumentOpening.objects.filter(user__in=known).select_related("user")
    ids = set(known.values_list("pk", flat=True))
    members = [user for user in accounts_of_the_group(meeting) if user.pk in ids]
    guests = [user for user in _accounts_of_guests(meeting) if user.pk in ids]
    may_open = {
        Audience.PUBLIC: [*members, *(guest for guest in guests if guest not in members)],
        Audience.MEMBERS: members,
        Audience.SECRETARIAT: [],
    }
    papers = meeting.documents.visible_to(by).with_all_shown().prefetch_related(Prefetch("openings", opened))
    return [_openings(paper, may_open[paper.audience_inside]) for paper in papers if paper.shown_to != Audience.PUBLIC]


def _accounts_of_guests(meeting: Meeting) -> list[User]:
    invited = still_there(meeting).filter(capacity=Participant.Capacity.GUEST, invited_at__isnull=False)
    return [one.user for one in invited if one.user is not None and one.user.is_active]


def _openings(document: Document, may_open: list[User]) -> Openings:
    openings = list(document.openings.all())
    have = {opening.user_id for opening in openings}
    return Openings(document, openings, [user for user in may_open if user.pk not in have])


# Telling


@dataclass(frozen=True)
class Posted:
    """A paper with the moment of each file that is new, as a text that sorts."""

    document: Document
    moments: dict[str, str]

    @property
    def newest(self) -> str:
        return max(self.moments.values())

    def since(self, moment: str) -> "Posted":
        return Posted(self.document, {code: at for code, at in self.moments.items() if at > moment})

    def as_line(self, language: str) -> dict:
        """Its title, and what languages it is new in when this one is not among them."""
        foreign = [] if language in self.moments else [name_of(code) for code in self.moments]
        return {"title": version(self.document, "title", language), "languages": pgettext("list", ", ").join(foreign)}


@transaction.atomic
def tell_of_papers(meeting: Meeting, *, by) -> int:
    """One mail to each who was invited, about what came since the last such mail to her and what she may see.

    Returns how many mails went. Nothing new for somebody: no mail to her. A meeting that is not to come tells nobody.
    """
    _require(by, Role.SECRETARIAT)
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    return sum(_tell(one, new) for one, new in _to_tell(meeting))


def has_untold(meeting: Meeting) -> bool:
    """Whether there is a paper that somebody who was invited was not told of."""
    return bool(_to_tell(meeting))


def _to_tell(meeting: Meeting) -> list[tuple[Participant, list[Posted]]]:
    """Who can be told, with what is new to each."""
    if meeting.status != Meeting.Status.PUBLISHED or meeting.starts_at <= timezone.now():
        return []
    posted, told = _posted(meeting), _last_told(meeting)
    found = []
    for one in still_there(meeting).filter(invited_at__isnull=False):
        shown = [paper.since(told.get(one.pk, "")) for paper in posted if _may_see(one, paper.document)]
        new = [paper for paper in shown if paper.moments]
        if new and one.address:
            found.append((one, new))
    return found


def _posted(meeting: Meeting) -> list[Posted]:
    papers = meeting.documents.select_related("meeting", "item__parent").order_by("pk")
    return [Posted(paper, _moments(paper)) for paper in papers]


def _moments(document: Document) -> dict[str, str]:
    posted = {code: getattr(document, f"posted_{code}") for code in CODES}
    return {code: f"{moment:%Y-%m-%dT%H:%M:%S.%f}" for code, moment in posted.items() if moment}


def _last_told(meeting: Meeting) -> dict[int, str]:
    notices = Notice.objects.filter(participant__meeting=meeting, kind=Notice.Kind.PAPERS)
    found: dict[int, str] = {}
    for participant, about in notices.values_list("participant", "about"):
        found[participant] = max(about, found.get(participant, ""))
    return found


def _may_see(participant: Participant, document: Document) -> bool:
    """What ``Document.objects.visible_to`` says of her account, without a query for each person.

    Who has no account opens what everybody may open. The caller has asked ``still_there``.
    """
    user = participant.user
    if user is None or not user.is_active:
        return document.shown_to == Audience.PUBLIC
    if participant.capacity == Participant.Capacity.GUEST:
        return document.audience_inside == Audience.PUBLIC
    return document.audience_inside != Audience.SECRETARIAT


def _tell(participant: Participant, new: list[Posted]) -> int:
    return tell_participant(
        participant,
        Notice.Kind.PAPERS,
        about=max(paper.newest for paper in new),
        texts=lambda language: {
            "papers": [paper.as_line(language) for paper in new],
            "page": settings.SITE_URL + participant.meeting.get_absolute_url(),
        },
    )
