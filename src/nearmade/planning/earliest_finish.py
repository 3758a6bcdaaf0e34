"""When a facility would be done with its share of an order, by the site's schedule.

Plates are laid out by ``site.dispatch`` in the facility's own hours and power: one is
taken off and the next begun while somebody is there, and off the grid it waits for the
sun. What an offer promises is so what the site's own schedule would do with it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from nearmade.facilities.facility import Facility
from nearmade.matching.verdict import Match
from nearmade.planning.dealing import PlateRun, deal_parts, plate_runs, together
from nearmade.planning.site.dispatch import checked_grid, dispatch, filled_in_turn
from nearmade.planning.site.explain import Reasons
from nearmade.planning.site.facility_power import power_of_facility
from nearmade.planning.site.grid import Grid
from nearmade.planning.site.presence import attended_steps
from nearmade.planning.site.queue import maintenance_from
from nearmade.planning.site.quick import Filled
from nearmade.planning.site.site import (
    MOST_DAYS,
    STEP_S,
    STEPS_PER_HOUR,
    Build,
    Hands,
    Maintenance,
    Setting,
    Site,
    SiteMachine,
    Worth,
    whole_steps,
)
from nearmade.planning.site_work import Estimator, PlannedBuild, SiteWork
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.identity import MachineId, PartName

#: Most orders are done in a week; only what is not is laid out further ahead. [d]
FIRST_DAYS: Final = 7
#: Plates that are laid out one by one; more go on at the pace of these.
MOST_PLATES: Final = 400
#: Only the moment of being done counts, and everything is better than never.
SOONEST: Final = Worth(late_per_h=0.0, change_over=0.0, finish_per_h=1.0, left_out=1e9)


@dataclass(frozen=True, slots=True)
class NoRoom:
    """A facility's schedule has no place for a build; ``words`` say why."""

    words: str


@dataclass(frozen=True, slots=True)
class _Times:
    """When a run's last plate ends and is off, from the start."""

    end_s: float
    free_s: float


def earliest_finish(
    facility: Facility,
    matches: Mapping[PartName, Sequence[Match]],
    estimator: Estimator,
    wait_s: float,
    now: datetime,
) -> SiteWork | NoRoom:
    """Deal an order's parts to machines and say when each is off its machine.

    Parameters
    ----------
    matches
        Machines for each part to be made here, as ``match`` gave them.
    wait_s
        Until the first build may start: opening and queue. [s]
    now
        The present, with a zone.
    """
    start_at = now.astimezone(UTC) + timedelta(seconds=wait_s)
    away = {
        each.machine.id: maintenance_from(each.machine.out_of_use, start_at)
        for found in matches.values()
        for each in found
    }
    away_s = {machine_id: _back_s(spans) for machine_id, spans in away.items()}
    dealt = deal_parts(matches, estimator, away_s)
    runs = plate_runs(dealt, estimator)
    layout = _Layout(facility, runs, [*_plates(runs)], estimator, start_at, away)
    times: dict[str, list[_Times]] = {}
    for bound in ("value", "low", "high"):
        found = layout.times(bound)
        if isinstance(found, NoRoom):
            return found
        times[bound] = found
    builds = []
    for part in matches:
        mine = [(at, run) for at, run in enumerate(runs) if part in run.parts]
        shares = [
            share
            for _, run in mine
            for name, share in zip(run.parts, run.shares, strict=True)
            if name == part
        ]
        chosen = dealt[part].chosen
        when = [times["value"][at] for at, _ in mine]
        builds.append(
            PlannedBuild(
                part,
                estimator.quantity(part),
                tuple(run.machine_id for _, run in mine),
                chosen.profile_id,
                chosen.material,
                together(shares),
                wait_s + max(each.free_s for each in when),
                chosen.turned,
                tuple(dealt[part].copies[run.machine_id] for _, run in mine),
                sum(run.parts[part] for _, run in mine),
                wait_s + max(each.end_s for each in when),
            )
        )
    value, low, high = (
        wait_s + max(each.free_s for each in times[bound])
        for bound in ("value", "low", "high")
    )
    makespan_s = Estimate(value, min(low, value), max(high, value))
    return SiteWork(facility, tuple(builds), makespan_s)


def _back_s(away: Sequence[Maintenance]) -> float:
    """Give until when a machine is out of use that is so at the start, else 0. [s]"""
    back_s = 0
    for span in sorted(away, key=lambda each: each.start_s):
        if span.start_s <= back_s:
            back_s = max(back_s, span.end_s)
    return float(back_s)


