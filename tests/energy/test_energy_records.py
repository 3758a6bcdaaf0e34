"""Years and sizings as records, and what a site may not say."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from nearmade.energy.load.machine_ratings import MACHINE_POWERS
from nearmade.energy.site.itinerary import Year
from nearmade.energy.site.prices import Prices
from nearmade.energy.site.site_energy import Wish, Work
from nearmade.energy.site.site_record import site_energy_from_record
from nearmade.energy.sizing.curve import Need, Sized, confirmed
from nearmade.energy.sizing.site_sizes import size_for_wish
from nearmade.energy.sizing.sizing_record import sizing_record
from nearmade.energy.sky.sun import Array
from nearmade.energy.years.wish_year import lay_out, sized_battery
from nearmade.energy.years.year_report import year_record
from nearmade.vocabulary.errors import InvalidInput

STEP_S = 3600
RECORD: dict[str, Any] = {
    "name": "Hill school",
    "energy": {
        "place": {"name": "Kisumu", "country": "KE", "lat_deg": 0, "lon_deg": 35},
        "panel": {"rated_wp": 300},
        "battery": {"capacity_wh": 800, "max_charge_w": 200, "max_discharge_w": 700},
        "work": {"model": "MINI", "bed_degc": 50, "minutes": 120, "pieces": 3},
        "wish": {"pieces_a_day": 6},
    },
}


def year(unit_w: float = 0.6) -> Year:
    """Ten hours of the same sun each day."""
    hour = np.arange(8760) % 24
    power = np.where((hour >= 7) & (hour < 17), unit_w, 0.0)
    return Year(
        power, power, np.full(8760, 25.0), STEP_S, ("here",) * 365, "square", True
    )


def changed(**change: Any) -> Any:
    record = copy.deepcopy(RECORD)
    record["energy"].update(change)
    return site_energy_from_record(record)


def test_the_months_of_a_year_add_up() -> None:
    site = changed()
    laid = lay_out(site, year(), wish=site.wish)
    runs = laid.run(np.array([300.0]), np.array([800.0]), trace=True)
    found = year_record(laid, runs)
    # 300 Wp x 0.6 W x 10 h x 365 days
    assert found["energy_kwh"]["sun"] == pytest.approx(657)
    assert found["months"][1]["sun_kwh"] == pytest.approx(50.4)  # 28 days
    assert sum(row["pieces"] for row in found["months"]) == found["jobs"]["pieces"]
    assert found["wish"]["met_days_fraction"] == 1.0
    assert 0 < found["months"][0]["battery_least_fraction"] < 1
    assert found["energy_kwh"]["grid"] == 0


def test_a_year_without_a_wish_says_so() -> None:
    site = changed(wish=None)
    laid = lay_out(site, year())
    found = year_record(
        laid, laid.run(np.array([300.0]), np.array([800.0]), trace=True)
    )
    assert found["wish"] is None
    assert found["months"][0]["met_days_fraction"] is None


def test_a_sizing_names_its_ways_and_what_was_assumed() -> None:
    site = changed(prices={"panel_per_wp": 1.0})
    told: list[int] = []
    sizing = size_for_wish(site, year(), Wish(3), tell=told.append)
    found = sizing_record(site, year(), sizing)
    assert found["cheapest"] == "sun and battery"
    assert "panel_per_wp" not in found["assumed_prices"]
    assert found["prices"]["panel_per_wp"] == 1.0
    assert len(found["ways"]) == 3
    assert found["ways"][0]["chosen"] in found["ways"][0]["curve"]
    assert told == sorted(told)
    assert told[-1] >= found["ways"][0]["pairs_run"]


def test_where_the_sun_never_shines_only_an_engine_serves() -> None:
    site = changed()
    sizing = size_for_wish(site, year(0.0), Wish(3))
    found = sizing_record(site, year(0.0), sizing)
    assert found["ways"][0]["chosen"] is None
    assert found["cheapest"] == "generator and battery"
    assert found["ways"][1]["fuel_l"] > 0


def test_a_choice_that_falls_short_in_finer_steps_gets_more_battery() -> None:
    def served(wp: Array, wh: Array) -> tuple[Array, Array]:
        return np.where(wh >= 700, 1.0, 0.9), np.zeros(len(wp))

    need = Need(1000.0, 100.0, 0.95, 500.0)
    found = confirmed(Sized(100, 500, 0.96, 0, 0), need, Prices(), served)
    assert found is not None
    assert found.battery_wh == 700
    small = Sized(100, 50, 0.96, 0, 0)
    assert confirmed(small, need, Prices(), served) is None


def test_a_battery_of_its_own_size_keeps_its_own_powers() -> None:
    site = changed()
    assert sized_battery(site, 800.0).max_charge_w == 200
    assert sized_battery(site, 800.0).max_discharge_w == 700
    assert sized_battery(site, 1000.0).max_charge_w == 500
    assert sized_battery(site, 1000.0).max_discharge_w == 1000
    lead = changed(battery={"chemistry": "lead-acid", "capacity_wh": 800})
    assert sized_battery(lead, 800.0).max_charge_w == pytest.approx(160)


def test_a_bed_that_is_less_warm_draws_less() -> None:
    work = changed().work
    assert work is not None
    assert work.machine.printing_w < MACHINE_POWERS["MINI"].printing_w


@pytest.mark.parametrize(
    "wrong", [{"machines": 0}, {"minutes": 0}, {"pieces": 0}, {"opens_hour": 24}]
)
def test_work_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    usual: dict[str, Any] = {"machines": 1, "minutes": 60.0}
    with pytest.raises(InvalidInput):
        Work(MACHINE_POWERS["MINI"], **{**usual, **wrong})


def test_a_wish_for_nothing_is_refused() -> None:
    for wrong in ((0, 0.9), (1, 0.0), (1, 1.1)):
        with pytest.raises(InvalidInput):
            Wish(*wrong)
