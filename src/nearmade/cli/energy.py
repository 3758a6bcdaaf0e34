"""``nearmade energy``: what a site can print on sun, battery, generator and grid."""

from __future__ import annotations

import importlib
from typing import Final

import click

#: Commands by name: modules ``energy_<name>`` under ``nearmade.cli``.
NAMES: Final = ("simulate", "size", "schedule")


class EnergyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command."""
        return list(NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command."""
        if cmd_name not in NAMES:
            return None
        module = importlib.import_module(f"nearmade.cli.energy_{cmd_name}")
        found: click.Command = module.command
        return found


@click.group(
    cls=EnergyGroup,
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
