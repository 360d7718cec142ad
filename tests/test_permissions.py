"""Every address as every role, against the table in docs/permissions.md. A new address without a row fails."""

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django.utils.translation import get_language

from apps.accounts.roles import Role
from apps.core.models import AuditEntry, MailAddress
from apps.core.records import save_record
from apps.meetings.calendar import secret_address
from apps.meetings.models import AgendaProposal, Audience, DocumentVersion, MinutesComment, Need
from apps.news.outward import card_address
from apps.news.previews import share_preview
from apps.opendata.sets import DATASETS
from apps.reviews.models import ReviewCycle
from apps.search.models import MissedSearch
from apps.stakeholders.merging import merge
from apps.stakeholders.models import Gap, Segment, StakeholderImport
from tests.factories import (
    client_for,
    make_action,
    make_contact,
    make_decision,
    make_document,
    make_engagement,
    make_group,
    make_invitation,
    make_item,
    make_join_request,
    make_mail,
    make_meeting,
    make_member,
    make_membership,
    make_minutes,
    make_organisation,
    make_participant,
    make_person,
    make_picture,
    make_published,
    make_seat_call,
    make_user,
    token_of,
)
from tests.outreach.made import make_announcement, make_subscription
from tests.permission_tables import FORBIDDEN, GONE, LOGIN, MODELS, MOVED, OK, ROLES, ROWS, STAFF, STEPS, back_office
from tests.reviews.made import make_call, make_pledge, make_practice, make_recommendation, make_section, make_submission

REVIEW_PAGES = ["submissions", "submissions_csv", "synthesis", "trace", "trace_csv", "trace_json", "trace_svg"]


def named_addresses() -> set[str]:
    names = set()

    def walk(patterns, namespace=""):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else namespace)
            elif isinstance(pattern, URLPattern) and pattern.name:
                names.add(namespace + pattern.name)

    walk(get_resolver().url_patterns)
    return names


def model_addresses() -> set[str]:
    actions = ("changelist", "add", "history", "delete", "change")
    steps = {f"admin:{model}_step" for model in STEPS}
    return {f"admin:{model}_{action}" for model in MODELS for action in actions} | steps


def test_every_address_has_its_row():
    assert named_addresses() == set(ROWS) | model_addresses()


@pytest.fixture
def world(db):
    """One record of each kind, and one client per role."""
    group = make_group()
    meeting = make_meeting(group, audience=Audience.MEMBERS)
    make_item(meeting)
    article = make_published(picture=make_picture())
    share_preview(article, by=None, days=7, note="Partner")
    observer, former = make_user(Role.OBSERVER), make_user(Role.MEMBER)
    make_membership(group, make_person(user=observer), position="observer")
    yesterday = timezone.localdate() - timezone.timedelta(days=1)
    make_membership(group, make_person(user=former), ends_on=yesterday)
    users = {
        "member": make_member(group),
        "other_member": make_member(make_group()),
        "former_member": former,
        "observer": observer,
        **{role: make_user(Role(role)) for role in STAFF},
    }
    participant = make_participant(meeting, users["member"].person)
    for of in Segment.Of:
        StakeholderImport.objects.create(of=of, name="a.csv", sent_by=users["secretariat"])
    clients = {"stranger": Client()}
    for role, user in users.items():
        clients[role] = client_for(user)
    records = {
        "accounts_user": users["member"],
        "accounts_invitation": make_invitation(),
        "stakeholders_country": make_organisation().country,
        "stakeholders_constituency": make_organisation().constituency,
        "stakeholders_organisation": make_organisation(),
        "stakeholders_person": make_person(),
        "stakeholders_engagement": make_engagement(with_file=True),
        "stakeholders_gap": save_record(Gap(constituency_id=1, country_id=1), by=None),
        "reviews_recommendation": make_recommendation(),
        "reviews_callforinput": (call := make_call({"kind": "text"})),
        "reviews_submission": make_submission(call, state="received", text="words"),
        "reviews_goodpractice": make_practice(state="proposed"),
        "reviews_pledge": make_pledge(),
        "reviews_synthesissection": make_section(state="shared"),
        "reviews_reviewcycle": ReviewCycle.objects.get(number=1),
        "stakeholders_seatcall": make_seat_call(group),
        "stakeholders_segment": save_record(Segment(name_en="Segment"), by=None),
        "stakeholders_joinrequest": make_join_request(sent=True),
        "stakeholders_advisorygroup": group,
        "stakeholders_membership": group.memberships.first(),
        "meetings_meeting": meeting,
        "meetings_participant": participant,
        "meetings_need": save_record(Need(participant=participant, kind="visa"), by=None),
        **record_of(meeting, users["member"]),
        "news_article": article,
        "news_picture": article.picture,
        "news_presscontact": make_contact(),
        "core_auditentry": AuditEntry.objects.first(),
        "core_outgoingmail": make_mail(),
        "outreach_announcement": make_announcement(),
        "search_missedsearch": MissedSearch.objects.create(words="نيزك", language="ar", day="2026-09-01"),
        "outreach_subscription": make_subscription(),
        "core_mailaddress": MailAddress.objects.create(email="gone@example.org"),
    }
    document = make_document(meeting, audience=Audience.MEMBERS)
    DocumentVersion.objects.create(document=document, language="en", number=1, file=document.file_en.name)
    return clients, records, document


