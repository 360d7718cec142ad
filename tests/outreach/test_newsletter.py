"""The newsletter: confirmed by mail, what was chosen and is new, left with one click; nothing kept of who leaves."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from apps.core import outbox
from apps.core.models import AuditDetail, OutgoingMail
from apps.core.privacy import personal_data
from apps.outreach import newsletter
from apps.outreach.models import Subscription
from apps.stakeholders.models import Country, Objective
from tests.factories import make_meeting, make_published, make_user
from tests.outreach.made import make_subscription
from tests.reviews.made import make_call

pytestmark = pytest.mark.django_db


def link(settings, kind: str = "subscription") -> str:
    text = OutgoingMail.objects.filter(kind=kind).latest("pk").text
    return re.search(r"https?://\S+", text)[0].removeprefix(settings.SITE_URL)


def opened(page) -> dict:
    form = page.context["form"]
    return {name: form[name].value() or "" for name in ("opened_revision", "opened_values")}


def send_later(days: int = 8) -> int:
    return newsletter.send_due(timezone.now() + timedelta(days=days))


# Getting it


@pytest.mark.parametrize(
    ("language", "confirm", "done"),
    [("en", "Confirm", "Confirmed. The newsletter comes to you."), ("ar", "تأكيد", "تم التأكيد. ستصلكم النشرة.")],
)
def test_nothing_is_sent_before_its_reader_has_confirmed(client, settings, language, confirm, done):
    answer = client.post(f"/{language}/newsletter/", {"email": "Reader@example.org"})
    assert "reader@example.org" in answer.content.decode()
    make_published(at=timezone.now())
    assert send_later() == 0

    address = link(settings)
    page = client.get(address)
    assert address.startswith(f"/{language}/newsletter/")
    assert f'class="button">{confirm}</button>' in page.content.decode()
    data = opened(page) | {"language": language, "often": "weekly", "topics": ["news"]}
    assert done in client.post(address, data, follow=True).content.decode()

    kept = Subscription.objects.get()
    assert (kept.email, kept.topics, kept.confirmed_at is not None) == ("reader@example.org", ["news"], True)
    assert client.cookies.get("sessionid") is None


def test_the_answer_is_the_same_whoever_asks(client):
    make_subscription()

    pages = [
        client.post("/en/newsletter/", {"email": email}).content.decode().replace(email, "x")
        for email in ("reader@example.org", "new@example.org")
    ]

    hidden = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert hidden.sub("", pages[0]) == hidden.sub("", pages[1])
    assert Subscription.objects.count() == 2


def test_looking_at_the_link_confirms_nothing(client, settings):
    newsletter.begin("reader@example.org", "en")

    client.get(link(settings))

    assert Subscription.objects.get().confirmed_at is None


def test_two_windows_do_not_overwrite_each_other(client, settings):
    found = make_subscription()
    address = f"/en/newsletter/{found.token}/"
    data = opened(client.get(address)) | {"language": "en", "often": "daily", "topics": ["news"]}
    found.refresh_from_db()
    found.topics = ["calls"]
    newsletter.save(found, {})

    answer = client.post(address, data)

    assert answer.status_code == 409
    assert Subscription.objects.get().topics == ["calls"]


def test_three_mails_an_hour_and_no_more(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"newsletter": "3/h/key"}

    codes = [client.post("/en/newsletter/", {"email": "reader@example.org"}).status_code for _time in range(4)]

    assert codes == [200, 200, 200, 429]


# Reading it


@pytest.mark.parametrize(("language", "title"), [("en", "English title"), ("ar", "عنوان عربي")])
def test_what_is_new_comes_in_the_readers_language(language, title):
    make_subscription(language=language)
    article = make_published(title_en="English title", title_ar="عنوان عربي", at=timezone.now())

    assert [send_later(), send_later()] == [1, 0]

    mail = OutgoingMail.objects.get(kind="newsletter")
    assert (mail.language, mail.text.count(title)) == (language, 1)
    assert article.pk


def test_where_nothing_is_new_nothing_comes():
    make_published(at=timezone.now() - timedelta(days=1))
    make_subscription()

    assert send_later() == 0
    assert not OutgoingMail.objects.filter(kind="newsletter").exists()


def test_what_stands_in_the_other_language_only_or_is_not_for_everybody_is_left_out():
    make_subscription(language="en")
    make_published(languages=("ar",), at=timezone.now())
    make_meeting(audience="members")

    assert send_later() == 0


def test_the_topics_and_countries_chosen_count():
    found = make_subscription(topics=["news"])
    found.countries.set([Country.objects.get(iso2="LB")])
    lebanon, other = (
        make_published(title_en="Of Lebanon", at=timezone.now()),
        make_published(title_en="Of nowhere", at=timezone.now()),
    )
    lebanon.countries.set([Country.objects.get(iso2="LB")])
    make_call()

    send_later()

    text = OutgoingMail.objects.get(kind="newsletter").text
    assert "Of Lebanon" in text
    assert "Of nowhere" not in text
    assert "have-your-say" not in text
    assert other.pk


def test_a_mail_can_be_left_with_one_click_and_its_links_are_not_kept(settings):
    make_subscription()
    make_published(at=timezone.now())
    send_later()
    address = OutgoingMail.objects.get(kind="newsletter").unsubscribe.removeprefix(settings.SITE_URL)

    outbox.send_waiting()
    answer = Client(enforce_csrf_checks=True).post(address, {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 204
    assert not Subscription.objects.exists()
    assert not OutgoingMail.objects.filter(about_model="outreach.subscription").exists()
    assert "reader@example.org" not in str(list(AuditDetail.objects.values_list("label", "changes")))


@pytest.mark.parametrize(("language", "left"), [("en", "You have left"), ("ar", "أُلغي اشتراككم")])
def test_leaving_takes_a_button_since_programs_follow_every_link(client, language, left):
    found = make_subscription(language=language)
    address = f"/{language}/newsletter/{found.token}/off/"

    client.get(address)
    assert Subscription.objects.exists()
    assert left in client.post(address).content.decode()

    assert client.get(address).status_code == 404
    assert not Subscription.objects.exists()


def test_who_has_left_gets_nothing_that_waited(settings):
    found = make_subscription()
    make_published(at=timezone.now())
    send_later()
    newsletter.unsubscribe(found)

    assert outbox.send_waiting() == 0


# Kept, and not kept


def test_what_nobody_confirmed_goes_after_a_week(settings):
    newsletter.begin("never@example.org", "en")
    make_subscription(email="kept@example.org")
    Subscription.objects.update(updated_at=timezone.now() - timedelta(days=8))

    call_command("apply_retention")

    assert [one.email for one in Subscription.objects.all()] == ["kept@example.org"]


def test_the_secretariat_sees_how_many_and_nobodys_address(secretary, auditor, log_in):
    make_subscription()
    make_published(at=timezone.now())
    send_later()

    page = log_in(secretary).get("/en/admin/outreach/subscription/").content.decode()

    assert "reader@example.org" not in page
    assert "News, Meetings, Calls" in page
    for user in (secretary, auditor):
        assert not OutgoingMail.objects.visible_to(user).filter(to="reader@example.org").exists()


@pytest.mark.parametrize("token", ["x", "WzEsMV0:forged", "%00"])
def test_a_made_up_link_opens_nothing(client, token):
    for address in (f"/en/newsletter/{token}/", f"/en/newsletter/{token}/off/"):
        assert client.get(address).status_code == 404


def test_whoever_asks_what_is_kept_gets_all_that_was_chosen(db):
    user = make_user()
    found = make_subscription(email=user.email, often="daily")
    found.countries.set(Country.objects.filter(iso2__in=["TN", "LB"]))
    found.objectives.set(Objective.objects.filter(number__in=[6, 2]))

    (kept,) = personal_data(user)["subscriptions"]

    chosen = {"email": user.email, "often": "daily", "countries": ["LB", "TN"], "objectives": [2, 6]}
    assert {name: kept[name] for name in chosen} == chosen


def test_a_person_who_is_erased_gets_no_newsletter(secretary):
    from apps.accounts.privacy import erase

    user = make_user()
    make_subscription(email=user.email)

    erase(user, by=secretary, reason="Asked", email=user.email)

    assert not Subscription.objects.exists()
