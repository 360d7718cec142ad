"""From a draft to what became of it: steps, numbers, who reads what, comments, the register and its table."""

import csv
from datetime import date
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from apps.accounts.privacy import erase
from apps.core.models import AuditDetail
from apps.core.privacy import personal_data
from apps.core.records import save_record
from apps.reviews import recommendations
from apps.reviews.models import CycleDocument, Recommendation, RecommendationComment, RecommendationUpdate, ReviewCycle
from apps.stakeholders import services
from apps.stakeholders.models import Country
from tests.factories import client_for, make_decision, make_group, make_meeting, make_member
from tests.queries import count_queries

pytestmark = pytest.mark.django_db
State = Recommendation.State


def cycle(number: int = 2) -> ReviewCycle:
    return ReviewCycle.objects.get(number=number)


def make(*, state: str = "draft", **fields) -> Recommendation:
    """As far along as ``state``, by the services."""
    texts = {"text_ar": "توصية", "text_en": "Recommend this."}
    one = save_record(Recommendation(**{"cycle": cycle(), **texts, **fields}), by=None)
    reached = list(State.values).index(state)
    if reached >= 1:
        one = recommendations.propose(one, by=None)
    if reached >= 3:
        one = recommendations.adopt(one, by=None, decision=taken())
    if reached >= 4:
        one = recommendations.transmit(one, by=None, on=one.adopted_on)
    return one


def taken(**fields):
    day = date(2026, 3, 1)
    return make_decision(
        make_meeting(day=day, status="held", audience="public"), decided_on=day, audience="public", **fields
    )


def paper(number: int = 2) -> CycleDocument:
    return save_record(CycleDocument(cycle=cycle(number), title_en="Outcome", address="https://a.example/o"), by=None)


def update(one: Recommendation, **fields) -> RecommendationUpdate:
    texts = {"text_en": "A law was passed.", "source": "https://a.example/law", "happened_on": date(2026, 5, 1)}
    return save_record(RecommendationUpdate(recommendation=one, **{**texts, **fields}), by=None)


# The life of a recommendation


def test_the_whole_life():
    one = make(state="proposed")
    assert (one.symbol, one.state) == ("RR2024/R1", "proposed")
    one = recommendations.discuss(one, by=None)
    decision = taken()
    one = recommendations.adopt(one, by=None, decision=decision)
    assert (one.decision, one.adopted_on) == (decision, date(2026, 3, 1))
    one = recommendations.transmit(one, by=None, on=date(2026, 3, 9))
    one = recommendations.reflect(one, by=None, outcome=paper(), paragraph="31–33")
    assert (one.state, one.paragraph, one.transmitted_on) == ("reflected", "31–33", date(2026, 3, 9))
    with pytest.raises(ValidationError, match="Write the first progress update"):
        recommendations.follow_up(one, by=None)
    update(one)
    assert recommendations.follow_up(one, by=None).state == "followed_up"


def test_numbers_are_counted_by_cycle_and_not_given_to_drafts():
    make()
    first, second, elsewhere = make(state="proposed"), make(state="proposed"), make(state="proposed", cycle=cycle(3))

    assert [one.symbol for one in (first, second, elsewhere)] == ["RR2024/R1", "RR2024/R2", "RR-3/R1"]


def test_why_it_is_not_reflected_is_said():
    one = make(state="transmitted")
    with pytest.raises(ValidationError, match="Say why"):
        recommendations.leave_out(one, by=None, because_ar="", because_en="")

    one = recommendations.leave_out(one, by=None, because_ar="", because_en="The States did not agree.")

    assert (one.state, one.because_en) == ("not_reflected", "The States did not agree.")


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("proposed", lambda one: recommendations.propose(one, by=None)),
        ("adopted", lambda one: recommendations.discuss(one, by=None)),
        ("adopted", lambda one: recommendations.adopt(one, by=None, decision=taken())),
        ("proposed", lambda one: recommendations.transmit(one, by=None, on=date(2026, 4, 1))),
        ("adopted", lambda one: recommendations.reflect(one, by=None, outcome=paper(), paragraph="1")),
        ("adopted", lambda one: recommendations.leave_out(one, by=None, because_en="No")),
        ("transmitted", lambda one: recommendations.follow_up(one, by=None)),
    ],
)
def test_a_step_that_is_not_the_next_one_is_refused(state, step):
    one = make(state=state)

    with pytest.raises(ValidationError, match="not the next one"):
        step(one)


def test_what_cannot_be_is_refused_with_a_sentence():
    one, other = make(state="proposed"), make(state="proposed", text_en="")
    with pytest.raises(ValidationError, match="This decision was not taken"):
        recommendations.adopt(one, by=None, decision=taken(state="open"))
    with pytest.raises(ValidationError, match="One of them is missing"):
        recommendations.adopt(other, by=None, decision=taken())
    adopted = recommendations.adopt(one, by=None, decision=taken())
    with pytest.raises(ValidationError, match="before it was adopted"):
        recommendations.transmit(adopted, by=None, on=date(2026, 2, 28))
    sent = recommendations.transmit(adopted, by=None, on=date(2026, 3, 1))
    with pytest.raises(ValidationError, match="another review’s"):
        recommendations.reflect(sent, by=None, outcome=paper(1), paragraph="1")


