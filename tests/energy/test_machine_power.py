"""Energy of builds, against measured runs and by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.energy.load.machine_power import (
    ENDER_3,
    MK3S,
    SUPPLY_EFFICIENCY_FRACTION,
    MachinePower,
    build_energy_wh,
)
from nearmade.energy.load.machine_ratings import MACHINE_POWERS, Rating, power_of
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate

PLAIN = MachinePower(
    machine_model="plain",
    idle_w=3,
    base_w=50,
    bed_w=200,
    bed_duty_fraction=0.25,
    bed_degc=60,
    heatup_wh=20,
    heatup_s=360,
    peak_w=250,
    source="made for this test",
)


def test_one_hour_of_printing_after_heating_is_heat_up_plus_mean_power() -> None:
    energy = build_energy_wh(PLAIN, Estimate.exact(360 + 3600))
    # 20 Wh + (50 + 0.25 x 200) W x 1 h; interval of the power alone: x 0.8, x 1.2
    assert energy.value == pytest.approx(120)
    assert energy.low == pytest.approx(96)
    assert energy.high == pytest.approx(144)


def test_a_build_ended_while_heating_takes_its_share_of_the_heat_up() -> None:
    assert build_energy_wh(PLAIN, Estimate.exact(90)).value == pytest.approx(5)


@pytest.mark.parametrize(
    ("minutes", "measured_wh"), [(224.1, 297.4), (122.8, 164.3), (102.0, 142.6)]
)
def test_the_ender_3_agrees_with_its_measured_runs(
    minutes: float, measured_wh: float
) -> None:
    at_plug = build_energy_wh(ENDER_3, Estimate.exact(minutes * 60)).value
    assert at_plug * SUPPLY_EFFICIENCY_FRACTION == pytest.approx(measured_wh, rel=0.10)


def test_a_hotter_bed_is_on_longer_in_proportion_to_its_excess_over_the_room() -> None:
    # (98 - 22) / (60 - 22) = 2
    hot = PLAIN.at_bed(98)
    assert hot.bed_duty_fraction == pytest.approx(0.5)
    assert hot.heatup_wh == pytest.approx(40)
    assert hot.printing_w == pytest.approx(150)


def test_the_bed_is_never_on_more_than_always() -> None:
    assert PLAIN.at_bed(1000).bed_duty_fraction == 1.0


def test_a_bed_as_cold_as_the_room_takes_nothing() -> None:
    assert PLAIN.at_bed(15).printing_w == pytest.approx(50)


def test_the_mk3s_draws_the_80_watts_that_its_maker_states_for_pla() -> None:
    assert MK3S.printing_w == pytest.approx(80, abs=1)


@pytest.mark.parametrize("power", MACHINE_POWERS.values(), ids=list(MACHINE_POWERS))
def test_every_machine_says_where_its_figures_come_from(power: MachinePower) -> None:
    assert power.source
    assert power.peak_w >= power.printing_w >= power.idle_w


@pytest.mark.parametrize(
    "change", [{"idle_w": -1.0}, {"peak_w": float("nan")}, {"bed_duty_fraction": 1.1}]
)
def test_figures_out_of_range_are_refused(change: dict[str, float]) -> None:
    with pytest.raises(InvalidInput):
        replace(PLAIN, **change)  # type: ignore[arg-type]


def test_a_machine_without_heat_up_prints_from_the_start() -> None:
    cold = PLAIN.at_bed(60)
    quick = MachinePower(
        "quick", 0, 50, 0, 0, 60, heatup_wh=0, heatup_s=0, peak_w=50, source="test"
    )
    assert cold == PLAIN
    assert build_energy_wh(quick, Estimate.exact(7200)).value == pytest.approx(100)


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_longer_build_never_takes_less(first_s: float, more_s: float) -> None:
    short = build_energy_wh(ENDER_3, Estimate.exact(first_s)).value
    long = build_energy_wh(ENDER_3, Estimate.exact(first_s + more_s)).value
    assert long >= short


def test_a_rated_machine_of_the_measured_ones_size_draws_what_was_measured() -> None:
    # The Ender-3 itself: 80.3 W mean and 17 Wh of heat-up on the 24 V side.
    rated = power_of(Rating("like", 215, 40, 262, (235, 235), "test"))
    assert rated.printing_w == pytest.approx(ENDER_3.printing_w, rel=0.01)
    assert rated.heatup_wh == pytest.approx(ENDER_3.heatup_wh)
    assert rated.heatup_s == pytest.approx(300, rel=0.01)


def test_a_bed_of_twice_the_area_loses_twice_as_much() -> None:
    small = power_of(Rating("small", 300, 40, 400, (200, 200), "test"))
    large = power_of(Rating("large", 300, 40, 400, (400, 200), "test"))
    assert large.bed_duty_fraction == pytest.approx(2 * small.bed_duty_fraction)
