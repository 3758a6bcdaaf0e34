"""The compiled start rules of a site: may one more build begin now?"""

from __future__ import annotations

from typing import Final

from nearmade.energy.deciding.like_days import fill_path, like_hours
from nearmade.energy.deciding.run_step import FREE, Whole, lowest_wh, needed_wh
from nearmade.energy.sky.sun import Array
from nearmade.energy.supply.bus import CUTOFF_FRACTION, FULL_WH
from nearmade.energy.supply.reserve import FULL_FRACTION
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
FACTOR: Final = 14
SHED_FROM_HOUR: Final = 15
SHED_TO_HOUR: Final = 16
RULE_FIGURES: Final = 17

# Rows of a site's sky, shape (4, n + 1): what the panels give and a clear sky would,
# and the sums of both before each step.
SUN: Final = 0
CLEAR: Final = 1
SUN_SUMS: Final = 2
CLEAR_SUMS: Final = 3

#: A battery filled less than this is not worth asking the sky about.
ASK_FRACTION: Final = 0.5

#: Answers: not now, all of it is stored, the sun must carry a part.
NO: Final = 0
STORED: Final = 1
SUN_CARRIES: Final = 2


@compiled
def peak_with(
    machine: int, job: int, jobs: Whole, peaks_w: Array, rule: Array
) -> float:
    """Give what the site draws at most with one more build at work. [W]"""
    draw_w = rule[STANDING_W] + peaks_w[job]
    for other in range(len(jobs)):
        if jobs[other] != FREE:
            draw_w += peaks_w[jobs[other]]
        elif other != machine:
            draw_w += rule[REST_W]
    return float(draw_w)


@compiled
def is_open(hour: float, work_h: float, opens_h: float, closes_h: float) -> bool:
    """Tell whether a build may begin at this hour of the day and end in time."""
    if opens_h <= 0.0 and closes_h >= 24.0:
        return True
    return bool(hour >= opens_h and hour + work_h <= closes_h + 1e-9)


@compiled
def is_shed(hour: float, work_h: float, rule: Array) -> bool:
    """Tell whether a build that begins now meets hours without grid that are known."""
    without = (rule[SHED_TO_HOUR] - rule[SHED_FROM_HOUR]) % 24.0
    if without <= 0.0:
        return False
    since = (hour - rule[SHED_FROM_HOUR]) % 24.0
    until = (rule[SHED_FROM_HOUR] - hour) % 24.0
    return bool(since < without or until < work_h - 1e-9)


@compiled
def is_hopeless(
    stored_wh: float, clear_w: float, job: int, left: Array, rule: Array, bus: Array
) -> bool:
    """Tell at a glance, most of the time, that no build may begin now."""
    if rule[RULE] == GREEDY or rule[RULE] == KNOWN:
        return False
    full = bus[FULL_WH]
    need = (bus[CUTOFF_FRACTION] + rule[SPARE]) * full + left[job, 0]
    if stored_wh > need:
        return False
    by_sun = rule[RULE] == SOUND and need >= FULL_FRACTION * full and clear_w > 0.0
    return not (by_sun and stored_wh >= ASK_FRACTION * full)


@compiled
def may_begin(
    stored_wh: float,
    degc: float,
    sky: Array,
    now: int,
    jobs: Whole,
    places: Whole,
    loads: Array,
    lengths: Whole,
    left: Array,
    hours: float,
    rule: Array,
    bus: Array,
) -> int:
    """Tell whether the builds of ``jobs``, the new one among them, may be at work.

    Returns
    -------
    int
        ``NO``, ``STORED`` or ``SUN_CARRIES``.
    """
    full = bus[FULL_WH]
    floor = (bus[CUTOFF_FRACTION] + rule[SPARE]) * full
    if rule[RULE] == GREEDY:
        return STORED if stored_wh > floor else NO
    need = needed_wh(jobs, places, left, rule[SPARE], bus)
    if rule[RULE] == KNOWN:
        least = _least(
            stored_wh, degc, sky[SUN], now, rule[FACTOR],
            jobs, places, loads, lengths, hours, rule, bus,
        )  # fmt: skip
        return SUN_CARRIES if least > floor else NO
    if stored_wh > need:
        return STORED
    if (
        rule[RULE] == RESERVE
        or need < FULL_FRACTION * full  # a full battery carries it: wait for that
        or stored_wh < ASK_FRACTION * full
    ):
        return NO
    return _sun_carries(
        stored_wh, degc, sky, now, floor, jobs, places, loads, lengths, hours, rule, bus
    )


@compiled
def _sun_carries(
    stored_wh: float,
    degc: float,
    sky: Array,
    now: int,
    floor: float,
    jobs: Whole,
    places: Whole,
    loads: Array,
    lengths: Whole,
    hours: float,
    rule: Array,
    bus: Array,
) -> int:
    """Ask the hours that were like the last ones what the sun may do next."""
    share = rule[FACTOR] * rule[CAUTION]
    if sky[CLEAR, now] <= 0.0:
        return NO
    least = _least(
        stored_wh, degc, sky[CLEAR], now, share,
        jobs, places, loads, lengths, hours, rule, bus,
    )  # fmt: skip
    if least <= floor:
        return NO  # not even without a cloud
    steps = 0
    for machine in range(len(jobs)):
        if jobs[machine] != FREE:
            steps = max(steps, lengths[jobs[machine]] - places[machine])
    most = int(rule[NEAREST_DAYS])
    like = like_hours(
        sky[SUN_SUMS], sky[CLEAR_SUMS], now, steps, hours, int(rule[LIKE_DAYS]), most
    )
    if len(like) < most:
        return NO
    path = sky[SUN, :steps].copy()
    allowed = int(rule[WORST] * most)
    for index in range(most):
        fill_path(path, sky[SUN], sky[CLEAR], like[index], now, steps)
        least = _least(
            stored_wh, degc, path, 0, share,
            jobs, places, loads, lengths, hours, rule, bus,
        )  # fmt: skip
        if least <= floor:
            allowed -= 1
            if allowed < 0:
                return NO
    return SUN_CARRIES


@compiled
def _least(
    stored_wh: float,
    degc: float,
    sun_w: Array,
    first: int,
    factor: float,
    jobs: Whole,
    places: Whole,
    loads: Array,
    lengths: Whole,
    hours: float,
    rule: Array,
    bus: Array,
) -> float:
    """Give the least stored energy under a sun, -1 for a cut-off. [Wh]"""
    connected, running = True, False
    least, _ = lowest_wh(
        stored_wh, connected, running, sun_w, first, factor, degc, jobs, places,
        loads, lengths, rule[REST_W], rule[STANDING_W], hours, bus,
    )  # fmt: skip
    return least
