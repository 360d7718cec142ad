"""While nothing is taken every page is read; and which pages are read from a copy of the database."""

from http import HTTPStatus

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, InternalError, connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from apps.accounts.models import LoginSession
from apps.core import readonly, replicas
from apps.core.models import AuditEntry
from apps.news.models import Article
from apps.search.models import MissedSearch
from tests.factories import client_for, make_article, make_document, make_group, make_meeting, make_member, pdf_in
from tests.security.pages import make_world, member_pages, public_pages

WRITING = ("INSERT", "UPDATE", "DELETE")
BANNER = {"en": "The portal can be read at present", "ar": "يمكن حالياً تصفح البوابة فقط"}


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def group(db):
    return make_group()


@pytest.fixture
def _nothing_is_taken(settings):
    settings.READ_ONLY = True


def status_of(client, page: str) -> int:
    answer = client.get(page)
    if answer.streaming:
        list(answer.streaming_content)
    return answer.status_code


def writes(queries) -> list[str]:
    return [query["sql"] for query in queries if query["sql"].startswith(WRITING)]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_r04_every_public_page_is_read_and_writes_nothing(world, client, settings, language):
    settings.READS_COUNTED_ONE_IN = 1
    pages = public_pages(world, language)
    before = {page: status_of(client, page) for page in pages}
    settings.READ_ONLY = True
    with CaptureQueriesContext(connection) as queries:
        after = {page: status_of(client, page) for page in pages}

    assert after == before
    assert writes(queries) == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_r04_members_stay_logged_in_and_read(world, settings, language):
    client = client_for(world["member"])
    settings.READ_ONLY = True
    with CaptureQueriesContext(connection) as queries:
        pages = [*member_pages(language), f"/{language}/meetings/mine/"]
        answers = {page: status_of(client, page) for page in pages}

    assert {status for page, status in answers.items() if "security" not in page} <= {HTTPStatus.OK, HTTPStatus.FOUND}
    assert writes(queries) == []
    page = client.get(f"/{language}/meetings/mine/").content.decode()
    assert BANNER[language] in page
    assert world["member"].get_full_name() in page


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_says_so(db, client, settings, language):
    assert BANNER[language] not in client.get(f"/{language}/").content.decode()
    settings.READ_ONLY = True

    assert BANNER[language] in client.get(f"/{language}/").content.decode()


@pytest.mark.usefixtures("_nothing_is_taken")
def test_what_was_typed_comes_back(member, settings):
    client = client_for(member)
    with override("en"):
        address = reverse("accounts:profile")
    answer = client.post(address, {"first_name": "Samira of the river"}, headers={"Origin": "http://testserver"})

    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer["Retry-After"] == "600"
    assert 'value="Samira of the river"' in answer.content.decode()


@pytest.mark.usefixtures("_nothing_is_taken")
@pytest.mark.parametrize(
    ("language", "heading"), [("en", "Nothing is taken at present"), ("ar", "لا تُستقبل أي بيانات حالياً")]
)
def test_a_login_is_refused_in_words(db, client, language, heading):
    answer = client.post(f"/{language}/accounts/login/", {"login": "x@example.org", "password": "something"})

    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert heading in answer.content.decode()
    assert "something" not in answer.content.decode()


@pytest.mark.usefixtures("_nothing_is_taken")
def test_a_page_that_writes_is_refused_in_words(db):
    middleware = readonly.ReadOnlyMiddleware(lambda request: None)
    request = RequestFactory().get("/en/x/")

    assert middleware.process_exception(request, InternalError()).status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert middleware.process_exception(request, ValueError()) is None


def test_an_error_of_a_portal_that_takes_things_is_an_error(db):
    middleware = readonly.ReadOnlyMiddleware(lambda request: None)

    assert middleware.process_exception(RequestFactory().get("/en/x/"), InternalError()) is None


@pytest.mark.usefixtures("_nothing_is_taken")
def test_searches_and_refusals_are_not_written_down(member):
    client = client_for(member)
    before = AuditEntry.objects.count()
    client.get("/en/search/?q=nothinglikethis")
    assert client.get("/en/admin/").status_code in {HTTPStatus.FORBIDDEN, HTTPStatus.FOUND}

    assert MissedSearch.objects.count() == 0
    assert AuditEntry.objects.count() == before


