"""Upright columns through a mesh: where each enters and leaves the solid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: Heights are kept in so many steps between the plate and the top.
HEIGHT_STEPS = 1 << 30
#: What a column meets, in the last two bits of a key.
ENTER, ENTER_MARKED, LEAVE = 0, 1, 2
#: Steepest face that a column meets: within a millionth of upright it meets none.
UPRIGHT = 1e-6
#: The grid is shifted by shares of a cell so that columns miss the corners of parts
#: drawn on whole numbers. The golden ratio and its square are far from any fraction.
SHIFT = (0.381966, 0.236068)


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Crossings of all columns, from the plate upward, column after column.

    Parameters
    ----------
    cell_mm
        Side of the square that each column stands for. [mm]
    width
        Cells in a row.
    keys
        Column, height and kind of each crossing in one number, in order.
    cell
        Column of each crossing, row times width plus place in the row.
    height_mm
        Above the plate. [mm]
    marked
        True where the column enters through a marked face.
    depth_below
        How many solids the column is in just below the crossing.
    first
        True for the lowest crossing of a column.
    step_mm
        Resolution of heights. [mm]
    """

    cell_mm: float
    width: int
    keys: Whole
    cell: Whole
    height_mm: Floats
    marked: Flags
    depth_below: Whole
    first: Flags
    step_mm: float

    def inside(self, cell: Whole, height_mm: Floats) -> Flags:
        """Tell whether places in columns lie in the solid.

        Parameters
        ----------
        cell
            Column of each place.
        height_mm
            Above the plate. [mm]
        """
        steps = np.clip(height_mm / self.step_mm, 0, HEIGHT_STEPS - 1).astype(np.int64)
        at = np.searchsorted(self.keys, (cell * HEIGHT_STEPS + steps) << 2) - 1
        known = (at >= 0) & (self.cell[at] == cell)
        after = self.depth_below[at] + np.where(self.keys[at] & LEAVE, -1, 1)
        flags: Flags = known & (after > 0)
        return flags


def columns(
    vertices_mm: Floats, faces: Whole, rise: Floats, marked: Flags, cells: int
) -> Columns:
    """Send columns through a mesh.

    Parameters
    ----------
    vertices_mm
        Corners, z up, the plate at the lowest, each used, shape (n, 3). [mm]
    faces
        Corner indices, shape (m, 3).
    rise
        z of each face's normal.
    marked
        Faces to be told apart where a column enters through them.
    cells
        About how many columns the box gets.
    """
    low = vertices_mm.min(axis=0)
    size = np.maximum(vertices_mm.max(axis=0) - low, 1e-9)
    cell_mm = float(np.sqrt(size[0] * size[1] / cells))
    cell_mm = max(cell_mm, float(size[:2].max()) / cells)
    width = int(np.ceil(size[0] / cell_mm)) + 2
    grid = vertices_mm - low
    grid[:, :2] = grid[:, :2] / cell_mm + np.array(SHIFT)
    met = _met(grid, faces, rise)
    owner, row, column, height = _crossings(grid[faces[met]])
    kind = np.where(rise[met] > 0, LEAVE, np.where(marked[met], ENTER_MARKED, ENTER))
    step_mm = float(size[2]) / (HEIGHT_STEPS - 1)
    steps = np.clip(np.rint(height / step_mm), 0, HEIGHT_STEPS - 1).astype(np.int64)
    keys = (((row * width + column) * HEIGHT_STEPS + steps) << 2) + kind[owner]
    keys.sort()
    cell = keys // (HEIGHT_STEPS << 2)
    first = np.ones(len(keys), dtype=bool)
    first[1:] = cell[1:] != cell[:-1]
    turns = np.where(keys & LEAVE, -1, 1)
    before = np.cumsum(turns) - turns
    starts = np.maximum.accumulate(np.where(first, np.arange(len(keys)), 0))
    height_mm: Floats = ((keys >> 2) % HEIGHT_STEPS).astype(np.float64) * step_mm
    return Columns(
        cell_mm=cell_mm,
        width=width,
        keys=keys,
        cell=cell,
        height_mm=height_mm,
        marked=(keys & 3) == ENTER_MARKED,
        depth_below=before - before[starts] if len(keys) else before,
        first=first,
        step_mm=step_mm,
    )


