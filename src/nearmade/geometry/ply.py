"""Read PLY: ASCII or binary of either order; polygons become fans of triangles.

References
----------
Greg Turk, "The PLY Polygon File Format", Stanford University, 1994.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.fans import fan_triangles
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.placing import MAX_TRIANGLES
from nearmade.geometry.weld import join_corners
from nearmade.vocabulary.errors import InvalidInput

#: The header is short; what has no end by here is no header. [byte]
MAX_HEADER_BYTES = 2**16
MAX_PROPERTIES = 200
#: Rows of different lengths that are read together.
CHUNK_ROWS = 100_000
#: Both generations of names in use.
TYPES = {
    "char": "i1", "int8": "i1", "uchar": "u1", "uint8": "u1",
    "short": "i2", "int16": "i2", "ushort": "u2", "uint16": "u2",
    "int": "i4", "int32": "i4", "uint": "u4", "uint32": "u4",
    "float": "f4", "float32": "f4", "double": "f8", "float64": "f8",
}  # fmt: skip
ORDERS = {"ascii": "", "binary_little_endian": "<", "binary_big_endian": ">"}
#: A list of corners goes by either name.
CORNER_LISTS = ("vertex_indices", "vertex_index")
END = re.compile(rb"^end_header[ \t]*(?:\r\n|\n|\r)", re.MULTILINE)

Table = dict[str, NDArray[np.float64]]
Polygons = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class _Property:
    name: str
    kind: str
    #: Type of the length of a list; empty for a single number.
    count_kind: str = ""


@dataclass(slots=True)
class _Walk:
    """Rows stepped over: where they end, the last lengths, and the wanted lists."""

    end: int = 0
    lengths: dict[str, int] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Element:
    name: str
    count: int
    properties: list[_Property] = field(default_factory=list)

    @property
    def lists(self) -> list[_Property]:
        """Properties that are lists."""
        return [one for one in self.properties if one.count_kind]

    def least_bytes(self, *, ascii_text: bool) -> int:
        """Give the fewest bytes that one row takes."""
        if ascii_text:
            return max(1, 2 * len(self.properties))
        kinds = [one.count_kind or one.kind for one in self.properties]
        return max(1, sum(np.dtype(kind).itemsize for kind in kinds))


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
    order, elements, start = _header(data)
    names = [element.name for element in elements]
    for name in ("vertex", "face"):
        if names.count(name) > 1:
            raise _fault(f"the element {name!r} occurs twice")
    left = len(data) - start
    for element in elements:
        left -= element.count * element.least_bytes(ascii_text=not order)
    if left < -1:  # the last line may lack its end
        raise InvalidInput(
            "PLY: announces more rows than the file can hold",
            code="ply-count-mismatch",
            remedy="the file is cut off: export the part again",
        )
    body = _Ascii(data, start) if not order else _Binary(data, start, order)
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


def _header(data: bytes) -> tuple[str, list[_Element], int]:
    """Give byte order (empty for ASCII), elements, and where the body starts."""
    ending = END.search(data, 0, MAX_HEADER_BYTES)
    if not data.startswith(b"ply") or ending is None:
        raise _fault(f"no header that ends within {MAX_HEADER_BYTES} bytes")
    lines = data[: ending.start()].decode("ascii", "replace").splitlines()
    order: str | None = None
    elements: list[_Element] = []
    for words in (line.split() for line in lines[1:]):
        match words:
            case [] | ["comment" | "obj_info", *_]:
                pass
            case ["format", kind, "1.0"] if order is None and kind in ORDERS:
                order = ORDERS[kind]
            case ["element", name, count] if re.fullmatch(r"[0-9]{1,10}", count):
                elements.append(_Element(name, int(count)))
            case ["property", "list", length, kind, name] if elements:
                found = _Property(name, _type(kind), _type(length, whole=True))
                elements[-1].properties.append(found)
            case ["property", kind, name] if elements:
                elements[-1].properties.append(_Property(name, _type(kind)))
            case _:
                raise _fault(f"the line {' '.join(words)[:60]!r} in the header")
    if order is None:
        raise _fault("no format, or one that is not known")
    for element in elements:
        _check_element(element)
    return order, elements, ending.end()


def _check_element(element: _Element) -> None:
    given = [one.name for one in element.properties]
    if len(given) > MAX_PROPERTIES or len(set(given)) < len(given):
        raise _fault(f"{element.name!r} has too many properties or one twice")
    if any(one.name in CORNER_LISTS and one.kind[0] == "f" for one in element.lists):
        raise _fault(f"{element.name!r} names its corners by fractions")
    if element.count and not given:
        raise _fault(f"{element.name!r} has rows without properties")
    if element.name == "face" and element.count > MAX_TRIANGLES:
        raise InvalidInput(
            f"PLY: {element.count} faces, more than {MAX_TRIANGLES}",
            code="ply-too-many-faces",
            remedy="reduce the number of triangles",
        )


def _type(word: str, *, whole: bool = False) -> str:
    kind = TYPES.get(word)
    if kind is None or (whole and kind[0] == "f"):
        raise _fault(f"the type {word[:40]!r}")
    return kind


def _corners(table: Table) -> NDArray[np.float64]:
    if not all(axis in table for axis in "xyz"):
        raise _fault("vertices without x, y and z")
    return np.stack([table[axis] for axis in "xyz"], axis=1)


def _mesh(corners: NDArray[np.float64], polygons: Polygons) -> Mesh:
    sizes, indices = polygons
    if int(sizes.min(initial=3)) < 3:
        raise _fault("a face of fewer than three corners")
    if int((sizes - 2).sum()) > MAX_TRIANGLES:
        raise _fault(f"more than {MAX_TRIANGLES} triangles")
    given = Mesh(corners, fan_triangles(sizes, indices))
    vertices_mm, index = join_corners(given.vertices_mm)
    return Mesh(vertices_mm, index[given.faces])


class _Binary:
    """A body of numbers in one byte order."""

    def __init__(self, data: bytes, start: int, order: str) -> None:
        self._data = data
        self._at = start
        self._order = order

    def rows(self, element: _Element, wanted: str) -> tuple[Table, Polygons]:
        """Give the columns of single numbers, and the lists of the name wanted."""
        if not element.lists:
            rows = self._block(self._dtype(element, {}), element.count)
            names = rows.dtype.names or ()
            table = {name: rows[name].astype(np.float64) for name in names}
            return table, _no_polygons()
        return {}, self._lists(element, wanted)

    def _lists(self, element: _Element, wanted: str) -> Polygons:
        """Read rows with lists: at once where all are alike, else step by step."""
        if not element.count:
            return _no_polygons()
        first = self._walked(element, "", 1)
        layout = self._dtype(element, first.lengths)
        whole = self._at + element.count * layout.itemsize
        if whole <= len(self._data):
            rows = np.frombuffer(self._data, layout, element.count, self._at)
            if all((rows[f"# {name}"] == n).all() for name, n in first.lengths.items()):
                self._at = whole
                return self._gathered(rows, wanted)
        polygons: list[Polygons] = []
        for done in range(0, element.count, CHUNK_ROWS):
            walk = self._walked(element, wanted, min(CHUNK_ROWS, element.count - done))
            self._at = walk.end
            polygons.append(self._picked(element, wanted, walk))
        sizes, indices = zip(*polygons, strict=True)
        return np.concatenate(sizes), np.concatenate(indices)

    def _gathered(self, rows: NDArray[np.void], wanted: str) -> Polygons:
        if not wanted:
            return _no_polygons()
        indices = rows[wanted].astype(np.int64)
        sizes = np.full(len(rows), indices.shape[1], dtype=np.int64)
        return sizes, indices.reshape(-1)

    def _walked(self, element: _Element, wanted: str, count: int) -> _Walk:
        """Step over rows, noting where the wanted list of each begins."""
        data, at = self._data, self._at
        steps = [
            (
                one.name,
                np.dtype(one.kind).itemsize,
                struct.Struct(self._order + np.dtype(one.count_kind).char)
                if one.count_kind
                else None,
            )
            for one in element.properties
        ]
        walk = _Walk()
        try:
            for _ in range(count):
                for name, size, length in steps:
                    if length is None:
                        at += size
                        continue
                    (number,) = length.unpack_from(data, at)
                    at += length.size
                    if number < 0:
                        raise _fault("a list of negative length")
                    walk.lengths[name] = number
                    if name == wanted:
                        walk.starts.append(at)
                        walk.sizes.append(number)
                    at += number * size
        except struct.error as error:
            raise _cut_off() from error
        if at > len(data):
            raise _cut_off()
        walk.end = at
        return walk

    def _picked(self, element: _Element, wanted: str, walk: _Walk) -> Polygons:
        """Read the lists whose places are known."""
        kind = next((one.kind for one in element.lists if one.name == wanted), "")
        if not kind:
            return _no_polygons()
        sizes = np.array(walk.sizes, dtype=np.int64)
        layout = np.dtype(self._order + kind)
        starts = np.repeat(np.array(walk.starts, dtype=np.int64), sizes)
        within = np.arange(len(starts)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        places = (starts + within * layout.itemsize)[:, None]
        content = np.frombuffer(self._data, dtype=np.uint8)
        chosen = content[places + np.arange(layout.itemsize)]
        return sizes, chosen.reshape(-1).view(layout).astype(np.int64)

    def _dtype(self, element: _Element, lengths: dict[str, int]) -> np.dtype[np.void]:
        fields: list[tuple[str, str] | tuple[str, str, tuple[int]]] = []
        for one in element.properties:
            if one.count_kind:
                fields.append((f"# {one.name}", self._order + one.count_kind))
                fields.append((one.name, self._order + one.kind, (lengths[one.name],)))
            else:
                fields.append((one.name, self._order + one.kind))
        return np.dtype(fields)

    def _block(self, layout: np.dtype[np.void], count: int) -> NDArray[np.void]:
        if self._at + count * layout.itemsize > len(self._data):
            raise _cut_off()
        rows = np.frombuffer(self._data, layout, count=count, offset=self._at)
        self._at += count * layout.itemsize
        return rows


class _Ascii:
    """A body of words, one row a line."""

    def __init__(self, data: bytes, start: int) -> None:
        if b"_" in data[start:]:
            raise _fault("a number with an underscore")
        self._lines = iter(data[start:].splitlines())

    def rows(self, element: _Element, wanted: str) -> tuple[Table, Polygons]:
        """Give the columns of single numbers, and the lists of the name wanted."""
        try:
            if element.lists:
                return {}, self._lists(element, wanted)
            return self._table(element), _no_polygons()
        except (ValueError, OverflowError) as error:
            raise _fault(f"a row of {element.name!r}: {str(error)[:60]}") from error

    def _words(self) -> list[bytes]:
        for line in self._lines:
            if words := line.split():
                return words
        raise _cut_off()

    def _table(self, element: _Element) -> Table:
        width = len(element.properties)
        rows = np.empty((element.count, width))
        for row in range(element.count):
            words = self._words()
            if len(words) != width:
                raise ValueError(f"{len(words)} words instead of {width}")
            rows[row] = [float(word) for word in words]
        return {one.name: rows[:, at] for at, one in enumerate(element.properties)}

    def _lists(self, element: _Element, wanted: str) -> Polygons:
        sizes: list[int] = []
        indices: list[int] = []
        for _ in range(element.count):
            words = self._words()
            at = 0
            for one in element.properties:
                length = _length(words, at) if one.count_kind else 1
                at += bool(one.count_kind)
                if at + length > len(words):
                    raise ValueError("too few words")
                if one.name == wanted:
                    sizes.append(length)
                    indices.extend(map(int, words[at : at + length]))
                at += length
            if at != len(words):
                raise ValueError("too many words")
        return np.array(sizes, dtype=np.int64), np.array(indices, dtype=np.int64)


def _length(words: list[bytes], at: int) -> int:
    length = int(words[at]) if at < len(words) else -1
    if length < 0:
        raise ValueError("a list without a length")
    return length


def _no_polygons() -> Polygons:
    return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)


def _fault(what: str) -> InvalidInput:
    return InvalidInput(
        f"PLY: {what}", code="ply-malformed", remedy="export the part again"
    )


def _cut_off() -> InvalidInput:
    return InvalidInput(
        "PLY: the file ends within its rows",
        code="ply-count-mismatch",
        remedy="the file is cut off: export the part again",
    )
