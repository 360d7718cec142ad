"""Writing people, organisations, groups and memberships, and the way from a person to her account."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.invitations import invite
from apps.accounts.models import Invitation, User
from apps.accounts.roles import Role
from apps.core.languages import CODES
from apps.core.records import save_record, set_links
from apps.stakeholders.forgetting import check_imports_anew, forget_words
from apps.stakeholders.models import (
    AdvisoryGroup,
    Affiliation,
    Consent,
    Interest,
    Membership,
    Organisation,
    Person,
    ShownTo,
)


def require_secretariat(by) -> None:
    """Raises PermissionDenied for a user without the role; None is the portal itself."""
    if by is not None and not by.has_role(Role.SECRETARIAT):
        raise PermissionDenied


# People


@transaction.atomic
def save_person(person: Person, *, by, also_changed: dict | None = None) -> Person:
    """Saves a person, keeps the consent given field by field, and the affiliation that a changed organisation ends.

    Raises ValidationError as the model does, and for a consent of a day that has not come.
    """
    person.clean()
    before = Person.objects.filter(pk=person.pk).first() if person.pk else None
    save_record(person, by=by, also_changed=also_changed)
    _keep_consents(person, before, by=by)
    _keep_affiliation(person, before, by=by)
    return person


def _keep_consents(person: Person, before: Person | None, *, by) -> None:
    """A row for each field that is shown to others than before.

    A new person's default levels need no consent, and neither does that nobody sees her.
    """
    hidden = dict.fromkeys([f"shown_{field}" for field in Person.SHARED], ShownTo.NOBODY)
    is_hidden = before is None and all(getattr(person, name) == level for name, level in hidden.items())
    before = before or Person(**(hidden if is_hidden else {}))
    for field in Person.SHARED:
        level = getattr(person, f"shown_{field}")
        if level != getattr(before, f"shown_{field}"):
            Consent.objects.create(
                person=person,
                field=field,
                shown_to=level,
                given_by=person.consent_given_by,
                given_on=person.consent_given_on,
                how=person.consent_how,
                recorded_by=by,
            )


def _keep_affiliation(person: Person, before: Person | None, *, by) -> None:
    today = timezone.localdate()
    left = before.organisation_id if before else None
    if left and left != person.organisation_id:
        for affiliation in person.affiliations.filter(organisation=left, ends_on=None):
            affiliation.ends_on = max(today, affiliation.starts_on or today)
            save_record(affiliation, by=by)
    if (
        person.organisation_id is None
        or person.affiliations.filter(organisation=person.organisation_id, ends_on=None).exists()
    ):
        return
    affiliation = Affiliation(person=person, organisation=person.organisation, starts_on=today if before else None)
    for code in CODES:
        setattr(affiliation, f"function_{code}", getattr(person, f"function_{code}"))
    save_record(affiliation, by=by)


@transaction.atomic
def protect(person: Person, *, by, guardians: list[User], reason: str) -> Person:
    """Hides a person, and the records merged into hers, from everybody but the named officers; also from the
    secretariat's others and the auditor.

    What the audit trail, the back office's history and checked tables said of her in words is forgotten: others read
    them. Raises ValidationError when nobody is named, or somebody who does not keep people.
    """
    require_secretariat(by)
    if not guardians or not all(user.is_active and user.has_role(Role.SECRETARIAT) for user in guardians):
        raise ValidationError(_("Name at least one officer of the secretariat."), code="guardians")
    forget_words(person.all_records())
    check_imports_anew(person.all_records())
    _mark(person, is_at_risk=True, by=by, guardians=guardians, reason=reason)
    return person


@transaction.atomic
def end_protection(person: Person, *, by, reason: str) -> Person:
    """The person is seen again as her consents say."""
    require_secretariat(by)
    _mark(person, is_at_risk=False, by=by, guardians=[], reason=reason)
    return person


def _mark(person: Person, *, is_at_risk: bool, by, guardians: list[User], reason: str) -> None:
    for one in (person, *person.all_records().exclude(pk=person.pk)):
        one.is_at_risk = is_at_risk
        save_record(one, by=by, reason=reason)
        set_links(one, "guardians", guardians, by=by)


# People and organisations


@transaction.atomic
def deactivate(record: Person | Organisation, *, by, reason: str) -> Person | Organisation:
    """Takes a person or an organisation out of lists, choosers and the directory; what refers to it stays."""
    require_secretariat(by)
    record.is_active, record.inactive_since, record.inactive_why = False, timezone.localdate(), reason
    return save_record(record, by=by, reason=reason)


@transaction.atomic
def reactivate(record: Person | Organisation, *, by) -> Person | Organisation:
    require_secretariat(by)
    record.is_active, record.inactive_since, record.inactive_why = True, None, ""
    return save_record(record, by=by)


# Groups


@transaction.atomic
def save_membership(membership: Membership, *, by) -> Membership:
    """Seats somebody, or changes or ends a term. The group is locked meanwhile, so that two cannot take one seat.

    Raises ValidationError when the term overlaps another of the same person, a second chair, or a full table.
    """
    AdvisoryGroup.objects.select_for_update().get(pk=membership.group_id)
    membership.full_clean()
    return save_record(membership, by=by)


@transaction.atomic
def declare_interest(interest: Interest, *, by) -> Interest:
    """Keeps what somebody who sits in a group declares; for others only the secretariat declares.

    Empty words say that there is nothing to declare. Raises PermissionDenied, and ValidationError as the model does.
    """
    if by is not None and interest.membership.person.user_id != by.pk:
        require_secretariat(by)
    interest.full_clean()
    return save_record(interest, by=by)


@transaction.atomic
def end_interest(interest: Interest, *, by) -> Interest:
    """The interest is one no more; that it was one stays."""
    if by is not None and interest.membership.person.user_id != by.pk:
        require_secretariat(by)
    interest = Interest.objects.select_for_update().get(pk=interest.pk)
    if interest.ended_on is None:
        interest.ended_on = max(timezone.localdate(), interest.declared_on)
        save_record(interest, by=by)
    return interest


@transaction.atomic
def invite_person(person: Person, *, by, email: str, language: str, role: str) -> Invitation:
    """Sends this person a link; the account made with it is hers. Raises ValidationError as ``invite`` does."""
    invitation = Invitation(email=email, language=language, role=role)
    for code in CODES:
        setattr(invitation, f"display_name_{code}", getattr(person, f"name_{code}") or "")
    person.invitation = invite(invitation, by=by)
    save_record(person, by=by)
    return invitation


def give_account(invitation: Invitation, user: User) -> None:
    """The account made with a person's invitation is hers."""
    person = Person.objects.filter(invitation=invitation, user=None).first()
    if person:
        person.user = user
        save_record(person, by=user)
