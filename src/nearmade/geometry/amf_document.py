"""Take an AMF document: objects, volumes, constellations.

References
----------
ISO/ASTM 52915:2020, "Specification for additive manufacturing file format (AMF)",
version 1.2. The entries ``scale``, ``mirror`` and ``printable`` of an instance are
those that PrusaSlicer adds to what the standard has.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from nearmade.geometry.facts import Finding
from nearmade.geometry.placing import Matrix, flattens
from nearmade.geometry.reading import HELPERS_LEFT_OUT, materials_left_out, note
from nearmade.geometry.strict_xml import misread
from nearmade.vocabulary.errors import InvalidInput

MAX_OBJECTS = 100_000
#: Most letters of one number or word, white space included.
MAX_LETTERS = 1000
#: Units of the standard, and the spelling of PrusaSlicer and old files. [mm]
UNITS_MM = {
    "millimeter": 1.0, "inch": 25.4, "feet": 304.8, "foot": 304.8, "meter": 1000.0,
    "micron": 0.001, "micrometer": 0.001,
}  # fmt: skip
#: What an instance may say, and what it means when it says nothing.
PLACEMENT = {
    "deltax": 0.0, "deltay": 0.0, "deltaz": 0.0, "rx": 0.0, "ry": 0.0, "rz": 0.0,
    "scale": 1.0, "scalex": 1.0, "scaley": 1.0, "scalez": 1.0,
    "mirrorx": 0.0, "mirrory": 0.0, "mirrorz": 0.0, "printable": 1.0,
}  # fmt: skip
#: Kinds of volume that become part of the object; ``support`` is the printer's.
SOLID_VOLUMES = {"", "object", "model"}
DROPPED_VOLUMES = {"support"}
#: What PrusaSlicer writes into a volume, and the values that mean material.
VOLUME_MARKS = {"slic3r.modifier": {"", "0"}, "slic3r.volume_type": {"modelpart"}}


@dataclass(slots=True)
class Volume:
    """One closed surface of an object; it shares no edge with another one."""

    dropped: bool
    faces: array[int] = field(default_factory=lambda: array("q"))


@dataclass(slots=True)
class Object:
    """Corners, and the volumes between them."""

    corners: array[float] = field(default_factory=lambda: array("d"))
    volumes: list[Volume] = field(default_factory=list)

    @property
    def triangles(self) -> int:
        """Number of faces that become material."""
        return sum(len(one.faces) // 3 for one in self.volumes if not one.dropped)


@dataclass(slots=True)
class Constellation:
    """What is placed together, and how."""

    instances: list[tuple[str, Matrix]] = field(default_factory=list)


class Document:
    """Takes tags and text, and keeps objects and constellations."""

    def __init__(self) -> None:
        self.unit_mm: float | None = None
        self.objects: dict[str, Object] = {}
        self.constellations: dict[str, Constellation] = {}
        self._helpers = False
        self._coloured = False
        self._curved = False
        self._object: Object | None = None
        self._constellation: Constellation | None = None
        self._instance: dict[str, float] = {}
        self._refers = ""
        self._triple: dict[str, str] = {}
        self._volume = Volume(dropped=True)
        self._said = ""
        self._listening = False
        self._text: list[str] = []
        self._letters = 0
        self._starts: dict[tuple[str, str], Callable[[dict[str, str]], None]] = {
            ("", "amf"): self._amf,
            ("amf", "object"): self._open_object,
            ("amf", "constellation"): self._open_constellation,
            ("amf", "material"): self._material,
            ("mesh", "volume"): self._open_volume,
            ("vertex", "coordinates"): self._new_triple,
            ("volume", "triangle"): self._new_triple,
            ("constellation", "instance"): self._open_instance,
            ("vertex", "normal"): self._curve,
            ("vertices", "edge"): self._curve,
        }
        self._leaves = {
            *(("coordinates", axis) for axis in "xyz"),
            *(("triangle", f"v{corner}") for corner in (1, 2, 3)),
            *(("instance", word) for word in PLACEMENT),
            ("volume", "metadata"),
        }
        self._ends: dict[str, Callable[[], None]] = {
            "coordinates": self._vertex,
            "triangle": self._triangle,
            "instance": self._close_instance,
            "object": self._close_object,
            "constellation": self._close_constellation,
        }

    def start(self, parent: str, name: str, attributes: dict[str, str]) -> None:
        """Take an opening tag."""
        parent, name = parent.rsplit(" ", 1)[-1], name.rsplit(" ", 1)[-1]
        self._text.clear()
        self._letters = 0
        self._listening = (parent, name) in self._leaves
        if self._listening:
            self._said = attributes.get("type", "")
            return
        if parent == "instance" and name != "metadata":
            raise fault(f"an instance with {name[:40]!r}, which is not known")
        handler = self._starts.get((parent, name))
        if handler is not None:
            handler(attributes)

    def text(self, piece: str) -> None:
        """Take text; it comes in pieces."""
        if self._listening:
            self._text.append(piece)
            self._letters += len(piece)
            if self._letters > MAX_LETTERS:
                raise fault("a number of endless length")

    def end(self, name: str) -> None:
        """Take a closing tag."""
        name = name.rsplit(" ", 1)[-1]
        if self._listening:
            self._listening = False
            self._triple[name] = "".join(self._text).strip()
            if name == "metadata":
                self._volume_says()
            return
        handler = self._ends.get(name)
        if handler is not None:
            try:
                handler()
            except (KeyError, ValueError, OverflowError) as error:
                raise fault(misread(name, error)) from error

    def findings(self) -> Iterator[Finding]:
        """Say what the mesh does not hold."""
        if self._helpers:
            yield HELPERS_LEFT_OUT
        if self._coloured:
            yield materials_left_out()
        if self._curved:
            yield note(
                "curves-read-flat",
                "The file bends its triangles; they are read flat.",
            )

    def _amf(self, attributes: dict[str, str]) -> None:
        unit = attributes.get("unit", "millimeter").lower()
        if unit not in UNITS_MM:
            raise InvalidInput(
                f"AMF: unknown unit {unit[:40]!r}",
                code="amf-unit",
                remedy="export the file again",
            )
        self.unit_mm = UNITS_MM[unit]

    def _name(self, attributes: dict[str, str]) -> str:
        """Take an id; objects and constellations share one set of them."""
        name = attributes.get("id", "")
        known = len(self.objects) + len(self.constellations)
        if name in self.objects or name in self.constellations:
            raise fault(f"the id {name[:40]!r} occurs twice", "amf-duplicate-id")
        if known >= MAX_OBJECTS:
            raise fault(f"more than {MAX_OBJECTS} objects")
        return name

    def _open_object(self, attributes: dict[str, str]) -> None:
        self._object = self.objects[self._name(attributes)] = Object()

    def _close_object(self) -> None:
        self._object = None

    def _open_constellation(self, attributes: dict[str, str]) -> None:
        self._constellation = Constellation()
        self.constellations[self._name(attributes)] = self._constellation

    def _close_constellation(self) -> None:
        self._constellation = None

    def _material(self, _: dict[str, str]) -> None:
        self._coloured = True

    def _curve(self, _: dict[str, str]) -> None:
        self._curved = True

    def _open_volume(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("type", "").lower()
        if kind not in SOLID_VOLUMES | DROPPED_VOLUMES:
            raise fault(f"a volume of type {kind[:40]!r}", "amf-volume-type")
        if self._object is not None:
            self._volume = Volume(kind in DROPPED_VOLUMES)
            self._object.volumes.append(self._volume)

    def _volume_says(self) -> None:
        """Heed PrusaSlicer, which marks volumes that are no material."""
        word, kind = self._said, self._triple.get("metadata", "").lower()
        if word not in VOLUME_MARKS or kind in VOLUME_MARKS[word]:
            return
        if "negative" in kind:
            raise fault("a volume that is cut out of others", "amf-volume-type")
        self._volume.dropped = self._helpers = True

    def _new_triple(self, _: dict[str, str]) -> None:
        self._triple = {}

    def _vertex(self) -> None:
        if self._object is not None:
            triple = [_number(self._triple[axis]) for axis in "xyz"]
            self._object.corners.extend(triple)

    def _triangle(self) -> None:
        if self._object is None or self._volume.dropped:
            return
        for corner in ("v1", "v2", "v3"):
            text = self._triple[corner]
            if not (text.isascii() and text.isdigit()):
                raise fault(f"the corner {text[:40]!r} is no index")
            self._volume.faces.append(int(text))

    def _open_instance(self, attributes: dict[str, str]) -> None:
        self._refers = attributes.get("objectid", "")
        self._triple = {}

    def _close_instance(self) -> None:
        if self._constellation is None:
            return
        said = {word: _number(text) for word, text in self._triple.items()}
        values = PLACEMENT | said
        if values["printable"]:
            self._constellation.instances.append((self._refers, _matrix(values)))


def _matrix(values: dict[str, float]) -> Matrix:
    """Scale and mirror, turn about x, then y, then z, then move."""
    matrix = np.eye(4)
    for at, axis in enumerate("xyz"):
        sign = -1.0 if values[f"mirror{axis}"] else 1.0
        matrix[at, at] = sign * values[f"scale{axis}"] * values["scale"]
    for at, word in enumerate(("rx", "ry", "rz")):
        matrix = matrix @ _turn(at, values[word])
    matrix[3, :3] = [values[word] for word in ("deltax", "deltay", "deltaz")]
    if flattens(matrix):
        raise fault("an instance that flattens or is out of range", "amf-transform")
    return matrix


def _turn(axis: int, angle_deg: float) -> Matrix:
    """Give the turn about one axis, for row vectors."""
    angle = np.radians(angle_deg % 360.0)
    first, second = (axis + 1) % 3, (axis + 2) % 3
    matrix = np.eye(4)
    matrix[first, first] = matrix[second, second] = np.cos(angle)
    matrix[first, second] = np.sin(angle)
    matrix[second, first] = -np.sin(angle)
    return matrix


def _number(text: str) -> float:
    if "_" in text:
        raise ValueError(text)
    return float(text)


def fault(what: str, code: str = "amf-malformed") -> InvalidInput:
    """Give the refusal of a file that breaks a rule."""
    return InvalidInput(f"AMF: {what}", code=code, remedy="export the file again")
