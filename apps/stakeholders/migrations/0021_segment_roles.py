from django.db import migrations

from apps.accounts.roles import grant


def grant_permissions(apps, schema_editor):
    grant(apps, "secretariat", "stakeholders", {"segment": "view add change delete"})
    grant(apps, "auditor", "stakeholders", {"segment": "view"})


class Migration(migrations.Migration):
    dependencies = [("stakeholders", "0020_segments"), ("accounts", "0002_roles")]
    operations = [migrations.RunPython(grant_permissions, migrations.RunPython.noop)]
