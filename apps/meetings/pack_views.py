"""A meeting's papers in one file: its page, which shows how far it is, and the file."""

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.core.languages import CODES
from apps.core.records import visible_or_404
from apps.core.storage import safe_filename, send_file
from apps.meetings import packs
from apps.meetings.models import Meeting, Pack


def _asked_for(request, pk: int, language: str, kind: str) -> tuple[Meeting, dict]:
    """The meeting, and what would be in this reader's pack at this moment."""
    meeting = visible_or_404(Meeting.objects.select_related("group"), request.user, pk=pk)
    if language not in CODES or kind not in Pack.Kind.values:
        raise Http404
    return meeting, packs.contents_for(request.user, meeting, language=language, kind=kind)


@require_http_methods(["GET", "HEAD", "POST"])
def pack(request, pk: int, language: str, kind: str):
    """POST lets it be made; the page looks again by itself while it is."""
    meeting, contents = _asked_for(request, pk, language, kind)
    if request.method == "POST":
        if contents["papers"]:
            packs.ask(contents)
        return HttpResponseRedirect(request.path)
    found = packs.find(contents)
    if found is not None:
        packs.look_after(found)
    context = {
        "meeting": meeting,
        "contents": contents,
        "pack": found,
        "kind": Pack.Kind(kind),
        "pack_language": language,
        "is_being_made": found is not None and found.state in (Pack.State.WAITING, Pack.State.BUILDING),
    }
    response = render(request, "meetings/pack.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def pack_file(request, pk: int, language: str, kind: str):
    """The file, if what is in it is what this reader may see now; otherwise back to the page, where it is made anew."""
    _meeting, contents = _asked_for(request, pk, language, kind)
    found = packs.find(contents)
    page = HttpResponseRedirect(reverse("meetings:pack", args=[pk, language, kind]))
    if found is None or found.state != Pack.State.READY:
        messages.info(request, _("Papers have changed since. Make the pack anew."))
        return page
    try:
        response = send_file(found.file, safe_filename(contents["title"][0], kind), restricted=True)
    except FileNotFoundError:
        packs.forget(found)
        return page
    packs.record_download(found, by=request.user, strangers=AnonymousUser(), is_opened=request.method == "GET")
    return response
