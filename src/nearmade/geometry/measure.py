"""Measure a mesh once, and say what a person should know about it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.edges import EdgeCensus, count_edges, label_groups
from nearmade.geometry.facts import MAX_SPOTS, PartFacts, Spot
from nearmade.geometry.findings import Shape, worst_first
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.overhangs import (
    OVERHANG_NORMAL_Z,
    by_angle_mm2,
    on_plate,
    spot_around,
)

Vectors = NDArray[np.float64]

#: Bodies nearer than this to the plate or to each other may hold together. [mm]
CLEAR_MM = 0.05
#: Above this number bodies are not compared with each other.
MAX_BODIES_COMPARED = 1_000


@dataclass(frozen=True, slots=True)
class _Faces:
    """Figures of the faces, right side out."""

    areas_mm2: Vectors
    normals: Vectors
    signed_mm3: Vectors
    corners_mm: Vectors


def measure(mesh: Mesh) -> PartFacts:
    """Measure a mesh as it would lie on the plate, z up.

    Corners are taken as joined by the reader: two faces meet where they name the same
    vertices. A closed mesh that is inside out is measured right side out and says so.

    Parameters
    ----------
    mesh
        Any mesh, also one without faces.
    """
    a, b, c = mesh.faces.T
    proper = (a != b) & (b != c) & (c != a)
    topology = mesh.faces[proper]
    census = count_edges(topology)
    bodies, labels = label_groups(len(topology), census.pairs)
    faces = _face_figures(mesh.vertices_mm, topology)
    closed = len(topology) > 0 and not census.unbalanced
    volume_mm3 = float(faces.signed_mm3.sum())
    inverted = closed and volume_mm3 < 0
    normals = -faces.normals if inverted else faces.normals
    with_area = int(np.count_nonzero(faces.areas_mm2))
    low, high = _box(faces.corners_mm)
    floating, spots = _floating(faces, labels, bodies, inverted=inverted)
    shape = Shape(
        extents_mm=_triple(high - low),
        volume_mm3=volume_mm3,
        faces=len(mesh.faces),
        degenerate=len(mesh.faces) - with_area,
        closed=closed,
        census=census,
        bodies=bodies,
        floating=floating,
        floating_spots=spots,
        hole_spots=_holes(mesh.vertices_mm, census),
    )
    return _facts(shape, census, faces, normals, with_area)


def _facts(
    shape: Shape, census: EdgeCensus, faces: _Faces, normals: Vectors, with_area: int
) -> PartFacts:
    areas, rise = faces.areas_mm2, normals[:, 2]
    lying = on_plate(faces.corners_mm[:, :, 2], rise)
    steep = (rise < OVERHANG_NORMAL_Z) & ~lying
    level = np.sqrt(np.clip(1 - rise**2, 0, 1))
    return PartFacts(
        triangles=with_area,
        watertight=shape.closed and not census.crowded,
        volume_mm3=abs(shape.volume_mm3),
        area_mm2=float(areas.sum()),
        extents_mm=shape.extents_mm,
        bodies=shape.bodies,
        side_mm2=float(areas @ level),
        up_mm2=float(areas @ np.clip(rise, 0, None)),
        down_mm2=float(areas @ np.clip(-rise, 0, None)),
        overhang_mm2=float(areas[steep].sum()),
        contact_mm2=float(areas[lying].sum()),
        findings=worst_first(shape),
        open_edges=census.open,
        non_manifold_edges=census.crowded,
        overhang_by_angle_mm2=by_angle_mm2(areas, rise, lying),
    )


def _face_figures(vertices_mm: Vectors, topology: NDArray[np.int64]) -> _Faces:
    corners = vertices_mm[topology]
    origin = corners.reshape(-1, 3)
    centre = (origin.min(axis=0) + origin.max(axis=0)) / 2 if len(origin) else 0.0
    near = corners - centre
    crosses = np.cross(near[:, 1] - near[:, 0], near[:, 2] - near[:, 0])
    doubled = np.sqrt(np.einsum("ij,ij->i", crosses, crosses))
    normals = np.divide(
        crosses,
        doubled[:, None],
        out=np.zeros_like(crosses),
        where=doubled[:, None] > 0,
    )
    signed = np.einsum("ij,ij->i", near[:, 0], crosses) / 6
    return _Faces(doubled / 2, normals, signed, corners)


def _box(corners_mm: Vectors) -> tuple[Vectors, Vectors]:
    points = corners_mm.reshape(-1, 3)
    if not len(points):
        return np.zeros(3), np.zeros(3)
    return points.min(axis=0), points.max(axis=0)


def _floating(
    faces: _Faces, labels: NDArray[np.int64], bodies: int, *, inverted: bool
) -> tuple[int, tuple[Spot, ...]]:
    """Find solid bodies that stand clear of the plate and touch no other's box."""
    if not 1 < bodies <= MAX_BODIES_COMPARED:
        return 0, ()
    low = np.full((bodies, 3), np.inf)
    high = np.full((bodies, 3), -np.inf)
    for axis in range(3):
        np.minimum.at(low[:, axis], labels, faces.corners_mm[:, :, axis].min(axis=1))
        np.maximum.at(high[:, axis], labels, faces.corners_mm[:, :, axis].max(axis=1))
    volumes = np.bincount(labels, weights=faces.signed_mm3, minlength=bodies)
    solid = (volumes < 0) if inverted else (volumes > 0)
    raised = low[:, 2] > low[:, 2].min() + CLEAR_MM
    gap = np.maximum(low[:, None] - high[None], low[None] - high[:, None]).max(axis=2)
    np.fill_diagonal(gap, np.inf)
    alone = gap.min(axis=1) > CLEAR_MM
    floating = np.flatnonzero(solid & raised & alone)
    largest = floating[np.argsort(-np.abs(volumes[floating]), kind="stable")]
    spots = [spot_around(np.stack([low[k], high[k]])) for k in largest[:MAX_SPOTS]]
    return len(floating), tuple(spots)


def _holes(vertices_mm: Vectors, census: EdgeCensus) -> tuple[Spot, ...]:
    """Give the places of holes in the surface, those with most edges first."""
    if not census.open:
        return ()
    corners, ends = np.unique(census.open_ends, return_inverse=True)
    _, labels = label_groups(len(corners), ends.reshape(-1, 2))
    order = np.argsort(-np.bincount(labels), kind="stable")[:MAX_SPOTS]
    return tuple(spot_around(vertices_mm[corners[labels == k]]) for k in order)


def _triple(values: Vectors) -> tuple[float, float, float]:
    x, y, z = values.tolist()
    return x, y, z
