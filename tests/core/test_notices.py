"""Notices as each person wants them: at once, in a digest, not by mail; and never in her quiet hours."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.core import notices, outbox
from apps.core.models import NoticeSettings, OutgoingMail
from apps.core.outbox import digests
from apps.core.records import save_record
from tests.factories import make_meeting, make_user

CAIRO = ZoneInfo("Africa/Cairo")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In December 2031 by Cairo's clock; the 7th is a Sunday."""
    return datetime(2031, 12, day, hour, minute, tzinfo=CAIRO)


@pytest.fixture
def kind(monkeypatch):
    monkeypatch.setitem(notices.kinds, "password_changed", notices.Kind("password_changed", "Test", lambda user: True))


def choose(user, when: str = "at_once", **fields) -> None:
    save_record(NoticeSettings(user=user, choices={"password_changed": when}, **fields), by=user)


def write(user, **changes) -> OutgoingMail:
    values = {"to": user.email, "language": user.language, "context": {}, "reader": user, **changes}
    return outbox.write("account/email/password_changed", **values)


@pytest.mark.parametrize(
    ("when", "now", "expected"),
    [
        ("daily", at(9, 6, 59), at(9, 7)),
        ("daily", at(9, 7), at(10, 7)),
        ("daily", at(31, 23), datetime(2032, 1, 1, 7, tzinfo=CAIRO)),
        ("weekly", at(9, 6), at(14, 7)),
        ("weekly", at(7, 6, 59), at(7, 7)),
        ("weekly", at(7, 7), at(14, 7)),
    ],
)
def test_digests_leave_at_seven_by_the_readers_clock(when, now, expected):
    assert notices.next_digest(now.astimezone(UTC), CAIRO, is_weekly=when == "weekly") == expected


@pytest.mark.parametrize(
    ("hours", "now", "expected"),
    [
        ((time(22), time(6)), at(9, 21, 59), at(9, 21, 59)),
        ((time(22), time(6)), at(9, 22), at(10, 6)),
        ((time(22), time(6)), at(9, 5, 59), at(9, 6)),
        ((time(22), time(6)), at(9, 6), at(9, 6)),
        ((time(12), time(14)), at(9, 13), at(9, 14)),
        ((time(12), time(14)), at(9, 14), at(9, 14)),
    ],
)
def test_quiet_hours_may_go_over_midnight(hours, now, expected):
    assert notices.after_quiet_hours(now.astimezone(UTC), CAIRO, *hours) == expected


def test_hours_follow_the_clock_when_it_is_moved():
    """Egypt moves its clocks on the last Friday of April and the last Thursday of October."""
    evening = datetime(2026, 4, 23, 23, tzinfo=CAIRO)

    assert notices.after_quiet_hours(evening, CAIRO, time(22), time(6)).astimezone(UTC).hour == 3
    assert evening.astimezone(UTC).hour == 21


@pytest.mark.parametrize(
    ("when", "status"), [("at_once", "waiting"), ("daily", "held"), ("weekly", "held"), ("never", "unwanted")]
)
def test_a_notice_goes_as_its_reader_has_chosen(member, kind, when, status):
    choose(member, when)

    assert write(member).status == status


def test_what_nobody_may_turn_off_goes_at_once(member):
    choose(member, "never")

    assert write(member).status == "waiting"


def test_what_cannot_wait_has_no_digest(member, monkeypatch):
    pressing = notices.Kind("password_changed", "Test", lambda user: True, can_wait=False)
    monkeypatch.setitem(notices.kinds, "password_changed", pressing)
    choose(member, "daily")

    assert [value for value, _label in pressing.choices] == ["at_once", "never"]
    assert write(member).status == "waiting"


def test_a_mail_of_the_quiet_hours_leaves_after_them(member, kind, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: at(9, 23))
    choose(member, quiet_from=time(22), quiet_until=time(6))

    assert write(member).next_try_at == at(10, 6)


@pytest.mark.parametrize(("language", "subject"), [("en", "2 notices for you"), ("ar", "لكم إشعاران")])
def test_a_digest_holds_what_waited_in_one_mail_in_the_readers_language(db, kind, language, subject):
    reader, other = make_user(language=language), make_user()
    for user in (reader, other):
        choose(user, "daily")
    first, second, others = write(reader), write(reader), write(other)
    due = first.next_try_at + timedelta(seconds=1)
    OutgoingMail.objects.filter(pk=others.pk).update(next_try_at=due + timedelta(hours=1))

    assert digests.send_digests(due - timedelta(minutes=1)) == 0
    assert [digests.send_digests(due), digests.send_digests(due)] == [1, 0]

    digest = OutgoingMail.objects.get(kind="digest")
    assert (digest.to, digest.language) == (reader.email, language)
    assert subject in digest.subject
    assert digest.text.count(first.subject) == 2
    statuses = dict(OutgoingMail.objects.exclude(kind="digest").values_list("pk", "status"))
    assert statuses == {first.pk: "digested", second.pk: "digested", others.pk: "held"}