def _plates(runs: Sequence[PlateRun]) -> Iterator[int]:
    """Give the run of each plate that is laid out, each machine's in their order."""
    most = max(1, MOST_PLATES // len({run.machine_id for run in runs}))
    left = {run.machine_id: most for run in runs}
    for at, run in enumerate(runs):
        count = min(run.plates, left[run.machine_id])
        left[run.machine_id] -= count
        yield from itertools.repeat(at, count)


class _Layout:
    """Plates in the facility's hours and power, from the moment of the first.

    Parameters
    ----------
    plates
        The run of each plate.
    away
        When each machine is out of use.
    """

    def __init__(
        self,
        facility: Facility,
        runs: Sequence[PlateRun],
        plates: Sequence[int],
        estimator: Estimator,
        start_at: datetime,
        away: Mapping[MachineId, tuple[Maintenance, ...]],
    ) -> None:
        self._facility = facility
        self._runs = runs
        self._plates = plates
        self._estimator = estimator
        self._start_at = start_at
        self._away = away
        self._grids: dict[int, Grid] = {}

    def times(self, bound: str) -> list[_Times] | NoRoom:
        """Give the times of each run when plates take that long."""
        plate_s = [run.plate_s(bound) for run in self._runs]
        lasts = np.array([whole_steps(plate_s[at]) for at in self._plates])
        for days in (FIRST_DAYS, MOST_DAYS):
            if days not in self._grids:
                self._grids[days] = checked_grid(self._site(self._plates, days))
            usual = self._grids[days]
            grid = usual._replace(lasts=np.where(usual.lasts > 0, lasts[:, None], 0))
            filled = filled_in_turn(grid, range(len(lasts)))
            if (filled.free >= 0).all():
                break
        begun = {
            at for at, free in zip(self._plates, filled.free, strict=True) if free >= 0
        }
        for at in range(len(self._runs)):
            if at in self._plates and at not in begun:
                alone = self._site([at], MOST_DAYS, bound)
                trial = dispatch(alone)
                if trial.left_out:
                    return NoRoom(Reasons(alone, trial).of_left_out(trial.left_out[0]))
        return [self._times(at, filled, plate_s) for at in range(len(self._runs))]

    def _times(self, at: int, filled: Filled, plate_s: Sequence[float]) -> _Times:
        """Give a run's times; what was not laid out goes on as fast as what was."""
        run = self._runs[at]
        done = [n for n in range(len(self._plates)) if filled.free[n] >= 0]
        mine = [n for n in done if self._plates[n] == at]
        if len(mine) == run.plates:
            end, free = (
                max(int(row[n]) for n in mine) for row in (filled.end, filled.free)
            )
            return _Times(end * STEP_S, free * STEP_S)
        here = [n for n in done if self._machine_of(n) == run.machine_id]
        # Where the others take all the power, it goes on at the pace of the site.
        done = here or done
        asked_s = sum(
            each.plates * plate_s[number]
            for number, each in enumerate(self._runs)
            if not here or (number <= at and each.machine_id == run.machine_id)
        )
        made_s = sum(plate_s[self._plates[n]] for n in done)
        last_s = STEP_S * max(int(filled.free[n]) for n in done)
        ends_s = last_s * max(1.0, asked_s / made_s)
        return _Times(ends_s, ends_s)

    def _machine_of(self, plate: int) -> MachineId:
        return self._runs[self._plates[plate]].machine_id

    def _site(self, plates: Sequence[int], days: int, bound: str = "value") -> Site:
        """Lay the facility out for some plates that take as long as a bound."""
        facility, steps = self._facility, days * 24 * STEPS_PER_HOUR
        by_machine: dict[MachineId, list[PlateRun]] = {}
        for at in sorted(set(plates)):
            run = self._runs[at]
            by_machine.setdefault(run.machine_id, []).append(run)
        attended = attended_steps(
            facility.opening,
            self._start_at,
            steps,
            zone=facility.zone,
            holidays=frozenset(facility.holidays),
        )
        return Site(
            facility.name,
            self._start_at,
            steps,
            tuple(
                _machine(name, runs, self._estimator, self._away[name])
                for name, runs in by_machine.items()
            ),
            tuple(self._build(number, at, bound) for number, at in enumerate(plates)),
            # How many people are there is not on record: they are no bottleneck.
            Hands(attended, people=len(by_machine)),
            power_of_facility(facility.power, facility.place, self._start_at, steps),
            worth=SOONEST,
        )

    def _build(self, number: int, at: int, bound: str) -> Build:
        run = self._runs[at]
        lasts_s = whole_steps(run.plate_s(bound)) * STEP_S
        return Build(str(number), _setting(run), {run.machine_id: lasts_s})


def _setting(run: PlateRun) -> Setting:
    return Setting(run.chosen.material, "", run.chosen.machine.nozzle_mm)


def _machine(
    machine_id: MachineId,
    runs: Sequence[PlateRun],
    estimator: Estimator,
    away: tuple[Maintenance, ...],
) -> SiteMachine:
    """Give a machine, set up with what it makes first and off between builds."""
    powers = [estimator.profile(run.chosen.profile_id).power for run in runs]
    return SiteMachine(
        machine_id,
        _setting(runs[0]),
        max(power.peak_w for power in powers),
        max(whole_steps(power.heatup_s) for power in powers) * STEP_S,
        max(power.printing_w for power in powers),
        maintenance=away,
    )
