"""``nearmade plan``: plan a network's orders, check plans, invent examples."""

from __future__ import annotations

from typing import Final

import click

from nearmade.cli.command_group import CommandGroup

#: Commands by name: modules ``plan_<name>`` under ``nearmade.cli``.
NAMES: Final = ("network", "verify", "insert", "replan", "compare", "sample", "order")


@click.group(
    cls=CommandGroup,
    prefix="plan_",
    names=NAMES,
    default="network",
    epilog="""\b
Examples:
  nearmade plan sample --facilities 1000 --orders 4000 --seed 1 --out example
  nearmade plan example/NETWORK.json example/ORDERS.json --out example/PLAN.json
  nearmade plan verify example/PLAN.json
  nearmade plan order spectacles --to "Nairobi, KE" --network sites.json
""",
)
def command() -> None:
    """Plan who makes what by when, where it is assembled, and how good the plan is.

    With two files, NETWORK.json and ORDERS.json, it plans all orders of a network.
    """
