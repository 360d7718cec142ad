"""Draw the demonstration's pictures: geometry as SVG → Chromium → WebP in data/pictures.

    python apps/demo/pictures/build.py

Needs Chromium (CHROMIUM in the environment names another binary) and Pillow.
"""

import math
import os
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
OUT = HERE.parent / "data" / "pictures"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
WIDTH, HEIGHT = 1200, 675
SEA, SEA_LIGHT, SAFFRON, SAND = "#07364a", "#7cc7e3", "#f0bd5c", "#f1e9da"


def ring() -> str:
    stars = "".join(
        f'<g transform="translate({x} {y})"><path d="M-46-46h92v92h-92z"/><path transform="rotate(45)" d="M-46-46h92v92h-92z"/></g>'
        for x in range(0, WIDTH + 150, 150)
        for y in range(0, HEIGHT + 150, 150)
    )
    dots = "".join(
        f'<circle cx="{600 + 190 * math.sin(i * math.pi / 5):.0f}" cy="{338 - 190 * math.cos(i * math.pi / 5):.0f}" r="38"/>'
        for i in range(10)
    )
    return f'<rect width="100%" height="100%" fill="{SEA}"/><g fill="none" stroke="{SEA_LIGHT}" stroke-opacity=".3" stroke-width="2">{stars}</g><g fill="{SAFFRON}">{dots}</g>'


def waves() -> str:
    def line(i: int) -> str:
        points = " ".join(
            f"{x},{60 + 34 * i + 26 * math.sin(x / 95 + i * 0.55) * math.cos(x / 310 + i / 7):.1f}"
            for x in range(0, 1201, 10)
        )
        colour = (SEA_LIGHT, SAFFRON, "#0a4f6b", "#c9b68d")[i % 4]
        return f'<polyline points="{points}" stroke="{colour}"/>'

    lines = "".join(line(i) for i in range(18))
    return f'<rect width="100%" height="100%" fill="{SAND}"/><g fill="none" stroke-width="9" stroke-linecap="round">{lines}</g>'


def paths() -> str:
    def band(i: int) -> str:
        shift = 150 * i - 300
        colour = ("#0a4f6b", "#8a5a00", "#1d6b45")[i % 3]
        route = f"M{shift} -20 C {shift + 420} 170, {shift - 160} 420, {shift + 330} 700"
        back = f"M{WIDTH - shift} -20 C {WIDTH - shift - 420} 170, {WIDTH - shift + 160} 420, {WIDTH - shift - 330} 700"
        outer = f'<path d="{route}" stroke="{SAND}" stroke-width="30"/><path d="{route}" stroke="{colour}" stroke-width="14"/>'
        return (
            outer
            + f'<path d="{back}" stroke="{SAND}" stroke-width="30"/><path d="{back}" stroke="{colour}" stroke-width="14"/>'
        )

    bands = "".join(band(i) for i in range(9))
    return f'<rect width="100%" height="100%" fill="{SAND}"/><g fill="none">{bands}</g>'


def main() -> None:
    OUT.mkdir(exist_ok=True)
    for drawing in (ring, waves, paths):
        with tempfile.TemporaryDirectory() as folder:
            page, shot = Path(folder, "page.svg"), Path(folder, "shot.png")
            size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
            page.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{drawing()}</svg>', encoding="utf-8")
            flags = [
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--disable-background-networking",
            ]
            command = [CHROMIUM, *flags, f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={shot}", page.as_uri()]
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command
            picture = Image.open(shot).convert("RGB").resize((960, 540), Image.Resampling.LANCZOS)
            picture.save(OUT / f"{drawing.__name__}.webp", "WEBP", quality=68, method=6)


if __name__ == "__main__":
    main()
