"""What a list of jobs does today on sun and battery: which starts when, which waits.

The day is walked through in steps of five minutes on a middling course of the sun. In
every step the next job in line is put to the site's own rules (``rules.may_start``),
which look at all courses, so the plan says what the agent would say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

import numpy as np

from nearmade.energy.deciding.outlook import STEP_S, Outlook, steps_of
from nearmade.energy.deciding.rules import (
    Decision,
    RuleBook,
    SiteNow,
    Verb,
    may_start,
    quiet_words,
)
from nearmade.energy.deciding.windows import Windows, may_start_on_grid
from nearmade.energy.load.heat_up import heat_up_words
from nearmade.energy.load.machine_load import JobLoad
from nearmade.energy.sky.sun import Array
from nearmade.energy.supply.battery import Battery, BatteryState, step
from nearmade.energy.supply.grid import GridUse
from nearmade.vocabulary.errors import InvalidInput

STEPS_PER_DAY: Final = 86_400 // STEP_S
MOST_JOBS: Final = 500


@dataclass(frozen=True, slots=True)
class DayJob:
    """A job that waits, at the battery; in line by its place in the list."""

    id: str
    load: JobLoad


@dataclass(frozen=True, slots=True)
class DayRow:
    """What one job does today.

    Parameters
    ----------
    job
        Its id.
    machine
        Which, from 0; None where it does not start today.
    start, end
        Steps from now; None where it does not start today, or is cut off.
    decision
        With which it started, or the last with which it waited.
    first_wait
        Why it did not start as soon as a machine was free; empty where it did.
    """

    job: str
    machine: int | None
    start: int | None
    end: int | None
    decision: Decision
    first_wait: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class DayPlan:
    """Today.

    Parameters
    ----------
    rows
        One for each job, in line.
    charge_fraction
        Of the battery before each step, shape (steps,).
    sun_w
        The middling course, shape (steps,). [W]
    """

    rows: tuple[DayRow, ...]
    charge_fraction: Array
    sun_w: Array


@dataclass(frozen=True, slots=True)
class DayGrid:
    """The grid of a day.

    Parameters
    ----------
    limit_w
        The most it gives at the battery's terminals. [W]
    converted_fraction
        What a charger leaves of it there, above 0 to 1.
    windows
        What it costs and emits by the hour.
    shed_from_h, shed_to_h
        Hours of the clock without it, none when equal. [h]
    use
        When it serves beside a battery, and charges it.
    """

    limit_w: float
    converted_fraction: float = 1.0
    windows: Windows = field(default_factory=Windows)
    shed_from_h: float = 0.0
    shed_to_h: float = 0.0
    use: GridUse = field(default_factory=GridUse)

    def fails_at(self, hour: float, lasts_h: float) -> bool:
        """Tell whether work of so many hours meets hours without it."""
        without = (self.shed_to_h - self.shed_from_h) % 24
        since = (hour - self.shed_from_h) % 24
        until = (self.shed_from_h - hour) % 24
        return without > 0 and (since < without or until < lasts_h - 1e-9)


@dataclass(frozen=True, slots=True)
class DaySite:
    """The site of a day.

    Parameters
    ----------
    battery, stored_wh
        What it holds now. [Wh]
    machines
        How many stand free.
    max_w, standing_w
        The most at once; what is always on, machines at rest included. [W]
    opens_hour, closes_hour
        Jobs start, and end, between these of local time. [h]
    grid
        None where there is none.
    storm
        Words on a storm that is expected, as in ``until Tue 18:00``; empty for none.
    """

    battery: Battery
    stored_wh: float
    machines: int
    max_w: float
    standing_w: float
    opens_hour: float = 0.0
    closes_hour: float = 24.0
    grid: DayGrid | None = None
    storm: str = ""


def plan_day(
    jobs: Sequence[DayJob], site: DaySite, outlook: Outlook, book: RuleBook
) -> DayPlan:
    """Walk a list of jobs through the next 24 hours.

    Parameters
    ----------
    jobs
        In line; a job does not overtake one before it.
    site
        As it stands now.
    outlook
        Courses of the sun for 24 hours and longer than the longest job, one at least.
    book
        What the site wants.

    Raises
    ------
    InvalidInput
        When there are too many jobs, or no course of the sun.
    """
    if not outlook.known or outlook.paths_w.shape[1] < STEPS_PER_DAY:
        raise InvalidInput("day: needs a course of the sun for 24 hours")
    if len(jobs) > MOST_JOBS:
        raise InvalidInput(
            f"day: {len(jobs)} jobs, the most is {MOST_JOBS}", remedy="list fewer"
        )
    walk = _Walk(list(jobs), site, outlook, book)
    for now in range(STEPS_PER_DAY):
        walk.step(now)
    return walk.plan()


def middling(paths_w: Array) -> Array:
    """Give the course whose sum is in the middle. [W]"""
    order = np.argsort(paths_w.sum(axis=1), kind="stable")
    course: Array = paths_w[order[len(order) // 2]]
    return course


class _Walk:
    """The day so far."""

    def __init__(
        self, jobs: list[DayJob], site: DaySite, outlook: Outlook, book: RuleBook
    ) -> None:
        self._jobs, self._site, self._outlook, self._book = jobs, site, outlook, book
        self._sun_w = middling(outlook.paths_w)
        self._state = BatteryState(site.stored_wh)
        self._charge = np.zeros(STEPS_PER_DAY)
        self._rows: dict[str, DayRow] = {}
        self._at_work: dict[int, tuple[DayJob, int]] = {}
        self._line = list(jobs)
        self._waited: dict[str, str] = {}

    def step(self, now: int) -> None:
        """Start what may start, then let five minutes pass."""
        self._at_work = {
            machine: (job, start)
            for machine, (job, start) in self._at_work.items()
            if (now - start) * STEP_S < job.load.work_s - 1e-6
        }
        full = max(self._site.battery.usable_top_wh, 1e-9)
        self._charge[now] = self._state.stored_wh / full
        while self._line and len(self._at_work) < self._site.machines:
            if not self._start_first(now):
                break
        self._pass(now)

    def plan(self) -> DayPlan:
        """Give the rows in line."""
        for job in self._line:
            words = self._waited.get(job.id) or "waits behind the jobs before it"
            last = self._rows.get(job.id)
            decision = last.decision if last else _wait(words)
            self._rows[job.id] = DayRow(job.id, None, None, None, decision, words)
        rows = tuple(self._rows[job.id] for job in self._jobs)
        return DayPlan(rows, self._charge, self._sun_w[:STEPS_PER_DAY])

    def _start_first(self, now: int) -> bool:
        job = self._line[0]
        closed = self._closed(job, now)
        decision = closed or self._decide(job, now)
        if not decision.ok:
            self._waited.setdefault(job.id, decision.reason)
            if closed is None or job.id not in self._rows:
                self._rows[job.id] = DayRow(job.id, None, None, None, decision)
            return False
        free = next(m for m in range(self._site.machines) if m not in self._at_work)
        length = -int(-job.load.work_s // STEP_S)
        self._rows[job.id] = DayRow(
            job.id,
            free,
            now,
            now + length,
            decision,
            self._waited.get(job.id, ""),
        )
        self._at_work[free] = (job, now)
        self._line.pop(0)
        return True

    def _decide(self, job: DayJob, now: int) -> Decision:
        """Ask the battery's rules and the grid's; either lets a job start."""
        grid, site = self._site.grid, self._now(now)
        if site.battery.usable_top_wh > 0:
            by_sun = may_start(job.load, site, self._from(now), self._book)
            if grid is None or by_sun.ok:
                return by_sun
        assert grid is not None  # a site without battery has a grid
        look = self._from(now)
        limit_w = min(self._site.max_w, grid.limit_w + site.battery.max_discharge_w)
        peak = heat_up_words(
            job.load,
            site.at_work,
            limit_w,
            self._book.exceed_fraction,
            site.standing_w,
        )
        if peak:
            return Decision(Verb.WAIT, peak, "peak")
        local = look.local(0)
        if grid.fails_at(local.hour + local.minute / 60, job.load.work_s / 3600):
            until = look.clock(steps_of(job.load.work_s))
            return _wait(
                f"waits: it would be at work until {until}, and from "
                f"{_clock(grid.shed_from_h)} to {_clock(grid.shed_to_h)} "
                "there is no grid"
            )
        quiet = quiet_words(job.load, look, self._book)
        if quiet:
            return _wait(quiet)
        return may_start_on_grid(
            job.load.scaled(1 / grid.converted_fraction),
            grid.windows,
            look.begins_at,
            since=self._outlook.begins_at,
            zone=look.wall,
        )

    def _closed(self, job: DayJob, now: int) -> Decision | None:
        site = self._site
        if site.opens_hour <= 0 and site.closes_hour >= 24:
            return None
        hours = job.load.work_s / 3600
        opens, closes = _clock(site.opens_hour), _clock(site.closes_hour)
        if hours > site.closes_hour - site.opens_hour + 1e-9:
            return _wait(
                f"waits: it takes {hours:.1f} h, longer than from {opens} to {closes}"
            )
        local = self._outlook.local(now)
        hour = local.hour + local.minute / 60
        if hour < site.opens_hour:
            return _wait(f"waits: opens at {opens}")
        if hour + hours > site.closes_hour + 1e-9:
            return _wait(f"waits: it takes {hours:.1f} h, and {closes} is closing")
        return None

    def _now(self, now: int) -> SiteNow:
        works = tuple(
            job.load.rest_of((now - start) * STEP_S)
            for job, start in self._at_work.values()
        )
        site = self._site
        return SiteNow(
            site.battery,
            self._state.stored_wh,
            works,
            site.max_w,
            site.standing_w,
            site.storm,
        )

    def _from(self, now: int) -> Outlook:
        look = self._outlook
        return replace(
            look,
            begins_at=look.begins_at + timedelta(seconds=now * STEP_S),
            paths_w=look.paths_w[:, now:],
            clear_w=look.clear_w[now:],
        )

    def _pass(self, now: int) -> None:
        load_w = self._site.standing_w
        for job, start in self._at_work.values():
            rest = job.load.rest_of((now - start) * STEP_S)
            load_w += float(rest.profile(STEP_S).mean_w[0])
        grid, grid_w = self._site.grid, 0.0
        local = self._outlook.local(now)
        if grid is not None and not grid.fails_at(local.hour + local.minute / 60, 0.0):
            grid_w = grid.limit_w
        self._state = step(
            self._site.battery,
            self._state,
            panel_w=float(self._sun_w[now]),
            load_w=load_w,
            hours=STEP_S / 3600,
            grid_w=grid_w,
            grid_use=grid.use if grid else None,
        ).state


def _wait(words: str) -> Decision:
    return Decision(Verb.WAIT, words, "quiet")


def _clock(hour: float) -> str:
    return f"{int(hour):02d}:{round(hour % 1 * 60):02d}"
