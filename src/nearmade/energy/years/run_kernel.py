"""The compiled loop over the steps of one site's years: decide, draw, count."""

from __future__ import annotations

from typing import Final

import numpy as np

from nearmade.energy.deciding.run_rules import (
    CLEAR,
    CLOSES_HOUR,
    FACTOR,
    FIRST,
    MACHINES,
    MAX_W,
    NO,
    OPENS_HOUR,
    PER_DAY,
    REST_W,
    STANDING_W,
    STORED,
    SUN,
    SUN_CARRIES,
    is_hopeless,
    is_open,
    is_shed,
    may_begin,
    peak_with,
)
from nearmade.energy.deciding.run_step import (
    CURTAILED,
    FLOWS,
    FREE,
    FROM_GRID,
    HIGH,
    LOST,
    MADE,
    SERVED,
    Whole,
    draw_of,
    left_wh,
    work_step,
)
from nearmade.energy.sky.sun import Array
from nearmade.energy.supply.bus import FULL_WH, GENERATOR_W, MAX_DISCHARGE_W
from nearmade.vocabulary.compiled import compiled

# Figures of a site's years: one row of numbers.
FINISHED: Final = 0
RUINED: Final = 1
PANEL_WH: Final = 2
SERVED_WH: Final = 3
UNMET_WH: Final = 4
CURTAILED_WH: Final = 5
LOST_WH: Final = 6
GRID_WH: Final = 7
GENERATOR_WH: Final = 8
LEAST_WH: Final = 9
OFF_STEPS: Final = 10
LAST_WH: Final = 11
BY_SUN: Final = 12
GENERATOR_STEPS: Final = 13
YEAR_FIGURES: Final = 14

# Why no build began in a step in which a machine stood free: a row of counts. The day's
# wish was done, the load was cut off, hours are closed, peaks pass what is given, the
# charge is too low, the year is over; or one did begin.
DONE: Final = 0
CUT_OFF: Final = 1
CLOSED: Final = 2
PEAK: Final = 3
CHARGE: Final = 4
YEAR_END: Final = 5
BEGINS: Final = 6
WAITS: Final = 7

# Rows of what came of a day's builds.
DAY_FINISHED: Final = 0
DAY_RUINED: Final = 1

# Counters of a run: builds begun, at work now, begun today.
BEGUN: Final = 0
AT_WORK: Final = 1
TODAY: Final = 2


@compiled
def run_site(
    sky: Array,
    grid_w: Array,
    degc: Array,
    loads: Array,
    lengths: Whole,
    hours: float,
    rule: Array,
    bus: Array,
    ahead_h: Array,
    by_day: Whole,
    by_hour: Whole,
    waits: Whole,
    trace_wh: Array,
) -> Array:
    """Run one site over its whole series; gives its figures, shape (14,).

    A generator without a battery is started by hand for each build, and runs on until
    nothing is at work.

    Parameters
    ----------
    sky
        Shape (4, n + 1), rows as in ``run_rules``. [W], [W], their sums
    grid_w, degc
        What the grid gives and the battery's temperature; series that are shorter
        than the sky are circles. [W], [degC]
    loads, lengths
        The builds, made in turn: shape (builds, steps, 3), and steps of each.
    hours
        Length of a step. [h]
    rule, bus
        Shapes (17,) and (20,).
    ahead_h
        What the clock is ahead of standard time, by day; a circle where it is shorter.
        [h]
    by_day
        Filled with builds finished and ruined on each day, shape (2, days).
    by_hour
        Filled with builds begun in each hour of the clock, shape (24,).
    waits
        Filled with steps in which a machine stood free, by what kept it, shape (7,).
    trace_wh
        Filled with the stored energy after each step, unless it is empty. [Wh]
    """
    left, peaks_w = left_wh(loads, lengths, hours, bus), _peaks_w(loads, lengths)
    jobs = np.full(int(rule[MACHINES]), FREE)
    count, flows = np.zeros(3, np.int64), np.zeros(FLOWS)
    figures, places = np.zeros(YEAR_FIGURES), np.zeros_like(jobs)
    stored_wh, connected, running = rule[FIRST] * bus[FULL_WH], True, False
    figures[LEAST_WH], rest_w, standing_w = stored_wh, rule[REST_W], rule[STANDING_W]
    day_steps, by_hand = round(24.0 / hours), bus[FULL_WH] <= 0.0 < bus[GENERATOR_W]
    grid_at, warm_at, day, turn_at, ahead = 0, 0, 0, day_steps, ahead_h[0]
    for now in range(sky.shape[1] - 1):
        if now == turn_at:
            day, turn_at = day + 1, turn_at + day_steps
            count[TODAY], ahead = 0, ahead_h[day % len(ahead_h)]
        sun, warm = rule[FACTOR] * sky[SUN, now], degc[warm_at]
        outside_w = grid_w[grid_at] + (bus[GENERATOR_W] if running or by_hand else 0.0)
        if count[AT_WORK] < len(jobs):
            clock_h = (now * hours - 24.0 * day + ahead) % 24.0
            turn = count[BEGUN] % len(lengths)
            why = _glance(
                connected or by_hand, count[TODAY], rule[PER_DAY], clock_h,
                lengths[turn] * hours, rule[OPENS_HOUR], rule[CLOSES_HOUR])  # fmt: skip
            if (why == BEGINS and outside_w <= 0.0) and is_hopeless(
                    stored_wh, sky[CLEAR, now], turn, left, rule, bus):  # fmt: skip
                why = CHARGE
            if why == BEGINS:
                why = _begin(
                    stored_wh, outside_w, warm, sky, now, clock_h, jobs, places, loads,
                    lengths, left, peaks_w, hours, rule, bus, count, by_hour, figures,
                )  # fmt: skip
            waits[why] += 1
        running = count[AT_WORK] > 0 if by_hand else running
        low, above, share = standing_w + len(jobs) * rest_w, 0.0, 0.0
        if count[AT_WORK] > 0:
            low, above, share = draw_of(
                jobs, places, 0, loads, lengths, rest_w, standing_w)  # fmt: skip
        stored_wh, connected, running, whole = work_step(
            stored_wh, connected, running, sun, grid_w[grid_at], warm,
            low, above, share, hours, bus, flows)  # fmt: skip
        grid_at = grid_at + 1 if grid_at + 1 < len(grid_w) else 0
        warm_at = warm_at + 1 if warm_at + 1 < len(degc) else 0
        if count[AT_WORK] > 0:
            _advance(whole, day, jobs, places, lengths, count, figures, by_day)
        _count_step(figures, sun, low + above, stored_wh, connected, running, hours)
        if len(trace_wh) > 0:
            trace_wh[now] = stored_wh
    return _sum_up(figures, flows, stored_wh)


