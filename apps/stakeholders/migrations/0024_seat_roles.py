from django.db import migrations

from apps.accounts.roles import grant


def grant_permissions(apps, schema_editor):
    every = "view add change delete"
    grant(apps, "secretariat", "stakeholders", {"reservedseats": every, "seatcall": every, "interest": every})
    grant(apps, "translator", "stakeholders", {"seatcall": "view change"})
    grant(apps, "auditor", "stakeholders", dict.fromkeys(["reservedseats", "seatcall", "interest"], "view"))


class Migration(migrations.Migration):
    dependencies = [("stakeholders", "0023_seats_calls_interests"), ("accounts", "0002_roles")]
    operations = [migrations.RunPython(grant_permissions, migrations.RunPython.noop)]
