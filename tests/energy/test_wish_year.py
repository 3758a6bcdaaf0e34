"""A year of one site with a daily wish, run for several sizes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.energy.load.machine_power import MachinePower
from nearmade.energy.panels.panel import Panel
from nearmade.energy.site.itinerary import Year, days_of, year_at, year_on_the_way
from nearmade.energy.site.site_energy import SiteEnergy, Visit, Wish, Work
from nearmade.energy.sizing.site_sizes import (
    GENERATOR,
    GRID,
    SUN,
    SUN_GENERATOR,
    SUN_GRID,
    size_for_wish,
)
from nearmade.energy.sky.sun import sun_path
from nearmade.energy.sky.weather import Weather
from nearmade.energy.supply.battery import Battery
from nearmade.energy.supply.generator import Generator
from nearmade.energy.supply.grid import WeakGrid
from nearmade.energy.years.running import SiteRuns
from nearmade.energy.years.wish_year import (
    jobs_a_day,
    lay_out,
    most_jobs_a_day,
    together,
)
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.place import Place

KISUMU = Place("Kisumu", "KE", -0.09, 34.77)
#: 96 W at the plug while printing, nothing else: 100 W at the battery.
PLAIN = MachinePower("plain", 0.0, 96.0, 0.0, 0.0, 60.0, 0.0, 0.0, 96.0, "by hand")
STEP_S = 900
STEPS = 365 * 96


def site(**change: Any) -> SiteEnergy:
    usual: dict[str, Any] = {
        "work": Work(PLAIN, 1, 60.0, 2, 8.0, 18.0),
        "max_w": 1000.0,
    }
    return SiteEnergy(
        "site",
        KISUMU,
        3.0,
        Panel(0.0, 0.0),
        Battery(0.0, charge_fraction=1.0, discharge_fraction=1.0),
        **(usual | change),
    )


def square_sun(hours: tuple[int, int] = (6, 18), unit_w: float = 0.5) -> Year:
    """The same power from one hour to another of every day."""
    hour = np.arange(STEPS) % 96 // 4
    up = (hour >= hours[0]) & (hour < hours[1])
    power = np.where(up, unit_w, 0.0)
    return Year(
        power, power, np.full(STEPS, 25.0), STEP_S, ("here",) * 365, "square", True
    )


def run(
    site: SiteEnergy, wp: float, wh: float, year: Year | None = None, **more: Any
) -> SiteRuns:
    laid = lay_out(site, year or square_sun(), **more)
    return laid.run(np.array([wp]), np.array([wh]))


def test_with_sun_enough_every_day_meets_the_wish_and_no_more_is_made() -> None:
    runs = run(site(), 1000.0, 2000.0, wish=Wish(6))
    # Six pieces are three jobs of two, of three hours of 100 W at the battery.
    assert (runs.finished_by_day == 3).all()
    assert runs.ruined[0] == 0
    assert runs.served_wh[0] == pytest.approx(365 * 300.0)


def test_without_sun_only_what_was_stored_is_printed() -> None:
    runs = run(site(), 0.0, 2000.0)
    # Half full: 1000 Wh. A job takes 100, and 15 % of 2000 Wh are kept, so jobs begin
    # above 400 Wh: at 1000, 900, 800, 700, 600, 500.
    assert runs.finished[0] == 6


def test_a_machine_prints_between_its_hours_alone() -> None:
    runs = run(site(), 5000.0, 9000.0)
    assert (runs.finished_by_day[0, 1:] == 10).all()  # 08:00 to 18:00
    two = site(work=Work(PLAIN, 2, 60.0, 1, 8.0, 18.0))
    assert (run(two, 5000.0, 9000.0).finished_by_day[0, 1:] == 20).all()


@settings(max_examples=20, deadline=None)
@given(
    wp=st.floats(0, 2000),
    wh=st.floats(100, 5000),
    generator=st.booleans(),
    grid=st.booleans(),
)
def test_nothing_is_made_of_nothing(
    wp: float, wh: float, *, generator: bool, grid: bool
) -> None:
    mixed = site(
        generator=Generator(300.0) if generator else None,
        grid=WeakGrid(200.0, 20.0, 3.0) if grid else None,
    )
    runs = run(mixed, wp, wh)
    given_wh = runs.panel_wh + runs.grid_wh + runs.generator_wh
    grown_wh = runs.last_wh - 0.5 * wh
    spent_wh = runs.served_wh + runs.curtailed_wh + runs.lost_wh
    assert given_wh == pytest.approx(spent_wh + grown_wh, abs=1e-3)
    assert 0 <= runs.least_wh[0] <= runs.last_wh[0] + wh


def test_a_generator_prints_what_the_sun_does_not() -> None:
    runs = run(site(generator=Generator(500.0)), 0.0, 1000.0, wish=Wish(6))
    assert (runs.finished_by_day == 3).all()
    assert runs.generator_wh[0] > 365 * 300 * 0.9
    # It charges with up to 500 W, so it runs for no less than its energy over that.
    assert runs.generator_h[0] >= runs.generator_wh[0] / 500.0


def test_a_weak_grid_prints_while_it_is_there_and_ruins_when_it_fails() -> None:
    bare = site(grid=WeakGrid(500.0, outages_per_month=60.0, outage_hours=2.0))
    runs = run(bare, 0.0, 0.0)
    assert runs.ruined[0] > 10
    with_battery = run(bare, 0.0, 3000.0)
    assert with_battery.ruined[0] == 0
    assert with_battery.finished[0] > runs.finished[0]


def test_the_inverter_decides_how_many_machines_run_at_once() -> None:
    four = Work(PLAIN, 4, 60.0)
    assert together(site(work=four, max_w=200.0)) == 2
    assert most_jobs_a_day(site(work=four, max_w=200.0)) == 48
    with pytest.raises(InvalidInput) as caught:
        together(site(max_w=50.0))
    assert "96 W" in caught.value.message


def test_jobs_are_whole() -> None:
    assert jobs_a_day(Wish(12), Work(PLAIN, 1, 60.0, 5)) == 3


def test_a_site_that_prints_nothing_is_told_to_say_what() -> None:
    with pytest.raises(InvalidInput) as caught:
        lay_out(site(work=None), square_sun())
    assert "energy.work" in caught.value.remedy


def test_the_cheapest_power_of_all_ways_is_named() -> None:
    mixed = replace(
        site(work=Work(PLAIN, 1, 60.0, 1, 8.0, 18.0)),
        grid=WeakGrid(500.0),
        grid_per_kwh=0.01,
        prices={"grid_connection": 0.0},
    )
    found = size_for_wish(mixed, square_sun(), Wish(4))
    assert [way.name for way in found.ways] == [
        SUN,
        GENERATOR,
        SUN_GENERATOR,
        GRID,
        SUN_GRID,
    ]
    assert found.cheapest == GRID  # steady, at one cent, connected for nothing
    grid = next(way for way in found.ways if way.name == GRID)
    # 365 x 4 x 100 Wh over a charger of 1.0
    assert grid.grid_kwh == pytest.approx(146, rel=0.01)
    assert grid.chosen is not None
    assert (grid.chosen.panel_wp, grid.chosen.battery_wh) == (0, 0)
    fuelled = next(way for way in found.ways if way.name == GENERATOR)
    assert fuelled.fuel_l > 146 * 0.25  # of the source's slope alone


def test_a_wish_beyond_the_machines_is_told_before_any_search() -> None:
    with pytest.raises(InvalidInput) as caught:
        size_for_wish(site(), square_sun(), Wish(100))
    assert "take 50 jobs a day" in caught.value.message
    with pytest.raises(InvalidInput):
        size_for_wish(site(work=None), square_sun(), Wish(1))


def weather(place: Place, offset_h: float, *, days: int = 365) -> Weather:
    """A sky of 800 W/m2 that faces the sun while it is up."""
    path = sun_path(place.lat_deg, place.lon_deg, offset_h)
    up = np.where(path.cos_zenith > 0, 800.0, 0.0)[: days * 24]
    calm = np.ones(days * 24)
    level = up * np.maximum(path.cos_zenith[: days * 24], 0)
    return Weather(
        str(place),
        place.lat_deg,
        place.lon_deg,
        offset_h,
        3600,
        up,
        0 * calm,
        level,
        20 * calm,
        calm,
        f"sky of {place}",
    )


OSLO = Place("Oslo", "NO", 59.91, 10.75)


def stay(first: str, last: str, place: Place = KISUMU, offset_h: float = 3.0) -> Visit:
    return Visit(date.fromisoformat(first), date.fromisoformat(last), place, offset_h)


def test_days_are_counted_without_the_leap_day_and_over_new_year() -> None:
    assert days_of(stay("2026-01-01", "2026-01-03")) == [0, 1, 2]
    assert days_of(stay("2028-02-28", "2028-03-01")) == [58, 59]
    assert days_of(stay("2026-12-31", "2027-01-02")) == [364, 0, 1]


def test_a_van_has_the_sun_of_the_place_of_each_day() -> None:
    base = weather(OSLO, 1.0)
    flat = Panel(500.0, 0.0)
    december = stay("2026-12-01", "2026-12-31")
    moved = year_on_the_way(flat, base, [december], weather, 3600)
    home, away = year_at(flat, base, 3600), year_at(flat, weather(KISUMU, 3.0), 3600)
    winter = slice(334 * 24, 365 * 24)
    assert (moved.unit_w[: 334 * 24] == home.unit_w[: 334 * 24]).all()
    assert (moved.unit_w[winter] == away.unit_w[winter]).all()
    assert moved.unit_w[winter].sum() > 10 * home.unit_w[winter].sum()
    assert moved.place_of_day[0] == "Oslo, NO"
    assert moved.place_of_day[340] == "Kisumu, KE"
    assert moved.source == "sky of Oslo, NO; sky of Kisumu, KE"


def test_a_van_that_stays_at_home_has_the_sun_of_its_base() -> None:
    base = weather(OSLO, 1.0)
    home = year_at(Panel(500.0, 0.0), base, 900)
    moved = year_on_the_way(Panel(500.0, 0.0), base, [], weather, 900)
    assert (moved.unit_w == home.unit_w).all()


def test_less_than_a_year_of_weather_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        year_at(Panel(1.0, 0.0), weather(OSLO, 1.0, days=30), 3600)
    assert "one year" in caught.value.message