def test_adopted_words_stay():
    one = make(state="adopted")
    one.text_en = "Recommend something else."

    with pytest.raises(ValidationError, match="The words of a recommendation that was adopted stay"):
        one.full_clean()


def test_only_the_secretariat_takes_steps(editor, member):
    one = make()
    for user in (editor, member):
        with pytest.raises(PermissionDenied):
            recommendations.propose(one, by=user)


# Who reads what


def test_what_is_proposed_is_the_groups_what_is_adopted_everybodys(client, editor):
    member = make_member(make_group())
    make(text_en="Canary draft")
    make(state="proposed", text_en="Canary proposal")
    make(state="adopted", text_en="Adopted words")

    seen = {
        name: reader.get("/en/reviews/2/recommendations/").content.decode()
        for name, reader in (("stranger", client), ("member", client_for(member)), ("editor", client_for(editor)))
    }

    assert {
        name: ["Canary draft" in html, "Canary proposal" in html, "Adopted words" in html]
        for name, html in seen.items()
    } == {
        "stranger": [False, False, True],
        "member": [False, True, True],
        "editor": [True, True, True],
    }
    assert client.get("/en/reviews/2/recommendations/1/").status_code == 404
    assert client_for(member).get("/en/reviews/2/recommendations/1/").status_code == 200
    assert client.get("/en/reviews/2/recommendations/2/").status_code == 200
    table = b"".join(client.get("/en/reviews/2/recommendations.csv").streaming_content).decode("utf-8-sig")
    assert "Canary" not in table


def test_recommendations_of_a_cycle_that_is_not_out_are_nobodys(client):
    make(state="adopted")
    ReviewCycle.objects.filter(number=2).update(is_published=False)

    for address in (
        "/en/reviews/2/recommendations/",
        "/en/reviews/2/recommendations.csv",
        "/en/reviews/2/recommendations/1/",
    ):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_page_tells_what_became_of_it(client, language):
    one = make(state="transmitted", addressed_to_ar="الدول", addressed_to_en="States")
    one.objectives.add(6)
    one.countries.add(Country.objects.get(iso2="LB"))
    recommendations.reflect(one, by=None, outcome=paper(), paragraph="31")
    update(one, next_due_on=date(2027, 1, 1), text_ar="صدر قانون.")

    html = client.get(f"/{language}/reviews/2/recommendations/1/").content.decode()

    words = {
        "ar": ["توصية", "الدول", "لبنان", "صدر قانون."],
        "en": ["Recommend this.", "States", "Lebanon", "A law was passed."],
    }
    for word in (
        *words[language],
        "https://a.example/o",
        "https://a.example/law",
        "<bdi>31</bdi>",
        one.decision.symbol,
    ):
        assert word in html
    assert not client.cookies
    assert f"/{language}/reviews/2/recommendations/" in client.get(f"/{language}/reviews/2/").content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["RR2024/R1", "RR2024/R2"]),
        ("?words=رسوم+الإستقدام", ["RR2024/R1"]),
        ("?words=FEES", ["RR2024/R1"]),
        ("?objective=6", ["RR2024/R1"]),
        ("?country={LB}", ["RR2024/R1", "RR2024/R2"]),
        ("?country={YE}", ["RR2024/R1"]),
        ("?state=transmitted", ["RR2024/R2"]),
    ],
)
def test_the_register_is_filtered_and_its_table_is_the_same(client, query, found):
    one = make(state="adopted", text_ar="إلغاء رسوم الاستقدام", text_en="No recruitment fees")
    two = make(state="transmitted")
    one.objectives.add(6)
    two.countries.add(Country.objects.get(iso2="LB"))
    query = query.format(**{iso2: Country.objects.get(iso2=iso2).pk for iso2 in ("LB", "YE")})

    page = client.get(f"/en/reviews/2/recommendations/{query}")
    table = b"".join(client.get(f"/en/reviews/2/recommendations.csv{query}").streaming_content).decode("utf-8-sig")

    assert [record.symbol for record in page.context["records"].page] == found
    assert [row[0] for row in csv.reader(StringIO(table))][1:] == found


@pytest.mark.parametrize(("language", "addressed"), [("ar", "الدول"), ("en", "States")])
def test_the_table_says_in_the_reader_s_language_to_whom_it_is_addressed(client, language, addressed):
    make(state="adopted", addressed_to_ar="الدول", addressed_to_en="States")

    table = b"".join(client.get(f"/{language}/reviews/2/recommendations.csv").streaming_content).decode("utf-8-sig")

    assert list(csv.reader(StringIO(table)))[1][3] == addressed


def test_a_wrong_choice_filters_nothing_and_says_so(client):
    make(state="adopted")

    answer = client.get("/en/reviews/2/recommendations/?country=nowhere")

    assert answer.status_code == 400
    assert "Recommend this." in answer.content.decode()


