"""The compiled loop over the steps of one site's years: decide, draw, count."""

from __future__ import annotations

from typing import Final

import numpy as np

from nearmade.energy.deciding.run_rules import (
    CLEAR,
    FACTOR,
    FIRST,
    MACHINES,
    MAX_W,
    NO,
    PER_DAY,
    REST_W,
    STANDING_W,
    STORED,
    SUN,
    SUN_CARRIES,
    is_hopeless,
    is_open,
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
    by_day: Whole,
    trace_wh: Array,
) -> Array:
    """Run one site over its whole series; gives its figures, shape (14,).

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
        Shapes (15,) and (20,).
    by_day
        Filled with builds finished on each day.
    trace_wh
        Filled with the stored energy after each step, unless it is empty. [Wh]
    """
    left, peaks_w = left_wh(loads, lengths, hours, bus), _peaks_w(loads, lengths)
    jobs = np.full(int(rule[MACHINES]), FREE)
    places = np.zeros_like(jobs)
    count, flows = np.zeros(3, np.int64), np.zeros(FLOWS)
    figures = np.zeros(YEAR_FIGURES)
    stored_wh, connected, running = rule[FIRST] * bus[FULL_WH], True, False
    figures[LEAST_WH] = stored_wh
    steps, day_steps = sky.shape[1] - 1, round(24.0 / hours)
    rest_w, standing_w, factor = rule[REST_W], rule[STANDING_W], rule[FACTOR]
    idle_w = standing_w + len(jobs) * rest_w
    grid_at, warm_at, day, turn_at = 0, 0, 0, day_steps
    for now in range(steps):
        if now == turn_at:
            day, turn_at = day + 1, turn_at + day_steps
            count[TODAY] = 0
        sun, warm = factor * sky[SUN, now], degc[warm_at]
        outside_w = grid_w[grid_at] + (bus[GENERATOR_W] if running else 0.0)
        turn = count[BEGUN] % len(lengths)
        if (connected and count[AT_WORK] < len(jobs)) and (
            outside_w > 0.0
            or not is_hopeless(stored_wh, sky[CLEAR, now], turn, left, rule, bus)
        ):
            _begin(
                stored_wh, outside_w, warm, sky, now, day, jobs, places, loads,
                lengths, left, peaks_w, hours, rule, bus, count, figures,
            )  # fmt: skip
        low, above, share = idle_w, 0.0, 0.0
        if count[AT_WORK] > 0:
            low, above, share = draw_of(
                jobs, places, 0, loads, lengths, rest_w, standing_w)  # fmt: skip
        stored_wh, connected, running, whole = work_step(
            stored_wh, connected, running, sun, grid_w[grid_at], warm,
            low, above, share, hours, bus, flows,
        )  # fmt: skip
        # Counted on by hand: a division in every step is dear.
        grid_at = grid_at + 1 if grid_at + 1 < len(grid_w) else 0
        warm_at = warm_at + 1 if warm_at + 1 < len(degc) else 0
        if count[AT_WORK] > 0:
            _advance(whole, day, jobs, places, lengths, count, figures, by_day)
        figures[PANEL_WH] += sun * hours
        figures[UNMET_WH] += (low + above) * hours
        figures[LEAST_WH] = min(figures[LEAST_WH], stored_wh)
        figures[OFF_STEPS] += not connected
        figures[GENERATOR_STEPS] += running
        if len(trace_wh) > 0:
            trace_wh[now] = stored_wh
    _sum_up(figures, flows, stored_wh)
    return figures


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
    day: int,
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
    figures: Array,
) -> None:
    """Put builds on free machines, in turn, as far as the rule allows."""
    for machine in range(len(jobs)):
        if jobs[machine] != FREE:
            continue
        if rule[PER_DAY] > 0 and count[TODAY] >= rule[PER_DAY]:
            return
        job = count[BEGUN] % len(lengths)
        length = lengths[job]
        if now + length > sky.shape[1] - 1:
            return
        if not is_open(now * hours - 24.0 * day, length * hours, rule):
            return
        peak_w = peak_with(machine, job, jobs, peaks_w, rule)
        if peak_w > min(rule[MAX_W], bus[MAX_DISCHARGE_W] + outside_w):
            return
        jobs[machine], places[machine] = job, 0
        answer = STORED
        if outside_w < peak_w:  # else grid or generator carry it while they are there
            answer = may_begin(
                stored_wh, warm, sky, now, jobs, places, loads, lengths, left,
                hours, rule, bus,
            )  # fmt: skip
        if answer == NO:
            jobs[machine] = FREE
            return
        if answer == SUN_CARRIES:
            figures[BY_SUN] += 1
        count[BEGUN] += 1
        count[AT_WORK] += 1
        count[TODAY] += 1


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
        elif places[machine] >= lengths[jobs[machine]]:
            figures[FINISHED] += 1
            by_day[day] += 1
        else:
            continue
        jobs[machine] = FREE
        count[AT_WORK] -= 1


@compiled
def _sum_up(figures: Array, flows: Array, stored_wh: float) -> None:
    """Write what flowed; until now the unmet energy was all that was asked for."""
    figures[SERVED_WH] = flows[SERVED]
    figures[UNMET_WH] -= flows[SERVED]
    figures[CURTAILED_WH] = flows[CURTAILED]
    figures[LOST_WH] = flows[LOST]
    figures[GRID_WH] = flows[FROM_GRID]
    figures[GENERATOR_WH] = flows[MADE]
    figures[LAST_WH] = stored_wh
