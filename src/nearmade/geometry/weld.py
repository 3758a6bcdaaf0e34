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
#: Up to here 44 bits of key are left: different corners of a closed mesh share a key in
#: one mesh of a thousand, which is then joined the slow way.
MAX_PACKED_CORNERS = 2**20


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

    They stand in the order in which they first occur.

    Parameters
    ----------
    corners_mm
        Positions, shape (n, 3). [mm]
    """
    corners = np.ascontiguousarray(corners_mm, dtype=np.float64) + 0.0
    count = len(corners)
    if not count:
        return corners, np.zeros(0, dtype=np.int64)
    order, starts = _grouped(_mixed(corners.view(np.uint64)))
    first = np.minimum.reduceat(order, np.flatnonzero(starts))
    leads = np.zeros(count, dtype=bool)
    leads[first] = True
    rank = np.cumsum(leads) - 1
    index = np.empty(count, dtype=np.int64)
    index[order] = rank[first][np.cumsum(starts) - 1]
    distinct = corners[leads]
    if np.array_equal(distinct[index], corners):
        return distinct, index
    distinct, inverse = np.unique(corners, axis=0, return_inverse=True)
    return distinct, inverse.reshape(-1).astype(np.int64)


def _grouped(
    keys: NDArray[np.uint64],
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Order corners by key, and tell where in that order a new key starts."""
    count = len(keys)
    if count <= MAX_PACKED_CORNERS:
        # The place of a corner fits into the low bits: plain sorting is much faster.
        low = np.uint64(2 ** (count - 1).bit_length() - 1)
        keys = (keys & ~low) | np.arange(count, dtype=np.uint64)
        keys.sort()
        order = (keys & low).astype(np.int64)
        keys &= ~low
    else:
        order = np.argsort(keys)
        keys = keys[order]
    starts = np.ones(count, dtype=bool)
    np.not_equal(keys[1:], keys[:-1], out=starts[1:])
    return order, starts


def _mixed(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Give one key for the three coordinates of each corner."""
    keys: NDArray[np.uint64] = bits[:, 0] * MIXERS[0]
    for axis in (1, 2):
        keys ^= keys >> np.uint64(29)
        keys += bits[:, axis]
        keys *= MIXERS[axis]
    keys ^= keys >> np.uint64(32)
    return keys


def turned_inside_out(mesh: Mesh) -> Mesh:
    """Give the mesh with the winding of every face reversed."""
    return Mesh(mesh.vertices_mm, np.ascontiguousarray(mesh.faces[:, ::-1]))
