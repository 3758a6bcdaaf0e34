"""Read OFF and OBJ: lines of numbers, held to their counts.

References
----------
Geomview manual, "OFF: Object File Format", http://www.geomview.org/docs/html/OFF.html
Wavefront, "Object Files (.obj)", Advanced Visualizer manual, appendix B1, 1992.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from nearmade.geometry.mesh import Mesh
from nearmade.geometry.placing import MAX_TRIANGLES
from nearmade.geometry.weld import join_corners
from nearmade.vocabulary.errors import InvalidInput

MAX_LINE_BYTES = 4096
#: Statements of OBJ that give no face; they are read over.
OBJ_SILENT = {
    "vt", "vn", "vp", "g", "o", "s", "usemtl", "mg", "lod", "l", "p", "bevel",
    "c_interp", "d_interp", "usemap", "maplib", "shadow_obj", "trace_obj",
}  # fmt: skip


def read_off(data: bytes) -> Mesh:
    """Read an ASCII OFF file; polygons become fans of triangles.

    Raises
    ------
    InvalidInput
        When counts, indices or numbers are not as announced.
    """
    rows = (row for _, row in _rows(data, "OFF"))
    first = next(rows, [""])
    if first[0] not in ("OFF", "COFF"):
        raise _off("does not begin with the word OFF")
    counts = [_whole(word, "OFF") for word in first[1:] or next(rows, [])]
    if len(counts) not in (2, 3) or min(counts) < 0:
        raise _off("no counts of vertices and faces")
    lines = data.count(b"\n") + 1
    if counts[0] + counts[1] > lines:
        raise _off(
            f"announces {counts[0]} vertices and {counts[1]} faces in {lines} lines"
        )
    corners = array("d")
    for _ in range(counts[0]):
        corners.extend(_triple(next(rows, []), "OFF"))
    faces = array("q")
    for _ in range(counts[1]):
        row = next(rows, ["0"])
        size = _whole(row[0], "OFF")
        if not 3 <= size < len(row):
            raise _off(f"a face of {size} corners in {len(row)} words")
        _add_fan(faces, [_whole(word, "OFF") for word in row[1 : size + 1]], "OFF")
    if next(rows, None) is not None:
        raise _off("more lines than announced")
    return _mesh(corners, faces)


def read_obj(data: bytes) -> Mesh:
    """Read the polygons of an OBJ file; no other file is ever opened.

    Raises
    ------
    InvalidInput
        When an index is out of range, a statement is unknown, or a material library
        lies outside the folder.
    """
    corners, faces = array("d"), array("q")
    for number, row in _rows(data, "OBJ"):
        word = row[0]
        if word == "v":
            corners.extend(_triple(row[1:], "OBJ"))
        elif word in ("f", "fo"):
            count = len(corners) // 3
            indices = [_obj_index(text, count) for text in row[1:]]
            if len(indices) < 3:
                raise InvalidInput(
                    f"OBJ line {number}: a face of {len(indices)} corners",
                    code="obj-malformed",
                )
            _add_fan(faces, indices, "OBJ")
        elif word == "mtllib":
            _check_library(" ".join(row[1:]))
        elif word not in OBJ_SILENT:
            raise InvalidInput(
                f"OBJ line {number}: unknown statement {word[:40]!r}",
                code="obj-malformed",
                remedy="export the part as STL or 3MF",
            )
    return _mesh(corners, faces)


def _rows(data: bytes, kind: str) -> Iterator[tuple[int, list[str]]]:
    """Give number and words of every line that says something."""
    held = ""
    for number, line in enumerate(data.split(b"\n"), start=1):
        if len(line) > MAX_LINE_BYTES or len(held) > MAX_LINE_BYTES:
            raise InvalidInput(
                f"{kind} line {number}: longer than {MAX_LINE_BYTES} bytes",
                code=f"{kind.lower()}-malformed",
            )
        text = held + line.decode("ascii", "replace").split("#", 1)[0].rstrip()
        if text.endswith("\\"):
            held = text[:-1] + " "
            continue
        held = ""
        if words := text.split():
            yield number, words


def _triple(words: list[str], kind: str) -> list[float]:
    try:
        triple = [float(word) for word in words[:3]]
    except ValueError as error:
        raise _number(kind, " ".join(words)) from error
    if len(triple) != 3 or any("_" in word for word in words[:3]):
        raise _number(kind, " ".join(words))
    return triple


def _whole(word: str, kind: str) -> int:
    digits = word.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 15):
        raise _number(kind, word)
    return int(word)


def _obj_index(text: str, count: int) -> int:
    """Turn 1 or -1 or 1/2/3 into an index from zero; later vertices do not count."""
    given = _whole(text.split("/", 1)[0], "OBJ")
    index = given - 1 if given > 0 else count + given
    if given == 0 or not 0 <= index < count:
        raise InvalidInput(
            f"OBJ: a face names vertex {given} of {count}", code="index-out-of-range"
        )
    return index


def _check_library(name: str) -> None:
    outward = name.startswith("/") or ".." in name.split("/")
    if outward or any(sign in name for sign in "\\:"):
        raise InvalidInput(
            f"OBJ: the material library {name[:80]!r} leads outside its folder",
            code="obj-outside-reference",
            remedy="export the part without materials, best as STL or 3MF",
        )


def _add_fan(faces: array[int], corners: list[int], kind: str) -> None:
    if len(faces) > 3 * MAX_TRIANGLES:
        raise InvalidInput(
            f"{kind}: more than {MAX_TRIANGLES} triangles",
            code=f"{kind.lower()}-too-many-faces",
            remedy="reduce the number of triangles",
        )
    for second, third in pairwise(corners[1:]):
        faces.extend((corners[0], second, third))


def _mesh(corners: array[float], faces: array[int]) -> Mesh:
    given = Mesh(
        np.frombuffer(corners, dtype=np.float64).reshape(-1, 3),
        np.frombuffer(faces, dtype=np.int64).reshape(-1, 3),
    )
    vertices_mm, index = join_corners(given.vertices_mm)
    return Mesh(vertices_mm, index[given.faces])


def _number(kind: str, text: str) -> InvalidInput:
    return InvalidInput(
        f"{kind}: {text[:60]!r} is not what the format asks",
        code=f"{kind.lower()}-malformed",
    )


def _off(what: str) -> InvalidInput:
    return InvalidInput(f"OFF: {what}", code="off-malformed")
