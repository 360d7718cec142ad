from django.db import migrations

from apps.accounts.roles import grant


def grant_permissions(apps, schema_editor):
    texts = ["callforinput", "question", "synthesissection", "goodpractice", "pledge", "pledgeupdate"]
    grant(apps, "secretariat", "reviews", dict.fromkeys(texts, "view add change delete"))
    grant(apps, "secretariat", "reviews", {"submission": "view change", "answer": "view change"})
    grant(apps, "secretariat", "reviews", {"passage": "view add change delete"})
    grant(apps, "translator", "reviews", dict.fromkeys(texts, "view change"))
    for role in ("editor", "auditor"):
        grant(apps, role, "reviews", dict.fromkeys(texts, "view"))


class Migration(migrations.Migration):
    dependencies = [("reviews", "0005_input_and_catalogue"), ("accounts", "0002_roles")]
    operations = [migrations.RunPython(grant_permissions, migrations.RunPython.noop)]
