"""Why a site's year falls short of its wish, in words with numbers."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from nearmade.energy.load.machine_power import MachinePower
from nearmade.energy.panels.panel import Panel
from nearmade.energy.site.clocks import clock_ahead_h
from nearmade.energy.site.itinerary import Year
from nearmade.energy.site.site_energy import SiteEnergy, Wish, Work
from nearmade.energy.supply.battery import Battery
from nearmade.energy.supply.generator import Generator
from nearmade.energy.supply.grid import WeakGrid, grid_power_w
from nearmade.energy.years.reasons import clock_hours
from nearmade.energy.years.running import SiteRuns
from nearmade.energy.years.wish_year import SiteYear, lay_out
from nearmade.energy.years.year_report import year_record
from nearmade.vocabulary.place import Place

LYON = Place("Lyon", "FR", 45.76, 4.84)
#: 96 W at the plug while printing, nothing else: 100 W at the battery.
PLAIN = MachinePower("plain", 0.0, 96.0, 0.0, 0.0, 60.0, 0.0, 0.0, 96.0, "by hand")
STEP_S = 900


def site(**change: Any) -> SiteEnergy:
    usual: dict[str, Any] = {
        "panel": Panel(0.0, 0.0),
        "battery": Battery(0.0),
        "work": Work(PLAIN, 1, 120.0, 1, 8.0, 18.0),
        "wish": Wish(2),
        "max_w": 1000.0,
    }
    return SiteEnergy("site", LYON, 1.0, **(usual | change))


def ran(here: SiteEnergy, unit_w: float = 0.5) -> tuple[SiteYear, SiteRuns]:
    """Run a year in which the sun gives the same from 07:00 to 17:00 each day."""
    hour = np.arange(365 * 96) / 4 % 24
    power = np.where((hour >= 7) & (hour < 17), unit_w, 0.0)
    air = np.full(len(power), 25.0)
    year = Year(power, power, air, STEP_S, ("here",) * 365, "square", True)
    laid = lay_out(here, year, wish=here.wish)
    sizes = np.array([here.panel.rated_wp]), np.array([here.battery.capacity_wh])
    return laid, laid.run(*sizes, trace=True)


def told(here: SiteEnergy, unit_w: float = 0.5) -> str:
    return " | ".join(year_record(*ran(here, unit_w))["reasons"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "no battery, no grid and no generator"),
        ({"panel": Panel(400.0, 0.0)}, "panels alone carry no print"),
        ({"battery": Battery(1000.0)}, "no panels, no grid and no generator"),
        ({"grid": WeakGrid(50.0)}, "draws up to 100 W .* the grid gives 50 W"),
        # A print is 200 Wh and some loss; 15 % of 200 Wh stay.
        (
            {"panel": Panel(30.0, 0.0), "battery": Battery(200.0)},
            "30 Wh must stay in it: it needs 23. Wh, and a full battery holds 200 Wh",
        ),
        # 20 Wp x 0.5 x 10 h are 100 Wh a day; two prints of 200 Wh take 400.
        (
            {"panel": Panel(20.0, 0.0), "battery": Battery(1000.0)},
            "give 100 Wh a day .5.0 h of their rated power.; 2 prints a day .* 400 Wh",
        ),
        (
            {"grid": WeakGrid(500.0), "wish": Wish(9)},
            "from 08:00 to 18:00 5 prints of 120 min fit .* the wish takes 9",
        ),
        (
            {"grid": WeakGrid(500.0, 30.0, 1.0)},
            "ruined .*each failing of the grid .* one of 250 Wh carries a print",
        ),
    ],
)
def test_a_site_that_falls_short_says_why(change: dict[str, Any], words: str) -> None:
    said = told(site(**change))
    assert re.search(words, said), said


def test_a_site_that_meets_its_wish_says_nothing() -> None:
    assert told(site(grid=WeakGrid(500.0))) == ""
    sunny = site(panel=Panel(400.0, 0.0), battery=Battery(1000.0))
    assert told(sunny) == ""


def test_a_generator_without_a_battery_is_started_for_each_print() -> None:
    laid, runs = ran(site(generator=Generator(300.0)))
    assert runs.finished[0] == 2 * 365
    assert runs.ruined[0] == 0
    # Two prints of two hours a day; at 30 % it makes 90 W, less than the 100 W asked.
    assert runs.generator_h[0] == pytest.approx(4 * 365)
    assert runs.generator_wh[0] == pytest.approx(400 * 365)
    assert laid.generator_of(0.0) is not None
    beside = site(generator=Generator(300.0), grid=WeakGrid(500.0))
    assert ran(beside)[1].generator_h[0] == 0


def test_no_print_on_the_grid_alone_runs_into_hours_that_are_known_to_fail() -> None:
    laid, runs = ran(site(grid=WeakGrid(500.0, 0.0, 0.0, 9.0, 12.0), wish=Wish(3)))
    # From 08:00 none of two hours ends before 09:00; from 12:00 to 18:00 three do.
    assert runs.ruined[0] == 0
    assert runs.finished[0] == 3 * 365
    assert runs.begun_by_hour[0].nonzero()[0].tolist() == [12, 14, 16]
    assert laid.rule.shed_to_h == 12


def test_hours_of_people_are_kept_by_the_clock_in_summer_too() -> None:
    here = site(grid=WeakGrid(500.0), zone="Europe/Paris", wish=Wish(1))
    laid, runs = ran(here)
    assert runs.begun_by_hour[0, 8] == 365
    record = year_record(laid, runs)
    assert record["clock"] == "Europe/Paris"
    assert [hour["begun"] for hour in record["hours"]][8] == 365
    # 1 July 08:00 of the clock is 07:00 of standard time.
    july = 181 * 96
    assert clock_hours(laid)[july + 7 * 4] == 8.0
    assert clock_hours(laid)[7 * 4] == 7.0
    assert year_record(*ran(site()))["clock"] == "UTC+01:00"


def test_a_start_past_midnight_of_summer_time_counts_in_the_first_hour() -> None:
    work = Work(PLAIN, 1, 60.0, 1, 0.0, 24.0)
    here = site(grid=WeakGrid(500.0), zone="Europe/Paris", wish=Wish(24), work=work)
    runs = ran(here)[1]
    # One print after the other, day and night; the last ends with the year.
    assert runs.begun_by_hour[0].sum() == 365 * 24
    assert runs.begun_by_hour[0].tolist() == [365] * 24


def test_clocks_are_put_on_on_the_last_sunday_of_march() -> None:
    ahead = clock_ahead_h("Europe/Paris")
    # 29 March and 25 October 2026.
    assert ahead[:87].max() == 0
    assert ahead[87:297].min() == 1
    assert ahead[297:].max() == 0
    # South of the equator summer time is at both ends of the year.
    south = clock_ahead_h("Australia/Sydney")
    assert (south[0], south[180], south[364]) == (1, 0, 1)
    assert clock_ahead_h("").max() == clock_ahead_h("Africa/Nairobi").max() == 0


def test_hours_without_grid_are_of_the_clock() -> None:
    shed = WeakGrid(100.0, 0.0, 0.0, 17.0, 18.0)
    ahead = np.array([0.0, 1.0])
    power = grid_power_w(shed, 48, 3600, 1, ahead)
    assert np.flatnonzero(power == 0).tolist() == [17, 24 + 16]
