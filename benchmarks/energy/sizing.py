"""Sizing one site: how long it takes, and how far it is from the best of all pairs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nearmade.adapters.weather_files import read_weather
from nearmade.energy.load.machine_ratings import MACHINE_POWERS
from nearmade.energy.panels.panel import Panel
from nearmade.energy.site.itinerary import year_at
from nearmade.energy.site.prices import prices_of
from nearmade.energy.site.site_energy import SiteEnergy, Wish, Work
from nearmade.energy.sizing.curve import BATTERY_STEP_WH, PANEL_STEP_WP, Sized, cost_of
from nearmade.energy.sizing.site_sizes import SiteSizing, size_for_wish
from nearmade.energy.supply.battery import Battery
from nearmade.energy.years.wish_year import SEARCH_STEP_S, STEP_S, lay_out
from nearmade.vocabulary.place import Place

#: Files under the shared solar data, where they are, and their panels' tilt. [deg]
PLACES = (
    ("723170TYA.CSV", Place("Greensboro", "US", 36.1, -79.95), -5.0, 35.0),
    ("703165TY.csv", Place("Sand Point", "US", 55.32, -160.52), -9.0, 45.0),
    ("12839.tm2", Place("Miami", "US", 25.8, -80.27), -5.0, 26.0),
)
WISH = Wish(12, 0.95)
#: Pairs around the answer that are all run, to either side, in steps of what is bought.
AROUND = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One place.

    Parameters
    ----------
    seconds
        Of processor time, all ways together. [s]
    above_best
        How much more a year it costs than the best of all pairs around, as a share.
    """

    place: str
    seconds: float
    chosen: Sized
    pairs: int
    above_best: float
    generator_yearly: float


def site_at(place: Place, offset_h: float, tilt_deg: float) -> SiteEnergy:
    """Give a school with two printers that prints two pieces in 90 minutes."""
    work = Work(MACHINE_POWERS["MINI"], 2, 90.0, 2, 7.0, 21.0)
    return SiteEnergy(
        str(place),
        place,
        offset_h,
        Panel(0.0, tilt_deg),
        Battery(0.0),
        work=work,
        wish=WISH,
    )


def rows(folder: Path) -> list[Row]:
    """Size each place; skips those whose file is not there."""
    found = []
    for name, place, offset_h, tilt_deg in PLACES:
        path = folder / name
        if not path.exists():
            continue
        site, weather = site_at(place, offset_h, tilt_deg), read_weather(path)
        warm = lay_out(site, year_at(site.panel, weather, SEARCH_STEP_S), wish=WISH)
        warm.run(np.array([100.0]), np.array([500.0]))  # compiled before the clock runs
        begun = time.process_time()
        search = year_at(site.panel, weather, SEARCH_STEP_S)
        fine = year_at(site.panel, weather, STEP_S)
        sizing = size_for_wish(site, search, WISH, fine=fine)
        seconds = time.process_time() - begun
        sun = sizing.ways[0]
        if sun.chosen is None:
            raise AssertionError(f"{place}: nothing serves the wish")
        best = best_around(site, sizing, folder / name)
        chosen = sun.chosen
        found.append(
            Row(
                place.name,
                seconds,
                chosen,
                sun.sizing.tried,
                float(chosen.yearly_cost / best - 1),
                sizing.ways[1].chosen.yearly_cost if sizing.ways[1].chosen else 0.0,
            )
        )
    return found


def best_around(site: SiteEnergy, sizing: SiteSizing, path: Path) -> float:
    """Run every pair around the choice in fine steps; the least yearly cost. [money]"""
    chosen = sizing.ways[0].chosen
    if chosen is None:
        raise AssertionError("nothing to compare")
    year = year_at(site.panel, read_weather(path), SEARCH_STEP_S)
    laid = lay_out(site, year, wish=WISH)
    prices = prices_of(site.chemistry, site.prices)
    steps = np.arange(-AROUND, AROUND + 1)
    wp, wh = np.meshgrid(
        chosen.panel_wp + 2 * PANEL_STEP_WP * steps,
        chosen.battery_wh + BATTERY_STEP_WH * steps,
        indexing="ij",
    )
    kept = (wp > 0) & (wh > 0)
    runs = laid.run(wp[kept], wh[kept])
    pieces = site.work.pieces if site.work else 1
    met = (runs.finished_by_day * pieces >= WISH.pieces_a_day).mean(axis=1)
    costs = [
        cost_of(a, b, site.max_w, prices)[1]
        for a, b, share in zip(wp[kept], wh[kept], met, strict=True)
        if share >= WISH.days_fraction
    ]
    return min([*costs, chosen.yearly_cost])


def table(found: list[Row]) -> str:
    """Lay the rows out."""
    lines = ["place        CPU s  pairs   panel  battery   days  a year  above  engine"]
    lines += [
        f"{row.place:12} {row.seconds:5.1f} {row.pairs:6d} {row.chosen.panel_wp:6.0f}W "
        f"{row.chosen.battery_wh / 1000:5.2f}kWh {row.chosen.days_fraction:6.1%} "
        f"{row.chosen.yearly_cost:7.0f} {row.above_best:6.2%} "
        f"{row.generator_yearly:7.0f}"
        for row in found
    ]
    return "\n".join(lines)
