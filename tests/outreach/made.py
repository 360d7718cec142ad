"""What the tests of outreach begin with."""

from apps.core.records import save_record
from apps.outreach import newsletter
from apps.outreach.models import Announcement, Subscription
from apps.stakeholders.models import Segment


def make_segment(of: str = "people", **fields) -> Segment:
    return save_record(Segment(name_en="All", name_ar="الجميع", of=of, **fields), by=None)


def make_announcement(segment: Segment | None = None, **fields) -> Announcement:
    values = {
        "title_ar": "دعوة إلى المشاورة",
        "title_en": "Invitation to the consultation",
        "body_ar": "ندعوكم إلى المشاورة.\n\nhttps://portal.example.org/ar/meetings/",
        "body_en": "You are invited.\n\nhttps://portal.example.org/en/meetings/",
        **fields,
    }
    return save_record(Announcement(segment=segment or make_segment(), **values), by=None)


def make_subscription(**fields) -> Subscription:
    """Confirmed."""
    newsletter.begin(fields.pop("email", "reader@example.org"), fields.pop("language", "en"))
    found = Subscription.objects.latest("pk")
    for name, value in fields.items():
        setattr(found, name, value)
    return newsletter.save(found, {})
