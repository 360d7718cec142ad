from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import views as sitemaps
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from apps.core import audit, health, site, unsent
from apps.core.context import portal
from apps.core.languages import CODES
from apps.core.models import AuditEntry
from apps.core.pagecache import public_page


@login_not_required
@require_safe
def root(request):
    """To the reader's language: her account's, or her browser's, or Arabic when in doubt."""
    language = translation.get_language_from_request(request)
    if request.user.is_authenticated:
        language = request.user.language
    with translation.override(language):
        response = HttpResponseRedirect(reverse("home"))
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@public_page()
@login_not_required
@require_safe
def home(request):
    places = {"notice": [], "lead": [], "main": [], "aside": []}
    for section in site.home_sections:
        context = section.load(request)
        if context is not None:
            html = render_to_string(section.template, context, request=request)
            places[section.place].append(html)
    return render(request, "core/home.html", {"places": places})


@public_page()
@login_not_required
@require_safe
def accessibility(request):
    """What is done so that everybody can use the portal, what is missing, and whom to tell: docs/accessibility.md."""
    return render(request, "core/accessibility.html")


@login_not_required
@require_safe
def robots(request):
    """Where search engines find the public pages, and which paths are not worth their visit."""
    kept_out = ["Disallow: /text/", *(f"Disallow: /{code}/{path}/" for code in CODES for path in ("admin", "accounts"))]
    lines = ["User-agent: *", *kept_out, f"Sitemap: {settings.SITE_URL}{reverse('sitemap_index')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def sitemap_index(request):
    """Names the sections that have a page: the protocol knows no empty sitemap."""
    filled = {name: sitemap for name, sitemap in site.sitemaps.items() if sitemap().paginator.count}
    return sitemaps.index(request, filled, sitemap_url_name="sitemap")


@login_not_required
@require_safe
def sitemap_section(request, section: str):
    return sitemaps.sitemap(request, site.sitemaps, section=section)


@public_page()
@login_not_required
@require_safe
def privacy(request):
    """What is kept of whom and for how long: the periods are those that are carried out."""
    sessions = {
        "idle": settings.MEMBER_SESSION["idle"] // 86400,
        "longest": settings.MEMBER_SESSION["longest"] // 86400,
    }
    return render(request, "core/privacy.html", {"days": settings.RETENTION_DAYS, "session_days": sessions})


@login_not_required
@require_safe
def healthz(request):
    """The process answers. Asks no database, so that a slow one does not get healthy processes killed."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@login_not_required
@require_safe
def readyz(request):
    """Whether all is well, in a word; for who works in the back office, what is not. 503 when something is not well.

    For monitors. Balancers ask ``healthz``: a late backup is no reason to turn readers away.
    """
    is_well = health.is_well()
    status, headers = 200 if is_well else 503, {"Cache-Control": "no-store"}
    if not _is_staff(request):
        return HttpResponse("ok\n" if is_well else "not ok\n", "text/plain", status, headers=headers)
    checks = {one.name: {"ok": one.is_good, "sentence": one.sentence} for one in health.findings()}
    return JsonResponse({"ok": is_well, "checks": checks}, status=status, headers=headers)


def _is_staff(request) -> bool:
    try:
        return bool(request.COOKIES) and request.user.is_active and request.user.is_staff
    except DatabaseError:
        return False


@require_safe
def status(request):
    """The same for the secretariat, in plain words."""
    if not request.user.is_staff:
        raise PermissionDenied
    return render(request, "admin/status.html", {**admin.site.each_context(request), "findings": health.findings()})


def _error(request, status: int) -> HttpResponse:
    """An error page in the address's language that needs no query, so that it stands when the database does not."""
    with translation.override(unsent.language_of(request)):
        context = {**portal(request), "status": status}
        return HttpResponse(render_to_string(f"{status}.html", context), status=status)


def bad_request(request, exception=None):
    return _error(request, 400)


def permission_denied(request, exception=None):
    """Who was refused which page is in the audit trail: the page's name, not its address."""
    if getattr(request, "user", None) and request.user.is_authenticated and not settings.READ_ONLY:
        page = request.resolver_match.view_name if request.resolver_match else ""
        audit.record(AuditEntry.Action.REFUSED, by=request.user, changes={"page": ["", page]})
    return _error(request, 403)


def page_not_found(request, exception=None):
    return _error(request, 404)


def too_many_requests(request, exception=None):
    return _error(request, 429)


def unavailable(request):
    return _error(request, 503)


def server_error(request):
    return _error(request, 500)


def csrf_failure(request, reason=""):
    return unsent.page(request) or _error(request, 403)
