"""Close seams that only rounding has opened."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.edges import count_edges, label_groups
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.weld import join_corners

#: How far apart two corners may lie that were one before they were written with about
#: seven digits (IEEE 754 binary32 keeps 7.2), as a share of the largest coordinate.
ROUNDING_FRACTION = 2e-6
#: Where the grids lie; corners that one grid parts, the other joins.
GRID_SHIFTS = (0.0, 0.5)


def close_seams(mesh: Mesh) -> Mesh:
    """Join corners along open edges that differ by rounding alone.

    A closed mesh comes back as it is, and so does one that joining would not make
    more whole.

    Parameters
    ----------
    mesh
        A mesh whose equal corners are joined.
    """
    rim = _rim(mesh)
    reach_mm = ROUNDING_FRACTION * float(np.abs(mesh.vertices_mm).max(initial=0))
    if not len(rim) or not reach_mm > 0:
        return mesh
    pairs = [_near(mesh.vertices_mm[rim] / reach_mm + shift) for shift in GRID_SHIFTS]
    near = rim[np.concatenate(pairs)]
    if not len(near):
        return mesh
    _, groups = label_groups(len(mesh.vertices_mm), near)
    _, first = np.unique(groups, return_index=True)
    joined = Mesh(mesh.vertices_mm[first], groups[mesh.faces])
    return joined if len(_rim(joined)) < len(rim) else mesh


def _near(cells: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give pairs of points that lie in one cell of the grid, shape (p, 2)."""
    _, index = join_corners(np.floor(cells))
    order = np.argsort(index, kind="stable")
    together = index[order][1:] == index[order][:-1]
    return np.stack([order[:-1][together], order[1:][together]], axis=1)


def _rim(mesh: Mesh) -> NDArray[np.int64]:
    """Give the vertices that lie on an edge of one face only."""
    tail, head = mesh.faces, mesh.faces[:, [1, 2, 0]]
    span = len(mesh.vertices_mm)
    keys = np.sort((np.minimum(tail, head) * span + np.maximum(tail, head)).ravel())
    if len(keys) % 2 == 0 and np.array_equal(keys[::2], keys[1::2]):
        return np.zeros(0, dtype=np.int64)
    a, b, c = mesh.faces.T
    census = count_edges(mesh.faces[(a != b) & (b != c) & (c != a)])
    return np.unique(census.open_ends)
