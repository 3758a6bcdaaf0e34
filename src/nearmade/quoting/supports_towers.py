"""Towers of support: contacts spread over the slicer's grid and carried down.

The slicer stretches every spot to be held up over the whole cell of a grid, as wide as
the distance of support lines, as far as the part leaves room, and carries it down until
the part or the plate stops it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nearmade.quoting.supports_columns import Grid, Slabs
from nearmade.quoting.supports_contacts import Contacts

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


def seeds(points: Contacts, grid: Grid, cut: Slabs) -> Flags:
    """Mark where towers begin, shape (planes, x, y).

    A contact counts for its cell: the pixel of its own may lie in the part, so those
    beside it in the same cell are marked too.
    """
    result = np.zeros((cut.planes, *grid.shape), dtype=bool)
    plane = cut.plane[cut.below(points.top_mm)]
    size = grid.per_cell
    cell_x, cell_y = points.pixel_x // size * size, points.pixel_y // size * size
    for step_x in (-1, 0, 1):
        for step_y in (-1, 0, 1):
            x = np.clip(points.pixel_x + step_x, cell_x, cell_x + size - 1)
            y = np.clip(points.pixel_y + step_y, cell_y, cell_y + size - 1)
            result[plane, x, y] = True
    return result


def towers(begun: Flags, solid: Flags, grid: Grid) -> Flags:
    """Carry every seed down through free pixels, cell by cell, plane by plane."""
    result = np.zeros_like(begun)
    current = np.zeros(grid.shape, dtype=bool)
    for plane in range(len(begun) - 1, -1, -1):
        free = ~solid[plane]
        current = (current | begun[plane]) & free
        if current.any():
            _fill_cells(current, free, grid)
        result[plane] = current
    return result


def _fill_cells(current: Flags, free: Flags, grid: Grid) -> None:
    """Flood each cell that holds a marked pixel, in place, through free pixels."""
    size = grid.per_cell
    rows = np.flatnonzero(current.any(axis=1)) // size
    lines = np.flatnonzero(current.any(axis=0)) // size
    some = (
        slice(rows[0], rows[-1] + 1),
        slice(None),
        slice(lines[0], lines[-1] + 1),
        slice(None),
    )
    cells = current.reshape(grid.cells_x, size, grid.cells_y, size)[some]
    room = free.reshape(grid.cells_x, size, grid.cells_y, size)[some]
    forth, back = range(1, size), range(size - 2, -1, -1)
    for _ in range(2):
        for steps, off in ((forth, -1), (back, 1)):
            for i in steps:
                cells[:, i] |= cells[:, i + off] & room[:, i]
        for steps, off in ((forth, -1), (back, 1)):
            for i in steps:
                cells[:, :, :, i] |= cells[:, :, :, i + off] & room[:, :, :, i]


def spread(foot: Flags, free: Flags, pixels: int) -> Flags:
    """Widen the feet of towers by some pixels, as far as there is room."""
    current = foot
    for step in range(pixels):
        wider = current.copy()
        wider[1:] |= current[:-1]
        wider[:-1] |= current[1:]
        across = wider.copy() if step % 2 else current  # an octagon, nearly a circle
        wider[:, 1:] |= across[:, :-1]
        wider[:, :-1] |= across[:, 1:]
        current = wider & free
    return current


def dense_cells(points: Contacts, grid: Grid, layers_deep: int) -> tuple[Whole, Whole]:
    """Give layer and cell, one pair for each cell with a dense top or bottom.

    Each dense spot fills its cell in its own layer and in those below, as many as the
    settings ask for.
    """
    size, number = grid.per_cell, grid.cells_x * grid.cells_y
    cell = points.pixel_x // size * grid.cells_y + points.pixel_y // size
    top = np.unique((points.layer * number + cell)[points.dense])
    deep = [top - below * number for below in range(layers_deep)]
    keys = np.unique(np.concatenate([*deep, top[:0]]))
    return keys // number, keys % number


def cell_areas(planes: Flags, grid: Grid) -> Array:
    """Give the area of support in each cell, shape (planes, cells). [mm2]"""
    size = grid.per_cell
    cells = planes.reshape(len(planes), grid.cells_x, size, grid.cells_y, size)
    rows = cells.sum(axis=4, dtype=np.uint8).sum(axis=2, dtype=np.uint8)
    areas: Array = rows.reshape(len(planes), -1) * grid.pixel_mm**2
    return areas


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """What planes of support measure, arrays of one value a plane.

    Parameters
    ----------
    area_mm2
        Of the plane. [mm2]
    ruled_mm
        Length of the grid's lines along x that run in the plane or beside it. [mm]
    across_mm, along_mm
        Length of its outline across those lines, and along them. [mm]
    hugging_mm
        Of the latter what lies beside the part, and not on a line of the grid. [mm]
    islands
        How many pieces, less holes.
    """

    area_mm2: Array
    ruled_mm: Array
    across_mm: Array
    along_mm: Array
    hugging_mm: Array
    islands: Array


def outlines(planes: Flags, solid: Flags, grid: Grid) -> Outlines:
    """Measure planes of support beside the part."""
    side, size = grid.pixel_mm, grid.per_cell
    across = planes[:, 1:] != planes[:, :-1]
    along = planes[:, :, 1:] != planes[:, :, :-1]
    hugging = along & (solid[:, :, 1:] | solid[:, :, :-1])
    hugging[:, :, size - 1 :: size] = False  # there the grid's own lines run
    ruled = planes[:, :, size - 1 : -1 : size] | planes[:, :, size::size]
    pairs_x, pairs_y = (
        planes[:, 1:] & planes[:, :-1],
        planes[:, :, 1:] & planes[:, :, :-1],
    )
    quads = pairs_x[:, :, 1:] & pairs_x[:, :, :-1]
    area = _count(planes)
    # Euler's number of a set of pixels: pixels less pairs and plus fours.
    islands = area - _count(pairs_x) - _count(pairs_y) + _count(quads)
    return Outlines(
        area_mm2=area * side**2,
        ruled_mm=_count(ruled) * side,
        across_mm=_count(across) * side,
        along_mm=_count(along) * side,
        hugging_mm=_count(hugging) * side,
        islands=np.maximum(islands, area > 0),
    )


def _count(planes: Flags) -> Array:
    counted: Array = np.count_nonzero(planes, axis=(1, 2)).astype(np.float64)
    return counted
