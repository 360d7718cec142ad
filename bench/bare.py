"""Django with nothing around it, which pages.sh compares the portal with: a page of one query, 20 items and one
template, and, under /constant/<name>/, a view that answers with the bytes of a file in BENCH_CONSTANTS."""

import os
from pathlib import Path

import dj_database_url
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import models
from django.http import HttpResponse
from django.template import engines
from django.urls import path

settings.configure(
    SECRET_KEY=os.environ["SECRET_KEY"],
    ALLOWED_HOSTS=["127.0.0.1", "localhost"],
    ROOT_URLCONF=__name__,
    DATABASES={
        "default": dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=600, conn_health_checks=True),
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    USE_TZ=True,
)
application = get_wsgi_application()

PAGE = engines["django"].from_string(
    "<!doctype html><html lang=ar dir=rtl><title>News</title><ul>"
    "{% for item in items %}<li><h2><a href=/{{ item.pk }}>{{ item.title_ar }}</a></h2>"
    "<p>{{ item.published_at|date:'Y-m-d' }} {{ item.lead_ar }}</p></li>{% endfor %}</ul></html>"
)
CONSTANTS = {one.name: one.read_bytes() for one in Path(os.environ.get("BENCH_CONSTANTS", "/nonexistent")).glob("*")}


class Article(models.Model):
    """A few columns of the portal's table of articles."""

    title_ar = models.TextField()
    lead_ar = models.TextField()
    published_at = models.DateTimeField()
    is_shown = models.BooleanField()

    class Meta:
        app_label = "bare"
        db_table = "news_article"
        managed = False

    def __str__(self):
        return self.title_ar


def page(request):
    items = Article.objects.filter(is_shown=True).order_by("-published_at", "-pk")[:20]
    return HttpResponse(PAGE.render({"items": items}))


def constant(request, name):
    return HttpResponse(CONSTANTS[name])


urlpatterns = [path("", page), path("constant/<str:name>/", constant)]
