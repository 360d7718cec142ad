"""Redis away, slow and full (R06): the portal answers, sessions stay, and pages take no more than 200 ms longer.

    .venv/bin/python bench/faults/cache.py

Starts a Redis of its own, a small server between it and the portal that can be slow or closed, and one web node; asks
pages as a member and the log-in form as a stranger in each state. Prints the 95th percentiles.
"""

import contextlib
import json
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from deploy.machine import Machine, free_port, held, step, until

REQUESTS = 60


class Between(threading.Thread):
    """Passes bytes on; ``delay`` seconds late, or not at all when it is closed."""

    def __init__(self, port: int, target: int):
        super().__init__(daemon=True)
        self.port, self.target, self.delay, self.is_open = port, target, 0.0, True
        self.connections: list[socket.socket] = []
        self.listener = socket.create_server(("127.0.0.1", port))

    def run(self):
        while True:
            client, _address = self.listener.accept()
            if not self.is_open:
                client.close()
                continue
            server = socket.create_connection(("127.0.0.1", self.target))
            self.connections += [client, server]
            for one, other in ((client, server), (server, client)):
                threading.Thread(target=self.pass_on, args=(one, other), daemon=True).start()

    def pass_on(self, one: socket.socket, other: socket.socket):
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                time.sleep(self.delay)
                other.sendall(data)
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.close()

    def close_all(self):
        for one in self.connections:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self.connections.clear()


def ask(machine: Machine, cookie: str) -> tuple[float, float, set[int]]:
    """The 95th percentiles of a member's page and of the log-in form, in milliseconds, and the states seen."""
    spent, states = {"member": [], "login": []}, set()
    for _number in range(REQUESTS):
        for name, path, headers in (
            ("member", "/ar/meetings/mine/", {"Cookie": cookie}),
            ("login", "/ar/accounts/login/", {}),
        ):
            began = time.perf_counter()
            states.add(machine.ask_node("one", path, **headers).status)
            spent[name].append((time.perf_counter() - began) * 1000)
    return *(statistics.quantiles(times, n=20)[-1] for times in spent.values()), states


def limit(port: int, memory: str) -> None:
    command = ["redis-cli", "-p", str(port), "config", "set", "maxmemory", memory]
    subprocess.run(command, check=True, capture_output=True)


def main() -> None:
    if not shutil.which("redis-server"):
        raise SystemExit("missing: redis-server. Nothing was installed.")
    with Machine() as machine:
        redis_port, between_port = free_port(), free_port()
        server = subprocess.Popen(
            ["redis-server", "--port", str(redis_port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
        )
        try:
            between = Between(between_port, redis_port)
            between.start()
            machine.environment |= {
                "DATABASE_URL": machine.direct,
                "PGBOUNCER": "false",
                "CACHE_URL": f"redis://127.0.0.1:{between_port}/0",
                "BACKUP_TO": "",
                "BACKUP_KEY": "",
            }
            step("Start")
            for command in (["compile_translations"], ["migrate"], ["collectstatic", "--noinput"], ["seed_demo"]):
                machine.must(*command, "--verbosity", "0")
            facts = json.loads(machine.facts("facts"))
            machine.start_web("one")
            until("Redis answers", lambda: socket.create_connection(("127.0.0.1", redis_port), 1).close() is None)
            cookie = facts["cookie"]

            step("R06")
            ask(machine, cookie)
            usual = ask(machine, cookie)
            held(f"in order: member {usual[0]:.0f} ms, log-in form {usual[1]:.0f} ms", usual[2] == {200}, usual)

            def state(name: str) -> None:
                found = ask(machine, cookie)
                held(
                    f"{name}: member {found[0]:.0f} ms (+{found[0] - usual[0]:.0f}), log-in form {found[1]:.0f} ms"
                    f" (+{found[1] - usual[1]:.0f}); the member stays logged in",
                    found[2] == {200} and found[0] - usual[0] <= 200 and found[1] - usual[1] <= 200,
                    found,
                )

            between.is_open = False
            between.close_all()
            state("away")
            between.is_open, between.delay = True, 5.0
            state("five seconds late")
            between.delay = 0.0
            between.close_all()
            limit(redis_port, "1mb")
            state("full")
            limit(redis_port, "0")
            state("in order again")
        finally:
            server.terminate()
    print("\nEverything held.")


if __name__ == "__main__":
    main()
