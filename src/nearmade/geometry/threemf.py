"""Read 3MF, the core specification with meshes and components.

References
----------
3MF Consortium, "3D Manufacturing Format Core Specification", 1.3, 2021,
https://github.com/3MFConsortium/spec_core
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.mesh import Mesh
from nearmade.geometry.strict_xml import walk
from nearmade.geometry.weld import join_corners, turned_inside_out
from nearmade.geometry.zip_package import ZipPackage
from nearmade.vocabulary.errors import InvalidInput

CORE = "http://schemas.microsoft.com/3dmanufacturing/core/2015/02"
MATERIALS = "http://schemas.microsoft.com/3dmanufacturing/material/2015/02"
PRODUCTION = "http://schemas.microsoft.com/3dmanufacturing/production/2015/06"
RELATIONSHIP = (
    "http://schemas.openxmlformats.org/package/2006/relationships Relationship"
)
MODEL_TYPE = "http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"
#: Extensions that may be required because they do not change the shape, or change it
#: only by a path to another part, which is refused where it occurs.
HARMLESS_EXTENSIONS = {CORE, MATERIALS, PRODUCTION}
#: Core specification, section 3.4, attribute ``unit``. [mm]
UNITS_MM = {
    "micron": 0.001, "millimeter": 1.0, "centimeter": 10.0, "inch": 25.4,
    "foot": 304.8, "meter": 1000.0,
}  # fmt: skip
MAX_MODEL_BYTES = 256 * 2**20
MAX_RELATIONS_BYTES = 2**20
MAX_TRIANGLES = 3_000_000
MAX_INSTANCES = 10_000
#: Object types that become material; ``support`` is the printer's business.
SOLID_TYPES = {"model", "solidsupport", "surface"}

Matrix = NDArray[np.float64]


@dataclass(slots=True)
class _Object:
    """One object of the model, with what it comes to once expanded."""

    kind: str
    corners: array[float] = field(default_factory=lambda: array("d"))
    faces: array[int] = field(default_factory=lambda: array("q"))
    components: list[tuple[str, Matrix]] = field(default_factory=list)
    triangles: int = 0
    instances: int = 1
    mesh: Mesh | None = None


def read_3mf(data: bytes) -> Mesh:
    """Read a 3MF file as one mesh of all that it builds, in millimetres.

    Equal corners are joined within an object, never between objects. Objects of type
    ``support`` are left out.

    Parameters
    ----------
    data
        The whole file.

    Raises
    ------
    InvalidInput
        When a check of the package, the XML, the references or the budget fails.
    """
    package = ZipPackage(data)
    model = _Model()
    part = _model_part(package)
    prefixes = walk(package.stream(part, MAX_MODEL_BYTES), model.start, model.end)
    model.check(prefixes)
    return model.expanded()


def _model_part(package: ZipPackage) -> str:
    """Give the name of the one root model part."""
    targets: list[str] = []

    def start(_parent: str, name: str, attributes: dict[str, str]) -> None:
        if name == RELATIONSHIP and attributes.get("Type") == MODEL_TYPE:
            targets.append(attributes.get("Target", ""))

    walk(package.stream("_rels/.rels", MAX_RELATIONS_BYTES), start, lambda _: None)
    if len(targets) != 1:
        raise InvalidInput(
            f"3MF: {len(targets)} root models, there must be one",
            code="3mf-model-count",
        )
    return targets[0].removeprefix("/")


class _Model:
    """Takes the tags of a model part and keeps what gives it shape."""

    def __init__(self) -> None:
        self.scale = 1.0
        self.required: list[str] = []
        self.objects: dict[str, _Object] = {}
        self.items: list[tuple[str, Matrix]] = []
        self.seen: set[str] = set()
        self.ids: set[str] = set()
        self.current = _Object("none")
        self.current_id = ""
        tag = f"{CORE} ".__add__
        self.handlers: dict[tuple[str, str], Callable[[dict[str, str]], None]] = {
            (tag("vertices"), tag("vertex")): self._vertex,
            (tag("triangles"), tag("triangle")): self._triangle,
            ("", tag("model")): self._model,
            (tag("resources"), tag("object")): self._object,
            (tag("components"), tag("component")): self._component,
            (tag("build"), tag("item")): self._item,
            (tag("model"), tag("resources")): lambda _: self._once("resources"),
            (tag("model"), tag("build")): lambda _: self._once("build"),
        }
        self.resources = tag("resources")
        self.object = tag("object")

    def start(self, parent: str, name: str, attributes: dict[str, str]) -> None:
        if parent == self.resources and (given := attributes.get("id")) is not None:
            if given in self.ids:
                raise _fault(f"the id {given!r} occurs twice", "3mf-duplicate-id")
            self.ids.add(given)
        handler = self.handlers.get((parent, name))
        if handler is not None:
            try:
                handler(attributes)
            except (KeyError, ValueError, OverflowError) as error:
                raise _fault(
                    f"a <{name.rsplit(' ', 1)[-1]}> lacks or garbles {str(error)[:80]}",
                    "3mf-attribute",
                ) from error

    def end(self, name: str) -> None:
        if name == self.object and self.current.kind != "none":
            self._close(self.current)
            self.current = _Object("none")
            self.current_id = ""

    def check(self, prefixes: dict[str, str]) -> None:
        """Refuse what is missing, and extensions that this reader does not know."""
        missing = {"model", "resources", "build"} - self.seen
        if missing:
            raise _fault(f"no <{min(missing)}>", "3mf-element-missing")
        for prefix in self.required:
            uri = prefixes.get(prefix, "")
            if uri not in HARMLESS_EXTENSIONS:
                raise InvalidInput(
                    f"3MF: needs the extension {uri or prefix!r}, not supported",
                    code="3mf-extension",
                    remedy="export plain meshes without extensions",
                )

    def expanded(self) -> Mesh:
        """Place every instance; counts were checked before."""
        triangles = sum(self.objects[name].triangles for name, _ in self.items)
        instances = sum(self.objects[name].instances for name, _ in self.items)
        _check_budget(triangles, instances)
        placed: list[Mesh] = []
        waiting = list(reversed(self.items))
        while waiting:
            name, matrix = waiting.pop()
            item = self.objects[name]
            if item.mesh is not None:
                placed.append(_placed(item.mesh, matrix, self.scale))
            waiting += [
                (child, inner @ matrix) for child, inner in reversed(item.components)
            ]
        return joined(placed)

    def _once(self, word: str) -> None:
        if word in self.seen:
            raise _fault(f"<{word}> occurs twice", "3mf-element-twice")
        self.seen.add(word)

    def _model(self, attributes: dict[str, str]) -> None:
        self._once("model")
        unit = attributes.get("unit", "millimeter")
        if unit not in UNITS_MM:
            raise _fault(f"unknown unit {unit!r}", "3mf-unit")
        self.scale = UNITS_MM[unit]
        self.required = attributes.get("requiredextensions", "").split()

    def _object(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("type", "model")
        if kind not in SOLID_TYPES | {"support", "other"}:
            raise _fault(f"unknown object type {kind!r}", "3mf-object-type")
        self.current = _Object(kind)
        self.current_id = attributes["id"]

    def _vertex(self, attributes: dict[str, str]) -> None:
        triple = [attributes["x"], attributes["y"], attributes["z"]]
        self.current.corners.extend([_number(text) for text in triple])

    def _triangle(self, attributes: dict[str, str]) -> None:
        for key in ("v1", "v2", "v3"):
            text = attributes[key]
            if not (text.isascii() and text.isdigit()):
                raise _fault(f"the corner {text[:40]!r} is no index", "3mf-index")
            self.current.faces.append(int(text))

    def _component(self, attributes: dict[str, str]) -> None:
        child = self._reference(attributes)
        if child == self.current_id:
            raise _fault(f"object {child!r} contains itself", "3mf-cycle")
        matrix = _matrix(attributes.get("transform"))
        self.current.components.append((child, matrix))

    def _item(self, attributes: dict[str, str]) -> None:
        name = self._reference(attributes)
        if self.objects[name].kind == "other":
            raise _fault(f"builds {name!r}, of type other", "3mf-object-type")
        self.items.append((name, _matrix(attributes.get("transform"))))

    def _reference(self, attributes: dict[str, str]) -> str:
        """Give the object named; it must stand before, so no cycle can arise."""
        if f"{PRODUCTION} path" in attributes:
            raise InvalidInput(
                "3MF: an object lies in another part (production extension), "
                "not supported",
                code="3mf-extension",
                remedy="export plain meshes in one model part",
            )
        name = attributes["objectid"]
        if name not in self.objects and name != self.current_id:
            raise _fault(
                f"object {name[:40]!r} is named before it is defined, or never",
                "3mf-reference",
            )
        return name

    def _close(self, item: _Object) -> None:
        """Turn a finished object into a mesh, or count what its components give."""
        if item.kind == "support":
            item.components.clear()
        elif item.components:
            children = [self.objects[name] for name, _ in item.components]
            item.triangles = sum(child.triangles for child in children)
            item.instances = 1 + sum(child.instances for child in children)
        else:
            item.triangles = len(item.faces) // 3
            item.mesh = _welded(item)
        item.corners, item.faces = array("d"), array("q")
        self.objects[self.current_id] = item


def _check_budget(triangles: int, instances: int) -> None:
    if triangles > MAX_TRIANGLES or instances > MAX_INSTANCES:
        raise _fault(
            f"expands to {triangles} triangles in {instances} instances, more than "
            f"{MAX_TRIANGLES} in {MAX_INSTANCES}",
            "3mf-too-many-instances",
        )


def _welded(item: _Object) -> Mesh:
    corners = np.frombuffer(item.corners, dtype=np.float64).reshape(-1, 3)
    faces = np.frombuffer(item.faces, dtype=np.int64).reshape(-1, 3)
    checked = Mesh(corners, faces)
    vertices_mm, index = join_corners(checked.vertices_mm)
    return Mesh(vertices_mm, index[faces])


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
    if len(numbers) != 12 or not all(abs(number) < 1e12 for number in numbers):
        raise _fault(f"the transform {text[:80]!r}", "3mf-transform")
    matrix[:, :3] = np.reshape(numbers, (4, 3))
    determinant = float(np.linalg.det(matrix[:3, :3]))
    if not math.isfinite(determinant) or abs(determinant) < 1e-12:
        raise _fault("a transform that flattens (determinant 0)", "3mf-transform")
    return matrix


def _placed(mesh: Mesh, matrix: Matrix, scale: float) -> Mesh:
    with np.errstate(over="ignore", invalid="ignore"):
        vertices = mesh.vertices_mm @ matrix[:3, :3] + matrix[3, :3]
    moved = Mesh(vertices * scale, mesh.faces)
    mirrored = float(np.linalg.det(matrix[:3, :3])) < 0
    return turned_inside_out(moved) if mirrored else moved


def joined(meshes: Sequence[Mesh]) -> Mesh:
    """Put meshes into one, without joining corners between them."""
    if not meshes:
        return Mesh(np.zeros((0, 3)), np.zeros((0, 3), dtype=np.int64))
    counts = np.cumsum([0, *(len(mesh.vertices_mm) for mesh in meshes)])
    faces = [mesh.faces + start for mesh, start in zip(meshes, counts, strict=False)]
    return Mesh(
        np.concatenate([mesh.vertices_mm for mesh in meshes]), np.concatenate(faces)
    )


def _fault(what: str, code: str) -> InvalidInput:
    return InvalidInput(f"3MF: {what}", code=code, remedy="export the file again")
