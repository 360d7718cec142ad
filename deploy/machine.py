"""The pieces of production on this machine's loopback, for smoke.py and the drills in bench/faults.

PostgreSQL (a scratch database at SMOKE_DATABASE_ADMIN_URL), PgBouncer in transaction mode, Redis or Valkey at
SMOKE_CACHE_URL, web nodes, a worker, a mail server that keeps what it gets, and nginx with TLS from
deploy/nginx.conf.template.
"""

import contextlib
import gzip
import http.client
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
        # All the readers here come from one address, faster than people; the limit on log-ins stays as it is.
        text = text.replace("zone=pages:10m rate=30r/s", "zone=pages:10m rate=5000r/s")
        if "rate=5000r/s" not in text:
            held("the limit on pages is where this looks for it", False)
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
