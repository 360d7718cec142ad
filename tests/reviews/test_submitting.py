"""Somebody answers a call by an e-mailed link: part by part, exactly as typed, with nobody told who it was."""

from datetime import timedelta

import pytest
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.core.models import OutgoingMail
from apps.core.records import save_record
from apps.reviews.models import Answer, Submission
from apps.reviews.submitting import services
from apps.stakeholders.models import Constituency
from tests.factories import PDF, client_for
from tests.reviews.made import make_call, make_submission
from tests.reviews.submitting import address_of, begin, link, save

State = Submission.State
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
YES_NO = {"kind": "choice", "options_ar": "نعم\nلا", "options_en": "Yes\nNo"}
HARD = "قَالَ: «لَا أَعْرِفُ» \u202eعكس\u202c 👩🏽‍🌾 a\u200d\u200cb \u061c ؟ \u0640\u0640 ﷺ\ttab  spaces \n\n آخر سطر \u200f"


@pytest.fixture(autouse=True)
def _quick(settings, monkeypatch):
    """Answers need not take as long as in use, nor reading."""
    settings.EVEN_ANSWERS_TAKE = 0
    monkeypatch.setattr("apps.reviews.submitting.forms._TOO_QUICK", -1)


# The whole way, in both languages


@pytest.mark.parametrize("language", ["ar", "en"])
def test_somebody_writes_stops_goes_on_and_sends(client, settings, language):
    call = make_call({"kind": "text", "is_required": True}, YES_NO)
    why = {"order": 3, "kind": "text", "only_if_choice": 2}
    first, second = call.questions.all()
    third = save_record(type(first)(call=call, wording_en="Why not?", only_if=second, **why), by=None)

    assert begin(client, call, "Amina@Example.org", language).status_code == 200
    found = link(settings)
    assert found.startswith(f"/{language}/have-your-say/mine/")
    assert client.get(found)["Location"] == f"{found}matter/"

    stopped = save(client, f"{found}matter/", spoken="ar", kind="challenge", headline="  لم أجد\nأحداً ", later="1")
    assert stopped["Location"] == found
    overview = client.get(found).content.decode()
    assert 'value="send"' not in overview
    opens = save(client, f"{found}answers/", **{f"q{first.pk}": HARD, f"q{second.pk}": "2"})
    assert opens["Location"] == f"{found}answers/"
    again = {f"q{first.pk}": HARD, f"q{second.pk}": "2", f"q{third.pk}": "لا أحد"}
    assert save(client, f"{found}answers/", **again)["Location"] == f"{found}who/"
    who = {"constituency": Constituency.objects.get(code="migrants").pk, "attribution": "anonymous"}
    save(client, f"{found}who/", **who, has_agreed="on", language=language)
    assert 'value="send"' in client.get(found).content.decode()
    client.post(found, {"step": "send"})

    one = Submission.objects.get()
    assert (one.state, one.symbol, one.email) == ("received", "RR-3/S1", "amina@example.org")
    assert (one.headline, one.attribution, one.language) == ("لم أجد أحداً", "anonymous", language)
    assert [answer.value for answer in one.answers.all()] == [
        {"text": HARD},
        {"options": [{"number": 2, "ar": "لا", "en": "No"}]},
        {"text": "لا أحد"},
    ]
    subjects = {"ar": "وصلتنا مساهمتكم", "en": "Your contribution has reached us"}
    assert OutgoingMail.objects.latest("pk").subject == subjects[language]


def test_a_long_text_with_every_mark_comes_back_exactly_as_it_was_typed(client):
    call = make_call({"kind": "text"})
    one, question = make_submission(call), call.questions.get()
    text = (HARD + "\n") * 2500
    assert len(text.encode()) > 300_000

    save(client, address_of(one, "answers"), **{f"q{question.pk}": text.replace("\n", "\r\n")})

    assert one.answers.get().value["text"] == text
    page = client.get(address_of(one, "answers"))
    assert page.context["form"][f"q{question.pk}"].value() == text


def test_an_emptied_answer_goes(client):
    call = make_call({"kind": "text"})
    one = make_submission(call, text="words")

    save(client, address_of(one, "answers"), **{f"q{call.questions.get().pk}": " \n"})

    assert not one.answers.exists()


