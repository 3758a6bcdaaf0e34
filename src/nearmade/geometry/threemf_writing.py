"""Write 3MF packages of plain meshes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from nearmade.geometry.mesh import Mesh
from nearmade.geometry.threemf import CORE, MODEL_TYPE

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


def write_3mf(parts: Sequence[tuple[str, Mesh]]) -> bytes:
    """Write named meshes as one 3MF package in millimetres, one object for each.

    The same meshes give the same bytes.

    Parameters
    ----------
    parts
        Name for people, and mesh.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f'<model unit="millimeter" xml:lang="en-US" xmlns="{CORE}">')
    lines.append("<resources>")
    for number, (name, mesh) in enumerate(parts, start=1):
        lines.append(f'<object id="{number}" type="model" name={quoteattr(name)}>')
        lines.append("<mesh><vertices>")
        lines += [
            f'<vertex x="{x!r}" y="{y!r}" z="{z!r}"/>'
            for x, y, z in mesh.vertices_mm.tolist()
        ]
        lines.append("</vertices><triangles>")
        lines += [
            f'<triangle v1="{a}" v2="{b}" v3="{c}"/>' for a, b, c in mesh.faces.tolist()
        ]
        lines.append("</triangles></mesh></object>")
    lines.append("</resources><build>")
    lines += [f'<item objectid="{number + 1}"/>' for number in range(len(parts))]
    lines.append("</build></model>\n")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for path, text in (
            ("[Content_Types].xml", CONTENT_TYPES),
            ("_rels/.rels", RELATIONS),
            ("3D/3dmodel.model", "\n".join(lines)),
        ):
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, text.encode())
    return packed.getvalue()
