"""Make the fonts of the portal's PDFs: Arabic and Latin in one file each, of Noto Sans and Noto Sans Arabic.

    .venv/bin/python apps/core/fonts/build.py [folder of the Noto fonts]

Needs fonttools, and Noto as Debian has it (fonts-noto-core).
"""

import sys
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.merge import Merger

HERE = Path(__file__).parent
SOURCE = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/fonts/truetype/noto")
LATIN = [(0x20, 0x17F), (0x192, 0x192), (0x218, 0x21B), (0x300, 0x304), (0x306, 0x308), (0x30A, 0x30C), (0x323, 0x328)]
LATIN += [(0x1E00, 0x1EFF), (0x2010, 0x2015), (0x2018, 0x2022), (0x2026, 0x2026), (0x2030, 0x2033), (0x2039, 0x203A)]
LATIN += [(0x20AC, 0x20AC), (0x2116, 0x2116), (0x2122, 0x2122), (0x2212, 0x2212), (0xFFFD, 0xFFFD)]
# Marks of direction have no shape, and have to be in the font all the same: what is missing is drawn as a box.
LATIN += [(0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2060), (0x2066, 0x2069)]
# Arabic with the letters of Kurdish, Persian and Urdu names.
ARABIC = [(0x600, 0x6FF), (0xFD3E, 0xFD3F), (0xFDF2, 0xFDF2), (0xFDFA, 0xFDFA)]


def part(name: str, style: str, ranges: list, to: Path) -> str:
    options = subset.Options(hinting=False, glyph_names=False, notdef_outline=True, layout_features=["*"])
    font = subset.load_font(str(SOURCE / f"{name}-{style}.ttf"), options)
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=[code for first, last in ranges for code in range(first, last + 1)])
    chosen.subset(font)
    path = to / f"{name}-{style}.ttf"
    subset.save_font(font, str(path), options)
    return str(path)


def build(style: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        parts = [part("NotoSans", style, LATIN, Path(folder)), part("NotoSansArabic", style, ARABIC, Path(folder))]
        font = Merger().merge(parts)
    font.recalcTimestamp = False  # the same bytes at each run
    font["head"].created = font["head"].modified = 3_600_000_000
    font.save(HERE / f"NotoSansArabicLatin-{style}.ttf")


if __name__ == "__main__":
    for style in ("Regular", "Bold"):
        build(style)
