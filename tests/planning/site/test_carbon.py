"""Carbon at its price in the moment at which a site starts its builds."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest

from nearmade.planning.site.site_record import site_from_record
from nearmade.planning.site.solve import schedule_site
from nearmade.vocabulary.errors import InvalidInput

#: Panels give 300 W from 11:00 to 14:00, and nothing else.
SITE: dict[str, Any] = {
    "schema": "nearmade/schedule/site/1",
    "start_at": "2026-03-02T06:00:00+00:00",
    "days": 1,
    "power": {
        "sun_w": [0] * 11 + [300] * 3 + [0] * 10,
        "per_kwh": 0.2,
        "carbon": {"price_per_t": 0, "grid_gco2e_per_kwh": 700},
    },
    "machines": [{"id": "one", "material": "PLA", "steady_w": 100}],
    "builds": [{"id": "a", "material": "PLA", "minutes": 120}],
    "worth": {"finish_per_h": 0.001},
}


def planned(**carbon: Any) -> tuple[int, float]:
    """Give the hour at which the build starts, and what its energy costs."""
    record = copy.deepcopy(SITE)
    record["power"]["carbon"].update(carbon)
    site = site_from_record(record)
    plan = schedule_site(site, effort_s=0.3, seed=1)
    start = site.start_at + timedelta(seconds=plan.placed[0].start_s)
    return start.hour, plan.terms.energy


def test_a_sunny_site_starts_about_noon_when_carbon_is_priced() -> None:
    hour, cost = planned(price_per_t=100)
    assert hour in (11, 12)
    # 0.2 kWh at 0.20, and at 48 g and 100 a tonne
    assert cost == pytest.approx(0.04 + 0.2 * 48e-6 * 100)


def test_without_a_price_of_carbon_it_starts_as_it_did() -> None:
    bare = copy.deepcopy(SITE)
    del bare["power"]["carbon"]
    site = site_from_record(bare)
    before = schedule_site(site, effort_s=0.3, seed=1)
    hour, cost = planned(price_per_t=0)
    assert hour == 6
    assert cost == before.terms.energy == pytest.approx(0.04)
    priced_as_before = copy.deepcopy(SITE)
    assert site_from_record(priced_as_before).power == site.power


def test_a_grid_that_is_known_by_the_hour_moves_the_start() -> None:
    # Clean from three in the afternoon to six, cleaner than the panels' making.
    shape = [700] * 15 + [10] * 3 + [700] * 6
    hour, _ = planned(price_per_t=2000, grid_gco2e_per_kwh=shape)
    assert hour in (15, 16)


def test_the_country_of_the_place_says_what_its_grid_emits() -> None:
    record = copy.deepcopy(SITE)
    record["power"]["carbon"] = {"price_per_t": 1000}
    record["energy"] = {"place": {"country": "IN", "lat_deg": 28.6, "lon_deg": 77.2}}
    prices = site_from_record(record).power.price_per_kwh
    # India: 708.96 g by the grid; 48 g by the own sun. Four quarters to the hour.
    assert prices[0] == pytest.approx(0.2 + 0.70896)
    assert prices[(12 - 6) * 4] == pytest.approx(0.2 + 0.048)


@pytest.mark.parametrize(
    ("carbon", "says"),
    [
        ({}, "price_per_t"),
        ({"price_per_t": -1}, "price_per_t"),
        ({"price_per_t": float("nan")}, "price_per_t"),
        ({"price_per_t": 1}, "grid_gco2e_per_kwh"),
        ({"price_per_t": 1, "grid_gco2e_per_kwh": [1] * 23}, "24 values"),
        ({"price_per_t": 1, "grid_gco2e_per_kwh": -4}, "grid_gco2e_per_kwh"),
        ({"price_per_t": 1, "luck": 2}, "carbon.luck"),
        (7, "must be an object"),
    ],
)
def test_carbon_that_cannot_be_is_refused(carbon: object, says: str) -> None:
    record = copy.deepcopy(SITE)
    record["power"]["carbon"] = carbon
    with pytest.raises(InvalidInput) as caught:
        site_from_record(record)
    assert says in caught.value.message
    assert caught.value.remedy
