"""Why a site makes nothing, or less than it wished, or loses prints: in words."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Final

import numpy as np

from nearmade.energy.deciding.run_step import left_wh
from nearmade.energy.sky.sun import Array
from nearmade.energy.supply.battery import Battery, bus_row
from nearmade.energy.supply.reserve import FULL_FRACTION
from nearmade.energy.years.run_kernel import CHARGE, CLOSED, CUT_OFF, PEAK
from nearmade.energy.years.running import SiteRuns
from nearmade.energy.years.wish_year import (
    SiteYear,
    jobs_a_day,
    most_jobs_a_day,
    sized_battery,
)

#: First days of the months of a year without leap day, and its end.
MONTH_STARTS: Final = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December",
)  # fmt: skip
#: Shorter than this in a year is not worth a word. [h]
SAID_H: Final = 1.0


def reasons_of(laid: SiteYear, runs: SiteRuns) -> list[str]:
    """Say what kept a site from its wish and what ruined its prints, with numbers.

    Empty where it made all that it wished, or could, and lost nothing.

    Parameters
    ----------
    laid
        The site.
    runs
        Of its own panel and battery alone, with its trace.
    """
    told = _Told(laid, runs)
    found = [told.ruined()]
    if told.nothing_feeds:
        return [told.nothing_feeds]
    if told.falls_short:
        found += [told.time(), told.peak(), told.charge(), told.sun(), told.off()]
        found += [told.closed()]
    return [words for words in found if words]


class _Told:
    """One site's year, asked for its reasons."""

    def __init__(self, laid: SiteYear, runs: SiteRuns) -> None:
        self._laid, self._runs, self._site = laid, runs, laid.site
        self._battery = sized_battery(laid.site, laid.site.battery.capacity_wh)
        self._waited_h = runs.waited_h[0]
        self._job_wh = _job_wh(laid, self._battery)
        stays = self._battery.cutoff_fraction + laid.rule.spare_fraction
        self._stays_wh = stays * self._battery.usable_top_wh
        self._needs_wh = self._job_wh + self._stays_wh
        work, wish = laid.site.work, laid.site.wish
        assert work is not None  # a site is laid out with its work
        self._wished = most_jobs_a_day(laid.site)
        self._share = 1.0
        if wish is not None:
            self._wished, self._share = jobs_a_day(wish, work), wish.days_fraction
        self._met = runs.finished_by_day[0] >= self._wished

    @property
    def falls_short(self) -> bool:
        """True when fewer days met the wish than it asks."""
        return bool(self._met.mean() < self._share)

    def ruined(self) -> str:
        """Say when prints were ruined, and what would have saved them."""
        count = int(self._runs.ruined[0])
        if not count:
            return ""
        when = _worst_months(self._runs.ruined_by_day[0])
        words = f"{_prints(count)} ruined{when}: "
        if self._battery.usable_top_wh > 0:
            cut = self._battery.cutoff_fraction
            return words + f"the battery fell to its cut-off of {cut:.0%} at work"
        free = FULL_FRACTION - 0.15  # cut-off and spare of a usual battery
        enough = math.ceil(self._job_wh / free / 50) * 50
        return words + (
            "without a battery each failing of the grid takes what prints; "
            f"one of {enough} Wh carries a print to its end"
        )

    def time(self) -> str:
        """Say where the hours of the day are too few."""
        most, work = most_jobs_a_day(self._site), self._site.work
        if work is None or most >= self._wished:
            return ""
        return (
            f"the hours do not suffice: from {_clock(work.opens_hour)} to "
            f"{_clock(work.closes_hour)} {most} prints of {work.minutes:g} min fit "
            f"on the machines, the wish takes {self._wished}"
        )

    def peak(self) -> str:
        """Say where what is given at once is too little."""
        if self._waited_h[PEAK] < SAID_H:
            return ""
        rule, load = self._laid.rule, self._laid.load
        peak_w = float(load.high_w.max()) + rule.standing_w
        peak_w += (rule.machines - 1) * rule.rest_w
        gives_w, gives = self._given()
        if gives_w >= peak_w:
            return (
                f"for {self._waited_h[PEAK]:.0f} h of the open hours the grid was not "
                "there to begin on"
            )
        return (
            f"a print draws up to {peak_w:.0f} W with what is always on, and {gives}: "
            f"for {self._waited_h[PEAK]:.0f} h of the year one more could not begin"
        )

    @property
    def nothing_feeds(self) -> str:
        """Say that nothing could ever carry a print; empty where something could."""
        site, gives_w = self._site, self._given()[0]
        if gives_w > 0 and (
            site.panel.rated_wp > 0 or site.grid is not None or site.generator
        ):
            return ""
        if gives_w > 0:
            return (
                "there are no panels, no grid and no generator to charge the battery; "
                f"what it held at first made {int(self._runs.finished[0])} prints"
            )
        if site.panel.rated_wp > 0:
            return (
                "there is neither battery nor grid nor generator: panels alone carry "
                "no print, the first cloud would ruin it"
            )
        return "there is no battery, no grid and no generator: nothing can print"

    def _given(self) -> tuple[float, str]:
        """Give what battery, grid and generator give at most together. [W]"""
        given, total_w = [], 0.0
        if self._battery.usable_top_wh > 0:
            given.append(f"the battery gives {self._battery.max_discharge_w:.0f} W")
            total_w += self._battery.max_discharge_w
        if self._site.grid is not None:
            grid_w = float(self._laid.grid_w.max())
            total_w += grid_w
            given.append(f"the grid gives {grid_w:.0f} W behind its charger")
        made = self._laid.generator_of(self._site.battery.capacity_wh)
        if made is not None:
            given.append(f"the generator gives {made.rated_w:.0f} W")
            total_w += made.rated_w
        return total_w, ", ".join(given)

    def charge(self) -> str:
        """Say where the battery is too small, or too seldom full."""
        full_wh = self._battery.usable_top_wh
        if full_wh <= 0 or self._waited_h[CHARGE] < SAID_H:
            return ""
        needs = (
            f"a print takes {self._job_wh:.0f} Wh from the battery and "
            f"{self._stays_wh:.0f} Wh must stay in it: it needs {self._needs_wh:.0f} Wh"
        )
        if self._needs_wh > full_wh * FULL_FRACTION:
            return (
                f"{needs}, and a full battery holds {full_wh:.0f} Wh; where the sun "
                f"of all like hours carried the rest, {int(self._runs.by_sun[0])} "
                "prints began"
            )
        stored_wh = self._runs.stored_wh[0]
        highest_wh = float(stored_wh.max())
        if highest_wh < self._needs_wh:
            return f"{needs}, and the battery never held more than {highest_wh:.0f} Wh"
        return (
            f"{needs}; for {self._waited_h[CHARGE]:.0f} h of the open hours the "
            "battery held less than the next one asks"
        )

    def sun(self) -> str:
        """Say where the panels give less than the wish takes, in the poorest month."""
        site, rest_wh = self._site, self._laid.rest_w * 24
        if not (self._waited_h[CHARGE] + self._waited_h[CUT_OFF] >= SAID_H):
            return ""
        if site.grid is not None or site.generator is not None:
            return ""
        wh = self._laid.year.unit_w.reshape(365, -1).sum(axis=1)
        hours = wh * self._laid.year.step_s / 3600
        by_month = [hours[a:b].mean() for a, b in pairwise(MONTH_STARTS)]
        poorest = int(np.argmin(by_month))
        gives_wh = float(by_month[poorest]) * site.panel.rated_wp
        takes_wh = self._wished * self._laid.job_wh + rest_wh
        words = (
            f"in {MONTHS[poorest]} the panels give {gives_wh:.0f} Wh a day "
            f"({by_month[poorest]:.1f} h of their rated power); {self._wished} prints "
            f"a day and what is always on take {takes_wh:.0f} Wh"
        )
        if gives_wh >= takes_wh:
            return ""
        if rest_wh >= gives_wh:
            words += f", of which {rest_wh:.0f} Wh are drawn at rest"
        return words

    def off(self) -> str:
        """Say how long the load was cut off."""
        if self._waited_h[CUT_OFF] < SAID_H:
            return ""
        return f"for {self._waited_h[CUT_OFF]:.0f} h there was no power to begin on"

    def closed(self) -> str:
        """Say how long a full enough battery met closed hours."""
        work, full_wh = self._site.work, self._battery.usable_top_wh
        if work is None or full_wh <= 0 or self._waited_h[CLOSED] < SAID_H:
            return ""
        if self._waited_h[PEAK] >= SAID_H:  # no charge would have helped
            return ""
        hour = clock_hours(self._laid)
        length_h = self._laid.load.step_s * len(self._laid.load.low_w) / 3600
        shut = (hour < work.opens_hour) | (hour + length_h > work.closes_hour + 1e-9)
        enough = self._runs.stored_wh[0] > self._needs_wh
        hours = float((shut & enough).sum()) * self._laid.load.step_s / 3600
        if hours < SAID_H:
            return ""
        return (
            f"for {hours:.0f} h the battery held enough for a print, and none that "
            f"begins and ends from {_clock(work.opens_hour)} to "
            f"{_clock(work.closes_hour)} could begin"
        )