def record_of(meeting, member) -> dict:
    """A proposal, minutes with a comment, a decision whose silence is over, and an action: all the member's."""
    meeting.items_until = meeting.starts_on
    save_record(meeting, by=None)
    minutes = make_minutes(meeting, state="circulated")
    comment = MinutesComment(entry=minutes.entries.first(), words="x")
    over = {"silence_until": timezone.now() - timezone.timedelta(hours=1)}
    return {
        "meetings_agendaproposal": save_record(
            AgendaProposal(meeting=meeting, language="en", subject="x", minutes=5), by=member
        ),
        "meetings_minutes": minutes,
        "meetings_minutescomment": save_record(comment, by=member),
        "meetings_decision": make_decision(meeting, state="open", **over),
        "meetings_action": make_action(meeting, member.person),
    }


def merge_addresses() -> dict[str, list[int]]:
    """Two people and two organisations to merge, and merges to undo."""
    found = {}
    for kind, make in (("person", make_person), ("organisation", make_organisation)):
        first, second, third = make(), make(), make()
        done = merge(first, third, by=None, choices={})
        found[f"admin:stakeholders_{kind}_merge"] = [first.pk, second.pk]
        found[f"admin:stakeholders_{kind}_undo"] = [first.pk, done.pk]
    return found


def import_addresses() -> dict[str, list[int]]:
    """The pages of the two tables that somebody of the secretariat has sent."""
    found = {}
    for kind, of in (("person", Segment.Of.PEOPLE), ("organisation", Segment.Of.ORGANISATIONS)):
        run = StakeholderImport.objects.filter(of=of).earliest("pk")
        for page in ("import_columns", "import_run", "import_problems"):
            found[f"admin:stakeholders_{kind}_{page}"] = [run.pk]
    return found


def address_of(name: str, records: dict, document) -> str:
    meeting, article = records["meetings_meeting"], records["news_article"]
    if name == "picture":
        return article.picture.fallback_address
    if name == "card":
        return card_address(article, "ar")
    arguments = {
        "news:preview": [article.pk, 1],
        "shared_picture": [article.preview_links.get().token, article.picture.pk, "400"],
        "sitemap": ["news"],
        "admin:news_article_import_run": [1],
        "news:category_feed": ["news"],
        "news:shared": [article.preview_links.get().token],
        "admin:news_article_version": [article.pk, 1],
        "admin:news_article_revoke": [article.pk, article.preview_links.get().pk],
        "news:detail": [article.pk, article.slug_in(get_language())],
        "admin:stakeholders_person_data": [records["stakeholders_person"].pk],
        "admin:stakeholders_engagement_file": [
            records["stakeholders_engagement"].pk,
            records["stakeholders_engagement"].files.get().pk,
        ],
        **merge_addresses(),
        **import_addresses(),
        "handbook_page": ["members"],
        "handbook_picture": ["ar-member-desk.webp"],
        **{f"opendata:figure_{form}": ["heard"] for form in ("csv", "svg", "png")},
        **{f"api:{one.name}_one": [999_999] for one in DATASETS},
        "reviews:cycle": [1],
        **{key: [records["reviews_callforinput"].pk] for key in ["input:call", "input:paper", "input:begin"]},
        "input:mine": [records["reviews_submission"].token],
        "input:part": [make_submission(records["reviews_callforinput"]).token, "matter"],
        "admin:reviews_submission_file": [records["reviews_submission"].answers.get().pk],
        **{f"reviews:{page}": [3] for page in REVIEW_PAGES},
        "reviews:submission": [3, make_submission(records["reviews_callforinput"], state="published").number],
        "reviews:practice": [records["reviews_goodpractice"].pk],
        "reviews:pledge": [records["reviews_pledge"].pk],
        "reviews:objective": [6],
        "reviews:country": ["jo"],
        "reviews:section": [3, records["reviews_synthesissection"].pk],
        "reviews:recommendations": [1],
        "reviews:recommendations_csv": [1],
        "reviews:recommendation": [1, records["reviews_recommendation"].number],
        "stakeholders:other_group": [records["stakeholders_advisorygroup"].pk],
        "stakeholders:history": [records["stakeholders_advisorygroup"].pk],
        "stakeholders:call": [records["stakeholders_seatcall"].pk],
        "stakeholders:end_interest": [1],
        "outreach:subscription": [records["outreach_subscription"].token],
        "outreach:off": [records["outreach_subscription"].token],
        "stakeholders:join_request": [make_join_request(name_en="Asked").token],
        "stakeholders:join_part": [make_join_request().token, "work"],
        "meetings:detail": [meeting.pk, meeting.slug],
        "meetings:invite": [meeting.pk],
        "meetings:reply": [meeting.pk],
        "meetings:attend": [meeting.pk],
        "meetings:agenda_versions": [meeting.pk],
        "meetings:propose": [meeting.pk],
        "meetings:decision": [records["meetings_decision"].pk],
        "meetings:action": [records["meetings_action"].pk],
        "meetings:document_version": [meeting.pk, document.pk, "en", 1],
        "meetings:minutes": [meeting.pk],
        "meetings:own_comment": [meeting.pk, records["meetings_minutescomment"].pk],
        "meetings:pack": [meeting.pk, "en", "zip"],
        "meetings:pack_file": [meeting.pk, "en", "zip"],
        "admin:meetings_meeting_agenda": [meeting.pk],
        "admin:meetings_meeting_attendance": [meeting.pk],
        "admin:meetings_meeting_openings": [meeting.pk],
        "meetings:own_feed": [secret_address(records["accounts_user"]).rsplit("/", 1)[-1].removesuffix(".ics")],
        "meetings:reply_by_link": [records["meetings_participant"].link.rstrip("/").rsplit("/", 1)[-1]],
        "meetings:document": [meeting.pk, document.pk, "en"],
        "account_reset_password_from_key": ["1", "set-password"],
        "accounts:invitation": [token_of(records["accounts_invitation"])],
        "mfa_remove_webauthn": [1],
        "admin:app_list": ["news"],
    }
    if name == "admin:view_on_site":
        from django.contrib.contenttypes.models import ContentType

        arguments[name] = [ContentType.objects.get_for_model(article).pk, article.pk]
    address = reverse(name, args=arguments.get(name, []))
    if name == "admin:autocomplete":
        address += "?app_label=news&model_name=article&field_name=meetings"
    return address


