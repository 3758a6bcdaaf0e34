"""Parts on beds at once: boxes by quarter turns, in milliseconds.

A part is its box here. One kind of part is laid in two blocks, which a closed form
counts; several kinds are packed by rectpack's maximal rectangles. Lengths are whole
micrometres while packing, so that no rounding moves a part over an edge.

References
----------
J. Jylänki, "A Thousand Ways to Pack the Bin", 2010: maximal rectangles.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Final

import rectpack

from nearmade.geometry.silhouette import Silhouette
from nearmade.vocabulary.errors import InvalidInput

UM_PER_MM: Final = 1000.0
#: A length may be this much over a whole micrometre and count as it. [um]
ROUNDING_UM: Final = 1e-3
#: More on one plate than anybody prints, and than the slicer is given.
MOST_ON_PLATE: Final = 200
#: More copies than this are not packed together: whole plates of one kind go first.
MOST_TOGETHER: Final = 150

#: What is tried for several kinds; the fewest plates win, then the first.
HEURISTICS: Final = (
    (rectpack.PackingBin.BBF, rectpack.MaxRectsBssf, rectpack.SORT_AREA),
    (rectpack.PackingBin.BFF, rectpack.MaxRectsBaf, rectpack.SORT_LSIDE),
    (rectpack.PackingBin.BFF, rectpack.MaxRectsBl, rectpack.SORT_SSIDE),
)


@dataclass(frozen=True, slots=True)
class Bed:
    """Where parts lie.

    Parameters
    ----------
    size_mm
        Build volume along x, y and z, its corner at the origin. [mm]
    edge_mm
        Kept free along the edges, zero or more. [mm]
    gap_mm
        Kept free between parts, zero or more. [mm]
    """

    size_mm: tuple[float, float, float]
    edge_mm: float
    gap_mm: float

    @property
    def room_um(self) -> tuple[int, int]:
        """Give the room for boxes that each carry one gap. [um]"""
        along_x, along_y = (
            math.floor(
                (side - 2 * self.edge_mm + self.gap_mm) * UM_PER_MM + ROUNDING_UM
            )
            for side in self.size_mm[:2]
        )
        return along_x, along_y

    def box_um(self, size_mm: tuple[float, float, float]) -> tuple[int, int]:
        """Give a part's box with one gap, rounded up. [um]"""
        along_x, along_y = (
            math.ceil((side + self.gap_mm) * UM_PER_MM - ROUNDING_UM)
            for side in size_mm[:2]
        )
        return along_x, along_y

    def takes_height(self, size_mm: tuple[float, float, float]) -> bool:
        """Tell whether a part is low enough."""
        return size_mm[2] <= self.size_mm[2]


@dataclass(frozen=True, slots=True)
class Kind:
    """One part in some copies.

    Parameters
    ----------
    part
        Its name, unique among those to be laid.
    size_mm
        Extents along x, y and z. [mm]
    quantity
        Copies, 1 or more.
    silhouette
        Its shadow, where it is known.

    Raises
    ------
    InvalidInput
        When the quantity is below one, or an extent is not above zero.
    """

    part: str
    size_mm: tuple[float, float, float]
    quantity: int
    silhouette: Silhouette | None = None

    def __post_init__(self) -> None:
        if not self.quantity >= 1:
            raise InvalidInput(f"quantity {self.quantity}: must be 1 or more")
        if not all(side > 0 for side in self.size_mm):
            raise InvalidInput(f"part {self.part}: extents must be above zero")


@dataclass(frozen=True, slots=True)
class Placement:
    """Where one copy lies.

    Parameters
    ----------
    part, copy
        Which part; which of its copies on this plate, from 0.
    x_mm, y_mm
        Low corner of its box, as turned. [mm]
    turn_deg
        Counter-clockwise: 0, 90, 180 or 270. [deg]
    """

    part: str
    copy: int
    x_mm: float
    y_mm: float
    turn_deg: int


@dataclass(frozen=True, slots=True)
class Plate:
    """What lies on one bed.

    Parameters
    ----------
    placements
        One for each copy.
    times
        How many plates are like this one, 1 or more.
    """

    placements: tuple[Placement, ...]
    times: int = 1

    def counts(self) -> dict[str, int]:
        """Count the copies of each part."""
        counts: dict[str, int] = {}
        for placement in self.placements:
            counts[placement.part] = counts.get(placement.part, 0) + 1
        return counts


def count_plates(plates: Sequence[Plate]) -> int:
    """Count plates, like ones as often as they are."""
    return sum(plate.times for plate in plates)


