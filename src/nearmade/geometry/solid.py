"""A mesh as a solid that can be cut, with the same part turned along each axis."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import manifold3d
import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.mesh import Mesh

Points = NDArray[np.float64]

#: Meshes of more faces are made coarser before they are cut.
MOST_FACES = 50_000
#: No point of a coarser surface lies further from where it was. [mm]
COARSE_MM = 0.01
#: Rows x, y, z of the turned part, so that the axis named comes to lie along z.
TURNS: dict[str, list[int]] = {"x": [1, 2, 0], "y": [2, 0, 1], "z": [0, 1, 2]}


@dataclass(frozen=True)
class Solid:
    """A solid, its coordinates as in the mesh.

    Parameters
    ----------
    body
        What manifold3d made of it.
    low_mm, high_mm
        Corners of its box, shape (3,). [mm]
    surface
        Its mesh, right side out.
    """

    body: manifold3d.Manifold
    low_mm: Points
    high_mm: Points
    surface: Mesh

    @cached_property
    def along_x(self) -> manifold3d.Manifold:
        """The part turned so that x comes to lie along z, y and z along x and y."""
        return self.body.transform(_matrix("x"))

    @cached_property
    def along_y(self) -> manifold3d.Manifold:
        """The part turned so that y comes to lie along z, z and x along x and y."""
        return self.body.transform(_matrix("y"))

    def along(self, axis: str) -> manifold3d.Manifold:
        """Give the part turned so that an axis comes to lie along z."""
        if axis == "z":
            return self.body
        return self.along_x if axis == "x" else self.along_y


def as_solid(mesh: Mesh) -> Solid | None:
    """Give the solid that a mesh bounds; None when it bounds none.

    A mesh that is inside out is turned right side out. One of more than ``MOST_FACES``
    faces is made coarser, by ``COARSE_MM`` at most.

    Parameters
    ----------
    mesh
        Any mesh; corners that should be joined are joined.
    """
    if not len(mesh.faces):
        return None
    surface, body = mesh, _body(mesh)
    if body.status() == manifold3d.Error.NoError and body.volume() < 0:
        surface = Mesh(mesh.vertices_mm, mesh.faces[:, ::-1])
        body = _body(surface)
    if body.status() != manifold3d.Error.NoError or not body.volume() > 0:
        return None
    if len(mesh.faces) > MOST_FACES:
        coarse = body.simplify(COARSE_MM)
        if coarse.volume() > 0:
            body, surface = coarse, _surface(coarse)
    box = np.array(body.bounding_box())
    return Solid(body, box[:3], box[3:], surface)


def _body(mesh: Mesh) -> manifold3d.Manifold:
    return manifold3d.Manifold(
        manifold3d.Mesh64(
            np.ascontiguousarray(mesh.vertices_mm),
            np.ascontiguousarray(mesh.faces).astype(np.uint64),
        )
    )


def _surface(body: manifold3d.Manifold) -> Mesh:
    given = body.to_mesh64()
    vertices = np.asarray(given.vert_properties, dtype=np.float64)[:, :3]
    return Mesh(vertices, np.asarray(given.tri_verts).astype(np.int64))


def _matrix(axis: str) -> Points:
    turn: Points = np.zeros((3, 4))
    turn[np.arange(3), TURNS[axis]] = 1.0
    return turn
