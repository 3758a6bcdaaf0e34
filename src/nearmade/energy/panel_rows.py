"""The compiled loops over the steps of a year: from sun and weather to power."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nearmade.energy.sky_plane import glass_fraction, sky_on_plane_w_m2
from nearmade.energy.sun import Array, sun_over_greenwich
from nearmade.vocabulary.compiled import compiled

# A plane's figures as the compiled loops take them: one row of numbers.
SIN_LAT: Final = 0
COS_LAT: Final = 1
SIN_LON: Final = 2
COS_LON: Final = 3
EAST: Final = 4
NORTH: Final = 5
COS_TILT: Final = 6
PEAK_W: Final = 7
PER_KELVIN: Final = 8
HEAT_A: Final = 9
HEAT_B: Final = 10
CELL_K: Final = 11
PLANE_FIGURES: Final = 12

#: What ``fill_plane`` is asked for.
POWER: Final = 0
PLANE: Final = 1
CELL: Final = 2

#: Efficiency of an inverter over its load. Source: A. P. Dobos, PVWatts version 5
#: manual, NREL/TP-6A20-62641, 2014, equation 10.
INVERTER_BEND: Final = -0.0162
INVERTER_REST: Final = -0.0059
INVERTER_TOP: Final = 0.9858
INVERTER_REFERENCE: Final = 0.9637


def sun_rows(utc_offset_h: float, moments_h: Array) -> Array:
    """Give the sun over longitude 0 at local moments of the year, shape (5, n).

    Sine and cosine of the declination, of the hour angle, irradiance beyond the air.
    """
    declination, hour_angle, beyond = sun_over_greenwich(moments_h - utc_offset_h)
    return np.stack(
        (
            np.sin(declination),
            np.cos(declination),
            np.sin(hour_angle),
            np.cos(hour_angle),
            beyond,
        )
    )


@compiled
def warm_degc(
    plane: Array, on_plane_w_m2: float, air_degc: float, wind_m_s: float
) -> float:
    """Give the temperature of cells. [degC]

    References
    ----------
    .. [1] D. L. King et al., Photovoltaic array performance model, SAND2004-3535.
    """
    warmer = on_plane_w_m2 * math.exp(plane[HEAT_A] + plane[HEAT_B] * wind_m_s)
    return float(air_degc + warmer + plane[CELL_K] * on_plane_w_m2 / 1000.0)


@compiled
def _cosines(sun: Array, at: int, plane: Array) -> tuple[float, float]:
    """Give the sun's cosines against straight up and against the plane."""
    sin_d, cos_d = sun[0, at], sun[1, at]
    sin_h = sun[2, at] * plane[COS_LON] + sun[3, at] * plane[SIN_LON]
    cos_h = sun[3, at] * plane[COS_LON] - sun[2, at] * plane[SIN_LON]
    up = plane[SIN_LAT] * sin_d + plane[COS_LAT] * cos_d * cos_h
    north = plane[COS_LAT] * sin_d - plane[SIN_LAT] * cos_d * cos_h
    east = -cos_d * sin_h
    on = east * plane[EAST] + north * plane[NORTH] + up * plane[COS_TILT]
    return up, on


@compiled
def _lit(sun: Array, first: int, parts: int, plane: Array) -> tuple[float, int]:
    """Give the sum of the sun's heights over a step's parts, and how many see it."""
    heights, lit = 0.0, 0
    for at in range(first, first + parts):
        up, _ = _cosines(sun, at, plane)
        if up > 0.0:
            heights += up
            lit += 1
    return heights, lit


@compiled
def _step(
    up: float,
    on: float,
    beyond: float,
    light: tuple[float, float, float, float],
    air: tuple[float, float],
    plane: Array,
    what: int,
) -> float:
    """Give what is asked for one step: power, irradiance in the plane, or cell."""
    beam, diffuse, level, albedo = light
    if what != CELL and beam <= 0.0 and diffuse <= 0.0 and level <= 0.0:
        return 0.0
    if up <= 0.0:
        beam = 0.0
    straight = beam * on if on > 0.0 else 0.0
    cos_tilt = plane[COS_TILT]
    sky = sky_on_plane_w_m2(up, on, cos_tilt, beam, diffuse, beyond)
    sky += 0.5 * (1.0 - cos_tilt) * albedo * level
    if what == PLANE:
        return float(straight + sky)
    cell = warm_degc(plane, straight + sky, air[0], air[1])
    if what == CELL:
        return cell
    if straight > 0.0:
        straight *= glass_fraction(on)
    warm = 1.0 + plane[PER_KELVIN] * (cell - 25.0)
    return float(max(0.0, plane[PEAK_W] * warm * (straight + sky) / 1000.0))


@compiled
def fill_plane(
    out: Array | NDArray[np.float32],
    sun: Array,
    weather: Array,
    parts: int,
    plane: Array,
    what: int,
) -> None:
    """Fill in power, irradiance in the plane or cell temperature, step by step.

    Parameters
    ----------
    out
        To fill, shape (n x parts,). [W], [W/m2] or [degC]
    sun, weather
        Shapes (5, n x parts) and (6, n), from ``sun_rows`` and ``weather_rows``.
    parts
        How many steps each of the weather's is split into.
    plane
        Shape (12,).
    what
        ``POWER``, ``PLANE`` or ``CELL``.
    """
    steps = weather.shape[1]
    for row in range(steps):
        heights, lit = _lit(sun, row * parts, parts, plane)
        for part in range(parts):
            at = row * parts + part
            up, on = _cosines(sun, at, plane)
            beam_share, level_share = 1.0, 1.0
            if parts > 1 and lit > 0:
                beam_share = parts / lit if up > 0.0 else 0.0
                level_share = parts * max(0.0, up) / heights
            light = (
                weather[0, row] * beam_share,
                weather[1, row] * level_share,
                weather[2, row] * level_share,
                weather[3, row],
            )
            # Between the middles of the weather's steps, along a straight line.
            lean = (part + 0.5) / parts - 0.5
            near = min(steps - 1, max(0, row + (1 if lean > 0.0 else -1)))
            far = abs(lean)
            air = (
                weather[4, row] + far * (weather[4, near] - weather[4, row]),
                weather[5, row] + far * (weather[5, near] - weather[5, row]),
            )
            out[at] = _step(up, on, sun[4, at], light, air, plane, what)


@compiled
def _inverted_w(dc_w: float, rated_w: float, efficiency: float) -> float:
    """Give what an inverter makes of so much. [W]"""
    if dc_w <= 0.0 or rated_w <= 0.0:
        return 0.0
    load = dc_w * efficiency / rated_w
    curve = INVERTER_BEND * load + INVERTER_REST / load + INVERTER_TOP
    return min(rated_w, max(0.0, dc_w * efficiency * curve / INVERTER_REFERENCE))


@compiled
def inverted_w(dc_w: Array, rated_w: float, efficiency: float) -> Array:
    """Give what an inverter makes of power on its DC side, shape (n,). [W]"""
    out = np.empty_like(dc_w)
    for at in range(dc_w.shape[0]):
        out[at] = _inverted_w(dc_w[at], rated_w, efficiency)
    return out
