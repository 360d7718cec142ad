"""What is kept about people: given to them, erased, deleted in time, and never in a log."""

import json
import logging
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from apps.accounts import privacy, services
from apps.accounts.models import Invitation, LoginSession, User
from apps.accounts.roles import Role
from apps.core import audit
from apps.core.logs import JsonFormatter
from apps.core.models import AuditDetail, AuditEntry, HeldFile, MailAddress, OutgoingMail
from apps.news.models import ArticleImport, PreviewLink
from apps.news.previews import share_preview
from apps.stakeholders.models import Membership, Person
from apps.stakeholders.services import invite_person
from tests.factories import (
    PASSWORD,
    client_for,
    make_article,
    make_group,
    make_invitation,
    make_mail,
    make_membership,
    make_person,
    make_user,
    token_of,
)

pytestmark = pytest.mark.django_db
CANARIES = ["canary@example.org", "قناري", "Canary", "Canary function", "قناري الصفة"]


def everything() -> str:
    """All rows of all tables, as text."""
    models = apps.get_models(include_auto_created=True)
    return "".join(serializers.serialize("json", model._base_manager.all(), ensure_ascii=False) for model in models)


def is_proven() -> bool:
    audit.seal(AuditEntry.objects.latest("pk"))
    return list(audit.problems()) == []


@pytest.fixture
def canary(secretary):
    """A person who has been everywhere: invited, linked, seated, logged in, mailed, corrected, refused."""
    person = make_person(name_ar="قناري", name_en="Canary", function_ar="قناري الصفة", function_en="Canary function")
    invitation = invite_person(person, by=secretary, email="canary@example.org", language="en", role="member")
    Client().post(
        reverse("accounts:invitation", args=[token_of(invitation)]), {"password": PASSWORD, "again": PASSWORD}
    )
    user = User.objects.get(email="canary@example.org")
    services.settle_in(user)
    make_membership(make_group(), Person.objects.get(pk=person.pk))
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    client = client_for(user)
    client.get("/en/admin/")
    client.post("/en/accounts/password/reset/", {"email": user.email})
    services.ask_factor_reset(user, by=secretary, reason="She called.")
    make_mail(to=user.email, subject="Canary")
    page = reverse("admin:accounts_user_change", args=[user.pk])
    sent = {"email": user.email, "display_name_en": "Canary 2", "display_name_ar": "قناري", "language": "en"}
    sent |= {"time_zone": "UTC", "is_active": "on", "opened_revision": User.objects.get(pk=user.pk).revision}
    sent |= {"groups": [group.pk for group in user.groups.all()]}
    assert client_for(secretary).post(page, sent).status_code == 302
    return User.objects.get(pk=user.pk)


def erase(user, by, email=None):
    privacy.erase(user, by=by, reason="She asked.", email=email or user.email)


def test_s67_nothing_of_an_erased_person_is_in_any_table(canary, secretary):
    assert all(word in everything() for word in CANARIES)

    erase(canary, secretary)

    left = everything()
    assert [word for word in CANARIES if word.lower() in left.lower()] == []


def test_s67_what_she_did_and_her_seat_stay_by_nobody(canary, secretary):
    deeds = AuditEntry.objects.filter(actor=canary).count()
    erase(canary, secretary)

    user = User.objects.get(pk=canary.pk)
    assert (user.email, user.is_active, user.has_usable_password()) == (f"{user.pk}@erased.invalid", False, False)
    assert deeds > 0
    assert AuditEntry.objects.filter(actor=canary).count() == deeds
    assert not AuditDetail.objects.filter(entry__actor=canary).exclude(address="").exists()
    assert Membership.objects.get().person.name_en == "A person whose data were erased"
    assert not LoginSession.objects.filter(user=canary).exists()
    entry = AuditEntry.objects.get(action="erased")
    assert (entry.actor, entry.object_id, entry.detail.reason) == (secretary, str(canary.pk), "She asked.")
    assert is_proven()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_s67_the_secretariat_erases_with_the_address_typed(canary, secretary, language):
    client = client_for(secretary)
    step = f"/{language}/admin/accounts/user/{canary.pk}/step/erase/"

    refused = client.post(step, {"reason": "She asked.", "email": "other@example.org"})
    assert refused.status_code == 400
    assert User.objects.get(pk=canary.pk).email == "canary@example.org"
    assert client.post(step, {"reason": "She asked.", "email": "Canary@example.org"}).status_code == 302

    left = everything()
    assert [word for word in CANARIES if word.lower() in left.lower()] == []
    client.get(f"/{language}/admin/accounts/user/{canary.pk}/change/")


