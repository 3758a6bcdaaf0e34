"""A site's floor as lanes of time: what prints where until when, and what waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from nearmade.cloud.network.models import Site
from nearmade.cloud.pages.builds import JobView
from nearmade.cloud.pages.figures import number_in
from nearmade.facilities.facility import Facility
from nearmade.production.job import JobState

#: On a machine, so that nothing else can begin there.
AT_WORK = (JobState.STARTING, JobState.PRINTING)
#: Lies on a machine until hands take it away.
IN_THE_WAY = (JobState.PRINTED, JobState.ATTENTION)
#: No build takes longer; a printer that says so is not believed. [s]
LONGEST_S = 30 * 86_400.0
SHORTEST_SHOWN = timedelta(hours=1)
#: A block is drawn at least this wide, so that it can be seen. [percent]
NARROWEST_PERCENT = 1.5
#: Steps between the hours written under the lanes. [h]
TICK_STEPS_H = (0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 96, 192)
MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Block:
    """One build in its lane.

    Parameters
    ----------
    job
        What is built.
    begins_at, ends_at
        As known, or as expected from the slicer's time; None when nobody can say.
    begin_percent, wide_percent
        Where it is drawn, in percent of the lane.
    reason
        Why it waits, in the agent's words.
    """

    job: JobView
    begins_at: datetime | None
    ends_at: datetime | None
    begin_percent: float = 0.0
    wide_percent: float = 0.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """One machine's builds in their order."""

    machine: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """An hour written under the lanes."""

    at: datetime
    percent: float


@dataclass(frozen=True, slots=True)
class Floor:
    """All lanes on one scale of time."""

    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]

    @property
    def blocks(self) -> list[Block]:
        """Every build, lane by lane."""
        return [block for lane in self.lanes for block in lane.blocks]


def site_zone(facility: Facility) -> timezone:
    """Give the clock on the site's wall."""
    return timezone(timedelta(hours=facility.opening.utc_offset_h))


def floor_of(
    site: Site, machines: Sequence[str], jobs: Sequence[JobView], now: datetime
) -> Floor:
    """Lay a site's open builds out in time, each machine's one after the other."""
    reasons = _reasons(site)
    lanes = [
        [*_one_after_the_other([j for j in jobs if j.machine == machine], now, reasons)]
        for machine in machines
    ]
    ends = [block.ends_at for lane in lanes for block in lane if block.ends_at]
    end = max([now + SHORTEST_SHOWN, *ends])
    return Floor(
        tuple(
            Lane(machine, tuple(_placed(block, now, end) for block in lane))
            for machine, lane in zip(machines, lanes, strict=True)
        ),
        tuple(_ticks(now, end)),
    )


def _reasons(site: Site) -> dict[str, str]:
    waiting = (site.snapshot or {}).get("waiting")
    if not isinstance(waiting, list):
        return {}
    return {
        str(entry.get("job_id")): str(entry.get("reason", ""))
        for entry in waiting
        if isinstance(entry, Mapping)
    }


def _one_after_the_other(
    jobs: Sequence[JobView], now: datetime, reasons: Mapping[str, str]
) -> Iterator[Block]:
    """Give a machine's builds: what it does, what lies on it, then what waits."""
    free_at: datetime | None = now
    for job in sorted(jobs, key=_rank):
        if job.state in AT_WORK:
            free_at = _end_of_print(job, now)
            yield Block(job, job.started_at or now, free_at)
        elif job.state in IN_THE_WAY:
            free_at = None  # hands decide when
            yield Block(job, job.started_at, None)
        else:
            begins_at, takes_s = free_at, job.expected_s
            free_at = None
            if begins_at is not None and takes_s is not None:
                free_at = begins_at + timedelta(seconds=min(takes_s, LONGEST_S))
            reason = reasons.get(job.id, "")
            yield Block(job, begins_at if free_at else None, free_at, reason=reason)


def _rank(job: JobView) -> int:
    """Sort what is on the machine first; the others keep the order they came in."""
    return 0 if job.state in AT_WORK else 1 if job.state in IN_THE_WAY else 2


def _end_of_print(job: JobView, now: datetime) -> datetime | None:
    left_s = number_in(job.progress, "left_s")
    if left_s is None:
        if job.expected_s is None:
            return None
        begun = job.started_at or now
        return max(now, begun + timedelta(seconds=job.expected_s))
    return now + timedelta(seconds=min(max(0.0, left_s), LONGEST_S))


def _placed(block: Block, now: datetime, end: datetime) -> Block:
    """Give a block its place between now and the end of what is shown."""
    whole = (end - now).total_seconds()
    if block.ends_at is None:
        return block
    begins = max(now, block.begins_at or now)
    begin = 100 * (begins - now).total_seconds() / whole
    wide = 100 * (block.ends_at - begins).total_seconds() / whole
    return Block(
        block.job,
        block.begins_at,
        block.ends_at,
        round(min(begin, 100 - NARROWEST_PERCENT), 2),
        round(max(wide, NARROWEST_PERCENT), 2),
        block.reason,
    )


def _ticks(now: datetime, end: datetime) -> Iterator[Tick]:
    whole_h = (end - now).total_seconds() / 3600
    step_h = next(
        (step for step in TICK_STEPS_H if whole_h / step <= MOST_TICKS),
        TICK_STEPS_H[-1],
    )
    step = timedelta(hours=step_h)
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    at = day + step * int((now - day) / step + 1)
    while at < end:
        yield Tick(at, round(100 * (at - now) / (end - now), 2))
        at += step
