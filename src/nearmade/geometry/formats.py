"""Choose the reader by name and first bytes, and hold every mesh to the same rules."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nearmade.geometry.amf import read_amf
from nearmade.geometry.gltf import read_gltf
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.ply import read_ply
from nearmade.geometry.reading import Reading
from nearmade.geometry.stl import read_stl
from nearmade.geometry.text_formats import read_obj, read_off
from nearmade.geometry.threemf import read_3mf_package
from nearmade.vocabulary.errors import InvalidInput


def _silent(read: Callable[[bytes], Mesh]) -> Callable[[bytes], Reading]:
    """Make a reader of one whose files hold nothing beside the mesh."""
    return lambda data: Reading(read(data))


READERS: dict[str, Callable[[bytes], Reading]] = {
    "stl": _silent(read_stl),
    "3mf": read_3mf_package,
    "obj": _silent(read_obj),
    "off": _silent(read_off),
    "amf": read_amf,
    "ply": _silent(read_ply),
    "gltf": read_gltf,
    "glb": read_gltf,
}
#: Kinds that are drawn by curves; an outside program turns them into meshes first.
CURVED = {"step"}
#: Other endings of the same kinds.
ALIASES = {"stp": "step"}
#: First bytes that files of some kinds have, and those that others have in vain.
MAGIC = {
    b"PK\x03\x04": "3mf", b"PK\x05\x06": "3mf", b"glTF": "glb", b"ply": "ply",
    b"ISO-10303-21;": "step", b"%PDF": "pdf", b"\x7fELF": "program",
    b"MZ\x90": "program", b"\x89PNG": "picture", b"\xfd7zXZ": "archive",
    b"\x1f\x8b": "archive",
}  # fmt: skip
#: Kinds that always begin with their magic.
MARKED = {"3mf", "glb", "ply", "step"}
#: What may stand before the magic: a byte order mark, and white space.
PREAMBLE = b"\xef\xbb\xbf \t\r\n"
KNOWN_ELSEWHERE = {"iges", "igs", "scad", "fcstd", "f3d", "sldprt", "blend", "3ds"}
#: Longest side of the box that a mesh may have. [mm]
MIN_EXTENT_MM, MAX_EXTENT_MM = 0.01, 10_000.0
#: Share of faces that may have two corners on one point.
MAX_DEGENERATE_FRACTION = 0.5


def kind_of(data: bytes, name: str) -> str:
    """Give the kind of a file, unread: a key of ``READERS``, or one of ``CURVED``.

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
    kind = ALIASES.get(ending, ending)
    if kind not in READERS and kind not in CURVED:
        known = "is not read" if ending in KNOWN_ELSEWHERE else "is not a mesh"
        raise InvalidInput(
            f"a file ending in {ending[:20]!r} {known}",
            code="format-unsupported",
            remedy="export the part as STL or 3MF",
        )
    if not data:
        raise InvalidInput(
            "the file is empty", code="empty-file", remedy="export the part again"
        )
    if not _fits(kind, found := _found(data)):
        raise InvalidInput(
            f"the name ends in {ending!r} but the content is "
            f"{found or 'something else'}",
            code="format-mismatch",
            remedy="give the file its right ending, or export it again",
        )
    return kind


def _found(data: bytes) -> str:
    """Give the kind that the first bytes tell of; empty when they tell nothing."""
    head = data[:64].lstrip(PREAMBLE)
    return next((kind for magic, kind in MAGIC.items() if head.startswith(magic)), "")


def _fits(kind: str, found: str) -> bool:
    if kind == "amf":
        return found in ("", "3mf")  # plain, or zipped
    return found == kind or (not found and kind not in MARKED)


def read_mesh(data: bytes, name: str) -> Mesh:
    """Read a mesh file that nobody has vouched for; see ``read_file``."""
    return read_file(data, name).mesh


def read_file(data: bytes, name: str) -> Reading:
    """Read a mesh file that nobody has vouched for, and what it says beyond the mesh.

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
    kind = kind_of(data, name)
    if kind in CURVED:
        raise InvalidInput(
            f"a file ending in {kind!r} is drawn by curves and has to be turned into "
            "a mesh first",
            code="format-unsupported",
            remedy="export the part as STL or 3MF",
        )
    reading = READERS[kind](data)
    check_part(reading.mesh)
    return reading


def check_part(mesh: Mesh) -> None:
    """Refuse a mesh that is no part, whatever it was read from.

    Raises
    ------
    InvalidInput
        When it has no face, no area, too many collapsed faces, or a size outside
        0.01 mm to 10 m.
    """
    _check_faces(mesh)
    _check_extent(mesh)


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
    with np.errstate(over="ignore"):
        longest_mm = float(np.ptp(corners, axis=0).max())
    if not MIN_EXTENT_MM <= longest_mm <= MAX_EXTENT_MM:
        raise InvalidInput(
            f"the longest side is {longest_mm:.6g} mm, not within "
            f"{MIN_EXTENT_MM} to {MAX_EXTENT_MM:.0f} mm",
            code="extent-out-of-range",
            remedy="check the unit the file was drawn in",
        )
