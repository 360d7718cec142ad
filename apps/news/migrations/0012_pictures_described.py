from django.db import migrations, models
from django.db.models import Q

DESCRIBED = Q(text_ar__isnull=False, text_ar__gt="") | Q(text_en__isnull=False, text_en__gt="")


def describe(apps, schema_editor):
    """What slipped in without any description says so, as the pictures that were moved here."""
    apps.get_model("news", "Picture").objects.exclude(DESCRIBED).update(text_ar="صورة بلا وصف")


class Migration(migrations.Migration):
    dependencies = [("news", "0011_years")]

    operations = [
        migrations.RemoveConstraint("picture", "news_picture_described"),
        migrations.RunPython(describe, migrations.RunPython.noop),
        migrations.AddConstraint(
            "picture",
            models.CheckConstraint(
                condition=DESCRIBED,
                name="news_picture_described",
                violation_error_message="Describe the picture in Arabic, in English or in both.",
            ),
        ),
    ]
