"""PortalAdmin: what every admin page of the portal has by inheriting.

Both languages side by side, each input in its own language and direction; who saved and when; somebody else's save
noticed; digits in any script; changes of state as buttons that call services.
"""

from copy import deepcopy
from functools import reduce
from operator import or_

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import lookup_spawns_duplicates, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override
from js_asset import Media
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from apps.core.arabic import ARABIC_LETTER, any_spelling
from apps.core.formfields import ADMIN_OVERRIDES, Chooser, ManyChooser
from apps.core.forms import BOOKKEEPING, RowFormSet, VersionedForm
from apps.core.languages import CODES, direction, name_of
from apps.core.list_cells import ListInItsLanguagesMixin
from apps.core.own_filters import OwnFiltersOnly
from apps.core.records import delete_record, save_record, set_links
from apps.core.steps import Step
from apps.core.textpolicy import look_alikes

# The editor adds one fixed style sheet to the page; its hash lets just that one in.
EDITOR_STYLE_HASH = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"


class PortalFormMixin:
    """Shared by pages and by rows inside pages."""

    form = VersionedForm
    formfield_overrides = ADMIN_OVERRIDES

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        language = getattr(db_field, "language", None)
        if field and language:
            field.widget.attrs |= {"lang": language, "dir": direction(language)}
            texts = {"field": db_field.translated_field.verbose_name, "language": name_of(language)}
            field.label = capfirst(_("%(field)s (%(language)s)") % texts)
        elif field and isinstance(db_field, models.CharField | models.TextField) and not db_field.choices:
            field.widget.attrs.setdefault("dir", "auto")
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = Chooser(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = ManyChooser(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_fieldsets(self, request, obj=None):
        return [
            (name, {**options, "fields": self._side_by_side(options["fields"])})
            for name, options in [*deepcopy(super().get_fieldsets(request, obj)), self._bookkeeping]
        ]

    @property
    def _bookkeeping(self):
        return None, {"fields": BOOKKEEPING, "classes": ("bookkeeping",)}

    def _side_by_side(self, fields):
        """The language columns of one field on one line, Arabic first."""
        line_of = {f"{name}_{code}": name for name in self.trans_opts.all_fields for code in CODES}
        lines, placed = [], set()
        for field in fields:
            name = line_of.get(field) if isinstance(field, str) else None
            if name is None:
                lines.append(field)
            elif name not in placed:
                placed.add(name)
                lines.append(tuple(f"{name}_{code}" for code in CODES))
        return lines


# Of what is typed into a search box of the back office.
MOST_WORDS, LONGEST_WORD = 10, 60


class PortalAdmin(OwnFiltersOnly, ListInItsLanguagesMixin, PortalFormMixin, TranslationAdmin):
    change_form_template = "admin/portal_change_form.html"
    steps: tuple[Step, ...] = ()
    # Columns by which a person is told, after saving, of another record that looks the same.
    told_apart_by: tuple[str, ...] = ()
    save_on_top = False
    list_per_page = 50
    show_full_result_count = False

    class Media:
        css = {"all": ["admin.css"]}

    # Reading

    def get_object(self, request, object_id, from_field=None):
        """Locked while it is being saved, so that two saves at once meet one after the other."""
        try:
            pk = self.model._meta.pk.to_python(object_id)
        except ValidationError:
            return None
        if request.method == "POST":
            self.model._default_manager.select_for_update().filter(pk=pk).values("pk").first()
        return self.get_queryset(request).select_related("created_by", "updated_by").filter(pk=pk).first()

    def get_search_results(self, request, queryset, search_term):
        """Arabic words in any spelling; where columns say themselves how they are searched, as they say."""
        fields = self.get_search_fields(request)
        words = search_term.split()[:MOST_WORDS]
        if not any(map(ARABIC_LETTER.search, words)) or any(field[0] in "^=@" or "folded" in field for field in fields):
            return super().get_search_results(request, queryset, search_term)
        for word in words:
            pattern = any_spelling(word[:LONGEST_WORD])
            found = (Q(**{f"{field}__iregex": pattern}) for field in fields)
            queryset = queryset.filter(reduce(or_, found))
        return queryset, any(lookup_spawns_duplicates(self.opts, field) for field in fields)

    # Writing: one service

    def save_model(self, request, obj, form, change):
        self.save_record(obj, by=request.user)
        if self.told_apart_by and set(self.told_apart_by) & set(form.changed_data):
            for other in self.look_alikes(request, obj):
                messages.warning(request, self.look_alike_note(obj, other))

    def look_alikes(self, request, obj) -> list:
        """Other records that may be the same, of which the person is told after saving."""
        return look_alikes(obj, self.told_apart_by)[:3]

    def look_alike_note(self, obj, other) -> str:
        return _("This looks like another record: %(other)s. Make sure that they are two.") % {"other": other}

    def save_record(self, obj, *, by):
        """The service that saves this kind of record."""
        save_record(obj, by=by)

    def save_formset(self, request, form, formset, change):
        save = getattr(formset, "save_record", save_record)
        delete = getattr(formset, "delete_record", delete_record)
        for row in formset.save(commit=False):
            save(row, by=request.user)
        for row in formset.deleted_objects:
            delete(row, by=request.user)
        formset.save_m2m()

    def save_related(self, request, form, formsets, change):
        for name, chosen in form.cleaned_data.items():
            if name in form.link_names:
                self.save_links(form.instance, name, chosen, by=request.user)
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)

    def save_links(self, obj, name: str, chosen, *, by):
        """The service that sets the records which a many-to-many field points to."""
        set_links(obj, name, chosen, by=by)

    def delete_model(self, request, obj):
        delete_record(obj, by=request.user)

    def delete_queryset(self, request, queryset):
        for obj in queryset:
            delete_record(obj, by=request.user)

    # Pages

    def construct_change_message(self, request, form, formsets, add=False):
        """The history says which kinds of rows changed and never their names: not everybody may read every row."""
        message = super().construct_change_message(request, form, [], add)
        with override(None):
            rows = [str(rows.model._meta.verbose_name_plural) for rows in formsets or [] if _was_changed(rows)]
        return [*message, {"changed": {"fields": rows}}] if rows else message

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            response = super().changeform_view(request, object_id, form_url, extra_context)
        except (IntegrityError, ValidationError):
            # Somebody else's save came between the form's check and ours: check again, now with a message.
            response = super().changeform_view(request, object_id, form_url, extra_context)
        # A popup that is done answers with a page of its own, without media.
        if isinstance(response, TemplateResponse) and "media" in response.context_data:
            media = response.context_data["media"]
            response.context_data["media"] = Media.from_media(media, nonce=str(request.csp_nonce))
            response._csp_update = {"style-src": EDITOR_STYLE_HASH}
        return response

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["next_steps"] = self.next_steps(request, obj)
        context["steps_note"] = self.steps_note(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    # Steps

    def next_steps(self, request, obj) -> list[Step]:
        if not self.has_change_permission(request, obj):
            return []
        return [step for step in self.steps if step.offered(obj) and self.may_take(request, step, obj)]

    def steps_note(self, request, obj) -> str:
        """Why a step that one might look for is not there."""
        return ""

    def may_take(self, request, step: Step, obj) -> bool:
        """``obj`` is the record, or None for one that is not saved yet."""
        return True

    def get_actions(self, request):
        actions = super().get_actions(request)
        for step in self.steps if self.has_change_permission(request) else ():
            if step.in_bulk and self.may_take(request, step, None):
                actions[f"step-{step.name}"] = (self._bulk_action(step), f"step-{step.name}", step.label)
        return actions

    def _bulk_action(self, step: Step):
        def take_all(_admin, request, queryset):
            taken = 0
            for pk in list(queryset.values_list("pk", flat=True)):
                problem = self._take_in_bulk(request, step, pk)
                taken += not problem
                if problem:
                    messages.warning(request, problem)
            if taken:
                text = ngettext("%(step)s: done for %(count)d record.", "%(step)s: done for %(count)d records.", taken)
                messages.success(request, text % {"step": step.label, "count": taken})

        return take_all

    def _take_in_bulk(self, request, step: Step, pk) -> str:
        """Takes the step of one record, in a transaction of its own; answers why it was not taken."""
        with transaction.atomic():
            obj = self.get_object(request, str(pk))
            if obj is None or not self.has_change_permission(request, obj):
                return _("A record that you may not change was left out.")
            if not step.offered(obj) or not self.may_take(request, step, obj):
                return _("%(record)s: this is not a next step now.") % {"record": obj}
            try:
                with transaction.atomic():
                    step.service(obj, by=request.user, **step.in_bulk(obj))
            except ValidationError as error:
                return f"{obj}: {' '.join(error.messages)}"
            self.log_change(request, obj, str(step.done))
        return ""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_step"
        step = path("<path:object_id>/step/<slug:name>/", self.admin_site.admin_view(self.step_view), name=name)
        return [step, *super().get_urls()] if self.steps else super().get_urls()

    def _step_address(self, obj, name: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_step", args=[obj.pk, name])

    def _change_address(self, obj) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk])

    def response_change(self, request, obj):
        return self._to_step(request, obj) or super().response_change(request, obj)

    def response_add(self, request, obj, post_url_continue=None):
        return self._to_step(request, obj) or super().response_add(request, obj, post_url_continue)

    def _to_step(self, request, obj):
        """A step's button saves what was typed first, then asks for confirmation."""
        name = request.POST.get("_step", "")
        if any(step.name == name for step in self.next_steps(request, obj)):
            return HttpResponseRedirect(self._step_address(obj, name))
        return None

    @transaction.atomic
    def step_view(self, request, object_id, name):
        obj = self.get_object(request, unquote(object_id))
        step = next((step for step in self.steps if step.name == name), None)
        if obj is None or step is None:
            raise Http404
        if not self.has_change_permission(request, obj) or not self.may_take(request, step, obj):
            raise PermissionDenied
        if not step.offered(obj):
            messages.warning(request, _("This step is not possible any more; here is the record as it stands."))
            return HttpResponseRedirect(self._change_address(obj))
        return self._take_step(request, obj, step)

    def _take_step(self, request, obj, step: Step):
        form = self._step_form(request, obj, step)
        problems = []
        if request.method == "POST" and request.POST.get("opened_revision", str(obj.revision)) != str(obj.revision):
            problems = [_("Somebody saved this meanwhile. Look at the record again before you go on.")]
        elif request.method == "POST" and form.is_valid():
            try:
                with transaction.atomic():
                    result = step.service(obj, by=request.user, **form.cleaned_data)
            except ValidationError as error:
                problems = error.messages
            else:
                self.log_change(request, obj, str(step.done))
                messages.success(request, step.done)
                address = step.leads_to(result) if step.leads_to else self._change_address(obj)
                return HttpResponseRedirect(address)
        return self._step_page(request, obj, step, form, problems)

    def _step_page(self, request, obj, step: Step, form, problems: list[str]):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": obj,
            "title": step.label,
            "step": step,
            "form": form,
            "problems": problems,
            "about": step.about(obj) if step.about else "",
            "change_address": self._change_address(obj),
        }
        return TemplateResponse(request, "admin/step.html", context, status=400 if problems or form.errors else 200)

    def _step_form(self, request, obj, step: Step) -> forms.Form:
        data = request.POST if request.method == "POST" else None
        return step.form(data, record=obj) if step.form else forms.Form(data)

    # Who and when

    @admin.display(description=gettext_lazy("last saved"), ordering="updated_at")
    def saved(self, obj):
        return obj.updated_at

    @admin.display(description=gettext_lazy("created"))
    def who_created(self, obj):
        return _stamp(obj.created_at, obj.created_by) if obj.pk else "–"

    @admin.display(description=gettext_lazy("last saved"))
    def who_saved(self, obj):
        return _stamp(obj.updated_at, obj.updated_by) if obj.pk else "–"


STAMP_FIELDS = ("who_created", "who_saved")
STAMPS = (gettext_lazy("Who and when"), {"fields": STAMP_FIELDS, "classes": ("collapse",)})


class PortalInline(PortalFormMixin, TranslationStackedInline):
    extra = 0
    formset = RowFormSet

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.save_record = staticmethod(self.save_record)
        formset.delete_record = staticmethod(self.delete_record)
        return formset

    def save_record(self, row, *, by):
        """The service that saves this kind of row."""
        save_record(row, by=by)

    def delete_record(self, row, *, by):
        """The service that deletes this kind of row."""
        delete_record(row, by=by)


def _was_changed(formset) -> bool:
    return any(getattr(formset, name, None) for name in ("new_objects", "changed_objects", "deleted_objects"))


def _stamp(moment, person) -> str:
    when = date_format(timezone.localtime(moment), "DATETIME_FORMAT")
    return _("%(when)s, by %(who)s") % {"when": when, "who": person.get_full_name()} if person else when
