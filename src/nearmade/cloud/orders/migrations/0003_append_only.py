"""The database itself refuses to change or delete a line of a trail."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION refuse_to_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a trail is append-only';
END $$;
CREATE TRIGGER order_events_are_append_only
    BEFORE UPDATE OR DELETE ON orders_orderevent
    FOR EACH ROW EXECUTE FUNCTION refuse_to_rewrite();
"""
BACK = """
DROP TRIGGER order_events_are_append_only ON orders_orderevent;
DROP FUNCTION refuse_to_rewrite();
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
