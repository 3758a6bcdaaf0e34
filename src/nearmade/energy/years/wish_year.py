"""A year of one site that has a daily wish, for as many sizes as are asked."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from nearmade.energy.load.machine_load import LoadProfile, load_of_time
from nearmade.energy.panels.controller import drawn_w
from nearmade.energy.site.clocks import clock_ahead_h
from nearmade.energy.site.itinerary import Year
from nearmade.energy.site.site_energy import SiteEnergy, Wish, Work
from nearmade.energy.sky.sun import Array
from nearmade.energy.supply.battery import Battery
from nearmade.energy.supply.carbon import INVERTER_FRACTION
from nearmade.energy.supply.cells import CHEMISTRIES
from nearmade.energy.supply.generator import Generator
from nearmade.energy.supply.grid import GridUse, grid_power_w
from nearmade.energy.years.running import SitePlant, SiteRule, SiteRuns, run_sites
from nearmade.vocabulary.errors import InvalidInput

WH_PER_KWH: Final = 1000.0
#: Steps in which a year is run for an answer, and for a search. Beds switch within a
#: step in both; days met differ by about one in a hundred between them. [s]
STEP_S: Final = 300
SEARCH_STEP_S: Final = 900

#: Charge at the start of the year. Assumed.
FIRST_FRACTION: Final = 0.5

#: A battery stands in a room that is no colder than this. Assumed. [degC]
ROOM_LEAST_DEGC: Final = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class SiteYear:
    """A site laid out for running its year with any panel and battery.

    Parameters
    ----------
    site
        The site.
    year
        What the sky gives it.
    grid_w
        What the grid gives at the battery, shape (n,). [W]
    load
        A job at the battery.
    rule
        How the site decides.
    ahead_h
        What its clock is ahead of standard time, by day, shape (365,). [h]
    """

    site: SiteEnergy
    year: Year
    grid_w: Array
    load: LoadProfile
    rule: SiteRule
    ahead_h: Array

    @property
    def job_wh(self) -> float:
        """Mean energy of a job, at the battery. [Wh]"""
        return float(self.load.mean_w.sum()) * self.load.step_s / 3600

    @property
    def rest_w(self) -> float:
        """What is always on, at the battery. [W]"""
        return self.rule.rest_w * self.rule.machines + self.rule.standing_w

    def run(
        self, panel_wp: Array, battery_wh: Array, *, trace: bool = False
    ) -> SiteRuns:
        """Run sizes of panel and battery, each shape (m,), by the rule of ``running``.

        With panels the grid keeps half of the battery for outages and leaves the other
        half to the sun; without, it keeps all of it full. A generator without a battery
        is started by hand; beside a grid it is then too late for what prints.
        """
        plants = [
            SitePlant(
                sized_battery(self.site, float(wh)),
                self.rule,
                panel_factor=float(wp),
                generator=self.generator_of(float(wh)),
                grid_use=GridUse(0.5, 0.5) if wp > 0 else GridUse(1.0, 1.0),
            )
            for wp, wh in zip(panel_wp, battery_wh, strict=True)
        ]
        return run_sites(
            plants,
            self.year.unit_w[None],
            [self.load],
            clear_w=self.year.clear_unit_w[None],
            grid_w=self.grid_w,
            battery_degc=np.maximum(self.year.air_degc, ROOM_LEAST_DEGC),
            ahead_h=self.ahead_h,
            trace=trace,
        )

    def generator_of(self, battery_wh: float) -> Generator | None:
        """Give the generator that serves beside so large a battery."""
        made = self.site.generator
        return None if battery_wh <= 0 and self.site.grid is not None else made


def lay_out(
    site: SiteEnergy, year: Year, *, wish: Wish | None = None, seed: int = 1
) -> SiteYear:
    """Lay a site out for running its year.

    Parameters
    ----------
    site
        With work to do.
    year
        What the sky gives it.
    wish
        Jobs beyond it are not started; without one, as many as can be.
    seed
        Of the grid's outages.

    Raises
    ------
    InvalidInput
        When the site does not say what it prints, or its inverter cannot start one
        machine.
    """
    work = _work(site)
    machine = work.machine
    together(site)
    print_s = max(0.0, work.minutes * 60 - machine.heatup_s)
    at_plug = load_of_time(machine, print_s).profile(year.step_s)
    rule = SiteRule(
        machines=work.machines,
        rest_w=_drawn_w(site, machine.idle_w),
        standing_w=_drawn_w(site, site.standing_w) + _idle_w(site),
        max_w=site.max_w / INVERTER_FRACTION,
        opens_hour=work.opens_hour,
        closes_hour=work.closes_hour,
        per_day=0 if wish is None else jobs_a_day(wish, work),
        first_fraction=FIRST_FRACTION,
        shed_from_h=site.grid.shed_from_h if site.grid else 0.0,
        shed_to_h=site.grid.shed_to_h if site.grid else 0.0,
    )
    ahead_h = clock_ahead_h(site.zone, site.itinerary)
    grid_w = _grid_w(site, year, seed, ahead_h)
    return SiteYear(site, year, grid_w, _at_battery(site, at_plug), rule, ahead_h)


def _at_battery(site: SiteEnergy, load: LoadProfile) -> LoadProfile:
    """Give what the inverter draws for a load, beside what it draws idle."""
    return LoadProfile(
        load.step_s,
        np.array([_drawn_w(site, float(power)) for power in load.low_w]),
        np.array([_drawn_w(site, float(power)) for power in load.high_w]),
        load.high_fraction,
    )


def _idle_w(site: SiteEnergy) -> float:
    """Give what the inverter draws without any load. [W]"""
    made = site.inverter
    return 0.0 if made is None else drawn_w(0.0, made.rated_w, made.efficiency_fraction)


def _drawn_w(site: SiteEnergy, load_w: float) -> float:
    """Give what the inverter draws for a load, beside what it draws idle. [W]"""
    made = site.inverter
    if made is None:
        return load_w / INVERTER_FRACTION
    return drawn_w(load_w, made.rated_w, made.efficiency_fraction) - _idle_w(site)


def together(site: SiteEnergy) -> int:
    """Count the machines that the inverter carries at their peaks.

    Raises
    ------
    InvalidInput
        When it carries none.
    """
    work = _work(site)
    for_machines_w = site.max_w - site.standing_w
    idle_w, peak_w = work.machine.idle_w, work.machine.peak_w
    fitting = (for_machines_w - work.machines * idle_w) // max(peak_w - idle_w, 1e-9)
    if fitting < 1:
        raise InvalidInput(
            f"{site.name}: {work.machine.machine_model} draws up to {peak_w:.0f} W, "
            f"and {for_machines_w:.0f} W are left for it",
            code="inverter-too-small",
            remedy="raise energy.max_w or the inverter's rating, or name a machine "
            "that draws less",
        )
    return int(min(work.machines, fitting))


def most_jobs_a_day(site: SiteEnergy) -> int:
    """Count the jobs that the machines could do in a day with power without end."""
    work = _work(site)
    open_s = (work.closes_hour - work.opens_hour) * 3600
    job_s = math.ceil(work.minutes * 60 / STEP_S) * STEP_S
    return together(site) * int(open_s // job_s)


def jobs_a_day(wish: Wish, work: Work) -> int:
    """Count the jobs that a wish takes each day."""
    return math.ceil(wish.pieces_a_day / work.pieces)


def sized_battery(site: SiteEnergy, capacity_wh: float) -> Battery:
    """Give a battery of the site's chemistry; of its own size it has its own powers."""
    usual, own = CHEMISTRIES[site.chemistry].battery(capacity_wh), site.battery
    if capacity_wh != own.capacity_wh:
        return usual
    powers = {
        name: power
        for name in ("max_charge_w", "max_discharge_w")
        if math.isfinite(power := getattr(own, name))
    }
    return replace(usual, **powers)


def _work(site: SiteEnergy) -> Work:
    if site.work is None:
        raise InvalidInput(
            f"{site.name}: nothing is said of what it prints",
            remedy='add energy.work, such as {"model": "MINI", "minutes": 90}',
        )
    return site.work


def _grid_w(site: SiteEnergy, year: Year, seed: int, ahead_h: Array) -> Array:
    steps = len(year.unit_w)
    if site.grid is None:
        return np.zeros(steps)
    return grid_power_w(site.grid, steps, year.step_s, seed, ahead_h)


def burnt(site: SiteEnergy, runs: SiteRuns) -> tuple[Array, Array]:
    """Give litres of fuel and kilowatt-hours from the grid's meter, by run."""
    fuel_l, grid_kwh = np.zeros(len(runs.finished)), np.zeros(len(runs.finished))
    if site.generator is not None:
        fuel_l += [
            site.generator.fuel_l(float(made_wh), float(hours))
            for made_wh, hours in zip(runs.generator_wh, runs.generator_h, strict=True)
        ]
    if site.grid is not None:
        grid_kwh += runs.grid_wh / site.grid.converted_fraction / WH_PER_KWH
    return fuel_l, grid_kwh
