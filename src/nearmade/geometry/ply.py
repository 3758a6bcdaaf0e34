"""Read PLY: ASCII or binary of either order; polygons become fans of triangles.

References
----------
Greg Turk, "The PLY Polygon File Format", Stanford University, 1994.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.fans import fan_triangles
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.placing import MAX_TRIANGLES
from nearmade.geometry.ply_header import CORNER_LISTS, fault, read_header
from nearmade.geometry.ply_rows import AsciiRows, BinaryRows, Polygons, Table
from nearmade.geometry.weld import join_corners
from nearmade.vocabulary.errors import InvalidInput


def read_ply(data: bytes) -> Mesh:
    """Read the vertices and faces of a PLY file; colours and the like are read over.

    Coordinates are taken as millimetres; equal corners are joined.

    Parameters
    ----------
    data
        The whole file.

    Raises
    ------
    InvalidInput
        When the header is not one, announces more than the file holds, or a number,
        length or index is not as the format asks.
    """
    order, elements, start = read_header(data)
    names = [element.name for element in elements]
    for name in ("vertex", "face"):
        if names.count(name) > 1:
            raise fault(f"the element {name!r} occurs twice")
    left = len(data) - start
    for element in elements:
        left -= element.count * element.least_bytes(ascii_text=not order)
    if left < -1:  # the last line may lack its end
        raise InvalidInput(
            "PLY: announces more rows than the file can hold",
            code="ply-count-mismatch",
            remedy="the file is cut off: export the part again",
        )
    body = AsciiRows(data, start) if not order else BinaryRows(data, start, order)
    corners = np.zeros((0, 3))
    polygons: Polygons = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    for element in elements:
        listed = next((p for p in element.lists if p.name in CORNER_LISTS), None)
        wanted = listed.name if element.name == "face" and listed else ""
        table, found = body.rows(element, wanted)
        if element.name == "vertex":
            corners = _corners(table)
        if element.name == "face":
            polygons = found
    return _mesh(corners, polygons)


def _corners(table: Table) -> NDArray[np.float64]:
    if not all(axis in table for axis in "xyz"):
        raise fault("vertices without x, y and z")
    return np.stack([table[axis] for axis in "xyz"], axis=1)


def _mesh(corners: NDArray[np.float64], polygons: Polygons) -> Mesh:
    sizes, indices = polygons
    if int(sizes.min(initial=3)) < 3:
        raise fault("a face of fewer than three corners")
    if int((sizes - 2).sum()) > MAX_TRIANGLES:
        raise fault(f"more than {MAX_TRIANGLES} triangles")
    given = Mesh(corners, fan_triangles(sizes, indices))
    vertices_mm, index = join_corners(given.vertices_mm)
    return Mesh(vertices_mm, index[given.faces])
