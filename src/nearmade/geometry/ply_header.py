"""Read the header of a PLY file: what the body promises to hold.

References
----------
Greg Turk, "The PLY Polygon File Format", Stanford University, 1994.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from nearmade.geometry.placing import MAX_TRIANGLES
from nearmade.vocabulary.errors import InvalidInput

#: The header is short; what has no end by here is no header. [byte]
MAX_HEADER_BYTES = 2**16
MAX_PROPERTIES = 200
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


@dataclass(frozen=True, slots=True)
class Property:
    """A column: a number, or a list of them."""

    name: str
    kind: str
    #: Type of the length of a list; empty for a single number.
    count_kind: str = ""


@dataclass(slots=True)
class Element:
    """A table of rows, announced before they come."""

    name: str
    count: int
    properties: list[Property] = field(default_factory=list)

    @property
    def lists(self) -> list[Property]:
        """Properties that are lists."""
        return [one for one in self.properties if one.count_kind]

    def least_bytes(self, *, ascii_text: bool) -> int:
        """Give the fewest bytes that one row takes."""
        if ascii_text:
            return max(1, 2 * len(self.properties))
        kinds = [one.count_kind or one.kind for one in self.properties]
        return max(1, sum(np.dtype(kind).itemsize for kind in kinds))


def read_header(data: bytes) -> tuple[str, list[Element], int]:
    """Give byte order (empty for ASCII), elements, and where the body starts.

    Parameters
    ----------
    data
        The whole file.

    Raises
    ------
    InvalidInput
        When it is no header, or announces what cannot be.
    """
    ending = END.search(data, 0, MAX_HEADER_BYTES)
    if not data.startswith(b"ply") or ending is None:
        raise fault(f"no header that ends within {MAX_HEADER_BYTES} bytes")
    lines = data[: ending.start()].decode("ascii", "replace").splitlines()
    order: str | None = None
    elements: list[Element] = []
    for words in (line.split() for line in lines[1:]):
        match words:
            case [] | ["comment" | "obj_info", *_]:
                pass
            case ["format", kind, "1.0"] if order is None and kind in ORDERS:
                order = ORDERS[kind]
            case ["element", name, count] if re.fullmatch(r"[0-9]{1,10}", count):
                elements.append(Element(name, int(count)))
            case ["property", "list", length, kind, name] if elements:
                found = Property(name, _type(kind), _type(length, whole=True))
                elements[-1].properties.append(found)
            case ["property", kind, name] if elements:
                elements[-1].properties.append(Property(name, _type(kind)))
            case _:
                raise fault(f"the line {' '.join(words)[:60]!r} in the header")
    if order is None:
        raise fault("no format, or one that is not known")
    for element in elements:
        _check_element(element)
    return order, elements, ending.end()


def _check_element(element: Element) -> None:
    given = [one.name for one in element.properties]
    if len(given) > MAX_PROPERTIES or len(set(given)) < len(given):
        raise fault(f"{element.name!r} has too many properties or one twice")
    if any(one.name in CORNER_LISTS and one.kind[0] == "f" for one in element.lists):
        raise fault(f"{element.name!r} names its corners by fractions")
    if element.count and not given:
        raise fault(f"{element.name!r} has rows without properties")
    if element.name == "face" and element.count > MAX_TRIANGLES:
        raise InvalidInput(
            f"PLY: {element.count} faces, more than {MAX_TRIANGLES}",
            code="ply-too-many-faces",
            remedy="reduce the number of triangles",
        )


def _type(word: str, *, whole: bool = False) -> str:
    kind = TYPES.get(word)
    if kind is None or (whole and kind[0] == "f"):
        raise fault(f"the type {word[:40]!r}")
    return kind


def fault(what: str) -> InvalidInput:
    """Give the refusal of a file that breaks a rule."""
    return InvalidInput(
        f"PLY: {what}", code="ply-malformed", remedy="export the part again"
    )


def cut_off() -> InvalidInput:
    """Give the refusal of a file that ends too soon."""
    return InvalidInput(
        "PLY: the file ends within its rows",
        code="ply-count-mismatch",
        remedy="the file is cut off: export the part again",
    )
