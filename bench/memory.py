"""How fast a web process starts and how large it becomes: R02 in short, memory per worker after 50,000 requests.

    .venv/bin/python bench/memory.py [requests]

gunicorn with 2 workers, PostgreSQL, production settings, 2,000 synthetic articles; wrk asks public pages, one in
twenty made anew (with a parameter that no view knows), the others from the page cache. Prints each worker's memory
(Pss of /proc: shared pages divided by those who share them, and Rss) at the start and after each tenth.
"""

import contextlib
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scratch import scratch

REQUESTS = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
PATHS = ["/ar/", "/ar/news/", "/en/news/", "/ar/meetings/", "/ar/group/", "/ar/reviews/"]


def memory(pid: int) -> dict[str, float]:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return {name: int(re.search(rf"^{name}:\s+(\d+)", text, re.MULTILINE)[1]) / 1024 for name in ("Rss", "Pss")}


def workers(master: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{master}/task/{master}/children").read_text().split()]


def main() -> None:
    if not shutil.which("wrk"):
        raise SystemExit("missing: wrk. Nothing was installed.")
    for command in ("compile_translations", "migrate", "collectstatic --noinput", "seed_demo --scale 2000"):
        subprocess.run([sys.executable, "manage.py", *command.split(), "--verbosity", "0"], check=True)
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    environment = {**os.environ, "BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": "2", "WEB_MAX_REQUESTS": "0"}
    environment["ALLOWED_HOSTS"] = "127.0.0.1"
    began = time.monotonic()
    server = subprocess.Popen(
        [".venv/bin/gunicorn", "--config", "deploy/gunicorn.conf.py", "--log-level", "error", "config.wsgi"],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        while True:
            with contextlib.suppress(OSError):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/ar/")
                if connection.getresponse().status == 200:
                    break
            time.sleep(0.02)
        print(f"from start to the first answer: {time.monotonic() - began:.1f} s\n")
        print("| requests | worker 1 Rss (Pss) MB | worker 2 Rss (Pss) MB |\n|---:|---:|---:|")

        def row(done: int) -> None:
            found = [memory(pid) for pid in workers(server.pid)]
            cells = " | ".join(f"{one['Rss']:.0f} ({one['Pss']:.0f})" for one in found)
            print(f"| {done:,} | {cells} |", flush=True)

        row(0)
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
            # One request in twenty goes past the page cache.
            script.write(
                "local paths = {" + ", ".join(f'"{path}"' for path in PATHS) + "}\nlocal n = 0\n"
                "request = function() n = n + 1\n local path = paths[n % #paths + 1]\n"
                ' if n % 20 == 0 then path = path .. "?n=" .. n end\n return wrk.format("GET", path) end\n'
            )
            script.flush()
            done = 0
            while done < REQUESTS:
                said = subprocess.run(
                    ["wrk", "-t1", "-c8", "-d10s", "-s", script.name, f"http://127.0.0.1:{port}"],
                    check=True, capture_output=True, text=True,
                ).stdout  # fmt: skip
                done += int(re.search(r"(\d+) requests in", said)[1])
                row(done)
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    with scratch():
        main()
