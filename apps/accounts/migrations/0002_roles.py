from django.db import migrations

from apps.accounts.roles import grant, make_roles


def grant_permissions(apps, schema_editor):
    grant(apps, "secretariat", "accounts", {"user": "view add change"})
    grant(apps, "auditor", "accounts", {"user": "view"})


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_accounts"), ("contenttypes", "0002_remove_content_type_name")]
    operations = [
        migrations.RunPython(make_roles, migrations.RunPython.noop),
        migrations.RunPython(grant_permissions, migrations.RunPython.noop),
    ]
