import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import richtext
from tests.factories import make_article


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("<p>Plain.</p><script>alert(1)</script>", "<p>Plain.</p>"),
        ('<p onclick="x()">Text</p>', "<p>Text</p>"),
        ('<a href="javascript:alert(1)">x</a>', '<a rel="noopener">x</a>'),
        ('<p style="color:red" class="y">Text</p>', "<p>Text</p>"),
        ('<p dir="rtl" lang="ar">نص</p>', '<p dir="rtl" lang="ar">نص</p>'),
        ('<p dir="sideways" lang="xx">Text</p>', "<p>Text</p>"),
        ('<bdi dir="ltr">+20 2 5550 0100</bdi>', '<bdi dir="ltr">+20 2 5550 0100</bdi>'),
        ("<p></p>", ""),
        ("<p><br></p><p>&nbsp;</p>", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_clean_keeps_meaning_and_drops_the_rest(dirty, clean):
    assert richtext.clean(dirty) == clean


@pytest.mark.parametrize(
    ("text", "isolated"),
    [
        ("راسلوا press@example.org الآن", 'راسلوا <bdi dir="ltr">press@example.org</bdi> الآن'),
        ("هاتف +20 2 5550 0100.", 'هاتف <bdi dir="ltr">+20 2 5550 0100</bdi>.'),
        ("من 10:00–14:00", 'من <bdi dir="ltr">10:00–14:00</bdi>'),
        ("الساعة 9:30 صباحاً", 'الساعة <bdi dir="ltr">9:30</bdi> صباحاً'),
        ("الوثيقة RSAG/2026/7/1 متاحة", 'الوثيقة <bdi dir="ltr">RSAG/2026/7/1</bdi> متاحة'),
        ("في 2024-2026", 'في <bdi dir="ltr">2024-2026</bdi>'),
        ("انظر https://example.org/a?b=1.", 'انظر <bdi dir="ltr">https://example.org/a?b=1</bdi>.'),
        ("124 مساهمة من 17 بلداً", "124 مساهمة من 17 بلداً"),
        ("a < b", "a &lt; b"),
    ],
)
def test_isolate_wraps_what_would_scramble(text, isolated):
    assert richtext.isolate(text) == isolated


def test_isolated_pieces_inside_html_are_left_alone():
    html = '<p>راسلوا <a href="mailto:a@example.org" rel="noopener"><bdi dir="ltr">a@example.org</bdi></a></p>'

    assert richtext.clean(html) == html


@given(st.text(alphabet=st.sampled_from('ab<>&"=/ p+0123456789:–-@.؟ ن\u00a0'), max_size=80))
def test_cleaning_twice_changes_nothing(text):
    once = richtext.clean(text)

    assert richtext.clean(once) == once


@given(st.text(max_size=60))
def test_cleaning_any_text_in_a_paragraph_twice_changes_nothing(text):
    once = richtext.clean(f'<p dir="rtl">{text}</p>')

    assert richtext.clean(once) == once


def test_plain_puts_blocks_on_lines():
    assert richtext.plain("<p>One &amp; two</p><ul><li>three</li></ul>") == "One & two\nthree"


def test_f06_text_is_clean_in_the_database_whoever_wrote_it(db):
    article = make_article(body_en="<p>Text</p><script>alert(1)</script>", body_ar='<p onclick="x">نص</p>')

    article.refresh_from_db()

    assert (article.body_en, article.body_ar) == ("<p>Text</p>", "<p>نص</p>")
