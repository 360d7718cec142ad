"""What a translator saves in the back office of reviews: texts, and nothing of the facts beside them."""

from datetime import date

import pytest

from apps.core.records import save_record
from apps.reviews.models import Phase, PledgeUpdate, RecommendationUpdate
from tests.core.test_conflicts import form_data
from tests.factories import client_for
from tests.reviews.made import make_call, make_pledge, make_recommendation

pytestmark = pytest.mark.django_db
SINCE = date(2026, 3, 1)


def save(user, record, **fields):
    """Opens the record's page as this user, types ``fields`` and saves."""
    client, options = client_for(user), record._meta
    address = f"/en/admin/{options.app_label}/{options.model_name}/{record.pk}/change/"
    answer = client.post(address, {**form_data(client.get(address)), **fields})
    assert answer.status_code == 302, [answer.context["adminform"].form.errors, answer.context["errors"]]
    return type(record).objects.get(pk=record.pk)


def test_she_translates_a_call_and_its_questions(translator):
    call = make_call({"kind": "text"}, title_ar="", spoken=["ar", "fr"])

    saved = save(
        translator,
        call,
        title_ar="دعوة",
        spoken=["en"],
        **{"questions-0-wording_ar": "سؤال", "questions-0-kind": "file"},
    )

    assert (saved.title_ar, saved.spoken) == ("دعوة", ["ar", "fr"])
    question = saved.questions.get()
    assert (question.wording_ar, question.kind) == ("سؤال", "text")


def test_what_is_wrong_with_a_day_that_she_only_reads_is_said_above(translator):
    call = make_call()
    Phase.objects.filter(cycle=call.cycle, kind="call").update(starts_on="2100-01-01")
    address, client = f"/en/admin/reviews/callforinput/{call.pk}/change/", client_for(translator)

    answer = client.post(address, {**form_data(client.get(address)), "title_en": "Another"})

    assert answer.status_code == 200
    form = answer.context["adminform"].form
    assert form.errors == {"__all__": ["The review has another phase on this day: see its phases."]}
    assert "The review has another phase on this day" in answer.content.decode()


def test_who_leads_ticks_the_languages(secretary):
    assert save(secretary, make_call(), spoken=["en", "fr"]).spoken == ["en", "fr"]


def test_she_translates_a_pledge_which_consists_in_what_it_did(translator, secretary):
    pledge = make_pledge(text_ar="", orientations=["financial"])

    saved = save(translator, pledge, text_ar="تعهد", orientations=["policy"])

    assert (saved.text_ar, saved.orientations) == ("تعهد", ["financial"])
    assert save(secretary, saved, orientations=["policy"]).orientations == ["policy"]


@pytest.mark.parametrize(("make", "model"), [(make_pledge, PledgeUpdate), (make_recommendation, RecommendationUpdate)])
def test_she_translates_an_update_and_moves_no_day(translator, secretary, make, model):
    record = make()
    facts = {"happened_on": SINCE, "next_due_on": None, "source": "https://a.example/law"}
    save_record(model(text_en="A law", **{model.about: record}, **facts), by=None)
    typed = {
        "happened_on": "2026-04-01",
        "next_due_on": "2026-05-01",
        "source": "https://b.example/",
        "text_ar": "قانون",
    }
    typed = {f"updates-0-{name}": value for name, value in typed.items()}

    save(translator, record, **typed)

    update = model.objects.get()
    assert (update.text_ar, update.happened_on, update.next_due_on) == ("قانون", SINCE, None)
    assert update.source == "https://a.example/law"
    save(secretary, record, **typed)
    assert model.objects.get().happened_on == date(2026, 4, 1)
