"""An organisation asks to be listed by an e-mailed link, and the secretariat answers."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from apps.core.models import AuditDetail, OutgoingMail
from apps.stakeholders.joining import services
from apps.stakeholders.models import Constituency, Country, JoinRequest, Person
from apps.stakeholders.privacy import erase_person, held_about
from config.settings import base
from tests.factories import client_for, make_join_request

State = JoinRequest.State
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_once(settings):
    """Answers need not take as long as in use."""
    settings.EVEN_ANSWERS_TAKE = 0


@pytest.fixture
def mails(settings):
    """The link in the newest mail, before it is sent and forgotten."""

    def link() -> str:
        return re.search(r"https?://\S+", OutgoingMail.objects.latest("pk").text)[0].removeprefix(settings.SITE_URL)

    return link


def opened(page) -> dict:
    """What the page's form carries unseen."""
    form = page.context["form"]
    return {name: form.initial[name] for name in ("opened_revision", "opened_values")}


def save(client, address: str, **fields):
    return client.post(address, {**opened(client.get(address)), **fields})


def keys(**fields) -> dict:
    return {
        "constituency": Constituency.objects.get(code="trade-unions").pk,
        "country": Country.objects.get(iso2="YE").pk,
        **fields,
    }


# Writing


@pytest.mark.parametrize("language", ["ar", "en"])
def test_an_organisation_writes_stops_goes_on_and_sends(client, mails, language):
    begun = client.post(f"/{language}/group/join/", {"email": "Office@Union.example"})
    assert begun.status_code == 200
    link = mails()
    assert link.startswith(f"/{language}/group/join/")
    assert OutgoingMail.objects.get().to == "office@union.example"

    first = client.get(link)
    assert first["Location"] == f"{link}organisation/"
    address = first["Location"]
    after = save(client, address, **keys(name_ar="نقابة الصيّادين", name_en="Fishers’ Union", acronym="FU"))
    assert after["Location"] == f"{link}work/"
    stopped = save(client, f"{link}work/", objectives=[6], languages=["ar", "so"], website="union.example", later="1")
    assert stopped["Location"] == link
    overview = client.get(link)
    assert [part for part, _sentence in overview.context["missing"]] == ["contact", "contact"]
    assert 'value="send"' not in overview.content.decode()
    fields = {"contact_name": "Amal", "phone": "٠٠٩٦٧ ١ ٢٣٤٥٦", "channels": ["phone"], "language": language}
    save(client, f"{link}contact/", shown_to="public", **fields)
    sent = client.post(link, {"step": "send"}, follow=True)

    request = JoinRequest.objects.get()
    assert request.state == State.SENT
    assert (request.name_ar, request.name_en, request.acronym) == ("نقابة الصيّادين", "Fishers’ Union", "FU")
    assert (request.website, request.phone) == ("https://union.example", "00967 1 23456")
    assert (request.languages, request.channels) == (["ar", "so"], ["phone"])
    assert [one.pk for one in request.objectives.all()] == [6]
    assert sent.context["found"].state == State.SENT
    assert (
        OutgoingMail.objects.latest("pk").subject
        == {
            "ar": "وصل طلبكم إدراج نقابة الصيّادين",
            "en": "Received: your request to list Fishers’ Union",
        }[language]
    )


def test_the_same_address_gets_the_same_draft_again(client, mails):
    client.post("/en/group/join/", {"email": "office@union.example"})
    link = mails()
    save(client, f"{link}organisation/", **keys(name_en="Fishers"))
    again = client.post("/ar/group/join/", {"email": "office@union.example"})

    assert again.status_code == 200
    assert mails() == link
    assert JoinRequest.objects.count() == 1


def test_what_cannot_be_saved_is_shown_with_what_was_typed(client):
    request = make_join_request()
    address = f"/en/group/join/{request.token}/contact/"

    answer = save(client, address, contact_name="Amal", phone="call me", language="en")

    assert answer.status_code == 400
    html = answer.content.decode()
    assert 'value="Amal"' in html
    assert 'value="call me"' in html
    assert "Write the number with its country" in html
    assert JoinRequest.objects.get().contact_name == ""


def test_two_devices_do_not_overwrite_each_other(client):
    request = make_join_request(name_en="First")
    address = f"/en/group/join/{request.token}/organisation/"
    held = opened(client.get(address))
    save(client, address, **keys(name_en="Second"))

    answer = client.post(address, {**held, **keys(name_en="Third")})

    assert answer.status_code == 409
    assert {"Second", "Third"} <= {answer.context["form"].conflicts["name_en"].theirs, "Third"}
    assert JoinRequest.objects.get().name_en == "Second"


def test_an_unfinished_request_is_not_sent(client):
    request = make_join_request(name_en="Fishers")

    answer = client.post(f"/en/group/join/{request.token}/", {"step": "send"})

    assert answer.status_code == 409
    assert "The constituency." in answer.content.decode()
    assert JoinRequest.objects.get().state == State.DRAFT


