"""What the files of a production say (S66): nothing published but 80 and 443, no rights that are not needed."""

import re

import pytest
import yaml
from django.conf import settings

DEPLOY = settings.BASE_DIR / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def test_s66_nothing_is_published_but_80_and_443():
    published = {name: service["ports"] for name, service in SERVICES.items() if service.get("ports")}

    assert published == {"nginx": ["80:80", "443:443"]}


@pytest.mark.parametrize("name", SERVICES)
def test_s66_services_have_no_rights_that_they_do_not_need(name):
    service = SERVICES[name]

    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert not service.get("privileged")
    # PostgreSQL writes where it keeps its data and its socket.
    assert service.get("read_only") or name == "database"
    assert "docker.sock" not in str(service)


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_s66_services_are_limited_and_start_again(name):
    service = SERVICES[name]

    assert service["deploy"]["resources"]["limits"]["memory"]
    assert service["restart"] == "unless-stopped"
    assert service["logging"]["options"]["max-size"]
    assert "healthcheck" in service or name == "worker"  # its silence turns /readyz red


def test_s66_what_holds_data_has_no_way_out():
    assert COMPOSE["networks"]["back"] == {"internal": True}
    for name in ("database", "cache"):
        assert SERVICES[name]["networks"] == ["back"]


def test_s66_no_secret_stands_in_the_files():
    secret = re.compile(r"^\s*(\w*(?:PASSWORD|SECRET|KEY)(?:_\w*)?)[:=] *(.*)$", re.MULTILINE)
    for path in (DEPLOY / "compose.yaml", DEPLOY / "portal.env.example", DEPLOY / "Dockerfile"):
        for name, value in secret.findall(path.read_text(encoding="utf-8")):
            assert value in {"", "/etc/ssl/portal/privkey.pem"} or name.endswith("_FILE"), (path.name, name)


def test_the_image_runs_as_nobody_and_installs_by_hash():
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    last = lines[lines.rindex("FROM ") :]

    assert "\nUSER portal\n" in last
    assert last.index("USER portal") < last.index("CMD [")
    assert all("--require-hashes" in line for line in lines.splitlines() if "pip install" in line)
    assert "latest" not in lines


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_are_fenced_in(path):
    unit = path.read_text(encoding="utf-8")

    wanted = "User=portal NoNewPrivileges=true ProtectSystem=strict PrivateTmp=true CapabilityBoundingSet="
    assert [line for line in wanted.split() if f"\n{line}\n" not in unit] == []
    assert "Restart=always" in unit


def test_there_are_both_units():
    assert [path.name for path in UNITS] == ["portal-web.service", "portal-worker.service"]


def test_s38_nginx_sends_private_files_by_order_only():
    template = (DEPLOY / "nginx.conf.template").read_text(encoding="utf-8")
    block = re.search(r"location /private-files/ \{(.*?)\}", template, re.DOTALL)[1]

    assert "internal;" in block
    assert "autoindex" not in template


def test_s50_nginx_keeps_nothing_for_who_brings_a_cookie():
    template = (DEPLOY / "nginx.conf.template").read_text(encoding="utf-8")

    assert 'map "$http_cookie$http_authorization" $is_somebody' in template
    assert "proxy_no_cache $is_somebody;" in template
    assert "proxy_cache_bypass $is_somebody;" in template
    # It keeps only what the portal has given a time for.
    assert "proxy_cache_valid" not in template
    for header in ("X-Forwarded-For $remote_addr", "X-Forwarded-Proto $scheme", 'X-Forwarded-Host ""'):
        assert f"proxy_set_header {header};" in template


def test_nginx_logs_neither_readers_nor_pages():
    template = (DEPLOY / "nginx.conf.template").read_text(encoding="utf-8")
    log = re.search(r"log_format portal(.*?);", template, re.DOTALL)[1]

    assert re.findall(r"\$(?:remote|request_uri|uri|args|http_|query|host|request\b)\w*", log) == []


def test_the_page_for_maintenance_speaks_both_languages_and_loads_nothing_else():
    page = (DEPLOY / "maintenance/index.html").read_text(encoding="utf-8")

    assert '<html lang="ar" dir="rtl">' in page
    assert '<section lang="en" dir="ltr">' in page
    assert re.findall(r'(?:href|src)="([^"]+)"', page) == ["/maintenance/page.css"]
    assert "style=" not in page
    assert "<script" not in page
