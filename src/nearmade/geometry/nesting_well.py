"""Parts on beds for the final plan: true outlines, plate after plate.

A strip packer is asked whether a choice of parts fits one bed; the choice is greedy,
largest parts first, and grows lighter until the answer is yes. The plates of quick
packing stand unless this needs fewer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from nearmade.geometry.nesting import (
    MOST_ON_PLATE,
    MOST_TOGETHER,
    Bed,
    Kind,
    Placement,
    Plate,
    centred,
    count_plates,
    nest_at_once,
    turned_size_mm,
)
from nearmade.geometry.silhouette import Points, distance_mm, quarter_turned

#: Outlines keep this much more than the gap, since the packer counts in float32. [mm]
SPARE_MM: Final = 0.02
#: Shares of a bed's room that a choice of parts may cover, tried in this order.
#: Outlines of 50 real parts packed to 0.80 with their gaps.
FILLS: Final = (0.92, 0.88, 0.84, 0.80, 0.76, 0.72, 0.68, 0.62, 0.55)


@dataclass(frozen=True, slots=True)
class StripTask:
    """A question to the packer: do these outlines fit a box?

    Parameters
    ----------
    width_mm, height_mm
        The box along x and y. [mm]
    outlines_mm
        One for each part, without the gap between them. [mm]
    copies
        Of each outline, 1 or more.
    seed
        The same question has the same answer.
    """

    width_mm: float
    height_mm: float
    outlines_mm: tuple[Points, ...]
    copies: tuple[int, ...]
    seed: int


@dataclass(frozen=True, slots=True)
class StripSpot:
    """Where one outline lies: turned about the origin, then moved.

    Parameters
    ----------
    outline
        Its place in the task.
    turn_deg
        0, 90, 180 or 270. [deg]
    x_mm, y_mm
        The move. [mm]
    """

    outline: int
    turn_deg: int
    x_mm: float
    y_mm: float


#: Gives the spots, or None when it finds none that fit.
StripPacker = Callable[[StripTask], Sequence[StripSpot] | None]


def nest_well(
    kinds: Sequence[Kind], bed: Bed, pack: StripPacker, *, seed: int = 1
) -> tuple[Plate, ...]:
    """Lay all copies on as few like beds as their outlines allow.

    Never more plates than ``nest_at_once``. Parts without a silhouette count as their
    box; more than ``MOST_TOGETHER`` copies are left to ``nest_at_once``.

    Parameters
    ----------
    kinds, bed
        As for ``nest_at_once``.
    pack
        Answers whether outlines fit a box, and how.
    seed
        For the packer.

    Raises
    ------
    InvalidInput
        As ``nest_at_once``.
    """
    quick = nest_at_once(kinds, bed)
    outlines = {kind.part: _outline(kind, bed) for kind in kinds}
    room_mm2 = math.prod(_room_mm(bed))
    area_mm2 = {part: _area_mm2(line) for part, line in outlines.items()}
    needed_mm2 = sum(area_mm2[kind.part] * kind.quantity for kind in kinds)
    copies = sum(kind.quantity for kind in kinds)
    if copies > MOST_TOGETHER or count_plates(quick) <= _least(needed_mm2, room_mm2):
        return quick
    search = _Search({kind.part: kind for kind in kinds}, outlines, bed, pack, seed)
    left = {kind.part: kind.quantity for kind in kinds}
    plates: list[Plate] = []
    for spare in range(count_plates(quick) - 2, -1, -1):
        rest_mm2 = sum(area_mm2[part] * number for part, number in left.items())
        plate = search.one_plate(
            left, area_mm2, least_mm2=rest_mm2 - spare * FILLS[0] * room_mm2
        )
        if plate is None:
            return quick
        plates.append(plate)
        for part, number in plate.counts().items():
            left[part] -= number
        if not any(left.values()):
            return tuple(plates)
    return quick


@dataclass(frozen=True, slots=True)
class _Search:
    """What is kept from plate to plate: choices refused, too."""

    kinds: Mapping[str, Kind]
    outlines: Mapping[str, Points]
    bed: Bed
    pack: StripPacker
    seed: int
    refused: list[dict[str, int]] = field(default_factory=list)

    def one_plate(
        self, left: Mapping[str, int], area_mm2: Mapping[str, float], least_mm2: float
    ) -> Plate | None:
        """Fill a plate with the heaviest choice that fits and covers ``least_mm2``."""
        width_mm, height_mm = _room_mm(self.bed)
        for fill in FILLS:
            chosen = _choose(left, area_mm2, fill * width_mm * height_mm)
            covered_mm2 = sum(area_mm2[part] * n for part, n in chosen.items())
            if covered_mm2 < least_mm2 - 1e-6:
                return None
            if not chosen or any(_holds(chosen, less) for less in self.refused):
                continue
            outlines = tuple(self.outlines[part] for part in chosen)
            task = StripTask(
                width_mm, height_mm, outlines, tuple(chosen.values()), self.seed
            )
            plate = _plate(
                self.pack(task) or (), [self.kinds[part] for part in chosen], self.bed
            )
            if plate.counts() == chosen and is_sound(plate, self.kinds, self.bed):
                return plate
            self.refused.append(chosen)
        return None


def _holds(chosen: Mapping[str, int], less: Mapping[str, int]) -> bool:
    """Tell whether a choice holds all of another."""
    return all(chosen.get(part, 0) >= number for part, number in less.items())


def _choose(
    left: Mapping[str, int], area_mm2: Mapping[str, float], most_mm2: float
) -> dict[str, int]:
    """Take the largest that still fits, again and again."""
    chosen: dict[str, int] = {}
    room_mm2, spots = most_mm2, MOST_ON_PLATE
    for part in sorted(left, key=lambda name: (-area_mm2[name], name)):
        number = min(left[part], spots, math.floor(room_mm2 / area_mm2[part]))
        if number > 0:
            chosen[part] = number
            room_mm2 -= number * area_mm2[part]
            spots -= number
    return chosen


def _plate(spots: Sequence[StripSpot], kinds: Sequence[Kind], bed: Bed) -> Plate:
    """Turn spots of outlines in the packer's box into places of boxes on the bed."""
    shift_mm = bed.edge_mm - bed.gap_mm / 2
    copies: dict[str, int] = {}
    placements = []
    for spot in spots:
        kind = kinds[spot.outline]
        copy = copies.get(kind.part, 0)
        copies[kind.part] = copy + 1
        corners = np.array([(0.0, 0.0), kind.size_mm[:2]])
        low_x, low_y = quarter_turned(corners, spot.turn_deg).min(axis=0)
        placements.append(
            Placement(
                kind.part,
                copy,
                spot.x_mm + float(low_x) + shift_mm,
                spot.y_mm + float(low_y) + shift_mm,
                spot.turn_deg,
            )
        )
    sizes = {kind.part: kind.size_mm for kind in kinds}
    return centred(Plate(tuple(placements)), sizes, bed)


