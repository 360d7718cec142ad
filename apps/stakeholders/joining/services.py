"""Writing requests to be listed, and what becomes of them."""

from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.core import outbox, privacy
from apps.core.languages import CODES, isolated
from apps.core.records import save_record, set_links
from apps.stakeholders import matching
from apps.stakeholders.models import ConsentHow, JoinRequest, Organisation, Person, ShownTo
from apps.stakeholders.services import require_secretariat, save_person

State = JoinRequest.State
# What goes over into an organisation's record as it stands, and what it points to.
_VALUES = [*(f"name_{code}" for code in CODES), "acronym", "website", "email", "phone", "languages", "channels"]
_LINKS = ["other_constituencies", "countries", "objectives"]


def begin(email: str, language: str) -> JoinRequest:
    """Sends a link to this address: to its draft, to the request that waits, or to a new one."""
    email = email.strip().lower()
    open_ones = JoinRequest.objects.filter(email=email, state__in=[State.DRAFT, State.SENT])
    request = open_ones.order_by("-pk").first() or _new(email, language)
    context = {"link": request.link, "request": request}
    outbox.write(
        "stakeholders/joining/mails/link",
        to=email,
        language=request.language,
        context=context,
        is_secret=True,
        about=request,
    )
    return request


def _new(email: str, language: str) -> JoinRequest:
    try:
        with transaction.atomic():
            return save_record(JoinRequest(email=email, language=language), by=None)
    except IntegrityError:  # somebody was faster by a moment
        return JoinRequest.objects.get(email=email, state=State.DRAFT)


def missing(request: JoinRequest) -> list[tuple[str, str]]:
    """(part, sentence) of what has to be written before the request can be sent."""
    wanted = [
        ("organisation", request.name_ar or request.name_en, _("The name, in Arabic, in English or in both.")),
        ("organisation", request.constituency_id, _("The constituency.")),
        ("organisation", request.country_id, _("The country.")),
        ("contact", request.contact_name, _("The contact person.")),
        ("contact", request.shown_to, _("Who may see that you are listed.")),
    ]
    return [(part, sentence) for part, value, sentence in wanted if not value]


@transaction.atomic
def save_part(request: JoinRequest, links: dict) -> JoinRequest:
    """Keeps one part of a draft. Raises ValidationError once it was sent."""
    locked = JoinRequest.objects.select_for_update().get(pk=request.pk)
    if locked.state != State.DRAFT:
        raise ValidationError(_("This request was sent already. Withdraw it if you want to write it anew."))
    save_record(request, by=None)
    for name, chosen in links.items():
        set_links(request, name, chosen, by=None)
    return request


@transaction.atomic
def send(request: JoinRequest) -> JoinRequest:
    """Hands the request in. Sent twice it is sent once. Raises ValidationError while something is missing."""
    request = JoinRequest.objects.select_for_update().get(pk=request.pk)
    if request.state != State.DRAFT:
        return request
    if sentences := [sentence for _part, sentence in missing(request)]:
        raise ValidationError([_("Something is missing before you can send it:"), *sentences])
    request.state, request.sent_at = State.SENT, timezone.now()
    save_record(request, by=None)
    _tell(request, "received", is_secret=True)
    return request


@transaction.atomic
def withdraw(request: JoinRequest) -> JoinRequest:
    """Takes back a draft, or a request that nobody has answered yet; what it said is deleted at once."""
    request = JoinRequest.objects.select_for_update().get(pk=request.pk)
    if request.state not in (State.DRAFT, State.SENT):
        raise ValidationError(_("This request is answered already. Write to the secretariat to leave the directory."))
    request.state = State.WITHDRAWN
    _empty(request)
    return save_record(request, by=None)


def _empty(request: JoinRequest) -> None:
    """Keeps no word of what was said."""
    for code in CODES:
        setattr(request, f"name_{code}", None)
    for name in ("acronym", "about", "website", "contact_name", "contact_function", "phone"):
        setattr(request, name, "")
    request.constituency = request.country = None
    request.languages, request.channels = [], []
    for name in _LINKS:
        getattr(request, name).clear()


def alike(request: JoinRequest, user) -> list[tuple[Organisation, list[str]]]:
    """The organisations that may be the one that asks, with why."""
    return matching.alike(_organisation_of(request), user)


def _organisation_of(request: JoinRequest) -> Organisation:
    organisation = Organisation(constituency_id=request.constituency_id, country_id=request.country_id)
    for name in _VALUES:
        setattr(organisation, name, getattr(request, name))
    return organisation


