"""How many parts share one build."""

from __future__ import annotations

import math

from nearmade.quoting.profile import Profile
from nearmade.vocabulary.errors import InvalidInput

#: Clearance between parts on a plate: PrusaSlicer's own arrangement keeps 6 mm.
GAP_MM = 6.0

#: Clearance from part to bed edge. The skirt's middle line was measured 2.4 mm off the
#: part with Prusa's profiles and 3.4 mm with Creality's, half a line more at its edge.
EDGE_MM = 4.0


def parts_per_build(extents_mm: tuple[float, float, float], profile: Profile) -> int:
    """Count the copies of one part that a grid on the bed takes; 0 when none fits."""
    along_x, along_y, along_z = extents_mm
    if along_z > profile.bed_mm[2]:
        return 0
    straight = _grid(along_x, along_y, profile)
    turned = _grid(along_y, along_x, profile)
    return max(straight, turned)


def builds_needed(
    extents_mm: tuple[float, float, float], profile: Profile, quantity: int
) -> int:
    """Count the builds for a quantity; a part too large for a grid takes one each."""
    if not quantity >= 1:
        raise InvalidInput(f"quantity {quantity}: must be 1 or more")
    return math.ceil(quantity / max(1, parts_per_build(extents_mm, profile)))


def _grid(along_x_mm: float, along_y_mm: float, profile: Profile) -> int:
    columns = _fits(along_x_mm, profile.bed_mm[0])
    rows = _fits(along_y_mm, profile.bed_mm[1])
    return columns * rows


def _fits(part_mm: float, bed_mm: float) -> int:
    room_mm = bed_mm - 2 * EDGE_MM + GAP_MM
    return max(0, math.floor(room_mm / (part_mm + GAP_MM)))
