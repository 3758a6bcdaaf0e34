"""A mesh where a nester has put it."""

from __future__ import annotations

import numpy as np

from nearmade.geometry.mesh import Mesh
from nearmade.geometry.nesting import Placement
from nearmade.geometry.placing import Matrix
from nearmade.geometry.silhouette import quarter_turned


def placing_matrix(mesh: Mesh, where: Placement) -> Matrix:
    """Give the transform that turns a mesh and puts it on the plate, for row vectors.

    Parameters
    ----------
    mesh
        As its file has it, in whatever place.
    where
        Turn about z, and the low corner of the box as turned.
    """
    matrix = np.eye(4)
    matrix[:2, :2] = quarter_turned(np.eye(2), where.turn_deg)
    box_mm = np.vstack([mesh.vertices_mm.min(axis=0), mesh.vertices_mm.max(axis=0)])
    low_mm = (box_mm @ matrix[:3, :3]).min(axis=0)
    matrix[3, :3] = np.array([where.x_mm, where.y_mm, 0.0]) - low_mm
    return matrix


def laid(mesh: Mesh, where: Placement) -> Mesh:
    """Give the mesh turned and put on the plate."""
    matrix = placing_matrix(mesh, where)
    return Mesh(mesh.vertices_mm @ matrix[:3, :3] + matrix[3, :3], mesh.faces)
