"""Plain trees: where two differ, and whether one stays within its budget.

A tree is made of dictionaries, lists, texts, numbers, truths, dates, times and None.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

from nearmade.vocabulary.diagnosis import Diagnosis

#: Deepest nesting that is read, in levels.
MOST_LEVELS = 60

#: Most keys and values that are read, aliases written out.
MOST_NODES = 500_000

#: TOML and most programs hold whole numbers in this many bits.
USUAL_BITS = 64

#: Longer whole numbers than this are not read at all.
MOST_BITS = 1024

_HALF = re.compile("[\ud800-\udfff]")
_BARE = re.compile(r"[^\s.\[\]\"]+")


class OverBudget(ValueError):
    """A tree is deeper or larger than what is read."""


class BrokenText(ValueError):
    """A text holds half a character, which no file can hold; says where."""


def step_into(path: str, step: object) -> str:
    """Add one key or index to a path such as ``part[0].name``."""
    if isinstance(step, int) and not isinstance(step, bool):
        return f"{path}[{step}]"
    text = str(step)
    if not isinstance(step, str) or not _BARE.fullmatch(text):
        text = f'"{text}"'
    return f"{path}.{text}" if path else text


def differences(one: Any, other: Any) -> tuple[str, ...]:
    """Give the paths where values or types differ; the order of keys is free.

    Parameters
    ----------
    one, other
        Plain trees. ``1`` and ``1.0`` differ, ``1`` and ``true`` differ, a key with
        no value differs from a missing one, and a NaN equals itself.
    """
    found: list[str] = []
    left: list[tuple[str, Any, Any]] = [("", one, other)]
    while left:
        path, here, there = left.pop()
        if isinstance(here, Mapping) and isinstance(there, Mapping):
            left.extend(
                (step_into(path, _named(key)), here[key], there[key])
                for key in here
                if _has(there, key)
            )
            found.extend(
                step_into(path, _named(key))
                for mine, theirs in ((here, there), (there, here))
                for key in mine
                if not _has(theirs, key)
            )
        elif isinstance(here, list) and isinstance(there, list):
            both = min(len(here), len(there))
            left.extend(
                (step_into(path, index), here[index], there[index])
                for index in range(both)
            )
            found.extend(
                step_into(path, index)
                for index in range(both, max(len(here), len(there)))
            )
        elif not _same(here, there):
            found.append(path)
    return tuple(sorted(found))


def _named(key: object) -> object:
    """Give a key as it is told: a number among keys is no index."""
    return key if isinstance(key, str) else f'"{key!r}"'


def _has(table: Mapping[Any, Any], key: Any) -> bool:
    """Tell whether a table has a key of this very type: ``1`` is not ``True``."""
    if isinstance(key, str):
        return key in table
    return any(type(one) is type(key) and one == key for one in table)


def _same(here: object, there: object) -> bool:
    """Tell whether two leaves mean the same."""
    if type(here) is not type(there):
        return False
    if isinstance(here, float | date | time):
        return repr(here) == repr(there)
    return bool(here == there)


def leaves(tree: Any) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Give every value that is no table or list with content, and its steps."""
    left: list[tuple[tuple[Any, ...], Any]] = [((), tree)]
    while left:
        steps, value = left.pop()
        if isinstance(value, Mapping) and value:
            left.extend(((*steps, key), child) for key, child in value.items())
        elif isinstance(value, list) and value:
            left.extend(((*steps, index), child) for index, child in enumerate(value))
        else:
            yield steps, value


def path_of(steps: tuple[Any, ...]) -> str:
    """Write keys and indices as one path."""
    path = ""
    for step in steps:
        path = step_into(path, step)
    return path


def measure_tree(tree: Any, most_values: int = MOST_NODES) -> tuple[Diagnosis, ...]:
    """Hold a tree to its budget; name numbers that are very long or have no end.

    Parameters
    ----------
    tree
        A plain tree.
    most_values
        Most keys and values that it may have.

    Raises
    ------
    OverBudget
        When it has too many levels, too many values or a number of endless length.
    BrokenText
        When a text holds half a character (one surrogate without the other).
    """
    long_ones: list[Diagnosis] = []
    level, count = [((), tree)], 1
    for _ in range(MOST_LEVELS + 1):
        below: list[tuple[Any, Any]] = []
        for steps, value in level:
            if isinstance(value, dict | list):
                count += len(value)
                if count > most_values:
                    raise OverBudget(f"more than {most_values} values")
                named = value.items() if isinstance(value, dict) else enumerate(value)
                for key in value if isinstance(value, dict) else ():
                    _check_text(key, steps)
                below.extend(((*steps, step), child) for step, child in named)
            elif isinstance(value, str):
                _check_text(value, steps)
            elif type(value) is int and value.bit_length() >= USUAL_BITS:
                long_ones.append(_long(steps, value))
            elif isinstance(value, float) and not math.isfinite(value):
                told = "a finite number"
                long_ones.append(Diagnosis(path_of(steps), "range", str(value), told))
        if not below:
            return tuple(long_ones)
        level = below
    raise OverBudget(f"more than {MOST_LEVELS} levels")


def _check_text(text: object, steps: tuple[Any, ...]) -> None:
    if isinstance(text, str) and not text.isascii() and _HALF.search(text):
        raise BrokenText(path_of(steps))


def _long(steps: tuple[Any, ...], value: int) -> Diagnosis:
    if value.bit_length() > MOST_BITS:
        raise OverBudget(f"{path_of(steps)}: a whole number of endless length")
    return Diagnosis(
        path_of(steps), "range", str(value)[:40], "a whole number of 64 bits"
    )
