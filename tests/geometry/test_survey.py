"""The survey of solids worked by hand."""

from __future__ import annotations

import math

import manifold3d
import numpy as np
import pytest
from manifold3d import Manifold as Solid

from nearmade.geometry import rays, walls
from nearmade.geometry.contours import inside, measure_contours
from nearmade.geometry.facts import (
    MAX_SPOTS,
    OVERHANG_BIN_DEG,
    WALL_STEPS_MM,
    Survey,
)
from nearmade.geometry.measure import measure
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.sections import Knife
from nearmade.geometry.solid import MOST_FACES, as_solid
from nearmade.geometry.survey import measure_all
from nearmade.geometry.weld import turned_inside_out
from tests.geometry.solids import box, cube, sphere, tetrahedron, together, without


def surveyed(part: Mesh | Solid) -> Survey:
    mesh = part if isinstance(part, Mesh) else as_mesh(part)
    survey = measure_all(mesh).survey
    assert survey is not None
    return survey


def as_mesh(solid: Solid) -> Mesh:
    given = solid.to_mesh64()
    return Mesh(
        np.array(given.vert_properties[:, :3]), given.tri_verts.astype(np.int64)
    )


def block(size: tuple[float, float, float], at: tuple[float, float, float]) -> Solid:
    return Solid.cube(size).translate(at)


def prism(outline: list[tuple[float, float]], depth_mm: float) -> Solid:
    """An outline in x and z, drawn out along y."""
    upright = manifold3d.CrossSection([np.array(outline, dtype=np.float64)])
    return upright.extrude(depth_mm).rotate([90, 0, 0])


def hole(radius_mm: float, at: tuple[float, float]) -> Solid:
    """A drill of 60 sides through the plate."""
    drill = Solid.cylinder(100, radius_mm, radius_mm, 60, center=True)
    return drill.translate([*at, 0])


def test_a_box_casts_its_sides_and_is_its_own_hull() -> None:
    survey = surveyed(box((10, 20, 30)))
    assert survey.shadows_mm2 == pytest.approx((600, 300, 200))
    assert survey.hull_mm3 == pytest.approx(6000)


def test_the_hull_of_two_cubes_spans_the_gap() -> None:
    survey = surveyed(together(cube(10), cube(10, at=(20, 0, 0))))
    assert survey.hull_mm3 == pytest.approx(3000)
    assert survey.shadows_mm2 == pytest.approx((100, 200, 200))


def test_an_open_box_casts_nearly_the_same_shadow() -> None:
    survey = surveyed(without(box((10, 20, 30)), 2))
    assert not survey.solid
    assert survey.shadows_mm2 == pytest.approx((600, 300, 200), rel=0.01)


def test_a_cone_on_its_tip_is_cut_as_thales_says() -> None:
    # A corner of a cube: at height z the section is half a square of side 10 - z.
    survey = surveyed(tetrahedron(10))
    for height, area, length in zip(
        survey.section_heights_mm,
        survey.section_areas_mm2,
        survey.section_perimeters_mm,
        strict=True,
    ):
        side = 10 - height
        assert area == pytest.approx(side**2 / 2)
        assert length == pytest.approx((2 + math.sqrt(2)) * side)


def test_sections_of_an_open_mesh_come_from_its_faces() -> None:
    survey = surveyed(without(box((10, 20, 30)), 2))  # the roof lacks a half
    assert survey.section_areas_mm2 == pytest.approx([200.0] * 24)
    assert survey.section_perimeters_mm == pytest.approx([60.0] * 24)


