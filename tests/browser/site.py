"""A portal with something on every page, and the addresses of all of them, by who opens them."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.translation import override

from apps.accounts.models import User
from apps.meetings.participants import reply
from apps.news.previews import share_preview
from apps.news.services import approve_article, save_article, send_to_review
from apps.stakeholders.joining.forms import PARTS
from apps.stakeholders.models import (
    Interest,
    Term,
)
from apps.stakeholders.services import declare_interest
from tests.browser.long_words import (
    LONG_ADDRESS,
    LONG_MAIL,
    LONG_TITLES,
    change_of,
    full_meeting,
    import_with_problems,
    input_with_everything,
    long_article,
    record_of_a_meeting,
    review_with_everything,
    stakeholders_with_everything,
    table_with_problems,
)
from tests.factories import (
    make_approved,
    make_group,
    make_join_request,
    make_meeting,
    make_member,
    make_membership,
    make_participant,
    make_person,
    make_published,
)
from tests.outreach.made import make_announcement, make_subscription


@dataclass
class Site:
    """Addresses in one language, by the name of the page."""

    public: dict[str, str]
    public_with_a_form: dict[str, str]
    missing: dict[str, str]
    for_members: dict[str, str]
    back_office: dict[str, str]
    member: User
    everything_public: dict[str, str] = field(init=False)

    def __post_init__(self):
        self.everything_public = self.public | self.public_with_a_form | self.missing


def make_site(language: str, other: str, secretary) -> Site:
    group = make_group(seats=4, mandate_ar="<p>الولاية.</p>")
    make_membership(group, make_person(function_ar="أمينة سر", function_en="Secretary"), position="chair")
    make_membership(group, make_person(is_public=False))
    member = make_member(group, time_zone="Asia/Dubai")
    meeting, members_meeting = (full_meeting(group, audience) for audience in ("public", "members"))
    make_participant(members_meeting, member.person)
    guest = make_participant(meeting, guest_name=LONG_TITLES["en"], language=language)
    answer = {"safety": LONG_MAIL, "into_arabic": ""}
    reply(guest, by=None, answer="online", needs=answer)
    record = record_of_a_meeting(make_meeting(group, day=date(2025, 12, 9), status="held", audience="members"), member)
    make_meeting(group, day=date(2031, 12, 10), status="cancelled")
    article = long_article(meeting, at=datetime(2026, 11, 3, tzinfo=UTC))
    long_article(meeting, at=datetime(2026, 11, 2, tzinfo=UTC))
    foreign = make_published(languages=(other,), **{f"title_{other}": LONG_TITLES[other]})
    draft = make_approved()
    save_article(change_of(draft), by=None, reason="سبب")
    approve_article(draft, by=None)
    changed = save_article(change_of(make_published()), by=None)
    send_to_review(changed, by=None)
    link = share_preview(draft, by=None, days=7, note="شريك")
    for _number in range(10):
        make_published()
    stakeholders = stakeholders_with_everything(group)
    subscription = make_subscription()
    announcement = make_announcement(
        stakeholders["segment"],
        **{f"title_{code}": title for code, title in LONG_TITLES.items()},
        body_ar=f"{LONG_TITLES['ar']}\n\nhttps://portal.example.org/{'x' * 120}/",
    )
    asking = make_join_request(name_en=LONG_TITLES["en"]).token
    table = table_with_problems(secretary)
    review = review_with_everything(member)
    said = input_with_everything(review, member)
    declare_interest(Interest(membership=member.person.memberships.get(), says=LONG_ADDRESS), by=member)
    with override(language):
        return Site(
            public={
                "home": reverse("home"),
                "news": reverse("news:list"),
                "news, second page": reverse("news:list") + "?page=2",
                "news, nothing found": reverse("news:list") + "?category=statement",
                "article": article.get_absolute_url(),
                "news about an objective": reverse("news:list") + "?objective=6",
                "archive": reverse("news:archive"),
                "both languages": reverse("news:parity"),
                "article by preview link": reverse("news:shared", args=[link.token]),
                "article missing in this language": foreign.get_absolute_url(),
                "meetings": reverse("meetings:list"),
                "meeting": meeting.get_absolute_url(),
                "group": reverse("stakeholders:group"),
                "coverage": reverse("stakeholders:coverage"),
                "directory": reverse("stakeholders:directory"),
                "coverage by objective": reverse("stakeholders:coverage") + "?by=objective&show=known",
                "reviews": reverse("reviews:list"),
                "review": reverse("reviews:cycle", args=[9]),
                "recommendations": reverse("reviews:recommendations", args=[9]),
                "adopted recommendation": reverse("reviews:recommendation", args=[9, 1]),
                "contributions": reverse("reviews:submissions", args=[9]),
                "contribution": said["published"].get_absolute_url(),
                "synthesis": reverse("reviews:synthesis", args=[9]),
                "trace": reverse("reviews:trace", args=[9]),
                "good practices": reverse("reviews:practices"),
                "good practice": said["practice"].get_absolute_url(),
                "pledges": reverse("reviews:pledges"),
                "pledge": said["pledge"].get_absolute_url(),
                "topics": reverse("reviews:topics"),
                "an objective": reverse("reviews:objective", args=[6]),
                "a country": reverse("reviews:country", args=["ae"]),
                "calls for input": reverse("input:calls"),
                "call for input": said["call"].get_absolute_url(),
                "call on paper": reverse("input:paper", args=[said["call"].pk]),
                "who sat when": reverse("stakeholders:history", args=[group.pk]),
                "open data": reverse("opendata:data"),
                "state of engagement": reverse("opendata:engagement"),
                "accessibility": reverse("accessibility"),
                "no connection": reverse("offline"),
                "not sent": reverse("offline_unsent"),
                "text only": f"/text{reverse('home')}",
                "calls for seats": reverse("stakeholders:calls"),
                "call for a seat": stakeholders["call"].get_absolute_url(),
            },
            public_with_a_form={
                "search": reverse("search:results"),
                "what was found": reverse("search:results") + "?q=meeting",
                "nothing found": reverse("search:results") + "?q=zzzz",
                "newsletter": reverse("outreach:begin"),
                "subscription": reverse("outreach:subscription", args=[subscription.token]),
                "leaving the newsletter": reverse("outreach:off", args=[subscription.token]),
                "asking to be listed": reverse("stakeholders:join"),
                **{
                    f"asking to be listed, {part}": reverse("stakeholders:join_part", args=[asking, part])
                    for part in PARTS
                },
                "request to be listed": reverse("stakeholders:join_request", args=[asking]),
                "sent request": reverse("stakeholders:join_request", args=[stakeholders["asked"].token]),
                "writing a contribution": reverse("input:begin", args=[said["call"].pk]),
                **{
                    f"contribution, {part}": reverse("input:part", args=[said["draft"].token, part])
                    for part in ("matter", "answers", "who")
                },
                "own contribution": reverse("input:mine", args=[said["published"].token]),
                "login": reverse("account_login"),
                "password reset": reverse("account_reset_password"),
                "reply by link": urlsplit(guest.link).path,
            },
            missing={"404": f"/{language}/nothing/"},
            for_members={
                "meetings of a member": reverse("meetings:list"),
                "meeting of the members": members_meeting.get_absolute_url(),
                "reply": reverse("meetings:reply", args=[members_meeting.pk]),
                "own page": reverse("meetings:desk"),
                "handbook": reverse("handbook"),
                "first day": reverse("handbook_page", args=["first-day-member"]),
                "handbook of the secretariat": reverse("handbook_page", args=["secretariat"]),
                "interests": reverse("stakeholders:interests"),
                "shared section": said["section"].get_absolute_url(),
                "proposing a practice": reverse("reviews:propose_practice"),
                "proposed recommendation": reverse("reviews:recommendation", args=[9, 2]),
                "decisions": reverse("meetings:decisions"),
                "decision by silence": reverse("meetings:decision", args=[record["silence"].pk]),
                "actions": reverse("meetings:actions"),
                "action": reverse("meetings:action", args=[record["action"].pk]),
                "minutes": reverse("meetings:minutes", args=[record["minutes"].meeting_id]),
                "versions of the agenda": reverse("meetings:agenda_versions", args=[members_meeting.pk]),
                "proposing": reverse("meetings:propose", args=[members_meeting.pk]),
                "pack": reverse("meetings:pack", args=[members_meeting.pk, language, "pdf"]),
                "own calendar": reverse("meetings:own_calendar"),
                "notices": reverse("accounts:notices"),
                "password change": reverse("account_change_password"),
            },
            back_office={
                "back office": reverse("admin:index"),
                "state of the portal": reverse("status"),
                "article in the back office": reverse("admin:news_article_change", args=[article.pk]),
                "meeting in the back office": reverse("admin:meetings_meeting_change", args=[members_meeting.pk]),
                "picture in the back office": reverse("admin:news_picture_change", args=[article.picture.pk]),
                "pictures in the back office": reverse("admin:news_picture_changelist"),
                "person": reverse("admin:stakeholders_person_change", args=[stakeholders["person"].pk]),
                "organisation": reverse("admin:stakeholders_organisation_change", args=[stakeholders["kept"].pk]),
                "merging": reverse(
                    "admin:stakeholders_organisation_merge", args=[stakeholders["kept"].pk, stakeholders["gone"].pk]
                ),
                "engagements": reverse("admin:stakeholders_engagement_changelist"),
                "engagement": reverse("admin:stakeholders_engagement_change", args=[stakeholders["engagement"].pk]),
                "coverage in the back office": reverse("admin:stakeholders_coverage"),
                "recommendation in the back office": reverse(
                    "admin:reviews_recommendation_change", args=[review.recommendations.first().pk]
                ),
                "contributions in the back office": reverse("admin:reviews_submission_changelist"),
                **{
                    f"{model} in the back office": reverse(f"admin:reviews_{model}_change", args=[said[name].pk])
                    for name, model in (
                        ("call", "callforinput"),
                        ("waiting", "submission"),
                        ("section", "synthesissection"),
                        ("practice", "goodpractice"),
                        ("pledge", "pledge"),
                    )
                },
                "review in the back office": reverse("admin:reviews_reviewcycle_change", args=[review.pk]),
                "requests to be listed": reverse("admin:stakeholders_joinrequest_changelist"),
                "request in the back office": reverse(
                    "admin:stakeholders_joinrequest_change", args=[stakeholders["asked"].pk]
                ),
                "accepting": reverse("admin:stakeholders_joinrequest_step", args=[stakeholders["asked"].pk, "accept"]),
                "announcement": reverse("admin:outreach_announcement_change", args=[announcement.pk]),
                "sending": reverse("admin:outreach_announcement_step", args=[announcement.pk, "send"]),
                "announcements": reverse("admin:outreach_announcement_changelist"),
                "subscriptions": reverse("admin:outreach_subscription_changelist"),
                "mailboxes": reverse("admin:core_mailaddress_changelist"),
                "segments": reverse("admin:stakeholders_segment_changelist"),
                "segment": reverse("admin:stakeholders_segment_change", args=[stakeholders["segment"].pk]),
                "call in the back office": reverse(
                    "admin:stakeholders_seatcall_change", args=[stakeholders["call"].pk]
                ),
                "membership": reverse("admin:stakeholders_membership_change", args=[group.memberships.first().pk]),
                "table of organisations": reverse("admin:stakeholders_organisation_import"),
                "columns of a table": reverse("admin:stakeholders_organisation_import_columns", args=[table.pk]),
                "outcome of a table": reverse("admin:stakeholders_organisation_import_run", args=[table.pk]),
                "gap": reverse("admin:stakeholders_gap_change", args=[stakeholders["gap"].pk]),
                "protecting": reverse("admin:stakeholders_person_step", args=[stakeholders["person"].pk, "protect"]),
                "term in the back office": reverse("admin:stakeholders_term_change", args=[Term.objects.first().pk]),
                "import": reverse("admin:news_article_import"),
                "import with problems": reverse(
                    "admin:news_article_import_run", args=[import_with_problems(secretary).pk]
                ),
                "approval of a change": reverse("admin:news_article_step", args=[changed.pk, "approve"]),
                "participants": reverse("admin:meetings_participant_changelist"),
                "participant": reverse("admin:meetings_participant_change", args=[guest.pk]),
                "entering a reply": reverse("admin:meetings_participant_step", args=[guest.pk, "reply"]),
                "needs": reverse("admin:meetings_need_changelist"),
                "needs by barrier": reverse("admin:meetings_need_report"),
                "attendance": reverse("admin:meetings_meeting_attendance", args=[record["minutes"].meeting_id]),
                "arranging": reverse("admin:meetings_meeting_agenda", args=[members_meeting.pk]),
                "openings": reverse("admin:meetings_meeting_openings", args=[members_meeting.pk]),
                "decision": reverse("admin:meetings_decision_change", args=[record["silence"].pk]),
                "action in the back office": reverse("admin:meetings_action_change", args=[record["action"].pk]),
                "minutes in the back office": reverse("admin:meetings_minutes_change", args=[record["minutes"].pk]),
                "publishing": reverse("admin:news_article_step", args=[draft.pk, "publish"]),
                "history of an article": reverse("admin:news_article_history", args=[draft.pk]),
                "version of an article": reverse("admin:news_article_version", args=[draft.pk, 2]),
                "preview of a version": reverse("news:preview", args=[draft.pk, 2]),
            },
            member=member,
        )
