"""The load of a build, by hand and against six measured logs."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.energy.load.machine_load import (
    JobLoad,
    Phase,
    WorkTimes,
    load_of_file,
    load_of_time,
)
from nearmade.energy.load.machine_power import ENDER_3, SUPPLY_EFFICIENCY_FRACTION
from nearmade.vocabulary.errors import InvalidInput

#: The same printer on the 24 V side, where it was measured.
BARE = replace(
    ENDER_3, idle_w=3.0, base_w=47.2, bed_w=215.0, heatup_wh=17.0, peak_w=262.0
)

TWO = JobLoad(
    (
        Phase("heat", 300.0, 0.0, 200.0, 1.0),
        Phase("print", 600.0, 40.0, 240.0, 0.25),
        Phase("cool", 100.0, 5.0, 5.0, 0.0),
    ),
    rest_w=3.0,
    source="by hand",
)


def test_phases_add_up() -> None:
    # 200 W for 300 s are 16.67 Wh; 40 + 0.25 x 200 = 90 W for 600 s are 15 Wh.
    assert TWO.work_wh == pytest.approx(16.667 + 15.0, abs=0.001)
    assert TWO.work_s == 900.0
    assert TWO.heat_s == 300.0
    assert TWO.peak_w == 240.0


def test_a_profile_keeps_energy_and_peaks_and_ends_at_rest() -> None:
    profile = TWO.profile(240.0)
    assert len(profile.low_w) == 4
    assert profile.high_w.tolist() == [200.0, 240.0, 240.0, 240.0]
    # second step: 60 s at 200 W, 180 s at 90 W
    assert profile.mean_w[1] == pytest.approx((60 * 200 + 180 * 90) / 240)
    # last step: 180 s at 90 W, then 60 s of rest
    assert profile.mean_w[3] == pytest.approx((180 * 90 + 60 * 3) / 240)


def test_cooling_is_laid_out_only_when_asked_for() -> None:
    assert len(TWO.profile(100.0).low_w) == 9
    assert TWO.profile(100.0, cooling=True).mean_w[9] == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("minutes", "measured_wh"),
    [(224.1, 297.4), (122.8, 164.3), (102.0, 142.6)],  # 0.1, 0.2 and 0.3 mm layers
)
def test_measured_runs_are_met_from_above_within_seven_percent(
    minutes: float, measured_wh: float
) -> None:
    load = load_of_time(BARE, minutes * 60 - BARE.heatup_s)
    assert 1.0 < load.work_wh / measured_wh < 1.07
    assert load.peak_w == pytest.approx(262.0, abs=4.0)


def test_without_a_bed_the_measured_mean_and_peak_hold() -> None:
    times = WorkTimes(101.8 * 60 - 300, nozzle_steps=[(0, 205)], fan_steps=[(0, 1)])
    load = load_of_file(BARE, times)
    assert load.work_wh == pytest.approx(80.0, rel=0.01)
    assert load.peak_w == pytest.approx(54.7, rel=0.01)


def test_motion_alone_takes_what_was_measured() -> None:
    load = load_of_file(BARE, WorkTimes(3600.0, fan_steps=[(0, 1)]))
    assert load.phases[1].mean_w == pytest.approx(16.4, rel=0.001)


def test_bed_peaks_come_through_the_whole_print() -> None:
    profile = load_of_time(ENDER_3, 7200.0).profile(300.0)
    plug_w = 262.2 / SUPPLY_EFFICIENCY_FRACTION
    assert profile.high_w[1:-1] == pytest.approx(np.full(23, plug_w), rel=0.01)


def test_a_bed_turned_down_after_the_first_layer_draws_less() -> None:
    times = WorkTimes(
        1000.0,
        bed_steps=[(0, 60), (100, 41)],
        nozzle_steps=[(0, 205)],
        fan_steps=[(0, 0), (100, 1)],
    )
    load = load_of_file(BARE, times)
    first, second = load.phases[1:3]
    assert (first.duration_s, second.duration_s) == (100.0, 900.0)
    assert first.high_fraction == pytest.approx(0.154)
    assert second.high_fraction == pytest.approx(0.077)  # 19 K over the room, not 38
    assert second.low_w - first.low_w == pytest.approx(2.4)  # the fan


def test_what_is_left_of_a_build_begins_within_a_phase() -> None:
    left = TWO.rest_of(500.0)
    assert [phase.duration_s for phase in left.phases] == [400.0, 100.0]
    assert left.work_wh == pytest.approx(10.0)
    assert TWO.rest_of(5000.0).work_wh == 0.0


def test_another_energy_keeps_the_peaks_where_it_can() -> None:
    less = TWO.scaled(0.8)
    assert less.work_wh == pytest.approx(0.8 * TWO.work_wh)
    assert less.phases[1].high_w == 240.0
    more = TWO.scaled(1.5)
    assert more.work_wh == pytest.approx(1.5 * TWO.work_wh)
    assert more.phases[0].high_w == 200.0
    assert more.phases[0].duration_s == 450.0
    with pytest.raises(InvalidInput, match="above zero"):
        TWO.scaled(math.nan)


numbers = st.floats(allow_nan=True, allow_infinity=True)


@given(
    st.floats(0, 1e6),
    st.lists(st.tuples(numbers, numbers), max_size=8),
    st.lists(st.tuples(numbers, numbers), max_size=8),
    st.lists(st.tuples(numbers, numbers), max_size=8),
    st.floats(60, 3600),
)
def test_whatever_a_file_says_its_energy_is_kept_and_finite(
    moves_s: float,
    beds: list[tuple[float, float]],
    nozzles: list[tuple[float, float]],
    fans: list[tuple[float, float]],
    step_s: float,
) -> None:
    load = load_of_file(ENDER_3, WorkTimes(moves_s, beds, nozzles, fans))
    profile = load.profile(step_s)
    assert np.all(np.isfinite(profile.mean_w))
    assert np.all(profile.low_w <= profile.high_w + 1e-9)
    assert np.all((profile.high_fraction >= 0) & (profile.high_fraction <= 1))
    rest_s = len(profile.low_w) * step_s - load.work_s
    laid_wh = float(profile.mean_w.sum()) * step_s / 3600
    assert laid_wh == pytest.approx(load.work_wh + load.rest_w * rest_s / 3600)
    assert load.work_s >= moves_s * 0.999


@pytest.mark.parametrize("moves_s", [-1.0, math.nan, math.inf, 1e9])
def test_a_time_out_of_range_is_refused(moves_s: float) -> None:
    with pytest.raises(InvalidInput, match="print time"):
        load_of_file(ENDER_3, WorkTimes(moves_s))


def test_a_step_without_length_is_refused() -> None:
    with pytest.raises(InvalidInput, match="step"):
        TWO.profile(0.0)


def test_a_load_reads_as_the_plan_expects_it() -> None:
    shown = TWO.as_dict()
    assert shown["energy_wh"] == 31.7
    assert shown["phases"][0] == {  # type: ignore[index]
        "name": "heat",
        "s": 300.0,
        "mean_w": 200.0,
        "peak_w": 200.0,
    }