def test_an_empty_register_says_what_will_stand_here(client):
    assert "Recommendations will stand here" in client.get("/en/reviews/1/recommendations/").content.decode()


# Members


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_member_comments_and_proposes_other_words(client, secretary, language):
    group = make_group()
    one, other = make_member(group), make_member(group)
    make(state="proposed")
    address = f"/{language}/reviews/2/recommendations/1/"

    answer = client_for(one).post(address, {"says": "Canary comment", "wording": "Canary wording"})

    assert answer.status_code == 302
    html = client_for(other).get(address).content.decode()
    assert "Canary comment" in html
    assert "Canary wording" in html
    assert getattr(one.person, f"name_{language}") in html
    record = Recommendation.objects.get()
    page = client_for(secretary).get(f"/{language}/admin/reviews/recommendation/{record.pk}/change/").content.decode()
    assert "Canary comment" in page
    for detail in AuditDetail.objects.all():
        assert "Canary" not in f"{detail.label} {detail.changes}"


def test_comments_end_with_the_adoption_and_stay_inside(client):
    member = make_member(make_group())
    one = make(state="proposed")
    recommendations.comment(one, by=member, says="Canary")
    recommendations.adopt(one, by=None, decision=taken())
    address = "/en/reviews/2/recommendations/1/"

    assert client_for(member).post(address, {"says": "Too late"}).status_code == 403
    assert "Canary" in client_for(member).get(address).content.decode()
    assert "Canary" not in client.get(address).content.decode()


def test_who_sits_nowhere_does_not_comment(client, member, secretary):
    one = make(state="proposed")
    for user in (member, secretary):
        with pytest.raises(PermissionDenied):
            recommendations.comment(one, by=user, says="x")
    assert client_for(secretary).post("/en/reviews/2/recommendations/1/", {"says": "x"}).status_code == 403


def test_the_comment_of_somebody_at_risk_is_hidden_with_her(secretary):
    group = make_group()
    one, other = make_member(group), make_member(group)
    recommendations.comment(make(state="proposed"), by=one, says="Canary")
    services.protect(one.person, by=secretary, guardians=[secretary], reason="Threats")

    assert RecommendationComment.objects.visible_to(other).count() == 0
    assert RecommendationComment.objects.visible_to(secretary).count() == 1


def test_s67_comments_are_given_out_and_erased_with_their_author(secretary):
    member = make_member(make_group())
    recommendations.comment(make(state="proposed"), by=member, says="Canary")

    assert personal_data(member)["recommendation_comments"][0]["says"] == "Canary"
    erase(member, by=secretary, reason="Asked", email=member.email)

    assert not RecommendationComment.objects.exists()


# The back office


def test_the_secretariat_leads_it_by_buttons(secretary):
    client = client_for(secretary)
    rows = {"updates-TOTAL_FORMS": "0", "updates-INITIAL_FORMS": "0"}
    answer = client.post(
        "/en/admin/reviews/recommendation/add/",
        {"cycle": cycle().pk, "text_ar": "توصية", "text_en": "Recommend.", "objectives": [6], **rows},
    )
    assert answer.status_code == 302
    one = Recommendation.objects.get()

    def step(name: str, **fields) -> int:
        return client.post(f"/en/admin/reviews/recommendation/{one.pk}/step/{name}/", fields).status_code

    decision, outcome = taken(), paper()
    assert step("propose") == 302
    assert step("discuss") == 302
    assert step("adopt", decision="") == 400
    assert step("adopt", decision=decision.pk) == 302
    assert step("transmit", on="٢٠٢٦-٠٣-٠٢") == 302
    assert step("reflect", outcome=outcome.pk, paragraph="٣١") == 302
    one.refresh_from_db()
    assert (one.state, one.transmitted_on, one.outcome) == ("reflected", date(2026, 3, 2), outcome)
    assert client.get(f"/en/admin/reviews/recommendation/{one.pk}/delete/").status_code == 403


def test_a_translator_writes_the_texts_and_takes_no_step(translator):
    one = make(state="proposed", text_ar="")
    client = client_for(translator)
    address = f"/en/admin/reviews/recommendation/{one.pk}/"
    form = client.get(f"{address}change/").context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields}

    client.post(
        f"{address}change/", {**data, "text_ar": "توصية", "updates-TOTAL_FORMS": "0", "updates-INITIAL_FORMS": "0"}
    )

    one.refresh_from_db()
    assert one.text_ar == "توصية"
    assert client.post(f"{address}step/discuss/").status_code == 403


def test_the_register_needs_the_same_queries_for_one_and_for_many(client):
    def fill(count: int) -> None:
        for _number in range(count):
            one = make(state="adopted")
            one.objectives.add(1, 6)
            one.countries.add(Country.objects.get(iso2="LB"))

    fill(1)
    few = count_queries(client, "/en/reviews/2/recommendations/")
    fill(3)

    assert count_queries(client, "/en/reviews/2/recommendations/") == few
    assert few <= 8
