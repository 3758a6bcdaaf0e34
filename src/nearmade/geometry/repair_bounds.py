"""What a mended mesh must keep of the mesh that was given."""

from __future__ import annotations

from typing import NamedTuple

import manifold3d
import numpy as np

from nearmade.geometry.mesh import Mesh
from nearmade.geometry.repair_edges import edge_table
from nearmade.geometry.repair_report import RepairReport

#: Volume may differ by this share from what it was, or was estimated to be.
#: Source: 24 of 24 meshes with crowded edges came out within it when they were mended.
VOLUME_BOUND_FRACTION = 0.02
#: Patches whose shape is a guess may add this share of the area.
GUESS_BOUND_FRACTION = 0.10
#: All patches together may add this share of the area: a cube without one face needs
#: a fifth.
AREA_BOUND_FRACTION = 0.25
#: The box may move by this share of its diagonal.
BOX_BOUND_FRACTION = 2e-4


class Broken(NamedTuple):
    """A bound that is not kept: its code, and the reason in one sentence."""

    code: str
    reason: str


def patches_out_of_bound(report: RepairReport) -> Broken | None:
    """Give code and reason where patches are too large a share of the surface.

    Parameters
    ----------
    report
        With the area before and all holes.
    """
    area_mm2 = report.area_before_mm2
    patched_mm2 = sum(hole.area_mm2 for hole in report.holes)
    if not patched_mm2 <= AREA_BOUND_FRACTION * area_mm2:
        return Broken(
            "holes-too-large",
            f"Patches would make {patched_mm2:.4g} mm2 beside {area_mm2:.4g} mm2 of "
            f"surface, more than {AREA_BOUND_FRACTION:.0%}: it is a sheet, not a "
            "solid.",
        )
    guessed_mm2 = sum(hole.area_mm2 for hole in report.holes if not hole.certain)
    if not guessed_mm2 <= GUESS_BOUND_FRACTION * area_mm2:
        return Broken(
            "holes-too-large",
            f"Patches of guessed shape would make {guessed_mm2:.4g} mm2 beside "
            f"{area_mm2:.4g} mm2 of surface, more than {GUESS_BOUND_FRACTION:.0%}.",
        )
    return None


def out_of_bound(
    report: RepairReport, least_mm3: float, diagonal_mm: float
) -> Broken | None:
    """Give code and reason of the first bound that the mended mesh breaks.

    Parameters
    ----------
    report
        With all figures before and after.
    least_mm3
        Less than this is no solid. [mm3]
    diagonal_mm
        Of the box of the mesh given. [mm]
    """
    volume_mm3, area_mm2 = report.volume_after_mm3, report.area_after_mm2
    if not volume_mm3 > least_mm3:
        return Broken(
            "no-volume",
            f"The surface holds {volume_mm3:.3g} mm3: it is a sheet, not a solid.",
        )
    gained = area_mm2 - report.area_before_mm2
    if not abs(gained) <= AREA_BOUND_FRACTION * report.area_before_mm2:
        return Broken(
            "area-out-of-bound",
            f"The area would go from {report.area_before_mm2:.4g} to {area_mm2:.4g} "
            f"mm2, by more than {AREA_BOUND_FRACTION:.0%}.",
        )
    gained = volume_mm3 - report.volume_before_mm3
    if not abs(gained) <= VOLUME_BOUND_FRACTION * abs(report.volume_before_mm3):
        return Broken(
            "volume-out-of-bound",
            f"The volume would go from {report.volume_before_mm3:.4g} to "
            f"{volume_mm3:.4g} mm3, by more than {VOLUME_BOUND_FRACTION:.0%}.",
        )
    if report.bodies_after != report.bodies_before:
        return Broken(
            "bodies-changed",
            f"There would be {report.bodies_after} bodies, not {report.bodies_before}.",
        )
    if not report.box_moved_mm <= BOX_BOUND_FRACTION * diagonal_mm:
        return Broken(
            "box-moved",
            f"The box would move by {report.box_moved_mm:.3g} mm, more than "
            f"{BOX_BOUND_FRACTION:.2%} of its diagonal.",
        )
    return None


def no_solid(mesh: Mesh) -> Broken | None:
    """Give code and reason where a mesh is not closed or no solid to manifold3d.

    Parameters
    ----------
    mesh
        As it was read again.
    """
    left = edge_table(mesh.faces).faults
    if left:
        return Broken("edges-left", f"{left} edges are still wrong in the file.")
    solid = manifold3d.Manifold(
        manifold3d.Mesh(
            vert_properties=mesh.vertices_mm.astype(np.float32),
            tri_verts=mesh.faces.astype(np.uint32),
        )
    )
    if solid.status() != manifold3d.Error.NoError or solid.is_empty():
        return Broken("no-solid", f"manifold3d says {solid.status().name} of it.")
    return None
