"""Makers of records with good defaults. Texts are set in both languages; days and times are given, never "now"."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from time import time as clock

from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone, translation
from PIL import Image

from apps.accounts.invitations import address_of, invite
from apps.accounts.models import Invitation, User
from apps.accounts.roles import Role
from apps.accounts.services import create_account, settle_in
from apps.core.models import OutgoingMail
from apps.core.records import save_record
from apps.meetings.models import (
    Action,
    AgendaItem,
    Audience,
    Decision,
    Document,
    Meeting,
    Minutes,
    MinutesEntry,
    Participant,
)
from apps.meetings.papers import save_paper
from apps.news.models import Article, Picture, PressContact
from apps.news.pictures import save_picture
from apps.news.services import approve_article, publish_article, save_article, send_to_review
from apps.stakeholders.joining.services import send
from apps.stakeholders.models import (
    AdvisoryGroup,
    Affiliation,
    Constituency,
    Country,
    Engagement,
    EngagementFile,
    JoinRequest,
    Membership,
    Organisation,
    Person,
    SeatCall,
)

PASSWORD = "a-quiet-olive-tree"
PDF = b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9]>> endobj
trailer <</Root 1 0 R>>
%%EOF
"""
counter = itertools.count(1)


def pdf_in(language: str) -> bytes:
    """A paper of one page, each language's with other bytes."""
    return PDF.replace(b"trailer", b"% " + language.encode() + b"\ntrailer")


def make_user(*roles: Role, email: str = "", language: str = "en", time_zone: str = "Africa/Cairo") -> User:
    """Somebody who has been here before."""
    user = make_newcomer(*roles, email=email, language=language, time_zone=time_zone)
    settle_in(user)
    return user


def make_newcomer(*roles: Role, email: str = "", language: str = "en", time_zone: str = "Africa/Cairo") -> User:
    number = next(counter)
    return create_account(
        email=email or f"person{number}@example.org",
        names={"ar": f"شخص {number}", "en": f"Person {number}"},
        language=language,
        time_zone=time_zone,
        roles=list(roles),
        by=None,
        password=PASSWORD,
    )


def client_for(user: User, *, factor: bool = True) -> Client:
    """A browser in which this person is logged in, by default with her second factor."""
    client = Client()
    client.force_login(user)
    if factor:
        session = client.session
        session["account_authentication_methods"] = [
            {"method": method, "at": clock()} for method in ("password", "mfa")
        ]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
    with translation.override(translation.get_language()):
        client.get("/healthz")  # the session is written down at the first visit
    return client


def make_invitation(**fields) -> Invitation:
    number = next(counter)
    fields = {"email": f"guest{number}@example.org", "language": "en", "role": Role.MEMBER, **fields}
    return invite(Invitation(**fields), by=None)


def token_of(invitation: Invitation) -> str:
    return address_of(invitation).rstrip("/").rsplit("/", 1)[-1]


def make_mail(**fields) -> OutgoingMail:
    fields = {"kind": "news", "to": "reader@example.org", "language": "ar", "subject": "خبر", "text": "النص", **fields}
    return OutgoingMail.objects.create(**fields)


def make_group(seats: int = 10, **fields) -> AdvisoryGroup:
    number = next(counter)
    fields = {"name_ar": f"المجموعة {number}", "name_en": f"Group {number}", "mandate_en": "<p>Mandate.</p>", **fields}
    return save_record(AdvisoryGroup(seats=seats, **fields), by=None)


def make_organisation(**fields) -> Organisation:
    number = next(counter)
    fields = {"name_ar": f"منظمة {number}", "name_en": f"Organisation {number}", **fields}
    return save_record(
        Organisation(
            constituency=Constituency.objects.get(code="trade-unions"),
            country=Country.objects.get(iso2="LB"),
            **fields,
        ),
        by=None,
    )


def make_seat_call(group: AdvisoryGroup, **fields) -> SeatCall:
    """Open today, in both languages."""
    today = timezone.localdate()
    texts = {
        "title_ar": "دعوة لشغل مقعد", "title_en": "A seat is vacant",
        "text_ar": "<p>اكتبوا إلينا.</p>", "text_en": "<p>Write to us.</p>",
    }  # fmt: skip
    days = {"opens_on": today - timedelta(days=10), "closes_on": today + timedelta(days=10)}
    return save_record(SeatCall(group=group, **{**texts, **days, "is_published": True, **fields}), by=None)


