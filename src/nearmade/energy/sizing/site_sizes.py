"""Sizing of one site by running its years: sun, battery, generator, grid, mixtures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf
from typing import Final

import numpy as np

from nearmade.energy.load.machine_power import POWER_HIGH_FACTOR
from nearmade.energy.site.itinerary import Year
from nearmade.energy.site.prices import Prices, prices_of, yearly
from nearmade.energy.site.site_energy import SiteEnergy, Wish
from nearmade.energy.sizing.curve import (
    Need,
    Served,
    Sized,
    Sizing,
    confirmed,
    size_site,
)
from nearmade.energy.sky.sun import Array
from nearmade.energy.supply.generator import Generator
from nearmade.energy.supply.reserve import OUT_FRACTION
from nearmade.energy.years.wish_year import (
    SiteYear,
    burnt,
    jobs_a_day,
    lay_out,
    most_jobs_a_day,
    together,
)
from nearmade.vocabulary.errors import InvalidInput

#: A generator is bought so much larger than what it must start. Assumed.
GENERATOR_SPARE: Final = 1.25

SUN: Final = "sun and battery"
GENERATOR: Final = "generator and battery"
SUN_GENERATOR: Final = "sun, battery and generator"
GRID: Final = "grid, with a battery for outages"
SUN_GRID: Final = "sun, battery and grid"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to power a site.

    Parameters
    ----------
    name
        For people.
    sizing
        The cheapest sizes and the others.
    fuel_l, grid_kwh
        Of the chosen sizes, by year; zero where nothing serves.
    """

    name: str
    sizing: Sizing
    fuel_l: float = 0.0
    grid_kwh: float = 0.0

    @property
    def chosen(self) -> Sized | None:
        """The cheapest pair that meets the wish; None where none does."""
        return self.sizing.chosen

    @property
    def yearly_cost(self) -> float:
        """Of the chosen pair; without end where there is none. [money per year]"""
        return inf if self.chosen is None else self.chosen.yearly_cost


@dataclass(frozen=True, slots=True)
class SiteSizing:
    """All ways to power a site for its wish.

    Parameters
    ----------
    wish
        What was asked.
    ways
        Sun and battery first.
    cheapest
        Name of the way of least yearly cost that meets the wish; empty where none does.
    prices
        What was reckoned with.
    jobs_a_day, most_jobs_a_day
        That the wish takes, and that the machines could do at most.
    """

    wish: Wish
    ways: tuple[Way, ...]
    cheapest: str
    prices: Prices
    jobs_a_day: int
    most_jobs_a_day: int


def size_for_wish(
    site: SiteEnergy,
    year: Year,
    wish: Wish,
    *,
    fine: Year | None = None,
    tell: Callable[[int], None] | None = None,
) -> SiteSizing:
    """Find the cheapest power for a wish: by the sun alone, and by what may help it.

    Parameters
    ----------
    site
        Its own panel and battery do not count; its grid and generator are ways beside
        the sun.
    year
        What the sky gives it, in steps for the search.
    wish
        Pieces a day, on which share of days.
    fine
        The same in finer steps: what was chosen is run again in them, and gets more
        battery where it then falls short.
    tell
        Is told how many years were run so far, now and then.

    Raises
    ------
    InvalidInput
        When the site does not say what it prints, or its machines could not make so
        many with any power.
    """
    if site.work is None:
        raise InvalidInput(
            f"{site.name}: nothing is said of what it prints",
            remedy='add energy.work, such as {"model": "MINI", "minutes": 90}',
        )
    needed, most = jobs_a_day(wish, site.work), most_jobs_a_day(site)
    if needed > most:
        raise InvalidInput(
            f"{site.name}: {wish.pieces_a_day} pieces take {needed} jobs a day, and "
            f"its machines do {most} with any power",
            code="machines-too-few",
            remedy="add machines, open longer, put more on a plate, or wish for less",
        )
    prices = prices_of(site.chemistry, site.prices)
    years = (year, fine or year)
    counter = _Counter(tell)
    alone = replace(site, generator=None, grid=None)
    ways = [_way(SUN, alone, years, wish, prices, counter)]
    made = site.generator or Generator(_generator_w(site))
    for name, generator, grid, panels in (
        (GENERATOR, made, None, False),
        (SUN_GENERATOR, made, None, True),
        (GRID, None, site.grid, False),
        (SUN_GRID, None, site.grid, True),
    ):
        if generator is not None or grid is not None:
            mixed = replace(site, generator=generator, grid=grid)
            ways.append(_way(name, mixed, years, wish, prices, counter, panels=panels))
    able = [each for each in ways if each.chosen is not None]
    cheapest = min(able, key=lambda x: x.yearly_cost, default=None)
    name = cheapest.name if cheapest else ""
    return SiteSizing(wish, tuple(ways), name, prices, needed, most)


