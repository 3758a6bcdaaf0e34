"""A mesh as a solid that can be cut, with the same part turned along each axis."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import manifold3d
import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.mesh import Mesh

Points = NDArray[np.float64]

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
    """

    body: manifold3d.Manifold
    low_mm: Points
    high_mm: Points

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

    A mesh that is inside out is turned right side out.

    Parameters
    ----------
    mesh
        Any mesh; corners that should be joined are joined.
    """
    if not len(mesh.faces):
        return None
    body = _body(mesh.vertices_mm, mesh.faces)
    if body.status() == manifold3d.Error.NoError and body.volume() < 0:
        body = _body(mesh.vertices_mm, mesh.faces[:, ::-1])
    if body.status() != manifold3d.Error.NoError or not body.volume() > 0:
        return None
    box = np.array(body.bounding_box())
    return Solid(body, box[:3], box[3:])


def _body(vertices_mm: Points, faces: NDArray[np.int64]) -> manifold3d.Manifold:
    return manifold3d.Manifold(
        manifold3d.Mesh64(
            np.ascontiguousarray(vertices_mm),
            np.ascontiguousarray(faces).astype(np.uint64),
        )
    )


def _matrix(axis: str) -> Points:
    turn: Points = np.zeros((3, 4))
    turn[np.arange(3), TURNS[axis]] = 1.0
    return turn
