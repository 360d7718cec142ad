"""Rules of the repository that no single app owns."""

import ast
import importlib.util
import re
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver
from modeltranslation.translator import translator

from apps.core.admin import PortalAdmin
from apps.core.models import Record
from apps.core.trail_admin import ReadOnlyAdmin

ROOT = settings.BASE_DIR
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SOURCES = sorted((ROOT / "apps").rglob("*.py")) + sorted((ROOT / "config").rglob("*.py"))
STYLES = [ROOT / "static/portal.css", ROOT / "static/admin.css"]

# Views that a stranger may call. Everything else asks for a login.
PUBLIC_VIEWS = {
    "apps.core.views.root",
    "apps.core.views.home",
    "apps.core.views.robots",
    "apps.core.views.sitemap_index",
    "apps.core.views.sitemap_section",
    "apps.meetings.calendar_views.own_feed",
    "apps.meetings.calendar_views.public_feed",
    "apps.meetings.reply_views.reply_by_link",
    "apps.news.views.archive",
    "apps.news.views.card",
    "apps.core.views.healthz",
    "apps.core.views.readyz",
    "apps.news.views.article_list",
    "apps.news.views.article_detail",
    "apps.news.views.parity",
    "apps.news.views.picture",
    "apps.news.views.shared",
    "apps.news.views.shared_picture",
    "apps.news.feeds.ArticleFeed",
    "apps.meetings.views.document_version",
    "apps.meetings.views.meeting_list",
    "apps.meetings.agenda_views.agenda_versions",
    "apps.meetings.register_views.action_detail",
    "apps.meetings.register_views.action_list",
    "apps.meetings.register_views.actions_csv",
    "apps.meetings.register_views.decision_detail",
    "apps.meetings.register_views.decision_list",
    "apps.meetings.register_views.decisions_csv",
    "apps.meetings.views.meeting_detail",
    "apps.meetings.views.meeting_invite",
    "apps.meetings.views.document_file",
    "apps.accounts.views.invitation",
    "apps.core.views.accessibility",
    "apps.core.views.privacy",
    "apps.opendata.api.api",
    *(f"apps.opendata.views.{name}" for name in ("data", "engagement", "figure_csv", "figure_svg", "figure_png")),
    *(f"apps.core.offline.{name}" for name in ("worker", "offline", "unsent", "manifest")),
    "apps.stakeholders.directory.directory",
    "apps.stakeholders.coverage_views.coverage",
    "apps.stakeholders.coverage_views.coverage_csv",
    "apps.stakeholders.coverage_views.coverage_svg",
    "apps.reviews.recommendation_views.recommendation_list",
    "apps.reviews.recommendation_views.recommendations_csv",
    "apps.reviews.recommendation_views.recommendation_detail",
    *(f"apps.reviews.submitting.views.{name}" for name in ("call_list", "call_detail", "call_on_paper", "begin")),
    *(f"apps.reviews.submitting.views.{name}" for name in ("input_page", "part_page")),
    *(f"apps.reviews.submission_views.submission{name}" for name in ("_list", "s_csv", "_detail")),
    *(f"apps.reviews.submission_views.trace_{name}" for name in ("page", "csv", "json", "svg")),
    *(f"apps.reviews.catalogue_views.practice{name}" for name in ("_list", "s_csv", "_detail")),
    *(f"apps.reviews.catalogue_views.pledge{name}" for name in ("_list", "s_csv", "_detail")),
    *(f"apps.reviews.catalogue_views.{name}" for name in ("topics", "objective_detail", "country_detail")),
    *(f"apps.reviews.synthesis_views.section_{name}" for name in ("list", "detail")),
    "apps.reviews.views.cycle_list",
    "apps.reviews.views.cycle_detail",
    *(f"apps.search.views.{name}" for name in ("results", "suggest", "opensearch", "SearchFeed")),
    *(f"apps.outreach.views.{name}" for name in ("begin", "subscription", "off")),
    "apps.stakeholders.joining.views.begin",
    "apps.stakeholders.views.GroupHistory",
    "apps.stakeholders.views.call_list",
    "apps.stakeholders.views.call_detail",
    "apps.stakeholders.joining.views.request_page",
    "apps.stakeholders.joining.views.part_page",
    "apps.stakeholders.views.GroupDetail",
}


