from django.db import migrations
from django.db.models import F

from apps.accounts.roles import grant


def settle(apps, schema_editor):
    """Accounts that are there are known people: allauth knows their addresses, and they are not greeted again."""
    user = apps.get_model("accounts", "User")
    address = apps.get_model("account", "EmailAddress")
    known = set(address.objects.filter(user__email=F("email")).values_list("user_id", flat=True))
    address.objects.bulk_create(
        address(user_id=pk, email=email, verified=True, primary=True)
        for pk, email in user.objects.values_list("pk", "email")
        if pk not in known
    )
    user.objects.filter(last_login__isnull=False).update(welcomed_at=F("last_login"))


def grant_permissions(apps, schema_editor):
    grant(apps, "secretariat", "accounts", {"invitation": "view add change"})
    grant(apps, "auditor", "accounts", {"invitation": "view"})


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_sessions_and_invitations"),
        ("accounts", "0003_trail_and_mail"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]
    operations = [
        migrations.RunPython(settle, migrations.RunPython.noop),
        migrations.RunPython(grant_permissions, migrations.RunPython.noop),
    ]
