#!/usr/bin/env bash
# The portal's news beside Wagtail's on the same machine, database, server and content, cached and made anew.
#   bash bench/peers/wagtail.sh
# Installs Wagtail from its package into a folder of its own, makes a site with an index page (10 titles with lead and
# day, like the portal's list, without its filters), a menu of six and 2,000 news pages in two languages out of the
# portal's synthetic texts, and measures both in turn: gunicorn with 2 workers of 4 threads, PostgreSQL, production
# settings. Wagtail's cached row is Django's cache middleware in local memory. Needs wrk, psql, curl, the .venv and a
# network connection.
set -euo pipefail
set -m # each server is a process group of its own, which goes with all its workers
cd "$(dirname "$0")/../.."
admin=${BENCH_DATABASE_ADMIN_URL:-postgres://postgres@127.0.0.1:5432/postgres}
rounds=${ROUNDS:-3}
seconds=${SECONDS_EACH:-3}
scale=${SCALE:-2000}
for tool in wrk psql curl; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done

ours=portal_peer_$$ theirs=wagtail_peer_$$
tmp=$(mktemp -d)
servers=()
clean() {
  trap - EXIT INT TERM
  for pid in "${servers[@]}"; do kill -- "-$pid" 2>/dev/null || true; done
  for pid in "${servers[@]}"; do wait "$pid" 2>/dev/null || true; done
  for name in "$ours" "$theirs"; do psql "$admin" -qc "DROP DATABASE IF EXISTS $name WITH (FORCE)" >/dev/null 2>&1 || true; done
  rm -rf "$tmp"
}
trap clean EXIT
trap 'exit 130' INT TERM
psql "$admin" -qc "CREATE DATABASE $ours TEMPLATE template0 ENCODING 'UTF8'"
psql "$admin" -qc "CREATE DATABASE $theirs TEMPLATE template0 ENCODING 'UTF8'"
secret=$(head -c 48 /dev/urandom | base64 -w0)

# Ours
portal() {
  env DJANGO_SETTINGS_MODULE=config.settings.base SECRET_KEY="$secret" ALLOWED_HOSTS=127.0.0.1 SECURE_SSL_REDIRECT=false \
    DATA_DIR="$tmp/data" DATABASE_URL="${admin%/*}/$ours" "$@"
}
for command in compile_translations migrate "collectstatic --noinput" "seed_demo --scale $scale"; do
  # shellcheck disable=SC2086
  portal .venv/bin/python manage.py $command --verbosity 0
done
psql "${admin%/*}/$ours" -qAtc "COPY (SELECT title_ar, lead_ar, body_ar, title_en, lead_en, body_en FROM news_article
  WHERE is_shown AND ready_ar AND ready_en ORDER BY published_at DESC LIMIT $scale) TO STDOUT (FORMAT csv)" >"$tmp/news.csv"

# Theirs
python3 -m venv "$tmp/venv"
"$tmp/venv/bin/pip" install --quiet --disable-pip-version-check wagtail gunicorn psycopg2-binary dj-database-url
mkdir "$tmp/site"
cat >"$tmp/site/settings.py" <<'PY'
import os
import dj_database_url
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES = {"default": dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=600, conn_health_checks=True)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "peer", "wagtail.contrib.redirects", "wagtail.embeds", "wagtail.sites", "wagtail.users", "wagtail.documents",
    "wagtail.images", "wagtail.search", "wagtail.admin", "wagtail", "modelcluster", "taggit", "django.contrib.auth",
    "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages", "django.contrib.staticfiles",
]
MIDDLEWARE = [
    *(["django.middleware.cache.UpdateCacheMiddleware"] if os.environ.get("CACHED") else []),
    "django.middleware.security.SecurityMiddleware", "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware", "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware", "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    *(["django.middleware.cache.FetchFromCacheMiddleware"] if os.environ.get("CACHED") else []),
]
CACHE_MIDDLEWARE_SECONDS = 600
ROOT_URLCONF = "urls"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {
    "context_processors": ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
                           "django.contrib.messages.context_processors.messages"]}}]
