"""``nearmade impact``: what a thing costs the world and its maker, in several ways."""

from __future__ import annotations

from typing import Final

import click

from nearmade.cli.command_group import CommandGroup

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


@click.group(
    cls=CommandGroup,
    prefix="impact_",
    names=NAMES,
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
