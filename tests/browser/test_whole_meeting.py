"""A hybrid meeting from the invitation to the action done: the secretary, a member, her alternate, and a stranger."""

from datetime import date, timedelta

from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from playwright.sync_api import Page, expect

from apps.accounts.roles import Role
from apps.core.languages import field_in
from apps.meetings.models import Action, Decision, Meeting, Minutes, Participant
from tests.browser.test_replies import link_to
from tests.factories import (
    make_document,
    make_group,
    make_item,
    make_meeting,
    make_member,
    make_membership,
    make_person,
    make_user,
)

ITEM = {"ar": "الميزانية", "en": "The budget"}
WISH = {"ar": "حزم البيانات", "en": "Data bundles"}


def take(page: Page, t, label: str, **fields: str) -> None:
    """Presses a step of the record on the page, fills its form and confirms."""
    page.get_by_role("button", name=t("Save, then: %(step)s", step=t(label)), exact=True).first.click()
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name=t(label), exact=True).click()
    expect(page.locator(".messagelist li").first).to_be_visible()


def let_it_begin(meeting: Meeting) -> None:
    """The days go by: it began an hour ago."""
    start = timezone.now() - timedelta(hours=1)
    wall = start.astimezone(timezone.get_fixed_timezone(0))
    meeting = Meeting.objects.get(pk=meeting.pk)
    meeting.time_zone, meeting.reply_until, meeting.items_until = "UTC", None, None
    meeting.starts_on, meeting.starts_time = wall.date(), wall.time().replace(microsecond=0)
    meeting.ends_on, meeting.ends_time = wall.date() + timedelta(days=1), meeting.starts_time
    meeting.save()


