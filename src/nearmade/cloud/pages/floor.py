"""A site's floor as lanes of time: what prints where until when, and what waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from nearmade.cloud.network.models import Site
from nearmade.cloud.pages.builds import JobView
from nearmade.cloud.pages.floor_plan import AT_WORK, IN_THE_WAY, turns_on_floor
from nearmade.facilities.facility import Facility
from nearmade.planning.site.queue import Turn
from nearmade.vocabulary.zones import zone_of

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
        Why it waits now, in the agent's words.
    why
        What the site's schedule says of its turn.
    """

    job: JobView
    begins_at: datetime | None
    ends_at: datetime | None
    begin_percent: float = 0.0
    wide_percent: float = 0.0
    reason: str = ""
    why: tuple[str, ...] = ()


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


def site_zone(facility: Facility) -> tzinfo:
    """Give the clock on the site's wall."""
    return zone_of(facility.zone, facility.opening.utc_offset_h)


def floor_of(
    site: Site, facility: Facility, jobs: Sequence[JobView], now: datetime
) -> Floor:
    """Lay a site's open builds out in time, as its schedule would make them."""
    machines = [machine.id.rsplit("/", 1)[-1] for machine in facility.machines]
    turns = turns_on_floor(facility, jobs, site.snapshot or {}, now)
    reasons = _reasons(site)
    lanes = [
        [
            _block(job, turns.get(job.id), reasons.get(job.id, ""))
            for job in sorted(jobs, key=_rank)
            if job.machine == machine
        ]
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


def _block(job: JobView, turn: Turn | None, reason: str) -> Block:
    """Give a build with its turn; what lies on a machine has had it."""
    if turn is None:
        return Block(job, None, None, reason=reason)
    if job.state in IN_THE_WAY:
        return Block(job, job.started_at, None)
    if job.state in AT_WORK:
        return Block(job, job.started_at or turn.starts_at, turn.ends_at)
    return Block(job, turn.starts_at, turn.ends_at, reason=reason, why=turn.why)


def _rank(job: JobView) -> int:
    """Sort what is on the machine first; the others keep the order they came in."""
    return 0 if job.state in AT_WORK else 1 if job.state in IN_THE_WAY else 2


def _placed(block: Block, now: datetime, end: datetime) -> Block:
    """Give a block its place between now and the end of what is shown."""
    whole = (end - now).total_seconds()
    if block.ends_at is None:
        return block
    begins = max(now, block.begins_at or now)
    begin = 100 * (begins - now).total_seconds() / whole
    wide = 100 * (block.ends_at - begins).total_seconds() / whole
    return replace(
        block,
        begin_percent=round(min(begin, 100 - NARROWEST_PERCENT), 2),
        wide_percent=round(max(wide, NARROWEST_PERCENT), 2),
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
