"""What a printer's history teaches, and what it must not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.quoting.learned import (
    NO_CORRECTION,
    Correction,
    FinishedBuild,
    corrected,
    learn,
)
from nearmade.quoting.level0 import estimate_level0
from nearmade.quoting.profile import Spread
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.errors import InvalidInput
from tests.quoting.parts import CUBE

REALITY = Spread(0.95, 1.20, "assumed", assumed=True)
HEAT_S = 300.0
MK3S = find_profile("mk3s-pla-0.20")


def history(
    factor: float, times_s: list[float], start_s: float = HEAT_S, scatter: float = 0.0
) -> list[FinishedBuild]:
    draw = np.random.default_rng(3)
    return [
        FinishedBuild(t, start_s + factor * t * math.exp(draw.normal(0, scatter)))
        for t in times_s
    ]


def taught(builds: list[FinishedBuild], **more: list[FinishedBuild]) -> Correction:
    return learn(builds, start_s=HEAT_S, reality=REALITY, **more)


hours = st.floats(600, 40_000)


def test_no_history_changes_nothing() -> None:
    assert taught([]) == NO_CORRECTION
    estimate = estimate_level0(CUBE, MK3S, 3)
    assert corrected(estimate, MK3S, 1, NO_CORRECTION) is estimate


def test_few_builds_move_the_factor_a_little_and_many_all_the_way() -> None:
    # log m shrinks by n / (n + 5): 1 build of 1.2 gives 1.2^(1/6), 95 give 1.2^0.95.
    assert taught(history(1.2, [3600])).factor == pytest.approx(1.2 ** (1 / 6), 1e-3)
    many = history(1.2, [1000 + 137 * n for n in range(95)])
    assert taught(many).factor == pytest.approx(1.2**0.95, 2e-3)


def test_a_new_printer_starts_from_its_model() -> None:
    others = history(1.3, [2000 + 500 * n for n in range(45)])
    new = taught([], model_builds=others)
    assert new.factor == pytest.approx(1.3**0.9, 1e-3)
    assert new.spread is None
    # Its own first builds then pull it to themselves.
    own = taught(history(1.0, [3000, 5000, 8000, 9000, 12000]), model_builds=others)
    assert 1.0 < own.factor < new.factor


@given(
    st.lists(hours, min_size=8, max_size=8),
    st.floats(0.8, 1.5),
    st.integers(0, 7),
    st.floats(1.0, 30.0),
)
def test_one_paused_build_among_eight_moves_the_factor_by_less_than_3_percent(
    times_s: list[float], factor: float, which: int, longer: float
) -> None:
    builds = history(factor, times_s, scatter=0.01)
    plain = taught(builds).factor
    paused = builds[which]
    builds[which] = FinishedBuild(paused.sliced_s, paused.actual_s * longer)
    assert taught(builds).factor == pytest.approx(plain, rel=0.03)


@given(st.lists(hours, min_size=1, max_size=30), st.floats(0.3, 3.5))
def test_the_factor_lies_between_none_and_what_was_seen(
    times_s: list[float], factor: float
) -> None:
    found = taught(history(factor, times_s)).factor
    low, high = sorted((1.0, factor))
    # Short builds of a fast printer hide in the heat-up: allow the constant's part.
    assert low * 0.99 - 0.01 <= found <= high * 1.01 + HEAT_S / min(times_s)


def test_the_heat_up_is_learned_where_builds_differ_in_length() -> None:
    times_s = [float(t) for t in np.geomspace(900, 30_000, 40)]
    found = taught(history(1.1, times_s, start_s=600, scatter=0.005))
    assert found.start_s == pytest.approx(300 + (600 - 300) * 40 / 45, abs=40)
    assert found.factor == pytest.approx(1.1, rel=0.02)


def test_like_builds_say_nothing_of_the_heat_up() -> None:
    found = taught(history(1.1, [3600.0 + n for n in range(40)], start_s=600))
    assert found.start_s == HEAT_S


def test_a_steady_printer_narrows_its_interval() -> None:
    steady = taught(history(1.1, [3600 + 700 * n for n in range(20)], scatter=0.02))
    assert steady.spread is not None
    assert steady.spread.high / steady.spread.low < REALITY.high / REALITY.low
    estimate = estimate_level0(CUBE, MK3S)
    after = corrected(estimate, MK3S, 1, steady)
    before = estimate.time_s.high / estimate.time_s.low
    assert after.time_s.high / after.time_s.low < before
    assert after.feedstock_mm3 == estimate.feedstock_mm3


def test_a_corrected_build_is_start_plus_factor_times_sliced() -> None:
    estimate = estimate_level0(CUBE, MK3S)
    printing_s = estimate.time_s.value - MK3S.power.heatup_s
    after = corrected(estimate, MK3S, 1, Correction(1.5, 120.0, None, 10))
    assert after.time_s.value == pytest.approx(120 + 1.5 * printing_s)
    assert after.energy_wh.value > estimate.energy_wh.value


def test_each_of_several_builds_heats_up() -> None:
    estimate = estimate_level0(CUBE, MK3S, 200)  # 72 to a bed: 3 builds
    printing_s = estimate.time_s.value - 3 * MK3S.power.heatup_s
    after = corrected(estimate, MK3S, 3, Correction(1.0, 500.0, None, 10))
    assert after.time_s.value == pytest.approx(1500 + printing_s)


def test_a_build_that_is_ten_times_off_was_another() -> None:
    builds = history(1.0, [3600.0] * 5)
    foreign = [FinishedBuild(3600, 100_000), FinishedBuild(36_000, 700)]
    assert taught(builds + foreign).builds == 5


@pytest.mark.parametrize(("sliced_s", "actual_s"), [(0, 1), (1, 0), (1, math.nan)])
def test_times_that_are_none_are_refused(sliced_s: float, actual_s: float) -> None:
    with pytest.raises(InvalidInput):
        FinishedBuild(sliced_s, actual_s)