def _locked(request: JoinRequest) -> JoinRequest:
    request = JoinRequest.objects.select_for_update().get(pk=request.pk)
    if request.state != State.SENT:
        raise ValidationError(_("This request is answered or withdrawn already."))
    return request


@transaction.atomic
def accept(request: JoinRequest, *, by, organisation: Organisation | None = None) -> JoinRequest:
    """Lists the organisation as it agreed, as a new record or in the one given, of which only empty fields are filled.

    The contact person becomes a person of the organisation whom nobody else sees, unless her address is known already.
    """
    require_secretariat(by)
    request = _locked(request)
    if organisation is None:
        organisation = _organisation_of(request)
    else:
        organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
        for name in _VALUES:
            if not getattr(organisation, name):
                setattr(organisation, name, getattr(request, name))
    _keep_what_it_said(organisation, request)
    save_record(organisation, by=by)
    for name in _LINKS:
        chosen = {one.pk: one for one in (*getattr(organisation, name).all(), *getattr(request, name).all())}
        set_links(organisation, name, chosen.values(), by=by)
    _keep_contact(organisation, request, by=by)
    request.state, request.decided_at, request.organisation = State.ACCEPTED, timezone.now(), organisation
    save_record(request, by=by)
    with override(request.language):
        directory = settings.SITE_URL + reverse("stakeholders:directory")
    _tell(request, "accepted", directory=directory)
    return request


def _keep_what_it_said(organisation: Organisation, request: JoinRequest) -> None:
    organisation.shown_to = request.shown_to
    if request.shown_to != ShownTo.NOBODY:
        organisation.consent_given_by = request.contact_name
        organisation.consent_given_on = timezone.localdate(request.sent_at)
        organisation.consent_how = ConsentHow.PORTAL
    organisation.is_active, organisation.inactive_since, organisation.inactive_why = True, None, ""
    if request.about and request.about not in organisation.notes:
        organisation.notes = f"{organisation.notes}\n{request.about}".strip()


def _keep_contact(organisation: Organisation, request: JoinRequest, *, by) -> None:
    if not request.contact_name or Person.objects.filter(email__iexact=request.email).exists():
        return
    person = Person(organisation=organisation, email=request.email, phone=request.phone)
    person.languages, person.channels = request.languages, request.channels
    setattr(person, f"name_{request.language}", request.contact_name)
    setattr(person, f"function_{request.language}", request.contact_function or None)
    for field in Person.SHARED:
        setattr(person, f"shown_{field}", ShownTo.NOBODY)
    save_person(person, by=by)


@transaction.atomic
def refuse(request: JoinRequest, *, by, reason: str) -> JoinRequest:
    """The organisation reads the reason, in the language in which it asked."""
    require_secretariat(by)
    request = _locked(request)
    request.state, request.decided_at, request.answer = State.REFUSED, timezone.now(), reason
    save_record(request, by=by)
    _tell(request, "refused")
    return request


def _tell(request: JoinRequest, kind: str, *, is_secret: bool = False, **context) -> None:
    with override(request.language):
        context = {"request": request, "organisation": str(request), **context}
    context |= {"name": isolated(request.contact_name), "called": isolated(context["organisation"])}
    context["link"] = request.link if is_secret else ""
    outbox.write(
        f"stakeholders/joining/mails/{kind}",
        to=request.email,
        language=request.language,
        context=context,
        is_secret=is_secret,
        about=request,
    )


# What is kept, and for how long


def _delete(rows) -> int:
    privacy.forget(rows)
    return rows.delete()[1].get(JoinRequest._meta.label, 0)


def sweep(now) -> int:
    """Drafts that nobody sent, and answers that everybody has read, go when their time is over."""
    drafts = JoinRequest.objects.filter(state=State.DRAFT, updated_at__lt=privacy.before(now, "join_draft"))
    closed = JoinRequest.objects.filter(state__in=[State.ACCEPTED, State.REFUSED, State.WITHDRAWN])
    return _delete(drafts) + _delete(closed.filter(updated_at__lt=privacy.before(now, "join")))


def of_addresses(emails: Iterable[str]) -> list[dict]:
    """What was asked for by whoever reads these mailboxes."""
    fields = ["email", "state", *(f"name_{code}" for code in CODES), "acronym", "about", "website", "contact_name"]
    fields += ["contact_function", "phone", "languages", "channels", "shown_to", "sent_at", "answer"]
    return list(_of(emails).values(*fields))


def erase_addresses(emails: Iterable[str]) -> None:
    """Takes out what was asked for by whoever reads these mailboxes; an organisation that was listed stays."""
    _delete(_of(emails))


def _of(emails: Iterable[str]):
    return JoinRequest.objects.filter(email__in=[email.lower() for email in emails if email])