def test_sent_twice_it_is_sent_once(client):
    request = make_join_request(sent=True)

    client.post(f"/en/group/join/{request.token}/", {"step": "send"})

    assert OutgoingMail.objects.count() == 1
    assert JoinRequest.objects.get().sent_at == request.sent_at


def test_what_was_sent_is_not_written_any_more(client):
    request = make_join_request(sent=True)
    address = f"/en/group/join/{request.token}/organisation/"

    assert client.get(address)["Location"] == f"/en/group/join/{request.token}/"
    assert client.post(address, {"name_en": "Another"}).status_code == 302
    assert JoinRequest.objects.get().name_en == request.name_en
    with pytest.raises(ValidationError):
        services.save_part(request, {})


def test_it_is_taken_back_and_no_word_of_it_stays(client):
    request = make_join_request(sent=True, name_ar="كناري", about="Canary", phone="+967 1 234567")
    request.objectives.add(6)

    client.post(f"/en/group/join/{request.token}/", {"step": "withdraw"})

    row = JoinRequest.objects.get()
    assert row.state == State.WITHDRAWN
    assert (row.name_ar, row.name_en, row.about, row.contact_name, row.phone) == (None, None, "", "", "")
    assert not row.objectives.exists()
    assert "You have taken this request back" in client.get(f"/en/group/join/{request.token}/").content.decode()


# Strangers with bad intent


@pytest.mark.parametrize("token", ["x", "WzEsMV0:1abcde:forged", "a" * 300])
def test_a_forged_link_opens_nothing(client, token):
    make_join_request(sent=True)

    answer = client.get(f"/en/group/join/{token}/")

    assert answer.status_code == 404
    assert "This link works no more" in answer.content.decode()


def test_a_link_that_was_made_worthless_opens_nothing(client):
    request = make_join_request(sent=True)
    address = f"/en/group/join/{request.token}/"
    JoinRequest.objects.update(link_number=2)

    assert client.get(address).status_code == 404


def test_an_address_gets_three_mails_an_hour_and_not_more(client, settings):
    settings.ACCOUNT_RATE_LIMITS = base.ACCOUNT_RATE_LIMITS
    answers = [client.post("/en/group/join/", {"email": "victim@example.org"}).status_code for _number in range(4)]

    assert answers == [200, 200, 200, 429]
    assert OutgoingMail.objects.count() == 3


@pytest.mark.parametrize(
    "email",
    [
        "a@example.org\nBcc: b@example.org",
        "a@example.org,b@example.org",
        "a" * 300 + "@example.org",
        "a@",
        "\u202ea@b.c",
    ],
)
def test_s53_an_address_that_is_none_gets_no_mail(client, email):
    assert client.post("/en/group/join/", {"email": email}).status_code == 400
    assert not OutgoingMail.objects.exists()


def test_s55_an_invisible_letter_in_the_name_is_refused(client):
    request = make_join_request()

    answer = save(client, f"/en/group/join/{request.token}/organisation/", **keys(name_en="Fish\u202eers"))

    assert answer.status_code == 400
    assert "There is an invisible character" in answer.content.decode()


def test_nothing_a_stranger_wrote_is_in_the_trail_or_seen_by_others(client, editor, translator, member):
    request = make_join_request(sent=True, name_en="Canary union", about="Canary about", contact_name="Canary person")

    for detail in AuditDetail.objects.all():
        assert "anary" not in f"{detail.label} {detail.changes}"
    for user in (editor, translator, member):
        assert not JoinRequest.objects.visible_to(user).exists()
    assert "anary" not in client.get("/en/group/directory/").content.decode()
    assert JoinRequest.objects.waiting().get() == request


def test_a_draft_is_its_writers_alone(secretary):
    make_join_request(name_en="Canary draft")

    page = client_for(secretary).get("/en/admin/stakeholders/joinrequest/?state=all").content.decode()

    assert "Canary draft" not in page


# What is kept


def test_requests_go_when_their_time_is_over(secretary, settings):
    def age(request, days: int) -> None:
        JoinRequest.objects.filter(pk=request.pk).update(updated_at=timezone.now() - timedelta(days=days))

    old_draft, young_draft = make_join_request(), make_join_request()
    waiting, refused, young = (make_join_request(sent=True) for _number in range(3))
    for request in (refused, young):
        services.refuse(request, by=secretary, reason="No")
    age(old_draft, 31)
    age(young_draft, 29)
    age(waiting, 400)
    age(refused, 181)
    age(young, 179)

    call_command("apply_retention")

    assert set(JoinRequest.objects.all()) == {young_draft, waiting, young}


def test_s67_who_asked_is_given_what_is_held_and_erased_with_it(secretary):
    request = make_join_request(sent=True, contact_name="Canary", about="Canary about")
    services.accept(request, by=secretary)
    person = Person.objects.get()

    assert held_about(person)["join_requests"][0]["contact_name"] == "Canary"
    erase_person(person, by=secretary, reason="Asked")

    assert not JoinRequest.objects.exists()
    assert "Canary" not in str(list(Person.objects.values()))
