"""Level sections of a part: areas, outlines, holes and pins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import manifold3d
import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.contours import Contours, measure_contours
from nearmade.geometry.facts import MAX_SPOTS, Place, Spot
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.solid import TURNS, Solid

Points = NDArray[np.float64]

#: Level sections that are kept.
LEVELS: Final = 24
#: Upright sections in which holes and pins are looked for, along x and along y.
UPRIGHT_SECTIONS: Final = 12
#: Contours narrower than this are grains of the mesh. [mm]
GRAIN_MM: Final = 0.05
#: Narrower holes are cracks: PrusaSlicer closes gaps of twice 0.049 mm by default, and
#: a crack of that width counts as twice as wide here. [mm]
CRACK_MM: Final = 0.2
#: Wider holes and pins are not narrow in any process. [mm]
NARROW_MM: Final = 6.0
#: A pin is round about its axis: a bar of 1 to 3 has 0.59, one of 1 to 4 has 0.50.
PIN_ROUNDNESS: Final = 0.5
#: Most of each that one section gives, narrowest first.
MAX_HOLES, MAX_PINS = 12, 4
#: A pin is as narrow this far to both sides, so that a tip is none. [diameter]
PIN_LENGTH: Final = 0.75


class Knife:
    """Cuts a solid, each cut once.

    Parameters
    ----------
    solid
        What is cut.
    """

    def __init__(self, solid: Solid) -> None:
        self.solid = solid
        self._cuts: dict[tuple[str, float], manifold3d.CrossSection] = {}
        self._contours: dict[tuple[str, float], Contours] = {}

    def cut(self, axis: str, at_mm: float) -> manifold3d.CrossSection:
        """Give the section across an axis at a coordinate of the mesh. [mm]"""
        key = axis, round(at_mm, 6)
        if key not in self._cuts:
            self._cuts[key] = self.solid.along(axis).slice(at_mm)
        return self._cuts[key]

    def contours(self, axis: str, at_mm: float) -> Contours:
        """Give the outlines of that section, measured."""
        key = axis, round(at_mm, 6)
        if key not in self._contours:
            outlines = self.cut(axis, at_mm).to_polygons()
            self._contours[key] = measure_contours(outlines)
        return self._contours[key]


@dataclass(frozen=True, slots=True)
class Levels:
    """Sections at even heights.

    Parameters
    ----------
    heights_mm
        Above the lowest point. [mm]
    areas_mm2, perimeters_mm
        Of each section. [mm2], [mm]
    """

    heights_mm: tuple[float, ...]
    areas_mm2: tuple[float, ...]
    perimeters_mm: tuple[float, ...]


def level_sections(mesh: Mesh, knife: Knife | None) -> Levels:
    """Cut a part at ``LEVELS`` heights, each in the middle of an even share.

    Bodies of a solid that overlap count once. A mesh that is no solid is cut face by
    face: what overlaps counts twice, and holes in the surface make areas guesses.

    Parameters
    ----------
    mesh
        A surface that uses all of its corners.
    knife
        Cuts its solid, where there is one.
    """
    rises = mesh.vertices_mm[:, 2]
    if not len(rises) or not np.ptp(rises) > 0:
        return Levels((), (), ())
    low, height = float(rises.min()), float(np.ptp(rises))
    shares = (np.arange(LEVELS) + 0.5) / LEVELS * height
    if knife is None:
        corners = mesh.triangles_mm
        rows = [_cut_faces(corners, low + share) for share in shares.tolist()]
    else:
        rows = [_figures(knife.contours("z", low + one)) for one in shares.tolist()]
    return Levels(
        tuple(shares.tolist()), tuple(a for a, _ in rows), tuple(p for _, p in rows)
    )


def _figures(contours: Contours) -> tuple[float, float]:
    return float(contours.areas_mm2.sum()), float(contours.lengths_mm.sum())


def _cut_faces(corners: Points, at_mm: float) -> tuple[float, float]:
    """Sum area and length over the segments in which faces meet a level."""
    over = corners[:, :, 2] > at_mm
    crossing = (over[:, 0] != over[:, 1]) | (over[:, 1] != over[:, 2])
    corners, above = corners[crossing], over[crossing]
    ends = np.zeros((len(corners), 2, 2))
    for k in range(3):
        following = (k + 1) % 3
        p, q = corners[:, k], corners[:, following]
        for end, hit in enumerate((above[:, k] & ~above[:, following],
                                   ~above[:, k] & above[:, following])):  # fmt: skip
            share = (at_mm - p[hit, 2]) / (q[hit, 2] - p[hit, 2])
            ends[hit, end] = p[hit, :2] + share[:, None] * (q[hit, :2] - p[hit, :2])
    tails, heads = ends[:, 0], ends[:, 1]
    twice = tails[:, 0] * heads[:, 1] - tails[:, 1] * heads[:, 0]
    return abs(float(twice.sum())) / 2, float(np.hypot(*(heads - tails).T).sum())


def narrow_holes(knife: Knife) -> tuple[Place, ...]:
    """Give the narrowest holes in sections along the three axes, narrowest first.

    Each section gives at most ``MAX_HOLES``.
    """
    found = []
    for axis, at_mm in _planes(knife.solid):
        contours = knife.contours(axis, at_mm)
        clear = (contours.areas_mm2 < 0) & (contours.widths_mm > CRACK_MM)
        narrow = _narrow(contours, clear)[:MAX_HOLES]
        found += [_place(contours, one, axis, at_mm) for one in narrow]
    return _apart(found)


def narrow_pins(knife: Knife) -> tuple[Place, ...]:
    """Give the narrowest round bars in sections along the three axes, narrowest first.

    A bar counts when it stands alone in its section and is as narrow somewhat further
    along, to both sides; a tip is not. Each section gives at most ``MAX_PINS``.
    """
    found = []
    for axis, at_mm in _planes(knife.solid):
        contours = knife.contours(axis, at_mm)
        for one in _narrow(contours, _bars(contours))[:MAX_PINS]:
            width, centre = contours.widths_mm[one], contours.centres_mm[one]
            step = PIN_LENGTH * float(width)
            sides = (at_mm - step, at_mm + step)
            if all(_goes_on(knife, axis, side, width, centre) for side in sides):
                found.append(_place(contours, one, axis, at_mm))
    return _apart(found)


def _bars(contours: Contours) -> NDArray[np.bool_]:
    return (contours.areas_mm2 > 0) & (contours.roundness > PIN_ROUNDNESS)


def _narrow(contours: Contours, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Give chosen contours that are narrow and no grains, narrowest first."""
    widths = contours.widths_mm
    fit = np.flatnonzero(chosen & (widths > GRAIN_MM) & (widths < NARROW_MM))
    return fit[np.argsort(widths[fit], kind="stable")]


