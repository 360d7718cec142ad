"""What was, what changed, the way back, and who may look at it before readers do."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.core.models import AuditEntry
from apps.core.textdiff import compare
from apps.meetings.models import Audience
from apps.news import services
from apps.news.models import Article, ArticleVersion, PreviewLink
from apps.news.previews import revoke_preview, share_preview
from tests.factories import make_article, make_contact, make_meeting, make_published
from tests.news.life import again, change


def version_page(article, number: int, language: str = "en") -> str:
    return f"/{language}/admin/news/article/{article.pk}/version/{number}/"


# Comparing


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("", "", []),
        ("same", "same", [("same", "same")]),
        ("a b c", "a x c", [("same", "a "), ("removed", "b"), ("added", "x"), ("same", " c")]),
        ("", "new", [("added", "new")]),
        ("old", "", [("removed", "old")]),
        (
            "one\ntwo",
            "one\nmore\ntwo",
            [("same", "one\n"), ("added", "more\n"), ("same", "two")],
        ),
        (
            "عُقد الاجتماعُ في تونس",
            "عُقد الاجتماعُ في بيروت",
            [("same", "عُقد الاجتماعُ في "), ("removed", "تونس"), ("added", "بيروت")],
        ),
    ],
)
def test_texts_are_compared_word_by_word(before, after, pieces):
    assert [(piece.kind, piece.text) for piece in compare(before, after)] == pieces


def test_comparing_loses_no_word():
    before = " ".join(str(number % 70) for number in range(4000)) + "\nend"
    after = " ".join(str(number % 71) for number in range(4000)) + "\nend"

    pieces = compare(before, after)

    assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_version_shows_what_it_changed_in_both_languages(db, editor, log_in, language):
    contact = make_contact()
    article = make_article(title_en="The old title", scope="local")
    change(
        article,
        by=editor,
        title_en="The new title",
        lead_ar="مقدمة أخرى.",
        scope="global",
        body_en="<p><strong>The text.</strong></p>",
        links={"contacts": [contact]},
    )

    page = log_in(editor).get(version_page(article, 2, language))

    found = {item.label: item for item in page.context["differences"]}
    labels = {
        "ar": [
            "العنوان (العربية)",
            "العنوان (الإنجليزية)",
            "المقدمة (العربية)",
            "النص (الإنجليزية)",
            "النطاق",
            "جهات الاتصال الإعلامي",
        ],
        "en": ["Title (English)", "Lead (Arabic)", "Text (English)", "Scope", "Press contacts"],
    }
    assert set(found) == set(labels[language]) - {"العنوان (العربية)"}
    html = page.content.decode()
    title = {"ar": "أُضيف:", "en": "added:"}[language]
    assert f'<ins><span class="visually-hidden">{title}</span>new</ins>' in html
    assert '<div class="pieces" dir="ltr" lang="en">The ' in html
    assert '<div class="pieces" dir="rtl" lang="ar">' in html
    text = found[{"ar": "النص (الإنجليزية)", "en": "Text (English)"}[language]]
    assert text.is_markup


def test_any_two_versions_are_compared(db, editor, log_in):
    article = make_article(title_en="One")
    change(article, by=editor, title_en="Two")
    change(article, by=editor, title_en="Three")
    client = log_in(editor)

    def numbers(query: str):
        return client.get(version_page(article, 3) + query).context["other"].number

    asked = ["", "?with=1", "?with=٢", "?with=77", "?with=x", "?with=999999999999"]
    assert [numbers(query) for query in asked] == [2, 1, 2, 2, 2, 2]
    assert client.get(version_page(article, 1)).context["other"] is None
    assert client.get(version_page(article, 9)).status_code == 404


def test_s27_what_was_written_is_compared_as_text(db, editor, log_in):
    article = make_article(title_en="Plain")
    change(article, by=editor, title_en="<script>alert(1)</script>")

    assert "<script>alert" not in log_in(editor).get(version_page(article, 2)).content.decode()


# The history and restoring


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_history_tells_versions_and_steps_latest_first(db, editor, secretary, log_in, language):
    article = change(make_article(), by=editor, title_en="Two")
    services.send_to_review(article, by=editor, reason="Please read")
    services.approve_article(article, by=secretary)
    services.publish_article(article, by=secretary, languages=["ar"])

    page = log_in(editor).get(f"/{language}/admin/news/article/{article.pk}/history/")

    told = [entry.version.number if entry.version else entry.step.kind for entry in page.context["entries"]]
    assert told == ["published", "approved", "sent", 2, 1]
    html = page.content.decode()
    assert [
        text for text in ("Please read", editor.get_full_name(), secretary.get_full_name()) if text not in html
    ] == []


def test_an_article_loaded_in_bulk_has_a_history_too(db, editor, log_in):
    Article.objects.bulk_create([Article(title_ar="عنوان")])
    article = Article.objects.get()

    empty = log_in(editor).get(f"/en/admin/news/article/{article.pk}/history/")
    change(article, by=editor, title_en="Two")

    assert "No version is kept yet" in empty.content.decode()
    assert [version.content["title_en"] for version in article.versions.all()] == ["Two", None]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_version_is_restored_by_its_button(db, translator, log_in, language):
    article = make_article(title_en="One")
    change(article, by=None, title_en="Two")
    client = log_in(translator)
    revision = client.get(version_page(article, 1, language)).context["original"].revision

    response = client.post(version_page(article, 1, language), {"opened_revision": revision, "reason": "Better"})

    assert response.status_code == 302
    newest = services.newest_version(article)
    assert (again(article).title_en, newest.restored_from.number, newest.reason) == ("One", 1, "Better")


def test_restoring_on_top_of_somebody_elses_save_is_refused(db, editor, log_in):
    article = make_article(title_en="One")
    revision = change(article, by=None, title_en="Two").revision
    change(article, by=None, title_en="Three")

    response = log_in(editor).post(version_page(article, 1), {"opened_revision": revision})

    assert response.status_code == 400
    assert again(article).title_en == "Three"


def test_s22_an_auditor_reads_the_history_and_restores_nothing(db, auditor, log_in):
    article = make_article(title_en="One")
    change(article, by=None, title_en="Two")
    client = log_in(auditor)

    page = client.get(version_page(article, 1))
    response = client.post(version_page(article, 1), {"opened_revision": again(article).revision})

    assert (page.status_code, page.context["may_restore"], response.status_code) == (200, False, 403)
    assert again(article).title_en == "Two"


# Previews


@pytest.mark.parametrize(("language", "other"), [("ar", "en"), ("en", "ar")])
def test_a_version_is_seen_in_either_language_before_it_is_public(db, editor, log_in, language, other):
    article = change(make_published(), by=editor, title_ar="عنوان العمل", title_en="Title in work")
    title = {"ar": "عنوان العمل", "en": "Title in work"}[language]

    page = log_in(editor).get(f"/{language}/news/{article.pk}/preview/2/")

    html = page.content.decode()
    assert f"<h1>{title}</h1>" in html
    assert f'href="/{other}/news/{article.pk}/preview/2/"' in html
    assert '<meta name="robots" content="noindex">' in html
    assert page["Cache-Control"] == "private, no-store"


def test_a_preview_hides_what_its_audience_may_not_see(db, editor, log_in):
    hidden = make_meeting(audience=Audience.MEMBERS, title_en="Members canary")
    draft = make_meeting(status="draft", title_en="Draft canary")
    article = make_article(links={"meetings": [hidden]})
    change(article, by=editor, links={"meetings": [draft]})
    client = log_in(editor)

    def shows(query: str, number: int) -> bool:
        return "canary" in client.get(f"/en/news/{article.pk}/preview/{number}/{query}").content.decode()

    assert [shows("", 1), shows("?as=members", 1), shows("?as=x", 1), shows("?as=members", 2)] == [
        False,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_preview_says_what_is_not_written_yet(db, editor, log_in, language):
    article = make_article(lead_ar="", lead_en="", original_language="ar")

    html = log_in(editor).get(f"/{language}/news/{article.pk}/preview/1/").content.decode()

    assert {"ar": "لم يُكتب بهذه اللغة بعد", "en": "Not written in this language yet"}[language] in html


@pytest.mark.parametrize(("language", "other"), [("ar", "en"), ("en", "ar")])
def test_a_preview_link_shows_its_version_to_a_stranger(db, client, editor, language, other):
    article = make_article(title_ar="عنوان أول", title_en="First title")
    link = share_preview(article, by=editor, days=7, note="Partner")
    change(article, by=editor, title_ar="عنوان ثان", title_en="Second title")

    response = client.get(f"/{language}/news/shared/{link.token}/")

    html = response.content.decode()
    assert {"ar": "<h1>عنوان أول</h1>", "en": "<h1>First title</h1>"}[language] in html
    assert f'href="/{other}/news/shared/{link.token}/"' in html
    assert response["Cache-Control"] == "private, no-store"
    assert response.cookies == {}
    assert '<meta name="robots" content="noindex">' in html


def spoil(link: PreviewLink, how: str) -> str:
    if how == "expired":
        PreviewLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif how == "revoked":
        revoke_preview(link, by=None)
    elif how == "guessed":
        return link.token[:-1] + ("A" if link.token[-1] != "A" else "B")
    elif how == "deleted":
        Article.objects.all().delete()
    return link.token


@pytest.mark.parametrize("how", ["expired", "revoked", "guessed", "deleted"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_s24_a_link_that_is_over_answers_like_a_wrong_one(db, client, language, how):
    token = spoil(share_preview(make_article(title_en="Canary"), by=None, days=1, note="Partner"), how)

    response = client.get(f"/{language}/news/shared/{token}/")

    assert (response.status_code, b"Canary" in response.content) == (404, False)


def test_a_preview_link_is_made_and_revoked_in_the_back_office(db, translator, log_in):
    article = make_article()
    client = log_in(translator)

    made = client.post(f"/en/admin/news/article/{article.pk}/step/share/", {"note": "Partner", "days": "7"})
    link = PreviewLink.objects.get()
    history = client.get(f"/en/admin/news/article/{article.pk}/history/").content.decode()
    revoked = client.post(f"/en/admin/news/article/{article.pk}/preview-link/{link.pk}/revoke/")

    days = (link.expires_at - link.created_at).total_seconds() / 86400
    assert (made.status_code, round(days, 3), link.created_by) == (302, 7, translator)
    assert f"https://portal.example.org/en/news/shared/{link.token}/" in history
    assert revoked.status_code == 302
    assert not PreviewLink.objects.get().is_open
    told = [
        entry.detail.changes["preview_link"]
        for entry in AuditEntry.objects.order_by("pk")
        if "preview_link" in entry.detail.changes
    ]
    name = f"{link.pk}, version 1, until {link.expires_at:%Y-%m-%d %H:%M} UTC"
    assert told == [["", name], [name, ""]]


@pytest.mark.parametrize("days", ["0", "31", "365", "x"])
def test_a_preview_link_is_never_valid_for_longer_than_offered(db, editor, log_in, days):
    article = make_article()

    response = log_in(editor).post(
        f"/en/admin/news/article/{article.pk}/step/share/", {"note": "Partner", "days": days}
    )

    assert response.status_code == 400
    assert not PreviewLink.objects.exists()


def test_s22_an_auditor_revokes_no_link(db, auditor, log_in):
    article = make_article()
    link = share_preview(article, by=None, days=1, note="Partner")

    response = log_in(auditor).post(f"/en/admin/news/article/{article.pk}/preview-link/{link.pk}/revoke/")

    assert (response.status_code, PreviewLink.objects.get().is_open) == (403, True)


def test_versions_and_links_are_for_who_writes_news(db, member, editor):
    share_preview(make_article(), by=None, days=1, note="Partner")

    for model in (ArticleVersion, PreviewLink):
        assert (model.objects.visible_to(member).count(), model.objects.visible_to(editor).count()) == (0, 1)


def test_a_draft_is_deleted_with_its_history_and_what_readers_have_is_not(db, editor, log_in):
    draft, shown = change(make_article(), by=editor, title_en="Two"), make_published()
    client = log_in(editor)

    answers = [
        client.post(f"/en/admin/news/article/{article.pk}/delete/", {"post": "yes"}).status_code
        for article in (draft, shown)
    ]

    assert answers == [302, 403]
    assert list(Article.objects.all()) == [shown]
    assert set(ArticleVersion.objects.values_list("article", flat=True)) == {shown.pk}


# Before a decision


@pytest.mark.parametrize(("language", "heading"), [("ar", "ما يتغير لدى القراء"), ("en", "What changes for readers")])
def test_who_approves_sees_what_would_change_for_readers(db, editor, translator, log_in, language, heading):
    article = make_published(title_en="Old title")
    article = services.send_to_review(change(article, by=translator, title_en="New title"), by=translator)

    page = log_in(editor).get(f"/{language}/admin/news/article/{article.pk}/step/approve/").content.decode()

    assert heading in page
    assert re.search(r"<del>.*Old</del>", page)
    assert re.search(r"<ins>.*New</ins>", page)


def test_who_approves_a_first_version_is_led_to_its_preview(db, editor, translator, log_in):
    article = services.send_to_review(make_article(), by=translator)

    page = log_in(editor).get(f"/en/admin/news/article/{article.pk}/step/approve/").content.decode()

    assert "Readers have nothing of this article yet" in page
    assert f'href="/ar/news/{article.pk}/preview/1/"' in page
