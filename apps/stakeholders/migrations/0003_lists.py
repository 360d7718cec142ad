import csv
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data"


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def named(row):
    """The bare column carries the default language, as modeltranslation keeps it."""
    return {"name": row["name_ar"], "name_ar": row["name_ar"], "name_en": row["name_en"]}


def load(apps, schema_editor):
    model = {
        name: apps.get_model("stakeholders", name) for name in ("Country", "Constituency", "Objective", "Principle")
    }
    model["Country"].objects.bulk_create(
        model["Country"](iso2=row["iso2"], time_zone=row["time_zone"], **named(row)) for row in rows("countries.csv")
    )
    model["Constituency"].objects.bulk_create(
        model["Constituency"](order=row["order"], code=row["code"], **named(row)) for row in rows("constituencies.csv")
    )
    model["Principle"].objects.bulk_create(
        model["Principle"](code=row["code"], arabic_verified=row["arabic_verified"] == "true", **named(row))
        for row in rows("gcm_principles.csv")
    )
    model["Objective"].objects.bulk_create(
        model["Objective"](
            number=row["number"],
            title=row["title_ar"],
            title_ar=row["title_ar"],
            title_en=row["title_en"],
            short_title_en=row["short_en"],
            round_table=row["imrf_round_table"],
            arabic_verified=row["arabic_verified"] == "true",
        )
        for row in rows("gcm_objectives.csv")
    )


class Migration(migrations.Migration):
    dependencies = [("stakeholders", "0002_roles")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
