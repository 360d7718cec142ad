"""Every address as every role, against the table in docs/permissions.md. A new address without a row fails."""

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django.utils.translation import get_language

from apps.accounts.roles import Role
from apps.core.models import AuditEntry
from apps.core.records import save_record
from apps.meetings.calendar import secret_address
from apps.meetings.models import Audience, Need
from apps.news.outward import card_address
from apps.news.previews import share_preview
from tests.factories import (
    client_for,
    make_contact,
    make_document,
    make_group,
    make_invitation,
    make_item,
    make_mail,
    make_meeting,
    make_member,
    make_membership,
    make_organisation,
    make_participant,
    make_person,
    make_picture,
    make_published,
    make_user,
    token_of,
)

ROLES = (
    "stranger",
    "member",
    "other_member",
    "former_member",
    "observer",
    "translator",
    "editor",
    "secretariat",
    "auditor",
)
STAFF = {"translator", "editor", "secretariat", "auditor"}
# Whether a page about accounts is for somebody who has logged in, or sends her on.
LOGIN, FORBIDDEN, GONE, OK, MOVED = "login", 403, 404, 200, 302


def everybody(status=OK) -> dict:
    return dict.fromkeys(ROLES, status)


def inside(*roles: str) -> dict:
    """These get the page; for everyone else it does not exist."""
    return {role: OK if role in roles else GONE for role in ROLES}


def back_office(*roles: str) -> dict:
    """These get the page; other staff and people who have logged in are refused, strangers are led to the login."""
    return {role: LOGIN if role == "stranger" else OK if role in roles else FORBIDDEN for role in ROLES}


def logged_in(status=OK) -> dict:
    return {role: LOGIN if role == "stranger" else status for role in ROLES}


def for_strangers(status=MOVED) -> dict:
    return {role: OK if role == "stranger" else status for role in ROLES}


SEATED = ("member", "other_member", "former_member", "observer")
MEMBERS = ("member", "observer", "translator", "editor", "secretariat", "auditor")

# Address → what each role gets. Where an address is about one record, ``records`` below makes it: here one for members.
ROWS = {
    "root": everybody(MOVED),
    "healthz": everybody(),
    "home": everybody(),
    "privacy": everybody(),
    "robots": everybody(),
    "sitemap_index": everybody(),
    "sitemap": everybody(),
    "card": everybody(),
    "news:archive": everybody(),
    "admin:news_article_import": back_office("translator", "editor", "secretariat"),
    "admin:news_article_import_run": {**back_office(), **dict.fromkeys(("translator", "editor", "secretariat"), GONE)},
    "news:category_feed": everybody(),
    "picture": everybody(),
    "shared_picture": everybody(),
    "news:list": everybody(),
    "news:feed": everybody(),
    "news:detail": everybody(),
    "news:parity": everybody(),
    "news:preview": {**inside("translator", "editor", "secretariat", "auditor"), "stranger": LOGIN},
    "news:shared": everybody(),
    "meetings:list": everybody(),
    "meetings:detail": inside(*MEMBERS),
    "meetings:invite": inside(*MEMBERS),
    "meetings:document": inside(*MEMBERS),
    "meetings:public_feed": everybody(),
    "meetings:own_feed": everybody(),
    "meetings:own_calendar": logged_in(),
    "meetings:reply": {**logged_in(GONE), "member": OK},
    "meetings:reply_by_link": everybody(),
    "admin:meetings_need_report": back_office("secretariat"),
    "stakeholders:group": everybody(),
    "stakeholders:sharing": {**logged_in(GONE), **dict.fromkeys(SEATED, OK)},
    "stakeholders:welcome_sharing": {**logged_in(GONE), **dict.fromkeys(SEATED, OK)},
    "accounts:welcome": logged_in(MOVED),
    "accounts:welcome_profile": logged_in(),
    "accounts:welcome_security": logged_in(),
    "accounts:profile": logged_in(),
    "accounts:devices": logged_in(),
    "accounts:data": logged_in(),
    "accounts:invitation": everybody(),
    "mfa_login_webauthn": {**logged_in(MOVED), "stranger": LOGIN},
    "mfa_authenticate": {**logged_in(MOVED), "stranger": LOGIN},
    "mfa_reauthenticate": logged_in(MOVED),
    "mfa_reauthenticate_webauthn": logged_in(MOVED),
    "mfa_index": logged_in(),
    "mfa_list_webauthn": logged_in(),
    "mfa_add_webauthn": logged_in(),
    "mfa_remove_webauthn": logged_in(GONE),
    "mfa_activate_totp": logged_in(),
    "mfa_deactivate_totp": logged_in(GONE),
    "mfa_view_recovery_codes": logged_in(GONE),
    "mfa_generate_recovery_codes": logged_in(),
    "mfa_download_recovery_codes": logged_in(GONE),
    "account_login": for_strangers(),
    "account_logout": {**logged_in(), "stranger": MOVED},
    "account_signup": for_strangers(),
    "account_inactive": everybody(),
    "account_reauthenticate": logged_in(),
    "account_change_password": logged_in(),
    "account_set_password": logged_in(MOVED),
    "account_reset_password": everybody(),
    "account_reset_password_done": everybody(),
    "account_reset_password_from_key": everybody(),
    "account_reset_password_from_key_done": everybody(),
    "admin:index": back_office(*STAFF),
    "admin:login": {**everybody(FORBIDDEN), "stranger": LOGIN, **dict.fromkeys(STAFF, MOVED)},
    "admin:logout": {**everybody(MOVED), "stranger": LOGIN, **dict.fromkeys(STAFF, 405)},
    "admin:password_change": back_office(*STAFF),
    "admin:password_change_done": back_office(*STAFF),
    "admin:jsi18n": back_office(*STAFF),
    "admin:autocomplete": back_office("secretariat", "editor", "translator", "auditor"),
    "admin:view_on_site": back_office(*STAFF),
    "admin:accounts_invitation_many": back_office("secretariat"),
    "admin:core_auditentry_export": {**back_office(), "auditor": 405},  # by POST
    "admin:app_list": back_office(*STAFF),
    "admin:news_article_version": back_office("secretariat", "editor", "translator", "auditor"),
    "admin:news_article_revoke": {**back_office(), **dict.fromkeys(STAFF, 405)},  # by POST
}

