"""What meetings add to the shared pages."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from apps.accounts.roles import Role
from apps.core.languages import CODES, name_of
from apps.core.models import HeldFile
from apps.core.site import Task
from apps.meetings import desk, zone_changes
from apps.meetings.models import Action, AgendaProposal, Decision, Document, Meeting
from apps.meetings.reminders import with_people_to_invite
from apps.meetings.tidings import with_untold_change


def next_meeting(request):
    """The next meeting that this reader may see; a cancelled one is no next meeting."""
    user = request.user if request.user.is_authenticated else AnonymousUser()
    shown = Meeting.objects.visible_to(user).exclude(status__in=[Meeting.Status.CANCELLED, Meeting.Status.DRAFT])
    return {"meeting": shown.upcoming(timezone.now()).first()}


def replies_owed(request):
    """Meetings that wait for this person's reply."""
    owed = desk.replies_owed(request.user)
    return {"meetings": owed} if owed else None


def _changelist(query: str) -> str:
    return f"{reverse('admin:meetings_meeting_changelist')}?{query}"


def _held_papers():
    waiting = HeldFile.objects.filter(found_bad_at=None).count()
    if waiting:
        text = ngettext(
            "%(count)d file waits for the virus scanner.", "%(count)d files wait for the virus scanner.", waiting
        )
        yield Task(text % {"count": waiting}, _changelist(""))
    bad = HeldFile.objects.exclude(found_bad_at=None).count()
    if bad:
        text = ngettext(
            "The virus scanner has found %(count)d file to be bad; it is deleted. Replace it.",
            "The virus scanner has found %(count)d files to be bad; they are deleted. Replace them.",
            bad,
        )
        yield Task(text % {"count": bad}, _changelist(""), is_urgent=True)


def _proposals(user):
    waiting = AgendaProposal.objects.visible_to(user).waiting().count() if user.has_role(Role.SECRETARIAT) else 0
    if waiting:
        text = ngettext(
            "%(count)d proposal for an agenda waits for an answer.",
            "%(count)d proposals for agendas wait for an answer.",
            waiting,
        )
        address = f"{reverse('admin:meetings_agendaproposal_changelist')}?state__exact=proposed"
        yield Task(text % {"count": waiting}, address)


def _outcomes(user):
    """Silence procedures that are over, and actions of which the secretariat has to know."""
    if not user.has_role(Role.SECRETARIAT):
        return
    over = Decision.objects.filter(state=Decision.State.OPEN, silence_until__lte=timezone.now()).count()
    if over:
        text = ngettext(
            "%(count)d silence procedure is over: close it.", "%(count)d silence procedures are over: close them.", over
        )
        address = f"{reverse('admin:meetings_decision_changelist')}?state__exact=open"
        yield Task(text % {"count": over}, address, is_urgent=True)
    overdue = Action.objects.visible_to(user).overdue().count()
    if overdue:
        text = ngettext("%(count)d action is overdue.", "%(count)d actions are overdue.", overdue)
        yield Task(text % {"count": overdue}, f"{reverse('meetings:actions')}?state=overdue", is_urgent=True)


def _people_to_tell():
    if changed := with_untold_change():
        text = ngettext(
            "%(count)d meeting has changed, and its participants do not know.",
            "%(count)d meetings have changed, and their participants do not know.",
            changed,
        )
        yield Task(text % {"count": changed}, _changelist("when=coming"), is_urgent=True)
    if soon := with_people_to_invite().count():
        text = ngettext(
            "%(count)d meeting begins soon, and not everybody is invited.",
            "%(count)d meetings begin soon, and not everybody is invited.",
            soon,
        )
        yield Task(text % {"count": soon}, _changelist("when=coming"))


def _overdue_papers(user):
    for code in CODES:
        if late := Document.objects.visible_to(user).overdue_in(code).count():
            text = ngettext(
                "%(count)d paper is overdue in %(language)s.", "%(count)d papers are overdue in %(language)s.", late
            )
            texts = {"count": late, "language": name_of(code)}
            yield Task(text % texts, _changelist(f"overdue={code}"), is_urgent=True)


def _new_zone_rules():
    """Meetings whose hour does not exist any more, or is another one elsewhere: a State has changed its clocks."""
    now = timezone.now()
    if lost := zone_changes.without_wall_time(now):
        text = ngettext(
            "The hour of %(count)d meeting does not exist any more: the rules of its time zone have changed.",
            "The hours of %(count)d meetings do not exist any more: the rules of their time zones have changed.",
            len(lost),
        )
        yield Task(text % {"count": len(lost)}, _one_or_coming(lost), is_urgent=True)
    if moved := list(zone_changes.to_look_at(now)):
        text = ngettext(
            "The rules of the time zone of %(count)d meeting have changed: is its hour still right?",
            "The rules of the time zones of %(count)d meetings have changed: are their hours still right?",
            len(moved),
        )
        yield Task(text % {"count": len(moved)}, _one_or_coming(moved))


def _one_or_coming(meetings: list[Meeting]) -> str:
    if len(meetings) == 1:
        return reverse("admin:meetings_meeting_change", args=[meetings[0].pk])
    return _changelist("when=coming")


def tasks(user):
    if not user.has_role(Role.SECRETARIAT, Role.TRANSLATOR):
        return
    if user.has_role(Role.SECRETARIAT):
        yield from _people_to_tell()
    yield from _held_papers()
    meetings = Meeting.objects.visible_to(user)
    over = meetings.filter(status=Meeting.Status.PUBLISHED, ends_at__lt=timezone.now()).count()
    if over:
        text = ngettext("%(count)d meeting is over: was it held?", "%(count)d meetings are over: were they held?", over)
        yield Task(text % {"count": over}, _changelist("status__exact=published"), is_urgent=True)
    drafts = meetings.filter(status=Meeting.Status.DRAFT).count()
    if drafts:
        text = ngettext("%(count)d meeting is in preparation.", "%(count)d meetings are in preparation.", drafts)
        yield Task(text % {"count": drafts}, _changelist("status__exact=draft"))
    yield from _new_zone_rules()
    yield from _proposals(user)
    yield from _outcomes(user)
    yield from _overdue_papers(user)
    lacking = Q()
    for code in CODES:
        lacking |= Q(**{f"documents__file_{code}__isnull": True}) | Q(**{f"documents__file_{code}": ""})
    coming = meetings.filter(lacking, documents__isnull=False, ends_at__gte=timezone.now()).distinct().count()
    if coming:
        text = ngettext(
            "%(count)d coming meeting has papers in one language only.",
            "%(count)d coming meetings have papers in one language only.",
            coming,
        )
        yield Task(text % {"count": coming}, _changelist("when=coming"))
