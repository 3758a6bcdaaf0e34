"""Fill triangles into a depth buffer, row by row, without a loop over pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

#: Samples worked on at once, to bound memory.
BATCH_SAMPLES = 2_000_000


@dataclass(frozen=True, slots=True)
class Layers:
    """What is seen in each sample.

    Parameters
    ----------
    covered
        True where any face is seen, shape (height, width).
    depth
        Height towards the eye of what is seen, -inf where nothing is. [px]
    face
        Index of the face seen, 0 where nothing is.
    """

    covered: NDArray[np.bool_]
    depth: Floats
    face: Whole


def fill(corners: Floats, size: tuple[int, int]) -> Layers:
    """Find the nearest face in the middle of every sample.

    Parameters
    ----------
    corners
        Triangles as x right, y down, z towards the eye, shape (m, 3, 3). [px]
    size
        Height and width of the buffer. [px]
    """
    height, width = size
    depth = np.full(height * width, -np.inf)
    face = np.zeros(height * width, dtype=np.int64)
    owner, row, first, last = _spans(corners, size)
    lengths = last - first
    ends = np.cumsum(lengths)
    start = 0
    while start < len(lengths):
        before = ends[start - 1] if start else 0
        stop = int(np.searchsorted(ends, before + BATCH_SAMPLES, side="right"))
        stop = max(stop, start + 1)
        part = slice(start, stop)
        _fill_batch(
            corners, owner[part], row[part], first[part], lengths[part], width,
            depth, face,
        )  # fmt: skip
        start = stop
    depth, face = depth.reshape(size), face.reshape(size)
    return Layers(np.isfinite(depth), depth, face)


def _fill_batch(
    corners: Floats, owner: Whole, row: Whole, first: Whole, lengths: Whole,
    width: int, depth: Floats, face: Whole,
) -> None:  # fmt: skip
    """Lay one batch of spans over what is there."""
    starts = np.cumsum(lengths) - lengths
    span = np.repeat(np.arange(len(lengths)), lengths)
    column = np.arange(len(span)) - starts[span] + first[span]
    slope_x, slope_y, base = _planes(corners, owner)
    at_row = base + slope_y * (row + 0.5)
    heights = at_row[span] + slope_x[span] * (column + 0.5)
    samples = row[span] * width + column
    np.maximum.at(depth, samples, heights)
    seen = heights == depth[samples]
    face[samples[seen]] = owner[span[seen]]


def _planes(corners: Floats, owner: Whole) -> tuple[Floats, Floats, Floats]:
    """Give height = base + slope_x x + slope_y y of each face."""
    a, b, c = (corners[owner, k] for k in range(3))
    u, v = b - a, c - a
    area = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    area = np.where(np.abs(area) < 1e-12, np.inf, area)
    slope_x = (u[:, 2] * v[:, 1] - v[:, 2] * u[:, 1]) / area
    slope_y = (u[:, 0] * v[:, 2] - v[:, 0] * u[:, 2]) / area
    return slope_x, slope_y, a[:, 2] - slope_x * a[:, 0] - slope_y * a[:, 1]


def _spans(corners: Floats, size: tuple[int, int]) -> tuple[Whole, Whole, Whole, Whole]:
    """Give face, row, first column and end column wherever a face meets a row."""
    height, width = size
    ys = corners[:, :, 1]
    top = np.clip(np.ceil(ys.min(axis=1) - 0.5), 0, height).astype(np.int64)
    bottom = np.clip(np.ceil(ys.max(axis=1) - 0.5), 0, height).astype(np.int64)
    counts = np.maximum(bottom - top, 0)
    owner = np.repeat(np.arange(len(corners)), counts)
    starts = np.cumsum(counts) - counts
    row = np.arange(len(owner)) - starts[owner] + top[owner]
    level = row + 0.5
    left = np.full(len(owner), np.inf)
    right = np.full(len(owner), -np.inf)
    for k in range(3):
        p, q = corners[owner, k], corners[owner, (k + 1) % 3]
        rise = q[:, 1] - p[:, 1]
        crosses = (np.minimum(p[:, 1], q[:, 1]) <= level) & (
            level <= np.maximum(p[:, 1], q[:, 1])
        )
        safe = np.where(rise == 0, 1.0, rise)
        x = p[:, 0] + (level - p[:, 1]) / safe * (q[:, 0] - p[:, 0])
        hit = crosses & (rise != 0)
        left = np.where(hit, np.minimum(left, x), left)
        right = np.where(hit, np.maximum(right, x), right)
    kept = right > left
    owner, row, left, right = owner[kept], row[kept], left[kept], right[kept]
    first = np.clip(np.ceil(left - 0.5), 0, width).astype(np.int64)
    last = np.clip(np.ceil(right - 0.5), 0, width).astype(np.int64)
    some = last > first
    return owner[some], row[some], first[some], last[some]
