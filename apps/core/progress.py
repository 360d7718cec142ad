"""A page that grows while work is done, without a script: how far it is, and where the outcome stands."""

from collections.abc import Iterator
from datetime import tzinfo

from django.core.exceptions import ValidationError
from django.http import StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from apps.core import current

_PLACE = "<!-- progress -->"


def streamed(
    request, template: str, context: dict, *, work: Iterator[int], total: int, leads_to: str
) -> StreamingHttpResponse:
    """``work`` yields how many of ``total`` are done; its ValidationError is shown, and whoever closes the page stops
    it. The template extends ``admin/progress.html``; ``leads_to`` is the address of the outcome."""
    head, tail = render_to_string(template, context, request=request).split(_PLACE)
    page = _page(head, tail, work, total, leads_to)
    response = StreamingHttpResponse(_as_asked(page, request, get_language(), timezone.get_current_timezone()))
    # Neither the proxy nor the compression may hold back what is done so far.
    response["X-Accel-Buffering"] = "no"
    response["Content-Encoding"] = "identity"
    return response


def _as_asked(page: Iterator[str], request, language: str, zone: tzinfo) -> Iterator[str]:
    """The page is made while it is sent, when everything that middleware has set is gone."""
    with override(language), timezone.override(zone), current.streaming(request):
        yield from page


def _page(head: str, tail: str, work: Iterator[int], total: int, leads_to: str) -> Iterator[str]:
    yield head
    try:
        for done in work:
            text = _("%(done)s of %(total)s rows") % {"done": done, "total": total}
            yield format_html('<li><progress max="{}" value="{}"></progress> {}</li>\n', total, done, text)
    except ValidationError as error:
        yield format_html('<li class="error">{} {}</li>', " ".join(error.messages), _("Nothing was imported."))
    yield format_html('</ol><p><a class="button" href="{}">{}</a></p>', leads_to, _("See the outcome"))
    yield tail.replace("</ol>", "", 1)
