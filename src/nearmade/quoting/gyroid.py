"""Gyroid infill: how long its curve is, and how fast it can be drawn.

References
----------
.. [1] A. H. Schoen, "Infinite periodic minimal surfaces without self-intersections",
   NASA TN D-5541 (1970): the surface sin x cos y + sin y cos z + sin z cos x = 0.
.. [2] PrusaSlicer 2.5, ``FillGyroid.cpp``: density adjustment 2.44, tolerance 0.2 mm.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nearmade.quoting.kinematics import Moves, durations_s
from nearmade.quoting.print_settings import Motion

Array = NDArray[np.float64]

DENSITY_ADJUSTMENT = 2.44
TOLERANCE_MM = 0.2
#: Less infill than this is drawn like this, then thinned: the curve is the same.
LEAST_FRACTION = 0.01
#: Heights over one period at which the curve is looked at.
PHASES = 16


@dataclass(frozen=True, slots=True)
class Gyroid:
    """The curve of one density, averaged over all heights.

    Parameters
    ----------
    waves_mm
        Distance of neighbouring curves. [mm]
    stretch
        Length of the curve over the length of a straight line.
    pace_s_mm
        Time along the curve itself. [s/mm]
    """

    waves_mm: float
    stretch: float
    pace_s_mm: float


def gyroid(
    spacing_mm: float,
    fraction: float,
    speed: float,
    acceleration: float,
    motion: Motion,
) -> Gyroid:
    """Draw curves of all heights and time them.

    Parameters
    ----------
    spacing_mm
        Of lines that would fill everything. [mm]
    fraction
        Share to be filled, above zero to 1.
    speed, acceleration
        Asked for. [mm/s] [mm/s2]
    motion
        The machine's limits.
    """
    scale_mm = spacing_mm / (DENSITY_ADJUSTMENT * max(fraction, LEAST_FRACTION))
    tolerance = min(spacing_mm / 2, TOLERANCE_MM) / scale_mm
    length_mm, straight_mm, time_s = 0.0, 0.0, 0.0
    for phase in range(PHASES):
        height = 2 * math.pi * (phase + 0.5) / PHASES
        points = _wave(height, tolerance) * scale_mm
        steps = np.diff(points, axis=0)
        run = np.concatenate([steps] * 6)
        moves = Moves(
            np.column_stack([run, np.zeros(len(run))]),
            np.full(len(run), speed),
            np.full(len(run), acceleration),
            np.arange(len(run)) == 0,
        )
        middle = slice(2 * len(steps), 4 * len(steps))
        time_s += float(durations_s(moves, motion)[middle].sum()) / 2
        length_mm += float(np.hypot(steps[:, 0], steps[:, 1]).sum())
        straight_mm += 2 * math.pi * scale_mm
    return Gyroid(
        waves_mm=math.pi * spacing_mm / (DENSITY_ADJUSTMENT * fraction),
        stretch=length_mm / straight_mm,
        pace_s_mm=time_s / length_mm,
    )


def _wave(height: float, tolerance: float) -> Array:
    """Give corners of the curve over one period at a height, shape (n, 2)."""
    sine, cosine = math.sin(height), math.cos(height)
    vertical = abs(sine) <= abs(cosine)
    along = np.linspace(0, 2 * math.pi, 5)
    while True:
        middles = (along[1:] + along[:-1]) / 2
        bent = np.abs(
            _height(middles, sine, cosine, vertical=vertical)
            - (
                _height(along[1:], sine, cosine, vertical=vertical)
                + _height(along[:-1], sine, cosine, vertical=vertical)
            )
            / 2
        )
        wanted = middles[bent > tolerance]
        if not len(wanted):
            break
        along = np.sort(np.concatenate([along, wanted]))
    across = _height(along, sine, cosine, vertical=vertical)
    return np.column_stack([along, across])


def _height(x: Array, sine: float, cosine: float, *, vertical: bool) -> Array:
    """Solve the gyroid's equation for the second coordinate."""
    if vertical:
        shift = (math.pi if cosine < 0 else 0.0) + math.pi
        first, second, rest = np.sin(x + shift), -cosine, sine * np.cos(x + shift)
    else:
        shift = math.pi if sine < 0 else 0.0
        first, second = np.cos(x + shift), -sine
        rest = cosine * np.sin(x + shift + math.pi)
    radius = np.hypot(first, second)
    result: Array = np.arcsin(first / radius) + np.arcsin(
        np.clip(rest / radius, -1.0, 1.0)
    )
    return result
