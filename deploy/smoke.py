"""The pieces of production on this machine's loopback, and a walk along the main paths: `make production-smoke`.

PostgreSQL (a scratch database at SMOKE_DATABASE_ADMIN_URL), PgBouncer in transaction mode, Redis or Valkey at
SMOKE_CACHE_URL, two web nodes with two processes each, a worker, a mail server that keeps what it gets, and nginx with
TLS from deploy/nginx.conf.template. Prints a line for each thing that held; ends with 1 at the first that did not.
"""

import contextlib
import gzip
import http.client
import json
import os
import re
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg2
from aiosmtpd.controller import Controller

ROOT = Path(__file__).parent.parent
PYTHON = str(ROOT / ".venv/bin/python")
ADMIN = os.environ.get("SMOKE_DATABASE_ADMIN_URL", "postgres://postgres@127.0.0.1:5432/postgres")
CACHE = os.environ.get("SMOKE_CACHE_URL", "redis://127.0.0.1:6379/11")
HOST = "portal.example.org"
KEY = "smoke@example.org"


class Answer:
    def __init__(self, raw: http.client.HTTPResponse):
        self.status, self.body = raw.status, raw.read()
        self.headers = {name.lower(): value for name, value in raw.getheaders()}
        # Each as name=value.
        self.cookies = [value.split(";")[0].strip() for name, value in raw.getheaders() if name.lower() == "set-cookie"]
        if self.headers.get("content-encoding") == "gzip":
            self.body = gzip.decompress(self.body)

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def held(what: str, is_so: object, seen: object = "") -> None:
    if not is_so:
        print(f"  NOT SO: {what}: {seen}", flush=True)
        raise SystemExit(1)
    print(f"  {what}", flush=True)


def until(what: str, ask, seconds: float = 30) -> float:
    """Seconds until ``ask`` is true."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if ask():
                return time.monotonic() - began
        time.sleep(0.05)
    held(what, False, f"not within {seconds} s")
    return seconds


class Letters:
    """A mail server's memory."""

    def __init__(self):
        self.kept: list[bytes] = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.kept.append(envelope.content)
        return "250 OK"


