"""S20: what is confidential is seeded with marks, and looked for in each page, file, mail, feed, table and log line."""

import logging
from datetime import date

import pytest
from django.urls import reverse
from django.utils.translation import override

from apps.accounts.roles import Role
from apps.core.models import OutgoingMail
from apps.core.records import save_record
from apps.meetings.models import Audience, Need
from apps.stakeholders import services
from apps.stakeholders.importing import runs
from apps.stakeholders.models import Interest, Segment
from tests.factories import (
    make_article,
    make_document,
    make_engagement,
    make_item,
    make_join_request,
    make_meeting,
    make_member,
    make_membership,
    make_organisation,
    make_participant,
    make_person,
    make_seat_call,
    make_user,
)
from tests.outreach.made import make_subscription
from tests.permission_tables import MODELS, ROLES, ROWS
from tests.reviews.made import make_submission
from tests.test_permissions import address_of, world

__all__ = ["world"]  # the fixture

KEEPERS = {"secretariat", "auditor"}
STAFF = {"translator", "editor", *KEEPERS}
# Mark → who may meet it.
ALLOWED = {
    "CanaryProtected": set(),
    "CanaryHidden": KEEPERS,
    "CanaryNotes": KEEPERS,
    "CanaryUnlisted": KEEPERS,
    "CanarySaid": KEEPERS,
    "CanaryGap": KEEPERS,
    "CanaryAsked": KEEPERS,
    "CanaryInterest": {"member", "observer", *KEEPERS},
    "CanaryNeed": {"secretariat"},
    "CanaryDraft": STAFF,
    "CanaryPaper": KEEPERS,
    "CanaryItem": KEEPERS,
    "CanaryMeeting": STAFF,
    "CanaryCall": {"translator", *KEEPERS},
    "CanaryTable": set(),
    "CanaryTold": KEEPERS,
    "canaryreader": set(),
    "CanaryAuthor": {"secretariat"},
    "CanaryConfidential": {"secretariat"},
    "CanaryWithheld": {"secretariat"},
}
TABLES = ("organisation", "person", "engagement")


@pytest.fixture
def seeded(world):
    clients, records, document = world
    group, meeting = records["stakeholders_advisorygroup"], records["meetings_meeting"]
    guardian = make_user(Role.SECRETARIAT)
    hidden_levels = dict.fromkeys(("shown_name", "shown_function", "shown_organisation", "shown_country"), "nobody")
    unlisted = make_organisation(name_en="CanaryUnlisted", name_ar="CanaryUnlisted", notes="CanaryNotes")
    hidden = make_person(
        is_public=False, name_en="CanaryHidden", name_ar="CanaryHidden", email="CanaryHidden@example.org",
        notes="CanaryNotes", organisation=unlisted, **hidden_levels,
    )  # fmt: skip
    protected = make_person(
        name_en="CanaryProtected", name_ar="CanaryProtected", email="CanaryProtected@example.org",
        function_en="CanaryProtected", notes="CanaryProtected", phone="+961 1 000000",
    )  # fmt: skip
    for person in (hidden, protected):
        make_membership(group, person)
        make_participant(meeting, person)
    services.protect(protected, by=guardian, guardians=[guardian], reason="CanaryProtected")
    engagement = make_engagement(subject="CanarySaid", said="CanarySaid", happened_on=date(2026, 1, 1))
    engagement.people.set([hidden, protected])
    engagement.organisations.set([unlisted])
    gap = records["stakeholders_gap"]
    gap.note = "CanaryGap"
    save_record(gap, by=None)
    asked = make_join_request(sent=True, name_en="CanaryAsked", about="CanaryAsked", contact_name="CanaryAsked")
    fellow = make_member(group)
    seat = fellow.person.memberships.get()
    services.declare_interest(Interest(membership=seat, says="CanaryInterest"), by=fellow)
    participant = make_participant(meeting, fellow.person)
    need = save_record(Need(participant=participant, kind="visa", note="CanaryNeed"), by=None)
    make_article(title_en="CanaryDraft", title_ar="CanaryDraft")
    make_document(meeting, audience=Audience.SECRETARIAT, title_en="CanaryPaper", title_ar="CanaryPaper")
    make_item(meeting, audience=Audience.SECRETARIAT, title_en="CanaryItem", title_ar="CanaryItem")
    make_meeting(group, title_en="CanaryMeeting", title_ar="CanaryMeeting", status="draft")
    make_seat_call(group, is_published=False, title_en="CanaryCall", title_ar="CanaryCall")
    call, who = records["reviews_callforinput"], {"person_name": "CanaryAuthor", "organisation_name": "CanaryAuthor"}
    who["email"] = "CanaryAuthor@example.org"
    make_submission(call, state="noted", attribution="confidential", headline="CanaryConfidential", **who)
    nameless = make_submission(call, state="published", text="CanaryWithheld", **who)
    nameless.answers.update(is_withheld=True)
    make_subscription(email="canaryreader@example.org")
    told = records["outreach_announcement"]
    told.title_ar = told.title_en = "CanaryTold"
    save_record(told, by=None)
    runs.keep_file(Segment.Of.PEOPLE, "table.csv", b"name_en\nCanaryTable\n", by=guardian)
    own = {"organisation": unlisted, "person": hidden, "engagement": engagement, "gap": gap, "joinrequest": asked}
    pages = [(f"stakeholders_{kind}", record.pk) for kind, record in {**own, "membership": seat}.items()]
    pages += [("reviews_submission", nameless.pk)]
    pages += [("stakeholders_person", protected.pk), ("meetings_need", need.pk), ("meetings_meeting", meeting.pk)]
    return clients, records, document, pages


