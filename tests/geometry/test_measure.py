"""Figures of solids worked by hand, and laws that hold for any solid."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.geometry.facts import PartFacts
from nearmade.geometry.measure import measure
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.weld import turned_inside_out
from tests.geometry.solids import cube, sphere, tetrahedron, together, without

angles = st.floats(0, 2 * math.pi)


def codes(facts: PartFacts) -> dict[str, str]:
    """Severity of each finding by its code."""
    return {finding.code: finding.severity for finding in facts.findings}


def test_a_cube_of_ten_has_the_figures_of_school() -> None:
    facts = measure(cube(10, at=(5, -3, 2)))
    assert facts.triangles == 12
    assert facts.watertight
    assert facts.bodies == 1
    assert facts.volume_mm3 == pytest.approx(1000)
    assert facts.area_mm2 == pytest.approx(600)
    assert facts.extents_mm == pytest.approx((10, 10, 10))
    assert facts.side_mm2 == pytest.approx(400)
    assert (facts.up_mm2, facts.down_mm2) == pytest.approx((100, 100))
    assert facts.contact_mm2 == pytest.approx(100)
    assert facts.overhang_mm2 == 0
    assert facts.findings == ()


def test_a_corner_tetrahedron_has_a_sixth_of_the_cube() -> None:
    facts = measure(tetrahedron(10))
    slope = math.sqrt(3) / 2 * 100  # area of the slanted face, normal (1,1,1)/sqrt 3
    assert facts.volume_mm3 == pytest.approx(1000 / 6)
    assert facts.area_mm2 == pytest.approx(150 + slope)
    assert facts.up_mm2 == pytest.approx(slope / math.sqrt(3))
    assert facts.side_mm2 == pytest.approx(100 + slope * math.sqrt(2 / 3))
    assert facts.contact_mm2 == pytest.approx(50)


def test_a_fine_sphere_comes_within_a_thousandth_of_the_formula() -> None:
    facts = measure(sphere(10, rings=100))
    assert facts.volume_mm3 == pytest.approx(4 / 3 * math.pi * 1000, rel=1e-3)
    assert facts.area_mm2 == pytest.approx(4 * math.pi * 100, rel=1e-3)
    assert facts.up_mm2 == pytest.approx(math.pi * 100, rel=1e-3)
    # Zone below 45 degrees south: 2 pi r (r - r/sqrt 2).
    assert facts.overhang_mm2 == pytest.approx(
        2 * math.pi * 100 * (1 - math.sqrt(0.5)), rel=0.03
    )


def test_a_table_overhangs_beneath_its_top() -> None:
    leg, top = cube(10), Mesh(cube(30).vertices_mm * [1, 1, 0.1], cube().faces)
    raised = Mesh(top.vertices_mm + np.array([-10, -10, 10]), top.faces)
    facts = measure(together(leg, raised))
    assert facts.overhang_mm2 == pytest.approx(900)
    assert facts.contact_mm2 == pytest.approx(100)


def test_a_missing_face_is_three_open_edges() -> None:
    facts = measure(without(cube(), 0))
    assert not facts.watertight
    assert codes(facts) == {"open-edges": "error"}
    assert "3 edges" in facts.findings[0].message


def test_a_solid_inside_out_is_found_and_measured_right_side_out() -> None:
    facts = measure(turned_inside_out(cube()))
    assert facts.watertight
    assert facts.volume_mm3 == pytest.approx(1000)
    assert facts.contact_mm2 == pytest.approx(100)
    assert codes(facts) == {"inverted": "warning"}


def test_one_face_turned_round_clashes_with_its_neighbours() -> None:
    faces = cube().faces.copy()
    faces[0] = faces[0, ::-1]
    facts = measure(Mesh(cube().vertices_mm, faces))
    assert not facts.watertight
    assert codes(facts)["clashing-winding"] == "error"


def test_two_cubes_on_one_edge_are_crowded_but_closed() -> None:
    first, second = cube(10), cube(10, at=(10, 10, 0))
    both = together(first, second)
    # The edge x = y = 10 is corners 2 and 6 of the first, 0 and 4 of the second.
    faces = both.faces.copy()
    faces[faces == 8] = 2
    faces[faces == 12] = 6
    facts = measure(Mesh(both.vertices_mm, faces))
    assert not facts.watertight
    assert facts.volume_mm3 == pytest.approx(2000)
    assert codes(facts)["non-manifold-edges"] == "warning"


def test_a_collapsed_face_is_left_out_and_noted() -> None:
    faces = np.vstack([cube().faces, [[0, 0, 1]]])
    facts = measure(Mesh(cube().vertices_mm, faces))
    assert facts.triangles == 12
    assert facts.watertight
    assert codes(facts) == {"degenerate-faces": "note"}


def test_a_cube_in_the_air_floats_but_a_cavity_does_not() -> None:
    floating = measure(together(cube(10), cube(10, at=(0, 0, 30))))
    assert codes(floating) == {"floating-bodies": "warning", "several-bodies": "note"}
    hollow = measure(together(cube(30), turned_inside_out(cube(10, at=(10, 10, 10)))))
    assert codes(hollow) == {"several-bodies": "note"}
    assert hollow.volume_mm3 == pytest.approx(26_000)


def test_the_words_of_findings_are_plain() -> None:
    (tiny,) = [x for x in measure(cube(1)).findings if x.code == "tiny"]
    assert "in inches it should be 25.4 mm, in metres 1000 mm" in tiny.message
    above = measure(together(cube(10), cube(10, at=(0, 0, 30)))).findings
    (floating,) = [x for x in above if x.code == "floating-bodies"]
    assert floating.message.startswith("1 of 2 bodies hangs in the air")
    # What has no thickness is no surface to repair.
    square = Mesh(cube().vertices_mm * [1, 1, 0], cube().faces[:2])
    told = {x.code: x.message for x in measure(square).findings}
    assert "repair" not in told["open-edges"]


def test_two_cubes_side_by_side_on_the_plate_do_not_float() -> None:
    facts = measure(together(cube(10), cube(10, at=(20, 0, 0))))
    assert facts.bodies == 2
    assert codes(facts) == {"several-bodies": "note"}


@pytest.mark.parametrize(
    ("scale", "code", "severity"),
    [
        ((0.002, 0.002, 0.002), "tiny", "error"),
        ((0.1, 0.1, 0.1), "tiny", "warning"),
        ((26, 1, 1), "huge", "warning"),
        ((1, 1, 0.005), "thinner-than-layer", "error"),
        ((1, 0.02, 1), "thin", "warning"),
        ((1, 1, 0), "no-volume", "error"),
    ],
)
def test_sizes_out_of_the_ordinary_are_found(
    scale: tuple[float, float, float], code: str, severity: str
) -> None:
    part = Mesh(cube(10).vertices_mm * scale, cube().faces)
    assert codes(measure(part))[code] == severity


def test_a_mesh_without_faces_has_no_figures_but_answers() -> None:
    facts = measure(Mesh(np.zeros((0, 3)), np.zeros((0, 3), dtype=np.int64)))
    assert (facts.triangles, facts.area_mm2, facts.watertight) == (0, 0.0, False)


@given(angles, angles, st.tuples(*[st.floats(-500, 500)] * 3), st.randoms())
def test_volume_and_area_do_not_change_with_place_or_order(
    yaw: float,
    pitch: float,
    shift: tuple[float, float, float],
    chance: object,
) -> None:
    part = together(tetrahedron(7), cube(3, at=(20, 0, 0)))
    about_z = np.array(
        [[math.cos(yaw), -math.sin(yaw), 0], [math.sin(yaw), math.cos(yaw), 0],
         [0, 0, 1]]
    )  # fmt: skip
    about_x = np.array(
        [[1, 0, 0], [0, math.cos(pitch), -math.sin(pitch)],
         [0, math.sin(pitch), math.cos(pitch)]]
    )  # fmt: skip
    order = list(range(len(part.faces)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    moved = Mesh(
        part.vertices_mm @ (about_z @ about_x).T + np.array(shift), part.faces[order]
    )
    before, after = measure(part), measure(moved)
    assert after.volume_mm3 == pytest.approx(before.volume_mm3, rel=1e-9)
    assert after.area_mm2 == pytest.approx(before.area_mm2, rel=1e-9)
    assert (after.bodies, after.watertight) == (2, True)
