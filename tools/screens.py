"""A picture of each kind of public page on a phone, in both languages, to be looked at one by one.

    tools/screens.py http://127.0.0.1:8000 docs/screens

The portal is served there already, with the demonstration. Pictures are named by language and view.
"""

import io
import sys
from pathlib import Path

import django

django.setup()

from PIL import Image  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from tools.pages import kinds_of_pages  # noqa: E402

WIDTH, HIGHEST = 390, 2400


def main() -> None:
    base, out = sys.argv[1].rstrip("/"), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--headless", "--no-sandbox"])
        for language in ("ar", "en"):
            for name, path in kinds_of_pages(browser, base, language).items():
                page = browser.new_page(viewport={"width": WIDTH, "height": 844}, service_workers="block")
                page.goto(base + path)
                image = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
                image = image.crop((0, 0, image.width, min(image.height, HIGHEST)))
                image.save(out / f"{language}-{name.replace(':', '-')}.webp", quality=45, method=6)
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
