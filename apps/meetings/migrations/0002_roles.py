from django.db import migrations

from apps.accounts.roles import grant

MODELS = ("meeting", "agendaitem", "document")


def grant_permissions(apps, schema_editor):
    grant(apps, "secretariat", "meetings", dict.fromkeys(MODELS, "view add change delete"))
    grant(apps, "translator", "meetings", dict.fromkeys(MODELS, "view change"))
    grant(apps, "editor", "meetings", dict.fromkeys(MODELS, "view"))
    grant(apps, "auditor", "meetings", dict.fromkeys(MODELS, "view"))


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_meetings"), ("accounts", "0002_roles")]
    operations = [migrations.RunPython(grant_permissions, migrations.RunPython.noop)]
