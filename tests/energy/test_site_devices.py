"""Controller, inverter and chemistry of a site's file are read, and count."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nearmade.energy.site.itinerary import year_at
from nearmade.energy.site.site_energy import SiteEnergy
from nearmade.energy.site.site_record import site_energy_from_record
from nearmade.energy.sky.made import made_up_weather
from nearmade.energy.supply.cells import CHEMISTRIES
from nearmade.energy.years.wish_year import lay_out, sized_battery
from nearmade.energy.years.year_report import year_record
from nearmade.vocabulary.errors import InvalidInput

WEATHER = made_up_weather("Kisumu", -0.09, 34.77, seed=3, utc_offset_h=3.0)


def the_site(**more: Any) -> SiteEnergy:
    energy = {
        "place": {"country": "KE", "lat_deg": -0.09, "lon_deg": 34.77},
        "panel": {"rated_wp": 400},
        "battery": {"capacity_wh": 1200},
        "work": {"model": "MINI", "minutes": 90},
    }
    return site_energy_from_record({"energy": energy | more})


def sun_wh(site: SiteEnergy) -> float:
    year = year_at(site.panel, WEATHER, 3600, site.controller)
    return float(year.unit_w.sum())


def test_a_tracking_controller_is_taken_where_none_is_named() -> None:
    bare = year_at(the_site().panel, WEATHER, 3600).unit_w.sum()
    assert sun_wh(the_site()) == pytest.approx(0.96 * bare)


def test_a_switching_controller_costs_about_a_quarter_of_the_sun() -> None:
    # 13.5 V of 18 V, and hot cells have less to lose
    pwm = sun_wh(the_site(controller={"kind": "pwm"}))
    assert 0.75 < pwm / sun_wh(the_site()) < 0.9
    # Panels of 36 V on a battery of 12 V lose the other half too.
    wrong = {"kind": "pwm", "panel_v": 36, "battery_v": 13.5}
    assert sun_wh(the_site(controller=wrong)) < 0.6 * pwm


def test_an_inverter_too_large_draws_for_itself_all_day() -> None:
    def standing_w(**more: Any) -> float:
        year = year_at(the_site().panel, WEATHER, 300)
        return lay_out(the_site(**more), year).rule.standing_w

    assert standing_w() == 0
    # 0.0059 / 0.9858 of the DC rating, 3000 / 0.92
    assert standing_w(inverter={"rated_w": 3000}) == pytest.approx(19.5, abs=0.2)
    assert standing_w(inverter={"rated_w": 300}) == pytest.approx(1.95, abs=0.02)


def test_a_site_gives_no_more_at_once_than_its_inverter() -> None:
    assert the_site(inverter={"rated_w": 300}).max_w == 300
    assert the_site(inverter={"rated_w": 300}, max_w=250).max_w == 250
    with pytest.raises(InvalidInput, match=r"site\.energy\.max_w: must be .* most 300"):
        the_site(inverter={"rated_w": 300}, max_w=301)


def test_a_battery_is_of_its_chemistry() -> None:
    for name, chemistry in CHEMISTRIES.items():
        site = the_site(battery={"chemistry": name, "capacity_wh": 1000})
        assert sized_battery(site, 500.0) == chemistry.battery(500.0)
        assert sized_battery(site, 1000.0) == chemistry.battery(1000.0)


def test_a_year_tells_what_it_takes_of_the_batterys_life() -> None:
    lives = {}
    for name in CHEMISTRIES:
        site = the_site(battery={"chemistry": name, "capacity_wh": 1200})
        laid = lay_out(site, year_at(site.panel, WEATHER, 300, site.controller))
        runs = laid.run(np.array([400.0]), np.array([1200.0]), trace=True)
        found = year_record(laid, runs)["battery"]
        assert found["chemistry"] == CHEMISTRIES[name].name
        assert 0 < found["left_after_year_fraction"] < 1
        lives[name] = found["life_years"]
    # Data sheets: some 600 to 1500 cycles against 2500 to 5000
    assert lives["lead-acid"] < lives["lifepo4"]
    assert 1 < lives["lead-acid"] < 8
    bare = the_site(battery={})
    laid = lay_out(bare, year_at(bare.panel, WEATHER, 300))
    runs = laid.run(np.array([400.0]), np.array([0.0]), trace=True)
    assert year_record(laid, runs)["battery"] is None


@pytest.mark.parametrize(
    "more",
    [
        {"controller": {"kind": "magic"}},
        {"controller": {"kind": "pwm", "panel_v": 18, "open_v": 17}},
        {"controller": {"efficiency_fraction": 1.2}},
        {"controller": {"volts": 12}},
        {"inverter": {"rated_w": 0}},
        {"inverter": {}},
        {"inverter": {"rated_w": 10, "efficiency_fraction": 1}},
    ],
)
def test_devices_that_cannot_be_are_refused_with_their_place(
    more: dict[str, Any],
) -> None:
    [name] = more
    with pytest.raises(InvalidInput, match=f"energy.{name}"):
        the_site(**more)
