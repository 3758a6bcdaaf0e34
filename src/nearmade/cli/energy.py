"""``nearmade energy``: what a site can print on sun, battery, generator and grid."""

from __future__ import annotations

from typing import Final

import click

from nearmade.cli.command_group import CommandGroup

#: Commands by name: modules ``energy_<name>`` under ``nearmade.cli``.
NAMES: Final = ("simulate", "size", "schedule")


@click.group(
    cls=CommandGroup,
    prefix="energy_",
    names=NAMES,
    epilog="""\b
Examples:
  nearmade schedule sample --kind off-grid --out school.json
  nearmade energy simulate school.json --weather clear-sky
  nearmade energy size school.json --pieces-a-day 12 --days 0.95
  nearmade energy schedule school.json --charge 0.6
""",
)
def command() -> None:
    """Tell what a site can print on sun and battery, and what it had best buy.

    SITE.json is the file of nearmade schedule with a part called energy;
    docs/energy.md describes it.
    """
