"""What members say below a recommendation, a section or a good practice: read, and written by those who may."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.forms import CrispyFormMixin
from apps.core.models import Record
from apps.core.textpolicy import clean_text
from apps.reviews.models.comments import MemberComment
from apps.stakeholders.models import Person


class SayForm(CrispyFormMixin, forms.Form):
    says = forms.CharField(
        label=gettext_lazy("Your comment"), max_length=2000, widget=forms.Textarea({"rows": 4, "dir": "auto"})
    )

    def clean(self):
        return {name: clean_text(text) for name, text in super().clean().items()}


@dataclass
class Commenting:
    """``context`` is for the template ``reviews/comments.html``; ``done`` leads back once a comment stands."""

    context: dict
    status: int = 200
    done: HttpResponseRedirect | None = None


def commenting(
    request, record: Record, kind: type[MemberComment], *, may: Callable, service: Callable, form_class=SayForm
) -> Commenting:
    """The comments on a record with their authors, for whom this reader may know by name, and the form for those who
    may write one. Raises PermissionDenied for a comment of anybody else."""
    is_open, is_sent = may(record, request.user), request.method == "POST"
    form = form_class(request.POST if is_sent else None)
    if is_sent and not is_open:
        raise PermissionDenied
    if is_sent and form.is_valid():
        service(record, by=request.user, **form.cleaned_data)
        messages.success(request, _("Your comment stands below. The members and the secretariat read it."))
        return Commenting({}, done=HttpResponseRedirect(request.path))
    comments = list(kind.objects.visible_to(request.user).filter(**{kind.about: record}))
    context = {"form": form if is_open else None, "comments": _with_authors(comments, request.user)}
    return Commenting(context, status=400 if is_sent else 200)


def _with_authors(comments: list[MemberComment], user) -> list[tuple[MemberComment, Person | None]]:
    if not comments:
        return []
    people = Person.objects.visible_to(user).filter(user__in=[one.author_id for one in comments])
    named = {person.user_id: person for person in people}
    return [(one, named.get(one.author_id)) for one in comments]
