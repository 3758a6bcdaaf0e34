"""What the sun may do next, from hours of the last weeks that were like the last ones.

Works offline: nothing but what the panels gave so far, and the sky without clouds. An
hour is like now when the share of the clear sky that the panels gave over the hour
before, and over the three hours before, is alike. What followed it then, as a share of
the clear sky, is laid over the clear sky from now on. Each such path is a whole day's
course: no hour of it is taken as independent of the next.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from nearmade.energy.deciding.run_step import Whole
from nearmade.energy.sky.sun import Array
from nearmade.vocabulary.compiled import compiled
from nearmade.vocabulary.errors import InvalidInput

#: Days that are looked back over, and how many of the likest count.
DAYS: Final = 60
NEAREST: Final = 40

#: All that the likest days gave is taken at this share: the last weeks do not show the
#: worst that a sky can do.
CAUTION_FRACTION: Final = 0.8

#: Starts of like hours are looked for at this clock time, and half an hour and an hour
#: before and after.
SHIFTS: Final = 5

#: A clear sky that gives less says nothing about clouds. [W]
LEAST_CLEAR_W: Final = 1.0

#: Between clouds more may come down than under a clear sky, but do not count on it.
MOST_CLEAR_FRACTION: Final = 1.2

#: Of the two measures of likeness, what three hours weigh against one.
LONG_WEIGHT: Final = 0.5


@compiled
def sums_of(series: Array) -> Array:
    """Give the sums of all before each step, shape (n + 1,)."""
    sums = np.zeros(len(series) + 1)
    for step in range(len(series)):
        sums[step + 1] = sums[step] + series[step]
    return sums


@compiled
def clearness(given: Array, clear: Array, at: int, steps: int) -> float:
    """Give the share of the clear sky that came over the steps before one.

    Parameters
    ----------
    given, clear
        Sums from ``sums_of``.
    at, steps
        The step, and how many before it.
    """
    under = clear[at] - clear[at - steps]
    return float((given[at] - given[at - steps]) / max(under, LEAST_CLEAR_W * steps))


@compiled
def like_hours(
    given: Array, clear: Array, now: int, steps: int, hours: float, days: int, most: int
) -> Whole:
    """Give the steps of the past that are likest to now, the likest first.

    Parameters
    ----------
    given, clear
        Sums from ``sums_of``: what the panels gave, and what a clear sky would.
    now
        The step that begins now; later ones are not looked at.
    steps
        How many after each are wanted. They may not reach beyond now.
    hours
        Length of a step. [h]
    days, most
        To look back over; to give at most.

    Returns
    -------
    NDArray[np.int64]
        Shape (k,), k at most ``most``.
    """
    hour = max(1, round(1.0 / hours))
    half = max(1, hour // 2)
    day = round(24.0 / hours)
    found = np.empty(days * SHIFTS, np.int64)
    unlike = np.empty(days * SHIFTS)
    count = 0
    if now < 3 * hour:
        return found[:0]
    short_now = clearness(given, clear, now, hour)
    long_now = clearness(given, clear, now, 3 * hour)
    for back in range(1, days + 1):
        for shift in range(-(SHIFTS // 2), SHIFTS // 2 + 1):
            at = now - back * day + shift * half
            if at < 3 * hour or at + steps > now:
                continue
            short = clearness(given, clear, at, hour)
            long = clearness(given, clear, at, 3 * hour)
            found[count] = at
            unlike[count] = abs(short - short_now) + LONG_WEIGHT * abs(long - long_now)
            count += 1
    order = np.argsort(unlike[:count], kind="mergesort")
    return found[:count][order[: min(most, count)]]


@compiled
def fill_path(
    path: Array, given_w: Array, clear_w: Array, like: int, now: int, steps: int
) -> None:
    """Lay what followed a like hour over the clear sky from now on. [W]

    Parameters
    ----------
    path
        Filled up to ``steps``. [W]
    given_w, clear_w
        What the panels gave and what a clear sky would; the clear sky is a circle. [W]
    like, now, steps
        The like step, the step that begins now, and how many.
    """
    for ahead in range(steps):
        under = clear_w[(like + ahead) % len(clear_w)]
        share = given_w[like + ahead] / max(under, LEAST_CLEAR_W)
        over = clear_w[(now + ahead) % len(clear_w)]
        path[ahead] = over * min(MOST_CLEAR_FRACTION, share)


def like_paths_w(
    given_w: Array, clear_w: Array, steps: int, hours: float, days: int = DAYS
) -> Array:
    """Give how the panels may go on from now, one course for each like hour. [W]

    Parameters
    ----------
    given_w
        What they gave, step by step until now, shape (n,). [W]
    clear_w
        What they would give under a clear sky, over the same steps and those that are
        asked for, shape (n + steps,). [W]
    steps
        How many from now on.
    hours
        Length of a step. [h]
    days
        How many back are looked over.

    Returns
    -------
    Array
        Shape (k, steps), k from 0 to 40, multiplied by ``CAUTION_FRACTION``. [W]

    Raises
    ------
    InvalidInput
        When the lengths do not fit.
    """
    now = len(given_w)
    if not (steps >= 1 and len(clear_w) == now + steps and 0 < hours <= 1):
        raise InvalidInput(
            f"like days: {now} steps behind and {steps} ahead, clear {len(clear_w)}"
        )
    like = like_hours(
        sums_of(given_w), sums_of(clear_w), now, steps, hours, days, NEAREST
    )
    paths = np.empty((len(like), steps))
    for index, at in enumerate(like):
        fill_path(paths[index], given_w, clear_w, at, now, steps)
    return paths * CAUTION_FRACTION
