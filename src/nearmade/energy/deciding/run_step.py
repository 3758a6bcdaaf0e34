"""The compiled core of running sites: machines, their work, a step, a look ahead.

A step with builds at work is two steps of the bus: first the beds that are on, then
those that are off. Beds of several machines are taken to be on together, which is the
hardest case for battery and inverter.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from nearmade.energy.sky.sun import Array
from nearmade.energy.supply.bus import (
    CUTOFF_FRACTION,
    FULL_WH,
    bus_step,
    drained_wh,
)
from nearmade.vocabulary.compiled import compiled

Whole = NDArray[np.int64]

# What one step gives, beside the state: shape (5,). [Wh]
SERVED: Final = 0
CURTAILED: Final = 1
LOST: Final = 2
FROM_GRID: Final = 3
MADE: Final = 4
FLOWS: Final = 5

#: A step that leaves less than this share of the load unserved served all of it.
ROUNDING: Final = 1e-7

# Figures of a build's step, along the last axis of the loads. [W], [W], share
LOW: Final = 0
HIGH: Final = 1
SHARE: Final = 2

#: Marks a machine without work.
FREE: Final = -1


@compiled
def draw_of(
    jobs: Whole,
    places: Whole,
    ahead: int,
    loads: Array,
    lengths: Whole,
    rest_w: float,
    standing_w: float,
) -> tuple[float, float, float]:
    """Give low power, mean above it, and share of the beds being on, of all machines.

    Parameters
    ----------
    jobs, places
        Which build each machine makes, ``FREE`` for none, and its step.
    ahead
        Steps from now.
    loads
        Builds by their steps, shape (builds, steps, 3).
    lengths
        Steps of each build.
    rest_w, standing_w
        Of each machine without work, and of the site. [W]
    """
    low = standing_w
    above, share = 0.0, 0.0
    for machine in range(len(jobs)):
        job, place = jobs[machine], places[machine] + ahead
        if job == FREE or place >= lengths[job]:
            low += rest_w
        else:
            low += loads[job, place, LOW]
            on = loads[job, place, SHARE]
            above += (loads[job, place, HIGH] - loads[job, place, LOW]) * on
            share = max(share, on)
    return low, above, share


@compiled
def work_step(
    stored_wh: float,
    connected: bool,  # noqa: FBT001 - compiled functions take no keywords
    running: bool,  # noqa: FBT001
    sun_w: float,
    grid_w: float,
    degc: float,
    low_w: float,
    above_w: float,
    share: float,
    hours: float,
    bus: Array,
    flows: Array,
) -> tuple[float, bool, bool, bool]:
    """Run one step; gives stored energy, connected, running, and all served.

    ``flows`` grows by what flowed, shape (5,). [Wh]
    """
    whole = True
    for part in range(2):
        length = share * hours if part == 0 else (1.0 - share) * hours
        if length <= 0.0:
            continue
        load_w = low_w + above_w / share if part == 0 else low_w
        stored_wh, connected, running, served, curtailed, lost, grid, made = bus_step(
            stored_wh, connected, running, sun_w, load_w, grid_w, degc, length, bus
        )
        flows[SERVED] += served
        flows[CURTAILED] += curtailed
        flows[LOST] += lost
        flows[FROM_GRID] += grid
        flows[MADE] += made
        if not connected or served < load_w * length * (1.0 - ROUNDING):
            whole = False
    return stored_wh, connected, running, whole


@compiled
def lowest_wh(
    stored_wh: float,
    connected: bool,  # noqa: FBT001
    running: bool,  # noqa: FBT001
    sun_w: Array,
    first: int,
    factor: float,
    degc: float,
    jobs: Whole,
    places: Whole,
    loads: Array,
    lengths: Whole,
    rest_w: float,
    standing_w: float,
    hours: float,
    bus: Array,
) -> tuple[float, int]:
    """Give the least stored energy until all work ends, and the step at which. [Wh]

    Grid and generator give nothing meanwhile. The energy is -1 where the load would
    be cut off or not served whole.

    Parameters
    ----------
    stored_wh, connected, running
        The state now.
    sun_w, first, factor
        Power of the panels, the step of it that is now, and what it is multiplied by;
        the series is a circle.
    degc
        Of the battery. [degC]
    jobs, places, loads, lengths, rest_w, standing_w
        As for ``draw_of``.
    hours
        Length of a step. [h]
    bus
        Shape (20,).
    """
    steps = 0
    for machine in range(len(jobs)):
        if jobs[machine] != FREE:
            steps = max(steps, lengths[jobs[machine]] - places[machine])
    flows = np.zeros(FLOWS)
    least, least_at = stored_wh, 0
    for ahead in range(steps):
        low, above, share = draw_of(
            jobs, places, ahead, loads, lengths, rest_w, standing_w
        )
        sun = factor * sun_w[(first + ahead) % len(sun_w)]
        stored_wh, connected, running, whole = work_step(
            stored_wh,
            connected,
            running,
            sun,
            0.0,
            degc,
            low,
            above,
            share,
            hours,
            bus,
            flows,
        )
        if not whole:
            return -1.0, ahead
        if stored_wh < least:
            least, least_at = stored_wh, ahead + 1
    return least, least_at


@compiled
def left_wh(loads: Array, lengths: Whole, hours: float, bus: Array) -> Array:
    """Give what each build takes from the battery from each step on, without sun.

    Returns
    -------
    Array
        Shape (builds, steps + 1), the last of each build zero. [Wh]
    """
    left = np.zeros((loads.shape[0], loads.shape[1] + 1))
    for job in range(loads.shape[0]):
        for place in range(lengths[job] - 1, -1, -1):
            low, high, share = loads[job, place]
            left[job, place] = (
                left[job, place + 1]
                + drained_wh(high, share * hours, bus)
                + drained_wh(low, (1.0 - share) * hours, bus)
            )
    return left


@compiled
def needed_wh(
    jobs: Whole, places: Whole, left: Array, spare: float, bus: Array
) -> float:
    """Give what the battery must hold for all work to end without any sun. [Wh]"""
    need = (bus[CUTOFF_FRACTION] + spare) * bus[FULL_WH]
    for machine in range(len(jobs)):
        if jobs[machine] != FREE:
            need += left[jobs[machine], places[machine]]
    return float(need)
