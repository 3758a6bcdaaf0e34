"""Leave out sheets that bound nothing: fins outside a body, walls inside it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.edges import label_groups
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.repair_edges import (
    EdgeTable,
    edge_table,
    face_areas,
    signed_volumes,
)
from nearmade.geometry.repair_winding import agreeing

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

#: Sheets left out may make up this share of the area, all together.
SHEET_BOUND_FRACTION = 0.10
#: More sheets than this are no blemish but how the mesh is drawn.
MAX_SHEETS = 100
#: A mesh of more surfaces than this is no solid with blemishes.
MOST_SHEETS = 1_000
#: Walls that are tried in turn.
MAX_WALLS = 20


def without_sheets(mesh: Mesh) -> Mesh:
    """Give the mesh without sheets that hang on it by crowded edges.

    A sheet is a set of faces joined over edges of exactly two, bounded where more meet.
    It is left out when the edges that it shares with others then join exactly two
    faces. Fins, which have open edges, go first, the smallest before larger ones; of
    walls, which have none, goes the one without which the mesh holds most. A mesh that
    does not become better comes back as it is.

    Parameters
    ----------
    mesh
        A mesh whose corners are joined.
    """
    now = mesh
    allowed_mm2 = SHEET_BOUND_FRACTION * float(
        face_areas(mesh.vertices_mm, mesh.faces).sum()
    )
    for _ in range(MAX_SHEETS):
        table = edge_table(now.faces)
        sheet = _least_sheet(now, table, allowed_mm2)
        if sheet is None:
            break
        allowed_mm2 -= float(face_areas(now.vertices_mm, now.faces[sheet]).sum())
        now = Mesh(now.vertices_mm, now.faces[~sheet])
    better = edge_table(now.faces).faults < edge_table(mesh.faces).faults
    return now if better else mesh


def _least_sheet(
    mesh: Mesh, table: EdgeTable, allowed_mm2: float
) -> NDArray[np.bool_] | None:
    """Give the faces of the sheet that may go next; None where none may."""
    odd = (table.count > 2) & (table.count % 2 == 1)
    if not odd.any():
        return None
    sheets, labels = label_groups(len(mesh.faces), table.face_pairs())
    if sheets > MOST_SHEETS:
        return None
    areas = np.bincount(labels, face_areas(mesh.vertices_mm, mesh.faces), sheets)
    owner = np.tile(labels, 3)
    crowded = table.count[table.edge] > 2
    open_edges = np.bincount(owner[table.count[table.edge] == 1], minlength=sheets)
    hanging = np.bincount(owner[crowded], minlength=sheets)
    # Each crowded edge of the sheet must join exactly two faces when it is gone.
    right = np.bincount(owner[crowded & odd[table.edge]], minlength=sheets)
    may = np.flatnonzero((hanging > 0) & (right == hanging) & (areas <= allowed_mm2))
    fins = may[open_edges[may] > 0]
    if len(fins):
        return np.asarray(labels == fins[np.argmin(areas[fins])])
    held = {at: _holds_mm3(mesh, labels == at) for at in may[:MAX_WALLS].tolist()}
    if not held:
        return None
    return np.asarray(labels == max(held, key=lambda at: held[at]))


def _holds_mm3(mesh: Mesh, sheet: NDArray[np.bool_]) -> float:
    """Give what the mesh holds without a sheet: most when the sheet lies inside."""
    rest = mesh.faces[~sheet]
    turned = agreeing(mesh.vertices_mm, rest)
    if turned is None:
        return 0.0
    faces = np.where(turned[:, None], rest[:, ::-1], rest)
    return abs(float(signed_volumes(mesh.vertices_mm, faces).sum()))
