"""The life of minutes: begun, circulated, adopted, corrected; their summary; and that what is adopted stays."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.core.dates import portal_today
from apps.core.models import AuditEntry, OutgoingMail
from apps.core.records import delete_record, save_record
from apps.meetings import minutes as record
from apps.meetings.models import Minutes, MinutesEntry
from tests.factories import make_item, make_meeting, make_minutes
from tests.meetings.record import (
    CORRECTION,
    HELD_ON,
    LATER,
    OVER,
    STILL_LATER,
    first_entry,
    held_meeting,
    kept,
    make_comment,
    minutes_of,
    refused,
    seated,
    told,
)

# Beginning


def test_minutes_begin_with_an_entry_for_each_item_and_its_parts_and_none_for_breaks(group, secretary):
    meeting = held_meeting(group)
    opening = make_item(meeting, title_ar="الافتتاح", title_en="Opening")
    make_item(meeting, title_en="Coffee", kind="break")
    make_item(meeting, title_en="Minute of silence", title_ar=None, parent=opening, audience="public")

    minutes = record.begin_minutes(meeting, by=secretary)

    entries = minutes.entries.values_list("heading_en", "heading_ar", "audience", "item")
    part = opening.parts.get()
    assert list(entries) == [
        ("Opening", "الافتتاح", "members", opening.pk),
        ("Minute of silence", "", "members", part.pk),
    ]
    assert (minutes.state, minutes.created_by) == ("draft", secretary)


def test_what_is_hidden_on_the_agenda_is_hidden_in_the_minutes_with_its_parts(group, secretary):
    meeting = held_meeting(group)
    hidden = make_item(meeting, audience="secretariat")
    make_item(meeting, parent=hidden, audience="members")

    minutes = record.begin_minutes(meeting, by=secretary)

    assert list(minutes.entries.values_list("audience", flat=True)) == ["secretariat", "secretariat"]


def test_a_double_click_begins_one(group, secretary):
    meeting = held_meeting(group)
    make_item(meeting)

    first, second = (record.begin_minutes(meeting, by=secretary) for _click in range(2))

    assert first == second
    assert MinutesEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("status", "day", "begins"),
    [
        ("held", HELD_ON, True),
        ("published", HELD_ON, True),
        ("published", LATER, False),
        ("draft", HELD_ON, False),
        ("cancelled", HELD_ON, False),
    ],
)
def test_only_what_has_started_and_is_not_cancelled_has_minutes(group, secretary, status, day, begins):
    meeting = make_meeting(group, day=day, status=status)

    if begins:
        assert record.begin_minutes(meeting, by=secretary).meeting == meeting
        return
    with pytest.raises(ValidationError) as problem:
        record.begin_minutes(meeting, by=secretary)
    assert problem.value.messages == ["Minutes are kept of a meeting that has started and is not cancelled."]
    assert not Minutes.objects.exists()


def test_items_that_came_later_are_taken_in_once(group, secretary):
    minutes = minutes_of(group)
    later = make_item(minutes.meeting, title_en="Any other business")

    assert [record.take_in_new_items(minutes, by=secretary) for _click in range(2)] == [1, 0]
    assert minutes.entries.last().item == later


def test_numbers_follow_the_agenda_and_leave_no_gap_for_what_is_hidden(group):
    meeting = held_meeting(group)
    make_item(meeting)
    make_item(meeting, audience="secretariat")
    last = make_item(meeting)
    make_item(meeting, parent=last)
    make_item(meeting, parent=last)
    entries = list(make_minutes(meeting).entries.select_related("item__parent"))

    record.give_numbers(entries)

    assert [entry.number for entry in entries] == ["1", "", "2", "2.1", "2.2"]


# Circulating


def test_circulated_minutes_are_told_to_everybody_in_the_group_once_for_each_day(group, secretary):
    minutes = minutes_of(group)
    member, observer = seated(group), seated(group, "observer")
    seated(group, ends_on=date(2026, 1, 1))  # has left

    record.circulate_minutes(minutes, by=secretary, comments_until=LATER)

    assert (kept(minutes).state, kept(minutes).comments_until) == ("circulated", LATER)
    assert told("minutes") == sorted([member.email, observer.email])
    record.circulate_minutes(minutes, by=secretary, comments_until=STILL_LATER)
    assert told("minutes") == sorted([member.email, observer.email] * 2)
    record.back_to_draft(minutes, by=secretary)
    record.circulate_minutes(minutes, by=secretary, comments_until=LATER)
    assert len(told("minutes")) == 4


def test_two_meetings_with_one_deadline_are_told_apart(group, secretary):
    member = seated(group)
    for minutes in (minutes_of(group), minutes_of(group)):
        record.circulate_minutes(minutes, by=secretary, comments_until=LATER)

    assert told("minutes") == [member.email] * 2


@pytest.mark.parametrize(
    ("language", "subject", "asked", "page"),
    [
        ("en", "Minutes circulated:", "Members comment until 9 December 2031, this day included.", "/en/meetings/"),
        ("ar", "تعميم المحضر:", "9 كانون الأول/ديسمبر 2031", "/ar/meetings/"),
    ],
)
def test_the_mail_speaks_the_readers_language_and_asks_members_only(group, secretary, language, subject, asked, page):
    minutes = minutes_of(group)
    member, observer = seated(group, language=language), seated(group, "observer", language=language)

    record.circulate_minutes(minutes, by=secretary, comments_until=LATER)

    mail = OutgoingMail.objects.get(to=member.email)
    assert mail.subject.startswith(subject)
    assert asked in mail.text
    assert f"{page}{minutes.meeting_id}/minutes/" in mail.text
    assert asked not in OutgoingMail.objects.get(to=observer.email).text


def test_an_entry_without_any_text_is_not_circulated(group, secretary):
    minutes = minutes_of(group)
    entry = first_entry(minutes)
    entry.text_ar = entry.text_en = ""
    save_record(entry, by=None)

    sentence = "Each entry needs a text, in one language at least. Still without one: \u2068Opening\u2069."
    assert refused(record.circulate_minutes, minutes, by=secretary, comments_until=LATER) == sentence


def test_what_only_the_secretariat_reads_may_stay_empty_and_one_language_is_enough(group, secretary):
    minutes = minutes_of(group)
    first, second = minutes.entries.all()
    first.audience, first.text_ar, first.text_en = "secretariat", "", ""
    second.text_ar = ""
    for entry in (first, second):
        save_record(entry, by=None)

    record.circulate_minutes(minutes, by=secretary, comments_until=LATER)

    assert kept(minutes).state == "circulated"
    assert record.lacking(minutes) == ["\u2068Budget\u2069 (Arabic)"]


def test_minutes_without_entries_are_not_circulated(group, secretary):
    minutes = make_minutes(held_meeting(group))

    sentence = "There is no entry for members yet. Write one first."
    assert refused(record.circulate_minutes, minutes, by=secretary, comments_until=LATER) == sentence


def test_a_last_day_for_comments_is_neither_over_nor_earlier_than_before(group, secretary):
    draft, circulated = minutes_of(group), minutes_of(group, state="circulated", comments_until=LATER)
    yesterday = portal_today() - timedelta(days=1)

    assert refused(record.circulate_minutes, draft, by=secretary, comments_until=yesterday) == (
        "This day is over. Choose today or a later day."
    )
    for day in (LATER, LATER - timedelta(days=1)):
        assert refused(record.circulate_minutes, circulated, by=secretary, comments_until=day) == (
            "Comments are taken until 9 December 2031 already. Choose a later day."
        )


def test_comments_are_taken_until_the_end_of_the_day_on_the_portals_clock(group):
    today, over = (
        minutes_of(group, state="circulated", comments_until=portal_today() - timedelta(days=days)) for days in (0, 1)
    )

    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        with timezone.override(zone):
            assert (today.takes_comments, over.takes_comments) == (True, False)
            assert list(Minutes.objects.open_for_comments()) == [today]


# Adopting


def ready(group, **fields) -> Minutes:
    return minutes_of(group, state="circulated", comments_until=OVER, **fields)


def test_adopted_minutes_are_told_to_the_group_once(group, secretary):
    minutes, member = ready(group), seated(group)

    record.adopt_minutes(minutes, by=secretary, adopted_on=date(2026, 2, 1))

    assert (kept(minutes).state, kept(minutes).adopted_on) == ("adopted", date(2026, 2, 1))
    assert told("adopted") == [member.email]
    assert "adopted on 1 February 2026" in OutgoingMail.objects.get().text
    with pytest.raises(ValidationError):
        record.adopt_minutes(minutes, by=secretary, adopted_on=date(2026, 2, 1))
    assert told("adopted") == [member.email]


def test_minutes_are_not_adopted_while_comments_are_taken(group, secretary):
    minutes = minutes_of(group, state="circulated", comments_until=LATER)

    sentence = "Comments are taken until 9 December 2031. The minutes can be adopted after that day."
    assert refused(record.adopt_minutes, minutes, by=secretary, adopted_on=OVER) == sentence


def test_comments_are_answered_before_the_minutes_are_adopted(group, secretary):
    minutes = ready(group)
    make_comment(first_entry(minutes), seated(group))

    sentence = "1 comment waits for an answer. It is answered before the minutes are adopted."
    assert refused(record.adopt_minutes, minutes, by=secretary, adopted_on=OVER) == sentence


def test_adopted_minutes_stand_in_both_languages(group, secretary):
    minutes = ready(group)
    entry = first_entry(minutes)
    entry.text_ar = ""
    save_record(entry, by=None)

    sentence = "Adopted minutes stand in both languages. Still missing: \u2068Opening\u2069 (Arabic)."
    assert refused(record.adopt_minutes, minutes, by=secretary, adopted_on=OVER) == sentence


def test_minutes_are_adopted_after_the_meeting_and_not_in_the_future(group, secretary):
    minutes = ready(group)

    for day in (HELD_ON - timedelta(days=1), portal_today() + timedelta(days=1)):
        sentence = "Choose a day from 5 January 2026 to today."
        assert refused(record.adopt_minutes, minutes, by=secretary, adopted_on=day) == sentence


def test_a_draft_is_not_adopted_and_what_is_adopted_never_goes_back(group, secretary):
    draft, adopted = minutes_of(group), minutes_of(group, state="adopted")
    impossible = "This step is not possible any more; here is the record as it stands."

    assert refused(record.adopt_minutes, draft, by=secretary, adopted_on=OVER) == impossible
    assert refused(record.back_to_draft, adopted, by=secretary) == impossible
    assert refused(record.circulate_minutes, adopted, by=secretary, comments_until=LATER) == impossible
    assert refused(record.take_in_new_items, adopted, by=secretary) == impossible


def test_nothing_of_adopted_minutes_is_written_or_deleted_by_any_way(group, secretary):
    minutes = minutes_of(group, state="adopted")
    entry = first_entry(minutes)
    entry.text_en = "<p>Otherwise.</p>"
    minutes.state = "draft"
    sentence = ["These minutes are adopted and do not change any more. Add a correction instead."]

    for attempt in (
        lambda: save_record(entry, by=secretary),
        lambda: entry.save(update_fields=["text_en"], by=secretary),
        lambda: delete_record(entry, by=secretary),
        lambda: save_record(MinutesEntry(minutes=minutes, heading_en="New"), by=secretary),
        lambda: save_record(minutes, by=secretary),
        lambda: delete_record(kept(minutes), by=secretary),
    ):
        with pytest.raises(ValidationError) as problem, transaction.atomic():
            attempt()
        assert problem.value.messages == sentence
    assert (kept(entry).text_en, kept(minutes).state) == ("<p>What was said.</p>", "adopted")
    assert minutes.entries.count() == 2


@pytest.mark.parametrize(
    "broken", [{"state": "circulated", "comments_until": None}, {"state": "adopted", "adopted_on": None}]
)
def test_the_database_refuses_minutes_without_their_day(group, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        minutes_of(group, **broken)


# Who


@pytest.mark.parametrize("person", ["editor", "translator", "auditor", "member"])
def test_nobody_but_the_secretariat_takes_a_step(request, group, person):
    user, adopted = request.getfixturevalue(person), minutes_of(group, state="adopted", summary_en="<p>Short.</p>")
    last = AuditEntry.objects.latest("pk").pk

    for attempt in (
        lambda: record.begin_minutes(held_meeting(group), by=user),
        lambda: record.take_in_new_items(minutes_of(group), by=user),
        lambda: record.circulate_minutes(minutes_of(group), by=user, comments_until=LATER),
        lambda: record.back_to_draft(minutes_of(group, state="circulated"), by=user),
        lambda: record.adopt_minutes(ready(group), by=user, adopted_on=OVER),
        lambda: record.correct_minutes(adopted, by=user, dated_on=date(2026, 11, 21), entry=None, **CORRECTION),
        lambda: record.publish_summary(adopted, by=user),
        lambda: record.withdraw_summary(adopted, by=user),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert not AuditEntry.objects.filter(pk__gt=last, actor=user).exists()
