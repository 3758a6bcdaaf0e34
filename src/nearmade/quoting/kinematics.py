"""How long a machine takes along a path: ramps, corners and the planner's look-ahead.

The planner is that of Marlin with classic jerk, as slicers use it for their estimates.
Its two passes over all moves are running minima of speed squared against distance, so
whole builds are planned by a few array operations.

References
----------
.. [1] Marlin firmware, ``planner.cpp``, classic jerk.
.. [2] PrusaSlicer 2.5, ``GCodeProcessor.cpp``, time machine.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nearmade.quoting.print_settings import Motion, PrintSettings

Array = NDArray[np.float64]

#: A corner is taken to be a stop and a start where both ends may jump that far.
COASTING_FRACTION = 0.99


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """Straight moves one after the other.

    Parameters
    ----------
    steps_mm
        Along x, y and the filament, shape (n, 3). [mm]
    speeds
        Asked for, shape (n,), above zero. [mm/s]
    accelerations
        Asked for, shape (n,), above zero. [mm/s2]
    starts
        True where a move begins at rest, shape (n,); the move before it ends at rest.
    """

    steps_mm: Array
    speeds: Array
    accelerations: Array
    starts: NDArray[np.bool_]


def durations_s(moves: Moves, motion: Motion) -> Array:
    """Give the time of each move, shape (n,). [s]

    Moves without length take no time.
    """
    lengths = np.hypot(moves.steps_mm[:, 0], moves.steps_mm[:, 1])
    given = lengths > 1e-9
    times = np.zeros(len(lengths))
    if not given.any():
        return times
    starts = _carried(moves.starts, given)
    steps = moves.steps_mm[given] / lengths[given, None]
    speeds, accelerations = _limited(
        steps, moves.speeds[given], moves.accelerations[given], motion
    )
    axis_speeds = steps * speeds[:, None]
    jerks = np.array([motion.jerks[0], motion.jerks[1], motion.jerks[3]])
    rest = np.minimum(speeds, _rest_speeds(axis_speeds, jerks))
    corners = _corner_speeds(axis_speeds, speeds, rest, jerks)
    caps = np.concatenate([[rest[0]], corners, [rest[-1]]])
    ends = np.flatnonzero(starts[1:]) + 1
    caps[ends] = np.minimum(rest[ends - 1], rest[ends])
    times[given] = _planned(lengths[given], speeds, accelerations, caps)
    return times


def ramp_s(length_mm: float, speed: float, acceleration: float) -> float:
    """Give the time from rest to rest over a length. [s]

    Parameters
    ----------
    length_mm
        Zero or more. [mm]
    speed, acceleration
        The most allowed, above zero. [mm/s] [mm/s2]
    """
    if length_mm <= speed**2 / acceleration:
        return 2 * math.sqrt(length_mm / acceleration)
    return length_mm / speed + speed / acceleration


def retraction_s(settings: PrintSettings) -> float:
    """Give the time of a retraction, a lift and back again. [s]"""
    retraction, motion = settings.retraction, settings.motion
    feed = motion.most_accelerations[3]
    back_s = ramp_s(retraction.length_mm, retraction.back_mm_s, feed)
    forth_s = ramp_s(retraction.length_mm, retraction.forth_mm_s, feed)
    rise = settings.speeds.travel_z or motion.most_speeds[2]
    rise = min(rise, motion.most_speeds[2])
    lift_s = ramp_s(retraction.lift_mm, rise, motion.most_accelerations[2])
    return back_s + forth_s + 2 * lift_s


def _carried(starts: NDArray[np.bool_], given: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Hand the start of a move without length to the next one that has some."""
    groups = np.cumsum(starts)[given]
    result = np.ones(len(groups), dtype=bool)
    result[1:] = groups[1:] != groups[:-1]
    return result


def _limited(
    steps: Array, speeds: Array, accelerations: Array, motion: Motion
) -> tuple[Array, Array]:
    """Hold speed and acceleration against the limits of each axis."""
    along = np.maximum(np.abs(steps), 1e-12)
    axes = (0, 1, 3)
    most = np.array([motion.most_speeds[axis] for axis in axes])
    speeds = np.minimum(speeds, (most / along).min(axis=1))
    for column, axis in enumerate(axes):
        limit = motion.most_accelerations[axis]
        over = accelerations * along[:, column] > limit
        accelerations = np.where(over, limit, accelerations)
    return speeds, accelerations


def _rest_speeds(axis_speeds: Array, jerks: Array) -> Array:
    """Give the speed that needs no ramp from rest: the least limit that is passed."""
    over = np.abs(axis_speeds) > jerks
    result: Array = np.where(over, jerks, np.inf).min(axis=1)
    return result


def _corner_speeds(
    axis_speeds: Array, speeds: Array, rest: Array, jerks: Array
) -> Array:
    """Give the speed at which each corner may be passed, shape (n - 1,)."""
    before, after = speeds[:-1], speeds[1:]
    slower = np.minimum(before, after)
    leaving = axis_speeds[:-1] * np.where(before > after, after / before, 1.0)[:, None]
    entering = axis_speeds[1:]
    factor = np.ones(len(slower))
    for axis, limit in enumerate(jerks):
        out = leaving[:, axis] * factor
        into = entering[:, axis] * factor
        jerk = np.where(
            out > into,
            np.where((into > 0) | (out < 0), out - into, np.maximum(out, -into)),
            np.where((into < 0) | (out > 0), into - out, np.maximum(-out, into)),
        )
        factor = np.where(
            jerk > limit, factor * limit / np.maximum(jerk, 1e-12), factor
        )
    corners = slower * factor
    threshold = COASTING_FRACTION * corners
    stops = (rest[:-1] > threshold) & (rest[1:] > threshold)
    return np.where(stops, rest[1:], corners)


def _planned(lengths: Array, speeds: Array, accelerations: Array, caps: Array) -> Array:
    """Give times with look-ahead: no move enters or leaves faster than it can ramp.

    With ``s`` the sum of twice acceleration times length, speed squared at a corner is
    at most ``cap(j) + s(i) - s(j)`` of every corner ``j`` before, and alike behind.
    """
    gains = 2 * accelerations * lengths
    sums = np.concatenate([[0.0], np.cumsum(gains)])
    squares = caps**2
    forward = sums + np.minimum.accumulate(squares - sums)
    both = np.minimum.accumulate((forward + sums)[::-1])[::-1] - sums
    corners = np.sqrt(np.maximum(both, 0.0))
    enter, leave = corners[:-1], corners[1:]
    peak = np.sqrt((enter**2 + leave**2) / 2 + accelerations * lengths)
    cruise = np.maximum(np.minimum(speeds, peak), np.maximum(enter, leave))
    ramps = (2 * cruise**2 - enter**2 - leave**2) / (2 * accelerations)
    even = np.maximum(lengths - ramps, 0.0) / np.maximum(cruise, 1e-9)
    result: Array = (2 * cruise - enter - leave) / accelerations + even
    return result
