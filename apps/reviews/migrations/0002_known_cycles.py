"""The two reviews that were held, with their sources, and the next one, of which no day is known."""

import tomllib
from pathlib import Path

from django.db import migrations

from apps.accounts.roles import grant

DATA = Path(__file__).resolve().parent.parent / "data" / "cycles.toml"
TRANSLATED = ("title", "summary", "host", "place", "forum", "remark")
PARTS = {"phase": "Phase", "date": "KeyDate", "document": "CycleDocument"}


def fields_of(row):
    """The bare column carries the default language, as modeltranslation keeps it."""
    fields = {name: value for name, value in row.items() if not isinstance(value, list)}
    return fields | {name: fields[f"{name}_ar"] for name in TRANSLATED if f"{name}_ar" in fields}


def load(apps, schema_editor):
    for row in tomllib.loads(DATA.read_text(encoding="utf-8"))["cycle"]:
        cycle = apps.get_model("reviews", "ReviewCycle").objects.create(is_published=True, **fields_of(row))
        for name, model in PARTS.items():
            model = apps.get_model("reviews", model)
            model.objects.bulk_create(model(cycle=cycle, **fields_of(part)) for part in row.get(name, []))


def grant_permissions(apps, schema_editor):
    models = ["reviewcycle", "phase", "keydate", "cycledocument", "priorityarea"]
    grant(apps, "secretariat", "reviews", dict.fromkeys(models, "view add change delete"))
    grant(apps, "translator", "reviews", dict.fromkeys(models, "view change"))
    for role in ("editor", "auditor"):
        grant(apps, role, "reviews", dict.fromkeys(models, "view"))


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_cycles"), ("accounts", "0002_roles")]
    operations = [
        migrations.RunPython(load, migrations.RunPython.noop),
        migrations.RunPython(grant_permissions, migrations.RunPython.noop),
    ]
