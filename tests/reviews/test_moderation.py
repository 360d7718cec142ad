"""What the secretariat does with a contribution, what its author is told, and who learns what."""

import csv
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from apps.accounts.privacy import erase
from apps.core.models import OutgoingMail
from apps.core.privacy import personal_data
from apps.core.records import save_record
from apps.reviews import moderation
from apps.reviews.models import Answer, Submission
from apps.reviews.submitting import services
from apps.stakeholders.models import Country, Engagement
from apps.stakeholders.privacy import erase_person, held_about
from tests.factories import client_for, make_organisation, make_person, make_user
from tests.reviews.made import make_call, make_submission

pytestmark = pytest.mark.django_db
State = Submission.State
CANARY = "Canary Amina"


def news() -> str:
    return OutgoingMail.objects.latest("pk").text


# Steps


def test_the_author_is_told_at_each_step_in_her_language():
    one = make_submission(state="received", email="a@example.org", language="ar")
    one = moderation.look_at(one, by=None)
    assert (one.state, "تقرأ الأمانة مساهمتكم الآن." in news()) == (State.MODERATION, True)
    one = moderation.publish(one, by=None)
    assert (one.state, "نُشرت مساهمتكم" in news()) == (State.PUBLISHED, True)
    assert one.link in news()
    assert OutgoingMail.objects.filter(to="a@example.org", is_secret=True).count() == 3


def test_the_reason_for_not_publishing_reaches_its_author(client):
    one = make_submission(state="received", email="a@example.org")

    one = moderation.decline(one, by=None, reason="It names a third person.")

    assert one.state == State.DECLINED
    assert "It names a third person." in news()
    page = client.get(f"/en/have-your-say/mine/{one.token}/").content.decode()
    assert "It names a third person." in page


