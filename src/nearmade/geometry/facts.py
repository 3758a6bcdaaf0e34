"""What a mesh is, in figures, computed once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["note", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a part that a person should know.

    Parameters
    ----------
    code
        Stable word in kebab-case, such as ``open-edges``.
    severity
        ``note`` informs, ``warning`` may spoil the part, ``error`` makes it unmakeable.
    message
        One sentence with the number and the remedy.
    """

    code: str
    severity: Severity
    message: str


@dataclass(frozen=True, slots=True)
class PartFacts:
    """Figures of one mesh; everything a quote at level 0 needs.

    Parameters
    ----------
    triangles
        Number of faces with area.
    watertight
        Every edge joins exactly two faces of opposite winding.
    volume_mm3
        Enclosed volume, zero or more; of little meaning unless watertight. [mm3]
    area_mm2
        Surface area. [mm2]
    extents_mm
        Size of the axis-parallel box along x, y and z. [mm]
    bodies
        Number of connected surfaces.
    side_mm2
        Sum of face area times the horizontal length of its normal. [mm2]
    up_mm2
        Sum of face area times nz over faces that look up. [mm2]
    down_mm2
        Sum of face area times -nz over faces that look down. [mm2]
    overhang_mm2
        Area of faces steeper than 45 degrees from below, off the plate. [mm2]
    contact_mm2
        Area of faces that lie flat on the plate. [mm2]
    findings
        What to know about the mesh, worst first.
    """

    triangles: int
    watertight: bool
    volume_mm3: float
    area_mm2: float
    extents_mm: tuple[float, float, float]
    bodies: int
    side_mm2: float
    up_mm2: float
    down_mm2: float
    overhang_mm2: float
    contact_mm2: float
    findings: tuple[Finding, ...] = ()
