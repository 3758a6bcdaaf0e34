"""Normals for shading: round surfaces look round, edges stay sharp."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.edges import count_edges, label_groups
from nearmade.geometry.mesh import Mesh

#: Faces that meet at less than this are parts of one round surface. cos(32 degrees)
SMOOTH_COSINE = 0.848


def corner_normals(mesh: Mesh) -> NDArray[np.float64]:
    """Give a unit normal for each corner of each face, shape (m, 3, 3).

    Faces joined over soft edges form a group; a corner's normal is the mean over the
    faces of its group that meet there, by area.

    Parameters
    ----------
    mesh
        Any mesh whose faces share vertices.
    """
    corners = mesh.triangles_mm
    crosses = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    units = _unit(crosses.astype(np.float64))
    pairs = count_edges(mesh.faces).pairs
    soft = np.einsum("ij,ij->i", units[pairs[:, 0]], units[pairs[:, 1]]) > SMOOTH_COSINE
    _, groups = label_groups(len(mesh.faces), pairs[soft])
    keys = mesh.faces + groups[:, None] * len(mesh.vertices_mm)
    distinct, index = np.unique(keys.reshape(-1), return_inverse=True)
    weights = np.repeat(crosses, 3, axis=0)
    sums = np.zeros((len(distinct), 3))
    for axis in range(3):
        sums[:, axis] = np.bincount(index.reshape(-1), weights=weights[:, axis])
    normals = _unit(sums)[index.reshape(-1)].reshape(-1, 3, 3)
    # Where a group curls right round (a cylinder's rim seen as one), trust the face.
    away = np.einsum("ijk,ik->ij", normals, units) < SMOOTH_COSINE - 0.35
    chosen: NDArray[np.float64] = np.where(away[..., None], units[:, None, :], normals)
    return chosen


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
    units = np.zeros_like(vectors)
    np.divide(vectors, lengths, out=units, where=lengths > 0)
    return units
