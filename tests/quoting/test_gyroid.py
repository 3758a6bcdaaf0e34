"""Gyroid curves against the surface's own equation and a slicer's lines."""

from __future__ import annotations

import math

import pytest

from nearmade.quoting.gyroid import gyroid
from tests.quoting.parts import MK3S

MOTION = MK3S.settings.motion


def test_the_curve_fills_the_share_that_was_asked_for() -> None:
    # PrusaSlicer adjusts the density by 2.44 so that curves fill what straight lines
    # would: spacing x stretch / distance is 0.2 within a few percent.
    found = gyroid(0.407, 0.2, 80, 1000, MOTION)
    assert found.waves_mm == pytest.approx(math.pi * 0.407 / 2.44 / 0.2)
    assert 0.407 * found.stretch / found.waves_mm == pytest.approx(0.2, rel=0.08)


def test_the_curve_bends_between_its_gentlest_and_steepest_height() -> None:
    # Over one period the curve is 1.16 to 1.28 times as long as it is far.
    assert 1.14 < gyroid(0.407, 0.2, 80, 1000, MOTION).stretch < 1.29


def test_bends_keep_the_machine_well_below_its_speed() -> None:
    # Lines of the slicer at 80 mm/s and 20 %: 0.032 to 0.033 s/mm in wide regions.
    found = gyroid(0.407, 0.2, 80, 1000, MOTION)
    assert found.pace_s_mm == pytest.approx(0.0325, rel=0.04)


def test_wider_waves_are_drawn_faster() -> None:
    dense = gyroid(0.407, 0.4, 80, 1000, MOTION)
    sparse = gyroid(0.407, 0.1, 80, 1000, MOTION)
    assert sparse.pace_s_mm < dense.pace_s_mm


def test_almost_no_infill_is_no_endless_work() -> None:
    found = gyroid(0.407, 1e-12, 80, 1000, MOTION)
    assert found.stretch / found.waves_mm < 1e-9
