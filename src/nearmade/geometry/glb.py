"""Write a mesh for a viewer: binary glTF 2.0.

References
----------
Khronos Group, "glTF 2.0 Specification", ISO/IEC 12113:2022,
https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.mesh import Mesh

CHUNK_JSON, CHUNK_BINARY = 0x4E4F534A, 0x004E4942
UINT32, FLOAT32 = 5125, 5126
VERTEX_BUFFER, INDEX_BUFFER = 34962, 34963
M_PER_MM = 0.001


def write_glb(
    mesh: Mesh,
    *,
    max_triangles: int = 60_000,
    marks: Mapping[str, NDArray[np.int64]] | None = None,
) -> bytes:
    """Write one mesh in metres, y up, as glTF asks.

    Corners are shared and no normals are written: a viewer must then shade each face
    flat (specification 3.7.2.1), and the file is a third as long. Above the budget of
    triangles, corners are clustered on a grid.

    Parameters
    ----------
    mesh
        The mesh, in millimetres, z up.
    max_triangles
        Most triangles to write, above zero.
    marks
        Faces to be told apart, by a code; of a face with several the first counts.
        They are written last, and ``extras.marks`` of the primitive tells the first
        index and the number of indices of each code; viewers that do not know it
        draw the mesh as ever.
    """
    codes = list(marks or {})
    labels = np.full(len(mesh.faces), -1, dtype=np.int64)
    for number, code in reversed(list(enumerate(codes))):
        labels[(marks or {})[code]] = number
    light, labels = _decimated(mesh, labels, max_triangles)
    order = np.argsort(labels, kind="stable")
    x, y, z = (light.vertices_mm * M_PER_MM).T
    positions = np.stack([x, z, -y], axis=1).astype("<f4")
    indices = light.faces[order].astype("<u4")
    binary = positions.tobytes() + indices.tobytes()
    document = _document(positions, indices, _ranges(labels, codes))
    text = json.dumps(document, separators=(",", ":")).encode()
    chunks = _chunk(CHUNK_JSON, text, b" ") + _chunk(CHUNK_BINARY, binary, b"\0")
    header = b"glTF" + (2).to_bytes(4, "little")
    return header + (12 + len(chunks)).to_bytes(4, "little") + chunks


def _ranges(labels: NDArray[np.int64], codes: list[str]) -> list[dict[str, object]]:
    """Tell where the indices of each code's faces lie, when faces are in its order."""
    counts = [int((labels == number).sum()) for number in range(-1, len(codes))]
    firsts = np.cumsum([0, *counts])
    return [
        {"code": code, "first": 3 * int(firsts[k + 1]), "count": 3 * counts[k + 1]}
        for k, code in enumerate(codes)
        if counts[k + 1]
    ]


def _document(
    positions: NDArray[np.float32],
    indices: NDArray[np.uint32],
    marks: list[dict[str, object]],
) -> dict[str, object]:
    """Describe one buffer that holds positions, then indices."""
    accessors = [
        {
            "bufferView": 0,
            "componentType": FLOAT32,
            "count": len(positions),
            "type": "VEC3",
            "min": positions.min(axis=0).tolist(),
            "max": positions.max(axis=0).tolist(),
        },
        {
            "bufferView": 1,
            "componentType": UINT32,
            "count": indices.size,
            "type": "SCALAR",
        },
    ]
    primitive: dict[str, object] = {
        "attributes": {"POSITION": 0},
        "indices": 1,
        "material": 0,
    }
    if marks:
        primitive["extras"] = {"marks": marks}
    return {
        "asset": {"version": "2.0", "generator": "nearmade"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "materials": [
            {"pbrMetallicRoughness": {"metallicFactor": 0.0, "roughnessFactor": 0.8}}
        ],
        "meshes": [{"primitives": [primitive]}],
        "buffers": [{"byteLength": positions.nbytes + indices.nbytes}],
        "bufferViews": [
            _view(0, positions.nbytes, VERTEX_BUFFER),
            _view(positions.nbytes, indices.nbytes, INDEX_BUFFER),
        ],
        "accessors": accessors,
    }


def _view(offset: int, length: int, target: int) -> dict[str, int]:
    return {"buffer": 0, "byteOffset": offset, "byteLength": length, "target": target}


def _chunk(kind: int, content: bytes, filler: bytes) -> bytes:
    """Give a chunk: length, kind, content filled up to four bytes (section 4.4.3)."""
    filled = content + filler * (-len(content) % 4)
    return len(filled).to_bytes(4, "little") + kind.to_bytes(4, "little") + filled


def decimated(mesh: Mesh, *, max_triangles: int) -> Mesh:
    """Give a coarser mesh of at most ``max_triangles``, or the same one.

    Corners in one cell of a grid become their mean (Rossignac and Borrel, 1993); the
    cell is the smallest of a series that meets the budget.

    Parameters
    ----------
    mesh
        Any mesh.
    max_triangles
        Most triangles to keep, above zero.
    """
    return _decimated(mesh, np.zeros(len(mesh.faces), np.int64), max_triangles)[0]


def _decimated(
    mesh: Mesh, labels: NDArray[np.int64], max_triangles: int
) -> tuple[Mesh, NDArray[np.int64]]:
    """Give a coarser mesh, and of each of its faces the label of one it stands for."""
    if len(mesh.faces) <= max_triangles:
        return mesh, labels
    longest_mm = float(np.ptp(mesh.vertices_mm, axis=0).max())
    # Faces grow with the square of the cells along the longest side.
    cells = max(2.0, 2 * (max_triangles / 4) ** 0.5)
    while True:
        coarse, kept = _clustered(mesh, longest_mm / cells)
        if len(coarse.faces) <= max_triangles or cells < 1:
            return coarse, labels[kept]
        cells *= 0.85


def _clustered(mesh: Mesh, cell_mm: float) -> tuple[Mesh, NDArray[np.int64]]:
    """Join the corners of each cell; tell which faces are left."""
    low = mesh.vertices_mm.min(axis=0)
    cells = np.floor((mesh.vertices_mm - low) / cell_mm).astype(np.int64)
    sides = cells.max(axis=0) + 1
    keys = (cells[:, 0] * sides[1] + cells[:, 1]) * sides[2] + cells[:, 2]
    distinct, index, sizes = np.unique(keys, return_inverse=True, return_counts=True)
    means = np.stack(
        [
            np.bincount(index, weights=axis, minlength=len(distinct)) / sizes
            for axis in mesh.vertices_mm.T
        ],
        axis=1,
    )
    faces = index.astype(np.int64)[mesh.faces]
    kept = _distinct_faces(faces)
    return Mesh(means, faces[kept]), kept


def _distinct_faces(faces: NDArray[np.int64]) -> NDArray[np.int64]:
    """Choose the faces that did not collapse, and one of equal ones."""
    a, b, c = faces.T
    whole = np.flatnonzero((a != b) & (b != c) & (c != a))
    _, first = np.unique(np.sort(faces[whole], axis=1), axis=0, return_index=True)
    return whole[np.sort(first)]
