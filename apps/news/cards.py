"""The picture that other sites show beside a link to an article: its title in one language, drawn here.

Letters are shaped and put in order by the layout engine inside Pillow (Raqm: HarfBuzz and FriBidi).
"""

from functools import cache
from io import BytesIO
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont, ImageOps

from apps.core.languages import direction, field_in
from apps.news.models import Article

WIDTH, HEIGHT = 1200, 630
_FONT = Path(__file__).parent / "fonts" / "IBMPlexSansArabic-Bold.ttf"
_EDGE = 72
_LINES = 3
_GROUND, _INK, _ACCENT = "#07364a", "#f4f9fb", "#f0bd5c"
# Where a picture is cut: shares of its width and height, as ``Picture.focus`` names them.
_ACROSS = {"w": 0.0, "e": 1.0}
_DOWN = {"n": 0.0, "s": 1.0}


def draw(article: Article, language: str) -> bytes:
    """A JPEG of 1200 × 630 points."""
    card = Image.new("RGB", (WIDTH, HEIGHT), _GROUND)
    top = _paste_picture(card, article) if article.picture else 120
    pen = ImageDraw.Draw(card)
    is_rtl = direction(language) == "rtl"
    pen.rectangle((0, top, WIDTH, top + 8), fill=_ACCENT)
    edge, anchor = (WIDTH - _EDGE, "ra") if is_rtl else (_EDGE, "la")
    shaping = {"direction": "rtl" if is_rtl else "ltr", "language": language, "anchor": anchor}
    size, lines = _fitted(field_in(article, "title", language), language)
    for number, line in enumerate(lines):
        pen.text((edge, top + 44 + number * size * 1.45), line, font=_font(size), fill=_INK, **shaping)
    pen.text((edge, HEIGHT - 84), settings.PORTAL_NAME[language], font=_font(36), fill=_ACCENT, **shaping)
    out = BytesIO()
    card.save(out, "JPEG", quality=80)
    return out.getvalue()


def _paste_picture(card: Image.Image, article: Article) -> int:
    """The picture across the top, cut around its focal point; answers where it ends."""
    height, focus = 220, article.picture.focus
    centre = (
        next((share for letter, share in _ACROSS.items() if letter in focus), 0.5),
        next((share for letter, share in _DOWN.items() if letter in focus), 0.5),
    )
    with article.picture.fallback.open("rb") as file:
        card.paste(ImageOps.fit(Image.open(file).convert("RGB"), (WIDTH, height), centering=centre))
    return height


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONT), size, layout_engine=ImageFont.Layout.RAQM)


def _fitted(title: str, language: str) -> tuple[int, list[str]]:
    """The largest letters in which the title fits; of one that never fits, three lines and dots."""
    for size in (58, 50, 44):
        lines = _wrapped(title, size, language)
        if len(lines) <= _LINES:
            return size, lines
    return size, [*lines[: _LINES - 1], f"{lines[_LINES - 1]} …"]


def _wrapped(title: str, size: int, language: str) -> list[str]:
    lines, line = [], ""
    for word in title.split():
        longer = f"{line} {word}".strip()
        if line and _font(size).getlength(longer, language=language) > WIDTH - 2 * _EDGE - size:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line]
