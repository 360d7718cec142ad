"""Replying to an invitation: logged in, or by the link in the mail; and saying that one was there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.meetings import attendance, participants
from apps.meetings.forms import ReplyForm
from apps.meetings.models import Participant


@require_http_methods(["GET", "HEAD", "POST"])
def reply(request, pk: int):
    """For a person who has logged in and is on the meeting's list."""
    return _answer(request, _own_place(request, pk), by=request.user)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def reply_by_link(request, token: str):
    """For whoever holds the link that was sent to one address. It opens this page and nothing else."""
    participant = Participant.of_link(token)
    if participant is None:
        return render(request, "meetings/reply_gone.html", status=404)
    return _answer(request, participant, by=None)


@require_POST
def attend(request, pk: int):
    """A person on the list says that she was there."""
    participant = _own_place(request, pk)
    try:
        attendance.confirm(participant, by=request.user, attendance=request.POST.get("attendance", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Your attendance is noted."))
    return HttpResponseRedirect(participant.meeting.get_absolute_url())


def _own_place(request, pk: int) -> Participant:
    """This person on the list of a meeting that she may see; 404 otherwise."""
    found = Participant.objects.asked().filter(meeting=pk, person__user=request.user, invited_at__isnull=False)
    participant = found.filter(pk__in=Participant.objects.visible_to(request.user)).first()
    if participant is None:
        raise Http404
    return participant


def _answer(request, participant: Participant, *, by):
    refusal = participants.refusal(participant)
    form = ReplyForm(request.POST if request.method == "POST" else None, participant=participant)
    status = 200
    if request.method == "POST" and refusal:
        status = 409
    elif request.method == "POST":
        if form.is_valid() and _keep(form, participant, by=by):
            messages.success(
                request, _("Your reply is kept. You can change it here until the time for replies is over.")
            )
            return HttpResponseRedirect(request.path)
        status = 400
    context = {
        "participant": participant,
        "meeting": participant.meeting,
        "form": form,
        "refusal": refusal,
        "free_places": participants.free_places(participant.meeting),
        "by_link": by is None,
    }
    response = render(request, "meetings/reply.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _keep(form: ReplyForm, participant: Participant, *, by) -> bool:
    data = form.cleaned_data
    try:
        participants.reply(
            participant, by=by, answer=data["answer"], alternate=data.get("alternate"), needs=form.needs()
        )
    except ValidationError as error:
        for name, problems in error.update_error_dict({}).items():
            form.add_error(name if name in form.fields else None, problems)
        return False
    return True
