"""The lines that fill a layer, as moves: loops of walls, and zigzags of infill."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from manifold3d import CrossSection, JoinType
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: Two ends of neighbouring lines further apart than this many spacings are not joined.
JOIN_SPACINGS = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Moves of one kind in the plane of a layer.

    Parameters
    ----------
    steps_mm
        From end to end, shape (n, 2). [mm]
    starts
        True where a path begins, shape (n,).
    sizes_mm
        Length of the path that each move belongs to, shape (n,). [mm]
    """

    steps_mm: Array
    starts: Flags
    sizes_mm: Array

    @property
    def length_mm(self) -> float:
        """Length of all moves. [mm]"""
        return float(np.hypot(self.steps_mm[:, 0], self.steps_mm[:, 1]).sum())

    @property
    def count(self) -> int:
        """Paths begun."""
        return int(np.count_nonzero(self.starts))


NO_PATHS = Paths(np.zeros((0, 2)), np.zeros(0, dtype=bool), np.zeros(0))


def loops(region: CrossSection, inset_mm: float) -> Paths:
    """Give the outlines of a region drawn smaller on all sides, one path each."""
    drawn = region.offset(-inset_mm, JoinType.Miter, 2.0)
    outlines = [np.asarray(outline) for outline in drawn.to_polygons()]
    if not outlines:
        return NO_PATHS
    counts = np.array([len(outline) for outline in outlines])
    points = np.concatenate(outlines)
    following = np.arange(1, len(points) + 1)
    ends = np.cumsum(counts)
    following[ends - 1] = ends - counts
    steps = points[following] - points
    starts = np.zeros(len(points), dtype=bool)
    starts[ends - counts] = True
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    sizes = np.add.reduceat(lengths, ends - counts)
    return Paths(steps, starts, np.repeat(sizes, counts))


def perimeter_mm(region: CrossSection) -> float:
    """Give the length of all outlines of a region. [mm]"""
    total = 0.0
    for outline in region.to_polygons():
        points = np.asarray(outline)
        steps = points - np.roll(points, 1, axis=0)
        total += float(np.hypot(steps[:, 0], steps[:, 1]).sum())
    return total


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """Where parallel lines meet a region.

    Parameters
    ----------
    row
        Number of each line, shape (n,).
    rank
        How many pieces lie before it on the same line, shape (n,).
    low_mm, high_mm
        Its ends along the line, shape (n,). [mm]
    """

    row: NDArray[np.int64]
    rank: NDArray[np.int64]
    low_mm: Array
    high_mm: Array


def scan(region: CrossSection, spacing_mm: float, angle_rad: float) -> Scan:
    """Lay parallel lines over a region, half a spacing off its lowest point."""
    heads, tails = _edges(region, angle_rad)
    if not len(heads):
        nothing = np.zeros(0, dtype=np.int64)
        return Scan(nothing, nothing, np.zeros(0), np.zeros(0))
    base = heads[:, 1].min() + spacing_mm / 2
    level_0 = (heads[:, 1] - base) / spacing_mm
    level_1 = (tails[:, 1] - base) / spacing_mm
    first = np.ceil(np.minimum(level_0, level_1)).astype(np.int64)
    last = np.ceil(np.maximum(level_0, level_1)).astype(np.int64)
    counts = last - first
    owner = np.repeat(np.arange(len(heads)), counts)
    offsets = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    row = first[owner] + offsets
    rise = level_1 - level_0
    share = (row - level_0[owner]) / rise[owner]
    along = heads[owner, 0] + share * (tails[owner, 0] - heads[owner, 0])
    order = np.lexsort((along, row))
    row, along = row[order], along[order]
    rows, low, high = row[0::2], along[0::2], along[1::2]
    fresh = np.ones(len(rows), dtype=bool)
    fresh[1:] = rows[1:] != rows[:-1]
    index = np.arange(len(rows))
    rank = index - np.maximum.accumulate(np.where(fresh, index, 0))
    return Scan(rows, rank, low, high[: len(low)])


def zigzag(
    region: CrossSection,
    spacing_mm: float,
    angle_rad: float,
    *,
    trim_mm: float | None = None,
    join_mm: float | None = None,
) -> Paths:
    """Fill a region with lines that turn at its edge.

    Parameters
    ----------
    region
        To be filled.
    spacing_mm
        Distance of neighbouring lines. [mm]
    angle_rad
        Of the lines against the x axis. [rad]
    trim_mm
        Lines end this far from the edge; half a spacing unless said. [mm]
    join_mm
        Ends further apart are not joined. [mm]
    """
    lines = scan(region, spacing_mm, angle_rad)
    order = np.lexsort((lines.row, lines.rank))
    row, rank = lines.row[order], lines.rank[order]
    trim = spacing_mm / 2 if trim_mm is None else trim_mm
    most = JOIN_SPACINGS * spacing_mm if join_mm is None else join_mm
    middle = (lines.low_mm + lines.high_mm)[order] / 2
    half = np.maximum((lines.high_mm - lines.low_mm)[order] / 2 - trim, 0.0)
    forth = row % 2 == 0
    begin = np.where(forth, middle - half, middle + half)
    end = np.where(forth, middle + half, middle - half)
    return _joined(row, rank, begin, end, spacing_mm, most)


def _joined(
    row: NDArray[np.int64],
    rank: NDArray[np.int64],
    begin: Array,
    end: Array,
    spacing_mm: float,
    most_mm: float,
) -> Paths:
    """Join each line to the next where that is near."""
    count = len(row)
    if not count:
        return NO_PATHS
    sideways = begin[1:] - end[:-1]
    near = (np.diff(row) == 1) & (np.diff(rank) == 0)
    near &= np.hypot(sideways, spacing_mm) <= most_mm
    steps = np.zeros((2 * count, 2))
    steps[0::2, 0] = end - begin
    steps[1:-1:2, 0] = np.where(near, sideways, 0.0)
    steps[1:-1:2, 1] = np.where(near, spacing_mm, 0.0)
    starts = np.zeros(2 * count, dtype=bool)
    starts[0] = True
    starts[2::2] = ~near
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    path = np.cumsum(starts) - 1
    sizes = np.bincount(path, weights=lengths)
    return Paths(steps, starts, sizes[path])


def _edges(region: CrossSection, angle_rad: float) -> tuple[Array, Array]:
    """Give both ends of each edge, turned so that lines run along x."""
    outlines = [np.asarray(outline) for outline in region.to_polygons()]
    if not outlines:
        return np.zeros((0, 2)), np.zeros((0, 2))
    cosine, sine = math.cos(angle_rad), math.sin(angle_rad)
    turn = np.array([[cosine, -sine], [sine, cosine]])
    counts = [len(outline) for outline in outlines]
    points = np.concatenate(outlines) @ turn
    following = np.arange(1, len(points) + 1)
    ends = np.cumsum(counts)
    following[ends - 1] = ends - counts
    heads, tails = points, points[following]
    kept = np.abs(heads[:, 1] - tails[:, 1]) > 1e-9
    return heads[kept], tails[kept]
