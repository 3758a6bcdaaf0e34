"""Whether one facility's lots do for all components of a design together.

Each component comes from one lot, for its colour; several may share a lot. Which takes
which is searched exactly, the heaviest first, so that another lot on the shelf or
another material never makes a facility lose a design.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from nearmade.facilities.facility import Facility
from nearmade.matching.judge import Judge
from nearmade.matching.material_gates import (
    YES,
    ProfileLike,
    allowed_materials,
    colour_level,
    identity_of,
)
from nearmade.matching.verdict import Question, Reason, Requirement
from nearmade.vocabulary.identity import ProfileId

#: Steps of the search before it gives up and says that somebody must look: about a
#: second for a dozen components on a dozen lots.
MOST_STEPS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Together:
    """Whether the lots do: neither reason nor question means yes."""

    reason: Reason | None = None
    question: Question | None = None


def lots_together(
    requirements: Sequence[Requirement],
    materials: Sequence[str],
    facility: Facility,
    now: datetime,
    profiles: Mapping[ProfileId, ProfileLike],
) -> Together:
    """Tell whether a facility that makes each of these makes all of them.

    Parameters
    ----------
    requirements
        Each is known to match there by itself.
    materials
        What each is made of there when it is alone.
    facility
        Whose lots.
    now
        The present, with a zone.
    profiles
        Print profiles by id.
    """
    if len(requirements) < 2:
        return Together()
    lots = [(lot.material, lot.colour, lot.stock_g) for lot in facility.feedstocks]
    if _fits_plainly(requirements, materials, lots):
        return Together()
    wants = sorted(
        (
            (
                each.mass_g * each.quantity,
                _usable(each, facility, lots, now, profiles),
            )
            for each in requirements
        ),
        key=lambda want: (-want[0], len(want[1])),
    )
    found = _Search([stock_g for _, _, stock_g in lots], wants).run()
    if found:
        return Together()
    need_g = sum(mass_g for mass_g, _ in wants)
    held = ", ".join(f"{stock_g:.0f} g of {name}" for name, _, stock_g in lots)
    message = (
        f"all components together need {need_g:.0f} g, each from one lot; "
        f"the shelf holds {held}"
    )
    if found is None:
        ask = f"is there enough at {facility.name} for all components?"
        return Together(question=Question("stock-together-unknown", message, ask))
    return Together(
        Reason("stock-too-low-together", message, "order fewer, or wait for stock")
    )


def _fits_plainly(
    requirements: Sequence[Requirement],
    materials: Sequence[str],
    lots: Sequence[tuple[str, str, float]],
) -> bool:
    """Tell whether all fit when each keeps its material and takes the first lot."""
    left_g = [stock_g for _, _, stock_g in lots]
    for each, material in zip(requirements, materials, strict=True):
        need_g, identity = each.mass_g * each.quantity, identity_of(material)
        for number, (name, colour, _) in enumerate(lots):
            suits = identity_of(name) == identity
            if suits and need_g <= left_g[number] and _has(colour, each.colour):
                left_g[number] -= need_g
                break
        else:
            return False
    return True


def _has(colour: str, asked: str) -> bool:
    return colour_level(colour, asked) == YES


def _usable(
    requirement: Requirement,
    facility: Facility,
    lots: Sequence[tuple[str, str, float]],
    now: datetime,
    profiles: Mapping[ProfileId, ProfileLike],
) -> tuple[int, ...]:
    """Give the lots that this component may come from."""
    on_shelf = {identity_of(name) for name, _, _ in lots}
    good = set()
    for name in allowed_materials(requirement):
        if identity_of(name) not in on_shelf:
            continue
        alone = Judge(replace(requirement, materials=(name,)), now, profiles)
        if alone.judge(facility).verdict == "yes":
            good.add(identity_of(name))
    return tuple(
        number
        for number, (name, colour, _) in enumerate(lots)
        if identity_of(name) in good and _has(colour, requirement.colour)
    )


class _Search:
    """Put each want into a lot, by trying; None when it takes too long."""

    def __init__(
        self, rooms_g: list[float], wants: Sequence[tuple[float, tuple[int, ...]]]
    ) -> None:
        self._rooms_g = rooms_g
        self._wants = wants
        self._steps = 0

    def run(self) -> bool | None:
        found = self._put(0)
        return None if not found and self._steps > MOST_STEPS else found

    def _put(self, first: int) -> bool:
        self._steps += 1
        if self._steps > MOST_STEPS:
            return False
        if first == len(self._wants):
            return True
        mass_g, lots = self._wants[first]
        tried: set[tuple[float, tuple[bool, ...]]] = set()
        for lot in lots:
            # Lots that are alike to all that is still to be placed are one case.
            likeness = (
                self._rooms_g[lot],
                tuple(lot in others for _, others in self._wants[first:]),
            )
            if not mass_g <= self._rooms_g[lot] or likeness in tried:
                continue
            tried.add(likeness)
            self._rooms_g[lot] -= mass_g
            if self._put(first + 1):
                return True
            self._rooms_g[lot] += mass_g
        return False