USE_TZ = USE_I18N = WAGTAIL_I18N_ENABLED = True
LANGUAGE_CODE = "ar"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("ar", "Arabic"), ("en", "English")]
STATIC_URL, WAGTAIL_SITE_NAME, WAGTAILADMIN_BASE_URL = "/static/", "News", "http://127.0.0.1"
PY
cat >"$tmp/site/urls.py" <<'PY'
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
urlpatterns = i18n_patterns(path("", include(wagtail_urls)))
PY
echo 'import os; os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings"); from django.core.wsgi import get_wsgi_application; application = get_wsgi_application()' >"$tmp/site/peer_wsgi.py"
mkdir -p "$tmp/site/peer/templates/peer" "$tmp/site/peer/migrations"
touch "$tmp/site/peer/__init__.py" "$tmp/site/peer/migrations/__init__.py"
cat >"$tmp/site/peer/models.py" <<'PY'
from django.core.paginator import Paginator
from django.db import models
from wagtail.fields import RichTextField
from wagtail.models import Page

class NewsPage(Page):
    lead = models.TextField()
    body = RichTextField()
    day = models.DateField()
    def get_context(self, request):
        context = super().get_context(request)
        return {**context, "related": NewsPage.objects.sibling_of(self).live().order_by("-day")[:3]}

class NewsIndex(Page):
    def get_context(self, request):
        context = super().get_context(request)
        news = NewsPage.objects.child_of(self).live().order_by("-day", "-pk")
        return {**context, "news": Paginator(news, 10).get_page(request.GET.get("page"))}
PY
cat >"$tmp/site/peer/templates/peer/base.html" <<'PY'
{% load wagtailcore_tags %}<!doctype html><html lang="{{ LANGUAGE_CODE }}"><head><title>{{ page.title }}</title></head><body>
<header><a href="/">News</a>{% for other in page.get_translations %}<a href="{% pageurl other %}">{{ other.locale }}</a>{% endfor %}
<nav><ul>{% for child in page.get_site.root_page.get_children.live.in_menu %}<li><a href="{% pageurl child %}">{{ child.title }}</a></li>{% endfor %}</ul></nav></header>
<main>{% block content %}{% endblock %}</main><footer>About</footer></body></html>
PY
cat >"$tmp/site/peer/templates/peer/news_index.html" <<'PY'
{% extends "peer/base.html" %}{% load wagtailcore_tags %}{% block content %}<h1>{{ page.title }}</h1>
{% for one in news %}<article><h2><a href="{% pageurl one %}">{{ one.title }}</a></h2><time>{{ one.day }}</time><p>{{ one.lead }}</p></article>{% endfor %}
{% if news.has_next %}<a href="?page={{ news.next_page_number }}">Next</a>{% endif %}{% endblock %}
PY
cat >"$tmp/site/peer/templates/peer/news_page.html" <<'PY'
{% extends "peer/base.html" %}{% load wagtailcore_tags %}{% block content %}<h1>{{ page.title }}</h1><time>{{ page.day }}</time>
<p>{{ page.lead }}</p>{{ page.body|richtext }}<ul>{% for one in related %}<li><a href="{% pageurl one %}">{{ one.title }}</a></li>{% endfor %}</ul>{% endblock %}
PY
wagtail() { (cd "$tmp/site" && env DJANGO_SETTINGS_MODULE=settings SECRET_KEY="$secret" DATABASE_URL="${admin%/*}/$theirs" "$@"); }
wagtail "$tmp/venv/bin/python" -m django makemigrations peer --verbosity 0
wagtail "$tmp/venv/bin/python" -m django migrate --verbosity 0
wagtail "$tmp/venv/bin/python" - "$tmp/news.csv" <<'PY'
import csv, sys
from datetime import date, timedelta
import django
django.setup()
from peer.models import NewsIndex, NewsPage
from wagtail.models import Locale, Page, Site
locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in ("ar", "en")}
root = Page.objects.get(depth=1)
Site.objects.all().delete()
homes = {}
for code, locale in locales.items():
    home = NewsIndex(title=f"News {code}", slug=f"news-{code}", locale=locale)
    if homes:
        home.translation_key = homes["ar"].translation_key
    root.add_child(instance=home)
    homes[code] = home
