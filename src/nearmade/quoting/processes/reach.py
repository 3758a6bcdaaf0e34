"""What a milling tool reaches of a part, direction by direction."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter, minimum_filter

from nearmade.geometry.mesh import Mesh
from nearmade.geometry.spans import fill

Vectors = NDArray[np.float64]
Truths = NDArray[np.bool_]

#: The ways a tool may come down on a block that is clamped by its sides.
DIRECTIONS: Final[dict[str, tuple[float, float, float]]] = {
    "+z": (0.0, 0.0, 1.0),
    "-z": (0.0, 0.0, -1.0),
    "+x": (1.0, 0.0, 0.0),
    "-x": (-1.0, 0.0, 0.0),
    "+y": (0.0, 1.0, 0.0),
    "-y": (0.0, -1.0, 0.0),
}
#: Points on the surface that are looked at.
POINTS: Final = 6000
#: Cells along the longer side of the height map.
CELLS: Final = 256
#: End mills that are counted on, by radius. Assumed: 3 to 16 mm. [mm]
TOOL_RADII_MM: Final = (1.5, 3.0, 5.0, 8.0)
#: A tool goes this many radii below the top. Rule of the trade: four diameters.
DEPTH_PER_RADIUS: Final = 8.0
#: A wall is worth less than a level face: its set-up is chosen by what lies level.
WALL_WORTH: Final = 0.4
#: A wall may lean over by this much, as drawn curves do. cos of 91 degrees
LEANING: Final = -0.0175
#: A surface is level above the first, upright below the second; sine and cosine.
LEVEL, UPRIGHT = 0.9998, 0.02
#: Height of the map where there is no part. [cells]
BELOW_CELLS: Final = -1.0
#: A point may lie this much below its cell of the map. [cells]
TOLERANCE_CELLS: Final = 1.0
#: A further direction must show at least this share of the surface.
WORTH_FRACTION: Final = 0.005

_GOLDEN: Final = (math.sqrt(5) - 1) / 2
_PLASTIC: Final = 0.7548776662466927


@dataclass(frozen=True, slots=True)
class Reach:
    """How a part is reached by tools that come along the axes.

    Parameters
    ----------
    setups
        Directions that are needed, the most telling first.
    unreached_fraction
        Share of the surface that no direction shows to a tool.
    level_mm2, wall_mm2, sculpted_mm2
        Surface by how it is finished: level, upright or sloped in its set-up. [mm2]
    """

    setups: tuple[str, ...]
    unreached_fraction: float
    level_mm2: float
    wall_mm2: float
    sculpted_mm2: float


def reach_of(mesh: Mesh) -> Reach:
    """Choose directions greedily until a further one shows next to nothing new.

    A point is reached when it faces the tool or stands upright, and some end mill that
    is long enough stands there or beside it without cutting into the part: the height
    map, closed by the tool's width, is no higher than the point.

    Parameters
    ----------
    mesh
        Of one part, lying along the axes as it would be clamped.
    """
    points, normals, area_mm2 = _sampled(mesh)
    if not len(points):
        return Reach((), 1.0, 0.0, 0.0, 0.0)
    seen = {
        name: _reached(mesh, points, normals, np.array(way))
        for name, way in DIRECTIONS.items()
    }
    rises = {name: normals @ np.array(way) for name, way in DIRECTIONS.items()}
    left = np.ones(len(points), dtype=bool)
    chosen: list[str] = []
    counts = np.zeros(3)
    while True:
        gains = {
            name: np.where(np.abs(rises[name]) < UPRIGHT, WALL_WORTH, 1.0)[
                seen[name] & left
            ].sum()
            for name in seen
        }
        best = max(gains, key=lambda name: float(gains[name]))
        if gains[best] < max(1.0, WORTH_FRACTION * len(points)):
            break
        new = seen[best] & left
        rise = rises[best][new]
        level, wall = rise > LEVEL, np.abs(rise) < UPRIGHT
        counts += [level.sum(), wall.sum(), (~(level | wall)).sum()]
        left &= ~new
        chosen.append(best)
    level_mm2, wall_mm2, sculpted_mm2 = counts * area_mm2 / len(points)
    return Reach(
        tuple(chosen),
        float(np.count_nonzero(left)) / len(points),
        float(level_mm2),
        float(wall_mm2),
        float(sculpted_mm2),
    )


def _sampled(mesh: Mesh) -> tuple[Vectors, Vectors, float]:
    """Spread points evenly over the surface, the same for the same mesh. [mm] [mm2]"""
    corners = mesh.triangles_mm
    crosses = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    doubled = np.sqrt(np.einsum("ij,ij->i", crosses, crosses))
    total = float(doubled.sum()) / 2
    if not total > 0:
        return np.zeros((0, 3)), np.zeros((0, 3)), 0.0
    ends = np.cumsum(doubled) / doubled.sum()
    steps = (np.arange(POINTS) + 0.5) / POINTS
    owner = np.minimum(np.searchsorted(ends, steps), len(ends) - 1)
    owner = owner[doubled[owner] > 0]
    index = np.arange(len(owner))
    u, v = (index * _GOLDEN) % 1.0, (index * _PLASTIC) % 1.0
    root = np.sqrt(u)
    weights = np.stack([1 - root, root * (1 - v), root * v], axis=1)
    points: Vectors = np.einsum("ij,ijk->ik", weights, corners[owner])
    return points, crosses[owner] / doubled[owner, None], total


def _reached(mesh: Mesh, points: Vectors, normals: Vectors, way: Vectors) -> Truths:
    """Tell which points a tool reaches that comes down against ``way``."""
    across = np.roll(way, 1)
    view = np.stack([across, np.cross(way, across), way])
    corners = mesh.triangles_mm @ view.T
    low = corners.reshape(-1, 3).min(axis=0)
    high = corners.reshape(-1, 3).max(axis=0)
    cell_mm = max(float((high - low)[:2].max()) / CELLS, 1e-9)
    wide, deep = (math.ceil(side / cell_mm) + 1 for side in (high - low)[:2])
    heights = np.maximum(
        fill((corners - low) / cell_mm, (deep, wide)).depth, BELOW_CELLS
    )
    rise = normals @ way
    beside = 1.5 * (normals - rise[:, None] * way)
    stand = (points @ view.T - low) / cell_mm + beside @ view.T
    column, row = np.floor(stand[:, :2]).astype(np.int64).T
    inside = (column >= 0) & (column < wide) & (row >= 0) & (row < deep)
    own = (points @ view.T - low)[:, 2] / cell_mm
    depth_mm = float(high[2] - low[2]) - own * cell_mm
    reached = np.zeros(len(points), dtype=bool)
    for radius_mm in TOOL_RADII_MM:
        closed = _closed(heights, radius_mm / cell_mm)
        above = np.full(len(points), BELOW_CELLS)
        above[inside] = closed[row[inside], column[inside]]
        clear = above <= own + TOLERANCE_CELLS
        reached |= clear & (depth_mm <= DEPTH_PER_RADIUS * radius_mm)
    facing: Truths = reached & (rise > LEANING)
    return facing


def _closed(heights: Vectors, radius_cells: float) -> Vectors:
    """Fill what a tool of that radius, taken as square, does not get into."""
    reach = min(int(radius_cells), max(heights.shape))
    size = 2 * reach + 1
    wide = np.pad(heights, reach, constant_values=BELOW_CELLS)
    grown = maximum_filter(wide, size, mode="constant", cval=BELOW_CELLS)
    closed: Vectors = minimum_filter(grown, size, mode="nearest")
    return closed[reach : len(wide) - reach, reach : wide.shape[1] - reach]
