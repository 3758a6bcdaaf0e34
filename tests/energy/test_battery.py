"""One step of a battery, by hand and by law."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.energy.supply.battery import Battery, BatteryState, step
from nearmade.vocabulary.errors import InvalidInput

FRIDGE_SIZED = Battery(capacity_wh=1000)


def test_surplus_charges_less_the_loss() -> None:
    after = step(FRIDGE_SIZED, BatteryState(500), panel_w=200, load_w=100, hours=1)
    assert after.state.stored_wh == pytest.approx(595)  # 100 x 0.95
    assert after.lost_wh == pytest.approx(5)
    assert after.served_wh == 100
    assert after.curtailed_wh == 0


def test_a_full_battery_leaves_the_sun_unused() -> None:
    after = step(FRIDGE_SIZED, BatteryState(1000), panel_w=200, load_w=50, hours=2)
    assert after.curtailed_wh == pytest.approx(300)
    assert after.state.stored_wh == 1000


def test_a_deficit_discharges_more_than_the_load_gets() -> None:
    after = step(FRIDGE_SIZED, BatteryState(500), panel_w=0, load_w=95, hours=1)
    assert after.state.stored_wh == pytest.approx(400)  # 95 / 0.95
    assert after.unmet_wh == pytest.approx(0)


def test_the_load_is_cut_off_at_the_bottom_and_returns_only_above_the_reconnect() -> (
    None
):
    low = step(FRIDGE_SIZED, BatteryState(150), panel_w=0, load_w=95, hours=1)
    # 50 Wh above the bottom give 47.5 Wh
    assert low.state.stored_wh == pytest.approx(100)
    assert not low.state.connected
    assert low.unmet_wh == pytest.approx(47.5)
    still_off = step(FRIDGE_SIZED, low.state, panel_w=50, load_w=95, hours=1)
    assert still_off.served_wh == 0
    assert still_off.state.stored_wh == pytest.approx(147.5)
    back = step(
        FRIDGE_SIZED, BatteryState(200, connected=False), panel_w=0, load_w=10, hours=1
    )
    assert back.served_wh == pytest.approx(10)


def test_power_limits_hold_both_ways() -> None:
    weak = Battery(capacity_wh=1000, max_charge_w=20, max_discharge_w=30)
    charged = step(weak, BatteryState(500), panel_w=100, load_w=0, hours=1)
    assert charged.curtailed_wh == pytest.approx(80)
    drained = step(weak, BatteryState(500), panel_w=0, load_w=100, hours=1)
    assert drained.served_wh == pytest.approx(30)


def test_the_cubefactory_battery_runs_its_printer_for_eight_hours() -> None:
    # CubeFactory2: 100 Ah at 12.8 V, 90 % depth of discharge, 100 W for 8 h
    cell = Battery(capacity_wh=1280, charge_fraction=0.995, discharge_fraction=0.995)
    after = step(cell, BatteryState(1280), panel_w=0, load_w=100, hours=8)
    assert after.unmet_wh == pytest.approx(0)
    assert after.state.connected


@pytest.mark.parametrize(
    ("stored_wh", "panel_w", "load_w", "hours"),
    [
        (500, -1, 0, 1),
        (500, 0, -1, 1),
        (500, 0, 0, 0),
        (1001, 0, 0, 1),
        (-1, 0, 0, 1),
        (math.nan, 0, 0, 1),
    ],
)
def test_impossible_steps_are_refused(
    stored_wh: float, panel_w: float, load_w: float, hours: float
) -> None:
    with pytest.raises(InvalidInput):
        step(
            FRIDGE_SIZED,
            BatteryState(stored_wh),
            panel_w=panel_w,
            load_w=load_w,
            hours=hours,
        )


@pytest.mark.parametrize(
    "change",
    [
        {"charge_fraction": 0.0},
        {"health_fraction": 1.1},
        {"cutoff_fraction": 0.3, "reconnect_fraction": 0.2},
        {"capacity_wh": -1.0},
    ],
)
def test_impossible_batteries_are_refused(change: dict[str, float]) -> None:
    with pytest.raises(InvalidInput):
        Battery(**({"capacity_wh": 1000.0} | change))


watts = st.floats(0, 5000)
shares = st.floats(0.5, 1)


@given(
    capacity_wh=st.floats(1, 1e5),
    full_fraction=st.floats(0, 1),
    efficiencies=st.tuples(shares, shares, shares),
    powers=st.tuples(watts, watts, watts, watts),
    hours=st.floats(0.01, 24),
    connected=st.booleans(),
)
def test_energy_is_conserved_and_limits_hold(
    capacity_wh: float,
    full_fraction: float,
    efficiencies: tuple[float, float, float],
    powers: tuple[float, float, float, float],
    hours: float,
    connected: bool,
) -> None:
    panel_w, load_w, charge_w, discharge_w = powers
    battery = Battery(
        capacity_wh,
        charge_fraction=efficiencies[0],
        discharge_fraction=efficiencies[1],
        health_fraction=efficiencies[2],
        max_charge_w=charge_w,
        max_discharge_w=discharge_w,
    )
    before_wh = battery.usable_top_wh * full_fraction
    after = step(
        battery,
        BatteryState(before_wh, connected=connected),
        panel_w=panel_w,
        load_w=load_w,
        hours=hours,
    )
    grown_wh = after.state.stored_wh - before_wh
    panel_wh = panel_w * hours
    used_wh = after.served_wh + after.lost_wh + after.curtailed_wh + grown_wh
    assert used_wh == pytest.approx(panel_wh, rel=1e-9, abs=1e-6)
    assert after.served_wh + after.unmet_wh == pytest.approx(load_w * hours)
    assert after.lost_wh >= -1e-6
    assert after.curtailed_wh >= -1e-6
    assert 0 <= after.state.stored_wh <= battery.usable_top_wh * (1 + 1e-9)
    assert grown_wh <= charge_w * hours * battery.charge_fraction + 1e-6
    if before_wh >= battery.cutoff_fraction * battery.usable_top_wh:
        bottom = battery.cutoff_fraction * battery.usable_top_wh
        assert after.state.stored_wh >= bottom - 1e-6
