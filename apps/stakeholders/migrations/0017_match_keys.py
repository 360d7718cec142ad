from django.db import migrations

from apps.stakeholders.matching import keys_of


def write_keys(apps, schema_editor):
    match_key = apps.get_model("stakeholders", "MatchKey")
    for name in ("organisation", "person"):
        for record in apps.get_model("stakeholders", name).objects.all():
            keys = (match_key(kind=kind, key=key, **{name: record}) for kind, key in keys_of(record))
            match_key.objects.bulk_create(keys)


class Migration(migrations.Migration):
    dependencies = [("stakeholders", "0016_merges")]
    operations = [migrations.RunPython(write_keys, migrations.RunPython.noop)]
