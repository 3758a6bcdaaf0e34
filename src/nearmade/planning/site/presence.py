"""When people are at a site, step by step."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from functools import lru_cache

from nearmade.facilities.facility import OpeningHours
from nearmade.facilities.opening import open_spans
from nearmade.planning.site.site import STEP_S


@lru_cache(maxsize=64)
def attended_steps(
    opening: OpeningHours,
    start_at: datetime,
    steps: int,
    *,
    zone: str = "",
    holidays: frozenset[date] = frozenset(),
) -> tuple[bool, ...]:
    """Give for each step from a moment on whether people are there as it begins.

    Parameters
    ----------
    opening, zone, holidays
        Their hours.
    start_at
        When the first step begins, with a zone.

    Raises
    ------
    InvalidInput
        When the moment has no zone, or the zone's name is not known.
    """
    end_at = start_at + timedelta(seconds=steps * STEP_S)
    there = [False] * steps
    for opens_at, closes_at in open_spans(
        opening, start_at, end_at, zone=zone, holidays=holidays
    ):
        first, last = (
            math.ceil((at - start_at).total_seconds() / STEP_S)
            for at in (opens_at, closes_at)
        )
        there[first:last] = [True] * (last - first)
    return tuple(there)
