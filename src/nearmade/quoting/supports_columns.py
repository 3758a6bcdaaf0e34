"""Where a part stands over a fine grid: solid and free, plane by plane.

Faces are drawn onto the grid as columns of heights at which a plumb line enters and
leaves the part. Slabs of layers between which nothing changes share one plane.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: The plumb lines stand aside of round coordinates by this much of a pixel.
ASIDE_X, ASIDE_Y = 1.2345e-4, 2.0987e-4
#: Pixels to a cell of the slicer's grid, and the least that are worth it.
PIXELS, FEWEST_PIXELS = 4, 2
#: Pixels in all planes, more make them coarser; planes are not made fewer than this.
MOST_PIXELS, FEWEST_PLANES = 1_200_000, 40


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Cells of the slicer's grid of supports, each of some pixels.

    Parameters
    ----------
    x_mm, y_mm
        Of the low corner. [mm]
    cells_x, cells_y
        How many.
    per_cell
        Pixels along a cell's side.
    pixel_mm
        Side of a pixel. [mm]
    """

    x_mm: float
    y_mm: float
    cells_x: int
    cells_y: int
    per_cell: int
    pixel_mm: float

    @property
    def shape(self) -> tuple[int, int]:
        """Pixels along x and y."""
        return self.cells_x * self.per_cell, self.cells_y * self.per_cell

    def pixels(self, points_mm: Array) -> tuple[Array, Array]:
        """Give x and y as pixels; whole numbers are pixels' middles."""
        along_x = (points_mm[..., 0] - self.x_mm) / self.pixel_mm - 0.5 + ASIDE_X
        along_y = (points_mm[..., 1] - self.y_mm) / self.pixel_mm - 0.5 + ASIDE_Y
        return along_x, along_y

    def within(self, triangles_mm: Array) -> Flags:
        """Tell which triangles reach over the grid."""
        low, high = triangles_mm.min(axis=1), triangles_mm.max(axis=1)
        high_x = self.x_mm + self.shape[0] * self.pixel_mm
        high_y = self.y_mm + self.shape[1] * self.pixel_mm
        inside: Flags = (
            (high[:, 0] > self.x_mm)
            & (low[:, 0] < high_x)
            & (high[:, 1] > self.y_mm)
            & (low[:, 1] < high_y)
        )
        return inside


@dataclass(frozen=True, slots=True, eq=False)
class Slabs:
    """Slabs of equal height from the plate, and the plane that shows each.

    Parameters
    ----------
    height_mm
        Of a slab. [mm]
    layers
        Of the part in a slab.
    plane
        Which plane shows a slab, from the lowest up, shape (count,).
    """

    height_mm: float
    layers: int
    plane: Whole

    @property
    def planes(self) -> int:
        """How many planes there are."""
        return int(self.plane[-1]) + 1

    def below(self, heights_mm: Array) -> Whole:
        """Give the highest slab whose middle lies under each height."""
        slabs = np.ceil(heights_mm / self.height_mm - 0.5).astype(np.int64) - 1
        return np.clip(slabs, 0, len(self.plane) - 1)


def hits(
    along_x: Array, along_y: Array, heights: Array, shape: tuple[int, int]
) -> tuple[Whole, Whole, Whole, Array]:
    """Give triangle, pixel and height wherever a pixel's middle lies under a triangle.

    Parameters
    ----------
    along_x, along_y
        Corners in pixels, shape (n, 3).
    heights
        Of the corners, shape (n, 3). [mm]
    shape
        Pixels along x and y.
    """
    some = np.flatnonzero(_crossed(along_x) & _crossed(along_y))
    order = np.argsort(along_x[some], axis=1)
    x = np.take_along_axis(along_x[some], order, axis=1)
    y = np.take_along_axis(along_y[some], order, axis=1)
    z = np.take_along_axis(heights[some], order, axis=1)
    triangle, column = _spans(x[:, 0], x[:, 2], shape[0])
    ax, bx, cx = x[triangle].T
    ay, by, cy = y[triangle].T
    az, bz, cz = z[triangle].T
    share = (column - ax) / (cx - ax)
    long_y, long_z = ay + share * (cy - ay), az + share * (cz - az)
    left = column < bx
    from_x, to_x = np.where(left, ax, bx), np.where(left, bx, cx)
    share = (column - from_x) / np.where(to_x > from_x, to_x - from_x, 1.0)
    short_y = np.where(left, ay, by) + share * np.where(left, by - ay, cy - by)
    short_z = np.where(left, az, bz) + share * np.where(left, bz - az, cz - bz)
    cut, row = _spans(
        np.minimum(long_y, short_y), np.maximum(long_y, short_y), shape[1]
    )
    width = short_y - long_y
    slope = (short_z - long_z) / np.where(np.abs(width) > 1e-12, width, 1.0)
    found = long_z[cut] + (row - long_y[cut]) * slope[cut]
    return some[triangle[cut]], column[cut], row, found