# Model → who may view, add, change and delete it in the back office (migrations 0002_roles).
ALL = ("translator", "editor", "secretariat", "auditor")
MODELS = {
    "accounts_user": (("secretariat", "auditor"), (), ("secretariat",), ()),
    "accounts_invitation": (("secretariat", "auditor"), ("secretariat",), ("secretariat",), ()),
    "core_auditentry": (("auditor",), (), (), ()),
    "core_outgoingmail": (("secretariat", "auditor"), (), (), ()),
    "stakeholders_country": (ALL, (), ("secretariat", "translator"), ()),
    "stakeholders_constituency": (ALL, (), ("secretariat", "translator"), ()),
    "stakeholders_objective": (ALL, (), ("secretariat", "translator"), ()),
    "stakeholders_principle": (ALL, (), ("secretariat", "translator"), ()),
    "stakeholders_term": (
        ALL,
        ("secretariat", "editor", "translator"),
        ("secretariat", "editor", "translator"),
        ("secretariat",),
    ),
    "stakeholders_organisation": (("secretariat", "auditor"), ("secretariat",), ("secretariat",), ("secretariat",)),
    "stakeholders_person": (("secretariat", "auditor"), ("secretariat",), ("secretariat",), ("secretariat",)),
    "stakeholders_advisorygroup": (
        ("secretariat", "auditor", "translator"),
        ("secretariat",),
        ("secretariat", "translator"),
        (),  # somebody sits in it
    ),
    "stakeholders_membership": (("secretariat", "auditor"), ("secretariat",), ("secretariat",), ("secretariat",)),
    "meetings_meeting": (ALL, ("secretariat",), ("secretariat", "translator"), ()),
    "meetings_participant": (("secretariat", "auditor"), ("secretariat",), ("secretariat",), ()),  # asked already
    "meetings_need": (("secretariat",), (), ("secretariat",), ()),
    "news_article": (ALL, ("secretariat", "editor"), ("secretariat", "editor", "translator"), ()),
    "news_picture": (
        ALL,
        ("secretariat", "editor", "translator"),
        ("secretariat", "editor"),
        ("secretariat", "editor"),
    ),
    "news_presscontact": (
        ALL,
        ("secretariat", "editor"),
        ("secretariat", "editor", "translator"),
        ("secretariat",),
    ),
}
# Model → a step that its record in the test offers, and who may take it.
STEPS = {
    "accounts_user": ("end-sessions", ("secretariat",)),
    "accounts_invitation": ("revoke", ("secretariat",)),
    "stakeholders_person": ("invite", ("secretariat",)),
    "meetings_meeting": ("withdraw", ("secretariat",)),
    "meetings_participant": ("take-out", ("secretariat",)),
    "meetings_need": ("agree", ("secretariat",)),
    "news_article": ("withdraw", ("secretariat", "editor")),
}


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
        "stakeholders_advisorygroup": group,
        "stakeholders_membership": group.memberships.first(),
        "meetings_meeting": meeting,
        "meetings_participant": participant,
        "meetings_need": save_record(Need(participant=participant, kind="visa"), by=None),
        "news_article": article,
        "news_picture": article.picture,
        "news_presscontact": make_contact(),
        "core_auditentry": AuditEntry.objects.first(),
        "core_outgoingmail": make_mail(),
    }
    return clients, records, make_document(meeting, audience=Audience.MEMBERS)


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
        "meetings:detail": [meeting.pk, meeting.slug],
        "meetings:invite": [meeting.pk],
        "meetings:reply": [meeting.pk],
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
