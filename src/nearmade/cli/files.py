"""Files that commands are given, and folders that they make: refused in one way."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Final

from nearmade.adapters.gate import Admitted, admit
from nearmade.adapters.gate.admission import MAX_FILE_BYTES
from nearmade.cli.main import no_such_file
from nearmade.vocabulary.errors import InvalidInput, NotFound

#: What most commands are given.
PART: Final = "part"


def check_given(path: Path, what: str = PART) -> None:
    """Refuse what cannot be a part before a byte of it is read.

    Parameters
    ----------
    path
        What the caller named; links are followed.
    what
        What it should hold, for the remedy.

    Raises
    ------
    NotFound
        When there is no file of that name.
    InvalidInput
        When it is no regular file, or too large.
    """
    try:
        state = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error
    if stat.S_ISDIR(state.st_mode):
        raise InvalidInput(f"{path}: is a folder", remedy="name a file in it")
    if not stat.S_ISREG(state.st_mode):
        raise InvalidInput(
            f"{path}: is no regular file", remedy=f"save the {what} as a file first"
        )
    _check_size(path, state.st_size, what)


def read_given(path: Path, what: str = PART) -> bytes:
    """Read a file that the caller named, whole.

    Parameters
    ----------
    path
        What the caller named; links are followed.
    what
        What it should hold, for the remedy.

    Raises
    ------
    NotFound
        When there is no file of that name.
    InvalidInput
        When it is no regular file, is too large, or cannot be read.
    """
    check_given(path, what)
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise _unreadable(path, error) from error
    _check_size(path, len(content), what)
    return content


def admit_given(path: Path) -> Admitted:
    """Read a part that the caller named through the gate.

    Raises
    ------
    NotFound
        When there is no such file.
    InvalidInput
        When the file is refused; the message begins with its name.
    """
    data = read_given(path)
    try:
        return admit(data, path.name)
    except InvalidInput as error:
        raise InvalidInput(
            f"{path.name}: {error.message}", code=error.code, remedy=error.remedy
        ) from error


def make_folder(path: Path | None) -> None:
    """Make a folder that the caller named, with those above it; None is passed over.

    Raises
    ------
    InvalidInput
        When it cannot be made.
    """
    try:
        if path is not None:
            path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput(
            f"{path}: cannot be made ({error.strerror})",
            remedy="name a folder that may be written to",
        ) from error


def _check_size(path: Path, size_bytes: int, what: str) -> None:
    if size_bytes > MAX_FILE_BYTES:
        raise InvalidInput(
            f"{path}: has {size_bytes} bytes or more, the most is {MAX_FILE_BYTES}",
            code="file-too-large",
            remedy="reduce the number of triangles" if what == PART else "split it",
        )


def _unreadable(path: Path, error: OSError) -> InvalidInput | NotFound:
    if isinstance(error, FileNotFoundError):
        return no_such_file(path)
    return InvalidInput(f"{path}: cannot be read ({error.strerror})")