def most_of_one(size_mm: tuple[float, float, float], bed: Bed) -> int:
    """Count the copies of one part that two blocks on the bed take; 0 when none."""
    if not bed.takes_height(size_mm):
        return 0
    return min(MOST_ON_PLATE, _best_blocks(bed.box_um(size_mm), bed.room_um).count)


def nest_at_once(kinds: Sequence[Kind], bed: Bed) -> tuple[Plate, ...]:
    """Lay all copies of all parts on as few like beds as quick packing finds.

    Never more plates than when every kind has plates of its own.

    Parameters
    ----------
    kinds
        Parts with different names.
    bed
        One bed; there are as many as needed.

    Raises
    ------
    InvalidInput
        When a part does not fit an empty bed (code ``larger-than-bed``), or two have
        the same name.
    """
    if len({kind.part for kind in kinds}) < len(kinds):
        raise InvalidInput("plate: two parts have the same name")
    for kind in kinds:
        check_fits(kind, bed)
    # The same parts give the same plates, in whatever order they come.
    alike = sorted(kinds, key=lambda kind: (-max(kind.size_mm[:2]), kind.part))
    apart = tuple(plate for kind in alike for plate in _plates_of_one(kind, bed))
    if len(kinds) == 1:
        return _centred(apart, kinds, bed)
    few = sum(kind.quantity for kind in kinds) <= MOST_TOGETHER
    together = _packed(alike, bed) if few else _in_batches(alike, bed)
    return _centred(min(apart, together, key=count_plates), kinds, bed)


def check_fits(kind: Kind, bed: Bed) -> None:
    """Refuse a part that an empty bed does not take.

    Raises
    ------
    InvalidInput
        Code ``larger-than-bed``.
    """
    if most_of_one(kind.size_mm, bed) == 0:
        part = " x ".join(f"{side:.1f}" for side in kind.size_mm)
        room = " x ".join(f"{side:g}" for side in bed.size_mm)
        raise InvalidInput(
            f"part {kind.part}: {part} mm is larger than the bed of {room} mm, "
            f"{bed.edge_mm:g} mm kept free along its edges",
            code="larger-than-bed",
            remedy="take a larger machine's profile, or a smaller part",
        )


def _centred(
    plates: Sequence[Plate], kinds: Sequence[Kind], bed: Bed
) -> tuple[Plate, ...]:
    """Move what lies on each plate to its middle, parts in the order they came."""
    sizes = {kind.part: kind.size_mm for kind in kinds}
    place = {kind.part: number for number, kind in enumerate(kinds)}
    ordered = (
        replace(
            plate,
            placements=tuple(
                sorted(plate.placements, key=lambda each: (place[each.part], each.copy))
            ),
        )
        for plate in plates
    )
    return tuple(centred(plate, sizes, bed) for plate in ordered)


def centred(
    plate: Plate, sizes_mm: Mapping[str, tuple[float, float, float]], bed: Bed
) -> Plate:
    """Move all that lies on a plate to the middle of the bed, as one."""
    if not plate.placements:
        return plate
    ends_x, ends_y = [], []
    for each in plate.placements:
        along_x, along_y = turned_size_mm(sizes_mm[each.part], each.turn_deg)
        ends_x += [each.x_mm, each.x_mm + along_x]
        ends_y += [each.y_mm, each.y_mm + along_y]
    right_mm = (bed.size_mm[0] - max(ends_x) - min(ends_x)) / 2
    up_mm = (bed.size_mm[1] - max(ends_y) - min(ends_y)) / 2
    moved = (
        replace(each, x_mm=each.x_mm + right_mm, y_mm=each.y_mm + up_mm)
        for each in plate.placements
    )
    return replace(plate, placements=tuple(moved))


