"""The back office's lists: what their addresses may ask."""

import re
from datetime import date

import pytest

from apps.core import outbox
from apps.core.models import OutgoingMail
from tests.factories import make_meeting
from tests.outreach.made import make_subscription


@pytest.mark.parametrize("lookup", ["status__regex=(", "starts_at__regex=(", "group__title_en__regex=("])
def test_s70_a_list_compares_and_matches_no_pattern(db, secretary, log_in, lookup):
    assert log_in(secretary).get(f"/en/admin/meetings/meeting/?{lookup}").status_code == 400


@pytest.mark.parametrize(
    "lookup", ["starts_at__year=9999", "starts_at__year=0", "starts_at__year=2026&starts_at__month=13"]
)
def test_s70_a_list_asked_for_a_day_that_no_calendar_has_shows_itself(db, secretary, log_in, lookup):
    client = log_in(secretary)
    page = "/en/admin/meetings/meeting/"

    assert client.get(f"{page}?{lookup}").headers["Location"] == f"{page}?e=1"
    assert client.get(f"{page}?e=1").status_code == 200


def test_a_list_narrows_by_its_own_filters(db, secretary, log_in):
    meeting, _draft = make_meeting(day=date(2026, 12, 8)), make_meeting(status="draft", day=date(2026, 12, 8))
    other_year = make_meeting(day=date(2027, 1, 8))
    client = log_in(secretary)
    page = "/en/admin/meetings/meeting/"

    def found(query):
        return set(client.get(f"{page}?{query}").context["cl"].result_list)

    assert found("status__exact=published") == {meeting, other_year}
    assert found("status__exact=published&starts_at__year=2026&starts_at__month=12") == {meeting}


@pytest.mark.parametrize(
    ("language", "number", "phrase"),
    [("ar", 2, "نتيجتان"), ("ar", 3, "3 نتائج"), ("en", 1, "1 result"), ("en", 3, "3 results")],
)
def test_a_list_counts_as_the_language_counts(db, secretary, log_in, language, number, phrase):
    for day in range(1, number + 1):
        make_meeting(day=date(2026, 12, day))

    html = log_in(secretary).get(f"/{language}/admin/meetings/meeting/").content.decode()

    paginator = re.search(r'<p class="paginator">(.*?)</p>', html, re.DOTALL)[1]
    assert paginator.split() == phrase.split()


@pytest.fixture
def secret_mail(member):
    context = {"user": member}
    outbox.write("account/email/factor_reset", to=member.email, language="en", context=context, is_secret=True)
    return OutgoingMail.objects.get()


@pytest.mark.parametrize("officer", ["secretary", "auditor"])
@pytest.mark.parametrize("lookup", ["text__startswith", "text__contains", "reader__password__startswith", "text"])
def test_the_list_of_mails_tells_nothing_of_a_text_that_it_does_not_show(request, secret_mail, log_in, officer, lookup):
    client = log_in(request.getfixturevalue(officer))

    assert client.get("/en/admin/core/outgoingmail/", {lookup: secret_mail.text[:9]}).status_code == 400


@pytest.mark.parametrize("lookup", ["created_at__year=9999", "created_at__year=0"])
def test_a_list_that_is_only_read_shows_itself_for_a_day_that_no_calendar_has(secretary, log_in, lookup):
    page = "/en/admin/core/outgoingmail/"

    assert log_in(secretary).get(f"{page}?{lookup}").headers["Location"] == f"{page}?e=1"


def test_the_trail_is_not_exported_for_a_day_that_no_calendar_has(auditor, log_in):
    assert log_in(auditor).post("/en/admin/core/auditentry/export/?at__year=9999").status_code == 400


def test_the_lists_that_are_only_read_narrow_by_their_own_filters(secret_mail, secretary, log_in):
    client = log_in(secretary)

    def found(query):
        return list(client.get(f"/en/admin/core/outgoingmail/?{query}").context["cl"].result_list)

    assert found(f"status__exact={secret_mail.status}&created_at__year={secret_mail.created_at.year}") == [secret_mail]
    assert found("kind__exact=another") == []


@pytest.mark.parametrize(("query", "number"), [("confirmed_at__isempty=0", 1), ("often__exact=daily", 0)])
def test_the_list_of_subscriptions_narrows_by_each_of_its_filters(secretary, log_in, query, number):
    make_subscription(often="weekly")

    answer = log_in(secretary).get(f"/en/admin/outreach/subscription/?{query}")

    assert answer.status_code == 200
    assert len(answer.context["cl"].result_list) == number
