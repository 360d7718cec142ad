from anymail.urls import urlpatterns as provider_pages
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, register_converter

from apps.core import handbook, offline, views
from apps.core.slugs import SlugConverter
from apps.news.views import card, picture, shared_picture
from apps.opendata import api

register_converter(SlugConverter, "title")

urlpatterns = [
    path("", views.root, name="root"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("pictures/<int:pk>-<slug:stamp>-<slug:size>", picture, name="picture"),
    path("pictures/shared/<str:token>/<int:pk>-<slug:size>", shared_picture, name="shared_picture"),
    path("pictures/card/<int:pk>-<slug:stamp>-<slug:language>.jpg", card, name="card"),
    path("sw.js", offline.worker, name="service_worker"),
    path("api/v1/", api.urls()),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap_index, name="sitemap_index"),
    path("sitemap-<slug:section>.xml", views.sitemap_section, name="sitemap"),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("privacy/", views.privacy, name="privacy"),
        path("accessibility/", views.accessibility, name="accessibility"),
        path("handbook/", handbook.index, name="handbook"),
        path("handbook/<slug:name>/", handbook.page, name="handbook_page"),
        path("handbook/pictures/<str:name>", handbook.picture, name="handbook_picture"),
        path("offline/", offline.offline, name="offline"),
        path("offline/unsent/", offline.unsent, name="offline_unsent"),
        path("manifest.webmanifest", offline.manifest, name="manifest"),
        path("search/", include("apps.search.urls")),
        path("news/", include("apps.news.urls")),
        path("meetings/", include("apps.meetings.urls")),
        path("have-your-say/", include("apps.reviews.submitting.urls")),
        path("reviews/", include("apps.reviews.urls")),
        path("group/", include("apps.stakeholders.urls")),
        path("data/", include("apps.opendata.urls")),
        path("newsletter/", include("apps.outreach.urls")),
        path("accounts/", include("apps.accounts.urls")),
        path("admin/status/", views.status, name="status"),
        path("admin/", admin.site.urls),
    ),
]

if settings.ANYMAIL.get("WEBHOOK_SECRET"):
    # The mail provider says here what came back; anymail asks for the secret.
    urlpatterns += [
        path(f"webhooks/{page.pattern}", login_not_required(page.callback), name=f"provider_{page.name}")
        for page in provider_pages
    ]

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.page_not_found
handler429 = views.too_many_requests
handler500 = views.server_error
