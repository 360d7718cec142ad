from django.db import migrations

from apps.accounts.roles import grant

RECORDS = ("engagement", "commitment", "engagementfile")


def grant_permissions(apps, schema_editor):
    grant(apps, "secretariat", "stakeholders", dict.fromkeys(RECORDS, "view add change delete"))
    grant(apps, "auditor", "stakeholders", dict.fromkeys(RECORDS, "view"))


class Migration(migrations.Migration):
    dependencies = [("stakeholders", "0012_engagement_log"), ("accounts", "0002_roles")]
    operations = [migrations.RunPython(grant_permissions, migrations.RunPython.noop)]
