"""A mail to a segment: complete, shown before, approved by a second person, throttled, stopped, each once and in her
own language."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.roles import Role
from apps.core import outbox
from apps.core.models import MailAddress, OutgoingMail
from apps.core.outbox import addresses
from apps.core.site import tasks_for
from apps.outreach import admin, announcements, audience
from apps.outreach.models import Announcement, Recipient
from apps.stakeholders.models import Engagement
from tests.factories import (
    make_document,
    make_group,
    make_meeting,
    make_member,
    make_organisation,
    make_person,
    make_user,
)
from tests.outreach.made import make_announcement, make_segment

pytestmark = pytest.mark.django_db
State = Announcement.State


@pytest.fixture
def people(db):
    """One of each language, one without an address, one with the same address as the first, one unknown language."""
    return [
        make_person(name_en="Layla", name_ar="ليلى", email="layla@example.org", languages=["ar"]),
        make_person(name_en="Sam", name_ar="سام", email="sam@example.org", languages=["en", "fr"]),
        make_person(name_en="Nobody", name_ar="لا أحد", email=""),
        make_person(name_en="Twin", name_ar="توأم", email="LAYLA@example.org", languages=["en"]),
        make_person(name_en="Unknown", name_ar="مجهول", email="unknown@example.org"),
    ]


def sent_to() -> dict[str, str]:
    rows = OutgoingMail.objects.filter(kind="announcement").order_by("pk")
    return dict(rows.values_list("to", "language"))


def paper_links() -> dict[str, int]:
    return {mail.to: mail.text.count("/papers/") for mail in OutgoingMail.objects.filter(kind="announcement")}


def again(announcement: Announcement) -> Announcement:
    return Announcement.objects.get(pk=announcement.pk)


# The list


def test_the_list_says_who_gets_it_and_who_not_and_why(people, secretary):
    MailAddress.objects.create(email="sam@example.org", stopped_at=timezone.now())

    found = {str(one.record): (one.language, str(one.problem)) for one in audience.of(make_segment(), secretary)}

    assert found == {
        "Layla": ("ar", ""),
        "Sam": ("en", "the mailbox takes no mails"),
        "Nobody": ("ar", "no e-mail address"),
        "Twin": ("en", "the same address as somebody before"),
        "Unknown": ("ar", ""),
    }


def test_who_has_an_account_is_written_to_there_in_her_language(secretary):
    member = make_member(make_group(), language="en")
    person = member.person
    person.email, person.languages = "", ["ar"]
    person.save(update_fields=["email", "languages"])

    (one,) = audience.of(make_segment(), secretary)

    assert (one.email, one.language) == (member.person.user.email, "en")


def test_organisations_are_written_to_at_their_own_address(secretary):
    make_organisation(name_en="Union", email="union@example.org", languages=["en"])

    (one,) = audience.of(make_segment("organisations"), secretary)

    assert (str(one.record), one.email, one.language) == ("Union", "union@example.org", "en")


def test_whom_the_sender_may_not_know_of_is_not_on_the_list(secretary):
    make_person(name_en="Protected", email="p@example.org", is_at_risk=True)

    assert audience.of(make_segment(), secretary) == []


# Sending


def test_each_gets_it_once_in_her_language(people, secretary):
    announcement = announcements.ask(make_announcement(), by=secretary)

    counts = [announcements.push(timezone.now()) for _time in range(3)]

    assert counts == [3, 0, 0]
    assert sent_to() == {"layla@example.org": "ar", "sam@example.org": "en", "unknown@example.org": "ar"}
    arabic = OutgoingMail.objects.get(to="layla@example.org")
    assert arabic.subject == "دعوة إلى المشاورة"
    assert "ليلى" in arabic.text
    assert "Layla" not in arabic.text
    assert again(announcement).state == State.SENDING


def test_when_all_have_left_it_is_done_and_the_log_says_whom_it_reached(people, secretary):
    announcement = announcements.ask(make_announcement(), by=secretary)
    announcements.push(timezone.now())
    outbox.send_waiting()

    announcements.push(timezone.now())

    assert again(announcement).state == State.SENT
    assert announcements.result(announcement) == {
        "total": 3, "waits": 0, "sent": 3, "bounced": 0, "refused": 0, "done": 3,
    }  # fmt: skip
    engagement = Engagement.objects.get()
    assert (engagement.kind, engagement.subject) == ("letter", "Invitation to the consultation")
    assert {str(one) for one in engagement.people.all()} == {"Layla", "Sam", "Unknown"}


def test_a_mail_that_comes_back_later_is_counted(people, secretary):
    announcement = announcements.ask(make_announcement(), by=secretary)
    announcements.push(timezone.now())
    outbox.send_waiting()
    announcements.push(timezone.now())

    addresses.returned(OutgoingMail.objects.get(to="sam@example.org"), reason="returned: 5.1.1")

    result = announcements.result(announcement)
    assert (result["sent"], result["bounced"]) == (2, 1)
    announcements.push(timezone.now())
    OutgoingMail.objects.all().delete()
    assert announcements.result(announcement) == result


def test_what_became_of_it_is_counted_without_writing(people, secretary):
    announcement = announcements.ask(make_announcement(), by=secretary)
    announcements.push(timezone.now())
    outbox.send_waiting()

    with CaptureQueriesContext(connection) as queries:
        result = announcements.result(announcement)

    assert result == {"total": 3, "waits": 0, "sent": 3, "bounced": 0, "refused": 0, "done": 3}
    assert [query["sql"].split()[0] for query in queries] == ["SELECT"]


def test_what_a_stopped_one_kept_back_is_noted(people, secretary):
    announcement = announcements.ask(make_announcement(), by=secretary)
    announcements.push(timezone.now())
    announcements.stop(announcement, by=secretary)
    outbox.send_waiting()

    announcements.push(timezone.now())

    assert set(announcement.recipients.values_list("outcome", flat=True)) == {"dropped"}


def test_no_more_leave_in_a_minute_than_may(people, secretary):
    announcements.ask(make_announcement(per_minute=2), by=secretary)
    now = timezone.now()

    assert [announcements.push(now), announcements.push(now)] == [2, 0]
    OutgoingMail.objects.update(created_at=now - timedelta(seconds=61))
    assert announcements.push(now) == 1


def test_stopped_nothing_leaves_and_gone_on_nobody_gets_it_twice(people, secretary):
    announcement = announcements.ask(make_announcement(per_minute=2), by=secretary)
    announcements.push(timezone.now())
    first = OutgoingMail.objects.order_by("pk").first()
    OutgoingMail.objects.exclude(pk=first.pk).update(next_try_at=timezone.now() + timedelta(hours=1))
    outbox.send_waiting()

    announcements.stop(announcement, by=secretary)
    OutgoingMail.objects.update(next_try_at=timezone.now())
    assert [announcements.push(timezone.now()), outbox.send_waiting()] == [0, 0]
    assert OutgoingMail.objects.get(to="sam@example.org").status == "dropped"

    announcements.resume(announcement, by=secretary)
    announcements.push(timezone.now() + timedelta(minutes=2))
    outbox.send_waiting()
    announcements.push(timezone.now() + timedelta(minutes=4))
    outbox.send_waiting()
    announcements.push(timezone.now() + timedelta(minutes=6))

    assert again(announcement).state == State.SENT
    sent = OutgoingMail.objects.filter(status="sent", kind="announcement").values_list("to", flat=True)
    assert sorted(sent) == ["layla@example.org", "sam@example.org", "unknown@example.org"]


def test_papers_come_as_links_to_those_who_may_see_them(secretary):
    group = make_group()
    member = make_member(group, language="en")
    make_person(name_en="Outside", email="out@example.org", languages=["en"])
    meeting = make_meeting(group, audience="public")
    public, inside = (make_document(meeting, audience=audience) for audience in ("public", "members"))
    announcement = make_announcement()
    announcement.documents.set([public, inside])

    announcements.ask(announcement, by=secretary)
    announcements.push(timezone.now())

    assert paper_links() == {member.person.user.email: 2, "out@example.org": 1}


def test_whose_account_is_closed_gets_the_papers_of_everybody(secretary):
    group = make_group()
    person = make_member(group).person
    type(person).objects.filter(pk=person.pk).update(email="closed@example.org")
    type(person.user).objects.filter(pk=person.user_id).update(is_active=False)
    meeting = make_meeting(group, audience="public")
    announcement = make_announcement()
    announcement.documents.set([make_document(meeting, audience=audience) for audience in ("public", "members")])

    announcements.ask(announcement, by=secretary)
    announcements.push(timezone.now())

    assert paper_links() == {"closed@example.org": 1}
    assert OutgoingMail.objects.get(kind="announcement").reader is None


# Who may


def test_a_long_list_waits_for_a_second_person(people, secretary, settings):
    settings.ANNOUNCEMENT_ALONE = 2
    second = make_user(Role.SECRETARIAT)
    announcement = announcements.ask(make_announcement(), by=secretary)

    assert (announcement.state, announcements.push(timezone.now())) == (State.ASKED, 0)
    with pytest.raises(ValidationError, match="A second person"):
        announcements.approve(announcement, by=secretary)
    sentence = "An announcement waits for a second person: “\u2068Invitation to the consultation\u2069”"
    assert sentence in [task.text for task in tasks_for(second)]
    assert sentence not in [task.text for task in tasks_for(secretary)]

    announcement = announcements.approve(announcement, by=second)

    assert (announcement.state, announcement.approved_by) == (State.SENDING, second)


@pytest.mark.parametrize("step", ["send_test", "ask", "approve", "send_back", "stop", "resume"])
def test_only_the_secretariat_sends(people, editor, step):
    with pytest.raises(PermissionDenied):
        getattr(announcements, step)(make_announcement(), by=editor)


@pytest.mark.parametrize("missing", ["title_ar", "title_en", "body_ar", "body_en"])
def test_what_is_missing_in_a_language_does_not_leave(people, secretary, missing):
    announcement = make_announcement(**{missing: ""})

    for step in (announcements.ask, announcements.send_test):
        with pytest.raises(ValidationError, match="the subject or the text is missing"):
            step(announcement, by=secretary)
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("state", [State.SENDING, State.STOPPED, State.SENT])
def test_the_database_refuses_what_left_at_no_time(db, state):
    announcement = make_announcement()

    with pytest.raises(IntegrityError), transaction.atomic():
        Announcement.objects.filter(pk=announcement.pk).update(state=state)


def test_to_nobody_nothing_is_sent(secretary):
    with pytest.raises(ValidationError, match="Nobody of this segment"):
        announcements.ask(make_announcement(), by=secretary)


def test_a_step_that_somebody_else_took_meanwhile_is_refused(people, secretary):
    announcement = make_announcement()
    announcements.ask(announcement, by=secretary)

    with pytest.raises(ValidationError, match="not possible any more"):
        announcements.ask(announcement, by=secretary)
    assert Recipient.objects.count() == 3


def test_a_test_goes_to_oneself_in_both_languages(people, secretary):
    announcements.send_test(make_announcement(), by=secretary)

    rows = OutgoingMail.objects.order_by("pk")
    assert [(row.to, row.language) for row in rows] == [(secretary.email, "ar"), (secretary.email, "en")]


# In the back office


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["3 addresses get it.", "the same address as somebody before"]),
        ("ar", ["تتلقاه 3 عناوين.", "العنوان نفسه"]),
    ],
)
def test_the_page_shows_three_readers_and_the_list_before_it_is_sent(people, log_in, language, words):
    announcement = make_announcement()
    client = log_in(make_user(Role.SECRETARIAT, language=language))

    page = client.get(f"/{language}/admin/outreach/announcement/{announcement.pk}/change/").content.decode()

    for word in words:
        assert word in page
    assert page.count('<div class="mail-text"') == 3
    assert '<div class="mail-text" lang="ar"><p dir="rtl">' in page
    assert '<div class="mail-text" lang="en"><p dir="ltr">' in page


def test_what_has_left_is_not_changed(people, log_in, secretary):
    announcement = announcements.ask(make_announcement(), by=secretary)
    client = log_in(secretary)
    address = f"/en/admin/outreach/announcement/{announcement.pk}/change/"

    client.post(address, {"title_en": "Changed", "opened_revision": announcement.revision})

    assert again(announcement).title_en == "Invitation to the consultation"
    assert client.post(address.replace("change", "delete"), {"post": "yes"}).status_code == 403


def test_the_step_is_taken_on_its_page_with_the_list_before_it(people, log_in, secretary):
    announcement = make_announcement()
    client = log_in(secretary)
    address = f"/en/admin/outreach/announcement/{announcement.pk}/step/send/"

    assert "3 addresses get it." in client.get(address).content.decode()
    client.post(address, {"opened_revision": announcement.revision})

    assert again(announcement).state == State.SENDING


def test_a_long_list_says_how_many_more_there_are(people, secretary, log_in, monkeypatch):
    monkeypatch.setattr(admin, "_SHOWN", 2)
    announcement = make_announcement()
    address = f"/en/admin/outreach/announcement/{announcement.pk}/change/"
    client = log_in(secretary)

    before = client.get(address).content.decode()
    announcements.ask(announcement, by=secretary)
    after = client.get(address).content.decode()

    assert "<p>and 3 more</p>" in before
    assert "<p>and 1 more</p>" in after


def test_a_protected_person_is_left_out_of_the_list_for_whoever_may_not_know_her(people, secretary, log_in):
    announcement = announcements.ask(make_announcement(), by=secretary)
    type(people[0]).objects.filter(pk=people[0].pk).update(is_at_risk=True)

    page = log_in(secretary).get(f"/en/admin/outreach/announcement/{announcement.pk}/change/").content.decode()

    assert "layla@example.org" not in page
    assert "sam@example.org" in page
    assert 'name="_save"' not in page
