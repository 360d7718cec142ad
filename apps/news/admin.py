from django.contrib import admin
from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.accounts.roles import Role
from apps.core.admin import STAMPS, PortalAdmin
from apps.core.languages import CODES, own_name
from apps.core.steps import Step
from apps.news import services
from apps.news.forms import PublishForm
from apps.news.models import Article, PressContact


@admin.register(PressContact)
class PressContactAdmin(PortalAdmin):
    list_display = ["__str__", "email", "phone", "saved"]
    search_fields = ["city_ar", "city_en", "name_ar", "name_en", "email"]
    search_help_text = _("Search by city, name or e-mail address.")
    readonly_fields = ["who_created", "who_saved"]
    fieldsets = [(None, {"fields": ["city", "name", "email", "phone"]}), STAMPS]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "phone":
            field.widget.attrs["dir"] = "ltr"
        return field


class LanguageFilter(admin.SimpleListFilter):
    title = _("languages")
    parameter_name = "language"

    def lookups(self, request, model_admin):
        return [("both", _("In both languages")), ("missing", _("In one language only"))]

    def queryset(self, request, queryset):
        lacking = Q(ready_ar=False) | Q(ready_en=False)
        if self.value() == "missing":
            return queryset.filter(lacking, status=Article.Status.PUBLISHED)
        if self.value() == "both":
            return queryset.exclude(lacking)
        return queryset


@admin.register(Article)
class ArticleAdmin(PortalAdmin):
    list_display = ["__str__", "category", "dated_on", "status", "shown_in", "saved"]
    list_filter = ["status", LanguageFilter, "category", "scope"]
    date_hierarchy = "dated_on"
    search_fields = ["title_ar", "title_en", "lead_ar", "lead_en"]
    search_help_text = _("Search by title or lead in either language.")
    autocomplete_fields = ["meeting", "contacts"]
    readonly_fields = ["status", "published_at", "shown_in", "public_page", "who_created", "who_saved"]
    fieldsets = [
        (None, {"fields": ["status", "published_at", "shown_in", "public_page", "original_language"]}),
        (_("Text"), {"fields": ["title", "lead", "body"]}),
        (_("Dateline"), {"fields": ["place", ("dated_on", "category", "scope")]}),
        (_("Picture"), {"fields": ["picture", "picture_text", "picture_credit"]}),
        (_("Around the article"), {"fields": ["meeting", "contacts"]}),
        STAMPS,
    ]
    steps = (
        Step(
            name="publish",
            label=_("Publish"),
            explanation=_("Readers get the article in the languages you tick, and in no other."),
            service=services.publish_article,
            offered=lambda article: article is None or not article.is_published,
            done=_("The article is published."),
            form=PublishForm,
        ),
        Step(
            name="languages",
            label=_("Change languages or time"),
            explanation=_("Readers get the article in the languages you tick, and in no other."),
            service=services.publish_article,
            offered=lambda article: article is not None and article.is_published,
            done=_("Readers now get the article in the languages you ticked."),
            form=PublishForm,
        ),
        Step(
            name="withdraw",
            label=_("Withdraw"),
            explanation=_("The article becomes a draft. Its address answers as if it did not exist."),
            service=services.withdraw_article,
            offered=lambda article: article is not None and article.is_published,
            done=_("The article is a draft again."),
            is_main=False,
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def may_take(self, request, step):
        """Translators write; editors and the secretariat decide what readers get."""
        return request.user.has_role(Role.SECRETARIAT, Role.EDITOR)

    def has_delete_permission(self, request, obj=None):
        """A published article is withdrawn first."""
        if obj and obj.is_published:
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @admin.display(description=_("readers get it in"))
    def shown_in(self, obj):
        shown = obj.ready_languages if obj.pk and obj.is_published else []
        return " · ".join(own_name(code) for code in shown) or "–"

    @admin.display(description=_("page on the portal"))
    def public_page(self, obj):
        if not obj.pk:
            return _("After the first save.")
        links = [
            format_html('<a href="{}" hreflang="{}">{}</a>', obj.address_in(code), code, own_name(code))
            for code in CODES
            if obj.is_complete(code)
        ]
        return format_html(" · ".join(["{}"] * len(links)), *links) if links else "–"
