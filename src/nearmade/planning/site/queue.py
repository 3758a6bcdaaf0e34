"""A queue as it is at a site now: each build's turn, and in words why not sooner."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from nearmade.facilities.facility import OutOfUse
from nearmade.planning.site.dispatch import dispatch
from nearmade.planning.site.explain import Reasons
from nearmade.planning.site.site import (
    MOST_DAYS,
    STEP_S,
    STEPS_PER_HOUR,
    Maintenance,
    Site,
    Worth,
    whole_steps,
)

#: Steps of every queue's schedule.
STEPS: Final = MOST_DAYS * 24 * STEPS_PER_HOUR
#: Hands come back within so many days of a build's end. [d]
SPARE_DAYS: Final = 7
#: Moments of a build's wait that are looked at.
MOST_LOOKS: Final = 48
#: The queue keeps its order; each build goes as soon as it can.
IN_TURN: Final = Worth(late_per_h=0.0, change_over=0.0, finish_per_h=1.0, left_out=1e9)


@dataclass(frozen=True, slots=True)
class Turn:
    """When a build has its turn.

    Parameters
    ----------
    starts_at, ends_at, off_at
        When it starts, ends, and hands took it off; None when there is no room for it.
    why
        Each a sentence: what it waits for, change-overs, or why there is no room.
    """

    starts_at: datetime | None
    ends_at: datetime | None
    off_at: datetime | None
    why: tuple[str, ...]


def turns_of(site: Site) -> dict[str, Turn]:
    """Give the turn of each build of a site, in the order in which they stand there.

    Raises
    ------
    InvalidInput
        As for ``dispatch``.
    """
    plan = dispatch(site, [build.id for build in site.builds])
    reasons = Reasons(site, plan, looks=MOST_LOOKS)

    def at(seconds: int) -> datetime:
        return site.start_at + timedelta(seconds=seconds)

    turns = {
        each.build: Turn(
            at(each.start_s), at(each.end_s), at(each.free_s), reasons.of(each)
        )
        for each in plan.placed
    }
    for name in plan.left_out:
        turns[name] = Turn(None, None, None, (reasons.of_left_out(name),))
    return turns


def begins_at(now: datetime) -> datetime:
    """Give the last full five minutes: a queue's schedule begins on the clock."""
    second = timedelta(seconds=now.timestamp() % STEP_S)
    return now - second


def build_steps_s(seconds: float) -> int:
    """Give a time in whole steps, one at least, no more than fits a schedule. [s]"""
    most = (MOST_DAYS - SPARE_DAYS) * 24 * STEPS_PER_HOUR
    return STEP_S * min(most, max(1, whole_steps(seconds)))


def maintenance_from(
    spans: Iterable[OutOfUse], start_at: datetime
) -> tuple[Maintenance, ...]:
    """Give when a machine is out of use, widened to whole steps from a moment."""
    found = []
    for span in spans:
        first, last = (
            (at - start_at).total_seconds() / STEP_S
            for at in (span.starts_at, span.ends_at)
        )
        if last > 0:
            start_s = max(0, math.floor(first)) * STEP_S
            found.append(Maintenance(start_s, math.ceil(last) * STEP_S, span.why))
    return tuple(found)
