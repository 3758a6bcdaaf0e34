"""Ascent of a smooth function over values that are zero or more.

Limited-memory quasi-Newton steps on the values that are free, each step bent at zero
and shortened until the function rises enough.

References
----------
D. P. Bertsekas, "Projected Newton methods for optimization problems with simple
constraints", SIAM Journal on Control and Optimization 20 (1982), doi:10.1137/0320018.
J. Nocedal, "Updating quasi-Newton matrices with limited storage", Mathematics of
Computation 35 (1980), doi:10.1090/S0025-5718-1980-0572855-7.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nearmade.planning.network.problem import Floats
from nearmade.vocabulary.compiled import compiled

MEMORY = 10
#: Share of the rise that the slope promises, at least.
ENOUGH = 1e-4
SHORTER = 0.4
SHORTEST = 1e-5


def ascend(
    function: Callable[[Floats], tuple[float, Floats]],
    start: Floats,
    passes: int,
    first_step: float,
) -> Floats:
    """Raise a function by so many passes over it, from a start of zero or more.

    Parameters
    ----------
    function
        Gives value and slope.
    first_step
        Mean change of the values in the first step.
    """
    memory = np.zeros((2, MEMORY, start.size))
    at, held, spent = start, 0, 1
    value, slope = function(at)
    while spent < passes:
        free = (at > 0) | (slope > 0)
        direction = _direction(memory[0, :held], memory[1, :held], slope, free)
        rise = float((direction * slope).sum())
        if held == 0 or rise <= 0:
            held = 0
            direction = np.where(free, slope, 0.0)
            norm = float(np.sqrt((direction * direction).mean()))
            if norm == 0:
                return at
            direction *= first_step / norm
        length = 1.0
        while True:
            to = np.maximum(0.0, at + length * direction)
            to_value, to_slope = function(to)
            spent += 1
            if to_value >= value + ENOUGH * float((slope * (to - at)).sum()):
                break
            length *= SHORTER
            if length < SHORTEST or spent >= passes:
                return at
        held = _remember(memory, held, to - at, slope - to_slope)
        at, value, slope = to, to_value, to_slope
    return at


def _remember(
    memory: NDArray[np.float64], held: int, step: Floats, change: Floats
) -> int:
    """Keep the newest steps where the slope fell along them."""
    curve = float((step * change).sum())
    lengths = float((step * step).sum()) * float((change * change).sum())
    if not curve > 1e-10 * np.sqrt(lengths):
        return held
    if held == MEMORY:
        memory[:, :-1] = memory[:, 1:]
        held -= 1
    memory[0, held], memory[1, held] = step, change
    return held + 1


@compiled
def _direction(
    steps: Floats, changes: Floats, slope: Floats, free: NDArray[np.bool_]
) -> Floats:
    """Turn the slope by the remembered steps; zero where a value is held at zero."""
    held, size = steps.shape
    direction = np.where(free, slope, 0.0)
    curve = np.empty(held)
    share = np.empty(held)
    for m in range(held - 1, -1, -1):
        curve[m] = along = 0.0
        for n in range(size):
            curve[m] += steps[m, n] * changes[m, n]
            along += steps[m, n] * direction[n]
        share[m] = along / curve[m]
        for n in range(size):
            direction[n] -= share[m] * changes[m, n]
    if held:
        squared = 0.0
        for n in range(size):
            squared += changes[held - 1, n] ** 2
        direction *= curve[held - 1] / squared
    for m in range(held):
        along = 0.0
        for n in range(size):
            along += changes[m, n] * direction[n]
        for n in range(size):
            direction[n] += (share[m] - along / curve[m]) * steps[m, n]
    for n in range(size):
        if not free[n]:
            direction[n] = 0.0
    return direction