def test_a_hybrid_meeting_from_the_invitation_to_the_action_done(open_page, sign_in, language, t, secretary, settings):
    group = make_group(acronym="RSAG")
    member = make_member(group, language=language)
    deputy = make_user(Role.MEMBER, language=language)
    place = make_membership(group, make_person(user=deputy), position="alternate")
    meeting = make_meeting(group, day=date(2031, 12, 9), audience="members", number=7, items_until=date(2031, 12, 1))
    item = make_item(meeting, title_ar=ITEM["ar"], title_en=ITEM["en"], audience="members")
    make_document(meeting, item=item, audience="members", title_ar="ورقة", title_en="A paper")
    with override(language):
        office = reverse("admin:meetings_meeting_change", args=[meeting.pk])
        address = meeting.get_absolute_url()

    # Invited; the member replies and proposes an item on her phone, without scripts.
    desk = open_page()
    sign_in(desk, secretary)
    desk.goto(office)
    take(desk, t, "Invite")
    reader = open_page(width=390, height=844, java_script_enabled=False, accept_downloads=True)
    sign_in(reader, member)
    expect(reader.get_by_role("heading", level=1)).to_have_text(t("My page"))
    reader.get_by_role("main").get_by_role("link", name=t("Reply")).first.click()
    reader.get_by_label(t("In person"), exact=True).check()
    reader.get_by_role("button", name=t("Reply"), exact=True).click()
    reader.goto(address)
    reader.get_by_role("link", name=t("Propose an item")).click()
    reader.locator("[name=subject]").fill(WISH[language])
    reader.get_by_role("button", name=t("Propose"), exact=True).click()

    # On the agenda, which is adopted.
    desk.goto(f"/{language}/admin/meetings/agendaproposal/")
    desk.locator("#result_list tbody th a").click()
    take(desk, t, "Put on the agenda")
    desk.goto(office)
    take(desk, t, "Adopt the agenda")
    reader.goto(address)
    expect(reader.locator(".agenda h3").filter(has_text=WISH[language])).to_be_visible()
    expect(reader.get_by_text(t("Adopted agenda"))).to_be_visible()

    # The day: the member says that she is there, the secretary notes her alternate.
    let_it_begin(meeting)
    reader.goto(address)
    reader.get_by_role("button", name=t("I was in the room")).click()
    expect(reader.get_by_text(t("Your attendance is noted."))).to_be_visible()
    stood_in = Participant.objects.get(person=place.person)
    desk.goto(f"/{language}/admin/meetings/meeting/{meeting.pk}/attendance/")
    desk.locator(f"[name=is-{stood_in.pk}][value=online]").check()
    desk.get_by_role("button", name=t("Save the attendance")).click()
    expect(desk.locator(".messagelist")).to_have_text(t("The attendance is saved."))
    desk.goto(office)
    take(desk, t, "It was held")

    # The record: minutes with a comment, a decision, an action.
    desk.goto(office)
    desk.get_by_role("button", name=t("Save, then: %(step)s", step=t("Write the minutes"))).first.click()
    desk.get_by_role("button", name=t("Write the minutes"), exact=True).click()
    for code in ("ar", "en"):
        for row in range(2):
            heading = desk.locator(f"[name=entries-{row}-heading_{code}]")
            heading.fill(heading.input_value() or WISH[code])
            editor = desk.locator(f"#entries-{row} .fieldBox.field-text_{code} .ProseMirror[contenteditable=true]")
            editor.fill(f"{ITEM[code]} {row + 1}")
    take(desk, t, "Circulate for comments", comments_until="2031-12-31")
    reader.goto(f"/{language}/meetings/{meeting.pk}/minutes/")
    reader.locator("details summary").first.click()
    reader.locator("textarea").first.fill("نعم / Yes")
    reader.get_by_role("button", name=t("Send the comment")).first.click()
    expect(reader.get_by_text("نعم / Yes").first).to_be_visible()
    desk.goto(f"/{language}/admin/meetings/minutescomment/")
    desk.locator("#result_list tbody th a").click()
    take(desk, t, "Taken up")
    Minutes.objects.update(comments_until=timezone.localdate() - timedelta(days=1))
    desk.goto(f"/{language}/admin/meetings/minutes/{Minutes.objects.get().pk}/change/")
    take(desk, t, "Adopt", adopted_on=timezone.localdate().isoformat())

    desk.goto(f"/{language}/admin/meetings/decision/add/?meeting={meeting.pk}")
    for code in ("ar", "en"):
        desk.locator(f"[name=text_{code}]").fill(ITEM[code])
    take(desk, t, "Taken by consensus")
    year = Meeting.objects.get().starts_on.year
    expect(desk.locator(".breadcrumbs")).to_contain_text(f"RSAG/{year}/7/D1")
    desk.goto(f"/{language}/admin/meetings/action/add/?meeting={meeting.pk}")
    for code in ("ar", "en"):
        desk.locator(f"[name=text_{code}]").fill(WISH[code])
    desk.locator(".field-owner .select2-selection").click()
    desk.locator(".select2-search__field").fill(member.person.name_en)
    desk.locator(".select2-results__option--highlighted").filter(
        has_text=field_in(member.person, "name", language)
    ).click()
    desk.locator("[name=_save]").click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    assert mail.outbox[-1].to == [member.email]

    # The member finds what is hers, and does it.
    reader.goto(f"/{language}/meetings/mine/")
    reader.locator("#actions ~ .rows a").click()
    reader.get_by_label(t("Done"), exact=True).check()
    reader.get_by_role("button", name=t("Keep the note")).click()
    expect(reader.get_by_text(t("Your note is kept."))).to_be_visible()
    assert Action.objects.get().state == "done"

    # Her alternate reads the record, too; a stranger finds every door shut.
    second = open_page(width=390, height=844)
    second.goto(link_to(deputy.email))
    sign_in(second, deputy)
    second.goto(f"/{language}/meetings/decisions/")
    expect(second.get_by_role("main").get_by_text(ITEM[language])).to_be_visible()
    stranger = open_page(expected=(404,))
    for path in (
        address,
        f"/{language}/meetings/decisions/{Decision.objects.get().pk}/",
        f"/{language}/meetings/actions/{Action.objects.get().pk}/",
        f"/{language}/meetings/{meeting.pk}/agenda/",
    ):
        assert stranger.goto(path).status == 404
    stranger.goto(f"/{language}/meetings/actions/")
    expect(stranger.get_by_text(WISH[language])).to_have_count(0)
