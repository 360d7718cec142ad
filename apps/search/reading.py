"""The text of papers: PDF by pypdf, DOCX by python-docx. Files come from people, so each is read in a process of its
own, which has little memory and little time and writes nothing but the text."""

import itertools
import logging
import resource
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

log = logging.getLogger(__name__)

READABLE = (".pdf", ".docx")
_SECONDS, _MEMORY = 60, 1024 * 1024 * 1024
# Pages and letters that are read of a file.
_PAGES, _LETTERS = 500, 400_000


def text_of(file, name: str) -> str:
    """The text in NFC, "" for a file of another kind and for one that cannot be read (a scan, a broken one)."""
    ending = Path(name).suffix.lower()
    if ending not in READABLE:
        return ""
    with tempfile.NamedTemporaryFile(suffix=ending) as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        try:
            done = subprocess.run(  # noqa: S603 - our own module, a name that we have made
                [sys.executable, "-I", __file__, copy.name],
                capture_output=True,
                timeout=_SECONDS,
                check=True,
                preexec_fn=_limited,
            )
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
            log.warning("the text of a file could not be read: %s", type(error).__name__)
            return ""
    # Files hold Arabic in forms for the printer, ﻣ for م.
    return unicodedata.normalize("NFKC", done.stdout.decode("utf-8", "replace")).replace("\0", " ")


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


# In the process of its own


def _of_pdf(path: str) -> str:
    import pypdf

    pages = pypdf.PdfReader(path).pages
    return "\n".join(page.extract_text() for page in itertools.islice(pages, _PAGES))


def _of_docx(path: str) -> str:
    import docx

    return "\n".join(_blocks(docx.Document(path)))


def _blocks(container):
    for block in container.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                for cell in row.cells:
                    yield from _blocks(cell)
        else:
            yield block.text


if __name__ == "__main__":
    path = sys.argv[1]
    text = _of_pdf(path) if path.endswith(".pdf") else _of_docx(path)
    sys.stdout.buffer.write(text[:_LETTERS].encode("utf-8", "replace"))
