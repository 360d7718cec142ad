"""One sentence the whole way: quoted, built into a recommendation, adopted, reflected, and its author told."""

import csv
from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError

from apps.core.models import OutgoingMail
from apps.core.records import save_record
from apps.reviews import contributions, moderation, recommendations, synthesis, trace
from apps.reviews.models import (
    Phase,
    RecommendationUpdate,
    ReviewCycle,
    SectionComment,
    SynthesisSection,
)
from apps.reviews.submitting import services
from apps.stakeholders.models import Constituency, Country
from tests.factories import client_for, make_group, make_member
from tests.queries import count_queries
from tests.reviews.made import adopted, make_call, make_recommendation, make_section, make_submission, quote, reflected

pytestmark = pytest.mark.django_db


def cycle() -> ReviewCycle:
    return ReviewCycle.objects.get(number=3)


# The whole way


def test_its_author_is_told_at_each_step_and_finds_it_by_her_link(client):
    one = make_submission(state="published", email="a@example.org")
    section = make_section()
    passage = quote(one, section=section)
    section = synthesis.publish(section, by=None)
    recommendation = reflected(adopted(passage))
    save_update(recommendation)
    recommendations.follow_up(recommendation, by=None)

    told = [mail.text for mail in OutgoingMail.objects.filter(kind="input_step").order_by("pk")]
    sentences = [
        "Your contribution is published",
        "The synthesis of the review quotes your contribution.",
        "built into a recommendation that the group discusses now",
        "has adopted recommendation \u2068RR-3/R1\u2069",
        "was transmitted to those",
        "The outcome of the review reflects recommendation",
        "is reported from now on",
    ]
    assert len(told) == len(sentences)
    for text, sentence in zip(told, sentences, strict=True):
        assert sentence in text
    for address in (f"/en/have-your-say/mine/{one.token}/", "/en/reviews/3/submissions/1/"):
        page = client.get(address).content.decode()
        for text in ("RR-3/R1", "paragraph <bdi>31</bdi>", section.get_absolute_url()):
            assert text in page, address


def save_update(recommendation) -> None:
    update = RecommendationUpdate(recommendation=recommendation, text_en="A law", source="https://a.example/law")
    save_record(update, by=None)


def test_what_was_merged_goes_the_way_of_the_other_and_its_author_is_told():
    call = make_call()
    first = make_submission(call, state="published")
    second = make_submission(call, state="received", email="b@example.org")
    second = moderation.merge(second, by=None, into=first)

    recommendation = adopted(quote(first))

    assert trace.forward(second, AnonymousUser()).recommendations == [recommendation]
    assert "has adopted recommendation" in OutgoingMail.objects.latest("pk").text
    assert trace.figures(cycle()).recommended == 2


def test_back_from_a_paragraph_to_who_said_it(client):
    named = make_submission(
        state="published", attribution="organisation", organisation_name="River", headline="بلا أوراق"
    )
    hidden = make_submission(named.call, state="noted", attribution="confidential")
    recommendation = reflected(adopted(quote(named, "بلا أوراق")), "31–33")
    recommendation.submissions.add(hidden)

    page = client.get("/en/reviews/3/trace/").content.decode()
    assert "31–33" in page
    assert recommendation.get_absolute_url() in page
    page = client.get(recommendation.get_absolute_url()).content.decode()
    assert "بلا أوراق" in page
    assert "River" in page
    assert "Fewer than 3 contributions, some of which are not shown." in page
    assert f"RR-3/S{hidden.number}" not in page


def test_the_figures_count_each_contribution_where_it_came_furthest():
    call = make_call()
    one, two, three, four, five = (make_submission(call, state="published") for _number in range(5))
    section = make_section()
    quote(one, section=section)
    synthesis.publish(section, by=None)
    both = adopted(quote(two), quote(three))
    recommendations.build_on(both, "submissions", [five], by=None)
    reflected(both)
    out = adopted(quote(three))
    out = recommendations.transmit(out, by=None, on=out.adopted_on)
    recommendations.leave_out(out, by=None, because_en="No")
    make_recommendation(cycle=cycle()).submissions.add(four)  # proposed: the public knows nothing of it

    found = trace.figures(cycle())

    assert (found.all, found.quoted, found.recommended, found.reflected) == (5, 1, 3, 3)
    assert (found.left_out, found.on_the_way) == (0, 0)
    assert found.by_recommendation == {both.pk: 3, out.pk: 1}


