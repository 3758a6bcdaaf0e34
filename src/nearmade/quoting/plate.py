"""How many parts share one build: the bed of a profile, and what lies on it."""

from __future__ import annotations

from nearmade.geometry.nesting import Bed, most_of_one
from nearmade.quoting.profile import Profile
from nearmade.vocabulary.errors import InvalidInput

#: Clearance between parts on a plate: PrusaSlicer's own arrangement keeps 6 mm.
GAP_MM = 6.0

#: Clearance from part to bed edge. The skirt's middle line was measured 2.4 mm off the
#: part with Prusa's profiles and 3.4 mm with Creality's, half a line more at its edge.
EDGE_MM = 4.0


def bed_of(profile: Profile) -> Bed:
    """Give the bed that the nesters fill."""
    return Bed(profile.bed_mm, EDGE_MM, GAP_MM)


def parts_per_build(extents_mm: tuple[float, float, float], profile: Profile) -> int:
    """Count the copies of one part that one bed takes; 0 when none fits.

    The nesters lay just as many.
    """
    if not all(side > 0 for side in extents_mm):
        return 0
    return most_of_one(extents_mm, bed_of(profile))


def plates_of(
    extents_mm: tuple[float, float, float], profile: Profile, quantity: int
) -> dict[int, int]:
    """Give how many plates hold how many copies: full ones, and one with the rest.

    A part too large for the bed takes a plate each.
    """
    if not quantity >= 1:
        raise InvalidInput(f"quantity {quantity}: must be 1 or more")
    on_plate = max(1, parts_per_build(extents_mm, profile))
    full, rest = divmod(quantity, on_plate)
    found = {on_plate: full, rest: 1}
    return {copies: plates for copies, plates in found.items() if copies and plates}


def builds_needed(
    extents_mm: tuple[float, float, float], profile: Profile, quantity: int
) -> int:
    """Count the builds for a quantity; a part too large for the bed takes one each."""
    return sum(plates_of(extents_mm, profile, quantity).values())
