"""``nearmade plan``: plan a network's orders, check plans, invent examples."""

from __future__ import annotations

import importlib
from typing import Final

import click

#: Commands by name: modules ``plan_<name>`` under ``nearmade.cli``.
NAMES: Final = ("network", "verify", "insert", "replan", "compare", "sample", "order")
_DEFAULT: Final = "network"


class PlanGroup(click.Group):
    """A group that plans a network where no other command of it is named.

    A command's module, and the solvers that it needs, is imported when it is asked for.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``network`` before two files, or before its options."""
        helps = ctx.help_option_names
        if args and args[0] not in NAMES and args[0] not in helps:
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command."""
        return list(NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command."""
        if cmd_name not in NAMES:
            return None
        module = importlib.import_module(f"nearmade.cli.plan_{cmd_name}")
        found: click.Command = module.command
        return found


@click.group(
    cls=PlanGroup,
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
