"""What somebody typed into a form that could not be taken: it comes back to them, and is kept nowhere.

A session that ended meanwhile, or a form that was open for too long, must not cost an afternoon's text. Only what comes
from a page of this portal is given back: another site's form would have its fields confirmed by somebody's click.
"""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from apps.core.context import portal
from apps.core.languages import CODES

_SECRET = re.compile(r"pass|code|secret|token", re.IGNORECASE)
_NOT_TYPED = {"csrfmiddlewaretoken"}


def page(request, *, template: str = "unsent.html", status: int = 403) -> HttpResponse | None:
    """A page that has the form and sends it again; None when there is nothing to give back, or it may not be."""
    if request.method != "POST" or not _is_from_here(request):
        return None
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values if name not in _NOT_TYPED]
        files = [file.name for file in request.FILES.values()]
    except (RequestDataTooBig, TooManyFieldsSent):
        return None
    if not any(value.strip() for _name, value in fields) or any(_SECRET.search(name) for name, _value in fields):
        return None
    with translation.override(language_of(request)):
        context = {
            **portal(request),
            "status": status,
            "fields": fields,
            "files": files,
            "address": request.get_full_path(),
            "login_address": f"{reverse(settings.LOGIN_URL)}?next={request.path}",
            "is_logged_in": request.user.is_authenticated,
        }
        content = render_to_string(template, context, request=request)
    return HttpResponse(content, status=status, headers={"Cache-Control": "private, no-store"})


def _is_from_here(request) -> bool:
    return urlsplit(request.headers.get("Origin", "")).netloc == request.get_host()


def language_of(request) -> str:
    """The language of the address, or else the one that the browser asks for."""
    first = request.path_info.lstrip("/").split("/", 1)[0]
    return first if first in CODES else translation.get_language_from_request(request)
