"""Which faces a finding speaks of, so that a viewer can paint them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.edges import count_edges
from nearmade.geometry.facts import Finding, Spot
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.overhangs import PLATE_TOLERANCE_MM

Faces = NDArray[np.int64]
Vectors = NDArray[np.float64]

#: Findings about how faces join.
SURFACE_CODES: Final = frozenset(
    {"open-edges", "non-manifold-edges", "clashing-winding", "degenerate-faces"}
)
#: Findings about faces that look down.
DOWNWARD_CODES: Final = frozenset({"overhangs", "long-bridges", "islands"})
#: Findings about whole bodies: only faces that lie wholly within a spot.
WHOLE_CODES: Final = frozenset({"floating-bodies", "loose-bodies", "hollows"})
#: Of findings on faces that look down, those within 60 degrees of straight down.
DOWNWARD_Z: Final = -0.5
#: Spots are widened by this share and length, for rounding.
WIDER_FRACTION, WIDER_MM = 0.02, 0.02
#: A face of which less lies in spots is merely touched.
LEAST_FRACTION: Final = 0.15
#: Shares of the corners in points of a face: the corners alone, and an even grid.
CORNERS: Final = np.eye(3)
GRID: Final = (
    np.array(
        [(a, b, 6 - a - b) for a in range(7) for b in range(7 - a)], dtype=np.float64
    )
    / 6
)


def face_marks(mesh: Mesh, findings: Iterable[Finding]) -> Mapping[str, Faces]:
    """Give the faces that each finding concerns, by its code.

    Findings about how faces join mark the very faces. The others mark what touches
    their spots: of overhangs, bridges and islands the faces off the plate that look
    down, of loose bodies and hollows those that lie wholly within. Large faces that a
    spot merely touches are left out where others remain. A finding about the whole
    part marks nothing.

    Parameters
    ----------
    mesh
        The mesh on which the findings were made.
    findings
        Of ``PartFacts`` or of a printability verdict.

    Returns
    -------
    Mapping[str, NDArray[np.int64]]
        Ascending indices into ``mesh.faces``, none empty.
    """
    found = list(findings)
    marks = _surface_marks(mesh, {one.code for one in found} & SURFACE_CODES)
    corners = mesh.triangles_mm
    low, high = corners.min(axis=1), corners.max(axis=1)
    lowest = float(low[:, 2].min(initial=np.inf))
    for one in found:
        if one.code in SURFACE_CODES or not one.spots or not len(corners):
            continue
        near = [_near(corners, low, high, spot) for spot in one.spots]
        faces = np.unique(np.concatenate(near))
        if one.code in DOWNWARD_CODES:
            off = high[faces, 2] > lowest + PLATE_TOLERANCE_MM
            faces = faces[off & (_rises(corners[faces]) < DOWNWARD_Z)]
        if one.code in WHOLE_CODES:
            faces = faces[_shares(corners[faces], one.spots, CORNERS) == 1]
        else:
            shares = _shares(corners[faces], one.spots, GRID)
            much = faces[shares >= LEAST_FRACTION]
            faces = much if len(much) else faces
        earlier = marks.get(one.code, np.zeros(0, dtype=np.int64))
        marks[one.code] = np.union1d(earlier, faces)
    return {code: faces for code, faces in marks.items() if len(faces)}


def _surface_marks(mesh: Mesh, codes: set[str]) -> dict[str, Faces]:
    if not codes:
        return {}
    a, b, c = mesh.faces.T
    proper = np.flatnonzero((a != b) & (b != c) & (c != a))
    census = count_edges(mesh.faces[proper])
    u, v = (mesh.triangles_mm[:, k] - mesh.triangles_mm[:, 0] for k in (1, 2))
    marks = {
        "open-edges": proper[np.unique(census.open_faces)],
        "non-manifold-edges": proper[census.crowded_faces],
        "clashing-winding": proper[census.clashing_faces],
        "degenerate-faces": np.flatnonzero(~np.cross(u, v).any(axis=1)),
    }
    return {code: marks[code] for code in codes}


def _reach(spot: Spot) -> float:
    return spot.radius_mm * (1 + WIDER_FRACTION) + WIDER_MM


def _near(corners: Vectors, low: Vectors, high: Vectors, spot: Spot) -> Faces:
    """Give the faces that come within a spot."""
    centre = np.array(spot.centre_mm)
    reach = _reach(spot)
    away = np.maximum(np.maximum(low - centre, centre - high), 0)
    maybe = np.flatnonzero(np.einsum("ij,ij->i", away, away) <= reach**2)
    close = maybe[_distance(corners[maybe], centre) <= reach]
    return close.astype(np.int64)


def _shares(corners: Vectors, spots: tuple[Spot, ...], weights: Vectors) -> Vectors:
    """Give the share of points of each face that lie in any spot."""
    points = np.einsum("pk,mkj->mpj", weights, corners)
    inside = np.zeros(points.shape[:2], dtype=bool)
    for spot in spots:
        away = points - np.array(spot.centre_mm)
        inside |= np.einsum("mpj,mpj->mp", away, away) <= _reach(spot) ** 2
    shares: Vectors = inside.mean(axis=1)
    return shares


def _rises(corners: Vectors) -> Vectors:
    """Give the height component of each face's normal."""
    crosses = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    lengths = np.linalg.norm(crosses, axis=1)
    rises: Vectors = crosses[:, 2] / np.where(lengths > 0, lengths, 1)
    return rises


def _distance(corners: Vectors, point: Vectors) -> Vectors:
    """Give the distance of a point from each triangle."""
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    squared = np.einsum("ij,ij->i", normals, normals)
    proper = squared > 0
    best = np.full(len(corners), np.inf)
    inside = proper.copy()
    for k in range(3):
        tail, head = corners[:, k], corners[:, (k + 1) % 3]
        along, off = head - tail, point - tail
        length = np.einsum("ij,ij->i", along, along)
        share = np.einsum("ij,ij->i", off, along) / np.where(length > 0, length, 1)
        foot = off - np.clip(share, 0, 1)[:, None] * along
        best = np.minimum(best, np.linalg.norm(foot, axis=1))
        inside &= np.einsum("ij,ij->i", np.cross(along, off), normals) >= 0
    height = np.abs(np.einsum("ij,ij->i", point - corners[:, 0], normals))
    level = height / np.sqrt(np.where(proper, squared, 1))
    return np.where(inside, np.minimum(best, level), best)
