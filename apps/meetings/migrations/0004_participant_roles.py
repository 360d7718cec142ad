from django.db import migrations

from apps.accounts.roles import grant


def grant_permissions(apps, schema_editor):
    grant(apps, "secretariat", "meetings", {"participant": "view add change delete", "need": "view change"})
    grant(apps, "auditor", "meetings", {"participant": "view"})


class Migration(migrations.Migration):
    dependencies = [("meetings", "0003_participants"), ("accounts", "0002_roles")]
    operations = [migrations.RunPython(grant_permissions, migrations.RunPython.noop)]
