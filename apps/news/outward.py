"""What an article says of itself to search engines, other sites and people who pass it on."""

import hashlib
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.languages import field_in
from apps.news.models import Article

# As the Open Graph protocol names languages.
LOCALES = {"ar": "ar_AR", "en": "en_GB"}


def absolute(address: str) -> str:
    return settings.SITE_URL + address


def card_address(article: Article, language: str) -> str:
    """Of the drawn picture (apps.news.cards); changes with all that is drawn, so that caches may keep it for good."""
    return reverse("card", args=[article.pk, card_stamp(article, language), language])


def card_stamp(article: Article, language: str) -> str:
    picture = article.picture
    drawn = [field_in(article, "title", language), settings.PORTAL_NAME[language]]
    drawn += [picture.fallback.name, picture.focus] if picture else []
    return hashlib.sha256("\n".join(drawn).encode()).hexdigest()[:8]


def description(article: Article, language: str) -> dict:
    """The article as schema.org's NewsArticle, for a version that readers have."""
    publisher = {"@type": "Organization", "name": settings.PORTAL_OWNER[language], "url": settings.SITE_URL}
    address = absolute(article.address_in(language))
    found = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": field_in(article, "title", language),
        "description": field_in(article, "lead", language),
        "inLanguage": language,
        "articleSection": str(article.get_category_display()),
        "url": address,
        "mainEntityOfPage": {"@type": "WebPage", "@id": address},
        "image": [absolute(card_address(article, language))],
        "datePublished": article.published_at.isoformat(timespec="seconds"),
        "dateModified": article.last_changed.isoformat(timespec="seconds"),
        "author": publisher,
        "publisher": publisher,
        "isAccessibleForFree": True,
    }
    if place := field_in(article, "place", language):
        found["contentLocation"] = {"@type": "Place", "name": place}
    if correction := field_in(article, "correction", language):
        found["correction"] = {
            "@type": "CorrectionComment",
            "text": correction,
            "datePublished": article.corrected_on.isoformat(),
        }
    return found


@dataclass(frozen=True)
class Share:
    """A plain link by which a reader passes the article on; nothing is loaded from anywhere until she follows it."""

    label: str
    address: str


def shares(article: Article, language: str) -> list[Share]:
    title, address = field_in(article, "title", language), absolute(article.address_in(language))
    text = f"{title}\n{address}"
    return [
        Share(_("E-mail"), f"mailto:?{urlencode({'subject': title, 'body': text}, quote_via=quote)}"),
        Share(_("WhatsApp"), f"https://wa.me/?{urlencode({'text': text}, quote_via=quote)}"),
        Share(_("Telegram"), f"https://t.me/share/url?{urlencode({'url': address, 'text': title}, quote_via=quote)}"),
    ]