Site.objects.create(hostname="127.0.0.1", root_page=homes["ar"], is_default_site=True)
for number, row in enumerate(csv.reader(open(sys.argv[1], encoding="utf-8"))):
    key = None
    for code, (title, lead, body) in (("ar", row[:3]), ("en", row[3:])):
        page = NewsPage(title=title[:250], slug=f"n{number}", lead=lead, body=body, day=date(2026, 11, 1) - timedelta(number),
                        locale=locales[code], show_in_menus=number < 6)
        if key:
            page.translation_key = key
        homes[code].add_child(instance=page)
        key = page.translation_key
print(NewsPage.objects.count(), "pages")
PY
psql "${admin%/*}/$theirs" -qc "VACUUM ANALYZE"
psql "${admin%/*}/$ours" -qc "VACUUM ANALYZE"

port() { python3 -c "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"; }
config=$PWD/deploy/gunicorn.conf.py
up() { for _ in $(seq 100); do curl -fsSL -o /dev/null "$1" 2>/dev/null && return; sleep 0.2; done; echo "$1 does not answer"; exit 2; }
p1=$(port) p2=$(port) p3=$(port) p4=$(port)
portal env BIND="127.0.0.1:$p1" PAGE_CACHE=true .venv/bin/gunicorn --config "$config" --log-level error config.wsgi & servers+=($!)
portal env BIND="127.0.0.1:$p2" PAGE_CACHE=false .venv/bin/gunicorn --config "$config" --log-level error config.wsgi & servers+=($!)
wagtail env BIND="127.0.0.1:$p3" CACHED=1 "$tmp/venv/bin/gunicorn" --config "$config" --log-level error peer_wsgi & servers+=($!)
wagtail env BIND="127.0.0.1:$p4" "$tmp/venv/bin/gunicorn" --config "$config" --log-level error peer_wsgi & servers+=($!)
sleep 3
article=$(curl -fsS "http://127.0.0.1:$p2/ar/news/?page=5" | grep -o 'href="/ar/news/[0-9]*-[^"]*"' | head -1 | cut -d'"' -f2)
names=("portal, list, kept" "Wagtail, list, cached" "portal, article, kept" "Wagtail, article, cached"
  "portal, list, made anew" "Wagtail, list, made anew" "portal, article, made anew" "Wagtail, article, made anew")
urls=("http://127.0.0.1:$p1/ar/news/" "http://127.0.0.1:$p3/ar/" "http://127.0.0.1:$p1$article" "http://127.0.0.1:$p3/ar/n40/"
  "http://127.0.0.1:$p2/ar/news/" "http://127.0.0.1:$p4/ar/" "http://127.0.0.1:$p2$article" "http://127.0.0.1:$p4/ar/n40/")
for i in "${!urls[@]}"; do
  up "${urls[$i]}"
  code=$(curl -s -o /dev/null -w '%{http_code} %{size_download}' "${urls[$i]}")
  echo "${names[$i]}: $code bytes"
done
for _ in $(seq "$rounds"); do
  for i in "${!urls[@]}"; do
    wrk -t1 -c16 -d"${seconds}s" --timeout 20s "${urls[$i]}" | sed -n 's/^Requests\/sec: *//p' >>"$tmp/r$i"
    sleep 1
  done
done
median() { sort -g "$tmp/r$1" | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
echo "Wagtail $("$tmp/venv/bin/python" -c 'import wagtail; print(wagtail.__version__)')"
echo "| what | portal, req/s | Wagtail, req/s | times |"
echo "|---|---:|---:|---:|"
for i in 0 2 4 6; do
  awk -v n="${names[$i]#portal, }" -v a="$(median "$i")" -v b="$(median $((i + 1)))" 'BEGIN { printf "| %s | %.0f | %.0f | %.1f |\n", n, a, b, a / b }'
done
