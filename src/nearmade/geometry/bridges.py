"""What begins in the air: bridges between two sides, ledges, islands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import manifold3d
import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.contours import Contours, inside, measure_contours
from nearmade.geometry.edges import label_groups
from nearmade.geometry.facts import Place, Spot
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.sections import Knife

Points = NDArray[np.float64]
Whole = NDArray[np.int64]

#: Common layer height of material extrusion. [mm]
LAYER_MM: Final = 0.2
#: A layer may stand out over the one below by its own height: 45 degrees. [mm]
GROWTH_MM: Final = LAYER_MM
#: Faces within about 18 degrees of level make ceilings. cos(18 degrees)
CEILING_COSINE: Final = 0.95
#: Smaller ceilings and pieces are not looked at: about two beads square. [mm2]
LEAST_MM2: Final = 0.8
#: Most layers looked into, those with the largest ceilings and the deepest points.
MAX_LAYERS: Final = 32
#: Most pieces of one layer, the largest.
MAX_PIECES: Final = 16
#: Ways in which a bridge may run, evenly turned, besides along and across its longest
#: edges; and lines along each.
WAYS: Final = 12
EDGES: Final = 4
LINES: Final = 16
#: Corners of a ledge that are looked at.
MAX_CORNERS: Final = 64
#: A bridge rests on both ends over this share of its area; else it is a ledge.
RESTING_FRACTION: Final = 0.7


@dataclass(frozen=True, slots=True)
class InTheAir:
    """Bridges, ledges and islands of a part as it lies.

    Parameters
    ----------
    bridges
        Longest first; size is the free span, in the direction that rests best. [mm]
    ledges
        Ceilings that rest on one side only, largest first; size is how far their
        furthest corner stands out. [mm]
    islands
        Largest first; size is the diameter of a disc of the same area. [mm]
    """

    bridges: tuple[Place, ...]
    ledges: tuple[Place, ...]
    islands: tuple[Place, ...]


def begins_in_the_air(mesh: Mesh, knife: Knife) -> InTheAir:
    """Find what a printer would have to begin in the air, layer by layer.

    Only layers are looked into in which a level ceiling or a deepest point of the
    surface lies, at most ``MAX_LAYERS``, those with the largest ceilings first: slopes
    are judged by their angle instead. In each, what lies over air is the section less
    the one below grown by ``GROWTH_MM``. A piece that touches nothing below is an
    island; one that lines across it join to the layer below at both ends is a bridge.

    Parameters
    ----------
    mesh
        The surface, right side out.
    knife
        Cuts its solid.
    """
    bridges, ledges, islands = [], [], []
    low, join = float(knife.solid.low_mm[2]), manifold3d.JoinType.Miter
    for layer in _layers(mesh, low):
        at_mm = low + (layer + 0.5) * LAYER_MM
        section = knife.cut("z", at_mm)
        below = knife.cut("z", at_mm - LAYER_MM)
        grown = below.offset(GROWTH_MM, join)
        over_air = section - grown
        if over_air.is_empty():
            continue
        whole = _whole_pieces(section)
        resting = measure_contours(grown.offset(0.01, join).to_polygons())
        for piece in _largest(over_air):
            area = float(piece.area())
            spot = _spot(piece, at_mm)
            if any(abs(area - one) < 1e-6 * area and _same(box, piece)
                   for one, box in whole):  # fmt: skip
                islands.append(Place(spot, 2 * float(np.sqrt(area / np.pi)), area))
                continue
            span_mm, reach_mm = _span(measure_contours(piece.to_polygons()), resting)
            if span_mm is None:
                ledges.append(Place(spot, reach_mm, area))
            else:
                bridges.append(Place(spot, span_mm, area))
    return InTheAir(
        bridges=tuple(sorted(bridges, key=lambda one: -one.size_mm)),
        ledges=tuple(sorted(ledges, key=lambda one: -one.area_mm2)),
        islands=tuple(sorted(islands, key=lambda one: -one.area_mm2)),
    )


def _layers(mesh: Mesh, low_mm: float) -> list[int]:
    """Choose layers: the first whose middle lies above a ceiling or deepest point."""
    corners = mesh.triangles_mm
    crosses = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    doubled = np.linalg.norm(crosses, axis=1)
    rise = np.divide(crosses[:, 2], doubled, out=np.zeros_like(doubled),
                     where=doubled > 0)  # fmt: skip
    ceilings = rise < -CEILING_COSINE
    heights = corners[ceilings, :, 2].mean(axis=1)
    weights = doubled[ceilings] / 2
    deepest = _deepest(mesh, crosses)
    heights = np.concatenate([heights, deepest])
    weights = np.concatenate([weights, np.full(len(deepest), LEAST_MM2)])
    layers = np.ceil((heights - low_mm) / LAYER_MM - 0.5 + 1e-6).astype(np.int64)
    layers, weights = layers[layers > 0], weights[layers > 0]
    if not len(layers):
        return []
    numbers, owners = np.unique(layers, return_inverse=True)
    totals = np.bincount(owners, weights=weights)
    large = np.argsort(-totals, kind="stable")[:MAX_LAYERS]
    return sorted(int(numbers[one]) for one in large if totals[one] >= LEAST_MM2)


def _deepest(mesh: Mesh, crosses: Points) -> Points:
    """Give the heights at which the surface has a lowest point or lowest flat."""
    faces, heights = mesh.faces, mesh.vertices_mm[:, 2]
    tails = faces.T.reshape(-1)
    heads = faces[:, [1, 2, 0]].T.reshape(-1)
    level = np.abs(heights[tails] - heights[heads]) < 1e-6
    count, groups = label_groups(
        len(heights), np.column_stack([tails[level], heads[level]])
    )
    lowest = np.ones(count, dtype=bool)
    lowest[groups[tails[heights[heads] < heights[tails] - 1e-6]]] = False
    lowest[groups[heads[heights[tails] < heights[heads] - 1e-6]]] = False
    # Solid above it: the faces around it look down, not up as in a cup.
    looks = np.bincount(
        groups[faces].reshape(-1), weights=np.repeat(crosses[:, 2], 3), minlength=count
    )
    rise = np.full(count, np.inf)
    np.minimum.at(rise, groups, heights)
    chosen: Points = rise[lowest & (looks < 0)]
    return chosen


def _largest(section: manifold3d.CrossSection) -> list[manifold3d.CrossSection]:
    """Give pieces worth looking at, largest first."""
    pieces = [one for one in section.decompose() if one.area() >= LEAST_MM2]
    pieces.sort(key=lambda one: -float(one.area()))
    return pieces[:MAX_PIECES]


def _whole_pieces(
    section: manifold3d.CrossSection,
) -> list[tuple[float, tuple[float, ...]]]:
    return [(float(one.area()), one.bounds()) for one in section.decompose()]


def _same(box: tuple[float, ...], piece: manifold3d.CrossSection) -> bool:
    return bool(np.allclose(box, piece.bounds(), atol=1e-4))


def _spot(piece: manifold3d.CrossSection, at_mm: float) -> Spot:
    left, low, right, high = piece.bounds()
    radius = float(np.hypot(right - left, high - low)) / 2
    return Spot(((left + right) / 2, (low + high) / 2, at_mm), radius)


def _span(piece: Contours, resting: Contours) -> tuple[float | None, float]:
    """Give the free span of a piece, None for a ledge, and how far a ledge stands out.

    Parameters
    ----------
    piece
        What lies over air.
    resting
        What lies below, a trifle grown.
    """
    anchored = inside(resting, (piece.tails + piece.heads) / 2)
    best = 0.0
    spans: list[tuple[float, float]] = []
    for turn in _ways(piece):
        lengths, both = _chords(piece, anchored, turn)
        share = float(lengths[both].sum()) / max(float(lengths.sum()), 1e-12)
        if share >= RESTING_FRACTION:
            best = max(best, share)
            spans.append((share, float(lengths[both].max())))
    span = min((one for share, one in spans if share >= 0.9 * best), default=None)
    if span is None:
        return None, _reach(piece, anchored) + GROWTH_MM
    return span + 2 * GROWTH_MM, 0.0


def _ways(piece: Contours) -> Points:
    """Give the directions to try. [rad]"""
    edges = piece.heads - piece.tails
    longest = edges[np.argsort(-np.hypot(*edges.T), kind="stable")[:EDGES]]
    along = np.arctan2(longest[:, 1], longest[:, 0])
    even = np.arange(WAYS) * np.pi / WAYS
    ways = np.concatenate([along, along + np.pi / 2, even]) % np.pi
    _, first = np.unique(np.round(ways, 3), return_index=True)
    chosen: Points = ways[first]
    return chosen


def _reach(piece: Contours, anchored: NDArray[np.bool_]) -> float:
    """Give how far the corner furthest from all that rests stands out."""
    tails, heads = piece.tails[anchored], piece.heads[anchored]
    furthest = 0.0
    corners = piece.tails[~anchored] if len(tails) else piece.tails[:0]
    for corner in corners[:: 1 + len(corners) // MAX_CORNERS]:
        along, off = heads - tails, corner - tails
        length = np.maximum(np.einsum("ij,ij->i", along, along), 1e-12)
        share = np.clip(np.einsum("ij,ij->i", off, along) / length, 0, 1)
        away = np.hypot(*(off - share[:, None] * along).T)
        furthest = max(furthest, float(away.min()))
    return furthest


def _chords(
    piece: Contours, anchored: NDArray[np.bool_], turn_rad: float
) -> tuple[Points, NDArray[np.bool_]]:
    """Give the chords of even lines across a piece, and which rest on both ends."""
    along = np.array([np.cos(turn_rad), np.sin(turn_rad)])
    off = np.array([-along[1], along[0]])
    below, above = piece.tails @ off, piece.heads @ off
    low, high = float(below.min()), float(below.max())
    lines = low + (np.arange(LINES) + 0.5) / LINES * (high - low)
    line, edge = np.nonzero(
        (below[None] <= lines[:, None]) != (above[None] <= lines[:, None])
    )
    share = (lines[line] - below[edge]) / (above[edge] - below[edge])
    tails, heads = piece.tails[edge] @ along, piece.heads[edge] @ along
    at = tails + share * (heads - tails)
    order = np.lexsort((at, line))
    at, edge = at[order], edge[order]
    usable = len(at) // 2 * 2
    lengths = at[1:usable:2] - at[:usable:2]
    both = anchored[edge[:usable:2]] & anchored[edge[1:usable:2]]
    return lengths, both