def _met(grid: Floats, faces: Whole, rise: Floats) -> Whole:
    """Give the faces whose box holds the middle of a cell, upright ones left out."""
    met = np.abs(rise) > UPRIGHT
    for axis in (1, 0):
        cell = np.ceil(grid[:, axis] - 0.5)
        a, b, c = (cell[faces[:, k]] for k in range(3))
        met &= (a != b) | (b != c)
    return np.flatnonzero(met)


def _crossings(corners: Floats) -> tuple[Whole, Whole, Whole, Floats]:
    """Give face, row, place in the row and height wherever a column meets a face.

    Columns stand in the middle of cells. Faces that share an edge share its crossings
    with each row to the last bit, so that none is missed or met twice.
    """
    ys = corners[:, :, 1]
    start = np.ceil(ys.min(axis=1) - 0.5).astype(np.int64)
    counts = np.ceil(ys.max(axis=1) - 0.5).astype(np.int64) - start
    face = np.repeat(np.arange(len(corners)), counts)
    row = np.arange(len(face)) - np.repeat(np.cumsum(counts) - counts - start, counts)
    level = row + 0.5
    left = np.full(len(face), np.inf)
    right = np.full(len(face), -np.inf)
    for k in range(3):
        low, slope = _edge(corners, k)
        x0, y0, y1 = low[face, 0], low[face, 1], low[face, 2]
        x = x0 + (level - y0) * slope[face]
        hit = (y0 <= level) & (level < y1)
        left = np.where(hit, np.minimum(left, x), left)
        right = np.where(hit, np.maximum(right, x), right)
    kept = np.isfinite(left)
    face, row, left, right = face[kept], row[kept], left[kept], right[kept]
    begin = np.ceil(left - 0.5).astype(np.int64)
    lengths = np.ceil(right - 0.5).astype(np.int64) - begin
    span = np.repeat(np.arange(len(face)), lengths)
    column = np.arange(len(span)) - np.repeat(
        np.cumsum(lengths) - lengths - begin, lengths
    )
    owner, row = face[span], row[span]
    base, slope_x, slope_y = _planes(corners)
    height = base[owner] + slope_x[owner] * (column + 0.5)
    return owner, row, column, height + slope_y[owner] * (row + 0.5)


def _edge(corners: Floats, k: int) -> tuple[Floats, Floats]:
    """Give (x, y) of an edge's low end with y of its high one, and dx / dy."""
    p, q = corners[:, k, :2], corners[:, (k + 1) % 3, :2]
    turned = p[:, 1] > q[:, 1]
    low = np.where(turned[:, None], q, p)
    high = np.where(turned[:, None], p, q)
    run, climb = (high - low).T
    slope = np.divide(run, climb, out=np.zeros_like(run), where=climb > 0)
    return np.concatenate([low, high[:, 1:]], axis=1), slope


def _planes(corners: Floats) -> tuple[Floats, Floats, Floats]:
    """Give height = base + slope_x x + slope_y y of each face."""
    a = corners[:, 0]
    u, v = corners[:, 1] - a, corners[:, 2] - a
    area = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    area = np.where(area == 0, np.inf, area)
    slope_x = (u[:, 2] * v[:, 1] - v[:, 2] * u[:, 1]) / area
    slope_y = (u[:, 0] * v[:, 2] - v[:, 0] * u[:, 2]) / area
    return a[:, 2] - slope_x * a[:, 0] - slope_y * a[:, 1], slope_x, slope_y
