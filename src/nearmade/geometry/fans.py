"""Turn polygons and strips into triangles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def fan_triangles(
    sizes: NDArray[np.int64], indices: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Split polygons into fans around the first corner of each.

    Parameters
    ----------
    sizes
        Corners of each polygon, shape (p,), each three or more.
    indices
        The corners of all polygons in turn, shape (sum of sizes,).
    """
    starts = np.cumsum(sizes) - sizes
    counts = sizes - 2
    first = np.repeat(starts, counts)
    within = np.arange(len(first)) - np.repeat(np.cumsum(counts) - counts, counts)
    corners = np.stack([first, first + within + 1, first + within + 2], axis=1)
    triangles: NDArray[np.int64] = indices[corners]
    return triangles


def strip_triangles(indices: NDArray[np.int64]) -> NDArray[np.int64]:
    """Split a strip into triangles that all wind alike.

    Parameters
    ----------
    indices
        Corners in turn; every three in a row are a triangle, every second one turned.
    """
    count = max(0, len(indices) - 2)
    steps = np.arange(count)
    odd = steps % 2
    return indices[np.stack([steps, steps + 1 + odd, steps + 2 - odd], axis=1)]
