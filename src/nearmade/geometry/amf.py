"""Read AMF, plain or zipped, and place what it builds.

References
----------
ISO/ASTM 52915:2020, "Specification for additive manufacturing file format (AMF)",
version 1.2.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nearmade.geometry.amf_document import Document, fault
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.placing import (
    check_budget,
    composed,
    counted,
    joined,
    placed,
    scaling,
)
from nearmade.geometry.reading import Reading
from nearmade.geometry.seams import close_seams
from nearmade.geometry.strict_xml import walk
from nearmade.geometry.weld import weld
from nearmade.geometry.zip_package import ZipPackage
from nearmade.vocabulary.errors import InvalidInput

MAX_XML_BYTES = 256 * 2**20
#: Constellations within constellations, at most.
MAX_NESTING = 64
CHUNK_BYTES = 2**16
ZIP_MAGIC = b"PK"


def read_amf(data: bytes) -> Reading:
    """Read an AMF file as one mesh of all its objects, placed, in millimetres.

    Constellations that no other one names are placed, and objects that none names
    stand where they were drawn. Triangles with curved edges are read flat, with a note;
    so are materials and colours.

    Parameters
    ----------
    data
        The whole file, XML or a ZIP package with one such file.

    Raises
    ------
    InvalidInput
        When a check of the package, the XML, the references or the budget fails.
    """
    document = Document()
    walk(_stream(data), document.start, document.end, document.text)
    if document.unit_mm is None:
        raise fault("does not begin with <amf>")
    mesh = _Placer(document).mesh()
    return Reading(mesh, tuple(document.findings()))


def _stream(data: bytes) -> Iterator[bytes]:
    if not data.startswith(ZIP_MAGIC):
        return (data[at : at + CHUNK_BYTES] for at in range(0, len(data), CHUNK_BYTES))
    package = ZipPackage(data)
    names = package.names
    if len(names) > 1:
        names = [name for name in names if name.endswith((".amf", ".xml"))]
    if len(names) != 1:
        raise InvalidInput(
            f"AMF: {len(names)} files in the package that may be it, not one",
            code="amf-file-count",
            remedy="export the file again",
        )
    return package.stream(names[0], MAX_XML_BYTES)


class _Placer:
    """Counts what the instances come to, then places them."""

    def __init__(self, document: Document) -> None:
        self._objects = document.objects
        self._constellations = document.constellations
        self._scale = scaling(document.unit_mm or 1.0)
        self._welded: dict[str, Mesh] = {}
        self._counts: dict[str, tuple[int, int]] = {}

    def mesh(self) -> Mesh:
        """Place all that nothing else names."""
        named = {
            name
            for constellation in self._constellations.values()
            for name, _ in constellation.instances
        }
        for name in named:
            if name not in self._objects and name not in self._constellations:
                raise fault(f"no object {name[:40]!r}", "amf-reference")
        for name in self._constellations:
            self._count(name, ())
        tops = [n for n in (*self._objects, *self._constellations) if n not in named]
        counts = [self._count(name, ()) for name in tops]
        check_budget("AMF", sum(c[0] for c in counts), sum(c[1] for c in counts))
        waiting = [(name, self._scale) for name in reversed(tops)]
        meshes: list[Mesh] = []
        while waiting:
            name, matrix = waiting.pop()
            if name in self._objects:
                meshes.append(placed(self._object(name), matrix))
                continue
            instances = self._constellations[name].instances
            waiting += [
                (child, composed(inner, matrix)) for child, inner in instances[::-1]
            ]
        return joined(meshes)

    def _count(self, name: str, above: tuple[str, ...]) -> tuple[int, int]:
        """Give triangles and instances; a constellation within itself is refused."""
        if name in self._objects:
            return self._objects[name].triangles, 1
        if name in above:
            raise fault(f"{name[:40]!r} contains itself", "amf-cycle")
        if len(above) >= MAX_NESTING:
            raise fault(f"nests deeper than {MAX_NESTING}", "amf-too-deep")
        if name not in self._counts:
            instances = self._constellations[name].instances
            counts = [self._count(child, (*above, name)) for child, _ in instances]
            self._counts[name] = (
                counted(triangles for triangles, _ in counts),
                counted([1, *(number for _, number in counts)]),
            )
        return self._counts[name]

    def _object(self, name: str) -> Mesh:
        if name not in self._welded:
            given = self._objects[name]
            corners = np.frombuffer(given.corners, dtype=np.float64).reshape(-1, 3)
            meshes = [
                Mesh(corners, np.frombuffer(one.faces, dtype=np.int64).reshape(-1, 3))
                for one in given.volumes
                if not one.dropped
            ]
            self._welded[name] = joined([close_seams(weld(mesh)) for mesh in meshes])
        return self._welded[name]
