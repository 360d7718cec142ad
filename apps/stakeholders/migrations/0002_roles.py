from django.db import migrations

from apps.accounts.roles import grant

LISTS = ("country", "constituency", "objective", "principle")
RECORDS = ("organisation", "person", "advisorygroup", "membership")


def grant_permissions(apps, schema_editor):
    grant(apps, "secretariat", "stakeholders", dict.fromkeys(LISTS, "view change"))
    grant(apps, "secretariat", "stakeholders", dict.fromkeys(RECORDS, "view add change delete"))
    grant(apps, "translator", "stakeholders", dict.fromkeys((*LISTS, "advisorygroup"), "view change"))
    grant(apps, "editor", "stakeholders", dict.fromkeys(LISTS, "view"))
    grant(apps, "auditor", "stakeholders", dict.fromkeys((*LISTS, *RECORDS), "view"))


class Migration(migrations.Migration):
    dependencies = [("stakeholders", "0001_stakeholders"), ("accounts", "0002_roles")]
    operations = [migrations.RunPython(grant_permissions, migrations.RunPython.noop)]
