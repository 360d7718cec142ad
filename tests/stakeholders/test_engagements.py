"""The engagement log: by hand and by itself, promises, files, and who may read it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import RequestFactory
from django.utils import timezone

from apps.accounts.roles import Role
from apps.core.current import RequestMiddleware
from apps.core.models import AuditDetail, AuditEntry
from apps.core.records import save_with_links
from apps.meetings import attendance
from apps.stakeholders import services
from apps.stakeholders.engagements import log_from, save_engagement
from apps.stakeholders.models import Commitment, Engagement, EngagementFile, Organisation
from tests.factories import (
    client_for,
    make_engagement,
    make_group,
    make_meeting,
    make_member,
    make_organisation,
    make_participant,
    make_person,
    make_user,
    pdf_in,
)

_EMPTY = {f"{rows}-{name}": "0" for rows in ("commitments", "files") for name in ("TOTAL_FORMS", "INITIAL_FORMS")}


def form(**fields) -> dict:
    return {**_EMPTY, "happened_on": "2026-11-02", "kind": "call", "subject": "Recruitment fees", **fields}


def test_the_secretariat_logs_an_engagement_with_promise_and_file(db, secretary, log_in):
    organisation, person = make_organisation(), make_person()
    rows = {"commitments-TOTAL_FORMS": "1", "commitments-0-text": "Send the paper", "commitments-0-owner": secretary.pk}
    rows |= {"commitments-0-due_on": "٢٠٢٦-١٢-٠١", "commitments-0-state": "open"}
    letter = SimpleUploadedFile("letter.pdf", pdf_in("ar"), content_type="application/pdf")
    rows |= {"files-TOTAL_FORMS": "1", "files-0-title": "رسالة", "files-0-file": letter}
    sent = form(organisations=[organisation.pk], people=[person.pk], objectives=["6"], said="Too high", **rows)

    answer = log_in(secretary).post("/ar/admin/stakeholders/engagement/add/", sent)

    assert answer.status_code == 302
    kept = Engagement.objects.get()
    assert (kept.happened_on, kept.created_by, kept.said) == (date(2026, 11, 2), secretary, "Too high")
    assert (list(kept.organisations.all()), list(kept.people.all())) == ([organisation], [person])
    promise = Commitment.objects.get()
    assert (promise.owner, promise.due_on) == (secretary, date(2026, 12, 1))
    file = log_in(secretary).get(
        f"/en/admin/stakeholders/engagement/{kept.pk}/files/{EngagementFile.objects.get().pk}/"
    )
    assert b"".join(file.streaming_content) == pdf_in("ar")
    assert file["Cache-Control"] == "private, no-store"
    assert AuditEntry.objects.filter(action="downloaded", actor=secretary).count() == 1


@pytest.mark.parametrize("language", ["ar", "en"])
def test_what_has_not_been_is_not_logged(db, secretary, log_in, language):
    tomorrow = timezone.localdate() + timedelta(days=1)

    with pytest.raises(ValidationError) as error:
        save_engagement(Engagement(subject="x", happened_on=tomorrow), by=secretary)
    assert list(error.value.message_dict) == ["happened_on"]

    html = (
        log_in(secretary)
        .post(f"/{language}/admin/stakeholders/engagement/add/", form(happened_on=tomorrow.isoformat()))
        .content.decode()
    )
    refused = {"en": "The log tells what has been.", "ar": "يسجّل هذا السجل ما حدث فعلاً."}
    assert refused[language] in html
    assert not Engagement.objects.exists()


def test_who_attended_a_meeting_is_in_the_log_by_itself_and_once(db, secretary):
    group = make_group()
    organisation = make_organisation()
    meeting = make_meeting(group, day=date(2026, 1, 5), title_ar="الاجتماع الأول")
    there, away = (make_person(organisation=organisation) for _person in range(2))
    participants = [make_participant(meeting, person) for person in (there, away)]

    for _time in range(2):
        noted = {participants[0].pk: "online", participants[1].pk: "absent"}
        attendance.note_all(meeting, by=secretary, attendances=noted)

    entry = Engagement.objects.get()
    assert (entry.source, entry.happened_on, entry.subject) == (
        f"meeting:{meeting.pk}",
        date(2026, 1, 5),
        "الاجتماع الأول",
    )
    assert (list(entry.people.all()), list(entry.organisations.all())) == ([there], [organisation])

    attendance.note_all(meeting, by=secretary, attendances={participants[0].pk: ""})
    assert not Engagement.objects.exists()


def test_what_came_by_itself_keeps_its_date_and_people_in_the_form(db, secretary, log_in):
    entry = log_from(
        "meeting:7",
        by=secretary,
        kind="meeting",
        happened_on=date(2026, 1, 5),
        subject="Seventh",
        people=[make_person()],
    )

    page = log_in(secretary).get(f"/en/admin/stakeholders/engagement/{entry.pk}/change/")

    names = page.context["adminform"].form.fields
    assert {"happened_on", "people", "organisations"}.isdisjoint(names)
    assert "said" in names


def test_the_name_of_a_protected_person_is_not_in_the_log(db, secretary, log_in):
    person = make_person(name_en="Canary name", name_ar="اسم الكناري")
    entry = make_engagement(people=[person])
    auto = log_from("meeting:7", by=None, kind="meeting", happened_on=date(2026, 1, 5), subject="x", people=[person])
    services.protect(person, by=secretary, guardians=[secretary], reason="Threats")
    officer = client_for(make_user(Role.SECRETARIAT))
    for pk in (entry.pk, auto.pk):
        html = officer.get(f"/en/admin/stakeholders/engagement/{pk}/change/").content.decode()
        assert "Canary" not in html
        assert "A protected person" in html
    assert officer.get("/en/admin/stakeholders/engagement/?q=canary").context["cl"].result_count == 0


def test_s20_the_trail_of_an_engagement_names_no_protected_person(db, secretary, log_in):
    person = make_person(name_en="Canary name", name_ar="اسم الكناري")
    other = make_person(name_en="Open name")
    services.protect(person, by=secretary, guardians=[secretary], reason="Threats")

    log_in(secretary).post("/en/admin/stakeholders/engagement/add/", form(people=[person.pk, other.pk]))

    assert set(Engagement.objects.get().people.all()) == {person, other}
    detail = AuditDetail.objects.get(entry__model="stakeholders.engagement", changes__has_key="people")
    assert detail.changes["people"] == ["", "A protected person, Open name"]


def test_s20_a_record_saved_with_its_people_names_no_protected_one(db, secretary):
    person = make_person(name_en="Canary name")
    services.protect(person, by=secretary, guardians=[secretary], reason="Threats")
    talk = Engagement(subject="Talk", happened_on=date(2026, 1, 5))

    request = RequestFactory().post("/")
    request.user = secretary
    RequestMiddleware(lambda request: save_with_links(talk, {"people": [person]}, by=request.user))(request)

    kept = AuditDetail.objects.get(entry__model="stakeholders.engagement").changes
    assert kept["people"] == ["", "A protected person"]


@pytest.mark.parametrize("reader", ["editor", "translator", "member"])
def test_s20_the_log_is_for_those_who_keep_it(request, db, reader):
    user = make_member(make_group()) if reader == "member" else request.getfixturevalue(reader)
    make_engagement(subject="Canary subject")

    assert not Engagement.objects.visible_to(user).exists()
    assert client_for(user).get("/en/admin/stakeholders/engagement/").status_code == (
        302 if reader == "member" else 403
    )


def test_overdue_promises_are_on_the_dashboard(db, secretary, log_in):
    yesterday = timezone.localdate() - timedelta(days=1)
    entry = make_engagement()
    for state, due in (("open", yesterday), ("kept", yesterday), ("open", timezone.localdate())):
        Commitment.objects.create(engagement=entry, text="x", state=state, due_on=due)

    assert "1 commitment is overdue." in log_in(secretary).get("/en/admin/").content.decode()
    found = log_in(secretary).get("/en/admin/stakeholders/engagement/?commitments=overdue")
    assert list(found.context["cl"].result_list) == [entry]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_needs_the_same_queries(db, secretary, log_in, count, django_assert_num_queries):
    for _number in range(count):
        make_engagement(organisations=[make_organisation()])
    browser = log_in(secretary)
    browser.get("/en/admin/stakeholders/engagement/")

    with django_assert_num_queries(12):
        browser.get("/en/admin/stakeholders/engagement/")


def test_whoever_was_there_is_listed_as_the_language_writes_lists(db, secretary, log_in):
    make_engagement(organisations=[make_organisation(name_ar=name, name_en=name) for name in ("One", "Two")])

    for language, names in (("ar", "One، Two"), ("en", "One, Two")):
        html = log_in(secretary).get(f"/{language}/admin/stakeholders/engagement/").content.decode()
        assert f'<td class="field-with_whom">{names}</td>' in html


def test_who_was_heard_is_not_deleted(db, secretary, log_in):
    organisation = make_organisation()
    make_engagement(organisations=[organisation])

    answer = log_in(secretary).post(f"/en/admin/stakeholders/organisation/{organisation.pk}/delete/", {"post": "yes"})

    assert answer.status_code == 403
    assert Organisation.objects.exists()


def test_the_demonstration_has_heard_people_in_this_cycle(db):
    call_command("seed_demo", verbosity=0)
    call_command("seed_demo", verbosity=0)

    by_itself = Engagement.objects.exclude(source=None).count()
    assert (Engagement.objects.filter(source=None).count(), by_itself > 0) == (6, True)
