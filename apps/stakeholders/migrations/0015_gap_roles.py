from django.db import migrations

from apps.accounts.roles import grant


def grant_permissions(apps, schema_editor):
    grant(apps, "secretariat", "stakeholders", {"gap": "view change"})
    grant(apps, "auditor", "stakeholders", {"gap": "view"})


class Migration(migrations.Migration):
    dependencies = [("stakeholders", "0014_gaps"), ("accounts", "0002_roles")]
    operations = [migrations.RunPython(grant_permissions, migrations.RunPython.noop)]
