"""What every public page weighs in a browser that has nothing yet, and how soon it is read on a very slow line.

    bench/weights.py http://127.0.0.1:8000 > docs/weights.md

The portal is served there already, with the demonstration, as in production. From the home page of each language the
links are followed, and one page of each kind is opened in Chromium with an empty cache.
"""

import statistics
import sys

import django

django.setup()

from playwright.sync_api import sync_playwright

from tools.pages import kinds_of_pages

ROUNDS = 3
HEAD = """# What pages weigh

One page of each kind of the demonstration, in a browser that has nothing yet: KB as sent with Brotli, headers
included; what the first view needs without pictures; the largest contentful paint at 400 kbit/s and 400 ms there and
back, median of 3. Written by `bench/weights.py`. Budgets: 14 KB of HTML, 30 KB and 4 requests for the first view;
`tests/test_weights.py` holds them for every page, those of members too.

| page | language | HTML KB | first view KB | requests | pictures KB | painted after s |
|---|---|---:|---:|---:|---:|---:|
"""
# Bits a second, and milliseconds there and back.
LINE, DELAY = 400_000, 400
OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]
_LARGEST_PAINT = """new Promise(done => {
  new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
    .observe({type: "largest-contentful-paint", buffered: true})
  setTimeout(() => done(0), 3000)
})"""


def measured(browser, address: str, *, slow: bool) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, service_workers="block")
    page = context.new_page()
    talk = context.new_cdp_session(page)
    talk.send("Network.enable")
    if slow:
        line = {"offline": False, "latency": DELAY, "downloadThroughput": LINE / 8, "uploadThroughput": LINE / 8}
        talk.send("Network.emulateNetworkConditions", line)
    kinds, sizes = {}, {}
    talk.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    talk.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto(address, wait_until="load")
    paint = page.evaluate(_LARGEST_PAINT)
    context.close()
    by_kind: dict[str, float] = {}
    for request, size in sizes.items():
        kind = kinds.get(request, "Other")
        by_kind[kind] = by_kind.get(kind, 0) + size / 1024
    pictures = by_kind.pop("Image", 0) if by_kind.get("Image", 0) > 1 else 0
    return {
        "html": by_kind.get("Document", 0),
        "first": sum(by_kind.values()),
        "pictures": pictures,
        "requests": sum(kind != "Image" for kind in kinds.values()) + 1,  # the mark is a picture to the browser
        "paint": paint / 1000,
    }


def main() -> None:
    base = sys.argv[1].rstrip("/")
    write = sys.stdout.write
    write(HEAD)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=OPTIONS)
        for language in ("ar", "en"):
            for name, path in sorted(kinds_of_pages(browser, base, language).items()):
                rounds = [measured(browser, base + path, slow=True) for _round in range(ROUNDS)]
                one = {key: statistics.median(round_[key] for round_ in rounds) for key in rounds[0]}
                write(
                    f"| {name} | {language} | {one['html']:.1f} | {one['first']:.1f} | {one['requests']:.0f} |"
                    f" {one['pictures']:.0f} | {one['paint']:.1f} |\n"
                )
                sys.stdout.flush()
        browser.close()


if __name__ == "__main__":
    main()
