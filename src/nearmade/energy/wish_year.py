"""A year of one site that has a daily wish, for as many sizes as are asked."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from nearmade.energy.battery import Battery, bus_row
from nearmade.energy.grid_supply import grid_power_w
from nearmade.energy.itinerary import DAYS, Year
from nearmade.energy.machine_load import load_of_time
from nearmade.energy.machine_power import POWER_HIGH_FACTOR
from nearmade.energy.reserve import FULL_FRACTION, OUT_FRACTION, SPARE_FRACTION
from nearmade.energy.site_energy import SiteEnergy, Wish, Work
from nearmade.energy.sizing import Need, Served
from nearmade.energy.sun import Array
from nearmade.energy.supply_carbon import INVERTER_FRACTION
from nearmade.energy.wish_kernel import DAY_FIGURES, MADE, run_year
from nearmade.vocabulary.errors import InvalidInput

#: Steps in which a year is run: short enough for the bed's course. [s]
STEP_S: Final = 300

#: No site makes more; stands for no limit. [jobs/d]
NO_LIMIT: Final = 1e9

#: Charge at the start of the year. Assumed.
FIRST_FRACTION: Final = 0.5

#: What a battery gives and takes at most for each watt-hour of it. Assumed: makers of
#: lithium iron phosphate packs allow 0.5 to 1 of both; of lead-acid, 0.2 to 0.3.
C_RATES: Final = {"lifepo4": (0.5, 1.0), "lead-acid": (0.15, 0.3)}


@dataclass(frozen=True, slots=True, eq=False)
class SiteYear:
    """A site laid out for the compiled year.

    Parameters
    ----------
    site
        The site.
    year
        What the sky gives it.
    grid_w
        What the grid gives at the battery, shape (n,). [W]
    job_w
        What a job draws above rest at the battery, shape (k,). [W]
    work
        Figures of rule and machines, shape (12,).
    """

    site: SiteEnergy
    year: Year
    grid_w: Array
    job_w: Array
    work: Array

    def run(self, panel_wp: Array, battery_wh: Array) -> Array:
        """Run sizes of panel and battery, each shape (m,).

        Returns
        -------
        Array
            Figures of each day as ``wish_kernel`` names them, shape (m, 365, 13).
        """
        days = np.zeros((len(panel_wp), DAYS, DAY_FIGURES))
        site = self.site
        for at, (wp, wh) in enumerate(zip(panel_wp, battery_wh, strict=True)):
            battery = sized_battery(site, float(wh))
            run_year(
                days[at],
                self.year.unit_w,
                float(wp),
                bus_row(battery, site.generator),
                self.grid_w,
                self.year.air_degc,
                self.job_w,
                self.work,
            )
        return days

    def served(self, wish: Wish) -> Served:
        """Give what a sizing asks: the share of days that meet a wish."""
        pieces = _work(self.site).pieces

        def share(panel_wp: Array, battery_wh: Array) -> Array:
            made = self.run(panel_wp, battery_wh)[:, :, MADE] * pieces
            met: Array = (made >= wish.pieces_a_day).mean(axis=1)
            return met

        return share

    def need(self, wish: Wish) -> Need:
        """Give what the wish asks of the site's power."""
        jobs = jobs_a_day(wish, _work(self.site))
        job_wh = float(self.job_w.sum()) * self.year.step_s / 3600
        rest_wh = float(self.work[4]) * 24
        high_wh = job_wh * POWER_HIGH_FACTOR / OUT_FRACTION
        return Need(
            jobs * job_wh + rest_wh, high_wh, wish.days_fraction, self.site.max_w
        )


def lay_out(
    site: SiteEnergy, year: Year, *, wish: Wish | None = None, seed: int = 1
) -> SiteYear:
    """Lay a site out for the compiled year.

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
    step_s = year.step_s
    machine = work.machine
    print_s = max(0.0, work.minutes * 60 - machine.heatup_s)
    load = load_of_time(machine, print_s)
    profile = load.profile(step_s)
    job_w = np.maximum(profile.mean_w - machine.idle_w, 0.0) / INVERTER_FRACTION
    per_hour = 3600 / step_s
    figures = np.array(
        [
            together(site),
            NO_LIMIT if wish is None else jobs_a_day(wish, work),
            math.ceil(work.opens_hour * per_hour - 1e-9),
            # Open day and night, a job may run over midnight.
            math.floor(work.closes_hour * per_hour + 1e-9)
            if work.closes_hour - work.opens_hour < 24
            else 24 * per_hour + len(job_w),
            (machine.idle_w * work.machines + site.standing_w) / INVERTER_FRACTION,
            job_w.sum() * step_s / 3600 * POWER_HIGH_FACTOR,
            OUT_FRACTION,
            SPARE_FRACTION,
            FULL_FRACTION,
            load.peak_w / INVERTER_FRACTION,
            step_s / 3600,
            FIRST_FRACTION,
        ]
    )
    return SiteYear(site, year, _grid_w(site, year, seed), job_w, figures)


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
            remedy="raise energy.max_w, or name a machine that draws less",
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
    """Give the site's battery with another capacity, its powers growing along."""
    charge, discharge = C_RATES[site.chemistry]
    own = site.battery
    charge_w, discharge_w = own.max_charge_w, own.max_discharge_w
    if not math.isfinite(charge_w) or capacity_wh != own.capacity_wh:
        charge_w = charge * capacity_wh
    if not math.isfinite(discharge_w) or capacity_wh != own.capacity_wh:
        discharge_w = discharge * capacity_wh
    return replace(
        own,
        capacity_wh=capacity_wh,
        max_charge_w=charge_w,
        max_discharge_w=discharge_w,
    )


def _work(site: SiteEnergy) -> Work:
    if site.work is None:
        raise InvalidInput(
            f"{site.name}: nothing is said of what it prints",
            remedy='add energy.work, such as {"model": "MINI", "minutes": 90}',
        )
    return site.work


def _grid_w(site: SiteEnergy, year: Year, seed: int) -> Array:
    steps = len(year.unit_w)
    if site.grid is None:
        return np.zeros(steps)
    return grid_power_w(site.grid, steps, year.step_s, seed)
