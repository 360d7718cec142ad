from django.db import migrations

from apps.accounts.roles import grant


def grant_permissions(apps, schema_editor):
    models = ["goodpractice", "pledge", "pledgeupdate"]
    grant(apps, "secretariat", "reviews", dict.fromkeys(models, "view add change delete"))
    grant(apps, "translator", "reviews", dict.fromkeys(models, "view change"))
    for role in ("editor", "auditor"):
        grant(apps, role, "reviews", dict.fromkeys(models, "view"))


class Migration(migrations.Migration):
    dependencies = [("reviews", "0007_practices"), ("accounts", "0002_roles")]
    operations = [migrations.RunPython(grant_permissions, migrations.RunPython.noop)]
