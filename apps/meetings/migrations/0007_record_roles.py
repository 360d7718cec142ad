from django.db import migrations

from apps.accounts.roles import grant

WRITTEN = ("minutes", "minutesentry", "decision", "action")


def grant_permissions(apps, schema_editor):
    grant(
        apps,
        "secretariat",
        "meetings",
        {
            **dict.fromkeys(WRITTEN, "view add change delete"),
            "minutescorrection": "view add",
            "minutescomment": "view change",
            "agendaproposal": "view change",
            "objection": "view",
            "actionnote": "view",
        },
    )
    grant(apps, "translator", "meetings", {**dict.fromkeys(WRITTEN, "view change"), "minutescorrection": "view"})
    grant(apps, "editor", "meetings", dict.fromkeys((*WRITTEN, "minutescorrection"), "view"))
    read = ("minutescorrection", "minutescomment", "agendaproposal", "objection", "actionnote")
    grant(apps, "auditor", "meetings", dict.fromkeys((*WRITTEN, *read), "view"))


class Migration(migrations.Migration):
    dependencies = [("meetings", "0006_record"), ("accounts", "0002_roles")]
    operations = [migrations.RunPython(grant_permissions, migrations.RunPython.noop)]
