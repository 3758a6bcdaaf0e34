"""Laws that hold for the facts of any part, and another program as witness."""

from __future__ import annotations

import json
import math
from random import Random

import manifold3d
import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.geometry.facts import PartFacts, Survey
from nearmade.geometry.facts_record import facts_from, facts_record
from nearmade.geometry.formats import read_mesh
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.survey import measure_all
from tests.geometry.solids import box, sphere, tetrahedron, together
from tests.shared_data import shared

sides = st.floats(4, 60)
#: A tray with a wall of its own thickness, a bridge across it, and a pyramid beside it.
trays = st.tuples(sides, sides, sides, st.floats(0.4, 1.8))


def tray(x: float, y: float, z: float, wall: float) -> Mesh:
    outer = manifold3d.Manifold.cube([x, y, z])
    inner = manifold3d.Manifold.cube([x - 2 * wall, y - 2 * wall, z])
    body = outer - inner.translate([wall, wall, wall])
    beam = manifold3d.Manifold.cube([x, min(2.0, y / 3), 1.0])
    given_ = (body + beam.translate([0, y / 3, z - 1])).to_mesh64()
    hollow = Mesh(
        np.array(given_.vert_properties[:, :3]), given_.tri_verts.astype(np.int64)
    )
    pyramid = tetrahedron(y / 2)
    return together(hollow, moved(pyramid, (x + 5, 0, 0)))


def moved(mesh: Mesh, by_mm: tuple[float, float, float]) -> Mesh:
    return Mesh(mesh.vertices_mm + np.array(by_mm), mesh.faces)


def turned(mesh: Mesh, turn_rad: float) -> Mesh:
    cosine, sine = math.cos(turn_rad), math.sin(turn_rad)
    about_z = np.array([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]])
    return Mesh(mesh.vertices_mm @ about_z.T, mesh.faces)


def surveyed(mesh: Mesh) -> tuple[PartFacts, Survey]:
    facts = measure_all(mesh)
    assert facts.survey is not None
    return facts, facts.survey


@settings(max_examples=8, deadline=None)
@given(trays, st.floats(0, 2 * math.pi))
def test_turning_about_z_changes_nothing_that_counts(
    size: tuple[float, float, float, float], turn: float
) -> None:
    mesh = tray(*size)
    (facts, survey), (after, other) = surveyed(mesh), surveyed(turned(mesh, turn))
    near = pytest.approx
    assert after.volume_mm3 == near(facts.volume_mm3, rel=1e-9)
    assert after.area_mm2 == near(facts.area_mm2, rel=1e-9)
    assert after.extents_mm[2] == near(facts.extents_mm[2])
    assert after.side_mm2 == near(facts.side_mm2, rel=1e-6)
    assert (after.up_mm2, after.down_mm2) == near((facts.up_mm2, facts.down_mm2))
    assert after.contact_mm2 == near(facts.contact_mm2)
    assert after.overhang_by_angle_mm2 == near(facts.overhang_by_angle_mm2, abs=1e-6)
    assert (after.bodies, after.watertight) == (facts.bodies, facts.watertight)
    assert other.hull_mm3 == near(survey.hull_mm3, rel=1e-6)
    assert other.shadows_mm2[2] == near(survey.shadows_mm2[2], rel=1e-6)
    assert other.section_areas_mm2 == near(survey.section_areas_mm2, rel=1e-6)
    assert other.section_perimeters_mm == near(survey.section_perimeters_mm, rel=1e-6)
    assert other.base_mm2 == near(survey.base_mm2, rel=1e-6)
    assert (other.flat_base, other.stands) == (survey.flat_base, survey.stands)
    assert other.island_count == survey.island_count
    assert other.unsupported_mm2 == near(survey.unsupported_mm2, rel=1e-6)
    # Ways across a bridge lie 15 degrees apart: at most 7.5 off, 0.9 % longer, and the
    # width of a slanting end.
    assert other.longest_bridge_mm == near(survey.longest_bridge_mm, rel=0.02, abs=0.6)


@settings(max_examples=8, deadline=None)
@given(trays, st.floats(0, 2 * math.pi))
def test_a_wall_is_as_thin_whichever_way_it_stands(
    size: tuple[float, float, float, float], turn: float
) -> None:
    x, y, z, wall = size
    mesh = tray(max(x, 20), max(y, 20), max(z, 10), wall)
    _, survey = surveyed(turned(mesh, turn))
    assert survey.min_wall_mm == pytest.approx(wall, abs=2e-3)
    # Floor and beam count as one where they differ by less than a tenth.
    assert survey.min_floor_mm == pytest.approx(min(wall, 1.0), rel=0.1)