def callbacks(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from callbacks(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern.callback


def path_of(view) -> str:
    view = getattr(view, "view_class", None) or (view if hasattr(view, "__name__") else type(view))
    return f"{view.__module__}.{view.__name__}"


def test_the_public_views_are_these():
    ours = [view for view in callbacks(get_resolver().url_patterns) if path_of(view).startswith("apps.")]
    public = {path_of(view) for view in ours if not getattr(view, "login_required", True)}

    assert public == PUBLIC_VIEWS


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_arabic_catalogues_are_complete():
    for path in sorted((ROOT / "locale/ar").rglob("*.po")):
        catalogue = polib.pofile(str(path))
        assert catalogue.untranslated_entries() == [], path
        assert catalogue.fuzzy_entries() == [], path


def test_a08_every_count_has_its_six_arabic_forms():
    catalogue = polib.pofile(str(ROOT / "locale/ar/LC_MESSAGES/django.po"))
    counted = [entry for entry in catalogue if entry.msgid_plural]

    assert len(counted) >= 8
    for entry in counted:
        assert sorted(entry.msgstr_plural) == [0, 1, 2, 3, 4, 5], entry.msgid
        assert all(entry.msgstr_plural.values()), entry.msgid


def test_translations_keep_their_placeholders():
    catalogue = polib.pofile(str(ROOT / "locale/ar/LC_MESSAGES/django.po"))
    names = re.compile(r"%\((\w+)\)")

    wrong = [
        entry.msgid
        for entry in catalogue
        if entry.msgstr and set(names.findall(entry.msgid)) != set(names.findall(entry.msgstr))
    ]
    wrong += [
        entry.msgid
        for entry in catalogue
        for form, text in entry.msgstr_plural.items()
        if form > 2 and set(names.findall(entry.msgid)) != set(names.findall(text))
    ]
    assert wrong == []


def test_a07_arabic_strings_use_arabic_punctuation():
    catalogue = polib.pofile(str(ROOT / "locale/ar/LC_MESSAGES/django.po"))
    texts = [text for entry in catalogue for text in [entry.msgstr, *entry.msgstr_plural.values()]]

    assert [text for text in texts if re.search(r"[\u0600-\u06ff]\s?[,;?]", text)] == []


def every_string_in_python() -> set[str]:
    """The message ids of ``_("…")`` and its kin in the code."""
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(node, "func", None), "id", "")
            if name in {"_", "gettext", "gettext_lazy", "ngettext"} and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
    return found


def test_every_string_of_the_code_is_in_the_arabic_catalogue():
    catalogue = {entry.msgid for entry in polib.pofile(str(ROOT / "locale/ar/LC_MESSAGES/django.po"))}

    assert every_string_in_python() - catalogue == set()


def test_every_string_of_the_templates_is_in_the_arabic_catalogue():
    catalogue = {entry.msgid for entry in polib.pofile(str(ROOT / "locale/ar/LC_MESSAGES/django.po"))}
    single = re.compile(r"""{% translate (["'])(.+?)\1""")

    found = {match[1] for path in TEMPLATES for match in single.findall(path.read_text(encoding="utf-8"))}

    # The admin's own strings come with Django.
    assert found - catalogue - {"Error:", "Home"} == set()


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a01_the_style_sheets_are_logical(path):
    physical = re.compile(
        r"(?:margin|padding|border)-(?:left|right|top|bottom)\b|text-align:\s*(?:left|right)|float:\s*(?:left|right)"
        r"|(?<![-\w])(?:left|right)\s*:"
    )

    assert physical.findall(path.read_text(encoding="utf-8")) == []


def test_a02_arabic_is_neither_spaced_nor_slanted():
    for path in STYLES:
        style = path.read_text(encoding="utf-8")
        assert "font-style: italic" not in style
        assert "text-align: justify" not in style
        assert set(re.findall(r"letter-spacing:\s*([^;}]+)", style)) <= {"normal"}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_template_compiles_and_has_nothing_inline(path):
    source = path.read_text(encoding="utf-8")

    get_template(str(path.relative_to(ROOT / "templates")))
    # The frame of mails is no page: programs that read them know no style sheet.
    assert not re.search(r"<\w[^>]*\sstyle=", source) or path.name == "frame.html"
    assert not re.search(r"<\w[^>]*\son\w+=", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)
    assert not re.search(r"<style", source)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", source)


@pytest.mark.parametrize("name", ["components", "portal"])
def test_shared_templates_open_with_their_variables(name):
    for path in sorted((ROOT / "templates" / name).rglob("*.html")):
        assert path.read_text(encoding="utf-8").startswith("{# "), path


def test_every_static_name_resolves():
    from django.contrib.staticfiles import finders

    names = {
        name
        for path in TEMPLATES
        for name in re.findall(r"{% static ['\"]([^'\"]+)['\"] %}", path.read_text(encoding="utf-8"))
    }

    assert "portal.css" in names
    assert [name for name in sorted(names) if finders.find(name) is None] == []


@pytest.mark.django_db
def test_f01_the_driver_is_psycopg2():
    assert importlib.util.find_spec("psycopg") is None
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        assert type(connection.connection).__module__ == "psycopg2.extensions"


def translated_names() -> set[str]:
    return {
        name
        for model in translator.get_registered_models()
        for name in translator.get_options_for_model(model).all_fields
    }


def test_f13_no_bare_translated_column_in_a_query():
    """The bare column drifts between languages: queries, constraints and admin searches name a language."""
    bare = translated_names()
    calls = {"filter", "exclude", "get", "order_by", "values", "values_list", "annotate", "Q", "F", "only", "defer"}
    wrong = []
    for path in SOURCES:
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            function = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if function not in calls:
                continue
            named = {keyword.arg.split("__")[0] for keyword in node.keywords if keyword.arg}
            named |= {
                arg.value.lstrip("-").split("__")[0]
                for arg in node.args
                if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            }
            wrong += [(path.name, node.lineno, name) for name in named & bare]
    # A role's and a group's name are no translated columns.
    assert [entry for entry in wrong if entry[2] != "name" or "apps/stakeholders" in entry[0]] == []


def test_every_admin_inherits_what_portal_admins_have():
    for model, model_admin in admin.site._registry.items():
        kind = PortalAdmin if issubclass(model, Record) else ReadOnlyAdmin  # what people write; what the portal writes
        assert isinstance(model_admin, kind), model
        assert model_admin.search_fields, model
        assert model_admin.search_help_text, model
        bare = translated_names() & {name.split("__")[-1] for name in model_admin.search_fields}
        assert bare == set(), model


def test_every_record_has_one_gate_for_reading():
    for model in (model for model in apps.get_models() if issubclass(model, Record)):
        assert hasattr(model.objects, "visible_to") or hasattr(model._default_manager, "visible_to"), model


def test_no_module_is_longer_than_400_lines():
    long = [
        path.name
        for path in SOURCES
        if len(path.read_text(encoding="utf-8").splitlines()) > 400 and "migrations" not in path.parts
    ]

    assert long == []


def test_locks_carry_hashes_and_no_address():
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert not [
            line for line in lines if "://" in line or line.startswith(("-i", "--index", "--extra", "--find"))
        ], path
        pinned = [line for line in lines if "==" in line and not line.startswith(("#", " "))]
        assert pinned
        assert all(line.endswith("\\") for line in pinned), path


def test_the_example_environment_lists_every_variable():
    read = set()
    for path in [ROOT / "config/identity.py", *(ROOT / "config/settings").glob("*.py")]:
        read |= set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', path.read_text(encoding="utf-8")))
    listed = set(re.findall(r"^#?\s?([A-Z_]+)=", Path(ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))

    assert read - listed == set()
    assert listed - read - {"DJANGO_SETTINGS_MODULE", "WEB_CONCURRENCY", "BIND", "METRICS_BIND"} == set()


def test_every_template_is_used():
    """By its name in the code or in another template. Django and the libraries look for some by name, mails have the
    names of their kinds."""
    folder = ROOT / "templates"
    sources = [*folder.rglob("*.html"), *(ROOT / "apps").rglob("*.py")]
    everything = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    theirs = ("admin/", "account/", "mfa/", "django/", "portal/")
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*.html")]
    ours = [name for name in names if not name.startswith(theirs) and not re.fullmatch(r"[45]\d\d\.html", name)]

    assert [name for name in ours if name not in everything] == []
