"""A triangle mesh as numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nearmade.vocabulary.errors import InvalidInput


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """Triangles over shared vertices, counter-clockwise seen from outside.

    Parameters
    ----------
    vertices_mm
        Corner positions, shape (n, 3), float64, finite. [mm]
    faces
        Indices into ``vertices_mm``, shape (m, 3), int64, each in 0..n-1.

    Raises
    ------
    InvalidInput
        When shapes, finiteness or index range are broken.
    """

    vertices_mm: NDArray[np.float64]
    faces: NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.vertices_mm.ndim != 2 or self.vertices_mm.shape[1:] != (3,):
            raise InvalidInput("mesh: vertices must have shape (n, 3)")
        if self.faces.ndim != 2 or self.faces.shape[1:] != (3,):
            raise InvalidInput("mesh: faces must have shape (m, 3)")
        if not np.isfinite(self.vertices_mm).all():
            raise InvalidInput(
                "mesh: a coordinate is not finite",
                code="not-finite",
                remedy="export the part again",
            )
        if self.faces.size and (
            self.faces.min() < 0 or self.faces.max() >= len(self.vertices_mm)
        ):
            raise InvalidInput(
                "mesh: a face names a vertex that does not exist",
                code="index-out-of-range",
            )

    @property
    def triangles_mm(self) -> NDArray[np.float64]:
        """Corners of each face, shape (m, 3, 3). [mm]"""
        corners: NDArray[np.float64] = self.vertices_mm[self.faces]
        return corners
