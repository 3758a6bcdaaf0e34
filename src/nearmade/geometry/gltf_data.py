"""Give the numbers of a glTF file: container, buffers, views, accessors.

References
----------
Khronos Group, "glTF 2.0 Specification", ISO/IEC 12113:2022, sections 3.6 and 4.4,
https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.placing import MAX_TRIANGLES
from nearmade.vocabulary.errors import InvalidInput

MAGIC = b"glTF"
CHUNK_JSON, CHUNK_BINARY = 0x4E4F534A, 0x004E4942
#: Values that the JSON may hold; each costs about a hundred bytes once read.
MAX_VALUES = 1_000_000
#: Longest JSON text, embedded buffers included. [byte]
MAX_JSON_BYTES = 128 * 2**20
MAX_NUMBERS = 6 * MAX_TRIANGLES
COMPONENTS = {
    5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4",
}  # fmt: skip
WIDTHS = {"SCALAR": 1, "VEC3": 3}

Json = Mapping[str, Any]


def parse(data: bytes) -> tuple[Json, bytes | None]:
    """Give the JSON of a file, and the binary chunk where it is a ``.glb``.

    Raises
    ------
    InvalidInput
        When lengths lie, the JSON is not well-formed or holds too many values.
    """
    if data.startswith(MAGIC):
        return _container(data)
    return _document(data), None


def _container(data: bytes) -> tuple[Json, bytes | None]:
    """Take a GLB apart: a header of 12 bytes, then chunks (section 4.4)."""
    version, length = (int.from_bytes(data[at : at + 4], "little") for at in (4, 8))
    if len(data) < 20 or version != 2 or length != len(data):
        fault(
            f"GLB version {version} of {length} bytes, the file has {len(data)}",
            "gltf-lengths",
        )
    chunks: list[tuple[int, bytes]] = []
    at = 12
    while at < length:
        size, kind = (
            int.from_bytes(data[place : place + 4], "little") for place in (at, at + 4)
        )
        if at + 8 + size > length:
            fault("a chunk reaches beyond the file", "gltf-lengths")
        if len(chunks) < 2:
            chunks.append((kind, data[at + 8 : at + 8 + size]))
        at += 8 + size
    if not chunks or chunks[0][0] != CHUNK_JSON:
        fault("the first chunk is not JSON")
    second = chunks[1] if len(chunks) > 1 else (0, b"")
    return _document(chunks[0][1]), second[1] if second[0] == CHUNK_BINARY else None


def _document(text: bytes) -> Json:
    values = sum(text.count(sign) for sign in (b",", b"[", b"{"))
    if len(text) > MAX_JSON_BYTES or values > MAX_VALUES:
        fault(
            f"JSON of {len(text)} bytes and {values} values or more", "gltf-too-large"
        )

    def refuse(word: str) -> NoReturn:
        fault(f"the number {word}", "not-finite")

    try:
        document = json.loads(text.decode("utf-8-sig"), parse_constant=refuse)
    except RecursionError:
        fault("JSON nests too deep", "gltf-too-deep")
    except ValueError as error:
        fault(f"no JSON: {str(error)[:100]}")
    if not isinstance(document, dict):
        fault("JSON that is no object")
    return document


class Store:
    """The arrays of a document, each checked against its buffer before it is read.

    Parameters
    ----------
    document
        The JSON.
    binary
        The binary chunk, or None.
    """

    def __init__(self, document: Json, binary: bytes | None) -> None:
        self._views = listed(document, "bufferViews")
        self._accessors = listed(document, "accessors")
        self._buffers = listed(document, "buffers")
        self._binary = binary
        self._content: dict[int, bytes] = {}
        self._numbers = 0
        for buffer in self._buffers:
            _check_inside(record(buffer, "buffer").get("uri"))

    def accessor(self, index: int, kind: str) -> NDArray[Any]:
        """Give the numbers of an accessor, shape (count, width), as they are stored.

        Integers that stand for fractions are given as fractions.
        """
        given = at(self._accessors, index, "accessor")
        if given.get("type") != kind:
            fault(f"accessor {index} is not of type {kind}")
        count, width = whole(given, "count", least=1), WIDTHS[kind]
        self._numbers += count * width
        if self._numbers > MAX_NUMBERS:
            fault(f"accessors of more than {MAX_NUMBERS} numbers", "gltf-too-large")
        layout = _component(given)
        sparse = given.get("sparse")
        if "bufferView" in given:
            values = self._strided(given, layout, count, width)
        elif sparse is None:
            fault(f"accessor {index} has no data")
        else:
            values = np.zeros((count, width), dtype=layout)
        if sparse is not None:
            values = self._patched(values, sparse, layout)
        return _fractions(values) if given.get("normalized") is True else values

    def _strided(
        self, given: Json, layout: np.dtype[Any], count: int, width: int
    ) -> NDArray[Any]:
        """Read rows that may stand apart from each other."""
        content, step = self._view(given.get("bufferView"))
        start = whole(given, "byteOffset", default=0)
        row = layout.itemsize * width
        step = step or row
        if step < row or start + (count - 1) * step + row > len(content):
            fault("an accessor reaches beyond its buffer view", "gltf-lengths")
        return np.ndarray(
            (count, width), layout, content, start, (step, layout.itemsize)
        )

    def _patched(
        self, values: NDArray[Any], sparse: object, layout: np.dtype[Any]
    ) -> NDArray[Any]:
        """Put single rows in place of others (section 3.6.2.3)."""
        told = record(sparse, "sparse")
        count = whole(told, "count", least=1)
        if count > len(values):
            fault("a sparse accessor replaces more than there is", "gltf-lengths")
        where = record(told.get("indices"), "sparse.indices")
        what = record(told.get("values"), "sparse.values")
        places = self._strided(where, _component(where), count, 1)[:, 0]
        if places.dtype.kind == "f":
            fault("a sparse accessor with fractions for indices")
        places = places.astype(np.int64)
        rows = self._strided(what, layout, count, values.shape[1])
        if int(places.min()) < 0 or int(places.max()) >= len(values):
            fault("a sparse accessor names a row that is not there", "gltf-lengths")
        values = values.copy()
        values[places] = rows
        return values

    def _view(self, index: object) -> tuple[bytes | memoryview, int]:
        """Give the bytes of a view and the step between rows, 0 for none."""
        view = at(self._views, index, "bufferView")
        content = self._buffer(view.get("buffer"))
        start, length = whole(view, "byteOffset", default=0), whole(view, "byteLength")
        step = whole(view, "byteStride", default=0)
        if start + length > len(content):
            fault("a buffer view reaches beyond its buffer", "gltf-lengths")
        return memoryview(content)[start : start + length], step

    def _buffer(self, index: object) -> bytes:
        given = at(self._buffers, index, "buffer")
        place = int(index) if isinstance(index, int) else 0
        if place not in self._content:
            content = self._fetched(given, place)
            if len(content) < whole(given, "byteLength"):
                fault(f"buffer {place} is shorter than it says", "gltf-lengths")
            self._content[place] = content
        return self._content[place]

    def _fetched(self, given: Json, place: int) -> bytes:
        uri = given.get("uri")
        if uri is None:
            if place != 0 or self._binary is None:
                fault(f"buffer {place} has no content")
            return self._binary
        head, _, body = str(uri).partition(",")
        if not head.endswith(";base64"):
            fault("an embedded buffer that is not base64")
        try:
            return base64.b64decode(body, validate=True)
        except (binascii.Error, ValueError) as error:
            fault(f"an embedded buffer: {error}")


def _check_inside(uri: object) -> None:
    """Refuse a buffer that lies in another file or on another machine."""
    if uri is not None and not (isinstance(uri, str) and uri.startswith("data:")):
        raise InvalidInput(
            f"glTF: the buffer {str(uri)[:80]!r} lies outside the file",
            code="gltf-outside-reference",
            remedy="export one GLB file with everything inside",
        )


def _component(given: Json) -> np.dtype[Any]:
    kind = given.get("componentType")
    layout = COMPONENTS.get(kind) if isinstance(kind, int) else None
    if layout is None:
        fault(f"the component type {str(kind)[:20]}")
    return np.dtype(layout)


def _fractions(values: NDArray[Any]) -> NDArray[np.float64]:
    """Turn whole numbers into fractions of their range (section 3.6.2.2)."""
    if values.dtype.kind == "f":
        return values.astype(np.float64)
    largest = np.iinfo(values.dtype).max
    return np.maximum(values.astype(np.float64) / largest, -1.0)


def listed(document: Json, key: str) -> list[Any]:
    """Give a list, empty when absent."""
    found = document.get(key, [])
    if not isinstance(found, list):
        fault(f"{key} is not a list")
    return found


def at(entries: list[Any], index: object, what: str) -> Json:
    """Give the entry at an index that a file names."""
    if not isinstance(index, int) or isinstance(index, bool):
        fault(f"an index of {what} that is none")
    if not 0 <= index < len(entries):
        fault(f"{what} {str(index)[:20]} is not there", "gltf-reference")
    return record(entries[index], what)


def record(value: object, what: str) -> Json:
    """Give a JSON object."""
    if not isinstance(value, dict):
        fault(f"{what} is not an object")
    return value


def whole(given: Json, key: str, *, default: int | None = None, least: int = 0) -> int:
    """Give a whole number that is not below ``least``."""
    value = given.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool):
        fault(f"{key} is {str(value)[:20]!r}, not a whole number")
    if not least <= value < 2**40:
        fault(f"{key} is {str(value)[:20]}", "gltf-lengths")
    return value


def fault(what: str, code: str = "gltf-malformed") -> NoReturn:
    """Refuse the file."""
    raise InvalidInput(f"glTF: {what}", code=code, remedy="export the file again")
