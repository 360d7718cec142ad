from django.db import migrations

from apps.accounts.roles import grant


def grant_permissions(apps, schema_editor):
    for role in ("secretariat", "editor", "auditor"):
        grant(apps, role, "search", {"missedsearch": "view"})


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_mailboxes"), ("search", "0001_documents")]
    operations = [migrations.RunPython(grant_permissions, migrations.RunPython.noop)]
