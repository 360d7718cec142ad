"""Good practices from a proposal to the catalogue, pledges with what became of them, and pages by topic."""

import csv
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from apps.core.records import save_record
from apps.reviews import practices
from apps.reviews.models import GoodPractice, Pledge, PledgeUpdate, PracticeComment
from apps.stakeholders.models import Country
from tests.factories import client_for, make_group, make_member
from tests.queries import count_queries
from tests.reviews.made import adopted, make_call, make_pledge, make_practice, make_recommendation, make_submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def seated():
    return make_member(make_group())


def rows_of(client, address: str) -> list[list[str]]:
    text = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


# Good practices


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_member_proposes_in_her_language_and_the_secretariat_publishes(client, seated, secretary, language):
    form = {
        "title": "مرافقات", "summary": "يرافقن زميلاتهن", "results": "", "carried_by": "نقابة", "began_in": "٢٠٢٤",
        "completion": "mostly", "is_replicable": "on", "objectives": [6], "countries": [1],
    }  # fmt: skip
    reader = client_for(seated)

    answer = reader.post(f"/{language}/reviews/practices/propose/", form)

    one = GoodPractice.objects.get()
    assert answer["Location"] == f"/{language}/reviews/practices/{one.pk}/"
    other = "en" if language == "ar" else "ar"
    assert (getattr(one, f"title_{language}"), getattr(one, f"title_{other}")) == ("مرافقات", None)
    assert (one.state, one.began_in, one.created_by) == ("proposed", 2024, seated)
    assert [objective.number for objective in one.objectives.all()] == [6]
    assert client.get(one.get_absolute_url()).status_code == 404
    assert reader.get(one.get_absolute_url()).status_code == 200
    practices.publish(one, by=secretary)
    assert client.get(one.get_absolute_url()).status_code == 200
    assert "مرافقات" in client.get(f"/{language}/reviews/practices/").content.decode()


def test_what_is_missing_is_said_and_kept(seated):
    answer = client_for(seated).post("/en/reviews/practices/propose/", {"title": "Companions", "began_in": "12"})

    assert answer.status_code == 400
    assert 'value="Companions"' in answer.content.decode()
    assert {"summary", "carried_by", "began_in", "completion"} <= set(answer.context["form"].errors)
    assert not GoodPractice.objects.exists()


def test_only_who_sits_in_a_group_proposes(client, editor, member):
    assert client.get("/en/reviews/practices/propose/").status_code == 302
    for user in (editor, member):
        assert client_for(user).get("/en/reviews/practices/propose/").status_code == 403
    with pytest.raises(PermissionDenied):
        practices.propose(GoodPractice(title_en="x", carried_by="y"), {}, by=editor)


def test_what_the_repository_cannot_do_without_has_to_be_met(secretary):
    bare = make_practice(state="proposed", objectives=[])
    with pytest.raises(ValidationError, match="which objectives it serves"):
        practices.publish(bare, by=secretary)
    begun = make_practice(state="proposed", completion="begun")
    with pytest.raises(ValidationError, match="only begun"):
        practices.publish(begun, by=secretary)
    silent = make_practice(state="proposed", summary_ar="", summary_en="")
    with pytest.raises(ValidationError, match="Say what is done"):
        practices.publish(silent, by=secretary)


def test_the_criteria_are_measured():
    one = make_practice(began_in=2018, completion="begun", is_innovative=True)

    assert [is_met for _sentence, is_met in one.criteria()] == [True, False, False, False, True, False]
    one.began_in, one.completion, one.is_replicable = 2019, "wholly", True
    one.principles.add(1)
    assert [is_met for _sentence, is_met in one.criteria()] == [True] * 6


def test_members_comment_and_others_do_not_read_it(client, seated):
    one = make_practice(state="published")
    reader = client_for(seated)
    assert reader.post(one.get_absolute_url(), {"says": "Also in Mauritania?"}).status_code == 302
    assert "Also in Mauritania?" in reader.get(one.get_absolute_url()).content.decode()
    assert "Also in Mauritania?" not in client.get(one.get_absolute_url()).content.decode()
    assert client.post(one.get_absolute_url(), {"says": "x"}).status_code == 403
    assert PracticeComment.objects.get().author == seated


def test_a_contribution_becomes_a_draft_of_the_catalogue_without_its_author_s_name(secretary, client):
    call = make_call({"kind": "text"})
    one = make_submission(
        call, state="published", kind="practice", text="نرافقهن", headline="مرافقات", person_name="Amina", spoken="ar"
    )
    one.objectives.add(6)

    practice = practices.take_from(one, by=secretary)

    assert (practice.state, practice.title_ar, practice.summary_ar) == ("draft", "مرافقات", "نرافقهن")
    assert (practice.title_en, practice.carried_by, practice.submission) == (None, "Not named", one)
    assert [objective.number for objective in practice.objectives.all()] == [6]
    challenge = make_submission(call, state="published", kind="challenge")
    with pytest.raises(ValidationError, match="Only a good practice"):
        practices.take_from(challenge, by=secretary)
    french = make_submission(call, state="published", kind="practice", spoken="fr")
    with pytest.raises(ValidationError, match="Translate its sentence"):
        practices.take_from(french, by=secretary)


