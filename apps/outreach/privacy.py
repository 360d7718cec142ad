"""Subscriptions and places on lists of announcements belong to a mailbox; they go with the person."""

from apps.core import privacy
from apps.core.languages import CODES
from apps.outreach import newsletter
from apps.outreach.models import Recipient, Subscription
from apps.stakeholders.privacy import person_erasers, person_sources


def _subscriptions(email: str) -> list[dict]:
    rows = Subscription.objects.filter(email=email.lower()) if email else []
    fields = ("email", "language", "topics", "often", "confirmed_at", "created_at")
    return [{**{name: getattr(row, name) for name in fields}, **_chosen(row)} for row in rows]


def _chosen(row: Subscription) -> dict[str, list]:
    """The countries and objectives of which its reader wants the news."""
    countries, objectives = row.countries.order_by("iso2"), row.objectives.order_by("number")
    return {
        "countries": list(countries.values_list("iso2", flat=True)),
        "objectives": list(objectives.values_list("number", flat=True)),
    }


def _announcements(email: str) -> list[dict]:
    rows = Recipient.objects.filter(email=email.lower()) if email else Recipient.objects.none()
    subjects = [f"announcement__title_{code}" for code in CODES]
    return list(rows.values(*subjects, "email", "language", "outcome"))


def _forget(email: str) -> None:
    if not email:
        return
    for row in Subscription.objects.filter(email=email.lower()):
        newsletter.unsubscribe(row)
    Recipient.objects.filter(email=email.lower()).delete()


def _erase(user, *, by) -> None:
    """What was sent to her mailbox; what she sent to others stays, from an account that has no name any more."""
    _forget(user.email)


def register() -> None:
    privacy.sources["subscriptions"] = lambda user: _subscriptions(user.email)
    privacy.sources["announcements"] = lambda user: _announcements(user.email)
    privacy.erasers.insert(0, _erase)  # before the account, by whose address it is found
    privacy.sweeps["subscriptions"] = newsletter.sweep
    person_sources["subscriptions"] = lambda person: _subscriptions(person.email)
    person_sources["announcements"] = lambda person: _announcements(person.email)
    person_erasers.append(lambda person, by: _forget(person.email))
