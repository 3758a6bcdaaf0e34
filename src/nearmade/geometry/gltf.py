"""Read glTF 2.0, as ``.gltf`` with everything inside or as ``.glb``.

References
----------
Khronos Group, "glTF 2.0 Specification", ISO/IEC 12113:2022,
https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.facts import Finding
from nearmade.geometry.fans import fan_triangles, strip_triangles
from nearmade.geometry.gltf_data import (
    Json,
    Store,
    at,
    fault,
    listed,
    parse,
    record,
    whole,
)
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.placing import (
    Matrix,
    check_budget,
    composed,
    flattens,
    joined,
    placed,
)
from nearmade.geometry.reading import Reading, materials_left_out, note
from nearmade.geometry.seams import close_seams
from nearmade.geometry.weld import weld
from nearmade.vocabulary.errors import InvalidInput

#: Extensions that may be required because they leave the shape alone.
HARMLESS = ("KHR_materials_", "KHR_texture_", "EXT_texture_", "KHR_lights_", "KHR_xmp")
#: Positions as whole numbers, which this reader takes anyway.
QUANTIZATION = "KHR_mesh_quantization"
#: Modes of primitives (section 3.7.2.1); those below are points and lines.
TRIANGLES, STRIP, FAN = 4, 5, 6
#: Metres, y up (section 3.4), to millimetres, z up: x stays, y becomes z, z -y.
TO_HOUSE = np.array(
    [[1000.0, 0, 0, 0], [0, 0, 1000.0, 0], [0, -1000.0, 0, 0], [0, 0, 0, 1]]
)


def read_gltf(data: bytes) -> Reading:
    """Read the default scene of a glTF file as one mesh, in millimetres, z up.

    Equal corners are joined within a mesh, never between nodes. Materials become a
    note, points and lines too; skins, active morph targets and compressed geometry
    are refused. No other file is ever opened.

    Parameters
    ----------
    data
        The whole file.

    Raises
    ------
    InvalidInput
        When lengths, indices or the tree of nodes break a rule, or an extension that
        this reader does not know is required.
    """
    document, binary = parse(data)
    if record(document.get("asset"), "asset").get("version") not in ("2.0", "2.1"):
        fault("the version is not 2.0", "gltf-version")
    _check_extensions(document)
    scene = _Scene(document, Store(document, binary))
    return Reading(scene.mesh(), tuple(scene.findings()))


def _check_extensions(document: Json) -> None:
    for name in listed(document, "extensionsRequired"):
        if not isinstance(name, str) or not (
            name.startswith(HARMLESS) or name == QUANTIZATION
        ):
            raise InvalidInput(
                f"glTF: needs the extension {str(name)[:60]!r}, not supported",
                code="gltf-extension",
                remedy="export without compression and without extensions",
            )


class _Scene:
    """Walks the tree of nodes, counts, then reads and places meshes."""

    def __init__(self, document: Json, store: Store) -> None:
        self._document = document
        self._store = store
        self._nodes = listed(document, "nodes")
        self._meshes = listed(document, "meshes")
        self._read: dict[int, Mesh] = {}
        self._left_out = False

    def mesh(self) -> Mesh:
        """Place the mesh of every node of the scene."""
        uses = [*self._walk()]
        check_budget("glTF", 0, len(uses))
        triangles = 0
        for index, _ in uses:
            triangles += len(self._mesh(index).faces)
            check_budget("glTF", triangles, len(uses))
        house = [(index, matrix @ TO_HOUSE) for index, matrix in uses]
        return joined([placed(self._mesh(index), matrix) for index, matrix in house])

    def findings(self) -> Iterator[Finding]:
        """Say what the mesh does not hold."""
        if listed(self._document, "materials"):
            yield materials_left_out()
        if self._left_out:
            yield note(
                "points-left-out",
                "The file holds points or lines, which are not part of a solid.",
            )

    def _walk(self) -> Iterator[tuple[int, Matrix]]:
        """Give mesh and place of each node once; a second way to it is refused."""
        seen: set[int] = set()
        waiting = [(index, np.eye(4)) for index in reversed(self._roots())]
        while waiting:
            index, above = waiting.pop()
            node = at(self._nodes, index, "node")
            if index in seen:
                fault(f"node {index} hangs in the tree twice", "gltf-cycle")
            seen.add(index)
            matrix = composed(_local(node), above)
            if "skin" in node:
                fault("a mesh that hangs on a skeleton", "gltf-unsupported")
            if "mesh" in node:
                mesh = at(self._meshes, node["mesh"], "mesh")
                if any(w != 0 for one in (node, mesh) for w in listed(one, "weights")):
                    fault("a mesh that morph targets bend", "gltf-unsupported")
                yield node["mesh"], matrix
            waiting += [(child, matrix) for child in reversed(_indices(node))]

    def _roots(self) -> list[int]:
        scenes = listed(self._document, "scenes")
        if scenes:
            scene = at(scenes, self._document.get("scene", 0), "scene")
            return _indices(scene, "nodes")
        children = {
            child
            for index in range(len(self._nodes))
            for child in _indices(at(self._nodes, index, "node"))
        }
        return [index for index in range(len(self._nodes)) if index not in children]

    def _mesh(self, index: int) -> Mesh:
        if index not in self._read:
            given = at(self._meshes, index, "mesh")
            parts = [
                self._primitive(record(one, "primitive"))
                for one in listed(given, "primitives")
            ]
            self._read[index] = close_seams(weld(joined(parts)))
        return self._read[index]

    def _primitive(self, given: Json) -> Mesh:
        mode = whole(given, "mode", default=TRIANGLES)
        nothing = joined([])
        if mode < TRIANGLES:
            self._left_out = True
            return nothing
        attributes = record(given.get("attributes"), "attributes")
        if "POSITION" not in attributes:
            return nothing
        positions = self._store.accessor(attributes["POSITION"], "VEC3")
        if "indices" in given:
            stored = self._store.accessor(given["indices"], "SCALAR")
            if stored.dtype.kind != "u":
                fault("indices that are not unsigned")
            order = stored[:, 0].astype(np.int64)
        else:
            order = np.arange(len(positions), dtype=np.int64)
        count = len(order)
        if mode > FAN or count < 3 or (mode == TRIANGLES and count % 3):
            fault(f"a primitive of mode {mode} with {count} corners")
        check_budget("glTF", count // 3 if mode == TRIANGLES else count - 2, 1)
        return Mesh(positions.astype(np.float64), _faces(mode, order))


def _faces(mode: int, order: NDArray[np.int64]) -> NDArray[np.int64]:
    if mode == STRIP:
        return strip_triangles(order)
    if mode == FAN:
        return fan_triangles(np.array([len(order)]), order)
    return order.reshape(-1, 3)


def _indices(given: Json, key: str = "children") -> list[int]:
    found = listed(given, key)
    if not all(isinstance(one, int) and not isinstance(one, bool) for one in found):
        fault(f"{key} holds what is no index")
    return found


def _local(node: Json) -> Matrix:
    """Give the transform of a node, for row vectors (section 3.5)."""
    if "matrix" in node:
        # Stored by columns for column vectors, which is by rows for row vectors.
        matrix = np.array(_numbers(node, "matrix", [0.0] * 16)).reshape(4, 4)
    else:
        x, y, z, w = _numbers(node, "rotation", [0.0, 0.0, 0.0, 1.0])
        turn = np.array([
            [1 - 2 * (y * y + z * z), 2 * (x * y + z * w), 2 * (x * z - y * w)],
            [2 * (x * y - z * w), 1 - 2 * (x * x + z * z), 2 * (y * z + x * w)],
            [2 * (x * z + y * w), 2 * (y * z - x * w), 1 - 2 * (x * x + y * y)],
        ])  # fmt: skip
        matrix = np.eye(4)
        scale = _numbers(node, "scale", [1.0, 1.0, 1.0])
        matrix[:3, :3] = np.array(scale)[:, None] * turn
        matrix[3, :3] = _numbers(node, "translation", [0.0, 0.0, 0.0])
    if flattens(matrix) or not np.array_equal(matrix[:, 3], [0, 0, 0, 1]):
        fault("a node that flattens or is out of range", "gltf-transform")
    return matrix


def _numbers(given: Json, key: str, default: list[float]) -> list[float]:
    found = given.get(key, default)
    if not isinstance(found, list) or len(found) != len(default):
        fault(f"{key} is not a list of {len(default)} numbers")
    for one in found:
        # A whole number of many digits would not fit a float.
        if isinstance(one, bool) or not isinstance(one, int | float) or abs(one) > 1e12:
            fault(f"{key} holds what is no number, or too large", "gltf-transform")
    return [float(one) for one in found]
