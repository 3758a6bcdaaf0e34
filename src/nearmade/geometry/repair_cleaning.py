"""Join corners that should be one, and leave out faces that are none."""

from __future__ import annotations

from dataclasses import dataclass

import manifold3d
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from nearmade.geometry.edges import label_groups
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.repair_edges import edge_table
from nearmade.geometry.weld import weld

Whole = NDArray[np.int64]

#: Distances within which corners of open edges are joined, one after the other while
#: edges are open, as shares of the box's diagonal. manifold3d comes before: it joins
#: what the rounding to 32 bits has parted.
REACH_FRACTIONS = (0.0, 1e-6, 1e-5, 1e-4)

#: Corners are joined only when they lie nearer to each other than this share of the
#: shortest edge that ends at either.
SMALL_FRACTION = 0.25
#: With more open half-edges than this share, faces are torn off each other: then all
#: corners within reach are joined, and faces smaller than the tears collapse.
TORN_FRACTION = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Cleaned:
    """A mesh without doubles.

    Parameters
    ----------
    mesh
        The mesh, corners joined.
    vertices_merged, faces_dropped
        How many are gone.
    merged_within_mm
        Greatest distance over which corners were joined. [mm]
    with_doubles
        Faces of the mesh with those that lay on others, shape (k, 3).
    """

    mesh: Mesh
    vertices_merged: int
    faces_dropped: int
    merged_within_mm: float
    with_doubles: Whole


def cleaned(mesh: Mesh) -> Cleaned:
    """Join equal and nearly equal corners; drop collapsed and doubled faces.

    Corners that differ are joined along open edges only, and only while that leaves
    fewer edges wrong.

    Parameters
    ----------
    mesh
        Any mesh.
    """
    used = len(np.unique(mesh.faces))
    now, reached_mm = _with_seams_joined(_without_collapsed(weld(mesh)))
    with_doubles = now.faces
    single = _without_doubles(now)
    if edge_table(single.faces).faults < edge_table(now.faces).faults:
        now = single
    left = len(np.unique(now.faces))
    dropped = len(mesh.faces) - len(now.faces)
    return Cleaned(now, used - left, dropped, reached_mm, with_doubles)


def _with_seams_joined(mesh: Mesh) -> tuple[Mesh, float]:
    """Join corners of open edges that lie close, and say how far the farthest lay."""
    now, reached_mm = mesh, 0.0
    diagonal_mm = float(np.linalg.norm(np.ptp(mesh.vertices_mm, axis=0)))
    for fraction in REACH_FRACTIONS:
        table = edge_table(now.faces)
        lone = table.count[table.edge] == 1
        if not lone.any():
            break
        if fraction:
            torn = float(lone.mean()) > TORN_FRACTION
            rim = np.unique(table.tail[lone])
            near = _near(now, rim, fraction * diagonal_mm, careful=not torn)
        else:
            near = _manifold_pairs(now)
        joined, moved_mm = _joined(now, near)
        if edge_table(joined.faces).faults < table.faults:
            now, reached_mm = joined, max(reached_mm, moved_mm)
    return now, reached_mm


def _without_collapsed(mesh: Mesh) -> Mesh:
    """Drop faces that name a corner twice."""
    a, b, c = mesh.faces.T
    proper = (a != b) & (b != c) & (c != a)
    return mesh if proper.all() else Mesh(mesh.vertices_mm, mesh.faces[proper])


def _manifold_pairs(mesh: Mesh) -> Whole:
    """Give the corners that manifold3d would join, shape (p, 2)."""
    outside = manifold3d.Mesh(
        vert_properties=mesh.vertices_mm.astype(np.float32),
        tri_verts=mesh.faces.astype(np.uint32),
    )
    outside.merge()
    pairs = np.stack([outside.merge_from_vert, outside.merge_to_vert], axis=1)
    return pairs.astype(np.int64)


def _near(mesh: Mesh, rim: Whole, reach_mm: float, *, careful: bool) -> Whole:
    """Give pairs of rim corners within reach of each other, shape (p, 2).

    With care, corners farther apart than a share of the shortest edge at either are
    left, so that no small face collapses.
    """
    found = cKDTree(mesh.vertices_mm[rim]).query_pairs(reach_mm, output_type="ndarray")
    pairs: Whole = rim[found].reshape(-1, 2)
    if not careful:
        return pairs
    shortest_mm = np.full(len(mesh.vertices_mm), np.inf)
    for k in range(3):
        here, there = mesh.faces[:, k], mesh.faces[:, (k + 1) % 3]
        edge = mesh.vertices_mm[here] - mesh.vertices_mm[there]
        lengths = np.linalg.norm(edge, axis=1)
        np.minimum.at(shortest_mm, here, lengths)
        np.minimum.at(shortest_mm, there, lengths)
    apart = mesh.vertices_mm[pairs[:, 0]] - mesh.vertices_mm[pairs[:, 1]]
    bound_mm = SMALL_FRACTION * shortest_mm[pairs].min(axis=1, initial=np.inf)
    near = np.linalg.norm(apart, axis=1) <= bound_mm
    return np.asarray(pairs[near])


def _joined(mesh: Mesh, pairs: Whole) -> tuple[Mesh, float]:
    """Join pairs of corners, and say how far apart the farthest lay."""
    if not len(pairs):
        return mesh, 0.0
    here, there = mesh.vertices_mm[pairs[:, 0]], mesh.vertices_mm[pairs[:, 1]]
    _, groups = label_groups(len(mesh.vertices_mm), pairs)
    _, first = np.unique(groups, return_index=True)
    joined = Mesh(mesh.vertices_mm[first], groups[mesh.faces])
    return _without_collapsed(joined), float(np.linalg.norm(here - there, axis=1).max())


def _without_doubles(mesh: Mesh) -> Mesh:
    """Keep one of equal faces, and none of two that lie back to back."""
    ordered = np.sort(mesh.faces, axis=1)
    _, group = np.unique(ordered, axis=0, return_inverse=True)
    group = group.reshape(-1)
    turned = _winding(mesh.faces)
    sums = np.bincount(group, weights=turned)
    wanted = np.sign(sums)[group]
    keep = turned == wanted
    _, first = np.unique(np.where(keep, group, -1), return_index=True)
    chosen = np.zeros(len(group), dtype=bool)
    chosen[first] = True
    return Mesh(mesh.vertices_mm, mesh.faces[chosen & keep])


def _winding(faces: Whole) -> Whole:
    """Tell the two ways round three corners apart: 1 or -1."""
    a, b, c = faces.T
    ascending = ((a < b).astype(int) + (b < c) + (c < a)) == 2
    return np.where(ascending, 1, -1)