def clock_hours(laid: SiteYear) -> Array:
    """Give the hour of the local clock at each step of the year, shape (n,). [h]"""
    at_h = np.arange(len(laid.year.unit_w)) * (laid.year.step_s / 3600)
    ahead = laid.ahead_h[(at_h // 24).astype(np.int64) % len(laid.ahead_h)]
    hours: Array = (at_h + ahead) % 24
    return hours


def _job_wh(laid: SiteYear, battery: Battery) -> float:
    """Give what a job takes out of the battery without sun, its losses included."""
    load = laid.load
    table = np.stack((load.low_w, load.high_w, load.high_fraction), axis=1)[None]
    lengths = np.array([len(load.low_w)], np.int64)
    return float(left_wh(table, lengths, load.step_s / 3600, bus_row(battery))[0, 0])


def _worst_months(by_day: Array) -> str:
    """Name the three months with the most, and how many."""
    counts = [int(by_day[a:b].sum()) for a, b in pairwise(MONTH_STARTS)]
    order = sorted(range(12), key=lambda month: -counts[month])[:3]
    named = [f"{counts[n]} in {MONTHS[n]}" for n in order if counts[n]]
    return f" ({', '.join(named)})"


def _prints(count: int) -> str:
    return "1 print was" if count == 1 else f"{count} prints were"


def _clock(hour: float) -> str:
    return f"{int(hour):02d}:{round(hour % 1 * 60):02d}"
