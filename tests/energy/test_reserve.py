"""The reserve rule, by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.energy.battery import Battery, BatteryState, step
from nearmade.energy.reserve import may_start
from nearmade.vocabulary.errors import InvalidInput


@pytest.mark.parametrize(
    ("stored_wh", "ok"),
    [
        (267, False),  # 197 / 0.95 + 0.15 x 400 = 267.37 Wh
        (268, True),
        (400, True),
    ],
)
def test_the_whole_build_is_stored_before_it_starts(stored_wh: float, ok: bool) -> None:
    advice = may_start(stored_wh, 400, 197)
    assert advice.ok is ok
    assert advice.stored_whole is ok
    assert "267 Wh" in advice.reason


def test_a_build_larger_than_the_battery_waits_until_it_is_full() -> None:
    # 197 / 0.95 + 30 = 237 Wh of a 200 Wh battery
    assert not may_start(190, 200, 197).ok
    full = may_start(199, 200, 197)
    assert full.ok
    assert not full.stored_whole
    assert "the sun must carry the rest" in full.reason


def test_a_machine_that_peaks_above_the_site_never_starts() -> None:
    advice = may_start(4000, 4000, 10, peak_w=300, max_w=250)
    assert not advice.ok
    assert "300 W" in advice.reason


@pytest.mark.parametrize("bad", [-1.0, math.nan])
def test_figures_that_mean_nothing_are_refused(bad: float) -> None:
    with pytest.raises(InvalidInput):
        may_start(100, 200, bad)


def test_an_efficiency_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidInput):
        may_start(100, 200, 10, out_fraction=0)


@given(
    capacity_wh=st.floats(10, 5000),
    full_fraction=st.floats(0, 1),
    job_wh=st.floats(1, 5000),
    hours=st.floats(0.1, 20),
)
def test_a_build_stored_whole_ends_without_any_sun(
    capacity_wh: float, full_fraction: float, job_wh: float, hours: float
) -> None:
    stored_wh = capacity_wh * full_fraction
    if may_start(stored_wh, capacity_wh, job_wh).stored_whole:
        after = step(
            Battery(capacity_wh),
            BatteryState(stored_wh),
            panel_w=0,
            load_w=job_wh / hours,
            hours=hours,
        )
        assert after.unmet_wh == pytest.approx(0, abs=1e-6)
        assert after.state.connected
