from django.db import migrations

from apps.core.arabic import folded
from apps.core.textpolicy import clean_text


def fold(apps, schema_editor):
    """More spellings are the same now: hamza on waw and yeh and alone, Persian letters, digits, accents."""
    submissions = apps.get_model("reviews", "Submission").objects
    for one in submissions.all().iterator(chunk_size=500):
        texts = [one.headline_shown or clean_text(one.headline), one.rendered_ar or "", one.rendered_en or ""]
        submissions.filter(pk=one.pk).update(folded=folded(" ".join(texts)))


class Migration(migrations.Migration):
    dependencies = [("reviews", "0006_input_roles")]
    operations = [migrations.RunPython(fold, migrations.RunPython.noop)]