def is_sound(plate: Plate, kinds: Mapping[str, Kind], bed: Bed) -> bool:
    """Tell whether all lie within the edges, and no two nearer than the gap.

    Measured on the shadows themselves, on boxes where a shadow is not known; a
    hundredth of a micrometre is forgiven.
    """
    boxes, shadows = [], []
    for each in plate.placements:
        kind = kinds[each.part]
        along_x, along_y = turned_size_mm(kind.size_mm, each.turn_deg)
        boxes.append((each.x_mm, each.y_mm, each.x_mm + along_x, each.y_mm + along_y))
        shadows.append(_shadow(kind, each))
        if not bed.takes_height(kind.size_mm):
            return False
    edge, spare = bed.edge_mm - 1e-5, bed.gap_mm - 1e-5
    side_x, side_y = bed.size_mm[:2]
    for left, down, right, up in boxes:
        if min(left, down, side_x - right, side_y - up) < edge:
            return False
    for i, one in enumerate(boxes):
        for j in range(i):
            other = boxes[j]
            apart_x = max(one[0] - other[2], other[0] - one[2])
            apart_y = max(one[1] - other[3], other[1] - one[3])
            if max(apart_x, apart_y) >= spare:
                continue
            if distance_mm(shadows[i], shadows[j]) < spare:
                return False
    return True


def _shadow(kind: Kind, where: Placement) -> tuple[Points, ...]:
    if kind.silhouette is not None:
        return kind.silhouette.placed(where.x_mm, where.y_mm, where.turn_deg)
    along_x, along_y = turned_size_mm(kind.size_mm, where.turn_deg)
    return (_box(along_x, along_y) + np.array([where.x_mm, where.y_mm]),)


def _outline(kind: Kind, bed: Bed) -> Points:
    """Give what must not overlap: the outline grown by half the gap."""
    grow_mm = bed.gap_mm / 2 + SPARE_MM
    if kind.silhouette is not None:
        return kind.silhouette.grown_outline(grow_mm)
    along_x, along_y, _ = kind.size_mm
    return _box(along_x + 2 * grow_mm, along_y + 2 * grow_mm) - grow_mm


def _box(along_x_mm: float, along_y_mm: float) -> Points:
    return np.array(
        [(0.0, 0.0), (along_x_mm, 0.0), (along_x_mm, along_y_mm), (0.0, along_y_mm)]
    )


def _room_mm(bed: Bed) -> tuple[float, float]:
    """Give the box that grown outlines may lie in. [mm]"""
    more_mm = bed.gap_mm + 2 * SPARE_MM - 2 * bed.edge_mm
    return bed.size_mm[0] + more_mm, bed.size_mm[1] + more_mm


def _least(area_mm2: float, room_mm2: float) -> int:
    """Give a number of plates below which the outlines cannot lie."""
    return max(1, math.ceil(area_mm2 / room_mm2 - 1e-9))


def _area_mm2(line: Points) -> float:
    x, y = line[:, 0], line[:, 1]
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2
