"""The command ``nearmade``: a lazy group, one table of exit codes, one way to print."""

from __future__ import annotations

import errno
import json
import re
import sys
from collections.abc import Mapping
from typing import Final, NoReturn

import click

from nearmade.cli.command_group import CommandGroup
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
    "processes",
    "materials",
    "okh",
    "okw",
    "match",
    "whatcanimake",
    "plan",
    "schedule",
    "energy",
    "impact",
    "order",
    "up",
    "agent",
)


#: How click says that a file is not there.
_NO_SUCH_FILE: Final = re.compile(
    r"(?:File|Path|Directory) ['\"](.*)['\"] does not exist\.", re.DOTALL
)
#: What writing to a full or broken disk says.
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


class NearmadeGroup(CommandGroup):
    """All commands, listed with their first line of help."""

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """List the commands with their first line of help."""
        rows = []
        for name in self.names:
            command = self.get_command(ctx, name)
            rows.append((name, command.get_short_help_str(60) if command else ""))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group(
    cls=NearmadeGroup,
    names=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
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
        text = json.dumps(result, ensure_ascii=False, allow_nan=False)
        # What is not UTF-8, as bytes of a file's name may be, is escaped as JSON does.
        click.echo(text.encode("utf-8", "backslashreplace").decode("utf-8"))
    else:
        click.echo(written(lines))


def written(text: str) -> str:
    r"""Write bytes of a name that are not UTF-8 as ``\xff``, the rest as it is."""
    try:
        content = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        content = text.encode("utf-8", "backslashreplace")
    return content.decode("utf-8", "backslashreplace")


def one_line(text: str) -> str:
    """Escape what would break a line, such as the end of one in a file's name."""
    return "".join(x if x.isprintable() else repr(x)[1:-1] for x in written(text))


def tell(error: NearmadeError) -> None:
    """Tell an error in one line on stderr: what is wrong, and what to do."""
    told = " Remedy: ".join(filter(None, (_ended(error.message), error.remedy)))
    click.echo(one_line(f"nearmade: {_ended(told)}"), err=True)


def usage_error(error: click.ClickException) -> NearmadeError:
    """Give a wrong use of the command line as an error like the others.

    A file that is not there is told alike, whoever finds it out.
    """
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context is not None else "nearmade"
    message = " ".join(error.format_message().split())
    missing = _NO_SUCH_FILE.fullmatch(error.message)
    if missing is not None and isinstance(error, click.BadParameter):
        return no_such_file(missing.group(1))
    return InvalidInput(message, code="usage", remedy=f"{command} --help")


def no_such_file(path: object) -> NotFound:
    """Give the error of a file that the caller named and that is not there."""
    return NotFound(
        f"{path}: there is no such file", remedy="check the name and the folder"
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
    except OSError as error:
        # An error of a file that was opened by its name has that name.
        if error.errno not in _NO_ROOM or error.filename is not None:
            raise
        tell(
            Unavailable(
                f"the output cannot be written ({error.strerror})",
                remedy="make room where it goes, then run the command again",
            )
        )
        sys.exit(EXIT_CODES[Unavailable])


def _end(error: NearmadeError) -> NoReturn:
    """End the process with an error: a line for people, JSON where it was asked for."""
    if "--json" in sys.argv:
        emit({"refused": error.as_dict()}, "", as_json=True)
    tell(error)
    sys.exit(exit_code(error))


if __name__ == "__main__":
    run()
