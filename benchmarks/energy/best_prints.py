"""The most builds that anybody could finish who knows the weather of the whole year.

Exact for builds that are all alike, by dynamic programming from the year's end. For
every step and number of builds there is a least stored energy from which that many can
still be finished; a step's law never gives less from more, so the least energy before
a step follows from the least after it. Nothing is rounded to a grid. Two things are
kinder than they are, so that the figure is never too low: no charge is kept above the
cut-off, and below the charge at which a load returns the resting machine draws nothing
and a build may begin.
"""

from __future__ import annotations

import numpy as np

from nearmade.energy.load.machine_load import LoadProfile
from nearmade.energy.sky.sun import Array
from nearmade.energy.supply.battery import Battery
from nearmade.vocabulary.compiled import compiled


@compiled
def _before(
    after: float, net_wh: float, full: float, charge: float, discharge: float
) -> float:
    """Give the least energy before a step that ends with so much; inf for never."""
    if after > full:
        return np.inf
    found = after - charge * net_wh if net_wh >= 0 else after - net_wh / discharge
    return found if found <= full else np.inf


@compiled
def _before_work(
    after: float,
    sun_w: Array,
    now: int,
    low: Array,
    high: Array,
    share: Array,
    hours: float,
    full: float,
    bottom: float,
    charge: float,
    discharge: float,
) -> float:
    """Give the least energy before a whole build that ends with so much."""
    need = max(after, bottom)
    for place in range(len(low) - 1, -1, -1):
        sun = sun_w[now + place]
        off, on = (1.0 - share[place]) * hours, share[place] * hours
        need = _before(need, (sun - low[place]) * off, full, charge, discharge)
        need = max(need, bottom)
        need = _before(need, (sun - high[place]) * on, full, charge, discharge)
        need = max(need, bottom)
    return need


@compiled
def _most(
    sun_w: Array,
    low: Array,
    high: Array,
    share: Array,
    hours: float,
    rest_w: float,
    full: float,
    bottom: float,
    back: float,
    charge: float,
    discharge: float,
    first: float,
    most: int,
) -> int:
    """Go from the year's end to its beginning."""
    steps, length = len(sun_w), len(low)
    rows = length + 1
    least = np.full((rows, most + 1), np.inf)
    least[:, 0] = bottom
    for now in range(steps - 1, -1, -1):
        row, after, ends = now % rows, (now + 1) % rows, (now + length) % rows
        bare = sun_w[now] * hours
        for k in range(1, most + 1):
            wanted = least[after, k] if now + 1 < steps else np.inf
            if wanted <= bottom:
                least[row, k] = bottom
                continue
            found = max(bottom, _before(wanted, bare, full, charge, discharge))
            if back <= found < np.inf:
                drawn = bare - rest_w * hours
                found = max(back, _before(wanted, drawn, full, charge, discharge))
            left = np.inf
            if now + length < steps:
                left = least[ends, k - 1]
            elif now + length == steps and k == 1:
                left = bottom
            if left < np.inf:
                need = _before_work(
                    left, sun_w, now, low, high, share, hours, full, bottom,
                    charge, discharge,
                )  # fmt: skip
                found = min(found, need)
            least[row, k] = found
            if found == np.inf:
                least[row, k:] = np.inf
                break
    count = 0
    for k in range(1, most + 1):
        if least[0, k] <= first:
            count = k
    return count


def most_builds(
    sun_w: Array,
    load: LoadProfile,
    battery: Battery,
    *,
    rest_w: float,
    first_fraction: float,
    most: int = 1200,
) -> int:
    """Give the most builds that a year's weather lets be finished.

    Parameters
    ----------
    sun_w
        Power of the panels, shape (steps,). [W]
    load
        Of a build, in steps of the same length.
    battery
        With constant efficiencies; its other laws are not looked at.
    rest_w
        Of the machine without work. [W]
    first_fraction
        State of charge at the beginning.
    most
        More than could ever be.
    """
    full = battery.usable_top_wh
    return int(
        _most(
            sun_w,
            load.low_w,
            load.high_w,
            load.high_fraction,
            load.step_s / 3600,
            rest_w,
            full,
            battery.cutoff_fraction * full,
            battery.reconnect_fraction * full,
            battery.charge_fraction,
            battery.discharge_fraction,
            first_fraction * full,
            most,
        )
    )
