"""``nearmade impact published``: figures of papers recomputed, and where we land."""

from __future__ import annotations

import click

from nearmade.cli.main import emit
from nearmade.impact.published import table
from nearmade.impact.published_energy import published


@click.command(
    "published",
    epilog="""\b
Examples:
  nearmade impact published
  nearmade impact published --json
""",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")
def command(as_json: bool) -> None:
    """Recompute published figures from documented inputs, and say where we land.

    Kreiger & Pearce 2013, Wittbrodt 2013, Petersen & Pearce 2017, Zhong 2017, Woern
    2018 and CubeFactory2; --json lists every input with its source.
    """
    rows = published()
    emit({"published": [row.record() for row in rows]}, table(rows), as_json=as_json)
