"""The command ``nearmade``: a lazy group, one table of exit codes, one way to print."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Mapping
from typing import NoReturn

import click

from nearmade.vocabulary.errors import (
    Conflict,
    InvalidInput,
    NearmadeError,
    NotFound,
    Refused,
    Unavailable,
)

#: Exit code of every error class; a test proves the table complete.
EXIT_CODES: Mapping[type[NearmadeError], int] = {
    InvalidInput: 2,
    NotFound: 3,
    Refused: 4,
    Conflict: 5,
    Unavailable: 6,
}

#: Commands by name: module under ``nearmade.cli`` that defines ``command``.
COMMANDS = (
    "inspect",
    "repair",
    "orient",
    "customise",
    "quote",
    "plate",
    "profiles",
    "calibrate",
    "okh",
    "okw",
    "match",
    "whatcanimake",
    "plan",
    "impact",
    "order",
    "up",
    "agent",
)


class LazyGroup(click.Group):
    """A group that imports a command's module only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command, in the order of an order's life."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"nearmade.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """List the commands with their first line of help."""
        rows = []
        for name in COMMANDS:
            command = self.get_command(ctx, name)
            rows.append((name, command.get_short_help_str(60) if command else ""))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="nearmade")
def cli() -> None:
    """Made near where it is needed.

    Example: nearmade customise spectacles --set pupillary_distance=62 --out frame
    """


def exit_code(error: NearmadeError) -> int:
    """Look up the exit code of an error by its class."""
    for kind in type(error).__mro__:
        if kind in EXIT_CODES:
            return EXIT_CODES[kind]
    return 1


def emit(result: object, lines: str, *, as_json: bool) -> None:
    """Print a result to stdout: JSON for programs, lines for people."""
    if as_json:
        lines = json.dumps(result, ensure_ascii=False, allow_nan=False)
    click.echo(written(lines))


def written(text: str) -> str:
    """Escape what is not UTF-8, as bytes of a file's name may be, the way JSON does."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def tell(error: NearmadeError) -> None:
    """Tell an error in one line on stderr: what is wrong, and what to do."""
    told = " Remedy: ".join(filter(None, (_ended(error.message), error.remedy)))
    click.echo(written(f"nearmade: {_ended(told)}"), err=True)


def usage_error(error: click.ClickException) -> InvalidInput:
    """Give a wrong use of the command line as an error like the others."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context is not None else "nearmade"
    return InvalidInput(
        " ".join(error.format_message().split()),
        code="usage",
        remedy=f"{command} --help",
    )


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."


def run() -> None:
    """Run the command line and end the process with the error's exit code."""
    try:
        cli.main(prog_name="nearmade", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        _end(usage_error(error))
    except NearmadeError as error:
        _end(error)


def _end(error: NearmadeError) -> NoReturn:
    """End the process with an error: a line for people, JSON where it was asked for."""
    if "--json" in sys.argv:
        emit({"refused": error.as_dict()}, "", as_json=True)
    tell(error)
    sys.exit(exit_code(error))


if __name__ == "__main__":
    run()
