"""Run by smoke.py in the portal's own environment. ``facts`` prints what the walk needs; ``withdraw PK`` takes an
article back as the secretariat would."""

import json
import sys

import django

django.setup()

from django.conf import settings
from django.test import Client
from django.utils.translation import override

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.meetings.models import Document
from apps.news.models import Article
from apps.news.services import withdraw_article


def with_role(role: Role) -> User:
    return next(user for user in User.objects.filter(is_active=True).order_by("pk") if user.has_role(role))


def cookie_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def facts() -> dict:
    member = with_role(Role.MEMBER)
    papers = Document.objects.visible_to(member).filter(audience="members").exclude(file_ar="").exclude(file_ar=None)
    paper = papers.order_by("pk").first()
    articles = Article.objects.filter(status="published", ready_ar=True, ready_en=True).order_by("pk")
    with override("ar"):
        return {
            "cookie": cookie_of(member),
            "name": member.get_full_name(),
            "articles": [
                {code: one.address_in(code) for code in ("ar", "en")} | {"pk": one.pk} for one in articles[:3]
            ],
            "paper": paper.file_ar.url,
            "stored": paper.file_ar.name,
            "size": paper.file_ar.size,
        }


if sys.argv[1] == "facts":
    print(json.dumps(facts()))
else:
    withdraw_article(Article.objects.get(pk=sys.argv[2]), by=with_role(Role.SECRETARIAT))
