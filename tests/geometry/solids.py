"""Small true solids whose figures are known by hand."""

from __future__ import annotations

import numpy as np

from nearmade.geometry.mesh import Mesh

CUBE_FACES = [
    (0, 2, 1), (0, 3, 2), (4, 5, 6), (4, 6, 7), (0, 1, 5), (0, 5, 4),
    (1, 2, 6), (1, 6, 5), (2, 3, 7), (2, 7, 6), (3, 0, 4), (3, 4, 7),
]  # fmt: skip


def cube(side_mm: float = 10.0, at: tuple[float, float, float] = (0, 0, 0)) -> Mesh:
    """A cube with its low corner at ``at``."""
    square = [(0, 0), (1, 0), (1, 1), (0, 1)]
    corners = [(x, y, z) for z in (0, 1) for x, y in square]
    vertices = np.array(corners, dtype=np.float64) * side_mm + np.array(at)
    return Mesh(vertices, np.array(CUBE_FACES, dtype=np.int64))


def tetrahedron(side_mm: float = 10.0) -> Mesh:
    """Three edges of equal length along the axes, from the origin."""
    vertices = np.vstack([np.zeros(3), np.eye(3) * side_mm])
    return Mesh(vertices, np.array([(0, 2, 1), (0, 3, 2), (0, 1, 3), (1, 2, 3)]))


def sphere(radius_mm: float = 10.0, rings: int = 100) -> Mesh:
    """A sphere of ``rings`` rings and twice as many sectors."""
    sectors = 2 * rings
    polar = np.linspace(0, np.pi, rings + 1)[1:-1]
    around = np.arange(sectors) * 2 * np.pi / sectors
    ring = np.stack([np.cos(around), np.sin(around), np.zeros(sectors)], axis=1)
    body = [ring * np.sin(p) + [0, 0, np.cos(p)] for p in polar]
    vertices = np.vstack([[[0, 0, 1]], *body, [[0, 0, -1]]]) * radius_mm
    last = len(vertices) - 1
    faces = []
    for s in range(sectors):
        t = (s + 1) % sectors
        faces.append((0, 1 + s, 1 + t))
        for r in range(rings - 2):
            a, b = 1 + r * sectors + s, 1 + r * sectors + t
            faces += [(a, a + sectors, b), (b, a + sectors, b + sectors)]
        base = 1 + (rings - 2) * sectors
        faces.append((base + s, last, base + t))
    return Mesh(vertices, np.array(faces, dtype=np.int64))


def together(*meshes: Mesh) -> Mesh:
    """Several meshes as one, corners not joined."""
    starts = np.cumsum([0, *(len(mesh.vertices_mm) for mesh in meshes)])
    return Mesh(
        np.vstack([mesh.vertices_mm for mesh in meshes]),
        np.vstack([m.faces + s for m, s in zip(meshes, starts, strict=False)]),
    )


def without(mesh: Mesh, *faces: int) -> Mesh:
    """A mesh that lacks some faces."""
    return Mesh(mesh.vertices_mm, np.delete(mesh.faces, faces, axis=0))


def box(
    size_mm: tuple[float, float, float], at: tuple[float, float, float] = (0, 0, 0)
) -> Mesh:
    """A box with its low corner at ``at``."""
    unit = cube(1)
    return Mesh(unit.vertices_mm * np.array(size_mm) + np.array(at), unit.faces)
