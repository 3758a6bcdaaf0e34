"""How a part's time spreads over its layers, and what several parts make of a layer.

A layer that is over too soon is drawn slower, until it takes its least time or no line
may be slower. Parts on one plate share their layers, so that together they are slowed
down less, or not at all.

References
----------
.. [1] PrusaSlicer 2.5, ``CoolingBuffer.cpp``: a layer's time is that of its lines at
   their stated speeds, ramps left out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.mesh import Mesh
from nearmade.quoting.part_alone import PartAlone
from nearmade.quoting.profile import Profile
from nearmade.quoting.sampling import Outlines, outlines

Array = NDArray[np.float64]

#: Time of ways and retractions over that of lines: 0.05 to 0.15 on 13 parts (MK3S, PLA,
#: PrusaSlicer 2.5.0, cooling off).
WAYS_FRACTION: Final = 0.09
#: Lines of infill over area by their spacing: 1.0 to 1.5 on the same parts, as tops and
#: bottoms reach 3 mm into the inside and gaps are filled.
MORE_FILL: Final = 1.2
#: A part is drawn no faster than its lines' own speeds allow.
LEAST_PACE: Final = 1.0
#: Steps of halving when what fits a part's time is sought; far below 0.1 %.
HALVINGS: Final = 30
#: Shares of the lines that are tried where time with and without cooling is known.
SHARES_TRIED: Final = 20


@dataclass(frozen=True, slots=True, eq=False)
class LayerTimes:
    """One copy's layers, from the plate up.

    Parameters
    ----------
    nominal_s
        Lines over their speeds, as the slicer counts when it cools, shape (layers,).
        [s]
    slowest_s
        The same when all lines are drawn as slowly as is allowed. [s]
    pace
        True over nominal time of layers that are not slowed down: ramps, starts and
        ways between lines.
    """

    nominal_s: Array
    slowest_s: Array
    pace: float


def layer_count(height_mm: float, profile: Profile) -> int:
    """Count the layers of a part."""
    return max(1, math.ceil(height_mm / profile.layer_mm - 1e-6))


def slowing(nominal_s: Array, slowest_s: Array, least_s: float) -> Array:
    """Give how many times slower the lines of each layer are drawn to cool, 1 or more.

    Parameters
    ----------
    nominal_s, slowest_s
        Of all that is in the layer. [s]
    least_s
        Layers shorter than this are slowed down to it. [s]
    """
    return np.maximum(1.0, np.minimum(least_s, slowest_s) / nominal_s)


def true_s(nominal_s: Array, pace: float, slower: Array) -> Array:
    """Give the time of layers whose lines are drawn slower, ramps and ways included.

    What a layer takes beyond its lines shrinks with the square of the speed: slow lines
    need shorter ramps, and those that never reached their speed lose nothing.
    """
    slowed_s = nominal_s * (slower + (pace - 1) / slower**2)
    return np.maximum(slowed_s, nominal_s * pace)


def spread_over_layers(part: PartAlone, profile: Profile, time_s: float) -> LayerTimes:
    """Spread a part's time over its layers, in proportion to the lines of each.

    Parameters
    ----------
    part
        With its mesh for true layers; they are taken to be even otherwise.
    profile
        Machine, material and quality.
    time_s
        Of one copy alone, cooling included, without what a build adds once. [s]
    """
    walls_mm, fill_mm = _line_lengths_mm(part, profile)
    speeds, count = profile.settings.speeds, max(1, profile.perimeters)
    wall_s_mm = (1 / speeds.outer + (count - 1) / speeds.inner) / count
    fill_s_mm = (2 / speeds.solid + 1 / speeds.top) / 3
    drawn_s = walls_mm * wall_s_mm + fill_mm * fill_s_mm
    nominal_s = (1 + WAYS_FRACTION) * drawn_s
    slowest_s = (walls_mm + fill_mm) / profile.slow_mm_s + WAYS_FRACTION * drawn_s
    least_s = profile.slow_layer_s

    def with_pace(pace: float) -> LayerTimes:
        return LayerTimes(nominal_s, slowest_s, pace)

    def with_share(share: float) -> LayerTimes:
        return LayerTimes(nominal_s * share, slowest_s * share, LEAST_PACE)

    def unslowed(share: float) -> LayerTimes:
        pace = (part.unslowed_s or time_s) / float(share * nominal_s.sum())
        return LayerTimes(nominal_s * share, slowest_s * share, pace)

    if part.unslowed_s is not None and part.unslowed_s < time_s:
        most = part.unslowed_s / float(nominal_s.sum())
        found = _crossing(unslowed, most, time_s, least_s)
        if found is not None:
            return found
    if share_layers([(with_pace(LEAST_PACE), 1)], least_s).time_s < time_s:
        highest = time_s / float(nominal_s.sum())
        return _solved(with_pace, LEAST_PACE, highest, time_s, least_s)
    # The part's own time leaves no room for so many lines: it has fewer.
    return _solved(with_share, 0.0, 1.0, time_s, least_s)


def _crossing(
    layers_of: Callable[[float], LayerTimes],
    most: float,
    time_s: float,
    least_s: float,
) -> LayerTimes | None:
    """Find the greatest share, up to the most, at which the layers take the time."""
    shares = most * np.linspace(1.0, 0.05, SHARES_TRIED)
    longer = [
        share_layers([(layers_of(share), 1)], least_s).time_s > time_s
        for share in shares.tolist()
    ]
    for place in range(1, SHARES_TRIED):
        if longer[place] != longer[place - 1]:
            ends = shares[[place, place - 1]].tolist()
            low, high = ends if longer[place - 1] else ends[::-1]
            return _solved(layers_of, low, high, time_s, least_s)
    return None


def _solved(
    layers_of: Callable[[float], LayerTimes],
    low: float,
    high: float,
    time_s: float,
    least_s: float,
) -> LayerTimes:
    """Halve an interval until the layers take the time wanted."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        longer = share_layers([(layers_of(middle), 1)], least_s).time_s > time_s
        low, high = (low, middle) if longer else (middle, high)
    return layers_of(high)


