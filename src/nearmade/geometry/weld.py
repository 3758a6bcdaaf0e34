"""Join corners that lie on one point."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.mesh import Mesh

#: Odd 64-bit multipliers that mix three coordinates into one key.
#: Source: Steele and Vigna, "Computationally easy, spectrally good multipliers for
#: congruential pseudorandom number generators", 2022, doi:10.1002/spe.3030.
MIXERS = np.array(
    [0xD1342543DE82EF95, 0xAF251AF3B0F025B5, 0xB564EF22EC7AECE5], dtype=np.uint64
)


def weld(mesh: Mesh) -> Mesh:
    """Give the mesh with equal corners joined and unused ones dropped.

    Corners are equal when all three coordinates are the same number (0.0 and -0.0
    are). The order of faces stays.

    Parameters
    ----------
    mesh
        Any mesh.
    """
    used, faces = np.unique(mesh.faces, return_inverse=True)
    vertices_mm, index = join_corners(mesh.vertices_mm[used])
    return Mesh(vertices_mm, index[faces.reshape(-1, 3)])


def join_corners(
    corners_mm: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Give the distinct corners, and for each corner which of them it is.

    Parameters
    ----------
    corners_mm
        Positions, shape (n, 3). [mm]
    """
    corners = np.ascontiguousarray(corners_mm, dtype=np.float64) + 0.0
    if not len(corners):
        return corners, np.zeros(0, dtype=np.int64)
    bits = corners.view(np.uint64)
    keys = bits[:, 0] * MIXERS[0]
    for axis in (1, 2):
        keys ^= keys >> np.uint64(29)
        keys = (keys + bits[:, axis]) * MIXERS[axis]
    keys ^= keys >> np.uint64(32)
    order = np.argsort(keys)
    ordered = keys[order]
    starts = np.empty(len(order), dtype=bool)
    starts[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=starts[1:])
    index = np.empty(len(order), dtype=np.int64)
    index[order] = np.cumsum(starts) - 1
    distinct = corners[order[starts]]
    if np.array_equal(distinct[index], corners):
        return distinct, index
    distinct, inverse = np.unique(corners, axis=0, return_inverse=True)
    return distinct, inverse.reshape(-1).astype(np.int64)


def turned_inside_out(mesh: Mesh) -> Mesh:
    """Give the mesh with the winding of every face reversed."""
    return Mesh(mesh.vertices_mm, np.ascontiguousarray(mesh.faces[:, ::-1]))
