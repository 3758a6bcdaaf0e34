"""How far an arc reaches."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, ceil, cos, hypot, isfinite, pi, sin, sqrt, tau

#: Start and end radius of an arc may differ by this much through rounding. [mm]
RADIUS_SLACK_MM = 0.1


@dataclass(frozen=True, slots=True)
class Arc:
    """An arc in the plane of the bed.

    Parameters
    ----------
    low_mm, high_mm
        Corners of its box along x and y, shape (2,). [mm]
    length_mm
        Length along the arc. [mm]
    """

    low_mm: tuple[float, float]
    high_mm: tuple[float, float]
    length_mm: float


def centre_by_radius(
    start: tuple[float, float],
    end: tuple[float, float],
    radius_mm: float,
    *,
    clockwise: bool,
) -> tuple[float, float] | None:
    """Find the centre of an arc given by its radius; None when there is none.

    A negative radius asks for the longer way round.
    """
    dx, dy = end[0] - start[0], end[1] - start[1]
    chord = hypot(dx, dy)
    if not (0 < chord <= 2 * abs(radius_mm) and isfinite(radius_mm)):
        return None
    height = sqrt(max(radius_mm**2 - (chord / 2) ** 2, 0.0))
    side = 1.0 if clockwise != (radius_mm > 0) else -1.0
    middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    return (
        middle[0] - side * height * dy / chord,
        middle[1] + side * height * dx / chord,
    )


def trace(
    start: tuple[float, float],
    end: tuple[float, float],
    centre: tuple[float, float],
    *,
    clockwise: bool,
) -> Arc | None:
    """Give box and length of an arc; None when its ends lie on different circles.

    Start and end at one point make a full circle.
    """
    radius = hypot(start[0] - centre[0], start[1] - centre[1])
    end_radius = hypot(end[0] - centre[0], end[1] - centre[1])
    if not (radius > 0 and abs(radius - end_radius) <= RADIUS_SLACK_MM):
        return None
    first = atan2(start[1] - centre[1], start[0] - centre[0])
    last = atan2(end[1] - centre[1], end[0] - centre[0])
    if clockwise:
        first, last = last, first
    sweep = (last - first) % tau
    if hypot(end[0] - start[0], end[1] - start[1]) < 1e-9:
        sweep = tau
    xs, ys = [start[0], end[0]], [start[1], end[1]]
    quarter = ceil(first / (pi / 2))
    while quarter * pi / 2 <= first + sweep:
        xs.append(centre[0] + radius * cos(quarter * pi / 2))
        ys.append(centre[1] + radius * sin(quarter * pi / 2))
        quarter += 1
    return Arc((min(xs), min(ys)), (max(xs), max(ys)), radius * sweep)