def everything(response) -> str:
    """The answer's head and body, to the end of what is streamed."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return f"{dict(response.headers)} {body.decode('utf-8', 'replace')}"


def met(text: str, role: str) -> list[str]:
    return [mark for mark, allowed in ALLOWED.items() if role not in allowed and mark.casefold() in text.casefold()]


def addresses(records: dict, document) -> list[str]:
    """Every address, and the back office's pages of each kind of record, its list searched for a mark as well."""
    found = [address_of(name, records, document) for name in ROWS if not name.endswith("logout")]
    for model in MODELS:
        found.append(reverse(f"admin:{model}_changelist"))
        found += [reverse(f"admin:{model}_{page}", args=[records[model].pk]) for page in ("change", "history")]
    return found


@pytest.mark.parametrize("language", ["ar", "en"])
def test_s20_nothing_confidential_is_met_by_who_may_not(seeded, language, caplog):
    clients, records, document, seeds = seeded
    from apps.stakeholders.models import Objective, Principle, Term

    records |= {
        "stakeholders_objective": Objective.objects.first(),
        "stakeholders_principle": Principle.objects.first(),
        "stakeholders_term": Term.objects.first(),
    }
    leaks, seen = [], set()
    with override(language), caplog.at_level(logging.DEBUG):
        pages = addresses(records, document)
        for model, pk in seeds:
            pages += [reverse(f"admin:{model}_{page}", args=[pk]) for page in ("change", "history")]
            pages.append(reverse(f"admin:{model}_changelist") + "?q=Canary")
        for role in ROLES:
            for address in pages:
                text = everything(clients[role].get(address))
                leaks += [(mark, role, address) for mark in met(text, role)]
                seen |= {(mark, role) for mark in ALLOWED if mark in text}
            for kind in TABLES:
                address = reverse(f"admin:stakeholders_{kind}_changelist")
                chosen = {"action": "download", "select_across": "1", "_selected_action": [1], "index": 0}
                text = everything(clients[role].post(address, chosen))
                leaks += [(mark, role, f"{address} (table)") for mark in met(text, role)]
    assert leaks == []
    # The marks are where they belong, so that not to meet them means something.
    for mark in filter(ALLOWED.get, ALLOWED):
        assert any((mark, role) in seen for role in ALLOWED[mark]), mark
    for record in caplog.records:
        assert "canary" not in record.getMessage().casefold(), record
    for mail in OutgoingMail.objects.exclude(to__icontains="canary"):
        assert "canary" not in f"{mail.subject} {mail.text} {mail.calendar}".casefold() or mail.kind == "received"
