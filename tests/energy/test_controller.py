"""Controllers and inverters against their curves."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.energy.panels.controller import Controller, Inverter, delivered_w, drawn_w
from nearmade.energy.panels.panel import Panel, ac_power_w
from nearmade.vocabulary.errors import InvalidInput


def at(controller: Controller, panel_w: float, cell_degc: float) -> float:
    return float(delivered_w(controller, np.array([panel_w]), np.array([cell_degc]))[0])


def test_a_tracking_controller_passes_on_its_share_up_to_its_rating() -> None:
    assert at(Controller(efficiency_fraction=0.97), 100, 60) == pytest.approx(97)
    assert at(Controller(max_w=50), 100, 25) == 50


def test_a_switching_controller_gives_the_panels_current_at_the_batterys_voltage() -> (
    None
):
    pwm = Controller("pwm", efficiency_fraction=1.0)
    # 100 W at 18 V are 5.56 A; at 13.5 V that is 75 W
    assert at(pwm, 100, 25) == pytest.approx(75)
    # Hot cells have less voltage to lose: 18 V x (1 - 0.0035 x 35) = 15.8 V
    assert at(pwm, 100, 60) == pytest.approx(100 * 13.5 / 15.795)


def test_panels_too_low_in_voltage_do_not_charge_by_a_switch() -> None:
    with pytest.raises(InvalidInput, match="27 V"):
        Controller("pwm", battery_v=27.0)
    # Hot panels of 22 V open at 25 degC stay below 21 V.
    assert at(Controller("pwm", battery_v=21.0), 100, 70) == 0
    # Between best point (18 V) and open (22 V) the current falls: half of it at 20 V
    half = Controller("pwm", battery_v=20.0, efficiency_fraction=1.0)
    assert at(half, 90, 25) == pytest.approx(0.5 * 5 * 20)


@given(st.floats(0, 1e4), st.floats(-40, 90), st.sampled_from(["mppt", "pwm"]))
def test_no_controller_makes_power(panel_w: float, cell_degc: float, kind: str) -> None:
    given_w = at(Controller(kind), panel_w, cell_degc)
    assert 0 <= given_w <= panel_w


@given(st.floats(0, 500), st.floats(0.8, 0.99))
def test_an_inverter_draws_what_its_curve_turns_into_the_load(
    load_w: float, efficiency: float
) -> None:
    drawn = drawn_w(load_w, 500.0, efficiency)
    assert drawn >= load_w
    back = ac_power_w(Panel(500, 0), np.array([drawn]), efficiency_fraction=efficiency)
    assert back[0] == pytest.approx(load_w, abs=1e-6)


def test_an_idle_inverter_draws_six_watts_of_a_thousand() -> None:
    # 0.0059 / 0.9858 of its DC rating, 1000 / 0.92
    assert drawn_w(0.0, 1000.0, 0.92) == pytest.approx(6.5, abs=0.1)
    assert drawn_w(2000.0, 1000.0, 0.92) == drawn_w(1000.0, 1000.0, 0.92)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Controller("pulse"),
        lambda: Controller(max_w=-1),
        lambda: Controller(efficiency_fraction=0),
        lambda: Controller("pwm", panel_v=22, open_v=18),
        lambda: Inverter(0),
        lambda: Inverter(math.inf),
        lambda: Inverter(100, 1.1),
    ],
)
def test_devices_that_cannot_be_are_refused(make: object) -> None:
    with pytest.raises(InvalidInput):
        make()  # type: ignore[operator]
