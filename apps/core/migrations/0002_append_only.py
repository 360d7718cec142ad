"""On PostgreSQL the database itself refuses to change or delete what the audit trail holds, whoever asks."""

from django.db import migrations

_REFUSE = """
CREATE FUNCTION core_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is only added to' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION core_audit_keep_detail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.address <> '' OR (NEW.entry_id, NEW.salt, NEW.label, NEW.changes, NEW.reason)
        IS DISTINCT FROM (OLD.entry_id, OLD.salt, OLD.label, OLD.changes, OLD.reason) THEN
        RAISE EXCEPTION 'only the address of a detail can be emptied' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER audit_keep_rows BEFORE UPDATE OR DELETE ON core_auditentry
    FOR EACH ROW EXECUTE FUNCTION core_audit_refuse();
CREATE TRIGGER audit_keep_all BEFORE TRUNCATE ON core_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION core_audit_refuse();
CREATE TRIGGER audit_keep_rows BEFORE UPDATE OR DELETE ON core_auditseal
    FOR EACH ROW EXECUTE FUNCTION core_audit_refuse();
CREATE TRIGGER audit_keep_all BEFORE TRUNCATE ON core_auditseal
    FOR EACH STATEMENT EXECUTE FUNCTION core_audit_refuse();
CREATE TRIGGER audit_keep_rows BEFORE UPDATE ON core_auditdetail
    FOR EACH ROW EXECUTE FUNCTION core_audit_keep_detail();
"""
_ALLOW = """
DROP TRIGGER audit_keep_rows ON core_auditentry;
DROP TRIGGER audit_keep_all ON core_auditentry;
DROP TRIGGER audit_keep_rows ON core_auditseal;
DROP TRIGGER audit_keep_all ON core_auditseal;
DROP TRIGGER audit_keep_rows ON core_auditdetail;
DROP FUNCTION core_audit_refuse();
DROP FUNCTION core_audit_keep_detail();
"""


def refuse(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_REFUSE)


def allow(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_ALLOW)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_audit_and_outbox")]
    operations = [migrations.RunPython(refuse, allow)]
