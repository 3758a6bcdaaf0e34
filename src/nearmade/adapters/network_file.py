"""Read networks of facilities from files: one record, a list, or a folder of files.

Every command reads through here, so that what one takes the others take: records of
our own, and Open Know-Where in JSON or YAML of every shape.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from nearmade.facilities.facility import Facility
from nearmade.facilities.okw import each_entry
from nearmade.facilities.okw_network import LeftOut, Network, network_of
from nearmade.vocabulary.documents import read_document
from nearmade.vocabulary.errors import InvalidInput, NotFound

#: A hundred thousand facilities take about this much. [bytes]
MOST_BYTES: Final = 256 * 1024 * 1024
#: That, in budgets of ``vocabulary.documents``.
_TIMES: Final = 16
#: So many records with faults are named before the rest is only counted.
MOST_COMPLAINTS: Final = 10
#: More files of one folder are hardly one network.
MOST_FILES: Final = 10_000
_ENDINGS: Final = frozenset({".json", ".yaml", ".yml", ".toml"})
_NAME_ONE: Final = "name a network file, such as examples/networks/demo.json"


def read_network(path: Path) -> Network:
    """Read every facility of a file, or of the files of a folder, in their order.

    Records with faults are left out, each with its name and its faults; so are files
    of a folder that cannot be read. What a record does not say is marked as unsaid.

    Parameters
    ----------
    path
        A file in JSON, YAML or TOML, or a folder of such files.

    Raises
    ------
    NotFound
        When there is nothing of that name.
    InvalidInput
        When the file cannot be read or holds no facility, or every record has faults.
    """
    files = _files(path)
    trees: list[tuple[str, Any]] = []
    unread: list[LeftOut] = []
    for file in files:
        try:
            tree = _tree(file)
        except InvalidInput as error:
            if len(files) == 1:
                raise
            unread.append(LeftOut(file.name, file.name, (error.message,)))
        else:
            trees.append((f"{file.name}: " if len(files) > 1 else "", tree))
    found = network_of(trees)
    network = Network(found.facilities, (*unread, *found.left_out))
    if not network.facilities and network.left_out:
        raise _refused(path, complaints(network.left_out))
    if not network.facilities and not any(_lists(tree) for _, tree in trees):
        raise InvalidInput(
            f"network {_called(path)}: holds no facility",
            code="network-refused",
            remedy=_NAME_ONE,
        )
    return network


def load_network(path: Path) -> tuple[Facility, ...]:
    """Read a network of which every record must be sound and say all.

    Raises
    ------
    NotFound
        When there is nothing of that name.
    InvalidInput
        When a file cannot be read, a record has faults or leaves something unsaid, or
        two share an id; the message names each record's faults.
    """
    network = read_network(path)
    told = complaints(network.left_out)
    for facility in network.facilities:
        gaps = [*facility.unsaid]
        gaps += [f"{m.id} {name}" for m in facility.machines for name in m.unsaid]
        if gaps:
            told.append(f"{facility.name}: does not say {', '.join(gaps)}")
    if told:
        raise _refused(path, told)
    return network.facilities


def complaints(left_out: tuple[LeftOut, ...]) -> list[str]:
    """Say of each record that is left out where it stands, its name and its faults."""
    return [
        f"{one.path}: {'; '.join(one.reasons)}"
        if one.name == one.path
        else f"{one.path} {one.name}: {'; '.join(one.reasons)}"
        for one in left_out
    ]


def _refused(path: Path, told: list[str]) -> InvalidInput:
    more = len(told) - MOST_COMPLAINTS
    tail = f"; and {more} more" if more > 0 else ""
    return InvalidInput(
        f"network {_called(path)}: {'; '.join(told[:MOST_COMPLAINTS])}{tail}",
        code="network-refused",
        remedy="mend the fields named; nearmade okw check FILE tells more",
    )


def _called(path: Path) -> str:
    return path.name or str(path)


def _lists(tree: Any) -> bool:
    """Tell whether a tree is a list of facilities, though an empty one."""
    return not list(each_entry(tree))


def _files(path: Path) -> list[Path]:
    """Name the files of a network: itself, or those in a folder, by name."""
    try:
        if not stat.S_ISDIR(path.stat().st_mode):
            return [path]
        files = sorted(one for one in path.iterdir() if one.suffix.lower() in _ENDINGS)
    except FileNotFoundError as error:
        raise NotFound(f"network {path}: no such file", remedy=_NAME_ONE) from error
    except OSError as error:
        raise InvalidInput(
            f"network {_called(path)}: cannot be read ({error.strerror})",
            remedy=_NAME_ONE,
        ) from error
    if not files or len(files) > MOST_FILES:
        raise InvalidInput(
            f"network {_called(path)}: a folder with {len(files)} files in JSON or "
            f"YAML; must be from 1 to {MOST_FILES}",
            remedy=_NAME_ONE,
        )
    return files


def _tree(path: Path) -> Any:
    data = b"".join(_content(path))
    document = read_document(data, path.name, times=_TIMES)
    if document.readable:
        return document.tree
    (why,) = document.diagnoses[:1]
    where = f"{why.path}: " if why.path else ""
    raise InvalidInput(
        f"network {_called(path)}: {where}{why.rule.replace('-', ' ')}: {why.value}",
        code="network-refused",
        remedy=why.suggestion or _NAME_ONE,
    )


def _content(path: Path) -> Iterator[bytes]:
    """Read a regular file, unless it is too large."""
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise InvalidInput(
                f"network {_called(path)}: is no regular file", remedy=_NAME_ONE
            )
        if state.st_size > MOST_BYTES:
            raise InvalidInput(
                f"network {_called(path)}: larger than {MOST_BYTES} bytes",
                remedy="split it into several files",
            )
        with path.open("rb") as file:
            yield file.read(MOST_BYTES)
    except FileNotFoundError as error:
        raise NotFound(f"network {path}: no such file", remedy=_NAME_ONE) from error
    except OSError as error:
        raise InvalidInput(
            f"network {_called(path)}: cannot be read ({error.strerror})",
            remedy=_NAME_ONE,
        ) from error
