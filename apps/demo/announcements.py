"""An announcement as a draft, to all people whom the secretariat knows: to be looked at, sent to oneself, and sent."""

from apps.accounts.models import User
from apps.core.records import save_record
from apps.outreach.models import Announcement
from apps.stakeholders.models import Segment

_TEXTS = {
    "title_ar": "مشاورة مفتوحة حول رسوم الاستقدام",
    "title_en": "An open consultation on recruitment fees",
    "body_ar": (
        "تعقد المجموعة الاستشارية مشاورة مفتوحة حول رسوم الاستقدام، "
        "عبر الإنترنت، بالعربية والإنجليزية مع ترجمة فورية.\n\n"
        "نرغب في أن نسمع منكم:\n\n"
        "– ماذا يدفع العمال قبل السفر، ولمن؟\n"
        "– ما الذي نجح في خفض هذه الرسوم؟\n\n"
        "يمكن أيضاً إرسال مساهمتكم كتابةً، بلا حساب:\n"
        "{site}/ar/have-your-say/"
    ),
    "body_en": (
        "The advisory group holds an open consultation on recruitment fees, online, in Arabic and English with "
        "interpretation.\n\n"
        "We would like to hear from you:\n\n"
        "– What do workers pay before they leave, and to whom?\n"
        "– What has brought these fees down?\n\n"
        "You can also send your contribution in writing, without an account:\n"
        "{site}/en/have-your-say/"
    ),
}


def load_announcements(*, by: User, site: str) -> None:
    """What is there already stays as it is."""
    if Announcement.objects.exists():
        return
    names = {"name_ar": "جميع من نعرفهم من الأشخاص", "name_en": "All people whom we know"}
    segment = Segment.objects.filter(name_en=names["name_en"]).first()
    segment = segment or save_record(Segment(of=Segment.Of.PEOPLE, **names), by=by)
    texts = {name: text.replace("{site}", site) for name, text in _TEXTS.items()}
    save_record(Announcement(segment=segment, **texts), by=by)
