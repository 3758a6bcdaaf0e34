"""Write 3MF packages of plain meshes, and of plates where copies lie in places."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from nearmade.geometry.mesh import Mesh
from nearmade.geometry.placing import Matrix
from nearmade.geometry.threemf import MODEL_TYPE
from nearmade.geometry.threemf_model import CORE
from nearmade.vocabulary.errors import InvalidInput

CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="model" '
    'ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Relationships '
    'xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Target="/3D/3dmodel.model" Id="rel0" Type="{MODEL_TYPE}"/>'
    "</Relationships>"
)
#: The earliest moment a ZIP can name, so that the same meshes give the same bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One copy of an object in the build.

    Parameters
    ----------
    part
        Place of its object among the parts.
    matrix
        For row vectors ``[x y z 1]``, shape (4, 4), the last column (0, 0, 0, 1).
    """

    part: int
    matrix: Matrix


def write_3mf(
    parts: Sequence[tuple[str, Mesh]],
    items: Sequence[Item] | None = None,
    *,
    title: str = "",
) -> bytes:
    """Write named meshes as one 3MF package in millimetres, one object for each.

    The same meshes give the same bytes.

    Parameters
    ----------
    parts
        Name for people, and mesh.
    items
        Copies of these parts and where they lie; each part once as it is when None.
    title
        For people, of the whole build; none when empty.

    Raises
    ------
    InvalidInput
        When an item names a part that is not there.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f'<model unit="millimeter" xml:lang="en-US" xmlns="{CORE}">')
    if title:
        lines.append(f'<metadata name="Title">{escape(title)}</metadata>')
    lines.append("<resources>")
    for number, (name, mesh) in enumerate(parts, start=1):
        lines += _object_lines(number, name, mesh)
    lines.append("</resources><build>")
    if items is None:
        items = [Item(number, np.eye(4)) for number in range(len(parts))]
    lines += [_item_line(item, len(parts)) for item in items]
    lines.append("</build></model>\n")
    return _package("\n".join(lines))


def _object_lines(number: int, name: str, mesh: Mesh) -> Iterator[str]:
    yield f'<object id="{number}" type="model" name={quoteattr(name)}>'
    yield "<mesh><vertices>"
    for x, y, z in mesh.vertices_mm.tolist():
        yield f'<vertex x="{x!r}" y="{y!r}" z="{z!r}"/>'
    yield "</vertices><triangles>"
    for a, b, c in mesh.faces.tolist():
        yield f'<triangle v1="{a}" v2="{b}" v3="{c}"/>'
    yield "</triangles></mesh></object>"


def _item_line(item: Item, parts: int) -> str:
    if not 0 <= item.part < parts:
        raise InvalidInput(f"3MF: an item names part {item.part} of {parts}")
    if np.array_equal(item.matrix, np.eye(4)):
        return f'<item objectid="{item.part + 1}"/>'
    # Core specification, 3.3: m00 m01 m02 m10 ... m32, rows of the matrix.
    words = " ".join(f"{entry:.9g}" for entry in item.matrix[:, :3].ravel())
    return f'<item objectid="{item.part + 1}" transform="{words}"/>'


def _package(model: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for path, text in (
            ("[Content_Types].xml", CONTENT_TYPES),
            ("_rels/.rels", RELATIONS),
            ("3D/3dmodel.model", model),
        ):
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, text.encode())
    return packed.getvalue()
