"""Read the rows of a PLY file, as numbers in one byte order or as words."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.ply_header import Element, cut_off, fault

#: Rows of different lengths that are read together.
CHUNK_ROWS = 100_000

#: Columns of single numbers by name.
Table = dict[str, NDArray[np.float64]]
#: Length of each list, and the contents of all in turn.
Polygons = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(slots=True)
class _Walk:
    """Rows stepped over: where they end, the last lengths, and the wanted lists."""

    end: int = 0
    lengths: dict[str, int] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)


class BinaryRows:
    """A body of numbers in one byte order."""

    def __init__(self, data: bytes, start: int, order: str) -> None:
        self._data = data
        self._at = start
        self._order = order

    def rows(self, element: Element, wanted: str) -> tuple[Table, Polygons]:
        """Give the columns of single numbers, and the lists of the name wanted."""
        if not element.lists:
            rows = self._block(self._dtype(element, {}), element.count)
            names = rows.dtype.names or ()
            table = {name: rows[name].astype(np.float64) for name in names}
            return table, _no_polygons()
        return {}, self._lists(element, wanted)

    def _lists(self, element: Element, wanted: str) -> Polygons:
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

    def _walked(self, element: Element, wanted: str, count: int) -> _Walk:
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
                        raise fault("a list of negative length")
                    walk.lengths[name] = number
                    if name == wanted:
                        walk.starts.append(at)
                        walk.sizes.append(number)
                    at += number * size
        except struct.error as error:
            raise cut_off() from error
        if at > len(data):
            raise cut_off()
        walk.end = at
        return walk

    def _picked(self, element: Element, wanted: str, walk: _Walk) -> Polygons:
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

    def _dtype(self, element: Element, lengths: dict[str, int]) -> np.dtype[np.void]:
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
            raise cut_off()
        rows = np.frombuffer(self._data, layout, count=count, offset=self._at)
        self._at += count * layout.itemsize
        return rows


class AsciiRows:
    """A body of words, one row a line."""

    def __init__(self, data: bytes, start: int) -> None:
        if b"_" in data[start:]:
            raise fault("a number with an underscore")
        self._lines = iter(data[start:].splitlines())

    def rows(self, element: Element, wanted: str) -> tuple[Table, Polygons]:
        """Give the columns of single numbers, and the lists of the name wanted."""
        try:
            if element.lists:
                return {}, self._lists(element, wanted)
            return self._table(element), _no_polygons()
        except (ValueError, OverflowError) as error:
            raise fault(f"a row of {element.name!r}: {str(error)[:60]}") from error

    def _words(self) -> list[bytes]:
        for line in self._lines:
            if words := line.split():
                return words
        raise cut_off()

    def _table(self, element: Element) -> Table:
        width = len(element.properties)
        rows = np.empty((element.count, width))
        for row in range(element.count):
            words = self._words()
            if len(words) != width:
                raise ValueError(f"{len(words)} words instead of {width}")
            rows[row] = [float(word) for word in words]
        return {one.name: rows[:, at] for at, one in enumerate(element.properties)}

    def _lists(self, element: Element, wanted: str) -> Polygons:
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
