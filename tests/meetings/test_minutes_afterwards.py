"""Adopted minutes: dated corrections, and the summary for everybody."""

from datetime import date

import pytest

from apps.meetings import minutes as record
from tests.meetings.record import (
    CORRECTION,
    first_entry,
    kept,
    minutes_of,
    refused,
)


def test_a_correction_is_a_dated_addition_and_twice_the_same_is_one(group, secretary):
    minutes = minutes_of(group, state="adopted")
    entry = first_entry(minutes)

    for _click in range(2):
        record.correct_minutes(minutes, by=secretary, dated_on=date(2026, 11, 21), entry=entry, **CORRECTION)

    correction = minutes.corrections.get()
    assert (correction.dated_on, correction.entry, correction.text_en) == (
        date(2026, 11, 21), entry, "<p>Read “ten”.</p>",
    )  # fmt: skip
    assert kept(entry).text_en == "<p>What was said.</p>"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"text_ar": " "}, "Write the correction in both languages: the minutes stand in both."),
        ({"dated_on": date(2026, 11, 19)}, "Choose a day from 20 November 2026 to today."),
    ],
)
def test_a_correction_that_does_not_fit_is_refused(group, secretary, changes, sentence):
    minutes = minutes_of(group, state="adopted")
    options = {"dated_on": date(2026, 11, 20), "entry": None, **CORRECTION, **changes}

    assert refused(record.correct_minutes, minutes, by=secretary, **options) == sentence
    assert not minutes.corrections.exists()


def test_a_correction_is_about_its_own_minutes_and_about_adopted_ones(group, secretary):
    minutes, other = minutes_of(group, state="adopted"), minutes_of(group)
    options = {"by": secretary, "dated_on": date(2026, 11, 20), **CORRECTION}

    sentence = "This entry is not part of these minutes."
    assert refused(record.correct_minutes, minutes, entry=first_entry(other), **options) == sentence
    assert refused(record.correct_minutes, other, entry=None, **options) == (
        "This step is not possible any more; here is the record as it stands."
    )


# The summary


def test_the_summary_is_published_and_withdrawn_after_the_adoption(group, secretary):
    minutes = minutes_of(group, state="adopted", summary_en="<p>In short.</p>")

    record.publish_summary(minutes, by=secretary)
    assert kept(minutes).summary_published_at is not None
    record.withdraw_summary(minutes, by=secretary)
    assert kept(minutes).summary_published_at is None


def test_no_summary_is_published_before_the_adoption_or_without_a_text(group, secretary):
    circulated = minutes_of(group, state="circulated", summary_en="<p>In short.</p>")
    empty = minutes_of(group, state="adopted")

    assert refused(record.publish_summary, circulated, by=secretary) == (
        "This step is not possible any more; here is the record as it stands."
    )
    assert refused(record.publish_summary, empty, by=secretary) == (
        "Write the summary first, in Arabic, in English or in both."
    )
