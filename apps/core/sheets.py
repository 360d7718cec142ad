"""Sheets of paper: PDFs that the portal sets itself, in Arabic and in English.

fpdf2 writes the file, HarfBuzz shapes the letters, ``apps.core.bidi`` orders them. Lengths are millimetres, sizes of
letters points. Places count from the side at which the document's language starts: right in Arabic.
"""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from fpdf import FPDF
from fpdf.line_break import Fragment
from fpdf.prefs import ViewerPreferences

from apps.core import bidi, languages
from apps.core.richtext import isolate_plain

_FONTS = Path(__file__).parent / "fonts"
_FAMILY = "portal"
_POINT = 25.4 / 72
_LEADING = 1.65  # Arabic needs room for what stands above and below its letters
_HEADINGS = {1: 20, 2: 14, 3: 12}
_BLACK, _MUTED, _FAINT = 0, 90, 170  # greys; muted has 7:1 on white
_FOOT_HEIGHT = 5
_STAMP_MARGIN = 6


class Sheets(FPDF):
    """A document in one language on A4. ``foot`` gets the number of a page and gives the line at its foot."""

    margin = 20

    def __init__(self, language: str, title: str, *, foot: Callable[[int], str] | None = None):
        super().__init__(format="A4")
        self.language, self.foot = language, foot
        self.direction = languages.direction(language)
        # What leads somewhere: (page, (x, y, width, height) in points from the bottom left, the row's ``lead``).
        self.leads: list[tuple[int, tuple[float, float, float, float], int]] = []
        self._written: bytes | None = None
        self.c_margin = 0
        self.set_margin(self.margin)
        self.set_auto_page_break(False)
        for style, name in (("", "Regular"), ("B", "Bold")):
            self.add_font(_FAMILY, style, _FONTS / f"NotoSansArabicLatin-{name}.ttf")
        self.set_lang(language)
        self.set_title(title)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)

    def file(self) -> BytesIO:
        """The PDF; nothing can be added to it afterwards."""
        if self._written is None:
            self._written = bytes(self.output())
            self.close()
        return BytesIO(self._written)

    def close(self) -> None:
        """Lets go of the fonts' files; for sheets that are not wanted after all, too."""
        for font in self.fonts.values():
            font.ttfont.close()

    # What stands on a page

    def heading(self, text: str, *, level: int = 1, language: str = "") -> None:
        """A bookmark, too. Never the last line of a page."""
        size = _HEADINGS[level]
        self._keep_together(size * _POINT * 4)
        self.space(0 if level == 1 else 4)
        self.start_section(text, level - 1, strict=False)
        self.paragraph(text, size=size, style="B", language=language)

    def paragraph(self, text: str, *, size: float = 11, style: str = "", is_muted=False, language: str = "") -> None:
        """``language`` is the text's own: a foreign one keeps its direction. Runs over to the next page if need be."""
        self._letters(size, style, _MUTED if is_muted else _BLACK)
        for line in self._lines(text, self.epw, language):
            self._keep_together(self._line_height)
            self._next_line(line, 0, self.epw)
        self.space(1)

    def row(
        self,
        start: str,
        text: str,
        end: str = "",
        *,
        below: str = "",
        language: str = "",
        columns: tuple[float, float] = (14, 14),
        inset: float = 0,
        lead: int | None = None,
    ) -> None:
        """A line of a list: an hour or a number, the text, and a page number behind dots.

        ``columns`` are the widths of what stands before and behind, ``below`` is a small line under the text,
        ``language`` the text's own, ``inset`` moves the text in; ``lead`` is kept in ``leads``.
        """
        at = columns[0] + inset
        width = self.epw - at - columns[1]
        self._letters(9, "", _MUTED)
        small = self._lines(below, width, "")
        height = len(small) * self._line_height
        self._letters(11, "", _BLACK)
        main = self._lines(text, width, language)
        self._keep_together(height + len(main) * self._line_height)
        top = self.y
        self._set_beside(start, columns[0])
        for line in main:
            self._next_line(line, at, width)
        if end and main:
            self._set_page_number(end, at + self._width(main[-1]), columns[1])
        self._letters(9, "", _MUTED)
        for line in small:
            self._next_line(line, at, width)
        if lead is not None:
            box = (self.margin, self.h - self.y, self.epw, self.y - top)
            self.leads.append((self.page, tuple(length / _POINT for length in box), lead))
        self.space(1)

    def rule(self) -> None:
        self.space(2)
        self.set_draw_color(_FAINT)
        self.set_line_width(0.2)
        self.line(self.margin, self.y, self.w - self.margin, self.y)
        self.space(3)

    def space(self, height: float) -> None:
        if not self.page:
            self.add_page()
        self.set_y(self.y + height)

    def stamp(self, text: str) -> None:
        """A line in the upper corner at the end of the page, on white, whatever it is laid over."""
        self._letters(8, "", _BLACK)
        line = self._lines(text, self.epw, "")[0]
        width = self._width(line)
        self.set_y(_STAMP_MARGIN / 2)
        self.set_fill_color(255)
        left = self.margin if self.direction == "rtl" else self.w - self.margin - width
        self.rect(left - 1, self.y, width + 2, self._line_height, style="F")
        self._draw(line, 0, self.epw, at_end=True)

    def footer(self) -> None:
        """fpdf2 calls it when a page ends."""
        if self.foot is None:
            return
        self.set_y(self.h - self.margin + _FOOT_HEIGHT)
        self._letters(9, "", _MUTED)
        for line in self._lines(self.foot(self.page), self.epw, ""):
            self._draw(line, 0, self.epw, at_end=True)

    # How it is set

    @property
    def _line_height(self) -> float:
        return self.font_size_pt * _POINT * _LEADING

    def _letters(self, size: float, style: str, grey: int) -> None:
        self.set_font(_FAMILY, style, size)
        self.set_text_color(grey)

    def _keep_together(self, height: float) -> None:
        """Starts a page unless so much fits on this one."""
        if not self.page or self.y + height > self.h - self.margin:
            self.add_page()

    def _parse_chars(self, text, markdown, **options):
        """fpdf2 would part a word at each vowel mark, because marks belong to no script of their own, and unjoin it."""
        yield Fragment(text, self._get_current_graphics_state(), self.k)

    def _lines(self, text: str, width: float, language: str) -> list[bidi.Line]:
        direction = languages.direction(language or self.language)
        return bidi.lines(isolate_plain(text), direction, width, self._measure)

    def _measure(self, text: str) -> float:
        return self._run_width(bidi.Run(text, self.direction == "rtl"))

    def _run_width(self, run: bidi.Run) -> float:
        self.set_text_shaping(True, direction="rtl" if run.is_rtl else "ltr")
        return self.get_string_width(run.text)

    def _width(self, line: bidi.Line) -> float:
        return sum(self._run_width(run) for run in line.runs)

    def _next_line(self, line: bidi.Line, at: float, width: float) -> None:
        self._draw(line, at, width)
        self.space(self._line_height)

    def _draw(self, line: bidi.Line, at: float, width: float, *, at_end: bool = False) -> None:
        """Inside ``width`` from the place ``at``. Runs are written in the order of reading, for who copies them."""
        widths = [self._run_width(run) for run in line.runs]
        left = self._from_left(at, width)
        if (self.direction == "rtl") != at_end:
            left += width - sum(widths)
        places = {}
        for number in line.from_left:
            places[number] = left
            left += widths[number]
        for number, run in enumerate(line.runs):
            self.set_text_shaping(True, direction="rtl" if run.is_rtl else "ltr")
            self.set_x(places[number])
            self.cell(widths[number], self._line_height, run.text)

    def _from_left(self, at: float, width: float) -> float:
        return self.w - self.margin - at - width if self.direction == "rtl" else self.margin + at

    def _set_beside(self, text: str, width: float) -> None:
        for line in self._lines(text, width, "")[:1]:
            self._draw(line, 0, width)

    def _set_page_number(self, text: str, text_ends: float, width: float) -> None:
        """Behind the line that was just drawn, with dots up to it."""
        self.space(-self._line_height)
        line = self._lines(text, width, "")[0]
        self._draw(line, self.epw - width, width, at_end=True)
        first, last = text_ends + 2, self.epw - self._width(line) - 2
        if last > first:
            left, y = self._from_left(first, last - first), self.y + self._line_height * 0.68
            with self.local_context(line_width=0.3, draw_color=_FAINT, dash_pattern={"dash": 0.3, "gap": 1.2}):
                self.line(left, y, left + last - first, y)
        self.space(self._line_height)


def stamps(language: str, wanted: list[tuple[float, float, str]]) -> BytesIO:
    """A PDF to be laid over other pages: for each its width and height in points, and the text for its upper corner."""
    sheets = Sheets(language, "")
    sheets.margin = _STAMP_MARGIN
    sheets.set_margin(_STAMP_MARGIN)
    for width, height, text in wanted:
        sheets.add_page(format=(width * _POINT, height * _POINT))
        sheets.stamp(text)
    return sheets.file()
