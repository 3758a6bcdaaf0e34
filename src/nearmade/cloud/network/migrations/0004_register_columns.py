"""Fill the register's columns from the records, and close the claims' trail."""

from __future__ import annotations

from typing import Any

import h3
from django.db import migrations

FORWARD = """
CREATE FUNCTION refuse_to_rewrite_claims() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a trail is append-only';
END $$;
CREATE TRIGGER claim_events_are_append_only
    BEFORE UPDATE OR DELETE ON network_claimevent
    FOR EACH ROW EXECUTE FUNCTION refuse_to_rewrite_claims();
"""
BACK = """
DROP TRIGGER claim_events_are_append_only ON network_claimevent;
DROP FUNCTION refuse_to_rewrite_claims();
"""


def fill(apps: Any, schema_editor: Any) -> None:
    """Take from each record what the register searches by."""
    Site = apps.get_model("network", "Site")
    for site in Site.objects.iterator(chunk_size=500):
        own = site.record.get("nearmade", {})
        equipment = site.record.get("equipment", [])
        site.processes = sorted(
            {one["nearmade"]["process"] for one in equipment if "nearmade" in one}
        )
        site.materials = sorted({lot["material"] for lot in own.get("feedstocks", [])})
        site.machine_count = sum(int(one.get("quantity", 1)) for one in equipment)
        site.solar = own.get("power", {}).get("kind") == "solar"
        site.area = h3.cell_to_parent(site.cell, 1)
        site.save(
            update_fields=["processes", "materials", "machine_count", "solar", "area"]
        )


class Migration(migrations.Migration):
    dependencies = [("network", "0003_register")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL(FORWARD, BACK),
    ]