def test_numbers_tables_and_several_choices(client):
    call = make_call(
        {"kind": "number"},
        {"kind": "choices", "options_ar": "لغة\nمال", "options_en": "Language\nMoney"},
        {"kind": "table", "options_ar": "سنة\nعدد", "options_en": "Year\nNumber"},
    )
    one = make_submission(call)
    number, some, table = (f"q{question.pk}" for question in call.questions.all())
    cells = {f"{table}-0-0": "2025", f"{table}-0-1": "١٢", f"{table}-2-1": "7"}

    save(client, address_of(one, "answers"), **{number: "٢٬٠٠٠٫٥", some: ["1", "2"]}, **cells)

    numbers, choices, rows = (answer.value for answer in one.answers.all())
    assert numbers == {"number": "2000.5"}
    assert [option["en"] for option in choices["options"]] == ["Language", "Money"]
    assert rows == {
        "columns": [{"ar": "سنة", "en": "Year"}, {"ar": "عدد", "en": "Number"}],
        "rows": [["2025", "١٢"], ["", "7"]],
    }
    page = client.get(address_of(one, "answers")).content.decode()
    assert 'value="١٢"' in page
    assert 'aria-label="Number, row 2"' in page


def test_what_cannot_be_saved_is_shown_with_what_was_typed(client):
    call = make_call({"kind": "number"}, {"kind": "text"})
    one = make_submission(call)
    number, text = (f"q{question.pk}" for question in call.questions.all())

    answer = save(client, address_of(one, "answers"), **{number: "many", text: "words"})

    assert answer.status_code == 400
    assert 'value="many"' in answer.content.decode()
    assert ">\nwords</textarea>" in answer.content.decode()
    assert not one.answers.exists()


def test_a_question_changed_after_the_answers_keeps_the_old_wording():
    call = make_call(YES_NO)
    question = call.questions.get()
    one = make_submission(call)
    services.save_answers(one, {question: {"options": [{"number": 1, "ar": "نعم", "en": "Yes"}]}}, {})
    services.send(one)
    question.wording_en, question.options_en, question.options_ar = "Something else?", "Maybe\nNo", "ربما\nلا"
    save_record(question, by=None)

    answer = one.answers.get()

    assert (answer.asked_en, answer.asked_ar, answer.labels("en")) == ("Question 1", "سؤال 1", ["Yes"])
    question.delete(by=None)
    assert Answer.objects.get().asked_en == "Question 1"


def test_an_answer_to_a_question_that_is_not_asked_any_more_is_not_sent():
    call = make_call(YES_NO, {"kind": "text"})
    opener, why = call.questions.all()
    why.only_if, why.only_if_choice = opener, 2
    save_record(why, by=None)
    one = make_submission(call)
    no, yes = ({"options": [{"number": number, "ar": "", "en": ""}]} for number in (2, 1))
    services.save_answers(one, {opener: no, why: {"text": "because"}}, {})
    services.save_answers(Submission.objects.get(), {opener: yes}, {})

    services.send(one)

    assert [answer.question for answer in one.answers.all()] == [opener]


# Two devices


def test_two_devices_do_not_overwrite_each_other_s_answers(client):
    call = make_call({"kind": "text"})
    one, name = make_submission(call, text="first"), f"q{call.questions.get().pk}"
    address = address_of(one, "answers")
    held = client.get(address).context["form"].initial["opened_revision"]
    save(client, address, **{name: "second"})

    refused = client.post(address, {"opened_revision": held, name: "third"})

    assert refused.status_code == 409
    assert refused.context["form"].stored == {name: "second"}
    html = refused.content.decode()
    assert "second" in html
    assert "third" in html
    assert one.answers.get().said == "second"
    client.post(address, {"opened_revision": refused.context["form"].data["opened_revision"], name: "third"})
    assert one.answers.get().said == "third"


def test_two_devices_do_not_overwrite_each_other_s_parts(client):
    one = make_submission()
    address = address_of(one, "matter")
    initial = client.get(address).context["form"].initial
    held = {name: initial[name] for name in ("opened_revision", "opened_values")}
    save(client, address, headline="second")

    assert client.post(address, {**held, "headline": "third"}).status_code == 409
    assert Submission.objects.get().headline == "second"


# Files


def test_a_file_is_checked_kept_and_taken_out(client, django_capture_on_commit_callbacks):
    call = make_call({"kind": "file"})
    one, name = make_submission(call), f"q{call.questions.get().pk}"
    program = SimpleUploadedFile("report.pdf", b"MZ\x90\x00 this is a program")
    refused = save(client, address_of(one, "answers"), **{name: program})
    assert refused.status_code == 400
    assert not one.answers.exists()

    save(client, address_of(one, "answers"), **{name: SimpleUploadedFile("Amina Haddad.pdf", PDF)})
    answer = one.answers.get()
    assert "Amina" not in answer.file.name
    assert "A file was sent" in client.get(address_of(one, "answers")).content.decode()

    first = answer.file.name
    with django_capture_on_commit_callbacks(execute=True):
        save(client, address_of(one, "answers"), **{name: SimpleUploadedFile("b.pdf", PDF)})
    second = one.answers.get().file.name
    assert [default_storage.exists(path) for path in (first, second)] == [False, True]

    with django_capture_on_commit_callbacks(execute=True):
        save(client, address_of(one, "answers"), **{f"{name}-out": "on"})
    assert not one.answers.exists()
    assert not default_storage.exists(second)


