"""Layers too short to cool are drawn slower: which lines, and how slow.

References
----------
.. [1] PrusaSlicer 2.5, ``CoolingBuffer.cpp``: other lines are slowed before outer
   walls, the fastest first, to one common speed; bridges are never slowed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from nearmade.quoting.layer_lines import LayerLines
from nearmade.quoting.print_settings import PrintSettings

#: Steps of halving the interval of speeds; far below 0.1 %.
HALVINGS = 24

Lengths = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Caps:
    """The fastest that lines of a layer may be.

    Parameters
    ----------
    outer, others
        For outer walls, and for all lines but bridges. [mm/s]
    """

    outer: float
    others: float

    def of(self, cooled: int) -> float:
        """Give the cap of a kind: 0 never slowed, 1 slowed last, 2 slowed first."""
        return (math.inf, self.outer, self.others)[cooled]


UNSLOWED = Caps(math.inf, math.inf)


def slowest_speeds(
    one: LayerLines,
    settings: PrintSettings,
    waits_s: float,
    supports_mm: float = 0.0,
    copies: float = 1,
) -> Caps:
    """Give the caps that bring a layer to the least time, or as near as allowed.

    Parameters
    ----------
    one
        The layer's lines.
    settings
        With the least time and the slowest speed.
    waits_s
        Time of starts and travels. [s]
    supports_mm
        Lines of supports that are cooled with this layer. [mm]
    copies
        Parts alike in the same layer, which share its least time.
    """
    least_s, slowest = settings.speeds.slow_layer_s / copies, settings.speeds.slowest
    if not least_s > 0:
        return UNSLOWED
    fixed, outer, others = (_lengths(one, cooled) for cooled in (0, 1, 2))
    if one.sparse_mm > 0:
        turns_mm = one.sparse_edge_mm * 0.3
        others.append((one.sparse_mm + turns_mm, one.sparse_speed))
    if supports_mm > 0:
        others.append((supports_mm, settings.speeds.support))
    if one.extra_inner_mm > 0:
        others.append((one.extra_inner_mm, settings.speeds.inner))
    if one.extra_outer_mm > 0:
        outer.append((one.extra_outer_mm, settings.speeds.outer))
    left_s = least_s - waits_s - _seconds(fixed, math.inf)
    outer_s = _seconds(outer, math.inf)
    if outer_s + _seconds(others, math.inf) >= left_s:
        return UNSLOWED
    if outer_s + _seconds(others, slowest) >= left_s:
        return Caps(math.inf, _solve(others, left_s - outer_s, slowest))
    others_s = _seconds(others, slowest)
    if _seconds(outer, slowest) + others_s <= left_s:
        return Caps(slowest, slowest)
    return Caps(_solve(outer, left_s - others_s, slowest), slowest)


def _lengths(one: LayerLines, cooled: int) -> Lengths:
    """Sum the lengths of lines of one rule by their speeds."""
    result: Lengths = []
    for kind in one.kinds:
        if kind.cooled != cooled:
            continue
        steps = kind.paths.steps_mm
        lengths = np.hypot(steps[:, 0], steps[:, 1])
        for speed in np.unique(kind.speeds):
            result.append((float(lengths[kind.speeds == speed].sum()), float(speed)))
    return result


def _seconds(lengths: Lengths, cap: float) -> float:
    return sum(length / min(speed, cap) for length, speed in lengths)


def _solve(lengths: Lengths, wanted_s: float, slowest: float) -> float:
    """Find the common speed at which lines take a time."""
    low, high = slowest, max((speed for _, speed in lengths), default=slowest)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if _seconds(lengths, middle) > wanted_s:
            low = middle
        else:
            high = middle
    return max(high, slowest)
