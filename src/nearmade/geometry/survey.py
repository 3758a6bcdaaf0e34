"""What takes longer to find out about a part: one look at everything."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.bridges import LAYER_MM, InTheAir, begins_in_the_air
from nearmade.geometry.contours import inside, measure_contours
from nearmade.geometry.edges import count_edges, label_groups
from nearmade.geometry.facts import MAX_SPOTS, PartFacts, Place, Survey
from nearmade.geometry.measure import measure
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.overhangs import overhang_places, spot_around
from nearmade.geometry.sections import (
    Knife,
    level_sections,
    narrow_holes,
    narrow_pins,
)
from nearmade.geometry.shadows import hull_mm3, shadows_mm2, widths_mm
from nearmade.geometry.solid import as_solid
from nearmade.geometry.walls import Walls, measure_walls

#: At least this share of the base lies flat where the base is flat.
FLAT_FRACTION: Final = 0.5
NO_WALLS: Final = Walls(None, None, (), (), ())
NOTHING: Final = InTheAir((), (), ())


def measure_all(mesh: Mesh) -> PartFacts:
    """Measure a mesh and survey it: all that is to be known, once for each mesh."""
    return survey(mesh, measure(mesh))


def survey(mesh: Mesh, facts: PartFacts) -> PartFacts:
    """Add to the facts of a mesh what takes longer.

    Walls, bridges, islands, holes and pins are sampled as the modules of these names
    say; hull, shadows and sections are exact. A mesh of more than ``MOST_FACES`` faces
    is made coarser first, by 0.01 mm at most.

    Parameters
    ----------
    mesh
        What was measured, as it would lie on the plate, z up.
    facts
        What ``measure`` gave of it.
    """
    outward = _outward(mesh, facts)
    solid = as_solid(outward) if facts.triangles else None
    knife = None if solid is None else Knife(solid)
    outward = outward if solid is None else solid.surface
    levels = level_sections(outward, knife)
    walls = NO_WALLS if knife is None else measure_walls(outward, knife)
    hanging = NOTHING if knife is None else begins_in_the_air(outward, knife)
    holes = () if knife is None else narrow_holes(knife)
    pins = () if knife is None else narrow_pins(knife)
    seen_mm2, overhangs = overhang_places(outward, hanging.bridges)
    base_mm2, stands = (0.0, True) if knife is None else _base(outward, knife)
    bridges = hanging.bridges
    found = Survey(
        solid=knife is not None,
        hull_mm3=hull_mm3(outward),
        shadows_mm2=shadows_mm2(outward, solid),
        section_heights_mm=levels.heights_mm,
        section_areas_mm2=levels.areas_mm2,
        section_perimeters_mm=levels.perimeters_mm,
        base_mm2=base_mm2,
        flat_base=facts.contact_mm2 > 0
        and facts.contact_mm2 >= FLAT_FRACTION * base_mm2,
        min_wall_mm=walls.min_wall_mm,
        thin_area_mm2=walls.thin_area_mm2,
        thin_walls=walls.thin_walls,
        bridge_count=len(bridges),
        longest_bridge_mm=bridges[0].size_mm if bridges else 0.0,
        bridges=bridges[:MAX_SPOTS],
        bridged_mm2=sum(one.area_mm2 for one in bridges),
        unsupported_mm2=seen_mm2,
        overhangs=overhangs,
        island_count=len(hanging.islands),
        islands=hanging.islands[:MAX_SPOTS],
        smallest_hole_mm=holes[0].size_mm if holes else None,
        holes=holes,
        smallest_pin_mm=pins[0].size_mm if pins else None,
        pins=pins,
        loose_bodies=_loose(facts),
        min_floor_mm=walls.min_floor_mm,
        thin_floors=walls.thin_floors,
        ledges=hanging.ledges[:MAX_SPOTS],
        stands=stands,
        widths_mm=widths_mm(outward),
        cavities=_cavities(outward) if solid and facts.bodies > 1 else (),
    )
    return replace(facts, survey=found)


def _outward(mesh: Mesh, facts: PartFacts) -> Mesh:
    """Leave out faces without area and corners without faces; turn right side out."""
    a, b, c = mesh.faces.T
    faces = mesh.faces[(a != b) & (b != c) & (c != a)]
    if any(one.code == "inverted" for one in facts.findings):
        faces = faces[:, ::-1]
    used = np.zeros(len(mesh.vertices_mm), dtype=bool)
    used[faces] = True
    places = np.cumsum(used) - 1
    return Mesh(mesh.vertices_mm[used], places[faces])


def _base(mesh: Mesh, knife: Knife) -> tuple[float, bool]:
    """Give the area of the first layer, and whether the part stands on it."""
    first = knife.cut("z", float(knife.solid.low_mm[2]) + LAYER_MM / 2)
    if first.is_empty():
        return 0.0, True
    outline = measure_contours(first.hull().to_polygons())
    return float(first.area()), bool(inside(outline, _centre(mesh)[None, :2])[0])


def _centre(mesh: Mesh) -> NDArray[np.float64]:
    """Give the centre of volume."""
    middle = mesh.vertices_mm.mean(axis=0)
    corners = mesh.triangles_mm - middle
    parts = np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2]))
    centre: NDArray[np.float64] = middle + parts @ corners.sum(axis=1) / (
        4 * parts.sum()
    )
    return centre


def _cavities(mesh: Mesh) -> tuple[Place, ...]:
    """Find closed surfaces that look inwards, and are hollows therefore."""
    count, labels = label_groups(len(mesh.faces), count_edges(mesh.faces).pairs)
    corners = mesh.triangles_mm - mesh.vertices_mm.mean(axis=0)
    parts = np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2]))
    volumes = np.bincount(labels, weights=parts, minlength=count) / 6
    places = []
    for one in np.argsort(volumes, kind="stable")[:MAX_SPOTS]:
        if volumes[one] >= 0:
            break
        points = mesh.triangles_mm[labels == one].reshape(-1, 3)
        sides = np.ptp(points, axis=0)
        places.append(Place(spot_around(points), float(sides.max())))
    return tuple(places)


def _loose(facts: PartFacts) -> tuple[Place, ...]:
    return tuple(
        Place(spot, 2 * spot.radius_mm)
        for finding in facts.findings
        if finding.code == "floating-bodies"
        for spot in finding.spots
    )
