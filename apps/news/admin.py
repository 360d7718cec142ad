from django.conf import settings
from django.contrib import admin
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.core.admin import STAMPS, PortalAdmin
from apps.core.languages import CODES, columns, field_in, own_name
from apps.core.steps import Step
from apps.news import previews, rights, services, writing
from apps.news.exchange_admin import ArticleExchangeMixin
from apps.news.forms import NeededReasonForm, PreviewLinkForm, PublishForm, ReasonForm
from apps.news.history_admin import ArticleHistoryMixin, what_changes
from apps.news.models import Article, Picture, PressContact
from apps.news.pictures import save_picture

Status = Article.Status


def may_be_approved(article: Article | None) -> bool:
    """Without four eyes a draft needs nobody to wait for."""
    from_here = (Status.IN_REVIEW,) if settings.FOUR_EYES else (Status.DRAFT, Status.IN_REVIEW)
    return article is not None and article.status in from_here


@admin.register(PressContact)
class PressContactAdmin(PortalAdmin):
    list_display = ["__str__", "email", "phone", "saved"]
    search_fields = [*columns("city", "name"), "email"]
    search_help_text = _("Search by city, name or e-mail address.")
    readonly_fields = ["who_created", "who_saved"]
    fieldsets = [(None, {"fields": ["city", "name", "email", "phone"]}), STAMPS]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "phone":
            field.widget.attrs["dir"] = "ltr"
        return field


def thumbnail(picture: Picture):
    return format_html(
        '<img class="thumbnail" src="{}" alt="{}" loading="lazy">', picture.sizes[0].address, str(picture)
    )


@admin.register(Picture)
class PictureAdmin(PortalAdmin):
    list_display = ["__str__", "shown", "credit", "described_in", "saved"]
    search_fields = [*columns("text", "credit")]
    search_help_text = _("Search by what the picture shows or by its credit.")
    readonly_fields = ["shown", "used_in", "who_created", "who_saved"]
    fieldsets = [(None, {"fields": ["file", "shown", "text", "credit", "focus", "used_in"]}), STAMPS]

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def has_change_permission(self, request, obj=None):
        """What readers have is changed by those who decide what readers get."""
        is_public = obj is not None and obj.articles.filter(is_shown=True).exists()
        return super().has_change_permission(request, obj) and (not is_public or rights.may_decide(request.user))

    def save_record(self, obj, *, by):
        save_picture(obj, by=by)

    @admin.display(description=_("picture"))
    def shown(self, obj):
        return thumbnail(obj) if obj.pk else "–"

    @admin.display(description=_("described in"))
    def described_in(self, obj):
        return " · ".join(own_name(code) for code in CODES if field_in(obj, "text", code))

    @admin.display(description=_("used in"))
    def used_in(self, obj):
        if not obj.pk:
            return "–"
        links = [
            format_html('<a href="{}">{}</a>', reverse("admin:news_article_change", args=[article.pk]), article)
            for article in obj.articles.order_by("-pk")[:20]
        ]
        return format_html("<br>".join(["{}"] * len(links)), *links) if links else _("In no article.")


