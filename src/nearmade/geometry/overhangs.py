"""Faces that look down: how much at which angle, and where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.edges import count_edges, label_groups
from nearmade.geometry.facts import MAX_SPOTS, OVERHANG_BIN_DEG, Place, Spot
from nearmade.geometry.mesh import Mesh

Points = NDArray[np.float64]
Chosen = NDArray[np.bool_]

#: Steeper than this from below needs support. Source: common rule of material
#: extrusion, 45 degrees (for instance Prusa Knowledge Base, "Modeling with 3D
#: printing in mind"); a trifle more, for rounding.
OVERHANG_NORMAL_Z: Final = -float(np.sqrt(0.5)) - 1e-5
#: A face that looks down less is upright, but for rounding.
UPRIGHT_NORMAL_Z: Final = -1e-5
#: A face this close to the lowest point, with all corners, lies on the plate. [mm]
PLATE_TOLERANCE_MM: Final = 0.01
#: A face counts as flat when its normal points down within about 2.6 degrees.
FLAT_NORMAL_Z: Final = -0.999
#: Angles are taken as equal within this, so that 45 degrees fall into one bin. [deg]
ROUNDING_DEG: Final = 1e-6
#: A ceiling lies under a bridge when it is this near to the bridge's layer. [mm]
UNDER_MM: Final = 0.3


def on_plate(heights_mm: Points, rises: Points) -> Chosen:
    """Tell which faces lie on the plate.

    Parameters
    ----------
    heights_mm
        Heights of the corners, shape (m, 3). [mm]
    rises
        Height components of the unit normals, shape (m,).
    """
    lowest = heights_mm.min(initial=np.inf)
    low = heights_mm.max(axis=1, initial=-np.inf) <= lowest + PLATE_TOLERANCE_MM
    lying: Chosen = low & (rises < FLAT_NORMAL_Z)
    return lying


def by_angle_mm2(areas_mm2: Points, rises: Points, lying: Chosen) -> tuple[float, ...]:
    """Give the area of faces that look down by their tilt from level. [mm2]

    Parameters
    ----------
    areas_mm2, rises
        Area and height component of the normal of each face.
    lying
        Faces on the plate, which are left out.
    """
    down = (rises < UPRIGHT_NORMAL_Z) & ~lying
    tilts = np.degrees(np.arccos(np.clip(-rises[down], 0, 1)))
    bins = 90 // OVERHANG_BIN_DEG
    places = np.floor((tilts + ROUNDING_DEG) / OVERHANG_BIN_DEG).astype(np.int64)
    sums = np.bincount(
        np.clip(places, 0, bins - 1), weights=areas_mm2[down], minlength=bins
    )
    return tuple(float(one) for one in sums)


def overhang_places(
    mesh: Mesh, bridges: Sequence[Place]
) -> tuple[float, tuple[Place, ...]]:
    """Give what overhangs seen from below, and the largest regions no bridge carries.

    A region is made of faces that overhang and meet along edges. Its size is twice
    its area by its outline, both seen from below: how far it stands out.

    Parameters
    ----------
    mesh
        The surface, right side out.
    bridges
        Ceilings near these do not count as regions.

    Returns
    -------
    tuple[float, tuple[Place, ...]]
        Area of all overhangs [mm2]; regions, largest first.
    """
    corners = mesh.triangles_mm
    crosses = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    doubled = np.linalg.norm(crosses, axis=1)
    rises = crosses[:, 2] / np.where(doubled > 0, doubled, 1)
    steep = (rises < OVERHANG_NORMAL_Z) & ~on_plate(corners[:, :, 2], rises)
    seen = float(-crosses[steep, 2].sum()) / 2
    chosen = np.flatnonzero(steep)
    chosen = chosen[~_carried(corners[chosen], bridges)]
    return seen, _regions(mesh, chosen, -crosses[chosen, 2] / 2)


def _carried(corners: Points, bridges: Sequence[Place]) -> Chosen:
    """Tell which faces lie under a bridge."""
    middles = corners.mean(axis=1)
    carried = np.zeros(len(corners), dtype=bool)
    for bridge in bridges:
        away = np.abs(middles - np.array(bridge.spot.centre_mm))
        near = np.hypot(away[:, 0], away[:, 1]) <= bridge.spot.radius_mm
        carried |= near & (away[:, 2] <= UNDER_MM)
    return carried


def _regions(
    mesh: Mesh, chosen: NDArray[np.int64], seen_mm2: Points
) -> tuple[Place, ...]:
    if not len(chosen):
        return ()
    census = count_edges(mesh.faces[chosen])
    count, labels = label_groups(len(chosen), census.pairs)
    areas = np.bincount(labels, weights=seen_mm2, minlength=count)
    ends = mesh.vertices_mm[census.open_ends]
    outline = np.bincount(
        labels[census.open_faces],
        weights=np.hypot(*(ends[:, 1, :2] - ends[:, 0, :2]).T),
        minlength=count,
    )
    places = []
    for region in np.argsort(-areas, kind="stable")[:MAX_SPOTS]:
        points = mesh.triangles_mm[chosen[labels == region]].reshape(-1, 3)
        size = 2 * float(areas[region]) / max(float(outline[region]), 1e-9)
        places.append(Place(spot_around(points), size, float(areas[region])))
    return tuple(places)


def spot_around(points_mm: Points) -> Spot:
    """Give the spot about the box of some points.

    Parameters
    ----------
    points_mm
        Shape (n, 3), n at least 1. [mm]
    """
    low, high = points_mm.min(axis=0), points_mm.max(axis=0)
    x, y, z = ((low + high) / 2).tolist()
    return Spot((x, y, z), float(np.linalg.norm(high - low)) / 2)
