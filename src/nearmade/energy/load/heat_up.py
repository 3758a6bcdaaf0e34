"""How many machines may heat and print at once below a limit of power.

A machine that heats up draws its peak without a break; one that prints draws its peak
only while its bed is on. Beds switch each for itself. So a limit that may be passed for
a moment, such as a fuse, carries many printing machines but few that heat up: heat-ups
are spread out. An inverter trips at once: for it the peaks are added.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np

from nearmade.energy.load.machine_load import JobLoad, Phase
from nearmade.vocabulary.errors import InvalidInput

#: Powers are added on a grid this fine. [W]
GRID_W = 2.0


def exceeded_fraction(
    phases: Sequence[Phase], limit_w: float, standing_w: float = 0.0
) -> float:
    """Give the share of the time that machines together draw more than a limit.

    Each one's bed is on or off without regard to the others; a machine that heats up
    is taken at its peak.

    Parameters
    ----------
    phases
        What each machine is at.
    limit_w, standing_w
        What may be drawn, and what always is. [W]

    Raises
    ------
    InvalidInput
        When a power is no number or below zero.
    """
    if not (limit_w >= 0 and 0 <= standing_w < float("inf")):
        raise InvalidInput(f"heat-up: {limit_w} W, {standing_w} W out of range")
    steady_w, chances = standing_w, np.ones(1)
    for phase in phases:
        if phase.name == "heat" or phase.high_fraction in (0.0, 1.0):
            steady_w += phase.high_w
            continue
        steady_w += phase.low_w
        more = ceil((phase.high_w - phase.low_w) / GRID_W)
        both = np.zeros(len(chances) + more)
        both[: len(chances)] = chances * (1 - phase.high_fraction)
        both[more:] += chances * phase.high_fraction
        chances = both
    over = np.arange(len(chances)) * GRID_W > limit_w - steady_w + 1e-9
    return float(chances[over].sum())


def heat_up_words(
    job: JobLoad,
    at_work: Sequence[JobLoad],
    limit_w: float,
    allowed_fraction: float,
    standing_w: float = 0.0,
) -> str:
    """Say why a build must not heat up now beside others; empty when it may.

    Parameters
    ----------
    job
        The build that would heat up.
    at_work
        What is left of the others, the phase they are at first.
    limit_w
        What may be drawn. [W]
    allowed_fraction
        Share of the time that the limit may be passed; 0 adds up the peaks.
    standing_w
        What is always drawn, machines at rest included. [W]
    """
    others_w = standing_w + sum(work.peak_w for work in at_work)
    if others_w + job.peak_w <= limit_w:
        return ""
    beside = f" beside {others_w:.0f} W of others" if others_w else ""
    most = f"it draws up to {job.peak_w:.0f} W{beside}, the site gives {limit_w:.0f} W"
    if allowed_fraction <= 0 or not at_work:
        return f"waits: {most} at once"
    now = [work.phases[0] for work in (*at_work, job) if work.phases]
    share = exceeded_fraction(now, limit_w, standing_w)
    if share > allowed_fraction:
        heating = [x for x in now[:-1] if x.name == "heat"]
        until = ""
        if heating:
            left_min = ceil(min(x.duration_s for x in heating) / 60)
            until = f"; another heats up for {left_min} min more"
        return (
            f"waits: heating up it would pass {limit_w:.0f} W for {_percent(share)} of "
            f"the time, {_percent(allowed_fraction)} may be{until}"
        )
    later = [_printing(work) for work in (*at_work, job)]
    share = exceeded_fraction([x for x in later if x], limit_w, standing_w)
    if share > allowed_fraction:
        return (
            f"waits: printing beside {len(at_work)} others it would pass "
            f"{limit_w:.0f} W for {_percent(share)} of the time, "
            f"{_percent(allowed_fraction)} may be"
        )
    return ""


def _printing(work: JobLoad) -> Phase | None:
    """Give the phase of printing that draws most."""
    printing = [x for x in work.phases if x.name == "print"]
    return max(printing, key=lambda x: x.mean_w, default=None)


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.3g} %"
