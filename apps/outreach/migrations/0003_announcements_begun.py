from django.db import migrations, models
from django.db.models import Q

BEGUN = Q(state__in=["draft", "asked"]) | Q(began_at__isnull=False)


def say_when(apps, schema_editor):
    """Of one that went past the steps, the last change is what is known."""
    apps.get_model("outreach", "Announcement").objects.exclude(BEGUN).update(began_at=models.F("updated_at"))


class Migration(migrations.Migration):
    dependencies = [("outreach", "0002_roles")]

    operations = [
        migrations.RemoveConstraint("announcement", "outreach_announcement_began"),
        migrations.RunPython(say_when, migrations.RunPython.noop),
        migrations.AddConstraint(
            "announcement", models.CheckConstraint(condition=BEGUN, name="outreach_announcement_began")
        ),
    ]
