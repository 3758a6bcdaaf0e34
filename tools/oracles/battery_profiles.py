"""Power that batteries are put through, the same for PySAM and for us."""

from __future__ import annotations

import math

HOURS = 8760


def _chances(seed: int, count: int) -> list[float]:
    """Give numbers in 0..1 from a linear congruence (Numerical Recipes, 7.1)."""
    state, found = seed, []
    for _ in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        found.append(state / 2**32)
    return found


def profile_w(name: str, steps_per_hour: int) -> list[float]:
    """Give a year of power into a battery, step by step, below zero out of it. [W]

    Parameters
    ----------
    name
        ``chance``: anything within 150 W, anew each quarter of an hour at most.
        ``site``: a panel of 170 W under changing days, a printer of 90 W a third of
        the time.
        ``beds``: the same panel, a printer whose bed switches 262 W and 47 W.
    steps_per_hour
        1 or more.
    """
    if name == "chance":
        blocks = min(4, steps_per_hour)
        drawn = _chances(5, HOURS * blocks)
        each = steps_per_hour // blocks
        return [300 * one - 150 for one in drawn for _ in range(each)]
    days = [0.15 + 0.85 * one for one in _chances(7, HOURS // 24)]
    prints = _chances(11, HOURS)
    beds = _chances(13, HOURS * steps_per_hour)
    found = []
    for hour in range(HOURS):
        up = math.sin((hour % 24 - 6) / 12 * math.pi)
        sun = 170 * days[hour // 24] * max(0.0, up)
        for part in range(steps_per_hour):
            load = 6.0
            if prints[hour] < 0.35:
                load = 90.0
                if name == "beds":
                    hot = beds[hour * steps_per_hour + part] < 0.16
                    load = 262.0 if hot else 47.0
            found.append(sun - load)
    return found
