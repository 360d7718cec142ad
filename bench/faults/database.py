"""Drills with a PostgreSQL of their own and a copy of it: R03, R04, R05.

    .venv/bin/python bench/faults/database.py

Makes a primary and a streaming copy that lags by ten seconds in a temporary folder on free ports of this machine, two
web processes of the portal in front of them, and lets things happen: a restart while 200 people write, a member who
reads what she has just written, a primary that is away. Prints what it saw; ends with 1 when something was lost.
"""

import contextlib
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg2

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from deploy.machine import PYTHON, Answer, Machine, free_port, held, step, until

BINARIES = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
WRITERS = 200
LAG = 10  # seconds


class Servers(Machine):
    """The same machine with databases of its own, and no nginx, PgBouncer or worker."""

    def __init__(self):
        super().__init__()
        self.ports |= {name: free_port() for name in ("primary", "copy")}
        self.direct = self.address("primary")
        self.environment |= {
            "DATABASE_URL": self.direct,
            "DATABASE_REPLICA_URL": self.address("copy"),
            "PGBOUNCER": "false",
            "BACKUP_TO": "",
            "BACKUP_KEY": "",
            "X_ACCEL": "false",
        }

    def address(self, name: str) -> str:
        return f"postgres://portal@127.0.0.1:{self.ports[name]}/portal"

    def __enter__(self):
        self.mail.start()
        (self.folder / "pg").mkdir()
        if os.geteuid() == 0:
            shutil.chown(self.folder / "pg", "postgres")
        self.postgres(
            "initdb", "-D", self.place("primary"), "-A", "trust", "-U", "portal", "--locale=C.UTF-8", "-E", "UTF8"
        )
        self.up("primary")
        with contextlib.closing(psycopg2.connect(self.address("primary").rsplit("/", 1)[0] + "/postgres")) as admin:
            admin.autocommit = True
            admin.cursor().execute("CREATE DATABASE portal")
        return self

    def __exit__(self, *error):
        for name in list(self.pieces):
            self.stop(name)
        self.mail.stop()
        for name in ("copy", "primary"):
            self.postgres("pg_ctl", "-D", self.place(name), "-m", "immediate", "stop", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def place(self, name: str) -> str:
        return str(self.folder / "pg" / name)

    def postgres(self, program: str, *arguments: str, check: bool = True) -> None:
        command = [f"{BINARIES}/{program}", *arguments]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        subprocess.run(command, check=check, capture_output=True, cwd="/", env={**os.environ, "HOME": "/tmp"})

    def up(self, name: str, how: str = "start") -> None:
        options = (
            f"-p {self.ports[name]} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200"
        )
        self.postgres(
            "pg_ctl", "-D", self.place(name), "-o", options, "-l", f"{self.place(name)}.log", "-w", "-m", "fast", how
        )

    def copy(self) -> None:
        options = ["-R", "-X", "stream", "-c", "fast"]
        self.postgres("pg_basebackup", "-D", self.place("copy"), "-d", self.address("primary"), *options)
        settings = self.folder / "pg/copy/postgresql.auto.conf"
        with settings.open("a") as file:
            file.write(f"recovery_min_apply_delay = '{LAG}s'\n")
        self.up("copy")

    def post(self, node: str, path: str, fields: dict, cookie: str, address: str = "10.0.0.1") -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[node], timeout=60)
        headers = {
            "Host": "portal.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": address, "Cookie": cookie,
            "Origin": "https://portal.example.org", "Referer": f"https://portal.example.org{path}",
            "Content-Type": "application/x-www-form-urlencoded",
        }  # fmt: skip
        connection.request("POST", path, urlencode(fields), headers)
        with contextlib.closing(connection):
            return Answer(connection.getresponse())


def form_of(machine: Servers, path: str, **headers: str) -> tuple[str, str]:
    """The form's token and the cookie that goes with it."""
    page = machine.ask_node("one", path, **headers)
    cookie = "; ".join(page.cookies)
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1], cookie


def fields_of(html: str) -> dict[str, str]:
    """What a form would send if nobody changed anything."""
    fields = {}
    for tag in re.findall(r"<input[^>]*>", html):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if "name" in found:
            fields[found["name"]] = unescape(found.get("value", ""))
    for name, options in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)"[^>]*\bselected', options)
        fields[name] = chosen[1] if chosen else ""
    return fields


