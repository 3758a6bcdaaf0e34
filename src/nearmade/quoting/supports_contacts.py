"""Which faces of a part want to be held up, and where.

A layer hangs over where it reaches beyond the one below by more than the threshold
angle allows. Faces steeper than that and ledges too narrow to count are left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from nearmade.quoting.print_settings import PrintSettings
from nearmade.quoting.supports_columns import Grid, hits

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: A dense top is made where a layer reaches beyond the one below by this share of the
#: outer wall's width (PrusaSlicer 2.5, ``fill_contact_layer``).
DENSE_FRACTION = 0.6
#: The threshold itself is still held up (PrusaSlicer adds one degree). [deg]
INCLUSIVE_DEG = 1.0
#: A ledge is wide where a face in it holds a circle of this share of the reach across.
ROUND_FRACTION = 0.9
#: Points looked at along a pixel's side; small faces give their corners besides.
FINER = 2
#: Corners are moved by this share towards their face's middle.
INWARD_FRACTION = 0.02
#: Faces flatter than this may be a bridge; cosine of 8 degrees.
FLAT_NORMAL_Z = -0.99


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """Faces of a part with what is asked of them again and again.

    Parameters
    ----------
    corners
        Indices of vertices, shape (n, 3).
    triangles_mm
        Their places, shape (n, 3, 3); the lowest layer's top lies one layer up. [mm]
    normals_mm2
        Not of unit length: twice the area long, shape (n, 3). [mm2]
    slope
        Upward part of the unit normal, -1 where a face looks down, shape (n,).
    """

    corners: Whole
    triangles_mm: Array
    normals_mm2: Array
    slope: Array

    @staticmethod
    def of(vertices_mm: Array, corners: Whole) -> Faces:
        """Measure the faces of a mesh."""
        triangles_mm = vertices_mm[corners]
        first = triangles_mm[:, 1] - triangles_mm[:, 0]
        second = triangles_mm[:, 2] - triangles_mm[:, 0]
        normals = np.cross(first, second)
        length = np.sqrt(np.einsum("ij,ij->i", normals, normals))
        slope = normals[:, 2] / np.maximum(length, 1e-30)
        return Faces(corners, triangles_mm, normals, slope)

    def only(self, chosen: Flags | Whole) -> Faces:
        """Give some of the faces."""
        return Faces(
            self.corners[chosen],
            self.triangles_mm[chosen],
            self.normals_mm2[chosen],
            self.slope[chosen],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Contacts:
    """Points at which a part wants to be held up.

    Parameters
    ----------
    pixel_x, pixel_y
        Of the grid, shape (n,).
    layer
        Of the part that hangs over there.
    top_mm
        Where the column of support below may begin. [mm]
    dense, level
        Whether its top is printed densely; whether the face is level.
    central
        Whether the point is the middle of its pixel.
    """

    pixel_x: Whole
    pixel_y: Whole
    layer: Whole
    top_mm: Array
    dense: Flags
    level: Flags
    central: Flags

    def only(self, chosen: Flags | Whole) -> Contacts:
        """Give some of the points."""
        return Contacts(
            self.pixel_x[chosen],
            self.pixel_y[chosen],
            self.layer[chosen],
            self.top_mm[chosen],
            self.dense[chosen],
            self.level[chosen],
            self.central[chosen],
        )


def reach_mm(settings: PrintSettings) -> float:
    """Give how far a layer may reach beyond the one below without support. [mm]

    References
    ----------
    .. [1] PrusaSlicer 2.5.0, ``detect_overhangs``: layer height over the tangent of the
       threshold plus one degree; half an outer wall where the threshold is zero.
    """
    threshold_deg = settings.supports.threshold_deg
    if threshold_deg <= 0:
        return settings.lines.outer_mm / 2
    angle = math.radians(min(threshold_deg + INCLUSIVE_DEG, 89.9))
    return settings.lines.layer_mm / math.tan(angle)


def lowest_layer(settings: PrintSettings) -> int:
    """Give the lowest layer below which a support has room."""
    layer_mm = settings.lines.layer_mm
    return math.ceil((layer_mm + settings.supports.gap_mm) / layer_mm - 1e-6)


def overhanging(faces: Faces, settings: PrintSettings) -> Flags:
    """Tell which faces want support."""
    layer_mm, reach = settings.lines.layer_mm, reach_mm(settings)
    steepest = -math.cos(math.atan2(layer_mm, reach))
    least_mm = (lowest_layer(settings) - 0.5) * layer_mm
    high_mm = faces.triangles_mm[:, :, 2].max(axis=1)
    found: Flags = (faces.slope < steepest) & (high_mm > least_mm)
    if found.any():
        chosen = np.flatnonzero(found)
        found[chosen[_narrow(faces.only(chosen), reach, layer_mm)]] = False
    return found


def _narrow(faces: Faces, reach: float, layer_mm: float) -> Flags:
    """Tell which faces lie in a ledge within one layer, narrower than the reach."""
    count = len(faces.corners)
    ends = np.concatenate([faces.corners[:, [i, (i + 1) % 3]] for i in range(3)])
    ends = np.sort(ends, axis=1)
    owner = np.tile(np.arange(count), 3)
    code = ends[:, 0] * (int(faces.corners.max()) + 1) + ends[:, 1]
    order = np.argsort(code, kind="stable")
    same = code[order[1:]] == code[order[:-1]]
    pairs = (owner[order[:-1]][same], owner[order[1:]][same])
    links = coo_matrix((np.ones(len(pairs[0])), pairs), shape=(count, count))
    groups, group = connected_components(links, directed=False)
    rim = order[~(np.append(False, same) | np.append(same, False))]
    corner = np.concatenate([faces.triangles_mm[:, i] for i in range(3)])[:, :2]
    after = np.concatenate([faces.triangles_mm[:, (i + 1) % 3] for i in range(3)])
    edge = np.hypot(*(after[:, :2] - corner).T)
    around = np.bincount(group[owner[rim]], edge[rim], groups)
    area = np.abs(faces.normals_mm2[:, 2]) / 2
    rounds = 4 * area / np.maximum(edge.reshape(3, count).sum(axis=0), 1e-30)
    widest, low = np.zeros(groups), np.full(groups, np.inf)
    high = np.full(groups, -np.inf)
    heights = faces.triangles_mm[:, :, 2]
    np.maximum.at(widest, group, rounds)
    np.minimum.at(low, group, heights.min(axis=1))
    np.maximum.at(high, group, heights.max(axis=1))
    # A long strip of width w has w/2 of area for each length of its rim; where it is
    # wide only here and there, a face there has room for a circle.
    narrow: Flags = 2 * np.bincount(group, area, groups) < reach * around
    narrow &= (widest < ROUND_FRACTION * reach) & (high - low < layer_mm)
    return narrow[group]


def contact_points(faces: Faces, grid: Grid, settings: PrintSettings) -> Contacts:
    """Sample overhanging faces: a fine grid, and each face's corners.

    Parameters
    ----------
    faces
        Only those that want support.
    grid
        To which the points are assigned.
    settings
        What the slicer is told.
    """
    layer_mm, gap_mm = settings.lines.layer_mm, settings.supports.gap_mm
    along_x, along_y = grid.pixels(faces.triangles_mm)
    fine = (grid.shape[0] * FINER, grid.shape[1] * FINER)
    heights = faces.triangles_mm[:, :, 2]
    face, fine_x, fine_y, height = hits(along_x * FINER, along_y * FINER, heights, fine)
    middles = faces.triangles_mm.mean(axis=1, keepdims=True)
    inward = faces.triangles_mm + INWARD_FRACTION * (middles - faces.triangles_mm)
    corner_x, corner_y = grid.pixels(inward)
    middle = (fine_x % FINER == 0) & (fine_y % FINER == 0)
    central = np.append(middle, np.zeros(corner_x.size, dtype=bool))
    x = np.concatenate([fine_x / FINER, corner_x.ravel()])
    y = np.concatenate([fine_y / FINER, corner_y.ravel()])
    z = np.concatenate([height, inward[:, :, 2].ravel()])
    slope = faces.slope[np.concatenate([face, np.repeat(np.arange(len(heights)), 3)])]
    layer = np.ceil(z / layer_mm - 0.5 - 1e-6).astype(np.int64)
    steep = math.atan(layer_mm / (DENSE_FRACTION * settings.lines.outer_mm))
    points = Contacts(
        pixel_x=np.clip(np.floor(x + 0.5), 0, grid.shape[0] - 1).astype(np.int64),
        pixel_y=np.clip(np.floor(y + 0.5), 0, grid.shape[1] - 1).astype(np.int64),
        layer=layer,
        top_mm=np.minimum(layer * layer_mm, z) - gap_mm - 1e-4,
        dense=slope < -math.cos(steep),
        level=slope < FLAT_NORMAL_Z,
        central=central,
    )
    return points.only(layer >= lowest_layer(settings))