def _crossed(along: Array) -> Flags:
    """Tell which triangles reach over the middle of some row or column."""
    low = np.minimum(np.minimum(along[:, 0], along[:, 1]), along[:, 2])
    high = np.maximum(np.maximum(along[:, 0], along[:, 1]), along[:, 2])
    crossed: Flags = np.ceil(low) < np.ceil(high)
    return crossed


def _spans(low: Array, high: Array, count: int) -> tuple[Whole, Whole]:
    """Give every whole number in [low, high) with the index of its pair."""
    first = np.clip(np.ceil(low), 0, count).astype(np.int64)
    number = np.clip(np.ceil(high), 0, count).astype(np.int64) - first
    index = np.repeat(np.arange(len(low)), np.maximum(number, 0))
    starts = np.cumsum(np.maximum(number, 0)) - np.maximum(number, 0)
    return index, np.arange(len(index)) - (starts - first)[index]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Where plumb lines enter and leave a part.

    Parameters
    ----------
    pixel
        Flat index of the plumb line, shape (n,).
    height_mm
        Where it crosses the part's skin, shape (n,). [mm]
    enters
        Whether it goes into the part there, coming from below.
    """

    pixel: Whole
    height_mm: Array
    enters: Flags

    def apart(self, by_mm: float) -> Columns:
        """Give the columns of a part that is higher and deeper by so much."""
        moved = np.where(self.enters, -by_mm, by_mm)
        return Columns(self.pixel, self.height_mm + moved, self.enters)

    def also(self, other: Columns) -> Columns:
        """Give the columns of two parts in each other."""
        return Columns(
            np.concatenate([self.pixel, other.pixel]),
            np.concatenate([self.height_mm, other.height_mm]),
            np.concatenate([self.enters, other.enters]),
        )


def columns(
    triangles_mm: Array, down: Flags, grid: Grid, steps_mm: list[tuple[float, float]]
) -> Columns:
    """Draw faces onto the grid, once for each step aside; their union counts.

    Parameters
    ----------
    triangles_mm
        Faces, shape (n, 3, 3). [mm]
    down
        Which of them look down.
    grid
        What to draw on.
    steps_mm
        How far the part is moved aside each time. [mm]
    """
    along_x, along_y = grid.pixels(triangles_mm)
    heights = triangles_mm[:, :, 2]
    pixel, height, enters = [], [], []
    for step_x, step_y in steps_mm:
        face, ix, iy, found = hits(
            along_x + step_x / grid.pixel_mm,
            along_y + step_y / grid.pixel_mm,
            heights,
            grid.shape,
        )
        pixel.append(ix * grid.shape[1] + iy)
        height.append(found)
        enters.append(down[face])
    return Columns(
        np.concatenate(pixel), np.concatenate(height), np.concatenate(enters)
    )


def slabs(changes_mm: Array, high_mm: float, layer_mm: float, pixels: int) -> Slabs:
    """Cut the height into slabs of whole layers, so many that memory allows it.

    Parameters
    ----------
    changes_mm
        Heights at which a plane may differ from the one below. [mm]
    high_mm
        The topmost height of interest. [mm]
    layer_mm
        Height of a layer. [mm]
    pixels
        In a plane.
    """
    layers = 1
    while True:
        slab_mm = layers * layer_mm
        count = math.ceil(high_mm / slab_mm) + 1
        starts = np.clip(np.ceil(changes_mm / slab_mm - 0.5), 0, count).astype(np.int64)
        seen = np.zeros(count + 1, dtype=np.int64)
        seen[starts] = 1
        seen[0] = 0
        planes = 1 + int(seen[:count].sum())
        enough = planes * pixels <= MOST_PIXELS or planes <= FEWEST_PLANES
        if enough:
            return Slabs(slab_mm, layers, np.cumsum(seen[:count]))
        layers += 1


def occupied(found: Columns, grid: Grid, cut: Slabs) -> Flags:
    """Tell which pixels lie inside the part, shape (planes, x, y)."""
    count = len(cut.plane)
    slab = np.ceil(found.height_mm / cut.height_mm - 0.5)
    index = np.clip(slab, 0, count).astype(np.int64)
    return _inside(found, np.append(cut.plane, cut.planes)[index], cut.planes, grid)


def occupied_at(found: Columns, grid: Grid, heights_mm: Array) -> Flags:
    """Tell which pixels lie inside the part at rising heights, shape (n, x, y)."""
    index = np.searchsorted(heights_mm, found.height_mm)
    return _inside(found, index, len(heights_mm), grid)


def _inside(found: Columns, first: Whole, planes: int, grid: Grid) -> Flags:
    """Count entries and exits from the first plane above each."""
    size = grid.shape[0] * grid.shape[1]
    change = np.zeros((planes + 1) * size, dtype=np.int8)
    step = np.where(found.enters, 1, -1).astype(np.int8)
    np.add.at(change, first * size + found.pixel, step)
    depth = np.cumsum(change.reshape(-1, *grid.shape), axis=0, dtype=np.int8)
    result: Flags = depth[:-1] > 0
    return result