def test_what_is_only_left_out_and_what_is_on_the_way():
    call = make_call()
    one, two = make_submission(call, state="published"), make_submission(call, state="published")
    out = adopted(quote(one))
    out = recommendations.transmit(out, by=None, on=out.adopted_on)
    recommendations.leave_out(out, by=None, because_en="No")
    adopted(quote(two))

    found = trace.figures(cycle())

    assert (found.recommended, found.reflected, found.left_out, found.on_the_way) == (2, 0, 1, 1)


def test_what_is_taken_back_counts_nowhere_and_is_quoted_nowhere(client):
    one = make_submission(state="published", headline="كلمات للسحب")
    section = make_section()
    recommendation = adopted(quote(one, "كلمات للسحب", section=section))
    section = synthesis.publish(section, by=None)
    assert "كلمات للسحب" in client.get(section.get_absolute_url()).content.decode()

    services.withdraw(one)

    for address in (section.get_absolute_url(), recommendation.get_absolute_url(), "/en/reviews/3/trace.json"):
        assert "كلمات للسحب" not in client.get(address).content.decode()
    assert trace.figures(cycle()).all == 0


# Tables and drawing


def test_the_ways_leave_as_csv_and_json(client):
    call = make_call()
    one = make_submission(call, state="published", headline="=بلا أوراق")
    lonely = make_submission(call, state="published")
    section = make_section()
    reflected(adopted(quote(one, "بلا أوراق", section=section), text_en="Register them.", text_ar="سجّلوهم."))
    synthesis.publish(section, by=None)

    response = client.get("/en/reviews/3/trace.csv")
    rows = list(csv.reader(StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert rows[1] == [
        one.symbol, "", "ar", "'=بلا أوراق", "Section", "RR-3/R1", "Register them.", "reflected", "Outcome", "31",
    ]  # fmt: skip
    assert rows[2] == [lonely.symbol, "", "ar", "لم أجد من يساعدني", "", "", "", "", "", ""]
    data = client.get("/en/reviews/3/trace.json").json()
    assert data["review"] == "RR-3"
    assert [link["contribution"] for link in data["links"]] == ["RR-3/S1", "RR-3/S2"]
    assert (data["links"][0]["recommendation"], data["links"][0]["paragraph"]) == ("RR-3/R1", "31")


def test_a_proposed_recommendation_is_in_the_ways_of_members_only(client):
    one = make_submission(state="published")
    make_recommendation(cycle=cycle()).submissions.add(one)
    member = make_member(make_group())

    assert client.get("/en/reviews/3/trace.json").json()["links"][0]["recommendation"] == ""
    assert client_for(member).get("/en/reviews/3/trace.json").json()["links"][0]["recommendation"] == "RR-3/R1"


# Passages


def test_a_passage_stands_in_what_is_shown_word_for_word():
    call = make_call({"kind": "text"})
    one = make_submission(call, state="published", text="First line\nsecond  line")
    answer = one.answers.get()
    quote(one, "line second line", answer=answer)
    answer.shown = "Something else"
    save_record(answer, by=None)
    for words, source in (("second line", answer), ("not there", None), ("Something", None)):
        with pytest.raises(ValidationError, match="do not stand there"):
            quote(one, words, answer=source)


def test_a_passage_is_of_its_contribution_and_its_review():
    call = make_call({"kind": "text"})
    one, other = make_submission(call, state="published", text="a"), make_submission(call, state="published", text="b")
    with pytest.raises(ValidationError, match="of this contribution"):
        quote(one, "b", answer=other.answers.get())
    with pytest.raises(ValidationError, match="another review"):
        quote(one, section=make_section(cycle=2))
    answer = one.answers.get()
    answer.is_withheld = True
    save_record(answer, by=None)
    with pytest.raises(ValidationError, match="that is shown"):
        quote(one, "a", answer=answer)


# The synthesis


def test_a_section_is_a_draft_then_shared_then_published(client, editor, secretary):
    member = make_member(make_group())
    readers = {"public": client, "member": client_for(member), "editor": client_for(editor)}
    section = make_section()

    def seen() -> list[str]:
        return [name for name, reader in readers.items() if reader.get(section.get_absolute_url()).status_code == 200]

    assert seen() == ["editor"]
    section = synthesis.share(section, by=secretary)
    assert seen() == ["member", "editor"]
    section = synthesis.publish(section, by=secretary)
    assert seen() == ["public", "member", "editor"]
    synthesis.take_back(section, by=secretary)
    assert seen() == ["editor"]
    with pytest.raises(PermissionDenied):
        synthesis.share(section, by=editor)


def test_it_is_published_in_both_languages_and_not_before_its_phase(secretary):
    section = make_section(body_ar="")
    with pytest.raises(ValidationError, match="One of them is missing"):
        synthesis.publish(section, by=secretary)
    assert SynthesisSection.objects.get().state == "draft"
    Phase.objects.filter(cycle=cycle(), kind="synthesis").update(starts_on="2100-01-01")
    with pytest.raises(ValidationError, match="has to wait"):
        synthesis.publish(make_section(), by=secretary)


def test_members_comment_while_it_is_shared(client):
    member = make_member(make_group())
    section = make_section(state="shared")
    address = section.get_absolute_url()
    reader = client_for(member)

    assert reader.post(address, {"says": ""}).status_code == 400
    assert reader.post(address, {"says": "Mention Mauritania."}).status_code == 302
    assert "Mention Mauritania." in reader.get(address).content.decode()
    assert SectionComment.objects.get().author == member
    synthesis.publish(section, by=None)
    assert reader.post(address, {"says": "Too late"}).status_code == 403
    assert "Mention Mauritania." not in client.get(address).content.decode()


def test_the_bench_shows_what_came_in_and_where_nothing_did(secretary):
    call = make_call()
    one = make_submission(call, state="published")
    make_submission(call, state="noted", attribution="confidential").objectives.add(6)
    one.objectives.add(6, 15)
    section = make_section()
    quote(one, section=section)

    found = {one.about.number: (one.count, one.quoted) for one in synthesis.clusters(cycle(), "objective")}
    assert (found[6], found[15], found[1]) == ((2, 1), (1, 1), (0, 0))
    groups = synthesis.clusters(cycle(), "constituency")
    assert [cluster.about.code for cluster in groups if not cluster.is_gap] == ["migrants"]
    page = client_for(secretary).get(f"/en/admin/reviews/synthesissection/{section.pk}/change/").content.decode()
    assert one.symbol in page
    assert "لم أجد" in page


# Who contributed


def test_a_small_count_is_told_as_such(client):
    call, jordan, tunis = make_call(), Country.objects.get(iso2="JO"), Country.objects.get(iso2="TN")
    for _number in range(3):
        make_submission(call, state="received", country=jordan)
    make_submission(call, state="noted", attribution="confidential", country=tunis)

    found = contributions.of(trace.counted(cycle()))
    assert (found.all, found.country_count) == (4, 2)
    page = client.get("/en/reviews/3/").content.decode()
    assert "Migrants · Jordan: 3" in page
    assert "Migrants · Tunisia: \u2066&lt;3\u2069" in page
    assert "Migrants · Tunisia: 1" not in page
    assert "Nothing has come from 20 countries yet:" in page


def test_the_review_page_needs_the_same_queries_for_one_and_for_many(client):
    call = make_call()

    def fill(count: int) -> None:
        for number in range(count):
            place = {"country": Country.objects.all()[number], "constituency": Constituency.objects.first()}
            one = make_submission(call, state="published", **place)
            adopted(quote(one)).objectives.add(6)

    fill(1)
    few = count_queries(client, "/en/reviews/3/")
    fill(4)

    assert count_queries(client, "/en/reviews/3/") == few
    assert few <= 12


def test_the_other_pages_need_the_same_queries_for_one_and_for_many(client):
    call = make_call({"kind": "text"})
    section = make_section()
    pages = ["submissions/", "trace/", "synthesis/"]

    def fill(count: int) -> None:
        for _number in range(count):
            one = make_submission(call, state="published", text="words")
            one.objectives.add(6)
            adopted(quote(one, section=section)).objectives.add(6)

    fill(1)
    section = synthesis.publish(section, by=None)
    few = [count_queries(client, f"/en/reviews/3/{page}") for page in pages]
    fill(3)

    assert [count_queries(client, f"/en/reviews/3/{page}") for page in pages] == few


def test_who_is_added_later_is_told_where_it_stands():
    call = make_call()
    first = make_submission(call, state="published", email="first@example.org")
    later = make_submission(call, state="published", email="later@example.org")
    recommendation = adopted(quote(first))
    OutgoingMail.objects.all().delete()

    recommendations.build_on(recommendation, "submissions", [later], by=None)
    recommendations.build_on(recommendation, "submissions", [later], by=None)

    assert [(mail.to, "has adopted" in mail.text) for mail in OutgoingMail.objects.all()] == [
        ("later@example.org", True)
    ]
