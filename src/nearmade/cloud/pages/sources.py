"""Find a number by its id, wherever a room keeps it, to show its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import ModuleType

from nearmade.impact import sea
from nearmade.impact.database import factor_of, own_database
from nearmade.logistics import carriers, distance
from nearmade.vocabulary.factor import Factor

ROOMS: tuple[ModuleType, ...] = (sea, carriers, distance)


def _within(thing: object, depth: int = 0) -> Iterator[Factor]:
    if isinstance(thing, Factor):
        yield thing
    elif depth < 4 and isinstance(thing, Mapping):
        for entry in thing.values():
            yield from _within(entry, depth + 1)
    elif depth < 4 and isinstance(thing, tuple | list):
        for entry in thing:
            yield from _within(entry, depth + 1)
    elif depth < 4 and is_dataclass(thing) and not isinstance(thing, type):
        for field in fields(thing):
            yield from _within(getattr(thing, field.name), depth + 1)


@cache
def _all_factors() -> dict[str, Factor]:
    found: dict[str, Factor] = {}
    database = own_database()
    for process in database.processes.values():
        for exchange in process.exchanges:
            if exchange.sourced:
                factor = factor_of(database, process, exchange)
                found.setdefault(factor.id, factor)
    for room in ROOMS:
        for thing in vars(room).values():
            for factor in _within(thing):
                found.setdefault(factor.id, factor)
    return found


def factors_named(ids: Iterable[str]) -> list[Factor]:
    """Give the factors of these ids in their order, once each; unknown ids fall out."""
    known = _all_factors()
    return [known[name] for name in dict.fromkeys(ids) if name in known]