def make_join_request(*, sent: bool = False, **fields) -> JoinRequest:
    """A request to be listed; whole when it is sent, saved once when it has any field."""
    number = next(counter)
    request = save_record(JoinRequest(email=f"asks{number}@asks{number}.example", language="en"), by=None)
    if sent:
        whole = {
            "name_en": f"Asking organisation {number}",
            "constituency": Constituency.objects.get(code="trade-unions"),
            "country": Country.objects.get(iso2="YE"),
            "contact_name": f"Contact {number}",
            "shown_to": "public",
        }
        fields = {**whole, **fields}
    for name, value in fields.items():
        setattr(request, name, value)
    if fields:
        save_record(request, by=None)
    return send(request) if sent else request


PUBLIC_FIELDS = ("shown_name", "shown_function", "shown_organisation", "shown_country")


def make_person(*, is_public: bool = True, **fields) -> Person:
    number = next(counter)
    fields = {"name_ar": f"فلان {number}", "name_en": f"Somebody {number}", **fields}
    if is_public:
        fields = {**dict.fromkeys(PUBLIC_FIELDS, "public"), **fields}
        fields |= {"consent_given_on": date(2026, 1, 1), "consent_how": "signed_form"}
    return save_record(Person(**fields), by=None)


def make_affiliation(**fields) -> Affiliation:
    fields = {"person": fields.get("person") or make_person(), **fields}
    return save_record(
        Affiliation(organisation=fields.pop("organisation", None) or make_organisation(), **fields), by=None
    )


def make_engagement(
    *, organisations=(), people=(), objectives=(), countries=(), with_file=False, **fields
) -> Engagement:
    fields = {"subject": f"Talk {next(counter)}", "happened_on": date(2026, 1, 1), **fields}
    engagement = save_record(Engagement(**fields), by=None)
    engagement.organisations.set(organisations)
    engagement.people.set(people)
    engagement.objectives.set(objectives)
    engagement.countries.set(countries)
    if with_file:
        letter = ContentFile(pdf_in("en"), name="letter.pdf")
        save_record(EngagementFile(engagement=engagement, title="Letter", file=letter), by=None)
    return engagement


def make_membership(group: AdvisoryGroup, person: Person | None = None, **fields) -> Membership:
    constituency = Constituency.objects.get(code="trade-unions")
    fields = {"position": "member", "starts_on": date(2025, 1, 1), "constituency": constituency, **fields}
    return save_record(Membership(group=group, person=person or make_person(), **fields), by=None)


def make_member(group: AdvisoryGroup, **user_fields) -> User:
    """A user who holds a seat in the group today."""
    user = make_user(Role.MEMBER, **user_fields)
    make_membership(group, make_person(user=user))
    return user


def make_meeting(group: AdvisoryGroup | None = None, *, day: date = date(2026, 12, 8), **fields) -> Meeting:
    number = next(counter)
    fields = {
        "title_ar": f"الاجتماع {number}",
        "title_en": f"Meeting {number}",
        "place_ar": "القاهرة",
        "place_en": "Cairo",
        "starts_on": day,
        "starts_time": time(10),
        "ends_on": day,
        "ends_time": time(14),
        "status": Meeting.Status.PUBLISHED,
        "audience": Audience.PUBLIC,
        **fields,
    }
    return save_record(Meeting(group=group or make_group(), **fields), by=None)


def make_item(meeting: Meeting, **fields) -> AgendaItem:
    number = next(counter)
    fields = {"title_ar": f"البند {number}", "title_en": f"Item {number}", "order": number, "minutes": 15, **fields}
    return save_record(AgendaItem(meeting=meeting, **fields), by=None)


def make_document(meeting: Meeting, *, languages: tuple[str, ...] = ("ar", "en"), **fields) -> Document:
    number = next(counter)
    fields = {
        "title_ar": f"ورقة {number}",
        "title_en": f"Paper {number}",
        "audience": Audience.PUBLIC,
        **{f"file_{code}": ContentFile(pdf_in(code), name=f"paper-{code}.pdf") for code in languages},
        **fields,
    }
    return save_paper(Document(meeting=meeting, **fields), by=None)


def make_article(*, links: dict | None = None, **fields) -> Article:
    """A draft, complete in both languages."""
    number = next(counter)
    fields = {
        "title_ar": f"خبر {number}",
        "title_en": f"Story {number}",
        "lead_ar": "مقدمة الخبر.",
        "lead_en": "The lead.",
        "body_ar": "<p>نص الخبر.</p>",
        "body_en": "<p>The text.</p>",
        "dated_on": date(2026, 11, 1),
        **fields,
    }
    return save_article(Article(**fields), by=None, links=links)