def test_a_confidential_one_is_taken_in_and_never_published():
    one = make_submission(state="received", attribution="confidential")
    with pytest.raises(ValidationError, match="does not want it to be shown"):
        moderation.publish(one, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(pk=one.pk).update(state="published")
    assert moderation.note(one, by=None).state == State.NOTED
    open_one = make_submission(state="received")
    with pytest.raises(ValidationError, match="wants it to be shown"):
        moderation.note(open_one, by=None)


def test_one_that_says_the_same_is_merged_and_a_double_set_aside():
    call = make_call()
    first, second, third = (make_submission(call, state="received", email=f"{n}@example.org") for n in "abc")
    moderation.publish(first, by=None)

    second = moderation.merge(second, by=None, into=first)
    third = moderation.set_aside(third, by=None, into=first)

    assert (second.state, second.part_of) == (State.MERGED, first)
    assert (third.state, third.part_of) == (State.DUPLICATE, first)
    assert set(Submission.objects.counted()) == {first, second}


@pytest.mark.parametrize("step", [moderation.merge, moderation.set_aside])
def test_what_stood_in_one_that_goes_stands_in_the_other(step):
    call = make_call()
    first, second, third = (make_submission(call, state="received") for _number in range(3))
    moderation.merge(first, by=None, into=second)

    step(second, by=None, into=third)

    first.refresh_from_db()
    assert (first.state, first.part_of) == (State.MERGED, third)
    assert set(third.parts.all()) == {first, second}


def test_nothing_is_merged_with_what_does_not_stand():
    call = make_call()
    one, other = make_submission(call, state="received"), make_submission(call, state="received")
    elsewhere = make_submission(make_call(cycle=2), state="received")
    secret = make_submission(call, state="received", attribution="confidential")
    declined = moderation.decline(make_submission(call, state="received"), by=None, reason="x")
    for into in (one, elsewhere, declined):
        with pytest.raises(ValidationError, match="Choose another contribution"):
            moderation.merge(one, by=None, into=into)
    with pytest.raises(ValidationError, match="confidential contribution is not joined"):
        moderation.merge(secret, by=None, into=other)


@pytest.mark.parametrize("state", ["published", "noted", "draft"])
def test_a_step_is_taken_once(state):
    attribution = "confidential" if state == "noted" else "anonymous"
    one = make_submission(state=state, attribution=attribution)
    for step, more in (
        (moderation.publish, {}),
        (moderation.note, {}),
        (moderation.look_at, {}),
        (moderation.decline, {"reason": "x"}),
    ):
        with pytest.raises(ValidationError, match="taken already"):
            step(one, by=None, **more)


def test_only_the_secretariat_decides(editor, auditor, translator, member):
    one = make_submission(state="received")
    for user in (editor, auditor, translator, member):
        with pytest.raises(PermissionDenied):
            moderation.publish(one, by=user)


# The engagement log


def test_a_named_contribution_is_in_the_log_of_its_organisation_once_and_goes_with_it():
    organisation = make_organisation()
    one = make_submission(
        state="published", attribution="organisation", organisation_name="River", organisation=organisation
    )
    entry = Engagement.objects.get()
    assert (entry.kind, list(entry.organisations.all())) == ("submission", [organisation])
    moderation.log(one, by=None)
    assert Engagement.objects.count() == 1
    services.withdraw(one)
    assert not Engagement.objects.exists()


def test_the_log_follows_the_organisation_that_is_chosen_later(secretary):
    one = make_submission(state="published", attribution="organisation", organisation_name="River")
    waiting = make_submission(one.call, state="received", attribution="named", person_name="Amina")
    nameless = make_submission(one.call, state="published")
    organisation = make_organisation()

    for chosen in (one, waiting, nameless):
        chosen.organisation = organisation
        moderation.keep(chosen, by=secretary)

    entry = Engagement.objects.get()
    assert (entry.source, list(entry.organisations.all())) == (services.source_of(one), [organisation])
    assert entry.created_by == secretary
    one.organisation = None
    moderation.keep(one, by=secretary)
    assert not Engagement.objects.exists()
    with pytest.raises(PermissionDenied):
        moderation.keep(one, by=make_user())


@pytest.mark.parametrize(("attribution", "state"), [("anonymous", "published"), ("confidential", "noted")])
def test_the_log_names_nobody_who_does_not_want_it(attribution, state):
    make_submission(state=state, attribution=attribution, organisation=make_organisation())

    assert not Engagement.objects.exists()


# Who reads what


def canary(attribution: str, state: str = "published", **fields) -> Submission:
    call = make_call({"kind": "text"})
    return make_submission(
        call, state=state, text="What happened", attribution=attribution, email="canary@example.org",
        person_name=CANARY, organisation_name="Canary River", country=Country.objects.get(iso2="MR"), **fields,
    )  # fmt: skip


def public_pages(one: Submission) -> list[str]:
    below = f"reviews/{one.cycle.number}"
    pages = [f"{below}/submissions/{one.number}/", f"{below}/submissions/", f"{below}/submissions.csv", f"{below}/"]
    pages += [f"{below}/trace/", f"{below}/trace.csv", f"{below}/trace.json", f"{below}/trace.svg", "have-your-say/"]
    return [f"/{language}/{page}" for language in ("ar", "en") for page in pages]


def body(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode() + str(response.headers)


@pytest.mark.parametrize("attribution", ["anonymous", "confidential", "organisation", "named"])
def test_nobody_learns_more_of_the_author_than_she_allows(client, member, editor, translator, auditor, attribution):
    one = canary(attribution, "noted" if attribution == "confidential" else "published")
    clients = [client, *map(client_for, (member, editor, translator, auditor))]
    for address in public_pages(one):
        for reader in clients:
            text = body(reader.get(address))
            assert "canary@example.org" not in text, address
            assert (CANARY in text) <= (attribution == "named"), address
            assert ("Canary River" in text) <= (attribution in ("named", "organisation")), address
            if attribution == "confidential":
                assert "RR-3/S1" not in text, address
                assert "لم أجد من يساعدني" not in text, address
    if attribution == "named":
        assert CANARY in body(client.get(one.get_absolute_url()))
    if attribution == "anonymous":
        page = client.get(one.get_absolute_url()).content.decode()
        assert "Its author wants no name to be shown." in page
        assert "Mauritania" not in page
        assert "Migrants<" not in page


@pytest.mark.parametrize("role", ["editor", "translator", "auditor"])
def test_only_the_secretariat_finds_contributions_in_the_back_office(request, role, secretary):
    one = canary("anonymous")
    address = f"/en/admin/reviews/submission/{one.pk}/change/"

    assert client_for(request.getfixturevalue(role)).get(address).status_code == 403
    page = client_for(secretary).get(address).content.decode()
    assert CANARY in page
    assert "canary@example.org" in page


@pytest.mark.parametrize("state", ["received", "moderation", "merged", "duplicate", "declined", "withdrawn", "noted"])
def test_what_is_not_published_has_no_page(client, state, auditor):
    one = make_submission(state="received")
    Submission.objects.filter(pk=one.pk).update(state=state, answer="x")
    for reader in (client, client_for(auditor)):
        assert reader.get(f"/en/reviews/3/submissions/{one.number}/").status_code == 404


# Redaction and translation


def test_what_is_taken_out_stands_beside_the_original(client, secretary):
    call = make_call({"kind": "text"}, {"kind": "text", "order": 2})
    one = make_submission(call, text="The clerk Karim K. took my passport.", headline="Karim took it")
    first, second = call.questions.all()
    services.save_answers(one, {second: {"text": "withheld words"}}, {})
    one = moderation.publish(services.send(one), by=None)
    answer, withheld = one.answers.all()
    answer.shown, withheld.is_withheld, one.headline_shown = "The clerk […] took my passport.", True, "[…] took it"
    for record in (answer, withheld, one):
        save_record(record, by=secretary)

    for address in public_pages(one):
        text = body(client.get(address))
        assert "Karim" not in text, address
        assert "withheld words" not in text, address
    page = client.get(one.get_absolute_url()).content.decode()
    assert "The clerk […] took my passport." in page
    assert "Shortened by the secretariat to protect people." in page
    assert Answer.objects.get(pk=answer.pk).value == {"text": "The clerk Karim K. took my passport."}
    desk = client_for(secretary).get(f"/en/admin/reviews/submission/{one.pk}/change/").content.decode()
    assert "The clerk Karim K. took my passport." in desk
    assert first.pk == answer.question_id


@pytest.mark.parametrize(("language", "label"), [("ar", "ترجمة"), ("en", "Translation")])
def test_a_translation_is_marked_as_one_and_the_original_stays(client, language, label):
    call = make_call({"kind": "text"})
    one = make_submission(call, state="published", text="Personne n’a aidé.", spoken="fr", headline="Sans papiers")
    one.rendered_ar, one.rendered_en = "بلا أوراق", "Without papers"
    answer = one.answers.get()
    answer.rendered_ar, answer.rendered_en = "لم يساعد أحد.", "Nobody helped."
    save_record(one, by=None)
    save_record(answer, by=None)

    page = client.get(f"/{language}/reviews/3/submissions/1/").content.decode()

    shown = {"ar": ("بلا أوراق", "لم يساعد أحد."), "en": ("Without papers", "Nobody helped.")}
    for text in ("Sans papiers", "Personne n’a aidé.", *shown[language]):
        assert text in page
    other = shown["en" if language == "ar" else "ar"]
    assert other[1] not in page
    assert page.count(f">{label}<") == 2
    assert 'lang="fr"' in page


# The register


def rows_of(client, address: str) -> list[list[str]]:
    response = client.get(address)
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


def test_the_register_is_filtered_and_leaves_as_a_table(client):
    call = make_call({"kind": "text"})
    first = make_submission(call, state="published", text="=cmd()", headline="أجور متأخّرة", kind="challenge")
    make_submission(call, state="published", headline="مدرسة للجميع", kind="practice")
    first.countries.add(Country.objects.get(iso2="JO"))
    first.objectives.add(6)

    def found(query: str) -> list[int]:
        page = client.get(f"/en/reviews/3/submissions/?{query}").context["records"].page
        return [one.number for one in page]

    jordan = Country.objects.get(iso2="JO").pk
    assert found("") == [2, 1]
    assert found("kind=practice") == [2]
    assert found("words=متأخرة") == [1]
    assert found("objective=6") == [1]
    assert found(f"country={jordan}") == [1]
    assert client.get("/en/reviews/3/submissions/?kind=wrong").status_code == 400
    heading, row = rows_of(client, "/en/reviews/3/submissions.csv?kind=challenge")
    assert heading == [
        "Number", "Author", "Kind", "Language", "In one sentence", "Objectives", "Countries", "Question 1",
    ]  # fmt: skip
    assert row == [
        "RR-3/S1", "Without a name", "Challenge", "Arabic", "أجور متأخّرة", "6", "Jordan", "'=cmd()",
    ]  # fmt: skip


def test_the_table_does_not_tell_what_a_call_asks_before_it_is_published(client, secretary):
    make_submission(make_call({"kind": "text"}), state="published")
    make_call({"kind": "text", "wording_en": "Hidden question"}, is_published=False)
    address = "/en/reviews/3/submissions.csv"

    assert rows_of(client, address)[0][7:] == ["Question 1"]
    assert rows_of(client_for(secretary), address)[0][7:] == ["Hidden question", "Question 1"]


def test_a_file_is_in_no_table_and_on_no_page(client):
    one = make_submission(make_call({"kind": "file"}))
    answer = Answer(
        submission=one, question=one.call.questions.get(), kind="file", asked_en="Your paper", shown="Canary"
    )
    save_record(answer, by=None)
    one = moderation.publish(services.send(one), by=None)

    for address in public_pages(one):
        assert "Canary" not in body(client.get(address)), address


# What belongs to a person


def test_a_person_takes_what_she_said_and_leaves_without_her_name(secretary, member):
    one = make_submission(
        state="published", email=member.email, attribution="named", person_name=CANARY, organisation_name="River"
    )
    assert personal_data(member)["contributions"][0]["headline"] == "لم أجد من يساعدني"

    erase(member, by=secretary, reason="asked", email=member.email)

    one.refresh_from_db()
    assert (one.state, one.attribution, one.email, one.person_name) == ("published", "anonymous", "", "")
    assert one.organisation_name == ""


def test_somebody_without_an_account_does_too(secretary):
    person = make_person(email="amina@example.org")
    one = make_submission(state="published", email="amina@example.org", attribution="named", person_name=CANARY)
    assert held_about(person)["contributions"][0]["person_name"] == CANARY

    erase_person(person, by=secretary, reason="asked")

    one.refresh_from_db()
    assert (one.attribution, one.person_name, one.email) == ("anonymous", "", "")


def test_the_auditor_does_not_learn_from_the_list_of_mails_who_wrote(auditor, secretary):
    make_submission(state="received", email="canary@example.org")
    address = "/en/admin/core/outgoingmail/"

    assert "canary@example.org" in client_for(secretary).get(address).content.decode()
    assert "canary@example.org" not in client_for(auditor).get(address).content.decode()
