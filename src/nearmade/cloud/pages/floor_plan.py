"""The schedule of a site's open builds, from its record and what its agent told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from nearmade.cloud.pages.builds import JobView
from nearmade.cloud.pages.figures import number_in
from nearmade.facilities.facility import Facility, Machine
from nearmade.facilities.opening import clock_name, never_opens
from nearmade.planning.site.facility_power import power_of_facility
from nearmade.planning.site.presence import attended_steps
from nearmade.planning.site.queue import (
    IN_TURN,
    STEPS,
    Turn,
    begins_at,
    build_steps_s,
    maintenance_from,
    turns_of,
)
from nearmade.planning.site.site import (
    Build,
    Hands,
    Setting,
    SiteMachine,
    SitePower,
)
from nearmade.planning.site.site import Site as SiteFloor
from nearmade.production.job import JobState
from nearmade.quoting.profiles import MAKEABLE
from nearmade.vocabulary.errors import InvalidInput

#: On a machine, so that nothing else can begin there.
AT_WORK: Final = (JobState.STARTING, JobState.PRINTING)
#: Lies on a machine until hands take it away.
IN_THE_WAY: Final = (JobState.PRINTED, JobState.ATTENTION)
#: Power that is no limit. [W]
ENOUGH_W: Final = 1e9


def turns_on_floor(
    facility: Facility,
    jobs: Sequence[JobView],
    snapshot: Mapping[str, Any],
    now: datetime,
) -> dict[str, Turn]:
    """Give the turn of each build of which it is known how long it takes, by its id.

    Builds keep their machines and the order in which they came. Where the power that
    is told cannot be true of what runs, the schedule goes without it: the agent says
    what power does.
    """
    known = [*_builds(facility, jobs, now)]
    if not known:
        return {}
    begins = begins_at(now)
    site = _site(facility, [build for _, build in known], snapshot, begins)
    try:
        turns = turns_of(site)
    except InvalidInput:
        free = (0.0,) * len(site.power.sun_w)
        turns = turns_of(replace(site, power=SitePower(ENOUGH_W, free, free)))
    return {job.id: turns[build.id] for job, build in known}


def _builds(
    facility: Facility, jobs: Sequence[JobView], now: datetime
) -> Iterator[tuple[JobView, Build]]:
    """Give the builds to lay out; one machine holds no more than one of them now."""
    here = {machine.id.rsplit("/", 1)[-1] for machine in facility.machines}
    names: dict[str, int] = {}
    held: set[str] = set()
    for job in sorted(jobs, key=lambda job: job.state not in AT_WORK):
        lasts_s, running = _lasts_s(job, now), job.state in (*AT_WORK, *IN_THE_WAY)
        if (
            job.machine not in here
            or lasts_s is None
            or (running and job.machine in held)
        ):
            continue
        names[job.parts_text] = names.get(job.parts_text, 0) + 1
        count = names[job.parts_text]
        name = job.parts_text if count == 1 else f"{job.parts_text} ({count})"
        if running:
            held.add(job.machine)
        yield (
            job,
            Build(
                name,
                Setting(job.material),
                {job.machine: build_steps_s(lasts_s)},
                running_on=job.machine if running else None,
            ),
        )


def _lasts_s(job: JobView, now: datetime) -> float | None:
    """Give how long a build still prints; None when nobody can say. [s]"""
    past_s = (now - begins_at(now)).total_seconds()
    if job.state in IN_THE_WAY:
        return 1.0  # it has only to be taken off
    if job.state not in AT_WORK:
        return job.expected_s
    left_s = number_in(job.progress, "left_s")
    if left_s is None and job.expected_s is not None:
        begun = job.started_at or now
        left_s = max(0.0, job.expected_s - (now - begun).total_seconds())
    return None if left_s is None else past_s + left_s


def _site(
    facility: Facility,
    builds: Sequence[Build],
    snapshot: Mapping[str, Any],
    now: datetime,
) -> SiteFloor:
    used = {name for build in builds for name in build.times_s}
    machines = [m for m in facility.machines if m.id.rsplit("/", 1)[-1] in used]
    if never_opens(facility) or all(m.driver == "simulated" for m in machines):
        attended = (True,) * STEPS  # nobody said when, or nobody is needed
    else:
        attended = attended_steps(
            facility.opening,
            now,
            STEPS,
            zone=facility.zone,
            holidays=frozenset(facility.holidays),
        )
    alone = all(machine.driver for machine in machines)
    return SiteFloor(
        facility.name,
        now,
        STEPS,
        tuple(_machine(machine, builds, now) for machine in machines),
        tuple(builds),
        Hands(
            attended,
            people=len(machines),  # how many are there is not on record
            start_s=0 if alone else 300,
            starts_alone=alone,
        ),
        _power(facility, snapshot, now),
        worth=IN_TURN,
        zone=clock_name(facility.opening, facility.zone),
    )


def _machine(machine: Machine, builds: Sequence[Build], now: datetime) -> SiteMachine:
    """Give a machine, set up with what is first on it, and what it draws at work."""
    name = machine.id.rsplit("/", 1)[-1]
    first = next(build for build in builds if name in build.times_s)
    profiles = [MAKEABLE[each] for each in machine.profiles if each in MAKEABLE]
    power = profiles[0].power if profiles else None
    heat_s = 0 if power is None else build_steps_s(power.heatup_s)
    return SiteMachine(
        name,
        first.setting,
        0.0 if power is None else power.peak_w,
        heat_s,
        0.0 if power is None else power.printing_w,
        maintenance=maintenance_from(machine.out_of_use, now),
    )


def _power(facility: Facility, snapshot: Mapping[str, Any], now: datetime) -> SitePower:
    """Give the site's power; its battery as the agent told."""
    told = snapshot.get("power")
    stored = number_in(told, "battery_fraction") if isinstance(told, Mapping) else None
    stored = 0.5 if stored is None else stored
    return power_of_facility(facility.power, facility.place, now, STEPS, stored)