def test_s67_nobody_erases_herself_or_those_above(secretary):
    auditor = make_user(Role.AUDITOR)
    for user in (secretary, auditor):
        with pytest.raises(ValidationError):
            erase(user, secretary)


# A copy


@pytest.mark.parametrize("language", ["ar", "en"])
def test_everybody_gets_all_that_is_kept_of_her_and_nobody_elses(canary, language):
    other = make_user(Role.MEMBER)
    make_mail(to=other.email, subject="Not hers")

    response = client_for(canary).post(f"/{language}/accounts/data/")
    kept = json.loads(response.content)

    assert response["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert response["Cache-Control"] == "private, no-store"
    assert set(kept) == {
        "mails", "mailbox", "notices", "deeds", "account", "sessions", "second_factors", "invitations", "person",
        "seats",
        "article_versions", "article_steps", "article_imports", "participations", "needs", "consents", "affiliations",
            "engagements", "interests", "recommendation_comments", "section_comments", "practice_comments",
        "contributions", "join_requests", "stakeholder_imports", "subscriptions", "announcements",
        "minutes_comments", "objections", "actions", "action_notes", "openings", "proposals",
    }  # fmt: skip
    assert kept["account"][0]["email"] == "canary@example.org"
    assert kept["person"][0]["name_ar"] == "قناري"
    assert [seat["position"] for seat in kept["seats"]] == ["member"]
    assert [factor["type"] for factor in kept["second_factors"]] == ["totp"]
    assert {"canary@example.org"} == {row["email"] for row in kept["invitations"]}
    assert "Not hers" not in response.content.decode()
    for secret in ("JBSWY3DPEHPK3PXP", "md5$", *LoginSession.objects.values_list("session_key", flat=True)):
        assert secret not in response.content.decode()
    assert AuditEntry.objects.latest("pk").action == "exported"


def test_looking_at_the_page_exports_nothing():
    user = make_user(Role.MEMBER)
    client_for(user).get("/en/accounts/data/")

    assert not AuditEntry.objects.filter(action="exported").exists()


# How long


def test_what_was_kept_long_enough_goes_and_the_rest_stays(settings, secretary, capsys):
    now = timezone.now()
    ago = {kind: now - timedelta(days=days, seconds=5) for kind, days in settings.RETENTION_DAYS.items()}
    old, young = make_mail(status="sent"), make_mail(status="sent")
    waiting = make_mail()
    OutgoingMail.objects.filter(pk__in=[old.pk, waiting.pk]).update(created_at=ago["mail"])
    ended, open_ = make_invitation(email="ended@example.org"), make_invitation()
    Invitation.objects.filter(pk=ended.pk).update(expires_at=ago["invitation"])
    client_for(secretary)
    LoginSession.objects.update(expire_date=now - timedelta(seconds=5))
    over, open_link = (share_preview(make_article(), by=None, days=1, note="Partner") for _number in range(2))
    PreviewLink.objects.filter(pk=over.pk).update(expires_at=ago["preview_link"])
    ArticleImport.objects.create(name="a.csv", rows=[], sent_by=secretary)
    ArticleImport.objects.update(sent_at=ago["import"])
    kept_import = ArticleImport.objects.create(name="b.csv", rows=[], sent_by=secretary)
    MailAddress.objects.create(email="quiet@example.org", last_bounce_at=ago["mail"])
    MailAddress.objects.create(email="stopped@example.org", last_bounce_at=ago["mail"], stopped_at=ago["mail"])
    HeldFile.objects.create(path="a.pdf", found_bad_at=ago["held_file"])
    Client().post("/en/accounts/login/", {"login": secretary.email, "password": "x"}, REMOTE_ADDR="192.0.2.1")

    call_command("apply_retention")

    assert set(OutgoingMail.objects.filter(kind="news")) == {young, waiting}
    assert list(Invitation.objects.all()) == [open_]
    assert "ended@example.org" not in str(list(AuditDetail.objects.values_list("label", flat=True)))
    assert not LoginSession.objects.exists()
    assert list(PreviewLink.objects.all()) == [open_link]
    assert not HeldFile.objects.exists()
    assert [row.email for row in MailAddress.objects.all()] == ["stopped@example.org"]
    assert list(ArticleImport.objects.all()) == [kept_import]
    assert AuditDetail.objects.latest("pk").address == "192.0.2.0/24"  # of today
    lines = dict(line.split(": ") for line in capsys.readouterr().out.splitlines())
    assert lines == {
        "addresses": "0",
        **dict.fromkeys(
            ["mails", "mailboxes", "held_files", "sessions", "invitations", "preview_links", "imports"], "1"
        ),
        # tests/meetings, tests/stakeholders
        **dict.fromkeys(["needs", "guests", "openings", "packs", "merges"], "0"),
        **dict.fromkeys(
            [
                "contributions",
                "join_requests",
                "stakeholder_imports",
                "overdue_people",
                "subscriptions",
                "missed_searches",
            ],
            "0",
        ),
    }
    assert is_proven()


def test_addresses_in_the_trail_are_emptied_in_time(settings, secretary):
    settings.RETENTION_DAYS = {**settings.RETENTION_DAYS, "address": -1}
    Client().post("/en/accounts/login/", {"login": secretary.email, "password": "wrong"}, REMOTE_ADDR="192.0.2.1")
    assert AuditDetail.objects.exclude(address="").count() == 1

    call_command("apply_retention")

    assert AuditDetail.objects.exclude(address="").count() == 0
    assert is_proven()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_privacy_page_says_the_periods_that_are_carried_out(client, settings, language):
    days = {"address": 91, "mail": 92, "invitation": 181, "held_file": 90, "need": 731, "opening": 366}
    days |= {"join_draft": 31, "join": 182, "input_draft": 97, "input": 366, "subscription": 8, "missed_search": 95}
    settings.RETENTION_DAYS = days

    html = client.get(f"/{language}/privacy/").content.decode()

    for number in map(str, set(days.values()) - {90}):
        assert number in html
    assert f'href="/{language}/privacy/"' in client.get(f"/{language}/").content.decode()


# Readers and logs


def test_a_reader_leaves_nothing_behind(client):
    before = everything()
    for path in ("/ar/", "/en/news/", "/en/meetings/", "/ar/group/", "/en/privacy/", "/en/nothing/", "/en/admin/"):
        client.get(path, headers={"User-Agent": "Canary/1.0"}, REMOTE_ADDR="192.0.2.77")

    with override("en"):
        assert everything() == before
    assert client.cookies == {}


class _Lines(logging.Handler):
    def __init__(self):
        super().__init__()
        self.setFormatter(JsonFormatter())
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


@pytest.fixture
def log():
    handler = _Lines()
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)