class Machine:
    """All the pieces; ``with Machine() as machine``."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="smoke-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.database = f"portal_smoke_{os.getpid()}"
        self.pieces: dict[str, subprocess.Popen] = {}
        self.ports = {name: free_port() for name in ("bouncer", "one", "two", "http", "https", "mail", "metrics")}
        self.letters = Letters()
        self.mail = Controller(self.letters, hostname="127.0.0.1", port=self.ports["mail"])
        server = ADMIN.rsplit("/", 1)[0]
        self.direct = f"{server}/{self.database}"
        parts = re.fullmatch(r"postgres(?:ql)?://([^:@]+)(?::([^@]*))?@([^:/]+):?(\d+)?/.*", ADMIN)
        self.server = {"user": parts[1], "password": parts[2] or "", "host": parts[3], "port": parts[4] or "5432"}
        self.environment = {
            **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")},
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
            "PYTHONPATH": str(ROOT),
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": HOST,
            "DATABASE_URL": f"postgres://{self.server['user']}@127.0.0.1:{self.ports['bouncer']}/{self.database}",
            "PGBOUNCER": "true",
            "CACHE_URL": CACHE,
            "DATA_DIR": str(self.folder / "data"),
            "BEHIND_TLS_PROXY": "true",
            "TRUSTED_PROXY_COUNT": "1",
            "X_ACCEL": "true",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.ports["mail"]),
            "SECRETARIAT_EMAIL": "secretariat@example.org",
            "BACKUP_TO": str(self.folder / "backups"),
            "BACKUP_KEY": KEY,
            "GNUPGHOME": str(self.folder / "gnupg"),
            "WEB_CONCURRENCY": "2",
        }

    def __enter__(self):
        self.admin = psycopg2.connect(ADMIN)
        self.admin.autocommit = True
        self.admin.cursor().execute(f"CREATE DATABASE {self.database} TEMPLATE template0 ENCODING 'UTF8'")
        self.mail.start()
        return self

    def __exit__(self, *error):
        for name in list(reversed(self.pieces)):
            self.stop(name)
        self.mail.stop()
        self.admin.cursor().execute(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
        if error[0] and not os.environ.get("SMOKE_QUIET"):
            for log in sorted(self.folder.glob("*.log")):
                print(f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}", file=sys.stderr)
        shutil.rmtree(self.folder, ignore_errors=True)

    # Pieces

    def start(self, name: str, *command: str, **environment: str) -> None:
        log = (self.folder / f"{name}.log").open("ab")
        self.pieces[name] = subprocess.Popen(
            command, cwd=ROOT, env={**self.environment, **environment}, stdout=log, stderr=log, start_new_session=True
        )

    def stop(self, name: str, how: int = signal.SIGTERM) -> None:
        piece = self.pieces.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.kill(piece.pid, how)
        try:
            piece.wait(40)
        except subprocess.TimeoutExpired:
            os.killpg(piece.pid, signal.SIGKILL)

    def manage(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
        return self.run(PYTHON, "manage.py", *arguments, **environment)

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess:
        environment = {**self.environment, **environment}
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    def must(self, *arguments: str, **environment: str) -> str:
        done = self.manage(*arguments, **environment)
        if done.returncode:
            held(f"manage.py {' '.join(arguments)}", False, done.stderr[-2000:])
        return done.stdout

    def facts(self, *arguments: str) -> str:
        done = self.run(PYTHON, "deploy/smoke_facts.py", *arguments)
        if done.returncode:
            held("facts", False, done.stderr[-2000:])
        return done.stdout

    def start_bouncer(self) -> None:
        folder = self.folder / "bouncer"
        folder.mkdir()
        (folder / "users").write_text(f'"{self.server["user"]}" "{self.server["password"]}"\n')
        server = f"host={self.server['host']} port={self.server['port']} user={self.server['user']}"
        if self.server["password"]:
            server += f" password={self.server['password']}"
        lines = [
            *("[databases]", f"{self.database} = {server} dbname={self.database}", "[pgbouncer]"),
            *("listen_addr = 127.0.0.1", f"listen_port = {self.ports['bouncer']}", "unix_socket_dir ="),
            *("auth_type = any", f"auth_file = {folder / 'users'}", "pool_mode = transaction"),
            *("default_pool_size = 8", "max_client_conn = 200", f"logfile = {self.folder / 'bouncer.log'}"),
        ]
        (folder / "bouncer.ini").write_text("\n".join(lines) + "\n")
        command = ["pgbouncer", str(folder / "bouncer.ini")]
        if os.geteuid() == 0:
            for path in (folder, *folder.iterdir()):
                shutil.chown(path, "postgres")
            (self.folder / "bouncer.log").touch()
            shutil.chown(self.folder / "bouncer.log", "postgres")
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        self.start("bouncer-out", *command)
        until(
            "PgBouncer answers",
            lambda: socket.create_connection(("127.0.0.1", self.ports["bouncer"]), 1).close() is None,
        )

    def start_web(self, node: str, **environment: str) -> None:
        metrics = {"METRICS_BIND": f"127.0.0.1:{self.ports['metrics']}"} if node == "one" else {}
        self.start(
            node,
            *(str(ROOT / ".venv/bin/gunicorn"), "--config", "deploy/gunicorn.conf.py", "config.wsgi"),
            BIND=f"127.0.0.1:{self.ports[node]}",
            **metrics,
            **environment,
        )
        until(f"node {node} answers", lambda: self.ask_node(node, "/healthz").status == 200, 60)

    def start_nginx(self) -> None:
        folder = self.folder / "nginx"
        folder.mkdir()
        subject = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
        certificate, key = folder / "certificate.pem", folder / "key.pem"
        self.run(
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", "2", "-keyout", str(key), "-out", str(certificate), *subject),
        )
        values = {
            "PORTAL_HOST": HOST,
            "PORTAL_UPSTREAM": " ".join(f"server 127.0.0.1:{self.ports[node]} max_fails=0;" for node in ("one", "two")),
            "PORTAL_CERTIFICATE": str(certificate),
            "PORTAL_KEY": str(key),
            "PORTAL_DATA": str(self.folder / "data"),
            "PORTAL_PAGES": str(ROOT / "deploy"),
            "PORTAL_CHALLENGES": str(folder),
            "PORTAL_CACHE": str(folder / "cache"),
            "PORTAL_LOG": str(self.folder / "nginx-access.log"),
            "HTTP_PORT": str(self.ports["http"]),
            "HTTPS_PORT": str(self.ports["https"]),
        }
        text = (ROOT / "deploy/nginx.conf.template").read_text()
        for name, value in values.items():
            text = text.replace("${" + name + "}", value)
        text = re.sub(r"listen \[::\]:\d+[^;]*;", "", text)
        (folder / "portal.conf").write_text(text)
        (folder / "nginx.conf").write_text(
            f"pid {folder}/pid;\nerror_log {self.folder}/nginx.log;\ndaemon off;\nworker_processes 2;\n"
            + ("user root;\n" if os.geteuid() == 0 else "")
            + "events { worker_connections 1024; }\nhttp {\n"
            "include /etc/nginx/mime.types;\n"
            + "".join(
                f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            )
            + f"include {folder}/portal.conf;\n}}\n"
        )
        tested = self.run("nginx", "-t", "-c", str(folder / "nginx.conf"))
        held("nginx takes its configuration", tested.returncode == 0, tested.stderr)
        self.start("nginx", "nginx", "-c", str(folder / "nginx.conf"))
        self.trust = ssl.create_default_context(cafile=str(certificate))
        until("nginx answers", lambda: self.get("/healthz").status == 200)

    # Asking

    def get(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """Through nginx, as a reader's browser."""
        connection = http.client.HTTPSConnection("127.0.0.1", self.ports["https"], context=self.trust, timeout=30)
        connection.sock = self.trust.wrap_socket(
            socket.create_connection(("127.0.0.1", self.ports["https"]), 30), server_hostname=HOST
        )
        headers = {"Host": HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
        connection.request(method, path, body, headers)
        with contextlib.closing(connection):
            return Answer(connection.getresponse())

    def ask_node(self, node: str, path: str, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[node], timeout=10)
        headers = {"Host": HOST, "X-Forwarded-Proto": "https", **{k.replace("_", "-"): v for k, v in headers.items()}}
        connection.request("GET", path, headers=headers)
        with contextlib.closing(connection):
            return Answer(connection.getresponse())


def step(title: str) -> None:
    print(f"\n{title}", flush=True)


def begin(machine: Machine) -> dict:
    step("Start")
    refused = machine.manage("check", SECRET_KEY="short")
    held("an unsafe setting is refused by name", refused.returncode and "SECRET_KEY is too easy" in refused.stderr)
    machine.start_bouncer()
    (machine.folder / "gnupg").mkdir(mode=0o700)
    quick = [
        "gpg",
        "--batch",
        "--quiet",
        "--passphrase",
        "",
        "--quick-generate-key",
        KEY,
        "future-default",
        "default",
        "1d",
    ]
    held("a key for backups", machine.run(*quick).returncode == 0)
    machine.must("compile_translations")
    # Migrations and backups go to PostgreSQL itself: they need a session.
    straight = {"DATABASE_URL": machine.direct, "PGBOUNCER": "false"}
    machine.must("migrate", "--verbosity", "0", **straight)
    machine.must("collectstatic", "--noinput", "--verbosity", "0")
    machine.must("seed_demo", "--verbosity", "0", **straight)
    held(
        "check --deploy has nothing to say", "no issues" in machine.must("check", "--deploy", "--fail-level", "WARNING")
    )
    began = time.monotonic()
    machine.start_web("one")
    print(f"  a node answered {time.monotonic() - began:.1f} s after its start")
    machine.start_web("two")
    machine.start("worker", PYTHON, "manage.py", "worker", **straight)
    machine.start_nginx()
    return json.loads(machine.facts("facts"))


def readers(machine: Machine, facts: dict) -> None:
    step("Readers")
    plain = http.client.HTTPConnection("127.0.0.1", machine.ports["http"], timeout=10)
    plain.request("GET", "/ar/", headers={"Host": HOST})
    answer = plain.getresponse()
    held("http leads to https", answer.status == 301 and answer.getheader("Location") == f"https://{HOST}/ar/")
    for language in ("ar", "en"):
        for path in (f"/{language}/", f"/{language}/news/", facts["articles"][0][language], f"/{language}/meetings/",
                     f"/{language}/group/", f"/{language}/reviews/", f"/{language}/search/?q=الهجرة"):  # fmt: skip
            page = machine.get(quote(path, safe="/?=&%"))
            held(
                f"{path} is there, in {language}", page.status == 200 and f'lang="{language}"' in page.text, page.status
            )
    home = machine.get("/ar/", Accept_Encoding="gzip")
    held("a public page says how long it may be kept", home.headers["cache-control"] == "public, max-age=0, s-maxage=1")
    held(
        "it is compressed and sets no cookie",
        home.headers.get("content-encoding") == "gzip" and "set-cookie" not in home.headers,
    )
    held("who has it gets 304", machine.get("/ar/", If_None_Match=home.headers["etag"]).status == 304)
    held(
        "its headers protect",
        "max-age=" in home.headers["strict-transport-security"] and home.headers["x-frame-options"] == "DENY",
    )
    sheet = re.search(r'href="(/static/portal\.[^"]+)"', home.text)[1]
    style = machine.get(sheet)
    held("the style sheet may be kept for ever", style.status == 200 and "immutable" in style.headers["cache-control"])
    for _time in range(2):
        machine.get("/en/privacy/")
    log = (machine.folder / "nginx-access.log").read_text()
    held("nginx keeps a public page", '"cache":"HIT"' in log)
    held("its log names no page and no reader", "127.0.0.1" not in log and "/ar/" not in log and HOST not in log)


def members(machine: Machine, facts: dict) -> None:
    step("Members (S50)")
    own = machine.get("/ar/", Cookie=facts["cookie"])
    held("a member sees her own page", facts["name"] in own.text, own.status)
    held("no cache keeps it", own.headers["cache-control"] == "private, no-store", own.headers.get("cache-control"))
    stranger = machine.get("/ar/")
    held("a stranger gets nothing of it", facts["name"] not in stranger.text)
    held(
        "a strange host name changes nothing",
        facts["name"] not in machine.get("/ar/", X_Forwarded_Host="evil.example").text,
    )
    held("nor does another", "evil.example" not in machine.get("/ar/?x=1", X_Forwarded_Host="evil.example").text)
    held("a page with an ending of a file is none", machine.get("/ar/x.css").status == 404)
    paper = machine.get(facts["paper"], Cookie=facts["cookie"])
    held(
        "a restricted paper reaches her, sent by nginx",
        paper.status == 200 and len(paper.body) == facts["size"] and paper.body[:4] == b"%PDF",
        paper.status,
    )
    held(
        "as a download that nobody keeps",
        paper.headers["cache-control"] == "private, no-store" and "attachment" in paper.headers["content-disposition"],
    )
    held("and nothing tells where it lies", "x-accel-redirect" not in paper.headers)
    held("a stranger does not get it", machine.get(facts["paper"]).status in (302, 404))
    held("nor by its place", machine.get(f"/private-files/{facts['stored']}").status == 404)


def limits(machine: Machine) -> None:
    step("Limits")
    large = machine.get("/ar/newsletter/", "POST", b"x" * (26 * 1024 * 1024))
    held("a body of 26 MB is refused", large.status == 413, large.status)
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    seen = [machine.get("/ar/accounts/login/", "POST", b"x=1", **form).status for _number in range(60)]
    held("nginx slows down a flood of log-ins", seen[0] == 403 and 429 in seen, seen)


def changes(machine: Machine, facts: dict) -> None:
    step("A change is seen everywhere within a second or two")
    article = facts["articles"][0]
    for node in ("one", "two"):
        for _time in range(8):
            machine.ask_node(node, article["ar"])
    held("both nodes and nginx have the article", machine.get(article["ar"]).status == 200)
    machine.facts("withdraw", str(article["pk"]))
    time.sleep(1.1)
    kept = [machine.ask_node(node, article["ar"]).status for node in ("one", "two") for _time in range(12)]
    held("a second later no process sends it", set(kept) == {404}, kept)
    time.sleep(1.1)
    held("another second later nginx does not", machine.get(article["ar"]).status == 404)


def mails(machine: Machine) -> None:
    step("Mails")
    page = machine.get("/ar/newsletter/")
    cookie = page.cookies[0]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    fields = {"csrfmiddlewaretoken": token, "email": "reader@example.org", "language": "ar", "rhythm": "weekly"}
    sent = machine.get(
        "/ar/newsletter/", "POST", urlencode(fields).encode(), Cookie=cookie, Referer=f"https://{HOST}/ar/newsletter/",
        Origin=f"https://{HOST}", Content_Type="application/x-www-form-urlencoded",
    )  # fmt: skip
    held("a reader asks for the newsletter", sent.status in (200, 302), sent.status)
    spent = until(
        "the worker sends the mail that asks her",
        lambda: any(b"reader@example.org" in one for one in machine.letters.kept),
        40,
    )
    print(f"  the worker's mail was there after {spent:.1f} s")


def health(machine: Machine) -> None:
    step("Backup, drill, health")
    straight = {"DATABASE_URL": machine.direct, "PGBOUNCER": "false"}
    machine.must("back_up", **straight)
    said = machine.must("restore_drill", **straight)
    held(f"the drill: {said.strip()}", "came back as they were" in said)
    until("/readyz says ok", lambda: machine.get("/readyz").body == b"ok\n", 70)
    held("a stranger is told no more", machine.get("/readyz").body == b"ok\n")
    figures = http.client.HTTPConnection("127.0.0.1", machine.ports["metrics"], timeout=10)
    figures.request("GET", "/metrics")
    text = figures.getresponse().read().decode()
    held(
        "Prometheus finds its figures on their own port",
        "portal_requests_total{" in text and "portal_public_pages_total{" in text,
        text[:300],
    )
    held("and nowhere else", machine.get("/metrics").status == 404)


class Load(threading.Thread):
    """Readers all the while; counts what they got."""

    def __init__(self, machine: Machine, path: str, **headers: str):
        super().__init__(daemon=True)
        self.machine, self.path, self.headers = machine, path, headers
        self.seen: list[int | str] = []
        self.ended = threading.Event()

    def run(self):
        while not self.ended.is_set():
            try:
                self.seen.append(self.machine.get(self.path, **self.headers).status)
            except (OSError, http.client.HTTPException) as error:
                self.seen.append(type(error).__name__)

    def stop(self) -> list:
        self.ended.set()
        self.join()
        return [one for one in self.seen if one != 200]


def restarts(machine: Machine, facts: dict) -> None:
    step("Restarts under load (R10)")
    loads = [Load(machine, facts["articles"][1]["ar"], Cookie=facts["cookie"]) for _number in range(4)]
    for load in loads:
        load.start()
    time.sleep(1)
    for node in ("one", "two"):
        os.kill(machine.pieces[node].pid, signal.SIGHUP)
        time.sleep(4)
    failed = [one for load in loads for one in load.stop()]
    total = sum(len(load.seen) for load in loads)
    held(
        f"both nodes were restarted one after the other: {total} requests, {len(failed)} failed",
        not failed and total > 50,
        failed,
    )

    loads = [Load(machine, facts["articles"][1]["ar"], Cookie=facts["cookie"]) for _number in range(4)]
    for load in loads:
        load.start()
    time.sleep(1)
    os.killpg(machine.pieces["two"].pid, signal.SIGKILL)
    time.sleep(3)
    failed = [one for load in loads for one in load.stop()]
    total = sum(len(load.seen) for load in loads)
    machine.pieces.pop("two").wait()
    held(f"a node was killed: {total} requests, {len(failed)} failed", len(failed) <= max(4, total * 0.001), failed)
    machine.start_web("two")


def outage(machine: Machine, facts: dict) -> None:
    step("The portal is away")
    kept = facts["articles"][2]["ar"]
    held("a page is kept", machine.get(kept).status == 200)
    for node in ("one", "two"):
        machine.stop(node)
    held("nginx goes on sending it", machine.get(kept).status == 200)
    page = machine.get("/ar/accounts/login/")
    held(
        "for all else there is a page in both languages",
        page.status == 503
        and "نعود قريباً" in page.text
        and "Back soon" in page.text
        and page.headers["retry-after"] == "300",
        (page.status, page.text[:200]),
    )
    held("with its style", machine.get("/maintenance/page.css").status == 200)

    step("READ_ONLY")
    for node in ("one", "two"):
        machine.start_web(node, READ_ONLY="true")
    for path in ("/ar/", "/en/news/", kept, "/ar/group/"):
        held(f"{path} is read", machine.get(path).status == 200)
    page = machine.get("/ar/", Cookie=facts["cookie"])
    held(
        "members stay logged in, and the page says so",
        page.status == 200 and facts["name"] in page.text and "يمكن حالياً تصفح" in page.text,
    )
    refused = machine.get("/ar/accounts/login/", "POST", b"login=x", Content_Type="application/x-www-form-urlencoded")
    held("nothing is taken", refused.status in (403, 503), refused.status)
    (machine.folder / "data/maintenance.on").touch()
    held("maintenance.on closes all of it", machine.get("/ar/").status == 503)
    (machine.folder / "data/maintenance.on").unlink()
    held("and without it all is there", machine.get("/ar/").status == 200)


def main() -> None:
    missing = [
        tool for tool in ("nginx", "pgbouncer", "openssl", "gpg", "pg_dump", "setpriv") if not shutil.which(tool)
    ]
    if missing:
        raise SystemExit(f"missing: {', '.join(missing)}. Nothing was installed.")
    with Machine() as machine:
        facts = begin(machine)
        readers(machine, facts)
        members(machine, facts)
        changes(machine, facts)
        mails(machine)
        health(machine)
        restarts(machine, facts)
        limits(machine)
        outage(machine, facts)
    print("\nEverything held.")


if __name__ == "__main__":
    main()
