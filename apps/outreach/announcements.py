"""The steps of an announcement, and its sending: throttled, stopped at any moment, each once."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.core import outbox, privacy
from apps.core.languages import CODES, field_in, isolated, name_of, others
from apps.core.models import OutgoingMail
from apps.core.records import save_record
from apps.meetings.models import Document
from apps.outreach import audience
from apps.outreach.models import Announcement, Recipient
from apps.stakeholders.engagements import log_from
from apps.stakeholders.models import Engagement, Organisation, Person
from apps.stakeholders.services import require_secretariat

State = Announcement.State
_KIND = "outreach/mails/announcement"
_ARRIVED = (OutgoingMail.Status.SENT, OutgoingMail.Status.HELD, OutgoingMail.Status.DIGESTED)


def _locked(announcement: Announcement, by, *states: str) -> Announcement:
    require_secretariat(by)
    found = Announcement.objects.select_for_update(of=("self",)).get(pk=announcement.pk)
    if found.state not in states:
        raise ValidationError(_("This step is not possible any more; here is the record as it stands."))
    return found


def require_complete(announcement: Announcement) -> None:
    """Raises ValidationError unless subject and text stand in both languages."""
    for code in CODES:
        if not field_in(announcement, "title", code) or not field_in(announcement, "body", code):
            raise ValidationError(
                _("%(language)s: the subject or the text is missing.") % {"language": name_of(code)}, code="incomplete"
            )


# Before


def letter(announcement: Announcement, record, language: str) -> dict:
    """What the templates of the mail need for this person or organisation."""
    with override(language):
        return {
            "subject": field_in(announcement, "title", language),
            "body": field_in(announcement, "body", language),
            "name": isolated(field_in(record, "name", language) or str(record)),
            "papers": _papers(announcement, audience.account_of(record), language),
        }


def text_of(context: dict, language: str) -> str:
    """The text as it will be sent."""
    with override(language):
        return render_to_string(f"{_KIND}_message.txt", context).strip()


def _papers(announcement: Announcement, reader, language: str) -> list[dict]:
    """Links to those papers that the reader may see; without an account, what everybody may."""
    if not announcement.paper_keys:
        return []
    chosen = Document.objects.visible_to(reader or AnonymousUser()).filter(pk__in=announcement.paper_keys)
    with override(language):
        return [
            {
                "title": field_in(one, "title", language) or str(one),
                "link": settings.SITE_URL + reverse("meetings:document", args=[one.meeting_id, one.pk, has]),
            }
            for one in chosen.order_by("pk")
            for has in [next((code for code in (language, *others(language)) if field_in(one, "file", code)), "")]
            if has
        ]


@transaction.atomic
def send_test(announcement: Announcement, *, by) -> Announcement:
    """Both versions to whoever asks, as the first of each language would get it."""
    require_secretariat(by)
    require_complete(announcement)
    reached = audience.of(announcement.segment, by)
    for code in CODES:
        first = next((one.record for one in reached if one.language == code), by)
        outbox.write(_KIND, to=by.email, language=code, context=letter(announcement, first, code))
    return announcement


@transaction.atomic
def ask(announcement: Announcement, *, by) -> Announcement:
    """Sends it, or asks a second person when more would get it than one may send to alone."""
    announcement = _locked(announcement, by, State.DRAFT)
    require_complete(announcement)
    count = sum(not one.problem for one in audience.of(announcement.segment, by))
    if not count:
        raise ValidationError(_("Nobody of this segment can be reached by mail."), code="nobody")
    announcement.asked_by = by
    if count > settings.ANNOUNCEMENT_ALONE:
        announcement.state = State.ASKED
        return save_record(announcement, by=by)
    return _begin(announcement, by=by)


@transaction.atomic
def approve(announcement: Announcement, *, by) -> Announcement:
    announcement = _locked(announcement, by, State.ASKED)
    if by.pk in (announcement.asked_by_id, announcement.updated_by_id):
        raise ValidationError(_("A second person has to approve it."), code="second")
    announcement.approved_by = by
    return _begin(announcement, by=by)


@transaction.atomic
def send_back(announcement: Announcement, *, by) -> Announcement:
    announcement = _locked(announcement, by, State.ASKED)
    announcement.state, announcement.asked_by = State.DRAFT, None
    return save_record(announcement, by=by)


def _begin(announcement: Announcement, *, by) -> Announcement:
    """Fixes the list. Whom the sender may not know of is not on it."""
    Recipient.objects.bulk_create(
        Recipient(
            announcement=announcement,
            person=one.record if isinstance(one.record, Person) else None,
            organisation=one.record if isinstance(one.record, Organisation) else None,
            email=one.email,
            language=one.language,
        )
        for one in audience.of(announcement.segment, by)
        if not one.problem
    )
    announcement.state, announcement.began_at = State.SENDING, timezone.now()
    return save_record(announcement, by=by)


# While it is sent


@transaction.atomic
def stop(announcement: Announcement, *, by) -> Announcement:
    """Nothing leaves any more, not even what is in the outbox already."""
    announcement = _locked(announcement, by, State.SENDING)
    announcement.state = State.STOPPED
    return save_record(announcement, by=by)


@transaction.atomic
def resume(announcement: Announcement, *, by) -> Announcement:
    """Goes on with those who have not got it."""
    announcement = _locked(announcement, by, State.STOPPED)
    _note_outcomes(announcement.recipients)
    stopped = announcement.recipients.filter(outcome=OutgoingMail.Status.DROPPED)
    keys = [f"announcement {one.pk}" for one in stopped]
    OutgoingMail.objects.filter(key__in=keys).delete()
    stopped.update(mail=None, outcome="")
    announcement.state = State.SENDING
    return save_record(announcement, by=by)


def may_leave(announcement: Announcement, mail: OutgoingMail) -> bool:
    """Asked of each mail at the last moment."""
    return announcement.state in (State.SENDING, State.SENT)


def push(now: datetime) -> int:
    """Due each minute: writes as many mails as a minute may have, and ends what has come to its end."""
    running = Announcement.objects.filter(state=State.SENDING).order_by("pk")
    count = sum(_push(pk, now) for pk in list(running.values_list("pk", flat=True)))
    # As long as the mails are kept, some of them may come back.
    lately = Q(state=State.SENT, ended_at__gt=privacy.before(now, "mail")) | Q(state=State.STOPPED)
    _note_outcomes(Recipient.objects.filter(announcement__in=Announcement.objects.filter(lately).order_by()))
    return count


@transaction.atomic
def _push(pk: int, now: datetime) -> int:
    found = Announcement.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk, state=State.SENDING)
    announcement = found.first()
    if announcement is None:
        return 0
    minute_ago = now - timedelta(minutes=1)
    lately = announcement.recipients.filter(mail__created_at__gt=minute_ago).count()
    room = max(0, announcement.per_minute - lately)
    rows = (
        announcement.recipients.waiting()
        .filter(outcome="")
        .select_related("person__user__notice_settings", "organisation")
    )
    rows = rows.prefetch_related("person__user__groups")
    written = [_write(announcement, one) for one in rows[:room]]
    _note_outcomes(announcement.recipients)
    if not announcement.recipients.filter(outcome="").exists():
        _end(announcement, now)
    return len(written)


def _write(announcement: Announcement, one: Recipient) -> None:
    record = one.person or one.organisation
    one.mail = outbox.write(
        _KIND,
        to=one.email,
        language=one.language,
        context=letter(announcement, record, one.language),
        about=announcement,
        reader=audience.account_of(record),
        key=f"announcement {one.pk}",
    )
    one.save(update_fields=["mail"])


def _note_outcomes(recipients) -> None:
    """A return that comes later changes what was noted before."""
    changed = recipients.followed().exclude(status=F("outcome"))
    mail = OutgoingMail.objects.filter(pk=OuterRef("mail"))
    # A mail that is deleted in this moment leaves what was noted.
    outcome = Coalesce(Subquery(mail.values("status")), F("outcome"))
    recipients.filter(pk__in=changed.order_by().values("pk")).update(outcome=outcome)


def _end(announcement: Announcement, now: datetime) -> None:
    """The engagement log says whom it reached."""
    announcement.state, announcement.ended_at = State.SENT, now
    save_record(announcement, by=None)
    reached = announcement.recipients.filter(outcome__in=_ARRIVED)
    log_from(
        f"announcement:{announcement.pk}",
        by=None,
        kind=Engagement.Kind.LETTER,
        happened_on=timezone.localdate(announcement.began_at),
        subject=str(announcement),
        people=Person.objects.filter(pk__in=reached.exclude(person=None).values("person")),
        organisations=Organisation.objects.filter(pk__in=reached.exclude(organisation=None).values("organisation")),
        objectives=announcement.segment.objectives.all(),
    )


def result(announcement: Announcement) -> dict[str, int]:
    """How many are on the list, wait, were sent, came back, and got none."""
    rows = announcement.recipients.followed().order_by()
    counts = dict(rows.values_list("status").annotate(Count("pk")))
    total, arrived = sum(counts.values()), sum(counts.get(status, 0) for status in _ARRIVED)
    waits, bounced = counts.get("", 0), counts.get(OutgoingMail.Status.BOUNCED, 0)
    return {
        "total": total,
        "waits": waits,
        "sent": arrived,
        "bounced": bounced,
        "refused": total - arrived - waits - bounced,
        "done": total - waits,
    }
