"""Tell whether a part is a piece of sheet: one thickness, walls square to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import ConvexHull

from nearmade.geometry.mesh import Mesh

Vectors = NDArray[np.float64]
Rows = NDArray[np.int64]

#: A face counts as lying in the sheet, or square to it, within about a degree.
ALONG: Final = 0.99985
ACROSS: Final = 0.02
#: Share of the surface that may be neither: rounded edges, engraved marks.
ODD_FRACTION: Final = 0.01
#: Share of the face area that may lie inside the sheet: pockets.
POCKET_FRACTION: Final = 0.01
#: Faces this near to the sheet's side lie in it; of the thickness.
LEVEL_FRACTION: Final = 0.02


@dataclass(frozen=True, slots=True)
class Sheet:
    """A part that is cut from sheet.

    Parameters
    ----------
    thickness_mm
        Of the sheet. [mm]
    area_mm2
        Of the part, holes left out. [mm2]
    cut_mm
        Length of all contours. [mm]
    contours
        Outer ones and holes together: each begins with a pierce.
    box_mm
        Sides of the smallest rectangle around it, the longer first. [mm]
    """

    thickness_mm: float
    area_mm2: float
    cut_mm: float
    contours: int
    box_mm: tuple[float, float]


@dataclass(frozen=True, slots=True)
class NoSheet:
    """Why a part cannot be cut from sheet."""

    reason: str


def sheet_of(mesh: Mesh) -> Sheet | NoSheet:
    """Find the sheet that a part is a piece of, whichever way it lies.

    The sheet's normal is that of the most surface. For a prism the contour length is
    the area of its walls over the thickness, and each ring of walls is one contour.

    Parameters
    ----------
    mesh
        Of one part.
    """
    corners = mesh.triangles_mm
    crosses = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    doubled = np.sqrt(np.einsum("ij,ij->i", crosses, crosses))
    kept = doubled > 0
    if not kept.any():
        return NoSheet("it has no surface")
    areas = doubled[kept] / 2
    normals = crosses[kept] / doubled[kept, None]
    corners, faces = corners[kept], mesh.faces[kept]
    axis = _main_normal(normals, areas)
    rise = normals @ axis
    flat, wall = np.abs(rise) > ALONG, np.abs(rise) < ACROSS
    total = float(areas.sum())
    odd = float(areas[~(flat | wall)].sum()) / total
    if odd > ODD_FRACTION:
        return NoSheet(
            f"{odd * 100:.0f} % of its surface is neither in a sheet's plane nor "
            "square to it"
        )
    if not wall.any():
        return NoSheet("it has no walls")
    heights = corners @ axis
    low, high = float(heights.min()), float(heights.max())
    thickness = high - low
    near = LEVEL_FRACTION * thickness
    middle = heights.mean(axis=1)
    outside = ((middle < low + near) & (rise < 0)) | (
        (middle > high - near) & (rise > 0)
    )
    flat_mm2 = float(areas[flat].sum())
    pocket = float(areas[flat & ~outside].sum()) / flat_mm2
    if pocket > POCKET_FRACTION:
        return NoSheet(
            f"{pocket * 100:.0f} % of its faces lie between its top and its bottom: "
            "it has steps or pockets"
        )
    return Sheet(
        thickness_mm=thickness,
        area_mm2=flat_mm2 / 2,
        cut_mm=float(areas[wall].sum()) / thickness,
        contours=_rings(faces[wall]),
        box_mm=_smallest_box(corners.reshape(-1, 3), axis),
    )


def _main_normal(normals: Vectors, areas: Vectors) -> Vectors:
    """Give the direction that the most surface faces, either way."""
    turned = normals * np.where(_sign(normals) < 0, -1.0, 1.0)[:, None]
    keys = np.round(turned, 2)
    _, group = np.unique(keys, axis=0, return_inverse=True)
    group = group.reshape(-1)
    largest = int(np.argmax(np.bincount(group, weights=areas)))
    mean: Vectors = (turned * areas[:, None])[group == largest].sum(axis=0)
    unit: Vectors = mean / np.linalg.norm(mean)
    return unit


def _sign(normals: Vectors) -> Vectors:
    """Give the sign of the first component that is not nearly zero."""
    clear = np.abs(normals) > 0.1
    first = np.argmax(clear, axis=1)
    signs: Vectors = np.sign(normals[np.arange(len(normals)), first])
    return signs


def _rings(faces: Rows) -> int:
    """Count connected groups of wall faces."""
    used, compact = np.unique(faces, return_inverse=True)
    a, b, c = compact.reshape(-1, 3).T
    ones = np.ones(2 * len(a))
    links = coo_array(
        (ones, (np.concatenate([a, b]), np.concatenate([b, c]))),
        shape=(len(used), len(used)),
    )
    count, _ = connected_components(links, directed=False)
    return int(count)


def _smallest_box(points_mm: Vectors, axis: Vectors) -> tuple[float, float]:
    """Give the sides of the smallest rectangle around the points seen along an axis."""
    across = np.cross(axis, np.eye(3)[int(np.argmin(np.abs(axis)))])
    across /= np.linalg.norm(across)
    plane = np.stack([points_mm @ across, points_mm @ np.cross(axis, across)], axis=1)
    hull = plane[ConvexHull(plane, qhull_options="QJ").vertices]  # joggled: never flat
    edges = np.roll(hull, -1, axis=0) - hull
    angles = np.unique(np.round(np.arctan2(edges[:, 1], edges[:, 0]) % (np.pi / 2), 6))
    cos, sin = np.cos(angles), np.sin(angles)
    along = hull @ np.stack([cos, sin])
    over = hull @ np.stack([-sin, cos])
    wide, deep = np.ptp(along, axis=0), np.ptp(over, axis=0)
    best = int(np.argmin(wide * deep))
    sides = (float(wide[best]), float(deep[best]))
    return max(sides), min(sides)