class LanguageFilter(admin.SimpleListFilter):
    title = _("languages")
    parameter_name = "language"

    def lookups(self, request, model_admin):
        return [
            ("both", _("In both languages")),
            ("missing", _("In one language only")),
            ("outdated", _("Translation outdated")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "missing":
            return queryset.lacking_a_language().filter(is_shown=True)
        if self.value() == "outdated":
            return queryset.outdated_in_a_language()
        if self.value() == "both":
            return queryset.ready_in_all_languages()
        return queryset


@admin.register(Article)
class ArticleAdmin(ArticleExchangeMixin, ArticleHistoryMixin, PortalAdmin):
    list_display = ["__str__", "category", "dated_on", "stage", "shown_in", "reads", "saved"]
    list_filter = ["status", LanguageFilter, "category", "scope"]
    date_hierarchy = "dated_on"
    search_fields = [*columns("title", "lead")]
    search_help_text = _("Search by title or lead in either language.")
    autocomplete_fields = ["picture", "meetings", "related", "contacts", "objectives", "countries", "constituencies"]
    readonly_fields = [
        *["stage", "published_at", "shown_in", "public_page", "both_languages", "shown_picture"],
        *["who_created", "who_saved"],
    ]
    fieldsets = [
        (None, {"fields": ["stage", "published_at", "shown_in", "public_page", "original_language"]}),
        (_("Text"), {"fields": ["title", "lead", "body", "both_languages"]}),
        (_("Dateline"), {"fields": ["place", ("dated_on", "category", "scope")]}),
        (_("Picture"), {"fields": ["picture", "shown_picture"]}),
        (_("Quotations"), {"fields": ["quotations"]}),
        (_("Topics"), {"fields": ["objectives", "countries", "constituencies"]}),
        (_("Around the article"), {"fields": ["meetings", "related", "contacts"]}),
        (_("Correction"), {"fields": ["correction", "corrected_on"]}),
        STAMPS,
    ]
    steps = (
        Step(
            name="send",
            label=_("Send to review"),
            explanation=_("Somebody who decides reads it next. The original language has to be complete."),
            service=services.send_to_review,
            offered=lambda article: article is None or article.status == Status.DRAFT,
            done=_("The article waits for approval."),
            form=ReasonForm,
            in_bulk=lambda article: {},
        ),
        Step(
            name="approve",
            label=_("Approve"),
            explanation=_("You say that this version may reach readers. They get it when it is published."),
            service=services.approve_article,
            offered=may_be_approved,
            done=_("The article is approved."),
            form=ReasonForm,
            about=what_changes,
            in_bulk=lambda article: {},
        ),
        Step(
            name="publish",
            label=_("Publish"),
            explanation=_("Readers get the article in the languages you tick, and in no other."),
            service=services.publish_article,
            offered=lambda article: article is not None and article.status == Status.APPROVED,
            done=_("The article is published."),
            form=PublishForm,
            about=what_changes,
            in_bulk=lambda article: {"languages": services.complete_languages(article)},
        ),
        Step(
            name="languages",
            label=_("Change languages or time"),
            explanation=_("Readers get the article in the languages you tick, and in no other."),
            service=services.publish_article,
            offered=lambda article: article is not None and article.status == Status.PUBLISHED,
            done=_("Readers now get the article in the languages you ticked."),
            form=PublishForm,
        ),
        Step(
            name="current",
            label=_("Mark the translation as current"),
            explanation=_("The original changed after its translation. You say that the translation still fits."),
            service=services.mark_current,
            offered=lambda article: article is not None and bool(article.outdated_languages),
            done=_("The translation counts as current again."),
            form=ReasonForm,
            is_main=False,
        ),
        Step(
            name="send-back",
            label=_("Send back"),
            explanation=_("The article becomes a draft again. Tell its writers what to change."),
            service=services.send_back,
            offered=lambda article: article is not None and article.status in (Status.IN_REVIEW, Status.APPROVED),
            done=_("The article is back with its writers."),
            form=NeededReasonForm,
            is_main=False,
        ),
        Step(
            name="structure",
            label=_("Copy structure from the original"),
            explanation=_("The empty text gets the original’s headings, lists and links, with places to fill in."),
            service=writing.copy_structure,
            offered=lambda article: article is not None and bool(writing.unwritten(article)),
            done=_("The text has the original’s structure. It is complete when each place is filled in."),
            form=ReasonForm,
            is_main=False,
        ),
        Step(
            name="pin",
            label=_("Pin"),
            explanation=_("The article stands on top of the home page and of lists until it is unpinned."),
            service=services.pin_article,
            offered=lambda article: article is not None and article.is_shown and not article.is_pinned,
            done=_("The article is pinned."),
            form=ReasonForm,
            is_main=False,
        ),
        Step(
            name="unpin",
            label=_("Unpin"),
            explanation=_("The article goes back to its place by time."),
            service=services.unpin_article,
            offered=lambda article: article is not None and article.is_pinned,
            done=_("The article is back in its place."),
            form=ReasonForm,
            is_main=False,
        ),
        Step(
            name="share",
            label=_("Share a preview"),
            explanation=_("A link shows this version, as it stands now, to somebody who has no account."),
            service=previews.share_preview,
            offered=lambda article: article is not None,
            done=_("The preview link stands in the history."),
            form=PreviewLinkForm,
            is_main=False,
        ),
        Step(
            name="discard",
            label=_("Discard the changes"),
            explanation=_("What readers have becomes the newest version. The discarded one stays in the history."),
            service=services.discard_changes,
            offered=lambda article: article is not None and bool(article.working_version_id),
            done=_("The changes are discarded."),
            form=ReasonForm,
            is_main=False,
        ),
        Step(
            name="withdraw",
            label=_("Withdraw"),
            explanation=_("The article becomes a draft. Its address answers as if it did not exist."),
            service=services.withdraw_article,
            offered=lambda article: article is not None and article.is_shown,
            done=_("The article is a draft again."),
            form=ReasonForm,
            is_main=False,
        ),
        Step(
            name="archive",
            label=_("Archive"),
            explanation=_("The article is put away. Readers who come to its address learn that it was taken back."),
            service=services.archive_article,
            offered=lambda article: article is not None and article.status != Status.ARCHIVED,
            done=_("The article is archived."),
            form=ReasonForm,
            is_main=False,
            in_bulk=lambda article: {},
        ),
        Step(
            name="reopen",
            label=_("Take up again"),
            explanation=_("The article becomes a draft again."),
            service=services.reopen_article,
            offered=lambda article: article is not None and article.status == Status.ARCHIVED,
            done=_("The article is a draft again."),
            form=ReasonForm,
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def get_object(self, request, object_id, from_field=None):
        """With its newest version: what readers have is on the portal's own page."""
        article = super().get_object(request, object_id, from_field)
        return services.with_newest(article) if article else None

    def save_model(self, request, obj, form, change):
        chosen = {name: form.cleaned_data[name] for name in form.link_names}
        services.save_article(obj, by=request.user, links=chosen)

    def save_links(self, obj, name, chosen, *, by):
        """Saved with the version."""

    def may_take(self, request, step, obj):
        """Translators write and ask; editors and the secretariat decide what readers get."""
        if step.name == "approve" and obj is not None:
            return rights.may_approve(request.user, obj)
        return (
            rights.may_write(request.user)
            if step.name in ("send", "current", "share", "structure")
            else rights.may_decide(request.user)
        )

    def steps_note(self, request, obj):
        waits = obj is not None and obj.status == Status.IN_REVIEW
        if waits and rights.may_decide(request.user) and not rights.may_approve(request.user, obj):
            return _("You wrote in this version: somebody else approves it.")
        return ""

    def has_delete_permission(self, request, obj=None):
        """What readers have is withdrawn first."""
        if obj and obj.is_shown:
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @admin.display(description=_("status"), ordering="status")
    def stage(self, obj):
        if obj.pk and obj.is_shown and obj.status != Status.PUBLISHED:
            return _("%(status)s – readers have an earlier version") % {"status": obj.get_status_display()}
        return _("Scheduled") if obj.pk and obj.is_scheduled else obj.get_status_display()

    @admin.display(description=_("readers get it in"))
    def shown_in(self, obj):
        shown = obj.ready_languages if obj.pk and obj.is_shown else []
        return " · ".join(self._shown_language(obj, code) for code in shown) or "–"

    def _shown_language(self, obj, code: str) -> str:
        outdated = code in obj.outdated_languages
        return _("%(language)s (outdated)") % {"language": own_name(code)} if outdated else own_name(code)

    @admin.display(description=_("both languages, as last saved"))
    def both_languages(self, obj):
        if not obj.pk:
            return _("After the first save.")
        context = {"article": obj, "figures": writing.figures(obj), "hints": writing.hints(obj)}
        return render_to_string("admin/news/article/both_languages.html", context)

    @admin.display(description=_("as it stands"))
    def shown_picture(self, obj):
        return thumbnail(obj.picture) if obj.picture else "–"

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
