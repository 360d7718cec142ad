from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, register_converter

from apps.core import views
from apps.core.slugs import SlugConverter
from apps.news.views import picture

register_converter(SlugConverter, "title")

urlpatterns = [
    path("", views.root, name="root"),
    path("healthz", views.healthz, name="healthz"),
    path("pictures/<int:pk>-<slug:stamp>.webp", picture, name="picture"),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("privacy/", views.privacy, name="privacy"),
        path("news/", include("apps.news.urls")),
        path("meetings/", include("apps.meetings.urls")),
        path("group/", include("apps.stakeholders.urls")),
        path("accounts/", include("apps.accounts.urls")),
        path("admin/", admin.site.urls),
    ),
]

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.page_not_found
handler429 = views.too_many_requests
handler500 = views.server_error
