"""Records that may be the same: pointed out while somebody types, compared side by side, merged, and parted again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.accounts.roles import Role
from apps.core.digits import key_in
from apps.core.languages import listed, name_of
from apps.stakeholders import matching, merging
from apps.stakeholders.models import CHANNELS, SPOKEN, Merge

# What is read from the address while somebody types; anything longer is nobody's name.
_TYPED = ("name_ar", "name_en", "acronym", "other_names", "website", "email", "phone")
_LONGEST = 300


class MergingMixin:
    """Adds to the admin of people and of organisations what finds and merges those that are the same."""

    def get_urls(self):
        def page(route: str, view, name: str):
            address = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
            return path(route, self.admin_site.admin_view(view), name=address)

        pages = [
            page("alike/", self.alike_view, "alike"),
            page("<int:kept>/merge/<int:gone>/", self.merge_view, "merge"),
            page("<int:pk>/undo/<int:merge>/", self.undo_view, "undo"),
        ]
        return [*pages, *super().get_urls()]

    def alike_view(self, request):
        """A piece of a page: the records that may be the one that is being typed."""
        if not request.user.has_role(Role.SECRETARIAT):
            raise PermissionDenied
        typed = {name: request.GET.get(name, "")[:_LONGEST] for name in _TYPED if hasattr(self.model, name)}
        record = self.model(pk=key_in(request.GET.get("pk", "")), **typed)
        found = [
            (other, reverse(f"admin:stakeholders_{self.opts.model_name}_change", args=[other.pk]), why)
            for other, why in matching.alike(record, request.user, most=5)
        ]
        return TemplateResponse(request, "admin/stakeholders/alike.html", {"found": found})

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["alike_address"] = reverse(f"admin:stakeholders_{self.opts.model_name}_alike")
        if obj is not None and obj.pk and request.user.has_role(Role.SECRETARIAT):
            context["alike"] = self._alike(request, obj)
            merges = Merge.objects.visible_to(request.user).filter(**{f"kept_{self.opts.model_name}": obj})
            context["undoable"] = [merge for merge in merges.order_by("-pk")[:5] if merge.may_be_undone]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _alike(self, request, obj):
        return [
            (other, reverse(f"admin:stakeholders_{self.opts.model_name}_merge", args=[obj.pk, other.pk]), why)
            for other, why in matching.alike(obj, request.user, most=5)
        ]

    def _pair(self, request, kept: int, gone: int):
        if not request.user.has_role(Role.SECRETARIAT):
            raise PermissionDenied
        pointing = [name for name in merging.CHOSEN[self.model] if self.model._meta.get_field(name).many_to_one]
        both = self.get_queryset(request).select_related(*pointing).filter(pk__in=[kept, gone])
        found = {one.pk: one for one in both}
        if kept not in found or gone not in found:
            raise Http404
        return found[kept], found[gone]

    def merge_view(self, request, kept: int, gone: int):
        """Both records side by side; what is chosen stands in the one that is kept."""
        first, second = self._pair(request, kept, gone)
        revisions = f"{first.revision} {second.revision}"
        problems = []
        if request.method == "POST" and request.POST.get("opened") != revisions:
            problems = [_("Somebody changed one of the two meanwhile. Look at them again before you merge them.")]
        elif request.method == "POST":
            choices = {name: request.POST.get(name, "") for name in merging.CHOSEN[self.model]}
            try:
                merging.merge(first, second, by=request.user, choices=choices)
            except ValidationError as error:
                problems = error.messages
            else:
                messages.success(request, _("Merged. For 30 days you can undo it on this page."))
                return HttpResponseRedirect(self._change_address(first))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Compare and merge"),
            "kept": first,
            "gone": second,
            "rows": self._rows(first, second),
            "opened": revisions,
            "problems": problems,
            "swap": reverse(f"admin:stakeholders_{self.opts.model_name}_merge", args=[gone, kept]),
            "back": self._change_address(first),
        }
        status = 409 if problems else 200
        return TemplateResponse(request, "admin/stakeholders/merge.html", context, status=status)

    def _rows(self, first, second) -> list[dict]:
        rows = []
        for name in merging.CHOSEN[self.model]:
            field = self.model._meta.get_field(name)
            texts = [_readable(one, field) for one in (first, second)]
            if any(texts):
                both = all(texts) and texts[0] != texts[1]
                rows.append({"name": name, "label": _label(field), "kept": texts[0], "gone": texts[1], "both": both})
        return rows

    def undo_view(self, request, pk: int, merge: int):
        if not request.user.has_role(Role.SECRETARIAT):
            raise PermissionDenied
        of_this = {f"kept_{self.opts.model_name}": pk}
        found = Merge.objects.visible_to(request.user).filter(pk=merge, **of_this).first()
        if found is None:
            raise Http404
        problems = []
        if request.method == "POST":
            try:
                merging.undo(found, by=request.user)
            except ValidationError as error:
                problems = error.messages
            else:
                messages.success(request, _("The merge is undone: both records stand as before."))
                return HttpResponseRedirect(self._change_address(found.kept))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Undo the merge"),
            "merge": found,
            "problems": problems,
            "back": self._change_address(found.kept),
        }
        status = 409 if problems else 200
        return TemplateResponse(request, "admin/stakeholders/undo.html", context, status=status)


def _label(field) -> str:
    language = getattr(field, "language", None)
    if language is None:
        return capfirst(str(field.verbose_name))
    texts = {"field": field.translated_field.verbose_name, "language": name_of(language)}
    return capfirst(_("%(field)s (%(language)s)") % texts)


def _readable(record, field) -> str:
    value = getattr(record, field.name)
    if isinstance(value, list):
        names = {**dict(SPOKEN), **dict(CHANNELS)}
        return listed(names.get(item, item) for item in value)
    if field.choices and value:
        return str(getattr(record, f"get_{field.name}_display")())
    return "" if value is None else str(value)