def make_approved(**fields) -> Article:
    return approve(make_article(**fields))


def approve(article: Article) -> Article:
    """Takes the newest version to where it can be published."""
    if article.status == Article.Status.DRAFT:
        send_to_review(article, by=None)
    return approve_article(article, by=None)


def make_published(*, languages: tuple[str, ...] = ("ar", "en"), at: datetime | None = None, **fields) -> Article:
    """An article that readers get in these languages; in the others it has no text at all."""
    for code in {"ar", "en"} - set(languages):
        fields = {f"title_{code}": "", f"lead_{code}": "", f"body_{code}": "", **fields}
    fields.setdefault("original_language", languages[0])
    article = make_approved(**fields)
    return publish_article(article, by=None, languages=list(languages), at=at or datetime(2026, 11, 1, 9, tzinfo=UTC))


def make_contact(**fields) -> PressContact:
    fields = {"city_ar": "القاهرة", "city_en": "Cairo", "name_ar": "وحدة الإعلام", "name_en": "Media unit", **fields}
    return save_record(PressContact(email="press@example.org", phone="+20 2 5550 0100", **fields), by=None)


def make_picture(sent: ContentFile | None = None, **fields) -> Picture:
    """A picture of the library, described in both languages."""
    fields = {"text_ar": "أمواج", "text_en": "Waves", **fields}
    return save_picture(Picture(file=sent or picture(), **fields), by=None)


def picture(width: int = 40, height: int = 30, kind: str = "PNG", name: str = "picture.png") -> ContentFile:
    out = BytesIO()
    Image.new("RGB", (width, height), "#0a4f6b").save(out, kind)
    return ContentFile(out.getvalue(), name=name)


def make_participant(meeting: Meeting, person: Person | None = None, **fields) -> Participant:
    """Asked already. A person of the group, or a guest when nobody is given."""
    number = next(counter)
    capacity = {"member": "member", "alternate": "alternate", "observer": "observer"}
    seat = Membership.objects.current().filter(person=person, group=meeting.group_id).first() if person else None
    guest = {} if person else {"guest_name": f"Guest {number}", "email": f"guest{number}@example.org"}
    fields = {
        "person": person,
        "capacity": capacity.get(seat.position, "member") if seat else "guest",
        "invited_at": timezone.now(),
        **guest,
        **fields,
    }
    return save_record(Participant(meeting=meeting, **fields), by=None)


def make_minutes(meeting: Meeting, *, state: str = "draft", **fields) -> Minutes:
    """With an entry for each item; circulated and adopted ones as they are after those steps."""
    moments = {"comments_until": date(2031, 12, 31), "circulated_at": datetime(2026, 11, 1, 9, tzinfo=UTC)}
    adopted = {"adopted_on": date(2026, 11, 20)} if state == "adopted" else {}
    fields = {**(moments if state != "draft" else {}), **adopted, **fields}
    minutes = save_record(Minutes(meeting=meeting, **fields), by=None)
    for item in meeting.items.all():
        texts = {"text_ar": "<p>نص البند.</p>", "text_en": "<p>What was said.</p>"}
        texts |= {"heading_ar": item.title_ar, "heading_en": item.title_en}
        save_record(MinutesEntry(minutes=minutes, item=item, order=item.order, **texts), by=None)
    minutes.state = state  # at last: adopted ones take no entry
    return save_record(minutes, by=None)


def make_decision(meeting: Meeting, *, state: str = "taken", **fields) -> Decision:
    """Decided by consensus, with the next number."""
    number = meeting.decisions.count() + 1
    decided = {"decided_on": date(2026, 11, 1)} if state in ("taken", "not_taken") else {}
    silent = {"method": "silence", "silence_until": datetime(2031, 12, 31, tzinfo=UTC)} if state == "open" else {}
    numbered = {} if state == "draft" else {"number": number}
    fields = {"text_ar": f"القرار {number}", "text_en": f"Decision {number}", **decided, **silent, **numbered, **fields}
    return save_record(Decision(meeting=meeting, state=state, **fields), by=None)


def make_action(meeting: Meeting, owner: Person | None = None, **fields) -> Action:
    """Open, with the next number."""
    number = meeting.actions.count() + 1
    fields = {"text_ar": f"الإجراء {number}", "text_en": f"Action {number}", "number": number, **fields}
    return save_record(Action(meeting=meeting, owner=owner, **fields), by=None)
