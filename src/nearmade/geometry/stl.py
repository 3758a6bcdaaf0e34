"""Read and write STL, binary and ASCII.

References
----------
3D Systems, "StereoLithography Interface Specification", 1988: 80 bytes of header, a
32-bit count, then 50 bytes for each triangle, little-endian.
"""

from __future__ import annotations

import re
from array import array

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.mesh import Mesh
from nearmade.geometry.seams import close_seams
from nearmade.geometry.weld import join_corners
from nearmade.vocabulary.errors import InvalidInput

HEADER_BYTES = 84
TRIANGLE = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("rest", "<u2")])

_NUMBER = rb"([0-9eE+.\-]{1,64}+|[+-]?(?:nan|inf|infinity))"
_WORD = rb"[!-~]{1,64}+"
_CORNER = rb"vertex" + (rb"[ \t]{1,256}+" + _NUMBER) * 3 + rb"\s{1,256}+"
#: One facet; possessive, so that junk costs no more than its length.
FACET = re.compile(
    rb"\s{0,256}+facet\s{1,256}+(?:normal\s{1,256}+"
    + (_WORD + rb"\s{1,256}+") * 3
    + rb")?outer\s{1,256}+loop\s{1,256}+"
    + _CORNER * 3
    + rb"endloop\s{1,256}+endfacet(?!\S)",
    re.IGNORECASE,
)
_NAME = rb"solid(?:[ \t][^\r\n]{0,255}+)?(?=[\r\n]|\Z)"
SOLID = re.compile(rb"\s{0,256}+" + _NAME, re.IGNORECASE)
END_SOLID = re.compile(rb"\s{0,256}+end[ \t]?" + _NAME, re.IGNORECASE)


def read_stl(data: bytes) -> Mesh:
    """Read an STL file; equal corners are joined.

    A file of exactly 84 + 50 n bytes for its count n is binary, whatever its header
    says; anything else must be ASCII throughout.

    Parameters
    ----------
    data
        The whole file. Coordinates are taken as millimetres.

    Raises
    ------
    InvalidInput
        When the file is neither, or a coordinate is not finite.
    """
    count = int.from_bytes(data[80:84], "little")
    if len(data) >= HEADER_BYTES and len(data) == HEADER_BYTES + 50 * count:
        facets = np.frombuffer(data, TRIANGLE, count=count, offset=HEADER_BYTES)
        return _joined(facets["corners"].reshape(-1, 3).astype(np.float64))
    if SOLID.match(data) or _looks_ascii(data):
        return _joined(_ascii_corners(data))
    if len(data) < HEADER_BYTES:
        raise InvalidInput(
            f"STL: {len(data)} bytes are fewer than the {HEADER_BYTES} of a header",
            code="stl-too-short",
            remedy="export the part again",
        )
    raise InvalidInput(
        f"STL: {count} triangles need {HEADER_BYTES + 50 * count} bytes, "
        f"the file has {len(data)}",
        code="stl-count-mismatch",
        remedy="the file is cut off or not an STL: export the part again",
    )


def write_stl(mesh: Mesh) -> bytes:
    """Write a binary STL with true normals; the same mesh gives the same bytes.

    Coordinates are rounded to 32 bits, as the format asks.
    """
    facets = np.zeros(len(mesh.faces), dtype=TRIANGLE)
    corners = mesh.triangles_mm
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    facets["normal"] = np.divide(normals, lengths, out=normals, where=lengths > 0)
    facets["corners"] = corners
    header = b"binary STL, millimetres, nearmade".ljust(80, b"\0")
    return header + len(facets).to_bytes(4, "little") + facets.tobytes()


def _joined(corners_mm: NDArray[np.float64]) -> Mesh:
    vertices_mm, index = join_corners(corners_mm)
    return close_seams(Mesh(vertices_mm, index.reshape(-1, 3)))


def _ascii_corners(data: bytes) -> NDArray[np.float64]:
    """Read the corners of one or more ASCII solids, shape (3 m, 3). [mm]"""
    corners = array("d")
    at = 0
    facet = 0
    while solid := SOLID.match(data, at):
        at = solid.end()
        while found := FACET.match(data, at):
            at = found.end()
            facet += 1
            try:
                corners.extend(map(float, found.groups()))
            except ValueError as error:
                raise _ascii_fault(facet, at) from error
        end = END_SOLID.match(data, at)
        if end is None:
            raise _ascii_fault(facet + 1, at)
        at = end.end()
    if at == 0 or data[at:].strip(b" \t\r\n\0"):
        raise _ascii_fault(facet + 1, at)
    return np.frombuffer(corners, dtype=np.float64).reshape(-1, 3)


def _looks_ascii(data: bytes) -> bool:
    return data[:64].lstrip()[:5].lower() == b"solid" and b"vertex" in data


def _ascii_fault(facet: int, at: int) -> InvalidInput:
    return InvalidInput(
        f"ASCII STL: facet {facet}, about byte {at}, is not as the format asks "
        "(or the solid's name is longer than 255 bytes)",
        code="stl-ascii-malformed",
        remedy="export the part again, best as binary STL or 3MF",
    )
