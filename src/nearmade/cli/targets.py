"""Files that commands write: asked for, checked and written in one way."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from nearmade.vocabulary.errors import InvalidInput

_REMEDY = "name a file in a folder that is there and may be written to"


def out_option(
    text: str, *, required: bool = False, folder: bool = False
) -> Callable[[Any], Any]:
    """Give the option ``--out`` that every command with files to write has.

    Parameters
    ----------
    text
        What is written, for ``--help``.
    required
        Whether the command does nothing without it.
    folder
        Whether it names a folder instead of a file.
    """
    return click.option(
        "-o",
        "--out",
        required=required,
        type=click.Path(dir_okay=folder, file_okay=not folder, path_type=Path),
        help=text,
    )


#: The option of every command that has ``--out``.
force_option = click.option(
    "--force", is_flag=True, help="Write over files that are there already."
)


def check_target(path: Path, *, force: bool, given: Iterable[Path] = ()) -> None:
    """Refuse a file that could not be written, before any work is done for it.

    Parameters
    ----------
    path
        File that will be written.
    force
        Whether a file that is there may be written over.
    given
        Files that the command reads; they are never written over.

    Raises
    ------
    InvalidInput
        When the file is one of those given, is there already, or its folder is not
        there or may not be written to.
    """
    for one in given:
        if _same(path, one):
            raise InvalidInput(
                f"{path}: is the file that is read; the original is kept",
                code="output-is-input",
                remedy="name another file",
            )
    if os.path.lexists(path) and not force:
        raise _is_there(path)
    folder = path.parent
    if not folder.is_dir():
        raise InvalidInput(
            f"{path}: cannot be written (there is no folder {folder})", remedy=_REMEDY
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InvalidInput(
            f"{path}: cannot be written (its folder is closed)", remedy=_REMEDY
        )


def check_folder(folder: Path) -> None:
    """Refuse a folder that could not be made or written to, before any work.

    Raises
    ------
    InvalidInput
        When the nearest folder that is there is none, or may not be written to.
    """
    above = folder
    while not os.path.lexists(above) and above != above.parent:
        above = above.parent
    if not (above.is_dir() and os.access(above, os.W_OK | os.X_OK)):
        raise InvalidInput(
            f"{folder}: cannot be written ({above} is no folder that may be written "
            "to)",
            remedy="name a folder that may be written to",
        )


def write_new(path: Path, content: bytes, *, force: bool) -> None:
    """Write a file that the caller named.

    Parameters
    ----------
    path
        Where to.
    content
        All of it.
    force
        Whether a file that is there may be written over.

    Raises
    ------
    InvalidInput
        When it is there already, or cannot be written.
    """
    try:
        with path.open("wb" if force else "xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise _is_there(path) from error
    except OSError as error:
        raise InvalidInput(
            f"{path}: cannot be written ({error.strerror})", remedy=_REMEDY
        ) from error


def _is_there(path: Path) -> InvalidInput:
    return InvalidInput(
        f"{path}: is there already",
        code="output-exists",
        remedy="name another file, or write over it with --force",
    )


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
