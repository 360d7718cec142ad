"""Print the papers of the demonstration: papers.toml → HTML → one PDF per paper and language.

    python apps/demo/papers/build.py

Needs Chromium (CHROMIUM in the environment names another binary), Noto Sans and Noto Sans Arabic. Each line of a text
is a block: "## heading", "- list item", "| table | row |" (the first row is the head), or else a numbered paragraph.
"""

import argparse
import html
import os
import re
import struct
import subprocess
import tempfile
import tomllib
import zlib
from collections.abc import Iterator
from itertools import accumulate, groupby
from pathlib import Path

HERE = Path(__file__).parent
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--disable-background-networking"]
DIRECTION = {"ar": "rtl", "en": "ltr"}
KINDS = {"##": "heading", "- ": "list", "| ": "table"}

# What must read left to right, unbroken: ranges of times or numbers, and inside Arabic also Latin words, addresses and
# symbols such as RSAG/2026/7/1. Bidi would otherwise show "10:00–14:00" with its ends exchanged.
RANGE = r"\d[\d:]*–\d[\d:]*"
ISOLATED = {"ar": re.compile(rf"({RANGE}|[A-Za-z](?:[\w.@/:-]*\w)?)", re.ASCII), "en": re.compile(f"({RANGE})")}


def marked_up(text: str, language: str) -> str:
    """Escaped text, each of its left-to-right runs in an isolate of its own."""
    runs = ISOLATED[language].split(text)
    return "".join(f'<bdi dir="ltr">{run}</bdi>' if i % 2 else html.escape(run) for i, run in enumerate(runs))


def table(rows: list[str]) -> str:
    head, *body = [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows]
    columns = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in body)
    return f"<table><thead><tr>{columns}</tr></thead><tbody>{lines}</tbody></table>"


def blocks(text: str) -> Iterator[str]:
    """The HTML blocks of a paper; paragraphs are numbered through from first to last."""
    number = 1
    for kind, group in groupby(filter(None, text.splitlines()), key=lambda line: KINDS.get(line[:2])):
        lines = list(group)
        if kind == "heading":
            yield f"<h2>{lines[0][3:]}</h2>"
        elif kind == "table":
            yield table(lines)
        elif kind == "list":
            yield f"<ul>{''.join(f'<li>{line[2:]}</li>' for line in lines)}</ul>"
        else:
            yield f'<ol start="{number}">{"".join(f"<li>{line}</li>" for line in lines)}</ol>'
            number += len(lines)


def page(paper: dict, language: str, labels: dict, style: str) -> str:
    title, meeting, text = (marked_up(paper[language][part], language) for part in ("title", "meeting", "text"))
    return f"""<!doctype html><html lang="{language}" dir="{DIRECTION[language]}"><head><meta charset="utf-8">
<title>{html.escape(paper[language]["title"])}</title><style>{style}</style></head><body>
<header><p><b>{labels["portal"]}</b><br>{labels["group"]}</p>
<p><bdi dir="ltr">{paper["symbol"]}</bdi><br>{labels[paper["audience"]]}</p></header>
<h1>{title}</h1><p class="meeting">{meeting}</p>{"".join(blocks(text))}
<footer>{labels["sample"]}</footer></body></html>"""


def printed(source: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "paper.html").write_text(source, encoding="utf-8")
        command = [CHROMIUM, *FLAGS, f"--user-data-dir={folder}/profile", f"--print-to-pdf={folder}/paper.pdf"]
        subprocess.run([*command, Path(folder, "paper.html").as_uri()], check=True, capture_output=True, timeout=120)
        return Path(folder, "paper.pdf").read_bytes()


def packed(pdf: bytes) -> bytes:
    """The same PDF in the compact form of PDF 1.5: its tags for screen readers would outweigh the text otherwise."""
    xref, trailer = pdf[int(pdf.rsplit(None, 2)[1]) :].split(b"trailer\n<<")
    starts = [int(line[:10]) for line in xref.splitlines()[3:]]
    bodies = {n: pdf[pdf.index(b"obj\n", at) + 4 : pdf.index(b"endobj", at)] for n, at in enumerate(starts, 1)}
    small = {n: body for n, body in bodies.items() if b"stream" not in body}
    holder, last = len(bodies) + 1, len(bodies) + 2
    offsets = accumulate(map(len, small.values()), initial=0)
    index = b" ".join(b"%d %d" % pair for pair in zip(small, offsets, strict=False)) + b"\n"
    bodies[holder] = stream(b"/Type/ObjStm/N %d/First %d" % (len(small), len(index)), index + b"".join(small.values()))
    places = {0: (0, 0, 65535)} | {n: (2, holder, i) for i, n in enumerate(small)}
    out = b"%PDF-1.5\n%\xd3\xeb\xe9\xe1\n"
    for n in bodies.keys() - small.keys():
        places[n] = (1, len(out), 0)
        out += b"%d 0 obj\n%bendobj\n" % (n, bodies[n])
    places[last] = (1, len(out), 0)
    fields = b"/Type/XRef/W[1 4 2]/Size %d" % (last + 1) + trailer[trailer.index(b"/Root") : trailer.index(b">>")]
    listing = stream(fields, b"".join(struct.pack(">BIH", *places[n]) for n in sorted(places)))
    return out + b"%d 0 obj\n%bendobj\nstartxref\n%d\n%%%%EOF\n" % (last, listing, len(out))


def stream(fields: bytes, data: bytes) -> bytes:
    data = zlib.compress(data, 9)
    return b"<<%b/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream\n" % (fields, len(data), data)


def main() -> None:
    parser = argparse.ArgumentParser(description="Print the papers of the demonstration to PDF.")
    parser.add_argument("--out", type=Path, default=HERE.parent / "data" / "papers", help="folder of the PDF files")
    out = parser.parse_args().out
    source = tomllib.loads((HERE / "papers.toml").read_text(encoding="utf-8"))
    for paper in source["paper"]:
        for language in sorted(DIRECTION.keys() & paper.keys()):
            pdf = packed(printed(page(paper, language, source["labels"][language], source["style"])))
            (out / f"{paper['file']}-{language}.pdf").write_bytes(pdf)


if __name__ == "__main__":
    main()
