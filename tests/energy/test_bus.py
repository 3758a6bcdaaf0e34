"""Sun, battery, grid, generator and load on one bus: by hand and by law."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.energy.supply.battery import (
    Battery,
    BatteryState,
    BatteryStep,
    bus_row,
    step,
)
from nearmade.energy.supply.bus import BUS_FIGURES, bus_step
from nearmade.energy.supply.cells import CHEMISTRIES
from nearmade.energy.supply.generator import Generator
from nearmade.energy.supply.grid import GridUse, WeakGrid, grid_power_w
from nearmade.vocabulary.errors import InvalidInput

BATTERY = Battery(1000, charge_fraction=1.0, discharge_fraction=1.0)
DIESEL = Generator(500)


def run(
    stored_wh: float,
    *,
    sun: float = 0.0,
    load: float = 0.0,
    grid: float = 0.0,
    connected: bool = True,
    running: bool = False,
    generator: Generator | None = None,
    use: GridUse | None = None,
) -> BatteryStep:
    return step(
        BATTERY,
        BatteryState(stored_wh, connected, running),
        panel_w=sun,
        load_w=load,
        hours=1,
        grid_w=grid,
        generator=generator,
        grid_use=use,
    )


def test_the_grid_spares_the_battery_unless_told_otherwise() -> None:
    after = run(800, sun=40, load=100, grid=500)
    assert after.grid_wh == 60
    assert after.state.stored_wh == 800
    saving = run(800, sun=40, load=100, grid=500, use=GridUse(below_fraction=0.5))
    assert saving.grid_wh == 0
    assert saving.state.stored_wh == pytest.approx(740)
    low = run(400, sun=40, load=100, grid=500, use=GridUse(below_fraction=0.5))
    assert low.grid_wh == 60


def test_a_weak_grid_gives_what_it_can_and_the_battery_the_rest() -> None:
    after = run(800, load=100, grid=30)
    assert after.grid_wh == 30
    assert after.state.stored_wh == pytest.approx(730)


def test_the_grid_charges_only_as_far_as_it_is_told() -> None:
    use = GridUse(charge_to_fraction=0.6)
    assert run(500, grid=50, use=use).state.stored_wh == pytest.approx(550)
    assert run(700, grid=50, use=use).grid_wh == 0
    # Sun first: the grid fills what room is left.
    both = run(500, sun=450, grid=300, use=use)
    assert both.grid_wh == pytest.approx(50)
    assert both.curtailed_wh == 0


def test_a_load_that_was_cut_off_returns_while_the_grid_carries_it() -> None:
    assert run(120, load=100, grid=100, connected=False).served_wh == 100
    weak = run(120, load=100, grid=90, connected=False)
    assert weak.served_wh == 0
    assert weak.grid_wh == 0


def test_a_generator_starts_low_and_stops_high() -> None:
    assert not run(500, load=100, generator=DIESEL).state.running
    started = run(300, load=100, generator=DIESEL)
    assert started.state.running
    # 100 W for the load, the other 400 W for the battery
    assert started.generator_wh == pytest.approx(500)
    assert started.state.stored_wh == pytest.approx(700)
    assert run(700, load=100, running=True, generator=DIESEL).state.running
    assert not run(800, load=100, running=True, generator=DIESEL).state.running


def test_a_generator_never_runs_below_its_least_load() -> None:
    tight = Battery(1000, charge_fraction=1.0, max_charge_w=20)
    after = step(
        tight,
        BatteryState(250),
        panel_w=0,
        load_w=50,
        hours=1,
        generator=DIESEL,
    )
    # 30 % of 500 W, of which 70 W are taken
    assert after.generator_wh == pytest.approx(150)
    assert after.lost_wh == pytest.approx(80)


def test_a_generator_brings_a_load_back_that_was_cut_off() -> None:
    after = run(100, load=200, connected=False, generator=DIESEL)
    assert after.served_wh == 200
    assert after.state.running


def test_a_battery_too_small_for_the_peak_does_not_serve_it_all() -> None:
    weak = Battery(1000, max_discharge_w=100)
    after = step(weak, BatteryState(900), panel_w=20, load_w=260, hours=0.1)
    assert after.served_wh == pytest.approx(12)
    assert after.unmet_wh == pytest.approx(14)
    assert after.state.connected


def test_fuel_is_a_straight_line_of_hours_and_energy() -> None:
    # HOMER: 0.08 l/h per kW rated, 0.25 l/kWh made; 5 kW, 10 h, 30 kWh
    five = Generator(5000, start_l=0.1)
    assert five.fuel_l(30_000, 10, starts=2) == pytest.approx(4 + 7.5 + 0.2)
    with pytest.raises(InvalidInput):
        five.fuel_l(-1, 1)


def test_outages_are_as_many_and_as_long_as_told() -> None:
    grid = WeakGrid(1000, outages_per_month=10, outage_hours=4)
    years = [grid_power_w(grid, 8760 * 12, 300, seed) for seed in range(5)]
    there = np.mean([year.mean() for year in years]) / 1000
    # 72 h from one to the next, then 4 h: 94.7 %
    assert grid.there_fraction == pytest.approx(72 / 76)
    assert there == pytest.approx(grid.there_fraction, abs=0.01)
    assert (years[0] == grid_power_w(grid, 8760 * 12, 300, 0)).all()


def test_hours_of_shedding_come_every_day_and_may_pass_midnight() -> None:
    evening = grid_power_w(WeakGrid(100, shed_from_h=18, shed_to_h=22), 48, 3600, 0)
    assert evening.tolist() == ([100] * 18 + [0] * 4 + [100] * 2) * 2
    night = grid_power_w(WeakGrid(100, shed_from_h=22, shed_to_h=2), 24, 3600, 0)
    assert night.tolist() == [0, 0] + [100] * 20 + [0, 0]


def test_a_charger_takes_its_share_of_the_grid() -> None:
    grid = WeakGrid(1000, converted_fraction=0.9)
    assert grid_power_w(grid, 2, 3600, 0).tolist() == [900, 900]
    assert grid.there_fraction == 1


@pytest.mark.parametrize(
    "make",
    [
        lambda: Generator(-1),
        lambda: Generator(1, least_fraction=2),
        lambda: Generator(1, start_fraction=0.9, stop_fraction=0.8),
        lambda: GridUse(below_fraction=2),
        lambda: WeakGrid(-1),
        lambda: WeakGrid(1, shed_from_h=25),
        lambda: WeakGrid(1, converted_fraction=0),
        lambda: grid_power_w(WeakGrid(1), 0, 3600, 0),
        lambda: Battery(1, loss_per_w=-1),
        lambda: Battery(1, peukert=3),
        lambda: Battery(1, taper_fraction=2),
        lambda: run(500, grid=-1),
    ],
)
def test_supplies_that_cannot_be_are_refused(make: object) -> None:
    with pytest.raises(InvalidInput):
        make()  # type: ignore[operator]


shares = st.floats(0, 1)
watts = st.floats(0, 3000)


@given(
    chemistry=st.sampled_from(sorted(CHEMISTRIES)),
    stored=shares,
    powers=st.tuples(watts, watts, watts, watts),
    flags=st.tuples(st.booleans(), st.booleans()),
    use=st.tuples(shares, shares),
    degc=st.floats(-30, 50),
    hours=st.floats(0.01, 12),
)
def test_what_comes_is_served_stored_lost_or_left(
    chemistry: str,
    stored: float,
    powers: tuple[float, float, float, float],
    flags: tuple[bool, bool],
    use: tuple[float, float],
    degc: float,
    hours: float,
) -> None:
    sun, load, grid, rated = powers
    battery = CHEMISTRIES[chemistry].battery(1000)
    row = bus_row(battery, Generator(rated), GridUse(*use))
    assert row.shape == (BUS_FIGURES,)
    before = 1000 * stored
    after, connected, running, served, left, lost, bought, made = bus_step(
        before, flags[0], flags[1], sun, load, grid, degc, hours, row
    )
    come = sun * hours + bought + made
    assert served + left + lost + after - before == pytest.approx(come, abs=1e-6)
    assert -1e-6 <= served <= load * hours + 1e-6
    assert lost >= -1e-6
    assert -1e-6 <= left <= sun * hours + 1e-6
    assert 0 <= after <= 1000 * (1 + 1e-9)
    assert 0 <= bought <= grid * hours + 1e-6
    assert 0 <= made <= rated * hours + 1e-6
    assert made == 0 or running
    assert running or made == 0
    assert connected in {True, False}
    floor = battery.cutoff_fraction * 1000
    resting = before * (1 - battery.self_loss_per_month / 720 * hours)
    assert after >= min(resting, floor) - 1e-6
