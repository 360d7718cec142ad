"""The minutes of a meeting on one page, and what members say to them."""

from collections import defaultdict

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.core.dates import long_date
from apps.core.languages import version
from apps.core.records import visible_or_404
from apps.meetings import minutes_comments
from apps.meetings.minutes import give_numbers
from apps.meetings.minutes_forms import ChangeCommentForm, CommentForm
from apps.meetings.models import Minutes, MinutesComment, MinutesEntry, groups_of
from apps.meetings.models.meetings import ALL_PAPERS_ROLES

_LONGEST_ID = 18


def _minutes_or_404(request, meeting_pk: int) -> Minutes:
    return visible_or_404(Minutes.objects.select_related("meeting__group"), request.user, meeting_id=meeting_pk)


@require_http_methods(["GET", "HEAD", "POST"])
def minutes(request, pk: int):
    """For whoever may read the minutes of this meeting; members comment here while comments are taken."""
    found = _minutes_or_404(request, pk)
    if request.method != "POST":
        return _page(request, found)
    sent = request.POST.get("entry", "")
    if not sent.isdecimal() or len(sent) > _LONGEST_ID:
        raise Http404
    entry = visible_or_404(MinutesEntry.objects.filter(minutes=found), request.user, pk=int(sent))
    return _take_comment(request, found, entry)


def _take_comment(request, found: Minutes, entry: MinutesEntry):
    form = CommentForm(request.POST, auto_id=f"id_{entry.pk}_%s")
    if not minutes_comments.may_comment(found, request.user):
        raise PermissionDenied
    if problem := minutes_comments.closed(found):
        form.add_error(None, problem)
        return _page(request, found, failed={entry.pk: form}, status=409)
    if not form.is_valid() or not _keep(form, entry, by=request.user):
        return _page(request, found, failed={entry.pk: form}, status=400)
    text = _("Your comment is kept. You can change it until %(day)s, or until it is answered.")
    messages.success(request, text % {"day": long_date(found.comments_until)})
    return HttpResponseRedirect(f"{request.path}#entry-{entry.pk}")


def _keep(form: CommentForm, entry: MinutesEntry, *, by) -> bool:
    try:
        minutes_comments.comment(entry, by=by, text=form.cleaned_data["text"])
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _page(request, found: Minutes, *, failed: dict[int, CommentForm] | None = None, status: int = 200):
    may_comment = minutes_comments.may_comment(found, request.user)
    context = {
        "minutes": found,
        "meeting": found.meeting,
        "may_comment": may_comment,
        "takes_comments": found.takes_comments,
        **_parts(found, request.user, offer_form=may_comment and found.takes_comments, failed=failed or {}),
    }
    return render(request, "meetings/minutes.html", context, status=status)


def _parts(found: Minutes, user, *, offer_form: bool, failed: dict[int, CommentForm]) -> dict:
    """The entries with their numbers, comments, corrections and forms, and the corrections of the whole."""
    entries = list(found.entries.visible_to(user).select_related("item__parent"))
    give_numbers(entries)
    said = _comments(found, user)
    corrections = list(found.corrections.visible_to(user).select_related("entry"))
    by_pk = {entry.pk: entry for entry in entries}
    for entry in entries:
        entry.anchor = f"entry-{entry.pk}"
        entry.said = said[entry.pk]
        entry.corrected = [correction for correction in corrections if correction.entry_id == entry.pk]
        new_form = CommentForm(auto_id=f"id_{entry.pk}_%s") if offer_form else None
        entry.form = failed.get(entry.pk) or new_form
    for correction in corrections:
        correction.anchor = f"correction-{correction.pk}"
        correction.about = by_pk.get(correction.entry_id)
    return {"entries": entries, "corrections": corrections}


def _comments(found: Minutes, user) -> dict[int, list[MinutesComment]]:
    """By entry. Names are for the group, the secretariat and the auditor."""
    names_people = user.has_role(*ALL_PAPERS_ROLES) or found.meeting.group_id in groups_of(user)
    comments: QuerySet = MinutesComment.objects.visible_to(user).filter(entry__minutes=found)
    by_entry = defaultdict(list)
    for comment in comments.select_related("created_by"):
        comment.is_own = comment.created_by_id == user.pk
        comment.author = _author(comment, names_people=names_people)
        by_entry[comment.entry_id].append(comment)
    return by_entry


def _author(comment: MinutesComment, *, names_people: bool):
    """The display name and never the address; what stands there for who is erased, or is not to be named."""
    if comment.created_by is None:
        return _("Somebody")
    if not names_people:
        return _("A member")
    return version(comment.created_by, "display_name") or _("Somebody")


@require_http_methods(["GET", "HEAD", "POST"])
def own_comment(request, meeting_pk: int, pk: int):
    """For a comment's author: says it otherwise, or takes it back."""
    found = _minutes_or_404(request, meeting_pk)
    own = MinutesComment.objects.visible_to(request.user).filter(entry__minutes=found, created_by=request.user)
    comment = own.select_related("entry").filter(pk=pk).first()
    if comment is None and request.method == "POST":
        return HttpResponseRedirect(found.get_absolute_url())  # withdrawn by the first click of two
    if comment is None:
        raise Http404
    form = ChangeCommentForm(request.POST if request.method == "POST" else None, comment=comment)
    if request.method == "POST" and _change(request, form, comment):
        return HttpResponseRedirect(f"{found.get_absolute_url()}#entry-{comment.entry_id}")
    context = {
        "meeting": found.meeting,
        "minutes": found,
        "entry": comment.entry,
        "comment": comment,
        "form": form,
        "refusal": minutes_comments.why_kept(comment, found),
    }
    status = (409 if context["refusal"] else 400) if form.is_bound else 200
    return render(request, "meetings/minutes_comment.html", context, status=status)


def _change(request, form: ChangeCommentForm, comment: MinutesComment) -> bool:
    is_withdrawn = "withdraw" in request.POST
    if not is_withdrawn and not form.is_valid():
        return False
    try:
        if is_withdrawn:
            minutes_comments.withdraw_comment(comment, by=request.user)
        else:
            minutes_comments.change_comment(comment, by=request.user, text=form.cleaned_data["text"])
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("Your comment is withdrawn.") if is_withdrawn else _("Your comment is changed."))
    return True
