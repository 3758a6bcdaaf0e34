"""The shadow of a part on the plate, and how near two shadows are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import manifold3d
import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.mesh import Mesh
from nearmade.geometry.solid import as_solid
from nearmade.vocabulary.errors import InvalidInput

Points = NDArray[np.float64]

#: Outlines for nesting may be this much larger than the part. [mm]
SIMPLIFY_MM: Final = 0.25
#: A remainder below this counts as rounding. [mm2]
ROUNDING_MM2: Final = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Silhouette:
    """The outer outlines of a shadow, its box having its low corner at the origin.

    Parameters
    ----------
    outlines_mm
        Counter-clockwise polygons without their holes, each of shape (n, 2); one for
        each patch of the shadow. [mm]
    """

    outlines_mm: tuple[Points, ...]

    @property
    def size_mm(self) -> tuple[float, float]:
        """Give the extents of the box along x and y. [mm]"""
        along_x, along_y = np.vstack(self.outlines_mm).max(axis=0)
        return float(along_x), float(along_y)

    @property
    def area_mm2(self) -> float:
        """Give the area within the outlines. [mm2]"""
        return float(self.section().area())

    def section(
        self, x_mm: float = 0.0, y_mm: float = 0.0, turn_deg: int = 0
    ) -> manifold3d.CrossSection:
        """Give it as a flat solid, turned by quarters, its low corner at a place."""
        placed = self.placed(x_mm, y_mm, turn_deg)
        return manifold3d.CrossSection(list(placed), manifold3d.FillRule.NonZero)

    def placed(self, x_mm: float, y_mm: float, turn_deg: int) -> tuple[Points, ...]:
        """Give the outlines turned by quarters, then low corner at a place. [mm]"""
        shift = np.array([x_mm, y_mm])
        turned = [quarter_turned(line, turn_deg) for line in self.outlines_mm]
        low = np.vstack(turned).min(axis=0)
        return tuple(line - low + shift for line in turned)

    def grown_outline(self, by_mm: float) -> Points:
        """Give one outline that holds all that is within ``by_mm`` of the shadow.

        It is simplified first and grown last, so that no simplification eats from the
        distance. A shadow of several patches is taken for its convex hull.
        """
        exact = self.section()
        plain = _grown(exact.simplify(SIMPLIFY_MM), SIMPLIFY_MM)
        if (exact - plain).area() > ROUNDING_MM2:
            plain = exact
        grown = _grown(plain, by_mm)
        outlines = _outer(grown)
        if len(outlines) > 1:
            outlines = _outer(grown.hull())
        return outlines[0]


def quarter_turned(points: Points, turn_deg: int) -> Points:
    """Turn points counter-clockwise about the origin by 0, 90, 180 or 270 degrees."""
    x, y = points[:, 0], points[:, 1]
    turns = {0: (x, y), 90: (-y, x), 180: (-x, -y), 270: (y, -x)}
    if turn_deg not in turns:
        raise InvalidInput(f"turn {turn_deg}: must be 0, 90, 180 or 270 degrees")
    return np.column_stack(turns[turn_deg])


def silhouette_of(mesh: Mesh) -> Silhouette:
    """Give the shadow that a mesh casts straight down; its hull when it is no solid.

    Raises
    ------
    InvalidInput
        When the mesh has no extent along x or y.
    """
    solid = as_solid(mesh)
    if solid is None:
        shadow = _hull(mesh.vertices_mm)
    else:
        bodies = [_shadow(body) for body in solid.body.decompose()]
        shadow = manifold3d.CrossSection.batch_boolean(bodies, manifold3d.OpType.Add)
    if not shadow.area() > 0:
        raise InvalidInput("part: it has no extent on the plate", code="no-shadow")
    outlines = _outer(shadow)
    low = np.vstack(outlines).min(axis=0)
    return Silhouette(tuple(line - low for line in outlines))


def _shadow(body: manifold3d.Manifold) -> manifold3d.CrossSection:
    """Give the shadow of one body; one that is inside out, as a hollow is, its hull."""
    if body.volume() > 0:
        return body.project()
    return _hull(np.asarray(body.to_mesh64().vert_properties, dtype=np.float64))


def hull_points(points_mm: Points) -> Points:
    """Give the corners of the convex hull of points seen from above, shape (n, 2)."""
    return np.asarray(_hull(points_mm).to_polygons()[0], dtype=np.float64)


def _hull(points_mm: Points) -> manifold3d.CrossSection:
    flat = np.ascontiguousarray(points_mm[:, :2])
    return manifold3d.CrossSection.hull_points(flat)


def distance_mm(one: tuple[Points, ...], other: tuple[Points, ...]) -> float:
    """Give the least distance between two shadows; 0 when they overlap. [mm]

    Parameters
    ----------
    one, other
        Outlines without holes, as ``Silhouette.placed`` gives them. [mm]
    """
    rule = manifold3d.FillRule.NonZero
    shared = manifold3d.CrossSection(list(one), rule) ^ manifold3d.CrossSection(
        list(other), rule
    )
    if shared.area() > 0:
        return 0.0
    # Of two polygons apart, a corner of one is nearest to the other.
    return min(min(_to_edges_mm(a, b), _to_edges_mm(b, a)) for a in one for b in other)


def _to_edges_mm(points: Points, outline: Points) -> float:
    """Give the least distance from points to the edges of an outline. [mm]"""
    start = outline[None, :, :]
    step = (np.roll(outline, -1, axis=0) - outline)[None, :, :]
    away = points[:, None, :] - start
    length2 = np.maximum((step**2).sum(axis=2), 1e-300)
    along = np.clip((away * step).sum(axis=2) / length2, 0.0, 1.0)
    gaps = away - along[:, :, None] * step
    return float(np.sqrt((gaps**2).sum(axis=2).min()))


def _grown(section: manifold3d.CrossSection, by_mm: float) -> manifold3d.CrossSection:
    """Grow with mitred corners, which hold the round ones."""
    return section.offset(by_mm, manifold3d.JoinType.Miter, 2.0)


def _outer(section: manifold3d.CrossSection) -> tuple[Points, ...]:
    """Give the outer outlines, holes left out, largest first."""
    patches = []
    for patch in section.decompose():
        lines = [np.asarray(line, dtype=np.float64) for line in patch.to_polygons()]
        patches.append(max(lines, key=_signed_area_mm2))
    return tuple(sorted(patches, key=_signed_area_mm2, reverse=True))


def _signed_area_mm2(line: Points) -> float:
    x, y = line[:, 0], line[:, 1]
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2
