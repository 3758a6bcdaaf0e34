"""A part is laid as its author laid it unless another pose is truly cheaper."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.geometry.measure import measure
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.orient import (
    LEAST_GAIN_FRACTION,
    PoseFigures,
    Score,
    in_pose,
    orient,
    plain_score,
)
from nearmade.geometry.support_volume import support_volume
from nearmade.vocabulary.errors import InvalidInput
from tests.geometry.solids import cube, sphere, tetrahedron, together
from tests.geometry.test_orient_support import box

TABLE = together(box(10, 10, 20, (15, 15, 0)), box(40, 40, 4, (0, 0, 20)))


def turned(mesh: Mesh, x_rad: float, y_rad: float) -> Mesh:
    """The mesh turned about x, then about y."""
    a, b, c, d = math.cos(x_rad), math.sin(x_rad), math.cos(y_rad), math.sin(y_rad)
    about_x = np.array([[1, 0, 0], [0, a, -b], [0, b, a]])
    about_y = np.array([[c, 0, d], [0, 1, 0], [-d, 0, c]])
    return Mesh(mesh.vertices_mm @ (about_y @ about_x).T, mesh.faces)


def test_a_table_is_laid_on_its_top() -> None:
    found = orient(TABLE, measure(TABLE))
    assert found.author.support.volume_mm3 == pytest.approx(30_000, rel=1e-3)
    assert found.chosen.support.volume_mm3 == 0
    assert found.chosen.facts.contact_mm2 == pytest.approx(1600)
    laid = in_pose(TABLE, found.chosen.pose)
    assert measure(laid).contact_mm2 == pytest.approx(1600)
    assert laid.vertices_mm.min(axis=0) == pytest.approx(np.zeros(3), abs=1e-9)


def test_a_cube_stays_as_it_is() -> None:
    mesh = cube(20)
    found = orient(mesh, measure(mesh))
    assert found.chosen is found.author
    assert in_pose(mesh, found.chosen.pose) is mesh


def test_the_author_comes_first_among_candidates_and_is_among_the_poses() -> None:
    found = orient(TABLE, measure(TABLE))
    assert found.author in found.poses
    assert found.author.pose.origin == "author"
    assert (found.author.pose.rotation == np.eye(3)).all()
    assert list(found.scores) == sorted(found.scores)


def test_every_pose_is_a_turn_and_no_mirror() -> None:
    for one in orient(TABLE, measure(TABLE)).poses:
        turn = one.pose.rotation
        assert turn @ turn.T == pytest.approx(np.eye(3), abs=1e-12)
        assert np.linalg.det(turn) == pytest.approx(1)


def test_figures_of_a_pose_are_those_of_the_turned_mesh() -> None:
    for one in orient(TABLE, measure(TABLE)).poses:
        laid = in_pose(TABLE, one.pose)
        facts = measure(laid)
        assert one.facts.extents_mm == pytest.approx(facts.extents_mm)
        assert one.facts.side_mm2 == pytest.approx(facts.side_mm2)
        assert one.facts.up_mm2 == pytest.approx(facts.up_mm2)
        assert one.facts.down_mm2 == pytest.approx(facts.down_mm2)
        assert one.facts.contact_mm2 == pytest.approx(facts.contact_mm2)
        support = support_volume(laid)
        assert one.support.volume_mm3 == pytest.approx(support.volume_mm3, rel=0.02)


@settings(max_examples=25, deadline=None)
@given(st.floats(0, 2 * math.pi), st.floats(0, 2 * math.pi), st.integers(0, 4))
def test_the_chosen_pose_is_never_dearer_than_the_authors(
    x_rad: float, y_rad: float, weigh: int
) -> None:
    mesh = turned(TABLE, x_rad, y_rad)
    scores: list[Score] = [
        plain_score,
        lambda one: one.support.volume_mm3,
        lambda one: one.height_mm,
        lambda one: -one.facts.contact_mm2,
        lambda one: one.support.roof_mm2 + one.facts.overhang_mm2,
    ]
    score = scores[weigh]
    found = orient(mesh, measure(mesh), score, cells=2000)
    assert score(found.chosen) <= score(found.author)
    if found.chosen is not found.author and score(found.author) > 0:
        bound = (1 - LEAST_GAIN_FRACTION) * score(found.author)
        assert score(found.chosen) <= bound


@settings(max_examples=15, deadline=None)
@given(st.floats(0.3, 6), st.floats(0.3, 6))
def test_a_table_thrown_down_anyhow_is_laid_on_its_top(
    x_rad: float, y_rad: float
) -> None:
    mesh = turned(TABLE, x_rad, y_rad)
    found = orient(mesh, measure(mesh), lambda one: one.support.volume_mm3)
    assert found.chosen.support.volume_mm3 <= 0.02 * 30_000


def test_a_score_that_sees_no_difference_leaves_the_author() -> None:
    found = orient(TABLE, measure(TABLE), lambda _: 1.0)
    assert found.chosen is found.author


def test_another_pose_must_pass_the_second_score_too() -> None:
    def height(mesh: Mesh, one: PoseFigures) -> float:
        assert np.ptp(mesh.vertices_mm[:, 2]) == pytest.approx(one.height_mm)
        return one.height_mm

    facts = measure(TABLE)
    passed = orient(TABLE, facts, confirm=lambda _, one: one.support.volume_mm3 + 1)
    assert passed.chosen is not passed.author
    held = orient(TABLE, facts, lambda one: one.support.volume_mm3, confirm=height)
    assert held.chosen is held.author or held.chosen.height_mm <= 0.9 * 24


def test_an_author_whose_part_does_not_fit_needs_no_second_score() -> None:
    rod = box(100, 5, 5)
    found = orient(
        rod,
        measure(rod),
        lambda one: math.inf if one.facts.extents_mm[0] > 50 else one.height_mm,
        confirm=lambda *_: math.inf,
    )
    assert found.chosen.facts.extents_mm[0] <= 50


def test_where_no_pose_fits_the_authors_is_kept() -> None:
    found = orient(TABLE, measure(TABLE), lambda _: math.inf)
    assert found.chosen is found.author


def test_poses_that_do_not_fit_are_left_out() -> None:
    rod = box(100, 5, 5)
    upright = lambda one: -one.height_mm  # noqa: E731
    free = orient(rod, measure(rod), upright)
    assert free.chosen.height_mm == pytest.approx(100)
    low = orient(rod, measure(rod), upright, fits=lambda size_mm: size_mm[2] <= 50)
    assert low.chosen.height_mm <= 50


def test_a_slender_rod_that_stands_is_at_risk() -> None:
    rod = box(4, 4, 100)
    found = orient(rod, measure(rod))
    # It tips at atan(2 / 50) = 2.3 deg.
    assert found.author.tip_deg == pytest.approx(math.degrees(math.atan(2 / 50)))
    assert found.author.risk_fraction > 0.3
    assert found.chosen.height_mm == pytest.approx(4)


def test_a_ball_stands_on_nothing() -> None:
    ball = sphere(10, rings=20)
    found = orient(ball, measure(ball))
    assert found.author.tip_deg == 0
    assert found.author.risk_fraction == pytest.approx(0.5)


def test_a_part_on_an_edge_does_not_stand() -> None:
    two = together(box(10, 10, 10), box(10, 10, 10, (0, 10, 0)))
    mesh = turned(two, 0, math.pi / 4)
    assert orient(mesh, measure(mesh)).author.tip_deg == 0


def test_a_mesh_inside_out_is_laid_as_one_that_is_not() -> None:
    inverted = Mesh(TABLE.vertices_mm, TABLE.faces[:, ::-1])
    found = orient(inverted, measure(inverted))
    assert found.chosen.support.volume_mm3 == 0


def test_a_part_that_stands_on_a_corner_is_laid_on_a_side() -> None:
    corner = turned(tetrahedron(20), math.pi * 0.8, 0.3)
    found = orient(corner, measure(corner))
    assert found.chosen.facts.contact_mm2 >= 199


def test_a_sheet_has_only_the_poses_of_axes_and_faces() -> None:
    sheet = Mesh(cube(10).vertices_mm, cube(10).faces[:2])
    found = orient(sheet, measure(sheet))
    assert found.author in found.poses


def test_a_mesh_without_area_is_refused() -> None:
    line = Mesh(np.zeros((3, 3)), np.array([[0, 1, 2]]))
    with pytest.raises(InvalidInput, match="no face"):
        orient(line, measure(line))


def test_a_score_that_is_no_number_is_refused() -> None:
    def nonsense(_: PoseFigures) -> float:
        return math.nan

    with pytest.raises(InvalidInput, match="no number"):
        orient(TABLE, measure(TABLE), nonsense)
