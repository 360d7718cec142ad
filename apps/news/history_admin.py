"""An article's history in the back office: what was when, what changed, and the way back."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from apps.core.digits import ascii_digits, key_in
from apps.core.paging import paged
from apps.core.records import visible_or_404
from apps.news import history, previews, rights, services
from apps.news.forms import ReasonForm
from apps.news.models import ArticleVersion, PreviewLink

PER_PAGE = 50


def what_changes(article) -> str:
    """For somebody who decides: what readers would get and do not have yet."""
    newest, public = services.newest_version(article), history.public_version(article)
    context = {
        "newest": newest,
        "public": public,
        "differences": history.differences(public.content, newest.content) if public else [],
    }
    return render_to_string("admin/news/article/decision.html", context)


class ArticleHistoryMixin:
    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/version/<int:number>/", view(self.version_view), name="news_article_version"),
            path("<int:pk>/preview-link/<int:link>/revoke/", view(self.revoke_view), name="news_article_revoke"),
            *super().get_urls(),
        ]

    def history_view(self, request, object_id, extra_context=None):
        article = self.get_object(request, unquote(object_id))
        if article is None:
            raise Http404
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        entries = paged(history.timeline(article, request.user), request.GET.get("page"), size=PER_PAGE)
        context = {
            "title": _("History"),
            "entries": entries.page,
            "links": PreviewLink.objects.visible_to(request.user).filter(article=article).select_related("version"),
            "may_revoke": rights.may_write(request.user),
        }
        return self._page(request, article, "admin/news/article/history.html", context, status=entries.status)

    @transaction.atomic
    def version_view(self, request, pk: int, number: int):
        """What a version changed (against the one before it, or ``?with=``), and restoring it."""
        article = self.get_object(request, str(pk))
        if article is None or not self.has_view_permission(request, article):
            raise Http404
        version = visible_or_404(ArticleVersion.objects, request.user, article=pk, number=number)
        may_restore = rights.may_write(request.user) and self.has_change_permission(request, article)
        form, problem = ReasonForm(), ""
        if request.method == "POST":
            if not may_restore:
                raise PermissionDenied
            form = ReasonForm(request.POST)
            if request.POST.get("opened_revision") != str(article.revision):
                problem = _("Somebody saved this meanwhile. Look at the record again before you go on.")
            elif form.is_valid():
                services.restore_version(article, version=version, by=request.user, reason=form.cleaned_data["reason"])
                self.log_change(request, article, str(_("Version %(number)s restored") % {"number": number}))
                messages.success(request, _("Version %(number)s is the newest again, as a draft.") % {"number": number})
                return HttpResponseRedirect(self._change_address(article))
        newest = services.newest_version(article)
        other = self._other_version(request, version)
        context = {
            "title": str(version),
            "version": version,
            "other": other,
            "others": article.versions.exclude(pk=version.pk).defer("content"),
            "differences": history.differences(other.content, version.content) if other else [],
            "form": form,
            "problem": problem,
            "may_restore": may_restore and newest.content != version.content,
        }
        status = 400 if problem or form.errors else 200
        return self._page(request, article, "admin/news/article/version.html", context, status=status)

    def _other_version(self, request, version: ArticleVersion) -> ArticleVersion | None:
        versions = version.article.versions
        asked = key_in(ascii_digits(request.GET.get("with", "")))
        if asked is not None and (found := versions.filter(number=asked).first()):
            return found
        return versions.filter(number__lt=version.number).order_by("-number").first()

    def revoke_view(self, request, pk: int, link: int):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not rights.may_write(request.user):
            raise PermissionDenied
        previews.revoke_preview(visible_or_404(PreviewLink.objects, request.user, article=pk, pk=link), by=request.user)
        messages.success(request, _("The preview link works no more."))
        return HttpResponseRedirect(reverse("admin:news_article_history", args=[pk]))

    def _page(self, request, article, template: str, context: dict, *, status: int):
        context |= {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": article,
            "change_address": self._change_address(article),
            "title": context["title"],
        }
        return TemplateResponse(request, template, context, status=status)