def turned_size_mm(
    size_mm: tuple[float, float, float], turn_deg: int
) -> tuple[float, float]:
    """Give the extents of a box along x and y once it is turned. [mm]"""
    along_x, along_y, _ = size_mm
    return (along_x, along_y) if turn_deg in (0, 180) else (along_y, along_x)


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Straight copies in a grid, turned ones in the room beside or above it.

    Parameters
    ----------
    count
        Copies in both grids.
    straight, turned
        Columns and rows of each grid.
    beside
        True when the second block lies beside the first, else above it.
    """

    count: int
    straight: tuple[int, int]
    turned: tuple[int, int]
    beside: bool

    def spots_um(self, box_um: tuple[int, int]) -> Iterator[tuple[int, int, bool]]:
        """Give low corners, and whether the copy is turned. [um]"""
        along_x, along_y = box_um
        for row in range(self.straight[1]):
            for column in range(self.straight[0]):
                yield column * along_x, row * along_y, False
        start_x = self.straight[0] * along_x if self.beside else 0
        start_y = 0 if self.beside else self.straight[1] * along_y
        for row in range(self.turned[1]):
            for column in range(self.turned[0]):
                yield start_x + column * along_y, start_y + row * along_x, True


@lru_cache(maxsize=4096)
def _best_blocks(box_um: tuple[int, int], room_um: tuple[int, int]) -> _Blocks:
    """Find the two blocks that hold the most copies; the plain grid when it does."""
    along_x, along_y = box_um
    room_x, room_y = (max(0, side) for side in room_um)
    columns, rows = room_x // along_x, room_y // along_y
    found = []
    for kept in range(columns, -1, -1):
        straight = (kept, rows)
        turned = ((room_x - kept * along_x) // along_y, room_y // along_x)
        found.append((straight, turned, True))
    for kept in range(rows, 0, -1):
        straight = (columns, kept)
        turned = (room_x // along_y, (room_y - kept * along_y) // along_x)
        found.append((straight, turned, False))
    blocks = [
        _Blocks(s[0] * s[1] + t[0] * t[1], s, t, beside) for s, t, beside in found
    ]
    return max(blocks, key=lambda each: each.count)


def _plates_of_one(kind: Kind, bed: Bed) -> Iterator[Plate]:
    """Lay one kind on plates of its own: full ones, then what is left."""
    box_um = bed.box_um(kind.size_mm)
    blocks = _best_blocks(box_um, bed.room_um)
    spots = tuple(islice(blocks.spots_um(box_um), MOST_ON_PLATE))
    times, left = divmod(kind.quantity, len(spots))
    if times:
        yield Plate(_placed(kind, spots, bed), times)
    if left:
        yield Plate(_placed(kind, spots[:left], bed))


def _placed(
    kind: Kind, spots: Sequence[tuple[int, int, bool]], bed: Bed
) -> tuple[Placement, ...]:
    return tuple(
        Placement(
            kind.part,
            number,
            x_um / UM_PER_MM + bed.edge_mm,
            y_um / UM_PER_MM + bed.edge_mm,
            90 if turned else 0,
        )
        for number, (x_um, y_um, turned) in enumerate(spots)
    )


def _in_batches(kinds: Sequence[Kind], bed: Bed) -> tuple[Plate, ...]:
    """Lay whole plates of one kind; pack what is left of each, so many at a time."""
    plates: list[Plate] = []
    batches: list[list[Kind]] = [[]]
    room = MOST_TOGETHER
    for kind in kinds:
        most = most_of_one(kind.size_mm, bed)
        left = kind.quantity % most
        if left > MOST_TOGETHER:
            left = 0
        if kind.quantity - left:
            plates += _plates_of_one(replace(kind, quantity=kind.quantity - left), bed)
        if left > room:
            batches.append([])
            room = MOST_TOGETHER
        if left:
            batches[-1].append(replace(kind, quantity=left))
            room -= left
    for batch in batches:
        plates += _packed(batch, bed) if batch else ()
    return tuple(plates)


def _packed(kinds: Sequence[Kind], bed: Bed) -> tuple[Plate, ...]:
    """Pack boxes by each heuristic and keep the fewest plates."""
    answers = [_packed_by(kinds, bed, *heuristic) for heuristic in HEURISTICS]
    return min(answers, key=len)


def _packed_by(
    kinds: Sequence[Kind],
    bed: Bed,
    bins: int,
    algorithm: type[rectpack.PackingAlgorithm],
    order: object,
) -> tuple[Plate, ...]:
    packer = rectpack.newPacker(
        bin_algo=bins, pack_algo=algorithm, sort_algo=order, rotation=True
    )
    boxes = {}
    copies = 0
    for number, kind in enumerate(kinds):
        boxes[number] = bed.box_um(kind.size_mm)
        copies += kind.quantity
        for _ in range(kind.quantity):
            # A box and the same box turned are packed alike.
            packer.add_rect(max(boxes[number]), min(boxes[number]), rid=number)
    packer.add_bin(*bed.room_um, count=copies)
    packer.pack()
    plates = []
    for packed in packer:
        spots: dict[int, list[tuple[int, int, bool]]] = {}
        for rect in packed:
            turned = (rect.width, rect.height) != boxes[rect.rid]
            spots.setdefault(rect.rid, []).append((rect.x, rect.y, turned))
        laid = [_placed(kinds[rid], where, bed) for rid, where in sorted(spots.items())]
        plates.append(Plate(tuple(each for part in laid for each in part)))
    return tuple(plates)
