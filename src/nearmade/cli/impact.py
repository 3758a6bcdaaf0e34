"""``nearmade impact``: what a thing costs the world and its maker, in several ways."""

from __future__ import annotations

import importlib
from typing import Final

import click

#: Commands by name: modules ``impact_<name>`` under ``nearmade.cli``.
NAMES: Final = (
    "compare",
    "break-even",
    "cost",
    "report",
    "published",
    "export",
    "import",
)


class ImpactGroup(click.Group):
    """A group that imports a command's module when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command."""
        return list(NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command."""
        if cmd_name not in NAMES:
            return None
        name = cmd_name.replace("-", "_")
        found: click.Command = importlib.import_module(
            f"nearmade.cli.impact_{name}"
        ).command
        return found


@click.group(
    cls=ImpactGroup,
    epilog="""\b
Examples:
  nearmade impact compare --example > CASE.json
  nearmade impact compare CASE.json
  nearmade impact break-even CASE.json --over distance
  nearmade impact cost CASE.json
  nearmade impact report CASE.json --out report.html
""",
)
def command() -> None:
    """Compare ways to one product: climate, energy, where they meet, and cost.

    Read a CASE.json, a quote, a plan, or the record of an order.
    """
