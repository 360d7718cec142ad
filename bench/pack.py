"""A pack of 40 papers with 200 pages: how long it takes, and what memory its builder and the web process need.

    .venv/bin/python bench/pack.py

Production settings under gunicorn with one worker, SQLite in a folder of its own; the builder is the process that the
portal starts by itself. Each paper is five pages of the demonstration's papers, bound together. Prints a table.
"""

import http.client
import os
import re
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date
from io import BytesIO
from pathlib import Path

PAPERS, PAGES = 40, 5
PORT = 8912
ROOT = Path(__file__).resolve().parent.parent


def papers() -> list[bytes]:
    """Each with other pages in another order."""
    import pikepdf

    sources = sorted((ROOT / "apps/demo/data/papers").glob("*.pdf"))
    found = []
    for number in range(PAPERS):
        pdf, out, opened = pikepdf.Pdf.new(), BytesIO(), []
        while len(pdf.pages) < PAGES:
            opened.append(pikepdf.open(sources[(number + len(opened) * 7) % len(sources)]))
            pdf.pages.extend(opened[-1].pages)
        del pdf.pages[PAGES:]
        pdf.save(out)
        found.append(out.getvalue())
    return found


def prepared() -> tuple[int, str]:
    """A meeting with its papers, and the session of a member who may read them."""
    from django.conf import settings
    from django.core.files.base import ContentFile
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tests.factories import client_for, make_document, make_group, make_item, make_meeting, make_member

    group = make_group()
    meeting = make_meeting(group, day=date(2031, 12, 9), audience="members")
    items = [make_item(meeting) for _number in range(10)]
    for number, content in enumerate(papers()):
        files = {f"file_{code}": ContentFile(content, name="paper.pdf") for code in ("ar", "en")}
        make_document(meeting, audience="members", item=items[number % 10], **files)
    client = client_for(make_member(group))
    return meeting.pk, f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def ask(path: str, cookie: str, body: str = "", token: str = "") -> tuple[int, bytes]:
    line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    headers = {"Host": "testserver", "Cookie": f"{cookie}; __Host-csrftoken={token}", "X-Forwarded-Proto": "https"}
    if body:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": "https://testserver/"}
    line.request("POST" if body else "GET", path, body or None, headers)
    response = line.getresponse()
    found = response.status, response.read()
    line.close()
    return found


def peak(pid: str) -> float:
    """Megabytes that this process has had at most; 0 when it is gone."""
    try:
        return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024
    except (OSError, TypeError):
        return 0.0


def pids(words: str) -> list[str]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if words in line and str(os.getpid()) != folder.name:
            found.append(folder.name)
    return found


class Watch(threading.Thread):
    """Of the builder, which comes and goes."""

    def __init__(self):
        super().__init__(daemon=True)
        self.most = 0.0

    def run(self):
        while True:
            self.most = max([self.most, *(peak(pid) for pid in pids("manage.py build_packs"))])
            time.sleep(0.02)


def timed(address: str, cookie: str) -> tuple[float, int, int]:
    """Seconds from the click to the page that offers the file, how many steps of progress it told, and its bytes."""
    token = secrets.token_hex(16)
    steps, start = set(), time.perf_counter()
    status, _page = ask(address, cookie, f"csrfmiddlewaretoken={token}", token)
    assert status == 302, status
    while True:
        _status, page = ask(address, cookie)
        if b"/file/" in page:
            break
        assert b"alert bad" not in page
        steps |= set(re.findall(rb'value="(\d+)" aria-label', page))
        time.sleep(0.1)
    took = time.perf_counter() - start
    status, content = ask(f"{address}file/", cookie)
    assert status == 200, status
    return took, len(steps), len(content)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="config.settings.base",
            SECRET_KEY=secrets.token_urlsafe(48),
            ALLOWED_HOSTS="testserver",
            BEHIND_TLS_PROXY="true",
            SECURE_SSL_REDIRECT="false",
            DATA_DIR=folder,
            BIND=f"127.0.0.1:{PORT}",
            WEB_CONCURRENCY="1",
        )
        os.environ.pop("DATABASE_URL", None)
        sys.path.insert(0, str(ROOT))
        import django

        django.setup()
        from django.core.management import call_command

        meeting, cookie = prepared()
        call_command("compile_translations")
        call_command("collectstatic", interactive=False, verbosity=0)
        gunicorn = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "config.wsgi"]
        server = subprocess.Popen(gunicorn, cwd=ROOT)
        watch = Watch()
        watch.start()
        try:
            time.sleep(5)
            print("| pack | seconds | steps of progress seen | MB of the file | builder, MB | web process, MB |")
            print("|---|---:|---:|---:|---:|---:|")
            for language in ("ar", "en"):
                for kind in ("pdf", "zip"):
                    watch.most = 0.0
                    took, steps, size = timed(f"/{language}/meetings/{meeting}/pack/{language}/{kind}/", cookie)
                    web = max(peak(pid) for pid in pids(" ".join(gunicorn[1:])))
                    row = [f"{kind}, {language}", f"{took:.1f}", steps, f"{size / 1024**2:.1f}"]
                    print("|", " | ".join(map(str, [*row, f"{watch.most:.0f}", f"{web:.0f}"])), "|")
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