def _planes(solid: Solid) -> Iterator[tuple[str, float]]:
    for number, axis in enumerate(("x", "y", "z")):
        count = LEVELS if axis == "z" else UPRIGHT_SECTIONS
        low, high = float(solid.low_mm[number]), float(solid.high_mm[number])
        for k in range(count):
            yield axis, low + (k + 0.5) / count * (high - low)


def _place(contours: Contours, one: int, axis: str, at_mm: float) -> Place:
    first, second = contours.centres_mm[one].tolist()
    return Place(
        Spot(_turned_back(axis, first, second, at_mm), float(contours.reaches_mm[one])),
        float(contours.widths_mm[one]),
        float(abs(contours.areas_mm2[one])),
    )


def _turned_back(
    axis: str, first: float, second: float, at_mm: float
) -> tuple[float, float, float]:
    """Give the place in the mesh of a point in a section."""
    back = np.zeros(3)
    back[TURNS[axis]] = first, second, at_mm
    x, y, z = back.tolist()
    return x, y, z


def _goes_on(
    knife: Knife, axis: str, at_mm: float, width_mm: float, centre_mm: Points
) -> bool:
    """Tell whether a bar is about as narrow in another section."""
    contours = knife.contours(axis, at_mm)
    away = np.hypot(*(contours.centres_mm - centre_mm).T)
    ratio = contours.widths_mm / width_mm
    alike = (ratio >= 0.7) & (ratio <= 1.4) & (away <= width_mm / 2)
    return bool((alike & _bars(contours)).any())


def _apart(places: list[Place]) -> tuple[Place, ...]:
    """Keep the narrowest of places that lie within each other, narrowest first."""
    kept: list[Place] = []
    for place in sorted(places, key=lambda one: one.size_mm):
        centre = np.array(place.spot.centre_mm)
        near = (
            np.linalg.norm(centre - np.array(one.spot.centre_mm))
            < one.spot.radius_mm + place.spot.radius_mm
            for one in kept
        )
        if not any(near):
            kept.append(place)
        if len(kept) == MAX_SPOTS:
            break
    return tuple(kept)
