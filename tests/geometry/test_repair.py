"""Broken meshes are mended within bounds, or refused with the place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.geometry.measure import measure
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.repair import repair
from nearmade.geometry.stl import read_stl, write_stl
from nearmade.geometry.weld import turned_inside_out, weld
from tests.geometry.solids import cube, sphere, tetrahedron, together


def mended(mesh: Mesh) -> Mesh:
    """Mend a mesh that can be, and hold it to what every mended mesh must be."""
    kept = mesh.vertices_mm.copy(), mesh.faces.copy()
    repaired = repair(mesh)
    assert (mesh.vertices_mm == kept[0]).all()
    assert (mesh.faces == kept[1]).all()
    assert repaired.report.verdict == "repaired", repaired.report.reason
    assert repaired.mesh is not None
    facts = measure(repaired.mesh)
    assert facts.watertight
    assert facts.volume_mm3 == pytest.approx(repaired.report.volume_after_mm3)
    assert measure(read_stl(write_stl(repaired.mesh))).watertight
    return repaired.mesh


def without(mesh: Mesh, *faces: int) -> Mesh:
    """The mesh with some faces missing."""
    return Mesh(mesh.vertices_mm, np.delete(mesh.faces, faces, axis=0))


def taken_apart(mesh: Mesh, apart_mm: float, seed: int = 0) -> Mesh:
    """The mesh with each face on corners of its own, a little apart."""
    corners = mesh.triangles_mm.reshape(-1, 3)
    noise = np.random.default_rng(seed).uniform(-1, 1, corners.shape) * apart_mm
    return Mesh(corners + noise, np.arange(len(corners)).reshape(-1, 3))


def test_a_sound_mesh_comes_back_untouched() -> None:
    given_mesh = cube(10)
    repaired = repair(given_mesh)
    assert repaired.mesh is given_mesh
    assert repaired.report.verdict == "sound"
    assert repaired.report.changes() == ()
    assert repaired.report.volume_after_mm3 == pytest.approx(1000)


def test_a_cavity_that_looks_inward_is_sound() -> None:
    hollow = together(cube(10), turned_inside_out(cube(4, at=(3, 3, 3))))
    assert repair(hollow).report.verdict == "sound"


def test_a_missing_triangle_is_put_back() -> None:
    mesh = mended(without(cube(10), 3))
    assert measure(mesh).volume_mm3 == pytest.approx(1000)
    report = repair(without(cube(10), 3)).report
    assert report.faces_added == 1
    assert report.volume_certain
    (hole,) = report.holes
    # Half a square of 10 mm: its rim is 10 + 10 + 14.142 mm long.
    assert (hole.edges, hole.certain) == (3, True)
    assert hole.length_mm == pytest.approx(34.142, abs=1e-3)
    assert hole.area_mm2 == pytest.approx(50)
    assert "hole of 3 edges" in report.changes()[0]


def test_a_missing_side_is_put_back() -> None:
    # One face of six is 1/6 of the area, 1/5 of what is left.
    report = repair(without(cube(10), 2, 3)).report
    assert report.verdict == "repaired"
    assert report.area_after_mm2 / report.area_before_mm2 == pytest.approx(1.2)
    assert report.holes[0].place_mm == pytest.approx((5, 5, 10))


def test_a_corner_edge_is_drawn_on_from_the_faces_beside_it() -> None:
    # One triangle of the bottom and one of the front that share an edge.
    mesh = mended(without(cube(10), 0, 4))
    assert measure(mesh).volume_mm3 == pytest.approx(1000)


def test_a_ring_shaped_hole_stays_a_ring() -> None:
    outer = without(cube(10), 2, 3)
    inner = without(turned_inside_out(cube(6, at=(2, 2, 4))), 2, 3)
    mesh = mended(together(outer, inner))
    # A cube of 10 mm with a pit of 6 x 6 x 6 mm.
    assert measure(mesh).volume_mm3 == pytest.approx(1000 - 216)
    assert measure(mesh).area_mm2 == pytest.approx(6 * 100 + 4 * 36)
    assert measure(mesh).bodies == 1


def test_a_curved_hole_is_closed_by_guess_and_says_so() -> None:
    ball = sphere(10, rings=20)
    report = repair(without(ball, 401, 402, 403, 440, 441)).report
    assert report.verdict == "repaired"
    assert not report.volume_certain
    assert not report.holes[0].certain
    whole = measure(ball).volume_mm3
    assert report.volume_after_mm3 == pytest.approx(whole, rel=0.02)
    assert any("guess" in change for change in report.changes())


def test_faces_that_look_inward_are_turned() -> None:
    mesh = mended(turned_inside_out(cube(10)))
    assert mesh.faces.shape == (12, 3)
    report = repair(turned_inside_out(cube(10))).report
    assert report.faces_flipped == 12
    assert report.changes() == ("12 faces were turned to look outward.",)


def test_one_body_of_two_inside_out_is_turned() -> None:
    mixed = together(cube(10), turned_inside_out(cube(5, at=(20, 0, 0))))
    assert measure(mended(mixed)).volume_mm3 == pytest.approx(1125)
    assert repair(mixed).report.faces_flipped == 12


def test_a_body_inside_out_beside_a_box_around_it_is_no_cavity() -> None:
    # The small cube lies in the notch of the L, inside its box but not inside it.
    low = cube(10)
    ell = together(
        Mesh(low.vertices_mm * [3, 1, 1], low.faces),
        Mesh(low.vertices_mm * [1, 1, 2] + [0, 0, 10], low.faces),
    )
    mixed = together(ell, turned_inside_out(cube(4, at=(20, 3, 15))))
    assert measure(mended(mixed)).volume_mm3 == pytest.approx(5064, rel=1e-4)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**12 - 1))
def test_whichever_faces_are_turned_the_cube_is_whole_again(turned: int) -> None:
    mesh = cube(10)
    flip = np.array([turned >> k & 1 for k in range(12)], dtype=bool)
    faces = np.where(flip[:, None], mesh.faces[:, ::-1], mesh.faces)
    repaired = repair(Mesh(mesh.vertices_mm, faces))
    assert repaired.mesh is not None
    assert measure(repaired.mesh).volume_mm3 == pytest.approx(1000)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1519), st.integers(0, 1519))
def test_a_ball_without_two_faces_holds_what_it_held(first: int, second: int) -> None:
    ball = sphere(10, rings=20)
    report = repair(without(ball, first, second)).report
    assert report.verdict == "repaired"
    assert report.volume_after_mm3 == pytest.approx(measure(ball).volume_mm3, rel=0.005)
    assert report.bodies_after == 1


def test_corners_a_little_apart_are_joined() -> None:
    apart = taken_apart(sphere(10, rings=10), apart_mm=2e-4)
    report = repair(apart).report
    assert report.verdict == "repaired"
    assert report.vertices_merged == 360 * 3 - 182
    assert 0 < report.merged_within_mm < 1e-3
    assert "joined" in report.changes()[0]


def test_doubled_faces_are_dropped() -> None:
    mesh = cube(10)
    doubled = Mesh(mesh.vertices_mm, np.concatenate([mesh.faces, mesh.faces[:5]]))
    report = repair(doubled).report
    assert (report.verdict, report.faces_dropped) == ("repaired", 5)
    assert "left out" in report.changes()[0]


def test_collapsed_faces_are_dropped() -> None:
    mesh = without(cube(10), 3)
    collapsed = Mesh(mesh.vertices_mm, np.concatenate([mesh.faces, [[0, 0, 1]]]))
    assert repair(collapsed).report.faces_dropped == 1


def test_a_wall_between_two_bodies_is_dropped() -> None:
    # Two cubes share a square: the wall inside is two faces back to back, twice.
    faces = cube(10).faces
    left = cube(10)
    shift = np.array([10.0, 0, 0])
    right = Mesh(left.vertices_mm * [-1, 1, 1] + 2 * shift, faces[:, ::-1])
    report = repair(weld(together(left, right))).report
    assert report.verdict == "repaired"
    assert report.faces_dropped == 4
    assert report.volume_after_mm3 == pytest.approx(2000)
    assert report.area_after_mm2 == pytest.approx(1000)


def test_bodies_that_touch_along_an_edge_are_parted() -> None:
    two = weld(together(cube(10), cube(10, at=(10, 10, 0))))
    mesh = mended(two)
    report = repair(two).report
    assert report.vertices_parted == 2
    assert 0 < report.parted_by_mm < 0.01
    assert measure(mesh).bodies == 2
    assert (report.bodies_before, report.bodies_after) == (1, 1)
    assert report.volume_after_mm3 == pytest.approx(2000, rel=1e-3)
    assert "apart" in report.changes()[0]


def test_a_crack_beside_a_corner_in_the_middle_of_an_edge_is_closed() -> None:
    # The top is split at the middle of one side, the side itself is not.
    mesh = cube(10)
    middle = len(mesh.vertices_mm)
    vertices = np.vstack([mesh.vertices_mm, [[5.0, 0.0, 10.0]]])
    top = [f for f in mesh.faces.tolist() if not {4, 5} <= set(f) or 6 not in f]
    split = Mesh(vertices, np.array([*top, [4, middle, 6], [middle, 5, 6]]))
    report = repair(split).report
    assert report.verdict == "repaired"
    assert report.holes[0].area_mm2 == pytest.approx(0)
    assert report.volume_after_mm3 == pytest.approx(1000)


@pytest.mark.parametrize(
    ("mesh", "code"),
    [
        (Mesh(np.zeros((0, 3)), np.zeros((0, 3), dtype=np.int64)), "no-faces"),
        (without(cube(10), *range(2, 12)), "holes-too-large"),
        (together(cube(10), without(cube(9, at=(50, 0, 0)), *range(6))), ""),
    ],
)
def test_what_is_no_solid_is_refused(mesh: Mesh, code: str) -> None:
    repaired = repair(mesh)
    assert repaired.mesh is None
    assert repaired.report.verdict == "refused"
    assert repaired.report.reason
    assert not code or repaired.report.code == code


def test_a_sheet_drawn_from_both_sides_is_refused() -> None:
    faces = np.array([[0, 1, 2], [0, 2, 1]])
    sheet = Mesh(np.array([[0.0, 0, 0], [10, 0, 0], [0, 10, 0]]), faces)
    assert repair(sheet).report.code == "no-volume"


def twisted_strip() -> Mesh:
    """A Moebius strip of eight quads: its surface has one side."""
    angle = np.arange(8) * np.pi / 4
    radial = np.stack([np.cos(angle), np.sin(angle), np.zeros(8)], axis=1)
    tilt = np.stack(
        [np.cos(angle / 2) * np.cos(angle), np.cos(angle / 2) * np.sin(angle),
         np.sin(angle / 2)], axis=1,
    )  # fmt: skip
    vertices = np.concatenate([10 * radial - 2 * tilt, 10 * radial + 2 * tilt])
    faces = []
    for k in range(8):
        a, b = k, k + 8
        c, d = (k + 1, k + 9) if k < 7 else (8, 0)
        faces += [(a, c, b), (b, c, d)]
    return Mesh(vertices, np.array(faces))


def test_a_strip_with_a_twist_is_refused() -> None:
    assert repair(twisted_strip()).report.code == "one-sided"


def stacked() -> Mesh:
    """Two boxes one on the other, the square between them drawn once."""
    upper = Mesh(cube(10).vertices_mm + np.array([0, 0, 10]), cube(10).faces[2:])
    return weld(together(cube(10), upper))


def test_a_twist_beside_a_wall_inside_is_refused() -> None:
    assert repair(together(stacked(), twisted_strip())).report.code == "one-sided"


def test_fins_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nearmade.geometry.repair_sheets.MAX_SHEETS", 1)
    mesh = cube(10)
    vertices = np.vstack([mesh.vertices_mm, [[5.0, 5, 5]]])
    fins = Mesh(vertices, np.vstack([mesh.faces, [[0, 3, 8], [4, 5, 8]]]))
    report = repair(fins).report
    assert (report.verdict, report.sheet_faces_dropped) == ("refused", 1)


def test_a_refusal_names_the_broken_edges_with_their_places() -> None:
    flat = without(cube(10), *range(2, 12))
    report = repair(flat).report
    assert report.faults_in_all == 4
    assert {fault.kind for fault in report.faults} == {"open"}
    corners = {fault.start_mm for fault in report.faults}
    assert corners == {(0, 0, 0), (10, 0, 0), (10, 10, 0), (0, 10, 0)}


def test_a_fin_on_an_edge_is_left_out() -> None:
    mesh = cube(10)
    vertices = np.vstack([mesh.vertices_mm, [[-1.0, 5.0, 0.0]]])
    report = repair(Mesh(vertices, np.vstack([mesh.faces, [[0, 3, 8]]]))).report
    assert report.code == "box-moved"  # the fin stood out of the box
    vertices[8] = [5, 5, 5]
    fin = Mesh(vertices, np.vstack([mesh.faces, [[0, 3, 8]]]))
    mended(fin)
    report = repair(fin).report
    assert report.sheet_faces_dropped == 1
    assert report.volume_after_mm3 == pytest.approx(1000)
    assert not report.volume_certain
    assert "bound nothing" in report.changes()[0]


def test_a_wall_inside_that_is_drawn_once_is_left_out() -> None:
    report = repair(stacked()).report
    assert report.verdict == "repaired"
    assert report.sheet_faces_dropped == 2
    assert report.volume_after_mm3 == pytest.approx(2000)


def test_of_the_walls_of_a_chamber_the_one_outside_stays() -> None:
    # A chamber of 4 x 4 x 4 mm stands on the floor inside: four sides and a lid hang
    # on a square of the floor, which is smaller than they are.
    outer, inner = cube(20), cube(4, at=(8, 8, 0))
    floor = np.array([[0, 3, 8], [3, 11, 8], [3, 2, 11], [2, 10, 11],
                      [2, 1, 10], [1, 9, 10], [1, 0, 9], [0, 8, 9]])  # fmt: skip
    vertices = np.vstack([outer.vertices_mm, inner.vertices_mm])
    faces = np.vstack([outer.faces[2:], floor, inner.faces + 8])
    report = repair(Mesh(vertices, faces)).report
    assert report.verdict == "repaired"
    assert report.sheet_faces_dropped == 10
    assert report.volume_after_mm3 == pytest.approx(8000)


def test_a_tetrahedron_without_a_side_is_mended_against_the_bound() -> None:
    # Its slanted side is 37 % of the area: too much to be made up.
    assert repair(without(tetrahedron(), 3)).report.code == "holes-too-large"


def test_small_faces_beside_a_hole_do_not_collapse() -> None:
    # Steps of a thousandth of a millimetre, nearer than the reach of a part of 200 mm.
    fine = sphere(0.05, rings=40)
    part = together(cube(200), Mesh(fine.vertices_mm + 300, fine.faces))
    report = repair(without(part, 3, 12 + 1500)).report
    assert report.verdict == "repaired"
    assert (report.vertices_merged, report.faces_dropped) == (0, 0)
    assert report.faces_added == 2


def test_more_surfaces_than_sheets_are_left_as_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nearmade.geometry.repair_sheets.MOST_SHEETS", 1)
    assert repair(stacked()).report.code == "edges-left"
