"""Hour-by-hour carbon in the choice of site and of the moment to start."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nearmade.adapters.exchange import latest_rates
from nearmade.adapters.network_file import load_network
from nearmade.facilities.facility import Facility, OpeningHours, PowerSystem
from nearmade.geometry.facts import PartFacts
from nearmade.planning.offers import NetworkQuote, quote_network
from nearmade.planning.site.site import STEP_S, whole_steps
from nearmade.planning.site_supply import supply_of
from nearmade.planning.site_work import PartDemand
from nearmade.vocabulary.identity import FacilityId, PartName
from nearmade.vocabulary.place import Place
from tests.architecture.sources import ROOT

#: India: 709 gCO2e/kWh by the grid; 08:00 in the morning there is 02:30 UTC.
DELHI = Place("Delhi", "IN", 28.61, 77.21)
MORNING = datetime(2026, 4, 6, 0, 30, tzinfo=UTC)
#: What it takes to start a build.
HANDS = timedelta(minutes=5)
PLATE = PartDemand(
    PartName("plate"),
    "Plate",
    1,
    ("PLA",),
    "3DP",
    PartFacts(12, True, 40_000.0, 22_400.0, (100, 100, 4), 1, 1600, 1e4, 1e4, 0.0, 1e4),
    0.2,
)


def site(name: str, **change: Any) -> Facility:
    """A workshop of the demo network that stands in Delhi and is always open."""
    facilities = load_network(ROOT / "examples/networks/demo.json")
    like = next(each for each in facilities if each.power.kind == "grid")
    usual: dict[str, Any] = {
        "id": FacilityId(name),
        "place": DELHI,
        "zone": "",
        "opening": OpeningHours(),
        "holidays": (),
        "queue_s": 0,
        "status": "active",
    }
    return replace(like, **{**usual, **change})


def sunny(pv_wp: float = 2000.0, battery_wh: float = 0.0, **change: Any) -> Facility:
    power = PowerSystem("grid", pv_wp=pv_wp, battery_wh=battery_wh)
    return site("sunny", power=power, **change)


def ask(*facilities: Facility, carbon: float, **change: Any) -> NetworkQuote:
    usual: dict[str, Any] = {
        "deliver": True,
        "now": MORNING,
        "rates": latest_rates(),
        "promise_days": 7.0,
        "carbon_price_usd_per_t": carbon,
        "commercial_use": True,
    }
    return quote_network(
        [PLATE], 0.0, 0.0, 0.0, facilities, DELHI, **{**usual, **change}
    )


def starts(quote: NetworkQuote) -> datetime:
    (offer,) = quote.offers
    (build,) = offer.builds
    lasts_s = whole_steps(build.estimate.time_s.value) * STEP_S  # one plate
    return MORNING + timedelta(seconds=build.printed_s - lasts_s)


def test_with_carbon_priced_a_build_waits_for_the_sun_of_its_own_site() -> None:
    small = sunny(pv_wp=100.0)
    priced, unpriced = ask(small, carbon=100.0), ask(small, carbon=0.0)
    assert starts(unpriced) == MORNING + HANDS
    started = starts(priced)
    # The sun stands highest at 06:51 UTC, when the panels give less than it draws.
    ends = started + timedelta(seconds=priced.offers[0].builds[0].estimate.time_s.value)
    assert started > MORNING
    noon = datetime(2026, 4, 6, 6, 51, tzinfo=UTC)
    assert started < noon < ends
    assert priced.offers[0].gco2e.value < unpriced.offers[0].gco2e.value


def test_what_money_alone_chooses_does_not_change() -> None:
    bare = ask(site("sunny"), carbon=0.0)
    with_panels = ask(sunny(), carbon=0.0)
    assert with_panels.offers[0].total_usd == bare.offers[0].total_usd
    assert with_panels.offers[0].days == bare.offers[0].days
    assert with_panels.offers[0].builds == bare.offers[0].builds
    assert with_panels.plans[0].price_usd == bare.plans[0].price_usd


def test_a_sunny_site_that_asks_a_little_more_is_chosen_when_carbon_is_priced() -> None:
    cheap = site("cheap")
    dearer = replace(cheap.tariff, machine_hour=cheap.tariff.machine_hour * 102 / 100)
    both = (cheap, sunny(tariff=dearer))
    chosen = {
        carbon: ask(*both, carbon=carbon).plans[0].made[0].facility_id
        for carbon in (0.0, 5000.0)
    }
    assert chosen == {0.0: "cheap", 5000.0: "sunny"}


def test_nothing_waits_past_its_promise_for_a_few_grams() -> None:
    quick = ask(sunny(), carbon=100.0, promise_days=0.0, lateness_usd_per_day=50.0)
    assert starts(quick) == MORNING + HANDS


def test_a_site_that_is_closed_at_noon_starts_while_it_is_open() -> None:
    night = OpeningHours(opens_hour=14.0, closes_hour=24.0)  # of UTC
    quote = ask(sunny(opening=night), carbon=100.0)
    assert starts(quote).hour >= 14


def test_a_battery_brings_the_sun_into_the_night() -> None:
    evening = datetime(2026, 4, 6, 14, 0, tzinfo=UTC)
    bare, with_battery = (
        ask(each, carbon=0.0, now=evening).offers[0].gco2e.value
        for each in (sunny(), sunny(battery_wh=3000.0))
    )
    assert with_battery < bare


def test_only_panels_beside_a_grid_make_hours_differ() -> None:
    assert supply_of(site("grid"), MORNING) is None
    off_grid = PowerSystem("solar", pv_wp=500.0, battery_wh=1000.0)
    assert supply_of(site("solar", power=off_grid), MORNING) is None
    assert supply_of(sunny(), MORNING) is not None


def test_the_moment_between_two_hours_lies_between_their_figures() -> None:
    supply = supply_of(sunny(), MORNING)
    assert supply is not None
    by_start = supply.day.grid_gco2e_per_kwh.copy()
    by_start[0], by_start[1] = 100.0, 200.0
    assert supply.at(by_start, 0.0) == pytest.approx(150)  # half past midnight
