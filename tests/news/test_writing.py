"""Writing in both languages: words, structure and terms beside the texts."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import override

from apps.core.arabic import folded, occurrences
from apps.news import services, writing
from apps.news.models import GAP, Article
from apps.stakeholders.models import Term
from tests.factories import approve, make_article, make_published
from tests.news.life import again, change

ADMIN = "/ar/admin/news/article/{}/change/"


# Words and terms


@pytest.mark.parametrize(
    ("phrase", "text", "count"),
    [
        ("أصحاب المصلحة", "دُعي أصحابُ المصلحة إلى الاجتماع", 1),
        ("أصحاب المصلحة", "لأصحاب المصلحة وأصحاب المصلحه", 2),
        ("الاتفاق العالمي", "وفقاً للاتفاق العالمي وبالاتفاق العالمي", 2),
        ("المراجعة الإقليمية", "مراجعة إقليمية في المراجعة الاقليمية", 2),
        ("التحديات", "التحدي الأول", 0),
        ("الدروس", "ومدروس", 0),
        ("GCM", "ال GCM في 2026", 1),
        ("", "نص", 0),
    ],
)
def test_a_term_is_found_in_the_spellings_that_writers_use(phrase, text, count):
    assert occurrences(phrase, folded(text)) == count


def found(article: Article) -> list[tuple[str, str]]:
    return [(hint.term.name_en, hint.found) for hint in writing.hints(article)]


def test_the_glossary_comes_with_the_portal(db):
    term = Term.objects.get(name_en="Regional review")

    assert Term.objects.count() == 11
    assert (term.name_ar, term.forms_in("ar")) == (
        "المراجعة الإقليمية",
        ["الاستعراض الإقليمي", "المراجعات الإقليمية"],
    )
    assert Term.objects.get(name_en="Regional Stakeholder Advisory Group").forms_in("en") == ["RSAG"]


def test_a_term_whose_preferred_arabic_is_missing_is_told(db):
    article = make_article(
        body_en="<p>The regional review shows lessons learned; stakeholders meet.</p>",
        body_ar="<p>يبيّن الاستعراض الإقليمي ما تعلمناه، ويجتمع أصحاب المصلحة.</p>",
    )

    assert found(article) == [("Lessons learned", ""), ("Regional review", "الاستعراض الإقليمي")]


@pytest.mark.parametrize(
    ("arabic", "terms"),
    [
        ("تناول الاستعراض الإقليمي الأمر.", [("Regional review", "الاستعراض الإقليمي")]),
        ("اجتمعت RSAG أمس.", [("Regional Stakeholder Advisory Group", "RSAG")]),
        ("أُحرز بعض التقدم.", []),  # a word of everyday use
        ("المراجعة الإقليمية، ثم الاستعراض الإقليمي.", []),  # the preferred form stands there
        ("", []),
    ],
)
def test_an_article_in_arabic_only_is_looked_at_too(db, arabic, terms):
    article = make_article(
        original_language="ar", title_en="", lead_en="", body_en="", body_ar=f"<p>{arabic}</p>" if arabic else ""
    )

    assert found(article) == terms


def test_a_term_that_the_secretariat_changes_counts_at_once(db, editor, log_in):
    article = make_article(body_en="<p>A safe pathway.</p>", body_ar="<p>طريق آمن.</p>")
    data = {"name_ar": "مسار آمن", "name_en": "Safe pathway", "other_forms_ar": "طريق آمن", "other_forms_en": ""}

    answer = log_in(editor).post("/ar/admin/stakeholders/term/add/", data)

    assert answer.status_code == 302
    assert found(article) == [("Safe pathway", "طريق آمن")]


def test_the_form_shows_words_structure_and_terms(db, editor, log_in):
    article = make_article(
        title_ar="عنوان من أربع كلمات",
        lead_ar="سطر",
        body_ar='<h2>رأس</h2><p>فقرة <a href="/ar/">رابط</a></p><ul><li>بند</li></ul>',
        title_en="",
        lead_en="",
        body_en="",
        original_language="ar",
    )

    page = log_in(editor).get(ADMIN.format(article.pk)).content.decode()

    with override("ar"):
        arabic, english = writing.figures(article)
    assert (arabic.words, arabic.headings, arabic.paragraphs, arabic.points, arabic.links) == (9, 1, 1, 1, 1)
    assert (english.words, english.state) == (0, "غير موجودة")
    assert "<td>9</td><td>1</td><td>1</td><td>1</td><td>1</td>" in page


def test_the_state_of_each_language(db):
    def states(article):
        with override("en"):
            return [row.state for row in writing.figures(services.with_newest(article))]

    article = make_published(original_language="ar")
    assert states(article) == ["original", "with readers"]
    changed = approve(change(article, by=None, title_ar="عنوان آخر"))
    services.publish_article(changed, by=None, languages=["ar", "en"])
    assert states(again(article)) == ["original", "outdated"]
    assert states(make_article(original_language="ar", lead_en="")) == ["original", "unfinished"]
    assert states(make_article(original_language="ar")) == ["original", "not with readers yet"]


# Structure


@pytest.mark.parametrize(
    ("html", "structure"),
    [
        ("<h2>Head</h2><p>One <strong>two</strong> three.</p>", f"<h2>{GAP}</h2><p>{GAP}</p>"),
        ("<ul><li>a</li><li>b</li></ul>", f"<ul><li>{GAP}</li><li>{GAP}</li></ul>"),
        ('<p dir="rtl">See <a href="/ar/">here</a>.</p>', f'<p>{GAP}<a href="/ar/">{GAP}</a>{GAP}</p>'),
        ("<p>1 &lt; 2</p>", f"<p>{GAP}</p>"),
    ],
)
def test_the_structure_of_a_text_is_copied_without_its_words(html, structure):
    assert writing.skeleton(html) == structure


def half(**fields) -> Article:
    return make_article(original_language="ar", body_ar="<h2>رأس</h2><p>نص</p>", body_en="", **fields)


def test_the_empty_language_gets_the_structure_and_is_not_complete(db, translator):
    article = writing.copy_structure(half(title_en="T", lead_en="L"), by=translator)

    assert again(article).body_en == f"<h2>{GAP}</h2><p>{GAP}</p>"
    assert services.complete_languages(article) == ["ar"]
    assert [row.gaps for row in writing.figures(article)] == [0, 2]


def test_a_text_with_places_to_fill_in_is_not_published(db, translator):
    article = approve(writing.copy_structure(half(title_en="T", lead_en="L"), by=translator))

    with pytest.raises(ValidationError) as refused:
        services.publish_article(article, by=None, languages=["ar", "en"])

    assert refused.value.messages == ["English: a place in the text waits to be filled in."]
    assert not again(article).is_shown


def test_what_readers_have_gets_no_places_to_fill_in(db, editor):
    article = make_published()
    article.body_en = f"<p>{GAP}</p>"

    with pytest.raises(ValidationError) as refused:
        article.full_clean()

    assert refused.value.message_dict == {"body_en": [f"Readers have this version: fill in each {GAP}."]}


def test_structure_is_copied_into_nothing_that_is_written(db, editor):
    with pytest.raises(ValidationError):
        writing.copy_structure(make_article(), by=editor)


def test_members_copy_no_structure(db, member):
    with pytest.raises(PermissionDenied):
        writing.copy_structure(half(), by=member)


@pytest.mark.parametrize(("language", "label"), [("ar", "نسخ بنية الأصل"), ("en", "Copy structure from the original")])
def test_a_translator_copies_the_structure_by_a_button(db, translator, log_in, language, label):
    article = half()
    client = log_in(translator)
    address = f"/{language}/admin/news/article/{article.pk}/"

    page = client.get(f"{address}change/").content.decode()
    client.post(f"{address}step/structure/", {"reason": ""})

    assert label in page
    assert GAP in again(article).body_en
    assert label not in client.get(f"{address}change/").content.decode()


def test_a_line_ends_in_one_way_whoever_sends_it(db, editor):
    article = make_article(lead_en="One\nTwo")
    before = article.versions.count()

    article.lead_en = "One\r\nTwo"
    services.save_article(article, by=editor)

    assert (again(article).lead_en, article.versions.count()) == ("One\nTwo", before)
