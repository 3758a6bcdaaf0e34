"""The compiled loop over the steps of one site's years: decide, draw, count."""

from __future__ import annotations

from typing import Final

import numpy as np

from nearmade.energy.bus import FULL_WH, MAX_DISCHARGE_W, bus_step
from nearmade.energy.like_days import fill_path, like_hours
from nearmade.energy.reserve import FULL_FRACTION
from nearmade.energy.run_step import (
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
    lowest_wh,
    needed_wh,
    work_step,
)
from nearmade.energy.bus import CUTOFF_FRACTION
from nearmade.energy.sun import Array
from nearmade.vocabulary.compiled import compiled

# Start rules.
GREEDY: Final = 0
RESERVE: Final = 1
SOUND: Final = 2
KNOWN: Final = 3

# Figures of a site's rule: one row of numbers.
RULE: Final = 0
SPARE: Final = 1
OPENS_HOUR: Final = 2
CLOSES_HOUR: Final = 3
PER_DAY: Final = 4
MAX_W: Final = 5
REST_W: Final = 6
STANDING_W: Final = 7
MACHINES: Final = 8
CAUTION: Final = 9
LIKE_DAYS: Final = 10
NEAREST_DAYS: Final = 11
WORST: Final = 12
FIRST: Final = 13
RULE_FIGURES: Final = 14

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
BY_FORECAST: Final = 12
YEAR_FIGURES: Final = 13

#: A battery filled less than this is not worth asking the sky about.
ASK_FRACTION: Final = 0.5


@compiled
def may_begin(
    stored_wh: float,
    running: bool,  # noqa: FBT001 - compiled functions take no keywords
    degc: float,
    sun_w: Array,
    clear_w: Array,
    factor: float,
    given: Array,
    clear: Array,
    now: int,
    jobs: Whole,
    places: Whole,
    loads: Array,
    lengths: Whole,
    left: Array,
    hours: float,
    rule: Array,
    bus: Array,
    path: Array,
) -> int:
    """Tell whether the builds of ``jobs``, one of them new, may all be at work.

    Returns
    -------
    int
        0 for no, 1 when all of it is stored, 2 when the sun must carry a part.
    """
    full = bus[FULL_WH]
    need = needed_wh(jobs, places, left, rule[SPARE], bus)
    if rule[RULE] == GREEDY:
        return 1 if stored_wh > (bus[CUTOFF_FRACTION] + rule[SPARE]) * full else 0
    if rule[RULE] != KNOWN and stored_wh > need:
        return 1
    if rule[RULE] == RESERVE or stored_wh < ASK_FRACTION * full:
        return 0
    steps = 0
    for machine in range(len(jobs)):
        if jobs[machine] != FREE:
            steps = max(steps, lengths[jobs[machine]] - places[machine])
    floor = (bus[CUTOFF_FRACTION] + rule[SPARE]) * full
    rest_w, standing_w = rule[REST_W], rule[STANDING_W]
    if rule[RULE] == KNOWN:
        least, _ = lowest_wh(
            stored_wh, True, running, sun_w, now, factor, degc, jobs, places,
            loads, lengths, rest_w, standing_w, hours, bus,
        )  # fmt: skip
        return 2 if least > floor else 0
    if need < FULL_FRACTION * full:
        return 0  # a full battery carries it: wait for that
    share = factor * rule[CAUTION]
    if clear_w[now % len(clear_w)] <= 0.0:
        return 0
    least, _ = lowest_wh(
        stored_wh, True, running, clear_w, now, share, degc, jobs, places,
        loads, lengths, rest_w, standing_w, hours, bus,
    )  # fmt: skip
    if least <= floor:
        return 0
    like = like_hours(
        given, clear, now, steps, hours, int(rule[LIKE_DAYS]), int(rule[NEAREST_DAYS])
    )
    if len(like) < rule[NEAREST_DAYS]:
        return 0
    bad = int(rule[WORST] * len(like))
    for index in range(len(like)):
        fill_path(path, sun_w, clear_w, like[index], now, steps)
        least, _ = lowest_wh(
            stored_wh, True, running, path, 0, share, degc, jobs, places,
            loads, lengths, rest_w, standing_w, hours, bus,
        )  # fmt: skip
        if least <= floor:
            bad -= 1
            if bad < 0:
                return 0
    return 2


