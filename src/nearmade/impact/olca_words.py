"""What the openLCA exchange format and our database call the same things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid5

#: Files of an archive by their path in it, as JSON objects.
Files = Mapping[str, Mapping[str, Any]]

#: Version of the openLCA schema that is written and read.
SCHEMA_VERSION: Final = 2
#: Tag that carries our own id of a process, flow or method.
ID_TAG: Final = "nearmade:"
#: Under it every entity's UUID is made from its own id, so that each export agrees.
NAMESPACE: Final = UUID("6b1f2f0e-1d55-5c55-9a3e-6e656172ab01")
#: Lines of an exchange's description after its source, in this order.
LINES: Final = (
    "id",
    "drawn as",
    "year",
    "geography",
    "boundary",
    "10th percentile",
    "90th percentile",
    "assumed",
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as both sides write it.

    Parameters
    ----------
    ours, theirs
        Such as ``t.km`` and ``t*km``.
    kind
        Flow property, such as ``Mass``.
    reference
        The reference unit of that property, as they write it.
    factor
        How many reference units one of it is.
    """

    ours: str
    theirs: str
    kind: str
    reference: str
    factor: float


_UNITS: Final = (
    Unit("kg", "kg", "Mass", "kg", 1.0),
    Unit("g", "g", "Mass", "kg", 0.001),
    Unit("MJ", "MJ", "Energy", "MJ", 1.0),
    Unit("kWh", "kWh", "Energy", "MJ", 3.6),
    Unit("t.km", "t*km", "Goods transport (mass*distance)", "t*km", 1.0),
    Unit("h", "h", "Duration", "h", 1.0),
    Unit("piece", "Item(s)", "Number of items", "Item(s)", 1.0),
)
UNITS: Final = {one.ours: one for one in _UNITS}


def exact(number: float) -> float:
    """Round to as many digits as a change of unit and back leaves right."""
    return float(f"{number:.15g}")


def uuid_of(kind: str, name: str) -> str:
    """Give the UUID under which an entity is written."""
    return str(uuid5(NAMESPACE, f"{kind}:{name}"))


def unit_named(ours: str) -> Unit:
    """Give a unit; one that is not listed is counted in its own way."""
    return UNITS.get(ours) or Unit(ours, ours, f"Amount in {ours}", ours, 1.0)


def reference_of(unit: Unit) -> Unit:
    """Give the reference unit of a unit's kind."""
    same = (one for one in _UNITS if one.theirs == unit.reference)
    return next(same, unit)


def kinds_of(units: set[str]) -> dict[str, list[Unit]]:
    """Group units by flow property, its reference unit among them."""
    kinds: dict[str, dict[str, Unit]] = {}
    for ours in sorted(units):
        unit = unit_named(ours)
        known = kinds.setdefault(unit.kind, {})
        known[unit.theirs] = unit
        reference = reference_of(unit)
        known[reference.theirs] = reference
    return {kind: list(known.values()) for kind, known in sorted(kinds.items())}
