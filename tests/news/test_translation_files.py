"""Files for translators: what goes out comes back as a draft."""

import re

import pytest

from apps.news.exchange import translators
from apps.news.exchange.rows import columns
from apps.news.models import Article
from tests.factories import make_article
from tests.news.exchanged import IMPORT, body_of, bring_in, export, problems_of
from tests.news.life import again, change

BODY = "<p>الأولى <strong>هنا</strong>.</p><h2>عنوان فرعي</h2><ul><li>بند</li></ul>"
TRANSLATED = {"title": "A title", "lead": "A lead", "body.1": "First <strong>here</strong>.", "body.2": "A heading"}


def arabic_article(**fields) -> Article:
    texts = {"title_ar": "عنوان", "lead_ar": "مقدمة", "body_ar": BODY, "title_en": "", "lead_en": "", "body_en": ""}
    return make_article(original_language="ar", **{**texts, **fields})


def translated(data: bytes, kind: str, article, **texts) -> bytes:
    """What comes back: every unit with its translation, by its name without the article's number."""
    store = translators.pofile.parsestring(data) if kind == "po" else translators._File.parsestring(data)
    for unit in store.units:
        key = unit.getcontext() if kind == "po" else unit.getid().split("\x04")[-1]
        text = {**TRANSLATED, "body.3": "<ul><li>Item</li></ul>", **texts}.get(key.partition(".")[2])
        if text and key.startswith(f"{article.pk}."):
            unit.target = text
    return bytes(store)


@pytest.mark.parametrize(("kind", "ending"), [("xliff", "xlf"), ("po", "po")])
def test_a_translator_gets_a_file_and_what_comes_back_is_a_draft(db, editor, log_in, kind, ending):
    article, other = arabic_article(), arabic_article()
    data = body_of(export(log_in(editor), f"export-{kind}", article, other))

    run = bring_in(translated(data, kind, article), editor, f"back.{ending}")

    found = again(article)
    assert (run.problems, run.changed, run.unchanged) == ([], 1, 1)
    assert (found.title_en, found.lead_en, found.status) == ("A title", "A lead", "draft")
    assert (
        re.sub(r"\s", "", found.body_en) == "<p>First<strong>here</strong>.</p><h2>Aheading</h2><ul><li>Item</li></ul>"
    )
    assert (found.title_ar, again(other).title_en or "") == ("عنوان", "")


def test_the_file_is_xliff_1_2_and_names_its_languages(db, editor, log_in):
    data = body_of(export(log_in(editor), "export-xliff", arabic_article())).decode()

    assert '<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2">' in data
    assert 'source-language="ar"' in data
    assert 'target-language="en"' in data


def test_an_original_that_changed_meanwhile_is_noticed(db, editor, log_in):
    article = arabic_article()
    data = translated(body_of(export(log_in(editor), "export-xliff", article)), "xliff", article)
    change(article, by=editor, lead_ar="مقدمة أخرى")

    assert problems_of(data, editor, "back.xlf") == [(2, "lead")]


def test_a_text_that_is_translated_by_half_is_refused(db, editor, log_in):
    article = arabic_article()
    data = body_of(export(log_in(editor), "export-xliff", article))

    assert problems_of(translated(data, "xliff", article, **{"body.2": ""}), editor, "back.xlf") == [(1, "body")]


def test_a_file_holds_articles_of_one_original_language(db, editor, log_in):
    response = export(log_in(editor), "export-xliff", arabic_article(), make_article(original_language="en"))

    assert response.status_code == 302


@pytest.mark.parametrize("body", [BODY, "", "نص بلا وسم", "<p>أ</p>\n<blockquote><p>ب</p></blockquote>"])
def test_blocks_put_together_are_the_text(body):
    whole = "".join(f"<{tag}>{text}</{tag}>" if tag else text for tag, text in translators.blocks(body))

    assert re.sub(r"\s", "", whole) == re.sub(r"\s", "", body)


def test_the_columns_of_a_table_are_these():
    assert columns()[:6] == ["id", "revision", "original_language", "title_ar", "title_en", "lead_ar"]


@pytest.mark.parametrize(
    ("person", "offered"), [("editor", True), ("translator", True), ("secretary", True), ("auditor", False)]
)
def test_the_list_leads_to_the_import_for_those_who_write(request, db, log_in, person, offered):
    page = log_in(request.getfixturevalue(person)).get("/ar/admin/news/article/").content.decode()
    assert (f'href="/ar{IMPORT}"' in page) == offered