def test_the_catalogue_is_filtered_and_leaves_as_a_table(client):
    make_practice(state="published", title_en="Companions", countries=["TN"], objectives=[6], carried_by="=Union")
    make_practice(state="published", title_en="School", countries=["MR"], objectives=[15])
    make_practice(state="proposed", title_en="Hidden")
    tunis = Country.objects.get(iso2="TN").pk

    def found(query: str) -> list[str]:
        return [one.title_en for one in client.get(f"/en/reviews/practices/?{query}").context["records"].page]

    assert found("") == ["School", "Companions"]
    assert found(f"country={tunis}") == ["Companions"]
    assert found("objective=15") == ["School"]
    assert found("words=companion") == ["Companions"]
    assert client.get("/en/reviews/practices/?objective=99").status_code == 400
    heading, row = rows_of(client, "/en/reviews/practices.csv?words=companion")
    assert heading[0] == "Title (Arabic)"
    assert row[1:2] + row[6:9] == ["Companions", "'=Union", "Tunisia", "6"]


# Pledges


def test_a_pledge_is_followed_in_public_once_it_is_published(client, editor):
    pledge = make_pledge(is_published=False)
    save_record(PledgeUpdate(pledge=pledge, text_en="Trained.", source="https://a.example/u"), by=None)
    assert client.get(pledge.get_absolute_url()).status_code == 404
    assert client_for(editor).get(pledge.get_absolute_url()).status_code == 200
    pledge.is_published = True
    save_record(pledge, by=None)

    page = client.get(pledge.get_absolute_url()).content.decode()

    for text in ("Palm Valley", "Trained.", "https://a.example/u", "Under way"):
        assert text in page


def test_pledges_are_filtered_and_leave_as_a_table(client):
    first = make_pledge(country="MA", orientations=["financial", "policy"])
    make_pledge(country="TN", state="kept")
    make_pledge(is_published=False)

    def found(query: str) -> int:
        return len(client.get(f"/en/reviews/pledges/?{query}").context["records"].page)

    assert (found(""), found("state=kept"), found(f"country={first.country_id}")) == (2, 1, 1)
    rows = rows_of(client, "/en/reviews/pledges.csv")
    assert len(rows) == 3
    assert "Money, Policy" in rows[1] + rows[2]


def test_only_a_matching_pledge_matches_another(client):
    first = make_pledge()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_pledge(paired_with=first)
    second = make_pledge(paired_with=first, form="matching")
    assert first.get_absolute_url() in client.get(second.get_absolute_url()).content.decode()
    Pledge.objects.filter(pk=first.pk).update(is_published=False)
    assert first.get_absolute_url() not in client.get(second.get_absolute_url()).content.decode()


# By topic


@pytest.mark.parametrize("language", ["ar", "en"])
def test_what_there_is_on_a_topic_stands_together(client, language):
    jordan = Country.objects.get(iso2="JO")
    one = make_submission(state="published", headline="كلمات عن الأجور")
    hidden = make_submission(one.call, state="received", headline="لم تُنشر")
    for submission in (one, hidden):
        submission.objectives.add(6)
        submission.countries.add(jordan)
    proposed = make_recommendation()
    proposed.objectives.add(6)
    practice = make_practice(state="published", countries=["JO"], objectives=[6])
    pledge = make_pledge(country="JO", objectives=[6])

    for address in ("objectives/6/", "countries/jo/"):
        page = client.get(f"/{language}/reviews/{address}").content.decode()
        assert "كلمات عن الأجور" in page
        assert "لم تُنشر" not in page
        assert practice.get_absolute_url().removeprefix("/en") in page
        assert pledge.get_absolute_url().removeprefix("/en") in page
        assert proposed.symbol not in page
    assert client.get(f"/{language}/reviews/objectives/24/").status_code == 404
    assert client.get(f"/{language}/reviews/countries/xx/").status_code == 404


def test_a_country_s_page_has_what_is_recommended_for_the_whole_region(client):
    jordan = Country.objects.get(iso2="JO")
    whole, own, other = (adopted() for _number in range(3))
    own.countries.add(jordan, Country.objects.get(iso2="TN"))
    other.countries.add(Country.objects.get(iso2="TN"))

    page = client.get("/en/reviews/countries/jo/")
    register = client.get(f"/en/reviews/3/recommendations/?country={jordan.pk}")

    assert list(page.context["recommendations"]) == [whole, own]
    assert list(register.context["records"].page) == [whole, own]


def test_the_lists_need_the_same_queries_for_one_and_for_many(client):
    pages = ["practices/", "pledges/", "objectives/6/", "topics/"]

    def fill(count: int) -> None:
        for _number in range(count):
            make_practice(state="published", countries=["JO"], objectives=[6])
            make_pledge(objectives=[6])

    fill(1)
    few = [count_queries(client, f"/en/reviews/{page}") for page in pages]
    fill(3)

    assert [count_queries(client, f"/en/reviews/{page}") for page in pages] == few
