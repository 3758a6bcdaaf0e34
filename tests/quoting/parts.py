"""Small true things that the quoting tests share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nearmade.geometry.facts import PartFacts
from nearmade.geometry.mesh import Mesh
from nearmade.quoting.profile import Level0Fit, Level1Fit, Profile, Spread
from nearmade.quoting.profiles import find_profile
from nearmade.quoting.terms import TIMES, VOLUMES

EXACT = Spread(1, 1, "by hand")

#: The formula that was published with the house: 72 meshes, MK3S, PLA, 20 %.
NOTED = Level0Fit(
    shell_mm3=1.076,
    sparse_mm3=0.198,
    start_mm3=22.0,
    shell_s=0.357,
    sparse_s=0.094,
    wall_s=0.0288,
    layer_s=4.05,
    start_s=27.0,
    volume_spread=Spread(0.9, 1.1, "by hand"),
    time_spread=Spread(0.8, 1.25, "by hand"),
    source="by hand",
)

MK3S = find_profile("mk3s-pla-0.20")

#: MK3S with that formula and no spread between slicer and reality.
BY_HAND: Profile = replace(
    MK3S,
    level0=NOTED,
    level1=Level1Fit(
        (1.0,) * len(VOLUMES),
        (1.0,) * len(TIMES),
        volume_spread=EXACT,
        time_spread=EXACT,
        source="by hand",
    ),
    volume_reality=EXACT,
    time_reality=EXACT,
)


def cuboid_facts(x_mm: float, y_mm: float, z_mm: float) -> PartFacts:
    """Give the facts of a cuboid, worked by hand."""
    side = 2 * (x_mm + y_mm) * z_mm
    return PartFacts(
        triangles=12,
        watertight=True,
        volume_mm3=x_mm * y_mm * z_mm,
        area_mm2=side + 2 * x_mm * y_mm,
        extents_mm=(x_mm, y_mm, z_mm),
        bodies=1,
        side_mm2=side,
        up_mm2=x_mm * y_mm,
        down_mm2=x_mm * y_mm,
        overhang_mm2=0.0,
        contact_mm2=x_mm * y_mm,
    )


def cuboid_mesh(x_mm: float, y_mm: float, z_mm: float) -> Mesh:
    """Give a cuboid with one corner at the origin."""
    corners = np.array(
        [[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], dtype=np.float64
    )
    faces = [
        (0, 1, 3), (0, 3, 2), (4, 6, 7), (4, 7, 5), (0, 4, 5), (0, 5, 1),
        (2, 3, 7), (2, 7, 6), (0, 2, 6), (0, 6, 4), (1, 5, 7), (1, 7, 3),
    ]  # fmt: skip
    return Mesh(corners * np.array([x_mm, y_mm, z_mm]), np.array(faces, dtype=np.int64))


CUBE = cuboid_facts(20, 20, 20)