@compiled
def _glance(
    connected: bool,  # noqa: FBT001 - compiled functions take no keywords
    today: int,
    per_day: float,
    clock_h: float,
    work_h: float,
    opens_h: float,
    closes_h: float,
) -> int:
    """Tell what keeps the next build but charge; ``BEGINS`` where nothing does.

    It takes numbers alone: arrays are counted in and out at each call, which made a
    year take half as long again.
    """
    if 0 < per_day <= today:
        return DONE
    if not connected:
        return CUT_OFF
    return BEGINS if is_open(clock_h, work_h, opens_h, closes_h) else CLOSED


@compiled
def _count_step(
    figures: Array,
    sun_w: float,
    asked_w: float,
    stored_wh: float,
    connected: bool,  # noqa: FBT001
    running: bool,  # noqa: FBT001
    hours: float,
) -> None:
    """Add a step to the year's figures."""
    figures[PANEL_WH] += sun_w * hours
    figures[UNMET_WH] += asked_w * hours
    figures[LEAST_WH] = min(figures[LEAST_WH], stored_wh)
    figures[OFF_STEPS] += not connected
    figures[GENERATOR_STEPS] += running


@compiled
def _peaks_w(loads: Array, lengths: Whole) -> Array:
    """Give the highest power of each build. [W]"""
    peaks_w = np.zeros(len(lengths))
    for job in range(len(lengths)):
        peaks_w[job] = loads[job, : lengths[job], HIGH].max()
    return peaks_w


@compiled
def _begin(
    stored_wh: float,
    outside_w: float,
    warm: float,
    sky: Array,
    now: int,
    hour: float,
    jobs: Whole,
    places: Whole,
    loads: Array,
    lengths: Whole,
    left: Array,
    peaks_w: Array,
    hours: float,
    rule: Array,
    bus: Array,
    count: Whole,
    by_hour: Whole,
    figures: Array,
) -> int:
    """Put builds on free machines, in turn, as far as the rule allows.

    Gives what kept the next one, or that one began on every machine.
    """
    for machine in range(len(jobs)):
        if jobs[machine] != FREE:
            continue
        if rule[PER_DAY] > 0 and count[TODAY] >= rule[PER_DAY]:
            return DONE
        job = count[BEGUN] % len(lengths)
        length = lengths[job]
        if now + length > sky.shape[1] - 1:
            return YEAR_END
        if not is_open(hour, length * hours, rule[OPENS_HOUR], rule[CLOSES_HOUR]):
            return CLOSED
        peak_w = peak_with(machine, job, jobs, peaks_w, rule)
        if peak_w > min(rule[MAX_W], bus[MAX_DISCHARGE_W] + outside_w):
            return PEAK
        jobs[machine], places[machine] = job, 0
        answer = STORED
        # Grid or generator carry it while they are there, as far as is known.
        if outside_w < peak_w or is_shed(hour, length * hours, rule):
            answer = may_begin(
                stored_wh, warm, sky, now, jobs, places, loads, lengths, left,
                hours, rule, bus,
            )  # fmt: skip
        if answer == NO:
            jobs[machine] = FREE
            return CHARGE
        if answer == SUN_CARRIES:
            figures[BY_SUN] += 1
        count[BEGUN] += 1
        count[AT_WORK] += 1
        count[TODAY] += 1
        by_hour[int(hour)] += 1
    return BEGINS


@compiled
def _advance(
    whole: bool,  # noqa: FBT001 - compiled functions take no keywords
    day: int,
    jobs: Whole,
    places: Whole,
    lengths: Whole,
    count: Whole,
    figures: Array,
    by_day: Whole,
) -> None:
    """Take every build a step further; a load that was not served whole ruins all."""
    for machine in range(len(jobs)):
        if jobs[machine] == FREE:
            continue
        places[machine] += 1
        if not whole:
            figures[RUINED] += 1
            by_day[DAY_RUINED, day] += 1
        elif places[machine] >= lengths[jobs[machine]]:
            figures[FINISHED] += 1
            by_day[DAY_FINISHED, day] += 1
        else:
            continue
        jobs[machine] = FREE
        count[AT_WORK] -= 1


@compiled
def _sum_up(figures: Array, flows: Array, stored_wh: float) -> Array:
    """Write what flowed, and give all; unmet was all that was asked for until now."""
    figures[SERVED_WH] = flows[SERVED]
    figures[UNMET_WH] -= flows[SERVED]
    figures[CURTAILED_WH] = flows[CURTAILED]
    figures[LOST_WH] = flows[LOST]
    figures[GRID_WH] = flows[FROM_GRID]
    figures[GENERATOR_WH] = flows[MADE]
    figures[LAST_WH] = stored_wh
    return figures
