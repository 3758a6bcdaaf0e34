"""Solids written as binary STL by hand."""

from __future__ import annotations

import struct
from itertools import product

#: Corners of a unit box, and its twelve triangles, outward by the right hand.
_CORNERS = tuple(product((0.0, 1.0), repeat=3))
_TRIANGLES = (
    (0, 1, 3), (0, 3, 2), (4, 7, 5), (4, 6, 7), (0, 5, 1), (0, 4, 5),
    (2, 3, 7), (2, 7, 6), (0, 2, 6), (0, 6, 4), (1, 5, 7), (1, 7, 3),
)  # fmt: skip


def box_stl(width_mm: float, depth_mm: float, height_mm: float) -> bytes:
    """Give a box that stands on the bed."""
    size = (width_mm, depth_mm, height_mm)
    body = b""
    for triangle in _TRIANGLES:
        body += struct.pack("<3f", 0, 0, 0)
        for corner in triangle:
            place = (at * side for at, side in zip(_CORNERS[corner], size, strict=True))
            body += struct.pack("<3f", *place)
        body += struct.pack("<H", 0)
    return bytes(80) + struct.pack("<I", len(_TRIANGLES)) + body
