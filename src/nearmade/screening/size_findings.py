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
#: Code of the finding on parts lower than one layer.
THINNER = "thinner-than-layer"


@dataclass(frozen=True, slots=True)
class _Lie:
    """One way to lay a part down, and the largest scale at which it fits."""

    scale: float
    sides_mm: Sides
    how: str


def thinness_findings(facts: PartFacts, layer_mm: float) -> Iterator[Finding]:
    """Say that a part is lower than one layer of a machine.

    Parameters
    ----------
    facts
        Of the part as it lies.
    layer_mm
        Thickness of the machine's layers; 0 where it lays none. [mm]
    """
    height_mm = facts.extents_mm[2]
    if 0 < height_mm < layer_mm - ROUNDING_MM:
        yield Finding(
            "thinner-than-layer",
            "error",
            f"The part is {height_mm:.3g} mm high, less than one layer of "
            f"{layer_mm:g} mm: thicken it or turn it.",
        )


def size_findings(
    facts: PartFacts, limits: MachineLimits, rules: ProcessRules
) -> Iterator[Finding]:
    """Say how a part will be turned to fit, or by how much it is too large.

    Only turns that quotes, plates and the slicer make too count as fitting: as it lies,
    by a quarter about z, and other sides down where the process allows it. Another
    turn about z, found in steps of ``WIDTH_STEP_DEG`` where the part was surveyed, is
    told as a remedy: the caller makes it in the file.
    """
    tried: list[_Lie] = []
    for lie in _lies(facts, limits, rules):
        if lie.scale >= 1:
            if lie.how:
                yield _turned(lie, limits)
            return
        tried.append(lie)
    free = next((lie for lie in _free_turns(facts, limits) if lie.scale >= 1), None)
    yield _too_large(tried, free, limits)


def _lies(
    facts: PartFacts, limits: MachineLimits, rules: ProcessRules
) -> Iterator[_Lie]:
    """Give the ways to lay a part that the product makes by itself."""
    x, y, z = facts.extents_mm
    yield _lie((x, y, z), "", limits)
    yield _lie((y, x, z), "turned by 90 degrees about z", limits)
    if rules.any_way_up:
        for first, second, third in permutations((x, y, z)):
            yield _lie((first, second, third), "laid on another side", limits)


def _free_turns(facts: PartFacts, limits: MachineLimits) -> Iterator[_Lie]:
    """Give the other turns about z, which are the caller's to make."""
    widths = facts.survey.widths_mm if facts.survey is not None else ()
    quarter = len(widths) // 2
    for step in range(1, len(widths)):
        if step != quarter:
            # Turned by a, the part is as wide along x as it was along -a.
            sides = widths[-step], widths[quarter - step], facts.extents_mm[2]
            turn_deg = step * WIDTH_STEP_DEG
            yield _lie(sides, f"turned by {turn_deg} degrees about z", limits)


def _lie(sides_mm: Sides, how: str, limits: MachineLimits) -> _Lie:
    scale = min(
        (room + ROUNDING_MM) / side if side > 0 else math.inf
        for room, side in zip(limits.build_mm, sides_mm, strict=True)
    )
    return _Lie(scale, sides_mm, how)


def _turned(lie: _Lie, limits: MachineLimits) -> Finding:
    return Finding(
        "fits-turned",
        "note",
        f"As it lies the part does not fit {limits.name}, {lie.how} it does.",
        remedy="Nothing to do: it is turned so when it is laid on the plate.",
    )


def _too_large(tried: list[_Lie], free: _Lie | None, limits: MachineLimits) -> Finding:
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
    quarter = ", turned by a quarter," if straight.how else ""
    percent = math.floor(best.scale * 100)
    scaled = f"scale it to {percent} % or less" if percent >= 1 else "scale it down"
    how = f", {best.how}" if best.how else ""
    remedy = f"Choose a larger machine, split the part, or {scaled}{how}."
    if free is not None:
        remedy = f"It would fit {free.how} in the file. Or: {remedy}"
    return Finding(
        "too-large",
        "error",
        f"The part of {sides} mm is{quarter} {' and '.join(over)} too large for the "
        f"{room} mm of {limits.name}.",
        remedy=remedy,
    )