@pytest.mark.parametrize("turn", [0, 30, 45, 90])
def test_a_box_with_a_wall_of_half_a_millimetre_has_a_thin_wall(turn: float) -> None:
    tray = block((40, 30, 20), (0, 0, 0)) - block((36.5, 26, 30), (3, 2, 2))
    survey = surveyed(tray.rotate([0, 0, turn]))
    assert survey.min_wall_mm == pytest.approx(0.5, abs=1e-3)
    # Both sides of the wall, 26 x 18 mm within the tray.
    assert survey.thin_area_mm2[WALL_STEPS_MM.index(0.6)] == pytest.approx(
        2 * 26 * 18, rel=0.15
    )
    assert survey.thin_area_mm2[WALL_STEPS_MM.index(0.5)] == 0
    for place in survey.thin_walls[:3]:
        assert place.size_mm == pytest.approx(0.5, abs=1e-3)


def test_a_thin_floor_is_a_floor_and_no_wall() -> None:
    tray = block((40, 30, 20), (0, 0, 0)) - block((36, 26, 30), (2, 2, 0.5))
    survey = surveyed(tray)
    assert survey.min_floor_mm == pytest.approx(0.5, abs=1e-3)
    assert survey.min_wall_mm == pytest.approx(2.0, abs=1e-3)
    assert survey.thin_floors[0].spot.centre_mm[2] == pytest.approx(0.25, abs=1e-3)


@pytest.mark.parametrize("lie", [(0, 0, 0), (90, 0, 0), (0, 90, 0), (90, 0, 90)])
def test_a_tapered_edge_is_no_thin_wall(lie: tuple[float, float, float]) -> None:
    # 14 degrees between the sides of the wedge.
    wedge = manifold3d.CrossSection([[(0, 0), (20, 0), (0, 5)]]).extrude(20)
    survey = surveyed(wedge.rotate(lie))
    assert (survey.thin_walls, survey.thin_floors) == ((), ())
    assert survey.thin_area_mm2[-1] == 0


def test_chamfered_edges_are_no_thin_walls() -> None:
    outline = manifold3d.CrossSection.square([20, 20])
    chamfered = outline.extrude(18) + outline.extrude(
        2, scale_top=(0.8, 0.8)
    ).translate([0, 0, 18])
    assert surveyed(chamfered).thin_area_mm2[-1] == 0


def test_walls_are_found_without_embree_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rays, "rtcore_scene", None)
    survey = surveyed(box((0.5, 20, 20)))
    assert survey.min_wall_mm == pytest.approx(0.5, abs=1e-3)


def test_a_gap_of_twenty_is_a_bridge_of_twenty() -> None:
    pillars = block((5, 10, 20), (0, 0, 0)) + block((5, 10, 20), (25, 0, 0))
    survey = surveyed(pillars + block((30, 10, 3), (0, 0, 20)))
    assert survey.bridge_count == 1
    assert survey.longest_bridge_mm == pytest.approx(20, rel=0.01)
    assert survey.bridges[0].spot.centre_mm[:2] == pytest.approx((15, 5))
    assert survey.bridged_mm2 == pytest.approx(200, rel=0.03)
    assert survey.unsupported_mm2 == pytest.approx(200)
    assert (survey.overhangs, survey.island_count, survey.ledges) == ((), 0, ())


def test_a_ceiling_bridges_its_shorter_side() -> None:
    hollow = block((30, 20, 20), (0, 0, 0)) - block((26, 16, 16), (2, 2, 2))
    survey = surveyed(hollow)
    assert survey.longest_bridge_mm == pytest.approx(16, rel=0.01)


def test_a_shelf_is_a_ledge_and_no_bridge() -> None:
    survey = surveyed(block((10, 20, 20), (0, 0, 0)) + block((18, 20, 3), (0, 0, 17)))
    assert survey.bridge_count == 0
    assert survey.ledges[0].size_mm == pytest.approx(8, rel=0.01)
    assert survey.overhangs[0].area_mm2 == pytest.approx(160)


def test_the_barb_of_a_hook_is_an_island() -> None:
    hook = block((5, 10, 30), (0, 0, 0)) + block((30, 10, 5), (0, 0, 25))
    survey = surveyed(hook + block((4, 10, 10), (26, 0, 16)))
    assert survey.island_count == 1
    assert survey.islands[0].area_mm2 == pytest.approx(40)
    x, y, z = survey.islands[0].spot.centre_mm
    assert (x, y) == pytest.approx((28, 5))
    assert z == pytest.approx(16, abs=0.2)


