"""Checks of values in records: type, range, number, each refusal with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nearmade.vocabulary.errors import InvalidInput

Floats = NDArray[np.float64]
Where = Callable[[int], str]

_CLOCK: Final = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")
#: Numbers of a record stay below this, so that sums of millions stay finite.
MOST = 1e15
MOST_LETTERS = 200
#: Moments far from both ends of the calendar, so that weeks and zones can be added.
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200


def refuse(where: str, rule: str, remedy: str = "mend the field named") -> InvalidInput:
    """Give the error for a field that breaks a rule."""
    return InvalidInput(f"{where}: {rule}", code="record", remedy=remedy)


def as_object(value: Any, where: str) -> Mapping[str, Any]:
    """Give a value that must be an object."""
    if type(value) is not dict:
        raise refuse(where, f"must be an object, not {_shown(value)}")
    return value


def as_list(value: Any, where: str, most: int) -> list[Any]:
    """Give a value that must be a list of at most so many entries."""
    if type(value) is not list:
        raise refuse(where, f"must be a list, not {_shown(value)}")
    if len(value) > most:
        raise refuse(where, f"has {len(value)} entries, the most is {most}")
    return value


def field(record: Mapping[str, Any], name: str, where: str) -> Any:
    """Give a field that must be there."""
    try:
        return record[name]
    except KeyError:
        raise refuse(f"{where}.{name}", "is missing", "add the field") from None


def only(record: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    """Refuse fields that nobody reads, such as misspelt ones."""
    strange = record.keys() - known
    if strange:
        raise refuse(
            f"{where}.{min(strange)}", "is not a field of this record", "remove it"
        )


def texts(values: Sequence[Any], where: Where) -> None:
    """Refuse names that are no text, empty, or very long."""
    for at, value in enumerate(values):
        if type(value) is not str or not 0 < len(value) <= MOST_LETTERS:
            raise refuse(
                where(at),
                f"must be a text of 1 to {MOST_LETTERS} signs, not {_shown(value)}",
            )


def index_of(values: Sequence[str], where: Where) -> dict[str, int]:
    """Number names; refuse one that is there twice."""
    texts(values, where)
    numbers = {value: at for at, value in enumerate(values)}
    if len(numbers) < len(values):
        seen: set[str] = set()
        for at, value in enumerate(values):
            if value in seen:
                raise refuse(
                    where(at), f"{value!r} is there twice", "give each its own id"
                )
            seen.add(value)
    return numbers


def numbers(
    values: Sequence[Any],
    where: Where,
    *,
    least: float = 0.0,
    most: float = MOST,
    above: bool = False,
    whole: bool = False,
) -> Floats:
    """Read numbers in a range; what is no number, no finite one or beyond is refused.

    Parameters
    ----------
    values
        As JSON gives them.
    where
        Names the place of an entry.
    least, most
        Range, both ends allowed.
    above
        Whether ``least`` itself is refused.
    whole
        Whether only whole numbers are allowed.
    """
    kinds = {int} if whole else {int, float}
    if not set(map(type, values)) <= kinds:
        at = next(n for n, value in enumerate(values) if type(value) not in kinds)
        kind = "whole number" if whole else "number"
        raise refuse(where(at), f"must be a {kind}, not {_shown(values[at])}")
    try:
        array = np.array(values, dtype=np.float64)
    except OverflowError:
        array = np.array([min(max(value, -1e300), 1e300) for value in values])
    wrong = ~((array > least if above else array >= least) & (array <= most))
    if wrong.any():
        at = int(np.argmax(wrong))
        low = f"above {least:g}" if above else f"at least {least:g}"
        raise refuse(
            where(at), f"must be {low} and at most {most:g}, not {_shown(values[at])}"
        )
    return array


def one_number(record: Mapping[str, Any], name: str, where: str, **rule: Any) -> float:
    """Read one number of a record."""
    value = field(record, name, where)
    return float(numbers([value], lambda _: f"{where}.{name}", **rule)[0])


def time_of_day(value: Any, where: str) -> float:
    """Read a time of the day from ``00:00`` to ``24:00``. [h]"""
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    hour = int(found[1]) + int(found[2]) / 60 if found else 25.0
    if hour > 24:
        raise refuse(where, "is no time of the day", "write it as 08:30")
    return hour


def known(numbers_of: Mapping[str, int], value: Any, where: str, kind: str) -> int:
    """Look up the number of a name that must be known."""
    found = numbers_of.get(value) if type(value) is str else None
    if found is None:
        raise refuse(where, f"names no {kind}: {_shown(value)}", f"name a {kind}")
    return found


def check_schema(record: Any, schema: str, where: str) -> Mapping[str, Any]:
    """Give a record that must say which schema it follows."""
    found = as_object(record, where)
    if found.get("schema") != schema:
        raise refuse(
            f"{where}.schema",
            f"must be {schema!r}, not {_shown(found.get('schema'))}",
            "see docs/planning.md for the files of a plan",
        )
    return found


def _shown(value: Any) -> str:
    text = repr(value) if not isinstance(value, (list, dict)) else type(value).__name__
    return text if len(text) <= 60 else text[:57] + "..."


def as_moment(value: Any, where: str, first_year: int = FIRST_YEAR) -> datetime:
    """Read a moment with a zone, such as ``2026-03-02T08:00:00+01:00``; gives UTC."""
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        at = None
    if at is None or at.tzinfo is None:
        raise refuse(
            where, "is no moment with a zone", "write 2026-03-02T08:00:00+01:00"
        )
    if not first_year <= at.year <= LAST_YEAR:
        raise refuse(where, f"must lie in the years {first_year} to {LAST_YEAR}")
    return at.astimezone(UTC)
