"""Take one model part of a 3MF package: objects, components, build items.

References
----------
.. [1] 3MF Consortium, "Core Specification", 1.3, https://github.com/3MFConsortium/spec_core
.. [2] "Production Extension", 1.2, https://github.com/3MFConsortium/spec_production
.. [3] "Beam Lattice Extension", 1.2, https://github.com/3MFConsortium/spec_beamlattice
.. [4] "Slice Extension", 1.0, https://github.com/3MFConsortium/spec_slice
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from nearmade.geometry.mesh import Mesh
from nearmade.geometry.placing import Matrix, counted, flattens, scaling
from nearmade.geometry.strict_xml import misread
from nearmade.geometry.weld import join_corners
from nearmade.vocabulary.errors import InvalidInput

_MAKER = "http://schemas.microsoft.com/3dmanufacturing/"
CORE = f"{_MAKER}core/2015/02"
PRODUCTION = f"{_MAKER}production/2015/06"
ALTERNATIVES = f"{_MAKER}production/alternatives/2021/04"
BEAMS = f"{_MAKER}beamlattice/2017/02"
SLICES = f"{_MAKER}slice/2015/07"
MATERIALS = f"{_MAKER}material/2015/02"
#: Extensions that may be required: those that leave the shape alone, and those whose
#: shapes are refused where they occur.
KNOWN_EXTENSIONS = {
    CORE, MATERIALS, PRODUCTION, ALTERNATIVES, BEAMS, SLICES,
    f"{_MAKER}beamlattice/balls/2020/07", f"{_MAKER}trianglesets/2021/07",
}  # fmt: skip
#: Core specification, section 3.4, attribute ``unit``. [mm]
UNITS_MM = {
    "micron": 0.001, "millimeter": 1.0, "centimeter": 10.0, "inch": 25.4,
    "foot": 304.8, "meter": 1000.0,
}  # fmt: skip
#: Object types that become material; ``support`` is the printer's business.
SOLID_TYPES = {"model", "solidsupport", "surface"}
MAX_OBJECTS = 100_000
#: Names of materials that are kept for the note.
MAX_NAMES = 100

#: Why an object that is built cannot be read: code, what, remedy.
REASONS = {
    "beams": (
        "3mf-beam-lattice",
        "a part has a beam lattice, and without its beams it would be another part",
        "turn the lattice into a mesh and export again",
    ),
    "slices": (
        "3mf-slices",
        "a part gives its shape as slices, which are not read",
        "export the part as a mesh in full resolution",
    ),
    "resolution": (
        "3mf-not-full-resolution",
        "a part is there in low or obfuscated resolution only",
        "export the part in full resolution",
    ),
    "shapeless": (
        "3mf-no-shape",
        "a part has neither a mesh nor components",
        "export plain meshes without extensions",
    ),
}


@dataclass(slots=True)
class Object:
    """One object, with what it comes to once expanded."""

    kind: str
    corners: array[float] = field(default_factory=lambda: array("d"))
    faces: array[int] = field(default_factory=lambda: array("q"))
    components: list[tuple[Object, Matrix]] = field(default_factory=list)
    triangles: int = 0
    instances: int = 1
    mesh: Mesh | None = None
    #: A key of ``REASONS``, or nothing.
    unreadable: str = ""


class ModelPart:
    """Takes the tags of a model part and keeps what gives it shape.

    Parameters
    ----------
    load
        Reads the model part at a path; None where this part may not name another.
    helpers
        Triangles of objects that are no material, first and last of each range.
    """

    def __init__(
        self,
        load: Callable[[str], ModelPart] | None,
        helpers: Mapping[str, set[tuple[int, int]]] = MappingProxyType({}),
    ) -> None:
        self.unit_mm = 1.0
        self.objects: dict[str, Object] = {}
        self.items: list[tuple[Object, Matrix]] = []
        self.materials: list[str] = []
        self.coloured = False
        self.helpers_left_out = False
        self._load = load
        self._helpers = helpers
        self._required: list[str] = []
        self._seen: set[str] = set()
        self._ids: set[str] = set()
        self._current = Object("none")
        self._current_id = ""
        tag = f"{CORE} ".__add__
        self._handlers: dict[tuple[str, str], Callable[[dict[str, str]], None]] = {
            (tag("vertices"), tag("vertex")): self._vertex,
            (tag("triangles"), tag("triangle")): self._triangle,
            ("", tag("model")): self._model,
            (tag("resources"), tag("object")): self._object,
            (tag("object"), tag("mesh")): self._mesh,
            (tag("components"), tag("component")): self._component,
            (tag("build"), tag("item")): self._item,
            (tag("model"), tag("resources")): lambda _: self._once("resources"),
            (tag("model"), tag("build")): lambda _: self._once("build"),
            (tag("mesh"), f"{BEAMS} beamlattice"): self._beams,
            (tag("basematerials"), tag("base")): self._base,
        }
        self._resources = tag("resources")
        self._object_tag = tag("object")

    def start(self, parent: str, name: str, attributes: dict[str, str]) -> None:
        """Take an opening tag."""
        if parent == self._resources:
            self._resource(name, attributes)
        handler = self._handlers.get((parent, name))
        if handler is not None:
            try:
                handler(attributes)
            except (KeyError, ValueError, OverflowError) as error:
                raise fault(
                    misread(name.rsplit(" ", 1)[-1], error),
                    "3mf-attribute",
                ) from error

    def end(self, name: str) -> None:
        """Take a closing tag."""
        if name == self._object_tag and self._current.kind != "none":
            self._close(self._current)
            self._current = Object("none")
            self._current_id = ""

    def check(self, prefixes: dict[str, str]) -> None:
        """Refuse what is missing, and extensions that this reader does not know."""
        missing = {"model", "resources", "build"} - self._seen
        if missing:
            raise fault(f"no <{min(missing)}>", "3mf-element-missing")
        for prefix in self._required:
            uri = prefixes.get(prefix, "")
            if uri not in KNOWN_EXTENSIONS:
                raise InvalidInput(
                    f"3MF: needs the extension {uri[:120] or prefix[:40]!r}, "
                    "not supported",
                    code="3mf-extension",
                    remedy="export plain meshes without extensions",
                )

    def _resource(self, name: str, attributes: dict[str, str]) -> None:
        if (given := attributes.get("id")) is not None:
            if given in self._ids:
                raise fault(f"the id {given[:40]!r} occurs twice", "3mf-duplicate-id")
            if len(self._ids) >= MAX_OBJECTS:
                raise fault(f"more than {MAX_OBJECTS} objects", "3mf-too-many-objects")
            self._ids.add(given)
        self.coloured = self.coloured or name.startswith(f"{MATERIALS} ")

    def _once(self, word: str) -> None:
        if word in self._seen:
            raise fault(f"<{word}> occurs twice", "3mf-element-twice")
        self._seen.add(word)

    def _model(self, attributes: dict[str, str]) -> None:
        self._once("model")
        unit = attributes.get("unit", "millimeter")
        if unit not in UNITS_MM:
            raise fault(f"unknown unit {unit[:40]!r}", "3mf-unit")
        self.unit_mm = UNITS_MM[unit]
        self._required = attributes.get("requiredextensions", "").split()

    def _object(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("type", "model")
        if kind not in SOLID_TYPES | {"support", "other"}:
            raise fault(f"unknown object type {kind[:40]!r}", "3mf-object-type")
        self._current = Object(kind)
        self._current_id = attributes["id"]
        if attributes.get(f"{SLICES} meshresolution", "fullres") != "fullres":
            self._current.unreadable = "slices"
        for space in (PRODUCTION, ALTERNATIVES):
            if attributes.get(f"{space} modelresolution", "fullres") != "fullres":
                self._current.unreadable = "resolution"

    def _mesh(self, _: dict[str, str]) -> None:
        if self._current.mesh is not None:
            raise fault("an object has two meshes", "3mf-element-twice")
        self._current.mesh = Mesh(np.zeros((0, 3)), np.zeros((0, 3), dtype=np.int64))

    def _beams(self, _: dict[str, str]) -> None:
        self._current.unreadable = "beams"

    def _base(self, attributes: dict[str, str]) -> None:
        if len(self.materials) < MAX_NAMES:
            self.materials.append(attributes["name"][:60])

    def _vertex(self, attributes: dict[str, str]) -> None:
        triple = [attributes["x"], attributes["y"], attributes["z"]]
        self._current.corners.extend([_number(text) for text in triple])

    def _triangle(self, attributes: dict[str, str]) -> None:
        for key in ("v1", "v2", "v3"):
            text = attributes[key]
            if not (text.isascii() and text.isdigit()):
                raise fault(f"the corner {text[:40]!r} is no index", "3mf-index")
            self._current.faces.append(int(text))

    def _component(self, attributes: dict[str, str]) -> None:
        own = f"{PRODUCTION} path" not in attributes
        if own and attributes["objectid"] == self._current_id:
            raise fault(
                f"object {self._current_id[:40]!r} contains itself", "3mf-cycle"
            )
        self._current.components.append(self._referred(attributes))

    def _item(self, attributes: dict[str, str]) -> None:
        if self._load is None:
            return  # only the root part says what is built [2]_
        item, matrix = self._referred(attributes)
        if item.kind == "other":
            raise fault("builds an object of type other", "3mf-object-type")
        if item.unreadable:
            code, what, remedy = REASONS[item.unreadable]
            raise InvalidInput(f"3MF: {what}", code=code, remedy=remedy)
        self.items.append((item, matrix))

    def _referred(self, attributes: dict[str, str]) -> tuple[Object, Matrix]:
        """Give the object named and where; it must stand before, so no cycle arises."""
        matrix = _matrix(attributes.get("transform"))
        path = attributes.get(f"{PRODUCTION} path")
        part = self if path is None else self._other(path)
        name = attributes["objectid"]
        if name not in part.objects:
            raise fault(
                f"object {name[:40]!r} is named before it is defined, or never",
                "3mf-reference",
            )
        if part.unit_mm != self.unit_mm:
            matrix = scaling(part.unit_mm / self.unit_mm) @ matrix
        return part.objects[name], matrix

    def _other(self, path: str) -> ModelPart:
        if self._load is None:
            raise fault(
                f"a part that is no root names another part, {path[:80]!r}",
                "3mf-path",
            )
        if not path.startswith("/"):
            raise fault(f"the path {path[:80]!r} is not absolute", "3mf-path")
        return self._load(path)

    def _close(self, item: Object) -> None:
        """Turn a finished object into a mesh, or count what its components give."""
        if item.kind in ("support", "other"):
            item.components.clear()
            item.mesh = None
            item.unreadable = ""
            self.helpers_left_out |= item.kind == "other"
        elif item.components:
            if item.mesh is not None:
                raise fault("an object has a mesh and components", "3mf-element-twice")
            children = [child for child, _ in item.components]
            item.triangles = counted(child.triangles for child in children)
            item.instances = counted([1, *(child.instances for child in children)])
            reasons = (child.unreadable for child in children if child.unreadable)
            item.unreadable = item.unreadable or next(reasons, "")
        elif item.mesh is None:
            item.unreadable = item.unreadable or "shapeless"
        else:
            ranges = self._helpers.get(self._current_id, set())
            item.mesh = _welded(item, ranges)
            item.triangles = len(item.mesh.faces)
            self.helpers_left_out |= bool(ranges)
        item.corners, item.faces = array("d"), array("q")
        self.objects[self._current_id] = item


def _welded(item: Object, helpers: set[tuple[int, int]]) -> Mesh:
    corners = np.frombuffer(item.corners, dtype=np.float64).reshape(-1, 3)
    faces = np.frombuffer(item.faces, dtype=np.int64).reshape(-1, 3)
    checked = Mesh(corners, faces)
    kept = np.ones(len(faces), dtype=bool)
    for first, last in helpers:
        kept[first : last + 1] = False
    vertices, index = join_corners(checked.vertices_mm)
    return Mesh(vertices, index[faces[kept]])


def _number(text: str) -> float:
    if "_" in text:
        raise ValueError(text)
    return float(text)


def _matrix(text: str | None) -> Matrix:
    """Read a transform, rows by columns (4, 3), as a 4 x 4 matrix for row vectors."""
    matrix = np.eye(4)
    if text is None:
        return matrix
    numbers = [_number(word) for word in text.split()]
    if len(numbers) != 12:
        raise fault(f"the transform {text[:80]!r}", "3mf-transform")
    matrix[:, :3] = np.reshape(numbers, (4, 3))
    if flattens(matrix):
        raise fault("a transform that flattens (determinant 0)", "3mf-transform")
    return matrix


def fault(what: str, code: str) -> InvalidInput:
    """Give the refusal of a package that breaks a rule."""
    return InvalidInput(f"3MF: {what}", code=code, remedy="export the file again")
