from django.db import migrations

from apps.accounts.roles import grant


def grant_permissions(apps, schema_editor):
    grant(apps, "secretariat", "news", {"article": "view add change delete", "presscontact": "view add change delete"})
    grant(apps, "editor", "news", {"article": "view add change delete", "presscontact": "view add change"})
    grant(apps, "translator", "news", {"article": "view change", "presscontact": "view change"})
    grant(apps, "auditor", "news", {"article": "view", "presscontact": "view"})


class Migration(migrations.Migration):
    dependencies = [("news", "0001_news"), ("accounts", "0002_roles")]
    operations = [migrations.RunPython(grant_permissions, migrations.RunPython.noop)]
