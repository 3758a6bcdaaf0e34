"""Read 3MF: the package, its model parts, and all that its build section builds.

References
----------
3MF Consortium, "3D Manufacturing Format Core Specification", 1.3, 2021,
https://github.com/3MFConsortium/spec_core
"""

from __future__ import annotations

from nearmade.geometry.facts import Finding
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.placing import check_budget, composed, joined, placed, scaling
from nearmade.geometry.reading import (
    HELPERS_LEFT_OUT,
    Reading,
    materials_left_out,
)
from nearmade.geometry.strict_xml import walk
from nearmade.geometry.threemf_helpers import helper_ranges
from nearmade.geometry.threemf_model import ModelPart, fault
from nearmade.geometry.zip_package import ZipPackage

RELATIONSHIP = (
    "http://schemas.openxmlformats.org/package/2006/relationships Relationship"
)
MODEL_TYPE = "http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"
MAX_MODEL_BYTES = 256 * 2**20
MAX_RELATIONS_BYTES = 2**20
#: Most materials that a note names.
MAX_NAMED = 5


def read_3mf(data: bytes) -> Mesh:
    """Read a 3MF file as one mesh of all that it builds, in millimetres.

    See ``read_3mf_package`` for what is read and what is refused.
    """
    return read_3mf_package(data).mesh


def read_3mf_package(data: bytes) -> Reading:
    """Read a 3MF file, and say what it holds beside meshes.

    Equal corners are joined within an object, never between objects. Objects of type
    ``support`` are left out, and so are a slicer's helpers such as modifiers, with a
    warning. Materials and colours become a note.

    An object that is built and has beams is refused, with or without a mesh of its
    own: its beams are part of its shape, and the extension must always be required
    (section 2 of the beam lattice extension).

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
    parts: dict[str, ModelPart] = {}

    def load(path: str) -> ModelPart:
        key = path.removeprefix("/").lower()
        if key not in parts:
            parts[key] = _part(package, path.removeprefix("/"), ModelPart(load=None))
        return parts[key]

    name = _root_part(package)
    root = ModelPart(load, helper_ranges(package))
    parts[name.lower()] = root
    _part(package, name, root)
    return Reading(_expanded(root), _findings([*parts.values()]))


def _part(package: ZipPackage, name: str, part: ModelPart) -> ModelPart:
    """Read one model part into ``part``."""
    part.check(walk(package.stream(name, MAX_MODEL_BYTES), part.start, part.end))
    return part


def _root_part(package: ZipPackage) -> str:
    """Give the name of the one root model part."""
    targets: list[str] = []

    def start(_parent: str, name: str, attributes: dict[str, str]) -> None:
        if name == RELATIONSHIP and attributes.get("Type") == MODEL_TYPE:
            targets.append(attributes.get("Target", ""))

    walk(package.stream("_rels/.rels", MAX_RELATIONS_BYTES), start, lambda _: None)
    if len(targets) != 1:
        raise fault(f"{len(targets)} root models, there must be one", "3mf-model-count")
    return targets[0].removeprefix("/")


def _expanded(root: ModelPart) -> Mesh:
    """Place every instance, having counted them first."""
    triangles = sum(item.triangles for item, _ in root.items)
    instances = sum(item.instances for item, _ in root.items)
    check_budget("3MF", triangles, instances)
    meshes: list[Mesh] = []
    scale = scaling(root.unit_mm)
    waiting = [(item, matrix @ scale) for item, matrix in reversed(root.items)]
    while waiting:
        item, matrix = waiting.pop()
        if item.mesh is not None:
            meshes.append(placed(item.mesh, matrix))
        waiting += [
            (child, composed(inner, matrix))
            for child, inner in reversed(item.components)
        ]
    return joined(meshes)


def _findings(parts: list[ModelPart]) -> tuple[Finding, ...]:
    found: list[Finding] = []
    if any(part.helpers_left_out for part in parts):
        found.append(HELPERS_LEFT_OUT)
    names = list(dict.fromkeys(name for part in parts for name in part.materials))
    if names or any(part.coloured for part in parts):
        more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
        listed = f" ({', '.join(names[:MAX_NAMED])}{more})" if names else ""
        found.append(materials_left_out(listed))
    return tuple(found)
