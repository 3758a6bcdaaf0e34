"""Names for a mesh that do not depend on where it lies or how it is listed."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.mesh import Mesh
from nearmade.vocabulary.identity import Sha256

#: Grid on which two corners count as one. [mm]
QUANTUM_MM = 0.001
#: Changes when the way of naming changes.
SCHEME = b"nearmade-mesh-1"


def canonical_hash(mesh: Mesh) -> Sha256:
    """Name a mesh by its shape alone.

    The box's low corner moves to the origin, corners are rounded to a grid of 1 um
    and joined, faces without area drop out, and faces and corners are sorted. So the
    name survives translation, another order of faces or corners and another file
    format. It does not survive rotation, scaling or another triangulation, nor
    coordinates that were rounded across the middle between two grid points.

    Parameters
    ----------
    mesh
        Any mesh.
    """
    used, listed = np.unique(mesh.faces, return_inverse=True)
    if not len(used):
        return Sha256(hashlib.sha256(SCHEME).hexdigest())
    corners = mesh.vertices_mm[used]
    grid = np.rint((corners - corners.min(axis=0)) / QUANTUM_MM).astype("<i8")
    points, index = _sorted_points(grid)
    faces = index[listed.reshape(-1, 3)]
    a, b, c = faces.T
    faces = faces[(a != b) & (b != c) & (c != a)]
    turn = np.argmin(faces, axis=1)[:, None]
    faces = np.take_along_axis(faces, (turn + np.arange(3)) % 3, axis=1)
    faces = faces[np.lexsort(faces.T[::-1])]
    content = hashlib.sha256(SCHEME)
    content.update(np.ascontiguousarray(points).tobytes())
    content.update(np.ascontiguousarray(faces).tobytes())
    return Sha256(content.hexdigest())


def _sorted_points(
    grid: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the distinct points by x, then y, then z, and which of them each is."""
    spans = [int(side) + 1 for side in grid.max(axis=0)]
    if spans[0] * spans[1] * spans[2] >= 2**63:
        points, index = np.unique(grid, axis=0, return_inverse=True)
        return points, index.reshape(-1).astype("<i8")
    keys = (grid[:, 0] * spans[1] + grid[:, 1]) * spans[2] + grid[:, 2]
    _, first, index = np.unique(keys, return_index=True, return_inverse=True)
    return grid[first], index.astype("<i8")