def outcome(client, response):
    """What became of a visit; the back office sends everybody whom it does not let in to its login first."""
    if response.streaming:
        list(response.streaming_content)  # to its end, which closes the file
    if response.status_code == 302 and "/admin/login/" in response["Location"]:
        response = client.get(response["Location"])
    if response.status_code == 302 and "/accounts/login/" in response["Location"]:
        return LOGIN
    return response.status_code


@pytest.mark.parametrize("language", ["ar", "en"])
def test_s18_every_address_as_every_role(world, language, settings):
    from django.utils.translation import override

    clients, records, document = world
    wrong = []
    with override(language):
        for name, row in ROWS.items():
            address = address_of(name, records, document)
            for role in ROLES:
                expected = row[role]
                found = outcome(clients[role], clients[role].get(address))
                follows = name == "admin:view_on_site" and expected == OK and found == MOVED
                if found != expected and not follows:
                    wrong.append((name, role, found, expected))
    assert not wrong, wrong


def test_s18_every_back_office_page_as_every_role(world):
    from apps.stakeholders.models import Objective, Principle, Term

    clients, records, _document = world
    records |= {
        "stakeholders_objective": Objective.objects.first(),
        "stakeholders_principle": Principle.objects.first(),
        "stakeholders_term": Term.objects.first(),
    }
    wrong = []
    for model, (viewers, adders, _changers, deleters) in MODELS.items():
        pk = records[model].pk
        pages = {
            "changelist": (viewers, []),
            "add": (adders, []),
            "change": (viewers, [pk]),
            "history": (viewers, [pk]),
            "delete": (deleters, [pk]),
        }
        if model in STEPS:
            step, takers = STEPS[model]
            pages["step"] = (takers, [pk, step])
        for action, (allowed, args) in pages.items():
            row = back_office(*allowed)
            for role in ROLES:
                found = outcome(clients[role], clients[role].get(reverse(f"admin:{model}_{action}", args=args)))
                # A record outside one's own rows reads like one that does not exist: gone, or back to the index.
                if found in (MOVED, GONE) and row[role] == FORBIDDEN:
                    found = FORBIDDEN
                if found != row[role]:
                    wrong.append((model, action, role, found, row[role]))
    assert not wrong, wrong


def test_s18_saving_in_the_back_office_is_for_those_who_may_change(world):
    from apps.stakeholders.models import Objective, Principle, Term

    clients, records, _document = world
    records |= {
        "stakeholders_objective": Objective.objects.first(),
        "stakeholders_principle": Principle.objects.first(),
        "stakeholders_term": Term.objects.first(),
    }
    wrong = []
    for model, (_viewers, _adders, changers, _deleters) in MODELS.items():
        row = back_office(*changers)
        for role in ROLES:
            address = reverse(f"admin:{model}_change", args=[records[model].pk])
            found = outcome(clients[role], clients[role].post(address, {}))
            found = OK if found == MOVED else found
            if found != row[role]:
                wrong.append((model, role, found, row[role]))
    assert not wrong, wrong