@pytest.mark.usefixtures("_nothing_is_taken")
def test_no_worker_runs():
    with pytest.raises(CommandError, match="READ_ONLY is set"):
        call_command("worker")


@pytest.mark.parametrize("beyond", [0, 1000])
def test_what_is_hidden_answers_as_what_is_not_there(member, settings, beyond):
    hidden = make_article()
    Article.objects.update(status="draft")
    client = client_for(member)
    settings.READ_ONLY = True

    with CaptureQueriesContext(connection) as queries:
        answer = client.get(f"/en/news/{hidden.pk + beyond}-x/")

    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert writes(queries) == []


def test_a_members_paper_is_read(group, settings):
    document = make_document(make_meeting(group), audience="members")
    client = client_for(make_member(group))
    settings.READ_ONLY = True

    with CaptureQueriesContext(connection) as queries:
        answer = client.get(document.files[0].get_absolute_url())

    assert b"".join(answer.streaming_content) == pdf_in("en")
    assert writes(queries) == []


def test_a_session_that_is_over_opens_nothing_and_stays_where_it_is(member, settings):
    client = client_for(member)
    session = client.session
    session["seen_at"] -= settings.MEMBER_SESSION["idle"] + 60
    session.save()
    settings.READ_ONLY = True

    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/en/accounts/devices/")

    assert answer.status_code == HTTPStatus.FOUND
    assert writes(queries) == []
    assert LoginSession.objects.filter(session_key=session.session_key).exists()


# A copy of the database


@pytest.fixture
def asked(monkeypatch, settings):
    """Which database each page of public news is read from: ``asked(client, path)``."""
    monkeypatch.setattr(replicas, "is_good", lambda: True)
    router = replicas.Router()
    seen = []
    monkeypatch.setattr(replicas, "connections", {"default": type("Idle", (), {"in_atomic_block": False})})
    visible_to = Article.objects.visible_to

    def watched(user):
        seen.append(router.db_for_read(Article))
        return visible_to(user)

    monkeypatch.setattr(Article.objects, "visible_to", watched)

    def ask(client, path: str) -> set:
        seen.clear()
        client.get(path)
        return set(seen)

    return ask


def test_strangers_read_public_pages_from_the_copy(db, client, asked):
    assert asked(client, "/en/news/") == {"replica"}
    assert asked(client, "/ar/") == {"replica"}


def test_r05_who_may_have_written_something_reads_from_the_primary(db, client, asked, group):
    assert asked(client_for(make_member(group)), "/en/news/") == {None}
    client.cookies["csrftoken"] = "anything"
    assert asked(client, "/en/news/") == {None}


def test_what_is_no_public_page_is_read_from_the_primary(db, client, asked):
    assert asked(client, "/sitemap-news.xml") == {None}


def test_within_a_transaction_the_primary_is_read(db):
    token = replicas._is_reading.set(True)
    try:
        assert replicas.Router().db_for_read(Article) is None
    finally:
        replicas._is_reading.reset(token)


def test_nothing_is_migrated_on_a_copy():
    router = replicas.Router()

    assert router.allow_migrate("replica", "news") is False
    assert router.allow_migrate("default", "news") is None


@pytest.mark.parametrize(("seconds", "is_good"), [(0, True), (30, True), (31, False)])
def test_a_copy_that_is_far_behind_is_not_asked(settings, monkeypatch, seconds, is_good):
    monkeypatch.setitem(settings.DATABASES, "replica", {})
    monkeypatch.setattr(replicas, "_state", {"asked_at": float("-inf"), "is_good": False})
    monkeypatch.setattr(replicas, "behind", lambda: seconds)

    assert replicas.is_good() is is_good


def test_a_copy_that_is_away_is_asked_again_after_some_seconds(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES, "replica", {})
    monkeypatch.setattr(replicas, "_state", {"asked_at": float("-inf"), "is_good": False})
    moments = iter([100.0, 104.0, 106.0])
    monkeypatch.setattr(replicas.time, "monotonic", lambda: next(moments))
    answers = []

    def away():
        answers.append(1)
        raise DatabaseError

    monkeypatch.setattr(replicas, "behind", away)
    assert not replicas.is_good()
    assert not replicas.is_good()
    assert len(answers) == 1
    monkeypatch.setattr(replicas, "behind", lambda: 0)
    assert replicas.is_good()


def test_without_a_copy_there_is_none(settings):
    assert "replica" not in settings.DATABASES
    assert not replicas.is_good()
