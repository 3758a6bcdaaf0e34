"""A command with commands of its own, each in a module of its own."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

import click


class CommandGroup(click.Group):
    """A group that imports a command's module, and what it needs, when it is asked for.

    Parameters
    ----------
    prefix
        A command is ``command`` of the module ``nearmade.cli.<prefix><name>``.
    names
        Of its commands, in the order that help lists them.
    default
        The command that is meant where none is named; None: one has to be named.
    """

    def __init__(
        self,
        *words: Any,
        names: Sequence[str],
        prefix: str = "",
        default: str | None = None,
        **rest: Any,
    ) -> None:
        super().__init__(*words, **rest)
        self.prefix, self.names, self.default = prefix, tuple(names), default

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default command before its arguments or options."""
        known = (*self.names, *ctx.help_option_names)
        if self.default is not None and args and args[0] not in known:
            args = [self.default, *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command."""
        return list(self.names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command."""
        if cmd_name not in self.names:
            return None
        module = f"nearmade.cli.{self.prefix}{cmd_name.replace('-', '_')}"
        found: click.Command = importlib.import_module(module).command
        return found
