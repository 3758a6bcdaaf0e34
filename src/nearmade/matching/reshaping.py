"""Other ways to lay, turn, scale and split a part, in figures."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from nearmade.geometry.facts import WIDTH_STEP_DEG, PartFacts
from nearmade.matching.verdict import Requirement
from nearmade.quoting.plate import EDGE_MM

Boxes = npt.NDArray[np.float64]


def turned(facts: PartFacts, beds_mm: Boxes) -> tuple[int, PartFacts] | None:
    """Find the turn about z by which a part fits one of the beds with most to spare.

    Where the survey knows the widths of the shadow they decide; otherwise the part is
    taken for its box, which asks for more room than it may need.

    Parameters
    ----------
    beds_mm
        Build volumes, shape (n, 3). [mm]

    Returns
    -------
    degrees, facts
        The turn, and the part as it then lies; None when no turn fits.
    """
    best: tuple[float, int, PartFacts] | None = None
    for degrees, wide_mm, deep_mm in _boxes_turned(facts):
        spare = np.minimum(
            beds_mm[:, 0] - 2 * EDGE_MM - wide_mm, beds_mm[:, 1] - 2 * EDGE_MM - deep_mm
        )
        spare = np.minimum(spare, beds_mm[:, 2] - facts.extents_mm[2])
        most = float(spare.max())
        if most >= 0 and (best is None or most > best[0]):
            box = (wide_mm, deep_mm, facts.extents_mm[2])
            best = most, degrees, replace(facts, extents_mm=box, survey=None)
    return None if best is None else best[1:]


def _boxes_turned(facts: PartFacts) -> Iterator[tuple[int, float, float]]:
    """Give the box of the part for each turn: degrees, along x, along y. [mm]"""
    widths = facts.survey.widths_mm if facts.survey is not None else ()
    quarter = 90 // WIDTH_STEP_DEG
    if len(widths) == 2 * quarter:
        for step in range(1, 2 * quarter):
            # Turned by -step, the direction at +step comes to lie along x.
            across = (step + quarter) % (2 * quarter)
            degrees = 180 - step * WIDTH_STEP_DEG
            yield degrees, widths[step], widths[across]
        return
    long_mm, short_mm, _ = facts.extents_mm
    for degrees in range(1, 90):
        cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        yield (
            degrees,
            long_mm * cosine + short_mm * sine,
            long_mm * sine + short_mm * cosine,
        )


def laid(facts: PartFacts) -> Iterator[tuple[str, PartFacts]]:
    """Lay a part on its other sides: the axis that then points up, and the part."""
    x_mm, y_mm, z_mm = facts.extents_mm
    yield "x", replace(facts, extents_mm=(z_mm, y_mm, x_mm), survey=None)
    yield "y", replace(facts, extents_mm=(x_mm, z_mm, y_mm), survey=None)


def scales_that_fit(facts: PartFacts, beds_mm: Boxes) -> npt.NDArray[np.float64]:
    """Give the largest scale at which a part fits each bed, quarters tried, (n,).

    Parameters
    ----------
    beds_mm
        Build volumes, shape (n, 3). [mm]
    """
    x_mm, y_mm, z_mm = (max(side, 1e-9) for side in facts.extents_mm)
    room_x, room_y = beds_mm[:, 0] - 2 * EDGE_MM, beds_mm[:, 1] - 2 * EDGE_MM
    straight = np.minimum(room_x / x_mm, room_y / y_mm)
    quarter = np.minimum(room_x / y_mm, room_y / x_mm)
    fits: npt.NDArray[np.float64] = np.minimum(
        np.maximum(straight, quarter), beds_mm[:, 2] / z_mm
    )
    return fits


def scaled(part: Requirement, scale: float) -> Requirement:
    """Make a part smaller or larger on all sides, its feedstock and details with it."""
    detail_mm = part.detail_mm
    return replace(
        part,
        facts=_shrunk(part.facts, (scale, scale, scale)),
        mass_g=part.mass_g * scale**3,
        detail_mm=None if detail_mm is None else detail_mm * scale,
    )


def split(part: Requirement, axis: int, pieces: int) -> Requirement:
    """Cut a part across one axis into pieces of one length, to be joined by hand."""
    sides = [1.0, 1.0, 1.0]
    sides[axis] = 1 / pieces
    return replace(
        part,
        facts=_shrunk(part.facts, (sides[0], sides[1], sides[2])),
        mass_g=part.mass_g / pieces,
        quantity=part.quantity * pieces,
    )


def _shrunk(facts: PartFacts, by: tuple[float, float, float]) -> PartFacts:
    """Shrink the box; volume as the product, areas as its power of two thirds."""
    volume = math.prod(by)
    area = volume ** (2 / 3)
    x_mm, y_mm, z_mm = facts.extents_mm
    return replace(
        facts,
        extents_mm=(x_mm * by[0], y_mm * by[1], z_mm * by[2]),
        volume_mm3=facts.volume_mm3 * volume,
        area_mm2=facts.area_mm2 * area,
        side_mm2=facts.side_mm2 * area,
        up_mm2=facts.up_mm2 * area,
        down_mm2=facts.down_mm2 * area,
        overhang_mm2=facts.overhang_mm2 * area,
        contact_mm2=facts.contact_mm2 * area,
        survey=None,
    )
