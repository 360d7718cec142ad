import re
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.utils import timezone
from pypdf import PdfReader

from apps.accounts.models import User
from apps.core.models import OutgoingMail
from apps.demo import source
from apps.demo.people import PASSWORD
from apps.meetings.models import Document, Meeting, Participant
from apps.news.models import Article
from apps.stakeholders.models import AdvisoryGroup, Membership, Person
from apps.stakeholders.seats import table
from tests.factories import make_user


@pytest.fixture
def demo(db):
    call_command("seed_demo", verbosity=0)


def counts() -> dict:
    return {model.__name__: model.objects.count() for model in (User, Person, Membership, Meeting, Document, Article)}


def test_the_demonstration_is_loaded_once_and_leaves_changes_alone(demo):
    before = counts()
    Article.objects.filter(title_en="Young voices").update(lead_en="Edited")

    call_command("seed_demo", verbosity=0)

    assert counts() == before
    assert Article.objects.get(title_en="Young voices").lead_en == "Edited"


def test_a_group_of_ten_seats_with_one_vacant(demo):
    group = AdvisoryGroup.objects.get()
    seats = table(group, AnonymousUser())

    assert (group.seats, seats.vacant, len(seats.seats)) == (10, 1, 10)
    assert len([seat for seat in seats.seats if seat.membership and not seat.is_named]) == 1
    assert {m.position for m in group.memberships.current()} == {
        "chair",
        "vice_chair",
        "member",
        "alternate",
        "observer",
    }


def test_six_meetings_around_today(demo):
    now = timezone.now()

    assert Meeting.objects.count() == 6
    assert Meeting.objects.past(now).count() == 3
    assert Meeting.objects.upcoming(now).filter(starts_at__lt=now + timedelta(days=30)).count() == 2
    assert set(Meeting.objects.values_list("status", flat=True)) == {"draft", "published", "held"}
    assert set(Meeting.objects.values_list("audience", flat=True)) == {"public", "members"}


def test_twenty_articles_of_which_three_stand_in_one_language_only(demo):
    articles = list(Article.objects.all())

    assert len(articles) == 20
    assert sorted(len(article.ready_languages) for article in articles) == [1] * 3 + [2] * 17
    release = Article.objects.get(category="press_release")
    assert release.contacts.count() == 2
    assert release.body_ar.count("<blockquote>") >= 2
    assert '<bdi dir="ltr">' in release.body_ar


def test_papers_are_real_small_pdfs_with_text_in_their_language(demo):
    for document in Document.objects.all():
        for file in document.files:
            content = file.stored.read()
            file.stored.close()
            text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
            arabic = sum("\u0600" <= letter <= "\u06ff" or "\ufb50" <= letter <= "\ufefc" for letter in text)
            assert len(content) < 60_000
            assert len(text) > 300
            assert (arabic > len(text) / 3) == (file.language == "ar")


def test_the_logins_work_only_where_the_settings_allow_it(db, settings):
    settings.DEMO_LOGINS = False
    call_command("seed_demo", verbosity=0)

    assert not [user for user in User.objects.all() if user.has_usable_password()]


def test_the_member_of_the_demonstration_logs_in(demo, client):
    response = client.post("/ar/accounts/login/", {"login": "samira@example.org", "password": PASSWORD}, follow=True)

    assert "الاجتماع السابع" in response.content.decode()


@pytest.mark.parametrize("scale", [40])
def test_scale_adds_synthetic_records_up_to_the_number(demo, scale):
    before = counts()

    call_command("seed_demo", scale=scale, verbosity=0)
    call_command("seed_demo", scale=scale, verbosity=0)

    assert Article.objects.count() == before["Article"] + 40
    assert Meeting.objects.count() == before["Meeting"] + 2


def test_prepare_loads_an_empty_portal_once_and_says_where_things_are(db):
    out = StringIO()

    call_command("prepare", port=8123, stdout=out)
    Article.objects.all().delete()
    call_command("prepare", port=8123, stdout=out)

    assert Article.objects.count() == 0
    assert "http://127.0.0.1:8123/ar/" in out.getvalue()
    assert PASSWORD in out.getvalue()


def test_prepare_says_no_logins_where_there_are_none(db, settings):
    make_user()
    out = StringIO()
    call_command("prepare", stdout=out)
    call_command("seed_demo", verbosity=0)
    settings.DEMO_LOGINS = False
    call_command("prepare", stdout=out)

    assert out.getvalue().count("http://127.0.0.1:8000/ar/admin/") == 2
    assert PASSWORD not in out.getvalue()
    assert "samira@example.org" not in out.getvalue()


def test_seeding_by_hand_says_the_logins(db):
    out = StringIO()

    call_command("seed_demo", stdout=out)

    assert "samira@example.org" in out.getvalue()


def test_every_address_in_the_demonstration_is_an_example():
    texts = [str(article) for article in source.articles()] + [
        str(source.group()),
        str(source.meetings()),
        str(source.contacts()),
    ]

    for text in texts:
        for address in re.findall(r"[\w.]+@([\w.]+\w)", text):
            assert address == "example.org"


def test_people_of_the_demonstration_were_asked_and_some_have_replied_without_a_mail(demo):
    meeting = Meeting.objects.get(title_en__startswith="Seventh")

    assert meeting.participants.filter(invited_at=None).count() == 0
    assert set(meeting.participants.values_list("reply", flat=True)) == {
        *["", "in_person", "online", "cannot", "alternate"]
    }
    assert Participant.objects.get(meeting=meeting, person__name_en="Samira Haddad").reply == ""
    assert not OutgoingMail.objects.filter(kind__in=["invitation", "alternate"]).exists()
