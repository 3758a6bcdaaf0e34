"""What a part looks like from outside: its hull and its shadows."""

from __future__ import annotations

import manifold3d
import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.facts import WIDTH_STEP_DEG
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.solid import TURNS, Solid
from nearmade.geometry.spans import fill

#: Cells along the longer side of the raster in which a mesh that is no solid casts its
#: shadow. The error is about half a cell all along the outline: 0.3 % of a disc.
RASTER_CELLS = 512


def hull_mm3(mesh: Mesh) -> float:
    """Give the volume of the convex hull; zero for a flat part. [mm3]"""
    if len(mesh.vertices_mm) < 4:
        return 0.0
    points = np.ascontiguousarray(mesh.vertices_mm - mesh.vertices_mm.mean(axis=0))
    return max(0.0, float(manifold3d.Manifold.hull_points(points).volume()))


def widths_mm(mesh: Mesh) -> tuple[float, ...]:
    """Give the widths of the shadow on the plate, ``WIDTH_STEP_DEG`` apart. [mm]

    Parameters
    ----------
    mesh
        A surface that uses all of its corners.
    """
    turns = np.radians(np.arange(0, 180, WIDTH_STEP_DEG))
    ways = np.stack([np.cos(turns), np.sin(turns)])
    points = np.ascontiguousarray(mesh.vertices_mm[:, :2])
    outline = manifold3d.CrossSection.hull_points(points).to_polygons()
    corners = outline[0] if outline else points
    if not len(corners):
        return (0.0,) * len(turns)
    return tuple(np.ptp(corners @ ways, axis=0).tolist())


def shadows_mm2(mesh: Mesh, solid: Solid | None) -> tuple[float, float, float]:
    """Give the areas of the shadows along x, y and z. [mm2]

    Those of a solid are exact. Any other mesh casts its shadow on a raster of
    ``RASTER_CELLS`` cells along its longer side.
    """
    x, y, z = (
        _raster_mm2(mesh, axis)
        if solid is None
        else float(solid.along(axis).project().area())
        for axis in ("x", "y", "z")
    )
    return x, y, z


def _raster_mm2(mesh: Mesh, axis: str) -> float:
    corners: NDArray[np.float64] = mesh.triangles_mm[:, :, TURNS[axis]]
    if not len(corners):
        return 0.0
    flat = corners.reshape(-1, 3)
    low, high = flat.min(axis=0), flat.max(axis=0)
    cell_mm = float((high - low)[:2].max()) / RASTER_CELLS
    if not cell_mm > 0:
        return 0.0
    wide, deep = (int(np.ceil(side / cell_mm)) + 1 for side in (high - low)[:2])
    covered = fill((corners - low) / cell_mm, (deep, wide)).covered
    return float(np.count_nonzero(covered)) * cell_mm**2
