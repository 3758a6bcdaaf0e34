"""Choose the reader by name and first bytes, and hold every mesh to the same rules."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nearmade.geometry.mesh import Mesh
from nearmade.geometry.stl import read_stl
from nearmade.geometry.text_formats import read_obj, read_off
from nearmade.geometry.threemf import read_3mf
from nearmade.vocabulary.errors import InvalidInput

READERS: dict[str, Callable[[bytes], Mesh]] = {
    "stl": read_stl,
    "3mf": read_3mf,
    "obj": read_obj,
    "off": read_off,
}
#: First bytes that a file of another kind would have.
FOREIGN_MAGIC = {
    b"PK\x03\x04": "3mf", b"PK\x05\x06": "3mf", b"glTF": "glb", b"ply": "ply",
    b"%PDF": "pdf", b"\x7fELF": "program", b"MZ\x90": "program",
    b"\x89PNG": "picture", b"\xfd7zXZ": "archive", b"\x1f\x8b": "archive",
}  # fmt: skip
KNOWN_ELSEWHERE = {"gltf", "glb", "ply", "amf", "step", "stp", "iges", "igs", "scad"}
#: Longest side of the box that a mesh may have. [mm]
MIN_EXTENT_MM, MAX_EXTENT_MM = 0.01, 10_000.0
#: Share of faces that may have two corners on one point.
MAX_DEGENERATE_FRACTION = 0.5


def kind_of(data: bytes, name: str) -> str:
    """Give the format of a file, ``stl``, ``3mf``, ``obj`` or ``off``, unread.

    Parameters
    ----------
    data
        The whole file, or at least its first bytes.
    name
        The file's name; only its ending counts.

    Raises
    ------
    InvalidInput
        When the ending is not one we read, or the first bytes contradict it.
    """
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if ending not in READERS:
        known = "is not read yet" if ending in KNOWN_ELSEWHERE else "is not a mesh"
        raise InvalidInput(
            f"a file ending in {ending[:20]!r} {known}",
            code="format-unsupported",
            remedy="export the part as STL or 3MF",
        )
    if not data:
        raise InvalidInput("the file is empty", code="empty-file")
    matches = [kind for magic, kind in FOREIGN_MAGIC.items() if data.startswith(magic)]
    found = matches[0] if matches else None
    if (found or ending) != ending or (ending == "3mf" and found is None):
        content = found or "something else"
        raise InvalidInput(
            f"the name ends in {ending!r} but the content is {content}",
            code="format-mismatch",
            remedy="give the file its right ending, or export it again",
        )
    return ending


def read_mesh(data: bytes, name: str) -> Mesh:
    """Read a mesh file that nobody has vouched for.

    Parameters
    ----------
    data
        The whole file.
    name
        Its name; only the ending counts.

    Raises
    ------
    InvalidInput
        When the format is not read, the file is broken, or the mesh has no face, no
        area, too many collapsed faces, or a size outside 0.01 mm to 10 m.
    """
    mesh = READERS[kind_of(data, name)](data)
    _check_faces(mesh)
    _check_extent(mesh)
    return mesh


def _check_faces(mesh: Mesh) -> None:
    if not len(mesh.faces):
        raise InvalidInput("the mesh has no faces", code="no-faces")
    a, b, c = mesh.faces.T
    fraction = float(np.mean((a == b) | (b == c) | (c == a)))
    if fraction > MAX_DEGENERATE_FRACTION:
        raise InvalidInput(
            f"{fraction:.0%} of the faces have no area, more than "
            f"{MAX_DEGENERATE_FRACTION:.0%}",
            code="mostly-degenerate",
            remedy="export the part again",
        )


def _check_extent(mesh: Mesh) -> None:
    corners = mesh.vertices_mm[mesh.faces.reshape(-1)]
    longest_mm = float(np.ptp(corners, axis=0).max())
    if not MIN_EXTENT_MM <= longest_mm <= MAX_EXTENT_MM:
        raise InvalidInput(
            f"the longest side is {longest_mm:.3g} mm, not within "
            f"{MIN_EXTENT_MM} to {MAX_EXTENT_MM:.0f} mm",
            code="extent-out-of-range",
            remedy="check the unit the file was drawn in",
        )
