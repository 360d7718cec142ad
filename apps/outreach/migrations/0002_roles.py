from django.db import migrations

from apps.accounts.roles import grant


def grant_permissions(apps, schema_editor):
    grant(apps, "secretariat", "outreach", {"announcement": "view add change delete", "subscription": "view"})
    grant(apps, "auditor", "outreach", {"announcement": "view"})


class Migration(migrations.Migration):
    dependencies = [("outreach", "0001_outreach"), ("accounts", "0002_roles")]
    operations = [migrations.RunPython(grant_permissions, migrations.RunPython.noop)]
