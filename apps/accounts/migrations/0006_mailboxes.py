from django.db import migrations

from apps.accounts.roles import grant


def grant_permissions(apps, schema_editor):
    grant(apps, "secretariat", "core", {"mailaddress": "view change"})


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_settle_accounts"), ("core", "0005_work_and_notices")]
    operations = [migrations.RunPython(grant_permissions, migrations.RunPython.noop)]
