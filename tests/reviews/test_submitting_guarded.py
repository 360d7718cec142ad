"""Answers to a call from machines, on behalf of somebody, taken back; and what is forgotten of them."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from apps.core.models import AuditDetail, AuditEntry, OutgoingMail
from apps.reviews.models import Answer, Submission
from apps.reviews.submitting import services
from apps.stakeholders.models import Constituency, Country
from config.settings import base
from tests.factories import client_for
from tests.reviews.made import make_call, make_submission
from tests.reviews.submitting import address_of, begin, save

State = Submission.State
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _quick(settings, monkeypatch):
    """Answers need not take as long as in use, nor reading."""
    settings.EVEN_ANSWERS_TAKE = 0
    monkeypatch.setattr("apps.reviews.submitting.forms._TOO_QUICK", -1)


# Machines


def test_what_only_machines_fill_in_is_refused_with_a_sentence(client):
    answer = begin(client, make_call(), homepage="https://spam.example", language="en")

    assert answer.status_code == 400
    assert "This field is for machines" in answer.content.decode()
    assert not Submission.objects.exists()


def test_who_is_quicker_than_a_person_reads_gets_through_with_the_next_press(client, monkeypatch):
    monkeypatch.setattr("apps.reviews.submitting.forms._TOO_QUICK", 3600)
    call = make_call()
    answer = begin(client, call, language="en")
    assert answer.status_code == 400
    assert "quicker than a person reads" in answer.content.decode()
    assert 'value="amina@example.org"' in answer.content.decode()
    assert not Submission.objects.exists()
    monkeypatch.setattr("apps.reviews.submitting.forms._TOO_QUICK", -1)
    held = answer.context["form"]["opened"].value()

    client.post(f"/en/have-your-say/{call.pk}/begin/", {"email": "amina@example.org", "opened": held})

    assert Submission.objects.get().email == "amina@example.org"


def test_a_form_without_its_stamp_is_asked_for_once_more(client):
    call = make_call()
    answer = client.post(f"/en/have-your-say/{call.pk}/begin/", {"email": "a@example.org", "opened": "forged"})

    assert answer.status_code == 400
    assert answer.context["form"]["opened"].value() != "forged"


def test_an_address_gets_three_mails_an_hour_and_a_shared_line_goes_on(client, settings):
    settings.ACCOUNT_RATE_LIMITS = base.ACCOUNT_RATE_LIMITS
    call = make_call()
    for _time in range(3):
        assert begin(client, call).status_code == 200
    assert begin(client, call).status_code == 429
    for number in range(30):
        assert begin(client, call, f"person{number}@example.org").status_code == 200


# On behalf of somebody


def test_the_secretariat_types_in_for_somebody(secretary):
    call, client = make_call(), client_for(secretary)
    step = f"/en/admin/reviews/callforinput/{call.pk}/step/type-in/"
    fields = {"given_on": timezone.localdate().isoformat(), "consent_how": "signed_form", "language": "ar"}

    answer = client.post(step, fields)

    one = Submission.objects.get()
    assert answer["Location"] == address_of(one)
    assert (one.entered_by, one.consent_how, one.email) == (secretary, "signed_form", "")
    page = client.get(address_of(one, "matter")).content.decode()
    assert "You are typing in for somebody else" in page
    one.headline, one.kind, one.spoken, one.attribution, one.has_agreed = "جملة", "lesson", "ar", "anonymous", True
    one.constituency = Constituency.objects.first()
    services.save_part(one, {})
    sent = services.send(one)
    assert sent.state == "received"
    assert AuditEntry.objects.filter(model="reviews.submission").latest("pk").actor == secretary


def test_only_what_came_in_time_is_typed_in_and_only_by_the_secretariat(secretary, editor):
    today = timezone.localdate()
    call = make_call(opens_on=today - 9 * DAY, closes_on=today - 3 * DAY, grace_days=2)
    how = {"consent_how": "oral", "language": "ar"}
    for day in (today - 10 * DAY, today, today + DAY):
        with pytest.raises(ValidationError, match="while the call was open"):
            services.begin_on_behalf(call, by=secretary, given_on=day, **how)
    with pytest.raises(PermissionDenied):
        services.begin_on_behalf(call, by=editor, given_on=today - 5 * DAY, **how)
    assert services.may_write(services.begin_on_behalf(call, by=secretary, given_on=today - 5 * DAY, **how))


# Taking back, and forgetting


def test_taken_back_nothing_that_was_said_is_left(client):
    call = make_call({"kind": "text"})
    one = make_submission(
        call, state="published", text="words", email="a@example.org", attribution="named", person_name="Amina",
        organisation_name="River", country=Country.objects.get(iso2="MR"),
    )  # fmt: skip
    assert client.get(one.get_absolute_url()).status_code == 200

    client.post(address_of(one), {"step": "withdraw"})

    one = Submission.objects.get()
    assert one.state == "withdrawn"
    assert (one.headline, one.person_name, one.organisation_name, one.country) == ("", "", "", None)
    assert not one.answers.exists()
    assert client.get(f"/en/reviews/3/submissions/{one.number}/").status_code == 404
    assert "You have taken this contribution back" in client.get(address_of(one)).content.decode()


def test_the_trail_holds_no_word_and_no_network_of_who_wrote(client):
    call = make_call({"kind": "text"})
    begin(client, call)
    one = Submission.objects.get()
    save(client, address_of(one, "matter"), headline="a secret sentence")
    save(client, address_of(one, "answers"), **{f"q{call.questions.get().pk}": "a secret answer"})

    details = AuditDetail.objects.filter(entry__model__in=["reviews.submission", "reviews.answer"])

    assert details.count() >= 3
    assert set(details.values_list("address", flat=True)) == {""}
    assert "secret" not in str(list(details.values_list("changes", "label")))
    assert "amina" not in str(list(details.values_list("changes", "label")))


def test_the_trail_does_not_tell_what_a_contribution_is_about(client):
    one = make_submission()
    save(client, address_of(one, "matter"), headline="x", objectives=[6], countries=[1])

    changes = AuditDetail.objects.filter(entry__model="reviews.submission").values_list("changes", flat=True)

    assert {"objectives": ["–", "–"]} in changes
    assert {"countries": ["–", "–"]} in changes


def test_drafts_and_closed_ones_go_when_their_time_is_over():
    old = timezone.now() - 400 * DAY
    call = make_call({"kind": "text"})
    draft, taken_back = make_submission(call, text="x"), services.withdraw(make_submission(call))
    kept = make_submission(call, state="published")
    Submission.objects.update(updated_at=old)

    assert services.sweep(timezone.now()) == 2
    assert list(Submission.objects.all()) == [kept]
    assert not Submission.objects.filter(pk__in=[draft.pk, taken_back.pk]).exists()
    assert not Answer.objects.exists()


def test_a_mail_s_subject_and_the_list_of_mails_tell_nothing():
    make_submission(state="published", email="a@example.org", headline="a secret sentence")

    rows = OutgoingMail.objects.values_list("subject", "kind")

    assert rows.count() == 2
    assert "RR-3" not in str(list(rows))
    assert "secret" not in str(list(rows))
