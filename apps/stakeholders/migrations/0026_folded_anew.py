from django.db import migrations

from apps.core.arabic import folded
from apps.stakeholders.matching import keys_of

_SEARCHED = {
    "organisation": ("name_ar", "name_en", "acronym", "other_names"),
    "person": ("name_ar", "name_en"),
}


def fold(apps, schema_editor):
    """More spellings are the same now: hamza on waw and yeh and alone, Persian letters, digits, accents."""
    match_key = apps.get_model("stakeholders", "MatchKey")
    for name, searched in _SEARCHED.items():
        model = apps.get_model("stakeholders", name)
        for record in model.objects.all().iterator(chunk_size=500):
            text = folded(" ".join(filter(None, (getattr(record, column) for column in searched))))
            if text == record.folded:
                continue
            model.objects.filter(pk=record.pk).update(folded=text)
            match_key.objects.filter(**{name: record}).delete()
            keys = (match_key(kind=kind, key=key, **{name: record}) for kind, key in keys_of(record))
            match_key.objects.bulk_create(keys)


class Migration(migrations.Migration):
    dependencies = [("stakeholders", "0025_kept_until")]
    operations = [migrations.RunPython(fold, migrations.RunPython.noop)]
