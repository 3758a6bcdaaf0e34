"""How thin the walls of a part are: rays that suspect, sections that confirm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import manifold3d
import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.contours import Contours, inside, measure_contours
from nearmade.geometry.facts import MAX_SPOTS, WALL_STEPS_MM, Place, Spot
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.rays import first_hits, many_rays
from nearmade.geometry.sections import Knife
from nearmade.geometry.solid import TURNS

Points = NDArray[np.float64]
Whole = NDArray[np.int64]

#: Rays, spread evenly over the surface; what covers less than a two-thousandth of the
#: surface may be missed.
RAYS: Final = 2_000
#: The same where they cost much.
FEW_RAYS: Final = 300
#: The sides of a wall face away from each other within this angle. Sides further apart
#: are those of an edge. cos(15 degrees)
OPPOSED_COSINE: Final = 0.966
#: Rays start this far below the surface, so that they do not meet it. [mm]
BELOW_MM: Final = 2e-3
#: Suspects in one cell, of one thickness and lie, are judged by one of them.
CELLS: Final = 5
LEAST_CELL_MM: Final = 2.0
#: Most suspects of each lie that are judged by sections, thinnest first.
MAX_JUDGED: Final = 20
#: Thinner is a grain of the mesh. [mm]
GRAIN_MM: Final = 0.05
#: A wall is opened by this much more than its thickness, and holds where it is opened
#: by this much less.
MORE, LESS = 1.2, 0.8
#: Against rounding, as a share of the thickness.
SLACK: Final = 0.02
#: More of it gone when opened by less: it tapers, so it is an edge and no wall.
TAPER_FRACTION: Final = 0.25
#: A wall is about as long as it is thick in its section, or longer.
LEAST_LENGTH: Final = 0.75
#: The window around a suspect, to both sides. [thickness], [mm]
WINDOW, WINDOW_MM = 4.0, 1.0
#: Thicknesses of one class differ by less than this factor.
CLASS_RATIO: Final = 1.1
#: A side that leans less than this from level belongs to a floor or roof. cos(45 deg)
FLOOR_COSINE: Final = 0.7071


@dataclass(frozen=True, slots=True)
class Walls:
    """Walls and floors of a part.

    Parameters
    ----------
    min_wall_mm, min_floor_mm
        Thinnest upright wall, thinnest floor or roof; None when no ray met one. [mm]
    thin_area_mm2
        Surface of both thinner than each of ``WALL_STEPS_MM``. [mm2]
    thin_walls, thin_floors
        Where they are thinner than the last of ``WALL_STEPS_MM``, thinnest first.
    """

    min_wall_mm: float | None
    min_floor_mm: float | None
    thin_area_mm2: tuple[float, ...]
    thin_walls: tuple[Place, ...]
    thin_floors: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class _Rays:
    """Rays that ended on an opposed face."""

    middles_mm: Points
    normals: Points
    thicknesses_mm: Points
    share_mm2: float


def measure_walls(mesh: Mesh, knife: Knife) -> Walls:
    """Measure walls by ``RAYS`` rays from evenly spread points straight inwards.

    A ray that ends on a face that looks the other way suspects a wall. Suspects are
    gathered by place, thickness and lie, and one of each group is judged, thinnest
    first, at most ``MAX_JUDGED`` walls and as many floors. In two sections across the
    wall, what an opening slightly wider than it takes away must hold the suspect and
    not taper. So edges, chamfers and tips are no walls. Of groups beyond that number
    as much area counts as of those judged.

    Parameters
    ----------
    mesh
        The surface, right side out.
    knife
        Cuts its solid.

    References
    ----------
    .. [1] J. Serra, Image Analysis and Mathematical Morphology, 1982 (opening).
    """
    rays = _cast(mesh, knife)
    sides = float((knife.solid.high_mm - knife.solid.low_mm).max())
    floors = np.abs(rays.normals[:, 2]) > FLOOR_COSINE
    groups = _groups(rays, floors, max(LEAST_CELL_MM, sides / CELLS))
    upright = _judged(rays, [one for one in groups if not floors[one[0]]], knife)
    level = _judged(rays, [one for one in groups if floors[one[0]]], knife)
    weights = upright.weights + level.weights
    thin_area = tuple(
        float(weights[rays.thicknesses_mm < step].sum()) * rays.share_mm2
        for step in WALL_STEPS_MM
    )
    return Walls(
        upright.least_mm, level.least_mm, thin_area, upright.places, level.places
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    """What became of the suspects of one lie."""

    least_mm: float | None
    places: tuple[Place, ...]
    weights: Points


def _judged(rays: _Rays, groups: list[Whole], knife: Knife) -> _Judged:
    """Judge groups, thinnest first; of thick ones until the first that holds."""
    weights = np.zeros(len(rays.thicknesses_mm))
    least_mm: float | None = None
    places = []
    for members in groups[:MAX_JUDGED]:
        one = _median(rays.thicknesses_mm, members)
        thickness = float(rays.thicknesses_mm[one])
        thin = thickness < WALL_STEPS_MM[-1]
        if not thin and least_mm is not None:
            break
        if not _is_wall(rays, one, knife):
            continue
        weights[members] = 1.0
        least_mm = thickness if least_mm is None else least_mm
        if thin:
            area = len(members) * rays.share_mm2
            places.append(Place(_spot(rays, members), thickness, area))
    if len(groups) > MAX_JUDGED:
        seen = sum(map(len, groups[:MAX_JUDGED]))
        weights[np.concatenate(groups[MAX_JUDGED:])] = weights.sum() / seen
    return _Judged(least_mm, tuple(places[:MAX_SPOTS]), weights)


def _cast(mesh: Mesh, knife: Knife) -> _Rays:
    """Send rays inwards and keep those that end on an opposed face.

    In bodies that overlap a ray ends where the next one begins, and suspects nothing.
    """
    corners = mesh.triangles_mm
    crosses = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    doubled = np.linalg.norm(crosses, axis=1)
    heaped = np.cumsum(doubled)
    total = float(heaped[-1])
    count = RAYS if many_rays() else FEW_RAYS
    number = np.arange(count)
    chosen = np.searchsorted(heaped, (number + 0.5) / count * total)
    # Two irrational steps spread points evenly (Roberts' R2 sequence).
    first, second = (0.7548776662466927 * number) % 1, (0.5698402909980532 * number) % 1
    root = np.sqrt(first)
    weights = np.stack([1 - root, root * (1 - second), root * second], axis=1)
    points = np.einsum("ij,ijk->ik", weights, corners[chosen])
    normals = crosses[chosen] / doubled[chosen, None]
    distances, met = first_hits(
        mesh, knife.solid, points - normals * BELOW_MM, -normals
    )
    opposed = np.einsum("ij,ij->i", normals, met) < -OPPOSED_COSINE
    kept = opposed & (distances > GRAIN_MM)
    points, normals, thicknesses = (
        points[kept],
        normals[kept],
        np.round(distances[kept] + BELOW_MM, 4),
    )
    middles = points - normals * thicknesses[:, None] / 2
    return _Rays(middles, normals, thicknesses, total / 2 / count)


def _groups(rays: _Rays, floors: NDArray[np.bool_], cell_mm: float) -> list[Whole]:
    """Gather rays by cell, class of thickness and lie; thinnest group first."""
    if not len(floors):
        return []
    classes = np.floor(np.log(rays.thicknesses_mm) / np.log(CLASS_RATIO))
    cells = np.floor(rays.middles_mm / cell_mm).astype(np.int64)
    # Walls of the same run in one cell: look along x or along y.
    turned = np.abs(rays.normals[:, 0]) > np.abs(rays.normals[:, 1])
    keys = np.column_stack([cells, classes.astype(np.int64), floors, turned])
    _, owners = np.unique(keys, axis=0, return_inverse=True)
    order = np.argsort(owners, kind="stable")
    ends = np.flatnonzero(np.diff(owners[order])) + 1
    groups = np.split(order, ends)
    return sorted(groups, key=lambda one: (classes[one[0]], -len(one)))


def _median(thicknesses_mm: Points, members: Whole) -> int:
    """Give the member of middling thickness."""
    order = np.argsort(thicknesses_mm[members], kind="stable")
    return int(members[order[len(members) // 2]])


def _spot(rays: _Rays, members: Whole) -> Spot:
    points = rays.middles_mm[members]
    low, high = points.min(axis=0), points.max(axis=0)
    x, y, z = ((low + high) / 2).tolist()
    radius = float(np.linalg.norm(high - low)) / 2
    return Spot((x, y, z), radius + float(rays.thicknesses_mm[members].max()))


def _is_wall(rays: _Rays, one: int, knife: Knife) -> bool:
    """Confirm a suspect in two sections across it, so that no taper stays hidden."""
    normal, middle = rays.normals[one], rays.middles_mm[one]
    if abs(normal[2]) > FLOOR_COSINE:
        axes = ("x", "y")
    else:
        axes = ("z", "y" if abs(normal[0]) > abs(normal[1]) else "x")
    return all(_holds_across(axis, normal, middle, knife) for axis in axes)


def _holds_across(axis: str, normal: Points, middle: Points, knife: Knife) -> bool:
    first, second, across = TURNS[axis]
    point = np.array([middle[first], middle[second]])
    section = knife.cut(axis, float(middle[across]))
    contours = knife.contours(axis, float(middle[across]))
    width = _chord(contours, point, np.array([normal[first], normal[second]]))
    if width is None:
        return False
    half = WINDOW * width + WINDOW_MM
    window = manifold3d.CrossSection.square([2 * half, 2 * half], center=True)
    near = (section ^ window.translate(point)).simplify(SLACK * width / 4)
    held = _piece_with(near - _opened(near, (MORE + SLACK) * width), point)
    if held is None or held.area() < LEAST_LENGTH * width**2:
        return False
    narrower = held ^ (near - _opened(near, LESS * width))
    return float(narrower.area()) < TAPER_FRACTION * float(held.area())


def _chord(contours: Contours, point: Points, way: Points) -> float | None:
    """Give how wide a section is at a point along a way; None outside it."""
    along = way / np.linalg.norm(way)
    off = np.array([-along[1], along[0]])
    tails, heads = contours.tails - point, contours.heads - point
    below, above = tails @ off, heads @ off
    cross = np.flatnonzero((below <= 0) != (above <= 0))
    share = below[cross] / (below[cross] - above[cross])
    at = (tails[cross] + share[:, None] * (heads[cross] - tails[cross])) @ along
    before, after = at[at <= 0], at[at > 0]
    if len(after) % 2 == 0 or not len(before):
        return None
    return float(after.min() - before.max())


def _opened(
    section: manifold3d.CrossSection, width_mm: float
) -> manifold3d.CrossSection:
    """Take away what is narrower than a width; a little wider, against rounding."""
    join = manifold3d.JoinType.Miter
    shrunk = section.offset(-width_mm / 2, join)
    return shrunk.offset(width_mm / 2 * (1 + SLACK), join)


def _piece_with(
    section: manifold3d.CrossSection, point: Points
) -> manifold3d.CrossSection | None:
    for piece in section.decompose():
        left, low, right, high = piece.bounds()
        if left <= point[0] <= right and low <= point[1] <= high:
            contours = measure_contours(piece.to_polygons())
            if inside(contours, point[None])[0]:
                return piece
    return None