@settings(max_examples=8, deadline=None)
@given(trays, st.floats(0.3, 4))
def test_scaling_scales_volume_by_its_cube_and_area_by_its_square(
    size: tuple[float, float, float, float], scale: float
) -> None:
    mesh = tray(*size)
    large = Mesh(mesh.vertices_mm * scale, mesh.faces)
    (facts, survey), (after, other) = surveyed(mesh), surveyed(large)
    assert after.volume_mm3 == pytest.approx(facts.volume_mm3 * scale**3, rel=1e-9)
    assert after.area_mm2 == pytest.approx(facts.area_mm2 * scale**2, rel=1e-9)
    assert other.hull_mm3 == pytest.approx(survey.hull_mm3 * scale**3, rel=1e-6)
    assert other.shadows_mm2 == pytest.approx(
        [area * scale**2 for area in survey.shadows_mm2], rel=1e-6
    )
    assert other.section_areas_mm2 == pytest.approx(
        [area * scale**2 for area in survey.section_areas_mm2], rel=1e-6
    )
    assert other.section_perimeters_mm == pytest.approx(
        [length * scale for length in survey.section_perimeters_mm], rel=1e-6
    )
    assert other.widths_mm == pytest.approx(
        [width * scale for width in survey.widths_mm], rel=1e-6
    )


@settings(max_examples=8, deadline=None)
@given(trays, trays)
def test_merging_two_parts_apart_sums_what_can_be_summed(
    one: tuple[float, float, float, float], two: tuple[float, float, float, float]
) -> None:
    first, second = tray(*one), moved(tray(*two), (300, 0, 0))
    (a, sa), (b, sb) = surveyed(first), surveyed(second)
    both, together_ = surveyed(together(first, second))
    assert both.volume_mm3 == pytest.approx(a.volume_mm3 + b.volume_mm3, rel=1e-9)
    assert both.area_mm2 == pytest.approx(a.area_mm2 + b.area_mm2, rel=1e-9)
    assert both.bodies == a.bodies + b.bodies
    assert both.contact_mm2 == pytest.approx(a.contact_mm2 + b.contact_mm2)
    assert together_.shadows_mm2[2] == pytest.approx(
        sa.shadows_mm2[2] + sb.shadows_mm2[2], rel=1e-6
    )
    assert together_.base_mm2 == pytest.approx(sa.base_mm2 + sb.base_mm2, rel=1e-6)
    assert together_.hull_mm3 >= sa.hull_mm3 + sb.hull_mm3


@given(trays)
@settings(max_examples=8, deadline=None)
def test_what_is_thinner_than_more_is_no_less(
    size: tuple[float, float, float, float],
) -> None:
    facts, survey = surveyed(tray(*size))
    areas = survey.thin_area_mm2
    assert list(areas) == sorted(areas)
    assert areas[-1] <= facts.area_mm2 * (1 + 1e-9)
    assert survey.hull_mm3 >= facts.volume_mm3 * (1 - 1e-9)


corners = st.lists(
    st.tuples(*[st.floats(-50, 50, width=32)] * 3), min_size=4, max_size=12
)


@settings(max_examples=30, deadline=None)
@given(corners, st.randoms(use_true_random=False), st.sampled_from([1e-6, 1, 1e6]))
def test_any_mesh_whatever_is_surveyed_and_comes_back_from_its_record(
    points: list[tuple[float, float, float]], chance: Random, scale: float
) -> None:
    faces = [chance.choices(range(len(points)), k=3) for _ in range(20)]
    facts, _ = surveyed(Mesh(np.array(points) * scale, np.array(faces)))
    assert facts_from(json.loads(json.dumps(facts_record(facts)))) == facts


def agrees_with_trimesh(mesh: Mesh, rel: float) -> None:
    """Compare volume, area, hull and a section with another program."""
    facts, survey = surveyed(mesh)
    other = trimesh.Trimesh(mesh.vertices_mm, mesh.faces, process=False)
    assert facts.volume_mm3 == pytest.approx(abs(other.volume), rel=rel)
    assert facts.area_mm2 == pytest.approx(other.area, rel=rel)
    assert survey.hull_mm3 == pytest.approx(other.convex_hull.volume, rel=rel)
    # A trifle beside a level where a face may lie.
    height = survey.section_heights_mm[12]
    at_mm = float(mesh.vertices_mm[:, 2].min()) + height
    section = other.section(plane_origin=[0, 0, at_mm], plane_normal=[0, 0, 1])
    assert section is not None
    assert survey.section_perimeters_mm[12] == pytest.approx(section.length, rel=rel)


@pytest.mark.parametrize(
    "mesh",
    [box((10, 20, 30)), sphere(10, 30), tetrahedron(7), tray(30, 20, 10, 1.0)],
    ids=["box", "ball", "corner", "tray"],
)
def test_trimesh_says_the_same_of_small_solids(mesh: Mesh) -> None:
    agrees_with_trimesh(mesh, 1e-6)


@pytest.mark.parametrize(
    "path",
    [
        "prusa-i3-reprap/mini/x-end-motor.stl",
        "delta-printer-most/STL/carriage.stl",
        "openflexure-microscope/stl/feet.stl",
    ],
)
def test_trimesh_says_the_same_of_published_parts(path: str) -> None:
    file = shared("designs", *path.split("/"))
    agrees_with_trimesh(read_mesh(file.read_bytes(), file.name), 1e-4)
