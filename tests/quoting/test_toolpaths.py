"""Lines over shapes whose lengths are known by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manifold3d import CrossSection

from nearmade.quoting.toolpaths import loops, perimeter_mm, scan, zigzag


def square(side_mm: float) -> CrossSection:
    return CrossSection.square((side_mm, side_mm))


def test_the_wall_of_a_square_is_four_shorter_sides() -> None:
    found = loops(square(20), 0.225)
    assert found.count == 1
    assert found.length_mm == pytest.approx(4 * 19.55)
    assert found.sizes_mm == pytest.approx(4 * 19.55)


def test_a_hole_is_a_path_of_its_own() -> None:
    frame = square(20) - square(10).translate((5, 5))
    found = loops(frame, 0.5)
    assert found.count == 2
    assert sorted(set(found.sizes_mm.round(6))) == pytest.approx([44, 76])


def test_a_loop_comes_back_to_where_it_began() -> None:
    found = loops(CrossSection.circle(8, 64), 0.2)
    assert found.steps_mm.sum(axis=0) == pytest.approx([0, 0], abs=1e-6)


def test_what_is_thinner_than_the_line_has_no_loop() -> None:
    assert loops(CrossSection.square((20, 0.4)), 0.225).count == 0


def test_the_outline_of_a_frame_counts_its_hole() -> None:
    assert perimeter_mm(square(20) - square(10).translate((5, 5))) == pytest.approx(120)


def test_lines_cross_a_square_from_side_to_side() -> None:
    found = scan(square(10), 0.5, 0.0)
    assert len(found.row) == 20
    assert found.high_mm - found.low_mm == pytest.approx(10)


def test_a_hole_cuts_lines_in_two() -> None:
    frame = square(10) - square(4).translate((3, 3))
    found = scan(frame, 1.0, 0.0)
    assert found.rank.max() == 1
    assert len(found.row) == 10 + 4
    assert (found.high_mm - found.low_mm).sum() == pytest.approx(100 - 16)


def test_a_zigzag_fills_as_much_as_its_region_holds() -> None:
    # 25 lines of 9.6 mm, and 24 turns of 0.4 mm.
    found = zigzag(square(10), 0.4, 0.0)
    assert found.count == 1
    assert found.length_mm == pytest.approx(25 * 9.6 + 24 * 0.4)


def test_two_squares_far_apart_are_two_paths() -> None:
    pair = square(10) + square(10).translate((0, 50))
    assert zigzag(pair, 0.4, 0.0).count == 2


def test_nothing_has_no_lines() -> None:
    assert zigzag(CrossSection(), 0.4, 0.3).count == 0
    assert loops(CrossSection(), 0.2).length_mm == 0


@settings(deadline=None, max_examples=40)
@given(st.floats(0, math.pi), st.floats(3, 30), st.integers(3, 40))
def test_lines_times_spacing_is_area_at_any_angle(
    angle_rad: float, radius_mm: float, corners: int
) -> None:
    region = CrossSection.circle(radius_mm, corners)
    found = scan(region, 0.1, angle_rad)
    area_mm2 = float(np.sum(found.high_mm - found.low_mm)) * 0.1
    assert area_mm2 == pytest.approx(region.area(), rel=0.02)
