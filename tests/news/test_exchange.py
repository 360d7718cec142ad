"""Out and in again: tables for editors, files for translators, and nothing saved by half."""

import csv
import re
from datetime import date
from io import BytesIO, StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override
from openpyxl import Workbook, load_workbook
from zeal import zeal_ignore

from apps.core import spreadsheets
from apps.news import services
from apps.news.exchange import runs
from apps.news.exchange.rows import row_of
from apps.news.models import Article, ArticleImport
from apps.stakeholders.models import Constituency, Country, Objective
from tests.factories import make_article, make_contact, make_meeting, make_picture, make_published
from tests.news.exchanged import IMPORT, body_of, bring_in, export, problems_of
from tests.news.life import again, change


def table(*rows: dict) -> bytes:
    out = StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def full_article() -> Article:
    links = {
        "objectives": list(Objective.objects.filter(number__in=[6, 17])),
        "countries": [Country.objects.get(iso2="LB")],
        "constituencies": [Constituency.objects.get(code="trade-unions")],
        "contacts": [make_contact()],
        "meetings": [make_meeting()],
        "related": [make_published()],
    }
    said = {"text_ar": "قول", "speaker_ar": "سميرة", "title_ar": "", "text_en": "", "speaker_en": "", "title_en": ""}
    return make_article(
        links=links,
        title_en="=SUM(A1) and “quotes”, commas; and more",
        lead_ar="سطر\nوسطر",
        category="press_release",
        picture=make_picture(),
        quotations=[said],
        correction_en="Put right.",
        corrected_on=date(2026, 11, 3),
    )


# Tables


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_goes_out_comes_in_unchanged(db, editor, log_in, kind):
    articles = [full_article(), make_article(lead_en="", body_en="")]
    data = body_of(export(log_in(editor), f"export-{kind}", *articles))

    run = bring_in(data, editor, f"articles.{kind}")

    assert (run.problems, run.new, run.changed, run.unchanged) == ([], 0, 0, 2)
    assert [article.versions.count() for article in articles] == [1, 1]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_copy_without_its_number_is_the_same_article_again(db, editor, log_in, kind):
    first = full_article()
    run = runs.keep_file(f"a.{kind}", body_of(export(log_in(editor), f"export-{kind}", first)), by=editor)
    run.rows = [{**row, "id": "", "revision": ""} for row in run.rows]

    list(runs.check(run, by=editor))
    list(runs.carry_out(run, by=editor))

    second = Article.objects.latest("pk")
    ignored = {"id", "revision"}
    assert {k: v for k, v in row_of(second).items() if k not in ignored} == {
        k: v for k, v in row_of(first).items() if k not in ignored
    }
    assert (second.status, second.created_by) == ("draft", editor)


def test_no_cell_of_an_export_is_a_formula(db, editor, log_in):
    article = make_article(title_en="=1+1")

    sheet = load_workbook(BytesIO(body_of(export(log_in(editor), "export-xlsx", article)))).active
    cell = next(cell for cell in sheet[2] if "1+1" in str(cell.value))
    lines = body_of(export(log_in(editor), "export-csv", article)).decode("utf-8-sig")

    assert (cell.data_type, cell.value) == ("s", "'=1+1")
    assert "'=1+1" in lines


def test_what_is_imported_is_a_draft_and_readers_keep_what_they_have(db, editor):
    article = make_published(title_en="As published")

    run = bring_in(table({"id": article.pk, "title_en": "From the table"}), editor)

    article = again(article)
    assert (run.changed, article.status, article.is_shown, article.title_en) == (1, "draft", True, "As published")
    assert services.newest_version(article).content["title_en"] == "From the table"
    assert services.newest_version(article).reason == "Imported from a file: articles.csv"


def test_rich_text_from_a_table_is_cleaned(db, editor):
    bring_in(table({"title_ar": "عنوان", "body_ar": "<p onclick=x>نص<script>1</script></p>"}), editor)

    assert Article.objects.get().body_ar == "<p>نص</p>"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"title_ar": ""}, "title_ar"),
        ({"category": "gossip"}, "category"),
        ({"dated_on": "someday"}, "dated_on"),
        ({"objectives": "6, 24"}, "objectives"),
        ({"countries": "XX"}, "countries"),
        ({"picture": "99"}, "picture"),
        ({"quotations": "{"}, "quotations"),
        ({"correction_ar": "خطأ"}, "corrected_on"),
        ({"title_en": "x" * 201}, "title_en"),
        ({"title_en": "turned \u202e"}, "title_en"),
        ({"id": "99"}, "id"),
        ({"id": "x"}, "id"),
    ],
)
def test_each_wrong_cell_is_named(db, editor, row, column):
    right = {"title_ar": "عنوان", "category": "news"}

    assert problems_of(table(right, {**right, **row}), editor) == [(3, column)]
    assert not Article.objects.exists()


def test_numbers_and_days_are_read_in_any_digits_and_choices_by_their_names(db, editor):
    row = {
        "title_ar": "عنوان",
        "dated_on": "٢٠٢٦-١١-٠٥",
        "objectives": "٦، ١٧",
        "category": "بيان صحفي",
        "scope": "Local",
    }

    assert bring_in(table(row), editor).problems == []
    article = Article.objects.get()
    assert (article.dated_on, article.category, article.scope) == (date(2026, 11, 5), "press_release", "local")
    assert sorted(article.objectives.values_list("number", flat=True)) == [6, 17]


