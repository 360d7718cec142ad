"""Home, root, health, errors, headers: what belongs to no single app."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils.translation import override

from apps.core import site, views
from tests.factories import make_published, make_user


def broken(request):
    raise RuntimeError("broken on purpose")


def refused(request):
    raise PermissionDenied


def misread(request):
    raise BadRequest


@pytest.mark.parametrize(
    ("browser", "page"),
    [("ar", "/ar/"), ("en-GB,en;q=0.8", "/en/"), ("fr", "/ar/"), ("", "/ar/"), ("en;q=0.5,ar;q=0.9", "/ar/")],
)
def test_root_leads_to_the_readers_language_and_to_arabic_when_in_doubt(client, browser, page):
    response = client.get("/", headers={"accept-language": browser})

    assert (response.status_code, response["Location"]) == (302, page)
    assert response["Cache-Control"] == "no-store"


def test_root_leads_a_member_to_her_own_language(db, log_in):
    user = make_user(language="en")

    response = log_in(user).get("/", headers={"accept-language": "ar"})

    assert response["Location"] == "/en/"


def test_healthz_answers_without_a_query(client):
    """No database fixture: a query would fail the test."""
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_home_says_what_will_be_here_while_it_is_empty(db, client, language):
    response = client.get(f"/{language}/")

    with override(language):
        assert response.status_code == 200
        assert response.context["places"]["lead"] == []
        assert "empty" in response.context["places"]["main"][0]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_home_leads_with_the_newest_article_of_the_pages_language(db, client, language):
    older = make_published(languages=("ar", "en"))
    foreign = make_published(languages=("en",) if language == "ar" else ("ar",))

    html = client.get(f"/{language}/").content.decode()

    assert older.address_in(language) in html
    assert foreign.address_in(language) not in html


@pytest.mark.parametrize("count", [1, 3, 300])
def test_home_needs_the_same_few_queries_for_any_number_of_articles(db, client, count, django_assert_num_queries):
    for _number in range(min(count, 3)):
        make_published()
    if count > 3:
        from apps.demo.bulk import load_many
        from tests.factories import make_group

        load_many(count, make_group())

    with django_assert_num_queries(3):
        assert client.get("/ar/").status_code == 200


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize(("view", "status"), [(broken, 500), (refused, 403), (misread, 400), (None, 404)])
def test_s63_error_pages_stand_in_both_languages_without_a_query(settings, language, view, status):
    """No database fixture: a query would fail the test."""
    settings.ROOT_URLCONF = make_urlconf(view)
    client = Client(raise_request_exception=False)

    response = client.get(f"/{language}/broken/")

    html = response.content.decode()
    assert response.status_code == status
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in html
    assert {"ar": "إلى الصفحة الرئيسية", "en": "To the home page"}[language] in html
    assert "Traceback" not in html
    assert "broken on purpose" not in html


def make_urlconf(view):
    import types

    from config import urls

    module = types.ModuleType("urls_with_a_fault")
    extra = [path("<slug:language>/broken/", view_without_login(view))] if view else []
    module.urlpatterns = [*extra, *urls.urlpatterns]
    for status in (400, 403, 404, 500):
        setattr(module, f"handler{status}", getattr(urls, f"handler{status}"))
    return module


def view_without_login(view):
    from django.contrib.auth.decorators import login_not_required

    return login_not_required(lambda request, language: view(request))


def test_s47_a_foreign_host_gets_400_in_the_pages_language(client):
    response = client.get("/en/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert "This request could not be understood" in response.content.decode()


def test_s17_a_form_without_its_token_gets_a_page_that_explains(db):
    client = Client(enforce_csrf_checks=True)

    response = client.post("/ar/accounts/login/", {"login": "a@example.org", "password": "x"})

    assert response.status_code == 403
    assert "هذه الصفحة غير متاحة لكم" in response.content.decode()


@pytest.mark.parametrize(
    "path_", ["/ar/", "/en/news/", "/en/group/", "/ar/accounts/login/", "/en/nothing/", "/healthz"]
)
def test_s42_every_answer_carries_the_security_headers(db, client, path_):
    response = client.get(path_)

    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "nonce" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.parametrize("path_", ["/ar/", "/en/news/", "/en/meetings/", "/ar/news/feed/"])
def test_an_anonymous_reader_gets_no_cookie(db, client, path_):
    response = client.get(path_)

    assert response.cookies == {}


def test_s49_a_page_for_a_person_is_kept_by_no_cache(db, log_in):
    response = log_in(make_user()).get("/en/")

    assert response["Cache-Control"] == "private, no-store"
    assert "Cookie" in response["Vary"]


def test_the_language_switch_keeps_the_query(db, client):
    html = client.get("/en/news/?year=2026").content.decode()

    assert 'href="/ar/news/?year=2026" lang="ar"' in html


def test_the_menu_marks_where_the_reader_is(db, client):
    html = client.get("/en/news/").content.decode()

    assert '<a href="/en/news/" aria-current="page">News</a>' in html


def test_tasks_that_are_urgent_come_first(monkeypatch):
    tasks = [site.Task("later", "/"), site.Task("now", "/", is_urgent=True)]
    monkeypatch.setattr(site, "task_sources", [lambda user: tasks])

    assert [task.text for task in site.tasks_for(AnonymousUser())] == ["now", "later"]


def test_error_page_of_an_address_without_language_follows_the_browser():
    request = RequestFactory().get("/nothing", headers={"accept-language": "en"})

    response = views.page_not_found(request)

    assert isinstance(response, HttpResponse)
    assert '<html lang="en" dir="ltr">' in response.content.decode()


@pytest.mark.parametrize(
    "visit",
    [
        lambda client: client.get("/en/news/?category=%00"),
        lambda client: client.get("/en/", headers={"cookie": r'sessionid="\000aaaaaaaaaaaaaaa"'}),
        lambda client: client.post("/en/accounts/login/", {"login": "a\x00@example.org", "password": "x"}),
    ],
)
def test_s30_nul_characters_are_a_bad_request(db, client, visit):
    response = visit(client)

    assert response.status_code == 400
    assert "This request could not be understood" in response.content.decode()


@pytest.mark.parametrize("value", ["abc", "-1", "9" * 30, "1.5", "<b>"])
@pytest.mark.parametrize("field", ["picture", "meetings"])
def test_s70_a_garbled_choice_is_no_error_page(db, editor, log_in, field, value):
    data = {"original_language": "en", "title_en": "T", "category": "news", "scope": "local", "dated_on": "2026-11-05"}

    response = log_in(editor).post("/en/admin/news/article/add/", {**data, field: value})

    assert response.status_code in (200, 400)
    assert response.status_code == 400 or list(response.context["adminform"].form.errors) == [field]


def test_a_record_added_in_a_popup_closes_it(db, editor, log_in):
    data = {"city_ar": "تونس", "city_en": "Tunis", "name_ar": "وحدة", "name_en": "Unit", "email": "t@example.org"}

    response = log_in(editor).post("/en/admin/news/presscontact/add/?_popup=1", {**data, "_popup": "1"})

    assert response.status_code == 200
    assert "data-popup-response" in response.content.decode()
