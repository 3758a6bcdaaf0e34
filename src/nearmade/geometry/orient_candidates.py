"""Poses in which a part might be printed, the author's own always first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError

Floats = NDArray[np.float64]
Origin = Literal["author", "face", "hull", "axis", "principal"]

#: Directions closer than this count as one. [deg]
SAME_DIRECTION_DEG = 2.0
#: Facets of the hull, and groups of faces, looked at: the largest.
FACETS = 24
FACE_GROUPS = 12
#: Normals are gathered in cells of this size before they are grouped.
NORMAL_CELL = 0.02
#: Turns about the vertical that are tried for the smallest box. [deg]
SPIN_STEP_DEG = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """One way to lay a part on the plate.

    Parameters
    ----------
    rotation
        Turns the mesh as given into the pose, shape (3, 3).
    origin
        Where the idea came from; ``author`` is the mesh as given.
    """

    rotation: Floats
    origin: Origin


def directions_down(
    vertices_mm: Floats, vectors_mm2: Floats
) -> list[tuple[Floats, Origin]]:
    """Give the directions of the mesh that might point down, the author's first.

    Parameters
    ----------
    vertices_mm
        Corners that faces use, shape (n, 3). [mm]
    vectors_mm2
        Area of each face along its outward normal, shape (m, 3). [mm2]

    References
    ----------
    .. [1] Schranz, "Tweaker: auto rotation module for FDM 3D printing", 2016: faces'
       normals weighted by their area are the directions worth trying.
    """
    found: list[tuple[Floats, Origin]] = [(np.array([0.0, 0.0, -1.0]), "author")]
    axes = np.concatenate([np.eye(3), -np.eye(3)])
    groups: list[tuple[Floats, Origin]] = [
        (_hull_facets(vertices_mm), "hull"),
        (_face_groups(vectors_mm2), "face"),
        (axes, "axis"),
        (_principal(vectors_mm2), "principal"),
    ]
    limit = np.cos(np.radians(SAME_DIRECTION_DEG))
    for group, origin in groups:
        for direction in group:
            known = np.array([other for other, _ in found])
            if not (known @ direction > limit).any():
                found.append((direction, origin))
    return found


def _hull_facets(vertices_mm: Floats) -> Floats:
    """Give the outward normals of the hull's largest facets, shape (k, 3)."""
    try:
        hull = ConvexHull(vertices_mm)
    except QhullError:
        return np.zeros((0, 3))  # flat or too few points: no facets
    corners = vertices_mm[hull.simplices]
    vectors = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    areas = np.linalg.norm(vectors, axis=1) / 2
    return _largest(hull.equations[:, :3], areas, FACETS)


def _face_groups(vectors_mm2: Floats) -> Floats:
    """Give the normals that most of the surface has, shape (k, 3)."""
    areas = np.linalg.norm(vectors_mm2, axis=1)
    some = areas > 0
    units = vectors_mm2[some] / areas[some, None]
    return _largest(units, areas[some], FACE_GROUPS)


def _largest(units: Floats, areas: Floats, limit: int) -> Floats:
    """Group equal directions and give the mean of those with most area."""
    cells = np.rint(units / NORMAL_CELL).astype(np.int64) + 64
    keys = (cells[:, 0] << 16) + (cells[:, 1] << 8) + cells[:, 2]
    _, group = np.unique(keys, return_inverse=True)
    totals = np.bincount(group, areas)
    sums = np.stack(
        [np.bincount(group, areas * units[:, axis]) for axis in range(3)], axis=1
    )
    best = sums[np.argsort(-totals, kind="stable")[:limit]]
    directions: Floats = best / np.linalg.norm(best, axis=1, keepdims=True)
    return directions


def _principal(vectors_mm2: Floats) -> Floats:
    """Give both ends of the axes about which the surface's normals spread."""
    areas = np.linalg.norm(vectors_mm2, axis=1)
    some = areas > 0
    scaled = vectors_mm2[some] / np.sqrt(areas[some])[:, None]
    _, axes = np.linalg.eigh(scaled.T @ scaled)
    directions: Floats = np.concatenate([axes.T, -axes.T])
    return directions


def pose_of(direction: Floats, origin: Origin, hull_mm: Floats) -> Pose:
    """Lay a direction down, by the shortest turn and then to the smallest box.

    Parameters
    ----------
    direction
        Of the mesh, to point down, length 1.
    origin
        Where it came from; the author's pose is not turned at all.
    hull_mm
        Corners of the convex hull, or all corners, shape (n, 3). [mm]
    """
    if origin == "author":
        return Pose(np.eye(3), origin)
    down = np.array([0.0, 0.0, -1.0])
    axis = np.cross(direction, down)
    sine, cosine = float(np.linalg.norm(axis)), float(direction @ down)
    if sine < 1e-12:
        turn = np.eye(3) if cosine > 0 else np.diag([1.0, -1.0, -1.0])
    else:
        x, y, z = axis / sine
        cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
        turn = np.eye(3) + sine * cross + (1 - cosine) * cross @ cross
    return Pose(_spin(hull_mm @ turn.T) @ turn, origin)


def _spin(points_mm: Floats) -> Floats:
    """Give the turn about z to the smallest box; none where that gains nothing."""
    angles = np.radians(np.arange(0.0, 90.0, SPIN_STEP_DEG))
    cosines, sines = np.cos(angles), np.sin(angles)
    x, y = points_mm[:, :1], points_mm[:, 1:2]
    widths = np.ptp(x * cosines - y * sines, axis=0)
    depths = np.ptp(x * sines + y * cosines, axis=0)
    boxes = widths * depths
    best = int(np.argmin(boxes))
    if not boxes[best] < 0.99 * boxes[0]:
        best = 0
    c, s = cosines[best], sines[best]
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
