"""A walk along the main paths of a production on this machine's loopback: `make production-smoke`.

Two web nodes with two processes each, a worker, and everything else that deploy/machine.py has. Prints a line for each
thing that held; ends with 1 at the first that did not.
"""

import http.client
import json
import os
import re
import shutil
import signal
import time
from urllib.parse import quote, urlencode

from machine import HOST, KEY, PYTHON, Load, Machine, held, step, until


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
