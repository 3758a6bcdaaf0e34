"""Parts of our own that a slicer is asked about when a profile is calibrated.

Families of what people print: boxes and housings, tubes, thin walls, cones, gears,
brackets, lattices, rings, domes, combs, pots and grown-together lumps. Same seed, same
parts. Each lies flat on the plate.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from manifold3d import CrossSection, Manifold

from nearmade.geometry.mesh import Mesh

#: Numbers drawn for sizes; the set is part of every stored fit.
SEED = 20261122

Draw = np.random.Generator


@dataclass(frozen=True, slots=True, eq=False)
class CalibrationPart:
    """One part of the set.

    Parameters
    ----------
    name, group
        Such as ``tube-3`` and ``tube``.
    mesh
        Closed, flat on the plate, z up.
    """

    name: str
    group: str
    mesh: Mesh


def calibration_shapes() -> Iterator[CalibrationPart]:
    """Give every part, family by family."""
    for family, (make, count) in _FAMILIES.items():
        draw = np.random.default_rng([SEED, *family.encode()])
        for number in range(1, count + 1):
            solid = make(draw)
            yield CalibrationPart(f"{family}-{number}", family, _mesh(solid))


def _mesh(solid: Manifold) -> Mesh:
    """Give a solid as a mesh that stands on the plate."""
    low = solid.bounding_box()[2]
    found = solid.translate((0, 0, -low)).to_mesh()
    vertices = np.asarray(found.vert_properties, dtype=np.float64)[:, :3]
    return Mesh(vertices, np.asarray(found.tri_verts, dtype=np.int64))


def _some(draw: Draw, low: float, high: float) -> float:
    """Draw a size evenly on a logarithmic scale. [mm]"""
    return round(float(np.exp(draw.uniform(math.log(low), math.log(high)))), 2)


def _cylinder(height_mm: float, low_mm: float, high_mm: float = -1.0) -> Manifold:
    return Manifold.cylinder(height_mm, low_mm, high_mm, 72)


def _box(draw: Draw) -> Manifold:
    size = (_some(draw, 6, 60), _some(draw, 6, 60), _some(draw, 3, 35))
    return Manifold.cube(size, center=True)


def _housing(draw: Draw) -> Manifold:
    """An open box with walls, pillars for screws and a slot in one side."""
    x, y, z = _some(draw, 30, 80), _some(draw, 25, 60), _some(draw, 10, 35)
    wall = _some(draw, 1.2, 3.0)
    inner = (x - 2 * wall, y - 2 * wall, z)
    solid = Manifold.cube((x, y, z), center=True)
    solid -= Manifold.cube(inner, center=True).translate((0, 0, wall))
    for side_x, side_y in ((-1, -1), (-1, 1), (1, -1), (1, 1)):
        place = (side_x * (x / 2 - wall - 2.5), side_y * (y / 2 - wall - 2.5), -z / 2)
        pillar = _cylinder(z * 0.8, 3.2) - _cylinder(z, 1.3)
        solid += pillar.translate(place)
    slot = Manifold.cube((8, 4 * wall, 4), center=True)
    return solid - slot.translate((0, y / 2, 0))


def _tube(draw: Draw) -> Manifold:
    radius, height = _some(draw, 5, 30), _some(draw, 6, 60)
    wall = min(_some(draw, 0.9, 6), radius - 1.5)
    return _cylinder(height, radius) - _cylinder(height * 3, radius - wall).translate(
        (0, 0, -height)
    )


def _thin_wall(draw: Draw) -> Manifold:
    """An upright outline of thin wall on a thin foot."""
    length, height = _some(draw, 20, 70), _some(draw, 8, 30)
    wall = _some(draw, 0.8, 2.4)
    solid = Manifold.cube((length, wall, height), center=True)
    for place in (-length / 2 + wall / 2, 0.0, length / 2 - wall / 2):
        rib = Manifold.cube((wall, length / 3, height), center=True)
        solid += rib.translate((place, length / 6, 0))
    foot = Manifold.cube((length, length / 2, 1.2), center=True)
    return solid + foot.translate((0, length / 6, -height / 2 + 0.6))


def _cone(draw: Draw) -> Manifold:
    low, height = _some(draw, 6, 30), _some(draw, 6, 50)
    return _cylinder(height, low, low * float(draw.uniform(0.05, 0.8)))


def _gear(draw: Draw) -> Manifold:
    teeth, radius = int(draw.integers(9, 30)), _some(draw, 8, 30)
    depth, height = radius * 0.14, _some(draw, 3, 15)
    angles = np.arange(teeth * 4) * 2 * math.pi / (teeth * 4)
    reach = np.where(np.arange(teeth * 4) % 4 < 2, radius, radius - depth)
    outline = np.column_stack([reach * np.cos(angles), reach * np.sin(angles)])
    solid = Manifold.extrude(CrossSection([outline]), height)
    bore = _cylinder(height * 3, radius * 0.25).translate((0, 0, -height))
    return solid - bore


def _bracket(draw: Draw) -> Manifold:
    """Two plates at a right angle with holes and a rib."""
    width, arm = _some(draw, 12, 40), _some(draw, 20, 55)
    thick = _some(draw, 2.5, 6)
    floor = Manifold.cube((arm, width, thick))
    wall = Manifold.cube((thick, width, arm))
    outline = np.array([(0.0, 0.0), (arm * 0.7, 0.0), (0.0, arm * 0.7)])
    rib = Manifold.extrude(CrossSection([outline]), thick).rotate((90, 0, 0))
    solid = floor + wall + rib.translate((0, width / 2 + thick / 2, 0))
    hole = _cylinder(thick * 4, _some(draw, 1.5, 3.0), -1.0)
    for along in (0.45, 0.8):
        solid -= hole.translate((arm * along, width * 0.2, -thick))
        solid -= hole.rotate((0, 90, 0)).translate((-thick, width * 0.8, arm * along))
    return solid


def _lattice(draw: Draw) -> Manifold:
    """A plate of bars that cross, in a frame."""
    side, pitch = _some(draw, 25, 70), _some(draw, 5, 10)
    bar, height = _some(draw, 1.2, 3), _some(draw, 2, 10)
    room = side - 2 * bar
    frame = CrossSection.square((side, side), center=True)
    frame -= CrossSection.square((room, room), center=True)
    for number in range(1, int(side / pitch)):
        place = -side / 2 + number * pitch
        frame += CrossSection.square((bar, side), center=True).translate((place, 0))
        frame += CrossSection.square((side, bar), center=True).translate((0, place))
    inside = CrossSection.square((side, side), center=True)
    return Manifold.extrude(frame ^ inside, height)


def _ring(draw: Draw) -> Manifold:
    """A round ring, cut flat below."""
    radius, thick = _some(draw, 8, 30), _some(draw, 2, 6)
    circle = CrossSection.circle(thick, 32).translate((radius, 0))
    solid = Manifold.revolve(circle, 72)
    return solid.trim_by_plane((0, 0, 1), -thick * 0.7)


def _dome(draw: Draw) -> Manifold:
    """Half a ball, full or as a shell."""
    radius = _some(draw, 7, 28)
    ball = Manifold.sphere(radius, 72).trim_by_plane((0, 0, 1), 0.0)
    if draw.random() < 0.5:
        return ball
    return ball - Manifold.sphere(radius - min(3.0, radius * 0.2), 72)


def _comb(draw: Draw) -> Manifold:
    """A back with many pins or teeth: travel and small islands."""
    teeth, height = int(draw.integers(5, 14)), _some(draw, 5, 20)
    pitch, thick = _some(draw, 4, 7), _some(draw, 1.6, 3)
    back = Manifold.cube((teeth * pitch, 8, 2.4))
    for number in range(teeth):
        place = (number * pitch + pitch / 2, 4, 2)
        tooth = _cylinder(height, thick / 2 + 0.6, thick / 2)
        back += tooth.translate(place)
    return back


def _pot(draw: Draw) -> Manifold:
    """A hollow with a flared wall and a floor."""
    low, height = _some(draw, 8, 22), _some(draw, 15, 55)
    high, wall = low * float(draw.uniform(1.05, 1.5)), _some(draw, 1.2, 2.8)
    inner = _cylinder(height, low - wall, high - wall).translate((0, 0, wall))
    return _cylinder(height, low, high) - inner


def _steps(draw: Draw) -> Manifold:
    """A pile of plates, each smaller: tops inside the part."""
    side, count = _some(draw, 20, 60), int(draw.integers(3, 7))
    edges = np.linspace(side, side * 0.25, count)
    rises = np.linspace(0, _some(draw, 8, 30), count + 1)
    solid = Manifold()
    for edge, (low, high) in zip(edges, pairwise(rises), strict=True):
        block = Manifold.cube(
            (float(edge), float(edge * 0.8), float(high - low) + 0.01)
        )
        solid += block.translate((0, 0, float(low)))
    return solid


def _lump(draw: Draw) -> Manifold:
    """Balls and bars grown together, cut flat below: no straight lines."""
    solid = Manifold.sphere(8.0, 40)
    for _ in range(int(draw.integers(4, 9))):
        radius = _some(draw, 5, 11)
        away = draw.normal(size=3)
        away *= (6 + radius / 2) / np.linalg.norm(away)
        solid += Manifold.sphere(radius, 40).translate(tuple(away))
    low = solid.bounding_box()[2]
    return solid.trim_by_plane((0, 0, 1), low + 3.0)


def _clip(draw: Draw) -> Manifold:
    """A flat hook: outlines that bend, all the way up."""
    radius, wall = _some(draw, 5, 18), _some(draw, 1.6, 4)
    height = _some(draw, 4, 20)
    band = CrossSection.circle(radius + wall, 64) - CrossSection.circle(radius, 64)
    gap = CrossSection.square((radius * 3, radius * 0.9)).translate((0, -radius * 0.45))
    tail = CrossSection.square((radius * 2.5, wall)).translate((-radius * 3, -wall / 2))
    return Manifold.extrude(
        (band - gap) + (tail - CrossSection.circle(radius, 64)), height
    )


_FAMILIES: dict[str, tuple[Callable[[Draw], Manifold], int]] = {
    "box": (_box, 5),
    "housing": (_housing, 5),
    "tube": (_tube, 5),
    "thin-wall": (_thin_wall, 4),
    "cone": (_cone, 3),
    "gear": (_gear, 5),
    "bracket": (_bracket, 5),
    "lattice": (_lattice, 4),
    "ring": (_ring, 3),
    "dome": (_dome, 5),
    "comb": (_comb, 3),
    "pot": (_pot, 4),
    "steps": (_steps, 3),
    "lump": (_lump, 4),
    "clip": (_clip, 4),
}
