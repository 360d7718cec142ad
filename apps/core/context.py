from django.conf import settings

from apps.core import site
from apps.core.languages import CODES, active_language, direction


def portal(request) -> dict:
    """What every page needs: the portal's names, the page's language and direction, the main menu. No query."""
    language = active_language()
    return {
        "portal": {
            "name": settings.PORTAL_NAME[language],
            "tagline": settings.PORTAL_TAGLINE[language],
            "owner": settings.PORTAL_OWNER[language],
            "email": settings.SECRETARIAT_EMAIL,
            "is_demonstration": settings.DEMO_LOGINS,
            "is_read_only": settings.READ_ONLY,
        },
        "language": language,
        "languages": CODES,
        "direction": direction(language),
        "text_only": getattr(request, "text_only", False),
        "menu": site.menu,
        "own_pages": site.own_pages,
    }
