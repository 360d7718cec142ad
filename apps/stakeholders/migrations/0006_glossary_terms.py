import csv
from pathlib import Path

from django.db import migrations

from apps.accounts.roles import grant

DATA = Path(__file__).resolve().parent.parent / "data"


def load(apps, schema_editor):
    grant(apps, "secretariat", "stakeholders", {"term": "view add change delete"})
    grant(apps, "editor", "stakeholders", {"term": "view add change"})
    grant(apps, "translator", "stakeholders", {"term": "view add change"})
    grant(apps, "auditor", "stakeholders", {"term": "view"})
    with (DATA / "glossary.csv").open(encoding="utf-8", newline="") as file:
        apps.get_model("stakeholders", "Term").objects.bulk_create(
            term(apps, row["term_en"], row["preferred_ar"], row["other_forms"].split("|"))
            for row in csv.DictReader(file)
        )


def term(apps, english, arabic, forms):
    """Abbreviations in Latin letters are other forms of the English term."""
    latin = "\n".join(form for form in forms if form.isascii())
    others = "\n".join(form for form in forms if not form.isascii())
    return apps.get_model("stakeholders", "Term")(
        name=arabic,
        name_ar=arabic,
        name_en=english,
        other_forms=others,
        other_forms_ar=others,
        other_forms_en=latin,
    )


class Migration(migrations.Migration):
    dependencies = [("stakeholders", "0005_glossary"), ("accounts", "0002_roles")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
