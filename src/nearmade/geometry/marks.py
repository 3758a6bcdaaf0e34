"""Which faces a finding speaks of, so that a viewer can paint them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.edges import count_edges
from nearmade.geometry.facts import Finding, Spot
from nearmade.geometry.mesh import Mesh

Faces = NDArray[np.int64]
Vectors = NDArray[np.float64]

#: Findings about how faces join.
SURFACE_CODES: Final = frozenset(
    {"open-edges", "non-manifold-edges", "clashing-winding", "degenerate-faces"}
)
#: Findings about faces that look down.
DOWNWARD_CODES: Final = frozenset({"overhangs", "long-bridges", "islands"})
#: Findings about whole bodies: only faces that lie wholly within a spot.
WHOLE_CODES: Final = frozenset({"floating-bodies", "loose-bodies"})
#: Of findings on faces that look down, those within 60 degrees of straight down.
DOWNWARD_Z: Final = -0.5
#: Spots are widened by this share and length, for rounding.
WIDER_FRACTION, WIDER_MM = 0.02, 0.02


def face_marks(mesh: Mesh, findings: Iterable[Finding]) -> Mapping[str, Faces]:
    """Give the faces that each finding concerns, by its code.

    Findings about how faces join mark the very faces. The others mark what touches
    their spots: of overhangs, bridges and islands the faces that look down, of loose
    bodies those that lie wholly within. A finding about the whole part marks nothing.

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
    for one in found:
        if one.code in SURFACE_CODES or not one.spots or not len(corners):
            continue
        near = [_near(corners, low, high, spot) for spot in one.spots]
        faces = np.unique(np.concatenate(near))
        if one.code in DOWNWARD_CODES:
            faces = faces[_rises(corners[faces]) < DOWNWARD_Z]
        if one.code in WHOLE_CODES:
            faces = faces[_within(corners[faces], one.spots)]
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


def _within(corners: Vectors, spots: tuple[Spot, ...]) -> NDArray[np.bool_]:
    """Tell faces with all corners in one spot."""
    inside = np.zeros(len(corners), dtype=bool)
    for spot in spots:
        away = np.linalg.norm(corners - np.array(spot.centre_mm), axis=2)
        inside |= (away <= _reach(spot)).all(axis=1)
    return inside


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
