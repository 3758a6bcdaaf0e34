"""``nearmade schedule``: plan one site's machines, or write an example to try."""

from __future__ import annotations

from typing import Final

import click

from nearmade.cli.command_group import CommandGroup

#: Commands by name: modules ``schedule_<name>`` under ``nearmade.cli``.
NAMES: Final = ("site", "sample")


@click.group(
    cls=CommandGroup,
    prefix="schedule_",
    names=NAMES,
    default="site",
    epilog="""\b
Examples:
  nearmade schedule sample --kind off-grid --out school.json
  nearmade schedule school.json
  nearmade schedule examples/schedules/print-farm.json --json
""",
)
def command() -> None:
    """Schedule the builds of a site on its machines, and say why each waits.

    With a file, SITE.json, it schedules it.
    """
