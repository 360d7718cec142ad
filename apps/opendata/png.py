"""A drawing as PNG, for slides and messages: what the SVG shows, at twice its size.

Letters are shaped and put in order by the layout engine inside Pillow (Raqm: HarfBuzz and FriBidi).
"""

from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from apps import core
from apps.core.languages import active_language
from apps.stakeholders.drawing import Drawing

_SCALE, _LETTERS, _HEAD = 2, 14, 34
_FONTS = Path(core.__file__).parent / "fonts"
_INK, _GROUND = "#16242f", "#ffffff"


def draw(drawing: Drawing, title: str, source: str) -> bytes:
    """The drawing under its title, with where it comes from at the bottom."""
    width, height = int(drawing.width * _SCALE), int((drawing.height + 2 * _HEAD) * _SCALE)
    needed = int(max(_font("Bold", 16).getlength(title), _font("Regular", 12).getlength(source))) + 16 * _SCALE
    picture = Image.new("RGB", (max(width, needed), height), _GROUND)
    pen = ImageDraw.Draw(picture)
    is_rtl = drawing.direction == "rtl"
    # What is drawn from the right stays there when the title needs more room than the drawing.
    beside = (picture.width - width) / _SCALE if is_rtl else 0
    edge = drawing.width - 8 if is_rtl else 8
    shaping = {"direction": drawing.direction, "language": active_language(), "anchor": "rs" if is_rtl else "ls"}

    def write(x: float, y: float, words: str, weight: str = "Regular", size: int = _LETTERS) -> None:
        place = ((x + beside) * _SCALE, (y + _HEAD) * _SCALE)
        pen.text(place, words, font=_font(weight, size), fill=_INK, **shaping)

    write(edge, -10, title, "Bold", 16)
    for label in drawing.labels:
        write(label.x, label.y, label.words)
    for box in drawing.boxes:
        x, y = (box.x + beside) * _SCALE, (box.y + _HEAD) * _SCALE
        corners = (x, y, x + box.width * _SCALE, y + box.height * _SCALE)
        pen.rounded_rectangle(corners, radius=3 * _SCALE, fill=box.fill)
        write(box.beyond, box.baseline, box.words)
    write(edge, drawing.height + 16, source, size=12)
    out = BytesIO()
    picture.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


@cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    path = _FONTS / f"NotoSansArabicLatin-{weight}.ttf"
    return ImageFont.truetype(str(path), size * _SCALE, layout_engine=ImageFont.Layout.RAQM)
