import pytest

from apps.core.bidi import lines


def drawn(text: str, direction: str, width: int = 1000) -> list[str]:
    """Each line as its runs stand from the left, the letters of a run in the order of reading, all as wide as one."""
    return ["|".join(line.runs[place].text for place in line.from_left) for line in lines(text, direction, width, len)]


@pytest.mark.parametrize(
    ("text", "direction", "expected"),
    [
        ("one two", "ltr", "one two"),
        ("واحد", "rtl", "واحد"),
        ("عام 2026 هنا", "rtl", " هنا|2026|عام "),
        ("\u206610:00–14:00\u2069 بتوقيت القاهرة", "rtl", " بتوقيت القاهرة|10:00–14:00"),
        ("هاتف \u2066+971 50 123\u2069، بريد", "rtl", "، بريد|+971 50 123|هاتف "),
        # Three deep: a number inside Arabic inside English.
        ("see خطة 2026 جديدة now", "ltr", "see | جديدة|2026|خطة | now"),
        ("(ABC) نص", "rtl", ") نص|ABC|("),
    ],
)
def test_runs_stand_where_a_reader_expects_them(text, direction, expected):
    assert drawn(text, direction) == [expected]


def test_lines_break_between_words():
    assert drawn("one two three", "ltr", 8) == ["one two", "three"]


def test_each_arabic_line_is_ordered_by_itself():
    assert drawn("واحد 12 اثنان 34", "rtl", 8) == ["12|واحد ", "34|اثنان "]


def test_a_word_longer_than_a_line_is_cut():
    assert drawn("a abcdefghij", "ltr", 4) == ["a", "abcd", "efgh", "ij"]


def test_marks_of_direction_take_no_room_and_are_not_drawn():
    assert drawn("\u2066a\u2069 \u200eb", "ltr", 3) == ["a| b"]


def test_nothing_is_no_line():
    assert lines(" \n ", "rtl", 10, len) == []