def test_a_body_within_another_begins_on_nothing_but_the_other() -> None:
    assert surveyed(together(cube(10), cube(5, at=(2, 2, 2)))).island_count == 0


def test_the_bottom_of_a_cup_is_no_island() -> None:
    cup = block((30, 30, 20), (0, 0, 0)) - hole(8, (15, 15)).translate([0, 0, 53])
    assert surveyed(cup).island_count == 0


def test_overhangs_are_counted_by_their_tilt() -> None:
    # A slope of 45 degrees on the right, 60 degrees from level on the left.
    foot, height = 10.0, 10.0
    lean = height / math.tan(math.radians(60))
    left, right = (-lean, height), (foot + height, height)
    outline = [(0.0, 0.0), (foot, 0.0), right, left]
    facts = measure(as_mesh(prism(outline, 20)))
    bins = [0.0] * (90 // OVERHANG_BIN_DEG)
    bins[45 // OVERHANG_BIN_DEG] = 20 * height * math.sqrt(2)
    bins[60 // OVERHANG_BIN_DEG] = 20 * height / math.sin(math.radians(60))
    assert facts.overhang_by_angle_mm2 == pytest.approx(bins)
    assert facts.overhang_mm2 == 0


def test_a_slope_flatter_than_45_degrees_is_one_region() -> None:
    wing = prism([(0, 0), (10, 0), (30, 10), (0, 10)], 20)
    survey = surveyed(wing)
    assert survey.unsupported_mm2 == pytest.approx(20 * 20)
    (region,) = survey.overhangs
    # Twice 400 by the outline of 80 seen from below.
    assert (region.area_mm2, region.size_mm) == pytest.approx((400, 10))


def test_holes_and_pins_have_their_diameters() -> None:
    plate = block((60, 40, 6), (0, 0, 0)) - hole(1.5, (10, 10)) - hole(2.5, (30, 20))
    survey = surveyed(plate + Solid.cylinder(20, 0.75, 0.75, 60).translate([50, 30, 3]))
    assert [one.size_mm for one in survey.holes] == pytest.approx([3, 5], rel=0.01)
    assert survey.smallest_pin_mm == pytest.approx(1.5, rel=0.01)
    assert survey.pins[0].spot.centre_mm[:2] == pytest.approx((50, 30), abs=0.01)


def test_the_tip_of_a_cone_is_no_pin() -> None:
    assert surveyed(Solid.cylinder(30, 10, 0, 60)).smallest_pin_mm is None


@pytest.mark.parametrize(
    ("part", "flat", "base"), [(cube(10), True, 100), (sphere(10), False, 6.25)]
)
def test_a_cube_has_a_flat_base_and_a_ball_has_none(
    part: Mesh, flat: bool, base: float
) -> None:
    survey = surveyed(part)
    assert survey.flat_base is flat
    # A ball cut 0.1 mm above its pole: pi (2 r h - h h).
    assert survey.base_mm2 == pytest.approx(base, rel=0.02)


def test_what_leans_too_far_does_not_stand() -> None:
    leaning = prism([(0, 0), (5, 0), (45, 40), (40, 40)], 10)
    assert not surveyed(leaning).stands
    assert surveyed(cube()).stands


def test_a_solid_inside_out_is_surveyed_right_side_out() -> None:
    survey = surveyed(turned_inside_out(box((0.5, 20, 20))))
    assert survey.solid
    assert survey.min_wall_mm == pytest.approx(0.5, abs=1e-3)


def test_a_loose_body_has_its_place() -> None:
    (loose,) = surveyed(together(cube(10), cube(10, at=(0, 0, 30)))).loose_bodies
    assert loose.spot.centre_mm == pytest.approx((5, 5, 35))


def test_a_mesh_without_faces_is_surveyed_too() -> None:
    survey = surveyed(Mesh(np.zeros((0, 3)), np.zeros((0, 3), dtype=np.int64)))
    assert (survey.solid, survey.hull_mm3, survey.shadows_mm2) == (False, 0, (0, 0, 0))


def test_a_flat_mesh_is_surveyed_too() -> None:
    flat = Mesh(cube().vertices_mm * np.array([1, 1, 0]), cube().faces)
    survey = surveyed(flat)
    assert (survey.solid, survey.hull_mm3) == (False, 0)
    assert survey.shadows_mm2 == pytest.approx((0, 0, 100), rel=0.01)


def test_a_mesh_of_one_point_casts_no_shadow() -> None:
    survey = surveyed(Mesh(cube().vertices_mm * 0.0 + 3.0, cube().faces))
    assert survey.shadows_mm2 == (0, 0, 0)
    assert set(survey.widths_mm) == {0.0}


def test_a_part_thinner_than_half_a_layer_has_no_base() -> None:
    survey = surveyed(box((10, 10, 0.05)))
    assert (survey.base_mm2, survey.stands) == (0.0, True)


def test_many_hollows_are_counted_up_to_the_most_that_are_shown() -> None:
    hollows = [turned_inside_out(cube(2, at=(5 * k + 2, 4, 4))) for k in range(14)]
    survey = surveyed(together(box((80, 10, 10)), *hollows))
    assert len(survey.cavities) == MAX_SPOTS
    assert survey.cavities[0].size_mm == pytest.approx(2)


def test_a_large_mesh_is_made_coarser_and_keeps_its_figures() -> None:
    fine, coarse = sphere(10, 130), sphere(10, 60)
    assert len(fine.faces) > MOST_FACES > len(coarse.faces)
    survey, other = surveyed(fine), surveyed(coarse)
    assert survey.hull_mm3 == pytest.approx(4 / 3 * math.pi * 1000, rel=2e-3)
    assert survey.section_areas_mm2 == pytest.approx(other.section_areas_mm2, rel=0.02)
    solid = as_solid(fine)
    assert solid is not None
    assert len(solid.surface.faces) < MOST_FACES
    # So small that nothing would be left of it.
    tiny = as_solid(Mesh(fine.vertices_mm * 1e-4, fine.faces))
    assert tiny is not None
    assert len(tiny.surface.faces) == len(fine.faces)


def test_what_bounds_nothing_is_no_solid_and_an_inverted_one_is_turned() -> None:
    assert as_solid(Mesh(np.zeros((0, 3)), np.zeros((0, 3), dtype=np.int64))) is None
    assert as_solid(without(cube(), 0)) is None
    solid = as_solid(turned_inside_out(cube()))
    assert solid is not None
    assert solid.body.volume() == pytest.approx(1000)


def test_a_ray_that_meets_nothing_goes_on_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    solid = as_solid(cube())
    assert solid is not None
    away = np.array([[5.0, 5.0, 20.0]]), np.array([[0.0, 0.0, 1.0]])
    for _ in range(2):
        distances, normals = rays.first_hits(cube(), solid, *away)
        assert np.isinf(distances).all()
        assert not normals.any()
        monkeypatch.setattr(rays, "rtcore_scene", None)


def test_no_point_lies_in_nothing() -> None:
    contours = measure_contours([np.array([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)])])
    assert inside(contours, np.zeros((0, 2))).tolist() == []
    assert inside(measure_contours([]), np.zeros((1, 2))).tolist() == [False]


def test_a_suspect_outside_the_section_is_no_wall() -> None:
    solid = as_solid(cube())
    assert solid is not None
    normal, beside = np.array([1.0, 0.0, 0.0]), np.array([20.0, 5.0, 5.0])
    assert not walls._holds_across("z", normal, beside, Knife(solid))
