"""The portal without pictures and scripts, for lines on which each kilobyte counts.

The choice stands in the address: ``/text/ar/news/`` is ``/ar/news/`` without them, and so is what it links to. No
cookie is needed, the page can be passed on, and nothing behind this middleware knows another address than the plain
one. The back office has no such form.
"""

import re

from django.conf import settings
from django.http import HttpResponseRedirect
from django.utils.http import escape_leading_slashes

PREFIX = "/text"
# A link or a form of ours; one that leads out of the form without pictures says ``data-full`` before its address.
_CODES = "|".join(code for code, _name in settings.LANGUAGES)
_LINK = re.compile(rf'(?<!data-full )\b((?:href|action|formaction)=")(?=/(?:{_CODES})/(?!admin/))'.encode())
_OWN = re.compile(rf"/(?:{_CODES})/(?!admin/)")


class TextOnlyMiddleware:
    """Sets ``request.text_only``. Stands inside whatever packs or keeps what is sent."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.text_only = request.path_info == PREFIX or request.path_info.startswith(f"{PREFIX}/")
        if not request.text_only:
            return self.get_response(request)
        request.path_info = request.path_info.removeprefix(PREFIX) or "/"
        request.path = request.path_info
        if not (request.path_info == "/" or _OWN.match(request.path_info)):
            return HttpResponseRedirect(escape_leading_slashes(request.get_full_path()))  # never to another host
        return _kept_within(self.get_response(request))


def _kept_within(response):
    target = response.get("Location", "")
    if _OWN.match(target):
        response["Location"] = PREFIX + target
    if not response.streaming and response.get("Content-Type", "").startswith("text/html"):
        response.content = _LINK.sub(rb"\1" + PREFIX.encode(), response.content)
        if response.has_header("Content-Length"):
            response["Content-Length"] = str(len(response.content))
    return response
