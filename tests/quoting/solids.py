"""Solids made by hand for the tests of processes, with their measures."""

from __future__ import annotations

from typing import TypeAlias

import manifold3d
import numpy as np

from nearmade.geometry.mesh import Mesh

Solid: TypeAlias = manifold3d.Manifold


def block(x_mm: float, y_mm: float, z_mm: float) -> Solid:
    """Give a block with one corner at the origin."""
    return Solid.cube([x_mm, y_mm, z_mm])


def drill(radius_mm: float, length_mm: float, at: tuple[float, float, float]) -> Solid:
    """Give an upright cylinder of 128 sides that starts at a point."""
    return Solid.cylinder(length_mm, radius_mm, radius_mm, 128).translate(list(at))


def mesh_of(solid: Solid) -> Mesh:
    """Give the surface of a solid."""
    surface = solid.to_mesh64()
    return Mesh(
        np.array(surface.vert_properties[:, :3], dtype=np.float64),
        np.array(surface.tri_verts, dtype=np.int64),
    )
