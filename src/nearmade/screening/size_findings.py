"""Does a part fit a machine, how must it lie, by how much is it too large."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

from nearmade.geometry.facts import WIDTH_STEP_DEG, Finding, PartFacts
from nearmade.screening.machine_limits import MachineLimits
from nearmade.screening.process_rules import ProcessRules

Sides = tuple[float, float, float]

#: What rounding of coordinates may add. [mm]
ROUNDING_MM = 1e-3


@dataclass(frozen=True, slots=True)
class _Lie:
    """One way to lay a part down, and the largest scale at which it fits."""

    scale: float
    sides_mm: Sides
    how: str


def size_findings(
    facts: PartFacts, limits: MachineLimits, rules: ProcessRules
) -> Iterator[Finding]:
    """Say how a part must be turned to fit, or by how much it is too large.

    As it lies comes first, then a quarter turn, then other turns about z in steps of
    ``WIDTH_STEP_DEG`` where the part was surveyed, then other sides down where the
    process allows it.
    """
    tried: list[_Lie] = []
    for given in _lies(facts, rules):
        scale = min(
            (room + ROUNDING_MM) / side if side > 0 else math.inf
            for room, side in zip(limits.build_mm, given.sides_mm, strict=True)
        )
        lie = _Lie(scale, given.sides_mm, given.how)
        if scale >= 1:
            if lie.how:
                yield _turned(lie, limits)
            return
        tried.append(lie)
    yield _too_large(tried, limits)


def _lies(facts: PartFacts, rules: ProcessRules) -> Iterator[_Lie]:
    x, y, z = facts.extents_mm
    yield _Lie(0, (x, y, z), "")
    yield _Lie(0, (y, x, z), "turn it by 90 degrees about z")
    widths = facts.survey.widths_mm if facts.survey is not None else ()
    quarter = len(widths) // 2
    for step in range(1, len(widths)):
        if step != quarter:
            # Turned by a, the part is as wide along x as it was along -a.
            sides = widths[-step], widths[quarter - step], z
            turn = step * WIDTH_STEP_DEG
            yield _Lie(0, sides, f"turn it by {turn} degrees about z")
    if rules.any_way_up:
        for first, second, third in permutations((x, y, z)):
            yield _Lie(0, (first, second, third), "lay it on another side")


def _turned(lie: _Lie, limits: MachineLimits) -> Finding:
    return Finding(
        "fits-turned",
        "note",
        f"As it lies the part does not fit {limits.name}, turned it does.",
        remedy=f"{lie.how[0].upper()}{lie.how[1:]}.",
    )


def _too_large(tried: list[_Lie], limits: MachineLimits) -> Finding:
    """Tell by how much it is too large straight, and how the largest scale fits."""
    straight = max(tried[:2], key=lambda one: one.scale)
    best = max(tried, key=lambda one: one.scale)
    over = [
        f"{side - room:.1f} mm along {axis}"
        for axis, side, room in zip(
            "xyz", straight.sides_mm, limits.build_mm, strict=True
        )
        if side > room + ROUNDING_MM
    ]
    sides = " x ".join(f"{side:.1f}" for side in tried[0].sides_mm)
    room = " x ".join(f"{side:g}" for side in limits.build_mm)
    turned = ", turned by a quarter," if straight.how else ""
    percent = math.floor(best.scale * 100)
    scaled = f"scale it to {percent} % or less" if percent >= 1 else "scale it down"
    how = f" and {best.how}" if best.how else ""
    return Finding(
        "too-large",
        "error",
        f"The part of {sides} mm is{turned} {' and '.join(over)} too large for the "
        f"{room} mm of {limits.name}, and no other turn makes it fit.",
        remedy=f"Choose a larger machine, split the part, or {scaled}{how}.",
    )