def test_somebody_elses_save_since_the_export_is_noticed(db, editor, secretary):
    article = make_article()
    data = table(row_of(article))
    change(article, by=secretary, title_en="Changed meanwhile")

    assert problems_of(data, editor) == [(2, "revision")]


def test_an_article_stands_in_a_table_once(db, editor):
    article = make_article()

    assert problems_of(table({"id": article.pk}, {"id": article.pk}), editor) == [(3, "id")]


def test_a_translator_changes_by_table_and_adds_nothing(db, translator):
    article = make_article()

    assert problems_of(table({"title_ar": "جديد"}), translator) == [(2, "id")]
    assert bring_in(table({"id": article.pk, "title_en": "Translated"}), translator).changed == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b""),
        ("a.csv", b"title_ar\n"),
        ("a.csv", b"surprise\nx\n"),
        ("a.csv", b"title_ar\n\xff\xfe\n"),
        ("a.csv", b"title_ar\n\0\n"),
        ("a.xlsx", b"title_ar\nx\n"),
        ("a.xlf", b"<xliff"),
        ("a.xlf", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xliff>&a;</xliff>'),
        ("a.xlf", b'<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"></xliff>'),
        ("a.po", b"\xff\xfe\x00"),
        ("a.pdf", b"%PDF"),
    ],
)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_file_that_is_none_is_refused_beside_the_field(db, editor, log_in, language, name, data):
    response = log_in(editor).post(f"/{language}{IMPORT}", {"file": SimpleUploadedFile(name, data)})

    assert response.status_code == 400
    assert list(response.context["form"].errors) == ["file"]
    assert not ArticleImport.objects.exists()


def test_a_fault_in_row_4999_of_5000_changes_nothing(db, editor):
    rows = [{"title_ar": f"خبر {number}", "lead_ar": "مقدمة"} for number in range(5000)]
    rows[4997]["category"] = "gossip"

    with zeal_ignore():
        run = bring_in(table(*rows), editor)

    assert [(found["row"], found["column"]) for found in run.problems] == [(4999, "category")]
    assert not Article.objects.exists()


def test_what_is_wrong_by_the_time_of_saving_changes_nothing(db, editor, secretary):
    article = make_article()
    run = runs.keep_file("a.csv", table({"title_ar": "جديد"}, row_of(article) | {"title_en": "Mine"}), by=editor)
    list(runs.check(run, by=editor))
    change(article, by=secretary, title_en="Theirs")

    with pytest.raises(ValidationError) as error:
        list(runs.carry_out(run, by=editor))

    assert error.value.messages[0].startswith("Row 3: Somebody saved this article after the export.")
    assert Article.objects.count() == 1


def test_a_page_that_is_closed_while_it_imports_has_changed_nothing(db, editor):
    run = runs.keep_file("a.csv", table(*({"title_ar": f"خبر {n}"} for n in range(150))), by=editor)
    list(runs.check(run, by=editor))

    work = runs.carry_out(run, by=editor)
    assert next(work) == 100
    work.close()

    assert not Article.objects.exists()


def test_a_file_is_imported_once(db, editor):
    run = bring_in(table({"title_ar": "خبر"}), editor)

    with pytest.raises(ValidationError):
        list(runs.carry_out(run, by=editor))
    assert (run.rows, Article.objects.count()) == ([], 1)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_leads_from_the_file_to_the_drafts(db, editor, log_in, language):
    client = log_in(editor)
    rows = [{"title_ar": f"خبر {number}", "original_language": "ar"} for number in range(120)]

    checked = client.post(f"/{language}{IMPORT}", {"file": SimpleUploadedFile("a.csv", table(*rows))})
    page = b"".join(checked.streaming_content).decode()
    outcome = re.search(r'class="button" href="([^"]+)"', page)[1]
    before = Article.objects.count()
    summary = client.get(outcome).content.decode()
    done = b"".join(client.post(outcome).streaming_content).decode()

    assert {"ar": "الصفوف: 100 من 120", "en": "100 of 120 rows"}[language] in page
    assert before == 0
    assert "<dd>120</dd>" in summary
    assert '<progress max="120" value="120">' in done
    assert Article.objects.count() == 120
    assert client.get(outcome).context["run"].state == "done"


def test_a_problem_is_told_in_the_editors_language(db, editor):
    with override("ar"):
        run = bring_in(table({"title_ar": "", "title_en": "T"}), editor)

    assert run.problems[0]["message"] == "لا بد للخبر من عنوان بلغته الأصلية على الأقل."


def test_nobody_else_sees_what_was_sent(db, editor, secretary, log_in):
    run = runs.keep_file("a.csv", table({"title_ar": "خبر"}), by=editor)

    assert log_in(secretary).get(f"/en{IMPORT}{run.pk}/").status_code == 404
    assert log_in(editor).get(f"/en{IMPORT}{run.pk}/").status_code == 200


def test_a_table_longer_than_the_limit_is_refused(db, editor, monkeypatch):
    monkeypatch.setattr(spreadsheets, "LONGEST", 2)

    with pytest.raises(ValidationError):
        runs.keep_file("a.csv", table(*({"title_ar": "خبر"} for _each in range(3))), by=editor)


def test_days_and_numbers_of_a_spreadsheet_are_read_as_such(db, editor):
    book, out = Workbook(), BytesIO()
    book.active.append(["title_ar", "dated_on", "objectives"])
    book.active.append(["خبر", date(2026, 11, 5), 6.0])
    book.save(out)

    assert bring_in(out.getvalue(), editor, "a.xlsx").problems == []
    assert Article.objects.get().dated_on == date(2026, 11, 5)
