"""``nearmade schedule``: plan one site's machines, or write an example to try."""

from __future__ import annotations

import importlib
from typing import Final

import click

#: Commands by name: modules ``schedule_<name>`` under ``nearmade.cli``.
NAMES: Final = ("site", "sample")
_DEFAULT: Final = "site"


class ScheduleGroup(click.Group):
    """A group that schedules a site where no other command of it is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``site`` before a file, or before its options."""
        if args and args[0] not in NAMES and args[0] not in ctx.help_option_names:
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command."""
        return list(NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command."""
        if cmd_name not in NAMES:
            return None
        module = importlib.import_module(f"nearmade.cli.schedule_{cmd_name}")
        found: click.Command = module.command
        return found


@click.group(
    cls=ScheduleGroup,
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
