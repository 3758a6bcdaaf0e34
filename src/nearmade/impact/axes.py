"""What may be varied in a case: batch, distance, infill, intensity of the grid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from nearmade.impact.break_even import Axis, BreakEven, break_even
from nearmade.impact.case import (
    Case,
    Meeting,
    Moulded,
    Printed,
    Way,
    study_of_case,
)
from nearmade.impact.database import Exchange, Process
from nearmade.impact.inventory import OrderInventory
from nearmade.impact.study import Study
from nearmade.vocabulary.errors import InvalidInput

AXES: Final = {
    "batch": Axis(
        "batch",
        "Pieces that share a mould",
        "pieces",
        (*(float(m * 10**n) for n in range(6) for m in (1, 2, 5)), 1e6),
        straight_in="inverse",
        log=True,
    ),
    "distance": Axis(
        "distance",
        "Last leg of the printed way",
        "km",
        tuple(250.0 * n for n in range(21)),
    ),
    "infill": Axis(
        "infill", "Infill of the printed parts", "", tuple(x / 10 for x in range(11))
    ),
    "grid": Axis(
        "grid",
        "Grid of the printing sites",
        "gCO2e/kWh",
        tuple(50.0 * n for n in range(21)),
    ),
}

#: Electricity of a grid that is varied; its primary energy is that of the world's.
VARIED_GRID: Final = "grid/varied"


def meet(
    case: Case,
    meeting: Meeting,
    *,
    method: str = "gwp100",
    draws: int = 500,
    seed: int = 1,
) -> BreakEven:
    """Find where two ways of a case meet along one axis.

    Parameters
    ----------
    case
        Its other figures stay as they are.
    meeting
        What is varied, and which two ways.
    method
        Impact category.
    draws, seed
        Of every number.

    Raises
    ------
    InvalidInput
        When the axis is not known, or neither way has what is varied.
    NotFound
        When the case has no such way.
    """
    axis = AXES.get(meeting.over)
    if axis is None:
        raise InvalidInput(
            f"break-even: {meeting.over!r} cannot be varied",
            remedy=f"vary one of {', '.join(AXES)}",
        )
    if meeting.over == "grid" and method != "gwp100":
        raise InvalidInput(
            f"break-even: the grid's intensity does not move {method}",
            remedy="ask for gwp100",
        )
    _check(case, meeting)
    return break_even(
        axis,
        lambda x: varied(case, meeting, x),
        meeting.first,
        meeting.second,
        method=method,
        draws=draws,
        seed=seed,
    )


def varied(case: Case, meeting: Meeting, value: float) -> Study:
    """Give the study of a case with one figure of its two ways set."""
    names = [one for one in (meeting.first, meeting.second) if one in case.ways]
    ways = {name: _VARY[meeting.over](case.ways[name], value) for name in names}
    study = study_of_case(replace(case, ways={**case.ways, **ways}))
    if meeting.over == "grid":
        return replace(study, processes=(*study.processes, _grid(value)))
    return study


def _batch(way: Way, value: float) -> Way:
    return replace(way, batch=value) if isinstance(way, Moulded) else way


def _distance(way: Way, value: float) -> Way:
    """Set the last leg; a carrier's own account of it no longer holds."""
    if not isinstance(way, Printed):
        return way
    if not way.inventory.legs:
        return way
    *before, last = way.inventory.legs
    legs = (*before, replace(last, distance_km=value, gco2e=None))
    return replace(way, inventory=replace(way.inventory, legs=legs))


def _infill(way: Way, value: float) -> Way:
    """Add or take plastic between the walls; electricity and hours follow the mass."""
    if not isinstance(way, Printed):
        return way
    share = (value - way.infill_fraction) / (1 - way.infill_fraction)
    parts = []
    for part in way.inventory.parts:
        now = part.mass_g.value
        core = way.solid_mass_g.get(part.name, now) - now
        factor = max(0.0, 1 + share * core / now) if now > 0 else 1.0
        parts.append(replace(part, mass_g=part.mass_g.times(factor)))
    before = sum(part.mass_g.value for part in way.inventory.parts)
    after = sum(part.mass_g.value for part in parts)
    inventory = _worked(way.inventory, after / before if before > 0 else 1.0)
    return replace(way, inventory=replace(inventory, parts=tuple(parts)))


def _worked(inventory: OrderInventory, factor: float) -> OrderInventory:
    electricity = tuple(
        replace(
            one,
            energy_wh=one.energy_wh.times(factor),
            machine_h=one.machine_h.times(factor) if one.machine_h else None,
        )
        for one in inventory.electricity
    )
    return replace(inventory, electricity=electricity)


def _gridded(way: Way, value: float) -> Way:
    del value  # it is in the grid's own process
    if not isinstance(way, Printed):
        return way
    electricity = tuple(
        replace(one, solar=False, supply=((VARIED_GRID, 1.0),))
        for one in way.inventory.electricity
    )
    return replace(way, inventory=replace(way.inventory, electricity=electricity))


def _grid(value: float) -> Process:
    emitted = Exchange("co2e/generation", value, source="what is varied")
    taken = Exchange("primary-energy/grid", 1.0, source="the world's grids")
    name = f"Electricity of {value:g} gCO2e/kWh"
    return Process(VARIED_GRID, name, "kWh", "GLO", (emitted, taken), "electricity")


_VARY: Final[dict[str, Callable[[Way, float], Way]]] = {
    "batch": _batch,
    "distance": _distance,
    "infill": _infill,
    "grid": _gridded,
}


def varies(case: Case, meeting: Meeting) -> str:
    """Say why an axis cannot be varied in a case; empty where it can."""
    ways = [case.ways[x] for x in (meeting.first, meeting.second) if x in case.ways]
    printed = [way for way in ways if isinstance(way, Printed)]
    if meeting.over == "batch":
        fits = any(isinstance(way, Moulded) for way in ways)
        return "" if fits else "neither way is moulded"
    if meeting.over == "distance":
        last = [x.inventory.legs[-1].mode for x in printed if x.inventory.legs]
        if not last:
            return "no way has legs"
        return "" if set(last) - {"collect"} else "it is fetched on foot"
    if meeting.over == "infill":
        solid = any(x.solid_mass_g for x in printed)
        return "" if solid else "no printed part says its solid_mass_g"
    fits = any(x.inventory.electricity for x in printed)
    return "" if fits else "no printed way says its electricity"


def _check(case: Case, meeting: Meeting) -> None:
    if meeting.first == meeting.second:
        raise InvalidInput(
            f"break-even: {meeting.first} does not meet itself",
            remedy="name two ways",
        )
    why = varies(case, meeting)
    if why:
        raise InvalidInput(
            f"break-even over {meeting.over} of {meeting.first} and {meeting.second}: "
            f"{why}",
            remedy="add it to the case, or vary another axis",
        )