class _Counter:
    """Counts the years that are run, and tells."""

    def __init__(self, tell: Callable[[int], None] | None) -> None:
        self._tell = tell
        self._years = 0

    def counting(self, served: Served) -> Served:
        """Give the same function, counted."""

        def counted(panel_wp: Array, battery_wh: Array) -> tuple[Array, Array]:
            found = served(panel_wp, battery_wh)
            self._years += len(panel_wp)
            if self._tell is not None:
                self._tell(self._years)
            return found

        return counted


def _generator_w(site: SiteEnergy) -> float:
    """Give the power of a generator that carries all machines at their peaks. [W]"""
    work = site.work
    peak_w = work.machine.peak_w if work else 0.0
    return GENERATOR_SPARE * (together(site) * peak_w + site.standing_w)


def _way(
    name: str,
    site: SiteEnergy,
    years: tuple[Year, Year],
    wish: Wish,
    prices: Prices,
    counter: _Counter,
    *,
    panels: bool = True,
) -> Way:
    """Size a site with what stands beside its sun, or in the place of it."""
    laid, fine = (lay_out(site, year, wish=wish) for year in years)
    need = _need(laid, wish, prices)
    counts = {"panels": 7 if panels else 0, "batteries": 6} if need.helped else {}
    served = counter.counting(_served(laid, wish, prices))
    sizing = size_site(need, prices, served, **counts)
    if sizing.chosen is None:
        return Way(name, sizing)
    by_fine = counter.counting(_served(fine, wish, prices))
    chosen = confirmed(sizing.chosen, need, prices, by_fine)
    sizing = replace(sizing, chosen=chosen)
    if chosen is None:
        return Way(name, sizing)
    runs = fine.run(np.array([chosen.panel_wp]), np.array([chosen.battery_wh]))
    fuel_l, grid_kwh = burnt(site, runs)
    return Way(name, sizing, float(fuel_l[0]), float(grid_kwh[0]))


def _need(laid: SiteYear, wish: Wish, prices: Prices) -> Need:
    """Give what bounds the search, and what is bought whatever the sizes."""
    site = laid.site
    if site.work is None:
        raise InvalidInput("sizing: a site without work")
    day_wh = jobs_a_day(wish, site.work) * laid.job_wh + laid.rest_w * 24
    need = Need(
        day_wh,
        laid.job_wh * POWER_HIGH_FACTOR / OUT_FRACTION,
        wish.days_fraction,
        site.max_w,
    )
    if site.generator is not None:
        cost = prices.generator_per_w * site.generator.rated_w
        spread = yearly(cost, prices.generator_years, prices.interest_fraction)
        return replace(need, first_cost=cost, yearly_cost=spread, helped=True)
    if site.grid is not None:
        cost = prices.grid_connection
        spread = yearly(cost, prices.panel_years, prices.interest_fraction)
        return replace(need, first_cost=cost, yearly_cost=spread, helped=True)
    return need


def _served(laid: SiteYear, wish: Wish, prices: Prices) -> Served:
    """Give what a sizing asks of the years."""
    site = laid.site
    pieces = site.work.pieces if site.work else 1

    def served(panel_wp: Array, battery_wh: Array) -> tuple[Array, Array]:
        runs = laid.run(panel_wp, battery_wh)
        met = (runs.finished_by_day * pieces >= wish.pieces_a_day).mean(axis=1)
        fuel_l, grid_kwh = burnt(site, runs)
        running = prices.fuel_per_l * fuel_l + site.grid_per_kwh * grid_kwh
        return met, running + prices.generator_hour * runs.generator_h

    return served
