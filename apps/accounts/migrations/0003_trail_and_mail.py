from django.db import migrations

from apps.accounts.roles import grant


def grant_permissions(apps, schema_editor):
    grant(apps, "auditor", "core", {"auditentry": "view", "outgoingmail": "view"})
    grant(apps, "secretariat", "core", {"outgoingmail": "view"})


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_roles"), ("core", "0001_audit_and_outbox")]
    operations = [migrations.RunPython(grant_permissions, migrations.RunPython.noop)]