def test_a_file_is_the_secretariat_s_and_named_after_the_contribution(client, secretary, auditor, settings):
    call = make_call({"kind": "file"})
    one = make_submission(call)
    file = SimpleUploadedFile("Amina Haddad.pdf", PDF)
    services.save_answers(one, {}, {call.questions.get(): file})
    services.send(one)
    address = f"/en/admin/reviews/submission/files/{one.answers.get().pk}/"

    response = client_for(secretary).get(address)
    assert response.status_code == 200
    assert response["Content-Disposition"] == 'attachment; filename="RR-3-S1.pdf"'
    assert b"".join(response.streaming_content) == PDF
    assert client_for(auditor).get(address).status_code == 404
    assert client.get(address).status_code == 302


# Closing


@pytest.mark.parametrize(("days_over", "may"), [(1, True), (2, True), (3, False)])
def test_a_draft_that_was_begun_in_time_has_its_days_of_grace(client, days_over, may):
    today = timezone.localdate()
    call = make_call(opens_on=today - 20 * DAY, closes_on=today - days_over * DAY, grace_days=2)
    one = make_submission(call)
    Submission.objects.filter(pk=one.pk).update(created_at=timezone.now() - 10 * DAY, revision=2)

    page = client.get(address_of(one)).content.decode()
    answer = client.post(address_of(one), {"step": "send"})

    assert ("can still be sent until" in page) == may
    assert ("days of grace are over" in page) == (not may)
    assert answer.status_code == (302 if may else 409)
    assert Submission.objects.get().state == ("received" if may else "draft")


def test_nobody_begins_after_the_closing(client):
    today = timezone.localdate()
    call = make_call(opens_on=today - 20 * DAY, closes_on=today - DAY, grace_days=3)

    answer = begin(client, call, language="en")

    assert answer.status_code == 200
    assert not Submission.objects.exists()
    assert not OutgoingMail.objects.exists()
    late = make_submission(call)
    assert client.post(address_of(late), {"step": "send"}).status_code == 409


# One per organisation, twice, unfinished


def test_one_contribution_of_each_organisation_where_the_call_wants_it():
    call = make_call(once_per_organisation=True)
    make_submission(call, state="received", organisation_name="جمعيّة النهر")
    with pytest.raises(ValidationError, match="has contributed to this call already"):
        make_submission(call, state="received", organisation_name="جمعية  النهر")
    make_submission(call, state="received", organisation_name="")
    make_submission(call, state="received", organisation_name="")
    make_submission(make_call(), state="received", organisation_name="جمعية النهر")


def test_what_is_missing_is_said_and_nothing_is_sent(client):
    call = make_call({"kind": "text", "is_required": True})
    one = make_submission(call, headline="", attribution="named")

    answer = client.post(address_of(one), {"step": "send"})

    assert answer.status_code == 409
    for sentence in ("What you say, in one sentence.", "Your name.", "An answer: Question 1"):
        assert sentence in answer.content.decode()
    assert Submission.objects.get().state == "draft"


def test_sent_twice_it_is_sent_once_and_cannot_be_changed_then(client):
    one = make_submission(state="received", email="a@example.org")

    client.post(address_of(one), {"step": "send"})

    assert OutgoingMail.objects.count() == 1
    assert client.get(address_of(one, "matter"))["Location"] == address_of(one)
    with pytest.raises(ValidationError, match="sent already"):
        services.save_part(one, {})


def test_the_same_address_gets_the_same_draft_again(client, settings):
    call = make_call()
    begin(client, call)
    found = link(settings)
    begin(client, call)

    assert link(settings) == found
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("token", ["nothing", "WzEsMV0:forged", signing.Signer(salt="x").sign_object([1, 1])])
def test_a_forged_link_leads_nowhere(client, token):
    make_submission()

    answer = client.get(f"/en/have-your-say/mine/{token}/")

    assert answer.status_code == 404
    assert answer["Cache-Control"] == "private, no-store"
