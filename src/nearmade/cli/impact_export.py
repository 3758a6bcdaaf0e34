"""``nearmade impact export``: the process database for an LCA tool."""

from __future__ import annotations

from pathlib import Path

import click

from nearmade.adapters.openlca_zip import write_openlca
from nearmade.cli.main import emit
from nearmade.cli.targets import check_target, force_option
from nearmade.impact.database import own_database


@click.command("export")
@click.argument(
    "out", metavar="OUT.zip", type=click.Path(dir_okay=False, path_type=Path)
)
@force_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def command(out: Path, force: bool, as_json: bool) -> None:
    """Write the process database as an openLCA archive (JSON-LD, schema 2).

    Every number keeps its value, unit, spread, source, year, geography and boundary,
    and whether it is assumed.

    Example: nearmade impact export processes.zip
    """
    check_target(out, force=force)
    database = own_database()
    files = write_openlca(database, out)
    record = {
        "file": str(out),
        "files": files,
        "processes": len(database.processes),
        "flows": len(database.flows),
        "methods": len(database.methods),
        "sha256": database.sha256,
    }
    emit(
        record,
        f"{out}: {record['processes']} processes, {record['flows']} flows, "
        f"{record['methods']} methods; database {database.sha256[:12]}",
        as_json=as_json,
    )