@compiled
def run_site(
    sun_w: Array,
    clear_w: Array,
    given: Array,
    clear: Array,
    factor: float,
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
    """Run one site over its whole series; gives its figures, shape (13,).

    Parameters
    ----------
    sun_w, clear_w, given, clear, factor
        The panels' power and a clear sky's, the sums of both, and what all of it is
        multiplied by.
    grid_w, degc
        What the grid gives and the battery's temperature; series that may be shorter
        than the sun's are circles.
    loads, lengths
        The builds, made in turn: shape (builds, steps, 3), and steps of each.
    hours
        Length of a step. [h]
    rule, bus
        Shapes (14,) and (20,).
    by_day
        Filled with builds finished on each day.
    trace_wh
        Filled with the stored energy after each step, unless it is empty.
    """
    full = bus[FULL_WH]
    left = left_wh(loads, lengths, hours, bus)
    peaks = np.zeros(len(lengths))
    for job in range(len(lengths)):
        peaks[job] = loads[job, : lengths[job], HIGH].max()
    machines = int(rule[MACHINES])
    jobs = np.full(machines, FREE)
    places = np.zeros(machines, np.int64)
    path = np.empty(loads.shape[1] + 1)
    flows = np.zeros(FLOWS)
    figures = np.zeros(YEAR_FIGURES)
    figures[LEAST_WH] = full
    stored_wh, connected, running = rule[FIRST] * full, True, False
    rest_w, standing_w = rule[REST_W], rule[STANDING_W]
    idle_w = machines * rest_w + standing_w
    limit_w = min(rule[MAX_W], bus[MAX_DISCHARGE_W])
    turn, at_work, started, asked_wh = 0, 0, 0, 0.0
    for now in range(len(sun_w)):
        day = int(now * hours / 24.0 + 1e-9)
        hour = now * hours - 24.0 * day
        if hour < hours:
            started = 0
        sun = factor * sun_w[now]
        grid, warm = grid_w[now % len(grid_w)], degc[now % len(degc)]
        figures[PANEL_WH] += sun * hours
        for machine in range(machines):
            if not connected or jobs[machine] != FREE:
                continue
            length = lengths[turn]
            late = now + length > len(sun_w)
            shut = rule[OPENS_HOUR] > 0.0 or rule[CLOSES_HOUR] < 24.0
            if shut and hour < rule[OPENS_HOUR]:
                late = True
            if shut and hour + length * hours > rule[CLOSES_HOUR] + 1e-9:
                late = True
            if late or (rule[PER_DAY] > 0 and started >= rule[PER_DAY]):
                break
            draw_w = standing_w + peaks[turn]
            for other in range(machines):
                if jobs[other] != FREE:
                    draw_w += peaks[jobs[other]]
                elif other != machine:
                    draw_w += rest_w
            if draw_w > limit_w:
                break
            jobs[machine], places[machine] = turn, 0
            go = may_begin(
                stored_wh, running, warm, sun_w, clear_w, factor, given, clear, now,
                jobs, places, loads, lengths, left, hours, rule, bus, path,
            )  # fmt: skip
            if go == 0:
                jobs[machine] = FREE
                break
            figures[BY_FORECAST] += go - 1
            turn = (turn + 1) % len(lengths)
            at_work += 1
            started += 1
        if at_work == 0:
            stored_wh, connected, running, served, curtailed, lost, bought, made = (
                bus_step(
                    stored_wh, connected, running, sun, idle_w, grid, warm, hours, bus
                )
            )
            asked_wh += idle_w * hours
            flows[SERVED] += served
            flows[CURTAILED] += curtailed
            flows[LOST] += lost
            flows[FROM_GRID] += bought
            flows[MADE] += made
        else:
            low, above, share = draw_of(
                jobs, places, 0, loads, lengths, rest_w, standing_w
            )
            asked_wh += (low + above) * hours
            stored_wh, connected, running, whole = work_step(
                stored_wh, connected, running, sun, grid, warm, low, above, share,
                hours, bus, flows,
            )  # fmt: skip
            for machine in range(machines):
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
                at_work -= 1
        figures[LEAST_WH] = min(figures[LEAST_WH], stored_wh)
        if not connected:
            figures[OFF_STEPS] += 1
        if len(trace_wh) > 0:
            trace_wh[now] = stored_wh
    figures[SERVED_WH] = flows[SERVED]
    figures[UNMET_WH] = asked_wh - flows[SERVED]
    figures[CURTAILED_WH] = flows[CURTAILED]
    figures[LOST_WH] = flows[LOST]
    figures[GRID_WH] = flows[FROM_GRID]
    figures[GENERATOR_WH] = flows[MADE]
    figures[LAST_WH] = stored_wh
    return figures
