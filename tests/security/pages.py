"""One address of every kind, each with who opens it: for tests that hold of all answers."""

from datetime import UTC, datetime

from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils.translation import override

from apps.accounts.roles import Role
from apps.meetings.models import Audience
from tests.core.files import pdf
from tests.factories import (
    make_contact,
    make_document,
    make_group,
    make_invitation,
    make_item,
    make_meeting,
    make_member,
    make_membership,
    make_person,
    make_picture,
    make_published,
    make_user,
    token_of,
)


def make_world() -> dict:
    group = make_group()
    meeting = make_meeting(group, audience=Audience.PUBLIC)
    make_item(meeting, audience=Audience.PUBLIC)
    make_membership(group, make_person())
    make_contact()
    return {
        "meeting": meeting,
        "article": make_published(picture=make_picture()),
        "document": make_document(meeting, languages=(), file_ar=ContentFile(pdf(), name="a.pdf")),
        "invitation": make_invitation(),
        "secretary": make_user(Role.SECRETARIAT),
        "auditor": make_user(Role.AUDITOR),
        "member": make_member(group),
        "at": datetime(2026, 11, 1, tzinfo=UTC),
    }


def public_pages(world: dict, language: str) -> list[str]:
    meeting, article, document = world["meeting"], world["article"], world["document"]
    with override(language):
        return [
            "/healthz",
            "/readyz",
            "/static/portal.css",
            "/static/icons/mark.svg",
            "/static/nothing.css",
            "/nothing",
            article.picture.fallback_address,
            reverse("home"),
            reverse("news:list"),
            reverse("news:feed"),
            article.get_absolute_url(),
            reverse("meetings:list"),
            meeting.get_absolute_url(),
            reverse("meetings:invite", args=[meeting.pk]),
            reverse("meetings:document", args=[meeting.pk, document.pk, "ar"]),
            reverse("stakeholders:group"),
            reverse("account_login"),
            reverse("account_signup"),
            reverse("account_inactive"),
            reverse("account_reset_password"),
            reverse("account_reset_password_done"),
            reverse("account_reset_password_from_key_done"),
            reverse("accounts:invitation", args=[token_of(world["invitation"])]),
            reverse("accounts:invitation", args=["x"]),
            reverse("news:list") + "nothing/",
            reverse("admin:index"),
            reverse("accounts:profile"),
        ]


def member_pages(language: str) -> list[str]:
    names = "accounts:profile accounts:devices accounts:notices mfa_index mfa_add_webauthn"
    names += " mfa_activate_totp account_change_password account_reauthenticate stakeholders:sharing"
    names += " stakeholders:welcome_sharing accounts:welcome_profile"
    names += " accounts:welcome_security accounts:welcome home meetings:list"
    with override(language):
        return [reverse(name) for name in names.split()]


def office_pages(world: dict, language: str) -> list[str]:
    models = "accounts_user accounts_invitation stakeholders_person stakeholders_organisation stakeholders_membership"
    models += (
        " stakeholders_advisorygroup meetings_meeting news_article news_presscontact core_outgoingmail core_mailaddress"
    )
    with override(language):
        pages = [reverse(name) for name in ("admin:index", "status", "admin:accounts_invitation_many", "admin:jsi18n")]
        pages += [reverse(f"admin:{model}_changelist") for model in models.split()]
        pages += [
            reverse("admin:meetings_meeting_change", args=[world["meeting"].pk]),
            reverse("admin:news_article_change", args=[world["article"].pk]),
            reverse("admin:accounts_user_change", args=[world["member"].pk]),
            reverse("admin:news_article_step", args=[world["article"].pk, "withdraw"]),
            reverse("admin:news_article_history", args=[world["article"].pk]),
            reverse("admin:news_article_add"),
        ]
    return pages