def test_a_digest_leaves_out_what_its_reader_may_not_see_any_more(member, kind):
    choose(member, "daily")
    meeting = make_meeting()
    seen, hidden = write(member), write(member, about=meeting)
    type(meeting).objects.filter(pk=meeting.pk).update(status="draft")

    digests.send_digests(seen.next_try_at)

    assert OutgoingMail.objects.get(kind="digest").subject == "1 notice for you from Multaqa"
    hidden.refresh_from_db()
    assert (hidden.status, hidden.text) == ("dropped", "")


def test_a_digest_of_personal_links_keeps_none_of_them(member, kind):
    choose(member, "daily")
    row = write(member, is_secret=True)

    digests.send_digests(row.next_try_at)

    row.refresh_from_db()
    assert (row.status, row.text) == ("digested", "")
    assert OutgoingMail.objects.get(kind="digest").is_secret is True
    outbox.send_waiting()
    assert OutgoingMail.objects.get(kind="digest").text == ""


def test_whoever_writes_to_many_asks_for_their_choices_at_once(db, kind, django_assert_num_queries):
    chosen, silent = make_user(), make_user()
    choose(chosen, "daily")
    readers = {one.pk: one for one in type(chosen).objects.select_related("notice_settings")}

    with django_assert_num_queries(0):
        statuses = [notices.when("password_changed", readers[one.pk], at(9, 12))[0] for one in (chosen, silent)]

    assert statuses == ["held", "waiting"]
    assert notices.when("password_changed", type(chosen).objects.get(pk=chosen.pk), at(9, 12))[0] == "held"


# Her page


def open_page(client, language: str = "en"):
    return client.get(f"/{language}/accounts/notices/")


def form_of(page) -> dict:
    form = page.context["form"]
    values = {name: form[name].value() or "" for name in ("opened_revision", "opened_values")}
    return values | {"quiet_from": "", "quiet_until": ""}


@pytest.mark.parametrize(("language", "saved"), [("en", "Saved."), ("ar", "تم الحفظ.")])
def test_people_choose_their_notices_themselves(db, log_in, kind, language, saved):
    reader = make_user(language=language)
    client = log_in(reader)
    data = form_of(open_page(client, language)) | {"choices-password_changed": "weekly"}

    answer = client.post(
        f"/{language}/accounts/notices/", data | {"quiet_from": "٢٢:٠٠", "quiet_until": "06:00"}, follow=True
    )

    assert saved in answer.content.decode()
    kept = NoticeSettings.objects.get()
    assert (kept.user, kept.choices["password_changed"]) == (reader, "weekly")
    assert (kept.quiet_from, kept.quiet_until) == (time(22), time(6))
    assert '<option value="weekly" selected>' in open_page(client, language).content.decode()


@pytest.mark.parametrize("hours", [{"quiet_from": "22:00"}, {"quiet_from": "22:00", "quiet_until": "22:00"}])
def test_half_an_hour_pair_is_refused_with_a_sentence(log_in, member, hours):
    client = log_in(member)

    answer = client.post("/en/accounts/notices/", form_of(open_page(client)) | hours)

    assert answer.status_code == 400
    assert "Fill in both hours, two different ones, or neither." in answer.content.decode()
    assert not NoticeSettings.objects.exists()


def test_choices_saved_on_another_device_meanwhile_are_not_lost(log_in, member, kind):
    choose(member, "at_once")
    client = log_in(member)
    data = form_of(open_page(client)) | {"choices-password_changed": "daily"}
    kept = NoticeSettings.objects.get()
    kept.choices = {"password_changed": "never"}
    save_record(kept, by=member)

    answer = client.post("/en/accounts/notices/", data)

    assert answer.status_code == 409
    assert "Test: Not by mail" in answer.content.decode()
    assert NoticeSettings.objects.get().choices == {"password_changed": "never"}


def test_the_account_is_locked_before_its_choices_are_looked_for(log_in, member, kind):
    client = log_in(member)
    data = form_of(open_page(client))

    with CaptureQueriesContext(connection) as queries:
        client.post("/en/accounts/notices/", data)

    asked = [query["sql"].split(" FROM ")[1].split()[0] for query in queries if " FROM " in query["sql"]]
    assert asked.count('"accounts_user"') > 1  # whose session it is, and the lock
    assert len(asked) - 1 - asked[::-1].index('"accounts_user"') < asked.index('"core_noticesettings"')


def test_a_zone_that_is_gone_keeps_no_mail_back(kind, member):
    choose(member, "daily")
    type(member).objects.update(time_zone="Mars/Phobos")
    member = type(member).objects.get()

    assert notices.when("password_changed", member, at(9, 6))[1] == at(9, 7)


def test_the_page_lists_what_was_written_to_her_and_to_nobody_else(log_in, member, kind):
    mine, others = write(member, is_secret=True), write(make_user())
    OutgoingMail.objects.filter(pk=others.pk).update(subject="Somebody else’s")

    page = open_page(log_in(member)).content.decode()

    assert mine.subject in page
    assert "Somebody else’s" not in page


def test_made_up_choices_become_the_default(log_in, member, kind):
    client = log_in(member)

    client.post("/en/accounts/notices/", form_of(open_page(client)) | {"choices-password_changed": "<script>"})

    assert NoticeSettings.objects.get().choices["password_changed"] == "at_once"
