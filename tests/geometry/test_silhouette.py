"""Shadows of parts and the distance between two."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.geometry.mesh import Mesh
from nearmade.geometry.silhouette import distance_mm, quarter_turned, silhouette_of
from nearmade.vocabulary.errors import InvalidInput
from tests.geometry.solids import cube, sphere, together


def test_a_cube_casts_a_square_whose_corner_is_the_origin() -> None:
    shadow = silhouette_of(cube(10, at=(-300, 40, 7)))
    assert len(shadow.outlines_mm) == 1
    assert shadow.size_mm == pytest.approx((10, 10))
    assert shadow.area_mm2 == pytest.approx(100)
    assert np.vstack(shadow.outlines_mm).min(axis=0) == pytest.approx(0.0)


def test_two_bodies_apart_cast_two_patches_and_one_outline_holds_both() -> None:
    shadow = silhouette_of(together(cube(10), cube(10, at=(30, 0, 0))))
    assert [len(line) for line in shadow.outlines_mm] == [4, 4]
    assert shadow.area_mm2 == pytest.approx(200)
    # The hull of both is 40 x 10 mm; grown by 3 mm it is 46 x 16 mm.
    low, high = extent(shadow.grown_outline(3))
    assert low == pytest.approx((-3, -3), abs=0.3)
    assert high == pytest.approx((43, 13), abs=0.3)


def extent(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return points.min(axis=0), points.max(axis=0)


@pytest.mark.parametrize("faces", [cube().faces[1:], cube().faces[:, ::-1]])
def test_an_open_or_inside_out_mesh_casts_the_shadow_of_its_hull(
    faces: np.ndarray,
) -> None:
    shadow = silhouette_of(Mesh(cube().vertices_mm, faces))
    assert shadow.area_mm2 == pytest.approx(100)


def test_a_body_inside_out_beside_others_casts_its_shadow_too() -> None:
    wrong = Mesh(cube(4, at=(20, 0, 0)).vertices_mm, cube(4).faces[:, ::-1])
    shadow = silhouette_of(together(cube(10), wrong, cube(10, at=(40, 0, 0))))
    assert shadow.area_mm2 == pytest.approx(216)


def test_a_mesh_on_edge_has_no_shadow() -> None:
    wall = np.array([(0, 0, 0), (10, 0, 0), (0, 0, 10)], dtype=np.float64)
    with pytest.raises(InvalidInput) as refusal:
        silhouette_of(Mesh(wall, np.array([(0, 1, 2)])))
    assert refusal.value.code == "no-shadow"


@given(by_mm=st.floats(0.5, 5))
def test_a_grown_outline_holds_all_within_that_distance(by_mm: float) -> None:
    # A ball of 10 mm: a ring of points just within the distance lies inside.
    shadow = silhouette_of(sphere(10, rings=20))
    grown = shadow.grown_outline(by_mm)
    turns = np.linspace(0, 2 * math.pi, 60)
    # The sphere's 40 sectors cut 0.031 mm off the circle at most.
    reach_mm = 10 * math.cos(math.pi / 40) + by_mm - 1e-3
    ring = reach_mm * np.column_stack([np.cos(turns), np.sin(turns)]) + 10
    x, y = grown[:, 0], grown[:, 1]
    following = np.roll(grown, -1, axis=0) - grown
    for point in ring:
        side = following[:, 0] * (point[1] - y) - following[:, 1] * (point[0] - x)
        assert (side >= -1e-9).all()  # convex, counter-clockwise: left of every edge


@pytest.mark.parametrize(
    ("at_mm", "apart_mm"),
    [
        ((17, 0), 7.0),
        ((13, 14), 5.0),  # corner to corner, 3 and 4
        ((10, 0), 0.0),  # touching
        ((5, 5), 0.0),
        ((-16, 3), 6.0),
    ],
)
def test_distances_of_squares_are_as_by_hand(
    at_mm: tuple[float, float], apart_mm: float
) -> None:
    square = silhouette_of(cube(10))
    here, there = square.placed(0, 0, 0), square.placed(*at_mm, 90)
    assert distance_mm(here, there) == pytest.approx(apart_mm, abs=1e-6)
    assert distance_mm(there, here) == pytest.approx(apart_mm, abs=1e-6)


def test_a_square_inside_another_is_no_distance_away() -> None:
    outer, inner = silhouette_of(cube(30)), silhouette_of(cube(5))
    assert distance_mm(outer.placed(0, 0, 0), inner.placed(12, 12, 0)) == 0.0


def test_quarter_turns_are_exact_and_others_are_refused() -> None:
    point = np.array([(2.0, 1.0)])
    turned = [quarter_turned(point, turn).tolist()[0] for turn in (0, 90, 180, 270)]
    assert turned == [[2, 1], [-1, 2], [-2, -1], [1, -2]]
    with pytest.raises(InvalidInput):
        quarter_turned(point, 45)
