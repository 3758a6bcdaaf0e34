"""``nearmade plan``: plan a network's orders, check plans, invent examples."""

from __future__ import annotations

import click

from nearmade.cli import (
    plan_compare,
    plan_insert,
    plan_network,
    plan_order,
    plan_replan,
    plan_sample,
    plan_verify,
)

_DEFAULT = "network"


class PlanGroup(click.Group):
    """A group that plans a network where no other command of it is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``network`` before two files, or before its options."""
        helps = ctx.help_option_names
        if args and args[0] not in self.commands and args[0] not in helps:
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, args)


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


command.add_command(plan_network.command)
command.add_command(plan_order.command)
command.add_command(plan_verify.command)
command.add_command(plan_insert.command)
command.add_command(plan_replan.command)
command.add_command(plan_compare.command)
command.add_command(plan_sample.command)
