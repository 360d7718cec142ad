from django.db import migrations

# PostgreSQL puts what is long into a table of its own, from which every phrase and rank would fetch it text by text;
# documents of up to a page stay whole, and are unpacked fast where the server knows lz4. Rows follow as they are
# written, all of them with the next reindexing.
_MAKE = """
ALTER TABLE search_searchdocument SET (toast_tuple_target = 8160);
DO $$ BEGIN
  ALTER TABLE search_searchdocument
    ALTER heads SET COMPRESSION lz4, ALTER words SET COMPRESSION lz4, ALTER content SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported OR syntax_error THEN NULL;
END $$;
"""
_TAKE_AWAY = """
ALTER TABLE search_searchdocument RESET (toast_tuple_target);
DO $$ BEGIN
  ALTER TABLE search_searchdocument
    ALTER heads SET COMPRESSION default, ALTER words SET COMPRESSION default, ALTER content SET COMPRESSION default;
EXCEPTION WHEN syntax_error THEN NULL;
END $$;
"""


def keep_together(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_MAKE)


def keep_apart(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_TAKE_AWAY)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_documents")]

    operations = [migrations.RunPython(keep_together, keep_apart)]
