"""Place meshes by matrices and put them together, within a budget."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.mesh import Mesh
from nearmade.geometry.weld import turned_inside_out
from nearmade.vocabulary.errors import InvalidInput

MAX_TRIANGLES = 3_000_000
MAX_INSTANCES = 10_000
#: Doubling instances would else give numbers of a million digits.
MAX_COUNT = 10**12
#: Largest entry of a transform; beyond it a sum of products may overflow.
MAX_ENTRY = 1e12
#: Largest entry of a product of transforms.
MAX_COMPOSED = 1e24
#: A smaller determinant flattens the part.
MIN_DETERMINANT = 1e-12

#: A transform of row vectors: ``[x y z 1] @ matrix``, shape (4, 4).
Matrix = NDArray[np.float64]


def check_budget(kind: str, triangles: int, instances: int) -> None:
    """Refuse what would grow too large when every instance is placed.

    Parameters
    ----------
    kind
        Name of the format, such as ``3MF``.
    triangles, instances
        How many there will be.

    Raises
    ------
    InvalidInput
        When either is above its budget; the code is ``<kind>-too-many-instances``.
    """
    if triangles > MAX_TRIANGLES or instances > MAX_INSTANCES:
        raise InvalidInput(
            f"{kind}: expands to {triangles} triangles in {instances} instances or "
            f"more; {MAX_TRIANGLES} in {MAX_INSTANCES} are allowed",
            code=f"{kind.lower()}-too-many-instances",
            remedy="export fewer or coarser parts",
        )


def counted(numbers: Iterable[int]) -> int:
    """Add counts, and stop counting far above every budget."""
    return min(sum(numbers), MAX_COUNT)


def flattens(matrix: Matrix) -> bool:
    """Tell whether a transform is too large to compute with or has no volume."""
    if not bool((np.abs(matrix) < MAX_ENTRY).all()):
        return True
    return not abs(float(np.linalg.det(matrix[:3, :3]))) >= MIN_DETERMINANT


def composed(inner: Matrix, outer: Matrix) -> Matrix:
    """Give the transform that does ``inner`` first and ``outer`` then.

    Raises
    ------
    InvalidInput
        When it is too large to compute with.
    """
    matrix = inner @ outer
    if not bool((np.abs(matrix) < MAX_COMPOSED).all()):
        raise InvalidInput(
            "transforms that multiply beyond all sizes",
            code="not-finite",
            remedy="export the file again",
        )
    return matrix


def placed(mesh: Mesh, matrix: Matrix) -> Mesh:
    """Give the mesh moved by a matrix; a mirror keeps the outside outside.

    Raises
    ------
    InvalidInput
        When a coordinate is no longer finite.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        vertices_mm = mesh.vertices_mm @ matrix[:3, :3] + matrix[3, :3]
    moved = Mesh(vertices_mm, mesh.faces)
    mirrored = float(np.linalg.det(matrix[:3, :3])) < 0
    return turned_inside_out(moved) if mirrored else moved


def scaling(factor: float) -> Matrix:
    """Give the matrix that scales alike along all axes."""
    return np.diag([factor, factor, factor, 1.0])


def joined(meshes: Sequence[Mesh]) -> Mesh:
    """Put meshes into one, without joining corners between them."""
    if not meshes:
        return Mesh(np.zeros((0, 3)), np.zeros((0, 3), dtype=np.int64))
    counts = np.cumsum([0, *(len(mesh.vertices_mm) for mesh in meshes)])
    faces = [mesh.faces + start for mesh, start in zip(meshes, counts, strict=False)]
    return Mesh(
        np.concatenate([mesh.vertices_mm for mesh in meshes]), np.concatenate(faces)
    )
