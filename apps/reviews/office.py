"""What the back office's pages of recommendations, calls, sections and practices share."""

from django.contrib import admin
from django.contrib.auth import get_permission_codename
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from apps.core import current
from apps.core.admin import PortalAdmin, PortalInline
from apps.reviews.models.comments import MemberComment


def in_states(*states: str):
    """For ``Step.offered``: the record is saved and in one of these states."""
    return lambda record: bool(record and record.pk and record.state in states)


class FactsInline(PortalInline):
    """A translator writes the texts: what is in ``facts`` she reads."""

    facts: tuple[str, ...] = ()

    def get_readonly_fields(self, request, obj=None):
        """Who leads the work is who adds what the rows belong to."""
        of = self.parent_model._meta
        leads = request.user.has_perm(f"{of.app_label}.{get_permission_codename('add', of)}")
        return () if leads else self.facts


class ProgressInline(FactsInline):
    facts = ("happened_on", "next_due_on", "source")
    fieldsets = [(None, {"fields": [("happened_on", "next_due_on"), "text", "source"]})]


class ReviewAdmin(PortalAdmin):
    """A translator writes the texts: what is in ``facts`` she reads, what is chosen by ticking (``ticked``) she is not
    shown, and she takes no step. Nothing is deleted several at once."""

    facts: tuple[str, ...] = ()
    ticked: tuple[str, ...] = ()

    def leads(self, request) -> bool:
        """Whether this person leads the work; others at most translate."""
        return self.has_add_permission(request)

    def get_readonly_fields(self, request, obj=None):
        """What is ticked, too: it leaves the form by this."""
        return self.readonly_fields if self.leads(request) else (*self.facts, *self.ticked, *self.readonly_fields)

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if self.leads(request) or not self.ticked:
            return fieldsets
        return [
            (name, {**options, "fields": [one for one in options["fields"] if one not in self.ticked]})
            for name, options in fieldsets
        ]

    def may_take(self, request, step, obj):
        return self.leads(request)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def has_delete_permission(self, request, obj=None):
        return (obj is None or self.may_go(obj)) and super().has_delete_permission(request, obj)

    def may_go(self, obj) -> bool:
        return True


class DiscussedAdmin(ReviewAdmin):
    """``comments`` is the model of what members say of it; the page shows that as ``said``."""

    comments: type[MemberComment]

    @admin.display(description=_("what members say"))
    def said(self, obj):
        """Of this reader: somebody who is protected from her is left out."""
        if not obj.pk:
            return "–"
        rows = self.comments.objects.visible_to(current.reader()).filter(**{self.comments.about: obj})
        return render_to_string("admin/reviews/comments.html", {"comments": rows.select_related("author")})
