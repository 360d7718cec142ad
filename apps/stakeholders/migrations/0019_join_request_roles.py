from django.db import migrations

from apps.accounts.roles import grant


def grant_permissions(apps, schema_editor):
    grant(apps, "secretariat", "stakeholders", {"joinrequest": "view change"})
    grant(apps, "auditor", "stakeholders", {"joinrequest": "view"})


class Migration(migrations.Migration):
    dependencies = [("stakeholders", "0018_join_requests"), ("accounts", "0002_roles")]
    operations = [migrations.RunPython(grant_permissions, migrations.RunPython.noop)]