def test_s61_the_log_names_no_person_page_or_search(log, canary, secretary):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    token = token_of(make_invitation(email="canary2@example.org"))
    client.get("/en/news/77-canary-title/?q=canary-search")
    client.post(f"/en/accounts/invitation/{token}/", {"password": "canary-password"})
    client.post("/en/accounts/login/?next=/canary", {"login": "canary@example.org", "password": "canary-password"})
    client.get("/en/", headers={"host": "canary.example"})
    client_for(canary).get("/en/meetings/77-canary/")
    client_for(secretary).get("/en/admin/news/article/?q=canary-search&o=x")
    mail = make_mail(to="canary@example.org", subject="Canary")
    assert mail.pk

    text = "\n".join(log.lines)
    assert len(log.lines) >= 4
    assert "canary" not in text.lower()
    assert token[:20] not in text
    assert "192.0.2" not in text
    assert "127.0.0.1" not in text


def test_s61_an_error_is_told_by_its_kind_and_lines(log):
    try:
        raise ValueError("canary@example.org")
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", "/en/canary/")

    line = json.loads(log.lines[-1])
    assert (line["error"], line["level"], line["logger"]) == ("ValueError", "ERROR", "django.request")
    assert line["lines"][0].endswith(f"test_privacy.py:{line['lines'][0].rsplit(':', 1)[1]}")
    assert "canary" not in log.lines[-1]
    assert line["at"].endswith("+00:00")


def test_s61_a_refusal_is_told_with_the_name_of_the_page_and_of_the_request(log):
    client_for(make_user(Role.MEMBER)).get("/en/admin/login/")

    lines = [json.loads(line) for line in log.lines]
    refusal = next(line for line in lines if line.get("status") == 403)
    assert (refusal["method"], refusal["page"]) == ("GET", "admin:login")
    assert len(refusal["request"]) == 12


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", "a\u2028b", "a\u202eb", "a\x1b[31mb"])
def test_s61_a_line_stays_one_line_of_plain_letters(log, text):
    logging.getLogger("apps.core").warning("mail %s", text)

    assert log.lines[-1].isascii()
    assert len(log.lines[-1].splitlines()) == 1


def test_held_files_of_erased_people_are_not_needed(canary, secretary):
    """Papers belong to meetings, not to people: they stay."""
    name = default_storage.save("documents/a.pdf", ContentFile(b"x"))
    erase(canary, secretary)

    assert default_storage.exists(name)