def r03_restart(machine: Servers) -> None:
    step(f"R03: PostgreSQL is restarted while {WRITERS} people ask for the newsletter")
    token, cookie = form_of(machine, "/en/newsletter/")
    done: dict[str, int | str] = {}
    moments: list[float] = []

    def ask(number: int) -> None:
        email = f"reader{number}@example.org"
        time.sleep(number * 0.03)
        try:
            fields = {"csrfmiddlewaretoken": token, "email": email}
            status = machine.post(
                "one", "/en/newsletter/", fields, cookie, f"10.{number // 250}.{number % 250}.7"
            ).status
        except (OSError, http.client.HTTPException) as error:
            status = type(error).__name__
        done[email] = status
        if status in (200, 302):
            moments.append(time.monotonic())

    with ThreadPoolExecutor(50) as people:
        threading.Timer(2.0, lambda: machine.up("primary", "restart")).start()
        list(people.map(ask, range(WRITERS)))
    acknowledged = {email for email, status in done.items() if status in (200, 302)}
    with contextlib.closing(psycopg2.connect(machine.direct)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT email FROM outreach_subscription")
        there = {email for (email,) in cursor.fetchall()}
    pauses = [after - before for before, after in zip(sorted(moments), sorted(moments)[1:], strict=False)]
    others = sorted({str(status) for status in done.values() if status not in (200, 302)})
    print(f"  {len(acknowledged)} were acknowledged, {WRITERS - len(acknowledged)} were told of an error {others}")
    print(f"  the longest time in which nobody was served: {max(pauses):.1f} s")
    held("nothing acknowledged was lost", acknowledged <= there, sorted(acknowledged - there)[:5])
    held("it was back within five seconds", max(pauses) <= 5)


def r05_lag(machine: Servers, cookie: str) -> None:
    step(f"R05: a member reads what she wrote, while the copy lags by {LAG} s")
    time.sleep(LAG + 2)
    stale, spent, token = [], [], ""
    for number in range(50):
        began = time.monotonic()
        page = machine.ask_node("one", "/en/accounts/profile/", Cookie=cookie)
        token = next((one for one in page.cookies if "csrf" in one), token)
        name = f"Reader {number}"
        fields = {**fields_of(page.text), "display_name_en": name}
        answer = machine.post("one", "/en/accounts/profile/", fields, f"{cookie}; {token}")
        again = machine.ask_node("one", "/en/accounts/profile/", Cookie=cookie)
        spent.append(time.monotonic() - began)
        if answer.status != 302 or name not in again.text:
            stale.append((number, answer.status))
    print(f"  each took {sum(spent) / len(spent):.2f} s")
    held("50 changes, read back at once: 0 were old", not stale, stale[:5])


def r04_primary_away(machine: Servers, facts: dict) -> None:
    step("R04: the primary is away")
    pages = [
        f"/{language}/{path}"
        for language in ("ar", "en")
        for path in (
            "",
            "news/",
            "meetings/",
            "group/",
            "reviews/",
            "privacy/",
            "news/archive/",
            "group/coverage/",
            "have-your-say/",
        )
    ]
    pages += [
        quote(one[language]) if not one[language].isascii() else one[language]
        for one in facts["articles"]
        for language in ("ar", "en")
    ]
    before = [machine.ask_node("one", page).status for page in pages for _process in range(6)]
    held("all pages are there before", set(before) == {200}, before)
    machine.postgres("pg_ctl", "-D", machine.place("primary"), "-m", "immediate", "stop")
    time.sleep(1)
    kept = [machine.ask_node("one", page).status for page in pages]
    held(
        f"without doing anything: {kept.count(200)} of {len(pages)} public pages are still sent",
        kept.count(200) == len(pages),
        kept,
    )
    machine.stop("one")
    machine.start_web("one", READ_ONLY="true")
    answers = [machine.ask_node("one", page).status for page in pages]
    held(f"READ_ONLY, from the copy: {answers.count(200)} of {len(pages)} public pages", set(answers) == {200}, answers)
    own = machine.ask_node("one", "/ar/meetings/mine/", Cookie=facts["cookie"])
    held("a member's own page, too", own.status == 200, own.status)
    refused = machine.post("one", "/en/newsletter/", {"email": "x@example.org"}, "")
    held("what would be written is refused in words", refused.status in (403, 503), refused.status)


def main() -> None:
    with Servers() as machine:
        step("Start")
        machine.must("compile_translations")
        machine.must("migrate", "--verbosity", "0", DATABASE_REPLICA_URL="")
        machine.must("collectstatic", "--noinput", "--verbosity", "0")
        machine.must("seed_demo", "--verbosity", "0", DATABASE_REPLICA_URL="")
        done = machine.run(PYTHON, "deploy/smoke_facts.py", "facts", DATABASE_REPLICA_URL="")
        facts = json.loads(done.stdout)
        machine.copy()
        until("the copy answers", lambda: psycopg2.connect(machine.address("copy")).close() is None)
        machine.start_web("one")
        r05_lag(machine, facts["cookie"])
        r03_restart(machine)
        r04_primary_away(machine, facts)
    print("\nNothing was lost.")


if __name__ == "__main__":
    main()