def _line_lengths_mm(part: PartAlone, profile: Profile) -> tuple[Array, Array]:
    """Estimate the length of walls and of infill of each layer. [mm]"""
    found = _shapes(part, profile)
    walls_mm = np.maximum(profile.perimeters * found.outline_mm, 1e-3)
    inside_mm2 = np.maximum(0.0, found.area_mm2 - walls_mm * profile.bead_spacing_mm)
    tops_mm2 = _window_sums(found.up_mm2[::-1], profile.top_layers)[::-1]
    solid_mm2 = np.minimum(
        inside_mm2, tops_mm2 + _window_sums(found.down_mm2, profile.bottom_layers)
    )
    filled_mm2 = solid_mm2 + profile.infill_fraction * (inside_mm2 - solid_mm2)
    return walls_mm, MORE_FILL * filled_mm2 / profile.bead_spacing_mm


def _shapes(part: PartAlone, profile: Profile) -> Outlines:
    """Give area, outline, tops and bottoms of each layer; even ones without a mesh."""
    facts, height_mm = part.facts, part.facts.extents_mm[2]
    count = layer_count(height_mm, profile)
    if part.mesh is not None:
        low_mm = part.mesh.vertices_mm.min(axis=0)
        standing = Mesh(part.mesh.vertices_mm - low_mm, part.mesh.faces)
        edges_mm = np.linspace(0.0, profile.layer_mm * count, count + 1)
        middles_mm = np.minimum(edges_mm[:-1] + profile.layer_mm / 2, height_mm)
        return outlines(standing, edges_mm, middles_mm)
    up_mm2, down_mm2 = np.zeros(count), np.zeros(count)
    up_mm2[-1], down_mm2[0] = facts.up_mm2, facts.down_mm2
    return Outlines(
        np.full(count, facts.volume_mm3 / height_mm),
        np.full(count, facts.side_mm2 / height_mm),
        up_mm2,
        down_mm2,
    )


def _window_sums(values: Array, width: int) -> Array:
    """Sum each value with those before it, ``width`` in all."""
    sums = np.concatenate([np.zeros(max(1, width)), np.cumsum(values)])
    return np.asarray(sums[max(1, width) :] - sums[: -max(1, width)], dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class SharedLayers:
    """The layers of a plate.

    Parameters
    ----------
    time_s
        Of the whole plate, without what a build adds once. [s]
    of_part_s
        What each part has of it, all copies together; they sum to ``time_s``. [s]
    """

    time_s: float
    of_part_s: tuple[float, ...]


def share_layers(
    parts: Sequence[tuple[LayerTimes, int]], least_s: float
) -> SharedLayers:
    """Print parts layer by layer on one plate; each has its share of every layer.

    Parameters
    ----------
    parts
        Times of one copy, and copies.
    least_s
        Layers shorter than this are slowed down to it. [s]
    """
    count = max(len(times.nominal_s) for times, _ in parts)
    nominal_s, slowest_s = np.zeros((2, len(parts), count))
    for row, (times, copies) in enumerate(parts):
        height = len(times.nominal_s)
        nominal_s[row, :height] = copies * times.nominal_s
        slowest_s[row, :height] = copies * times.slowest_s
    slower = slowing(nominal_s.sum(axis=0), slowest_s.sum(axis=0), least_s)
    of_part_s = [
        float(true_s(row, times.pace, slower).sum())
        for row, (times, _) in zip(nominal_s, parts, strict=True)
    ]
    return SharedLayers(sum(of_part_s), tuple(of_part_s))
