"""The agenda's versions, and proposing items for it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.core.languages import active_language
from apps.core.pagecache import public_page
from apps.core.records import visible_or_404
from apps.meetings import agenda, proposals
from apps.meetings.forms import ProposalForm
from apps.meetings.models import AgendaProposal, Meeting


@public_page()
@login_not_required
@require_safe
def agenda_versions(request, pk: int):
    """Each version of a meeting's agenda, newest first, as far as this reader may see its items."""
    meeting = visible_or_404(Meeting.objects.select_related("group"), request.user, pk=pk)
    versions = agenda.versions_for(meeting, request.user)
    return render(request, "meetings/agenda_versions.html", {"meeting": meeting, "versions": versions})


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request, pk: int):
    """What this member proposes for an agenda, and what became of what she proposed."""
    meeting = visible_or_404(Meeting.objects, request.user, pk=pk)
    if not proposals.belongs(meeting, request.user):
        raise Http404
    refusal = proposals.refusal(meeting)
    form = ProposalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not refusal and form.is_valid() and _keep(form, meeting, by=request.user):
        messages.success(request, _("Your proposal is with the secretariat. You will have an answer by mail."))
        return HttpResponseRedirect(request.path)
    own = AgendaProposal.objects.visible_to(request.user).filter(meeting=meeting, created_by=request.user)
    context = {"meeting": meeting, "form": form, "refusal": refusal, "proposals": own}
    status = 409 if request.method == "POST" and refusal else 400 if form.errors else 200
    return render(request, "meetings/propose.html", context, status=status)


def _keep(form: ProposalForm, meeting: Meeting, *, by) -> bool:
    try:
        proposals.propose(meeting, by=by, language=active_language(), **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True
