"""The planner's files: networks, orders and plans as JSON on disk.

What they hold is checked by ``planning.network``; here they are found to be regular
files of a sane size with strict JSON in them, and written whole or not at all.
"""

from __future__ import annotations

import gc
import json
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

from nearmade.planning.network.arrays import build_problem
from nearmade.planning.network.network_record import network_from_record
from nearmade.planning.network.orders_record import orders_from_record
from nearmade.planning.network.plan_record import Made
from nearmade.planning.network.tables import Network, OrderBook
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.identity import Sha256, sha256_of

#: An escape of half a sign; two of them may stand for one that can be written.
_HALF_A_SIGN: Final = re.compile(rb"\\u[dD][89a-fA-F]")
#: A million components with 16 candidates each take about 600 MB. [bytes]
MOST_BYTES: Final = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True, eq=False)
class PlanInput:
    """A network and its orders as they were read, with their files' SHA-256."""

    made: Made
    network_sha256: Sha256
    orders_sha256: Sha256


def read_plan_input(network_file: Path, orders_file: Path) -> PlanInput:
    """Read a network and its orders.

    Raises
    ------
    NotFound
        When a file is not there.
    InvalidInput
        When a file is no JSON or a field in it is refused; the message names the file
        and the place.
    """
    record, network_sha256 = read_record(network_file)
    with _named(network_file), _collector_resting():
        network = network_from_record(record)
    record, orders_sha256 = read_record(orders_file)
    with _named(orders_file), _collector_resting():
        book = orders_from_record(record, network)
    del record
    made = Made(network, book, build_problem(network, book))
    return PlanInput(made, network_sha256, orders_sha256)


def read_new_orders(orders_file: Path, network: Network) -> tuple[OrderBook, list[Any]]:
    """Read more orders for a network: as a book, and their records as they stand.

    Raises
    ------
    NotFound
        When the file is not there.
    InvalidInput
        When it is no JSON or a field in it is refused.
    """
    record, _ = read_record(orders_file)
    with _named(orders_file):
        return orders_from_record(record, network), record["orders"]


def read_record(path: Path) -> tuple[Any, Sha256]:
    """Read a file of strict JSON: its value, and the SHA-256 of its bytes.

    Raises
    ------
    NotFound
        When it is not there.
    InvalidInput
        When it is no regular file, too large, or no JSON; NaN and the like are none.
    """
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise InvalidInput(f"{path.name}: is no regular file")
        if state.st_size > MOST_BYTES:
            raise InvalidInput(
                f"{path.name}: larger than {MOST_BYTES} bytes",
                remedy="plan by region, each in its own files",
            )
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(
            f"{path}: there is no such file", remedy="check the name and the folder"
        ) from error
    except OSError as error:
        raise InvalidInput(f"{path.name}: cannot be read ({error.strerror})") from error
    try:
        with _collector_resting():
            record = json.loads(
                content, parse_constant=_no_number, object_pairs_hook=_each_once
            )
            if _HALF_A_SIGN.search(content):
                json.dumps(record, ensure_ascii=False).encode()  # pairs are whole
            return record, sha256_of(content)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(
            f"{path.name}: not JSON: {error}",
            remedy="docs/planning.md and docs/scheduling.md describe the files; "
            "nearmade plan sample and nearmade schedule sample write some",
        ) from error


def write_record(path: Path, record: Any) -> Sha256:
    """Write a record as JSON, whole or not at all: the SHA-256 of its bytes.

    Raises
    ------
    InvalidInput
        When it cannot be written there.
    """
    content = json.dumps(
        record, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    ).encode()
    beside = path.with_name(path.name + ".part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        raise InvalidInput(
            f"{path}: cannot be written ({error.strerror})",
            remedy="name a file in a folder that may be written to",
        ) from error
    finally:
        beside.unlink(missing_ok=True)
    return sha256_of(content)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Take the names of one object; one that stands twice hides what it held."""
    table = dict(pairs)
    if len(table) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice[:60]!r} stands twice in one object")
    return table


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Name the file before the place in it."""
    try:
        yield
    except InvalidInput as error:
        raise InvalidInput(
            f"{path.name}: {error.message}", code=error.code, remedy=error.remedy
        ) from error


@contextmanager
def _collector_resting() -> Iterator[None]:
    """Let millions of values be made without looking for cycles among them."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
