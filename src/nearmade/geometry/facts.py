"""What a mesh is, in figures, computed once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["note", "warning", "error"]

#: Most places kept of one kind.
MAX_SPOTS: Final = 12
#: Width of the bins of overhang area. [degree]
OVERHANG_BIN_DEG: Final = 5
#: Turn from one width of the shadow to the next. [degree]
WIDTH_STEP_DEG: Final = 5
#: Thicknesses for which the area of thinner walls is kept. [mm]
WALL_STEPS_MM: Final = (0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.2, 1.5, 2.0, 3.0)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on or in a part, for a viewer to mark.

    Parameters
    ----------
    centre_mm
        In the coordinates of the mesh. [mm]
    radius_mm
        Of the ball that holds what is meant. [mm]
    """

    centre_mm: tuple[float, float, float]
    radius_mm: float


@dataclass(frozen=True, slots=True)
class Place:
    """Something measured at one spot.

    Parameters
    ----------
    spot
        Where.
    size_mm
        Thickness of a wall, span of a bridge, diameter of a hole or pin, longest side
        of a body. [mm]
    area_mm2
        How much surface or section it concerns. [mm2]
    """

    spot: Spot
    size_mm: float = 0.0
    area_mm2: float = 0.0


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
    remedy
        What to do, where the message does not already say it.
    spots
        Where, at most ``MAX_SPOTS``, worst first; empty when it concerns the whole.
    """

    code: str
    severity: Severity
    message: str
    remedy: str = ""
    spots: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class Survey:
    """What it takes longer to find out about a part, as it lies, z up.

    Lists of places hold at most ``MAX_SPOTS``, worst first; counts and areas count all
    that were found.

    Parameters
    ----------
    solid
        True when the mesh bounds a solid; otherwise walls, bridges, islands, holes and
        pins were not looked for, and shadows come from a raster.
    hull_mm3
        Volume of the convex hull. [mm3]
    shadows_mm2
        Areas of the shadows along x, y and z. [mm2]
    section_heights_mm
        Heights of level sections above the lowest point. [mm]
    section_areas_mm2
        Area of each section; where bodies overlap they count more than once. [mm2]
    section_perimeters_mm
        Length of the contours of each section, holes included. [mm]
    base_mm2
        Area of the section half a layer above the lowest point. [mm2]
    flat_base
        True when at least half of the base lies flat on the plate.
    min_wall_mm
        Thinnest upright wall that was confirmed; None when none was found. [mm]
    thin_area_mm2
        Surface of walls and floors thinner than each of ``WALL_STEPS_MM``. [mm2]
    thin_walls
        Places of upright walls thinner than the last of ``WALL_STEPS_MM``.
    bridge_count
        Ceilings that hang between two sides.
    longest_bridge_mm
        Longest free span, along the best direction of each. [mm]
    bridges
        Places of bridges, longest first.
    bridged_mm2
        Area of all bridges. [mm2]
    unsupported_mm2
        Overhangs seen from below, bridges included, the plate left out. [mm2]
    overhangs
        Largest connected overhangs that no bridge carries.
    island_count
        Areas that start in the air.
    islands
        Places of islands, largest first.
    smallest_hole_mm
        Diameter of the narrowest hole in the sections looked at, None without. [mm]
    holes
        Places of the narrowest holes.
    smallest_pin_mm
        Diameter of the narrowest free-standing feature, None without. [mm]
    pins
        Places of the narrowest pins.
    loose_bodies
        Bodies that touch neither the plate nor another body.
    min_floor_mm
        Thinnest floor or roof that was confirmed; None when none was found. [mm]
    thin_floors
        Places of floors and roofs thinner than the last of ``WALL_STEPS_MM``.
    ledges
        Ceilings that rest on one side only, largest first.
    widths_mm
        Widths of the shadow on the plate along directions ``WIDTH_STEP_DEG`` apart,
        from x to just before -x, so that its box is known however it is turned. [mm]
    cavities
        Closed hollows, largest first; size is the longest side. [mm]
    stands
        True when the centre of volume lies above the base; True also without a solid.
    """

    solid: bool
    hull_mm3: float
    shadows_mm2: tuple[float, float, float]
    section_heights_mm: tuple[float, ...]
    section_areas_mm2: tuple[float, ...]
    section_perimeters_mm: tuple[float, ...]
    base_mm2: float = 0.0
    flat_base: bool = False
    min_wall_mm: float | None = None
    thin_area_mm2: tuple[float, ...] = ()
    thin_walls: tuple[Place, ...] = ()
    bridge_count: int = 0
    longest_bridge_mm: float = 0.0
    bridges: tuple[Place, ...] = ()
    bridged_mm2: float = 0.0
    unsupported_mm2: float = 0.0
    overhangs: tuple[Place, ...] = ()
    island_count: int = 0
    islands: tuple[Place, ...] = ()
    smallest_hole_mm: float | None = None
    holes: tuple[Place, ...] = ()
    smallest_pin_mm: float | None = None
    pins: tuple[Place, ...] = ()
    loose_bodies: tuple[Place, ...] = ()
    min_floor_mm: float | None = None
    thin_floors: tuple[Place, ...] = ()
    ledges: tuple[Place, ...] = ()
    stands: bool = True
    widths_mm: tuple[float, ...] = ()
    cavities: tuple[Place, ...] = ()


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
    open_edges
        Edges with one face.
    non_manifold_edges
        Edges with three faces or more.
    overhang_by_angle_mm2
        Area off the plate of faces that look down, by their tilt from level in bins of
        ``OVERHANG_BIN_DEG``: the first is ceilings, the last nearly upright. Empty in
        records older than this figure. [mm2]
    survey
        What takes longer; None when it was not asked for.
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
    open_edges: int = 0
    non_manifold_edges: int = 0
    overhang_by_angle_mm2: tuple[float, ...] = ()
    survey: Survey | None = None
