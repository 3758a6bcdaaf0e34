"""The compiled loops over the steps of a year: from sun and weather to power."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nearmade.energy.sky.plane import (
    glass_fraction,
    sky_on_plane_w_m2,
    sky_shape,
)
from nearmade.energy.sky.sun import Array, sun_over_greenwich
from nearmade.vocabulary.compiled import compiled

# A plane's figures as the compiled loops take them: one row of numbers.
PLANE_EAST: Final = 0
PLANE_NORTH: Final = 1
COS_TILT: Final = 2
PEAK_W: Final = 3
PER_KELVIN: Final = 4
HEAT_A: Final = 5
HEAT_B: Final = 6
CELL_K: Final = 7
PLANE_FIGURES: Final = 8

# A sky's rows, step by step: where the sun stands (unit vector), how the sky's light is
# spread, what shines, and the air.
UP: Final = 0
EAST: Final = 1
NORTH: Final = 2
RING: Final = 3
HORIZON: Final = 4
BEAM: Final = 5
DIFFUSE: Final = 6
GROUND: Final = 7
AIR: Final = 8
WIND: Final = 9
SKY_ROWS: Final = 10

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
def _sun_at(
    sun: Array,
    at: int,
    sin_lat: float,
    cos_lat: float,
    sin_lon: float,
    cos_lon: float,
) -> tuple[float, float, float]:
    """Give the way to the sun: up, east, north."""
    sin_h = sun[2, at] * cos_lon + sun[3, at] * sin_lon
    cos_h = sun[3, at] * cos_lon - sun[2, at] * sin_lon
    up = sin_lat * sun[0, at] + cos_lat * sun[1, at] * cos_h
    north = cos_lat * sun[0, at] - sin_lat * sun[1, at] * cos_h
    return up, -sun[1, at] * sin_h, north


@compiled
def fill_sky(
    sky: Array,
    sun: Array,
    weather: Array,
    parts: int,
    lat_rad: float,
    lon_rad: float,
) -> None:
    """Fill in the sky over a place, step by step, for any plane under it.

    Each of the weather's steps is shared out over its parts: sunshine by the height of
    the sun, air and wind along a straight line between the steps' middles.

    Parameters
    ----------
    sky
        To fill, shape (10, n x parts).
    sun, weather
        Shapes (5, n x parts) and (6, n).
    parts
        How many steps each of the weather's is split into.
    lat_rad, lon_rad
        The place. [rad]
    """
    sin_lat, cos_lat = math.sin(lat_rad), math.cos(lat_rad)
    sin_lon, cos_lon = math.sin(lon_rad), math.cos(lon_rad)
    steps = weather.shape[1]
    for row in range(steps):
        heights, lit = 0.0, 0
        for at in range(row * parts, (row + 1) * parts):
            way = _sun_at(sun, at, sin_lat, cos_lat, sin_lon, cos_lon)
            sky[UP, at], sky[EAST, at], sky[NORTH, at] = way
            if way[0] > 0.0:
                heights += way[0]
                lit += 1
        for part in range(parts):
            at = row * parts + part
            up = sky[UP, at]
            level = parts * max(0.0, up) / heights if parts > 1 and lit > 0 else 1.0
            beam = weather[0, row] * parts / lit if up > 0.0 else 0.0
            diffuse = weather[1, row] * level
            sky[BEAM, at], sky[DIFFUSE, at] = beam, diffuse
            sky[GROUND, at] = weather[2, row] * level * weather[3, row]
            sky[RING, at], sky[HORIZON, at] = sky_shape(up, beam, diffuse, sun[4, at])
            lean = (part + 0.5) / parts - 0.5
            near = min(steps - 1, max(0, row + (1 if lean > 0.0 else -1)))
            far = abs(lean)
            sky[AIR, at] = weather[4, row] + far * (weather[4, near] - weather[4, row])
            sky[WIND, at] = weather[5, row] + far * (weather[5, near] - weather[5, row])


@compiled
def fill_plane(
    out: Array | NDArray[np.float32], sky: Array, plane: Array, what: int
) -> None:
    """Fill in power, irradiance in the plane or cell temperature, step by step.

    Parameters
    ----------
    out
        To fill, shape (n,). [W], [W/m2] or [degC]
    sky
        Shape (10, n), from ``fill_sky``.
    plane
        Shape (8,).
    what
        ``POWER``, ``PLANE`` or ``CELL``.
    """
    cos_tilt = plane[COS_TILT]
    seen_ground = 0.5 * (1.0 - cos_tilt)
    for at in range(len(out)):
        light, straight = 0.0, 0.0
        if sky[DIFFUSE, at] > 0.0 or sky[BEAM, at] > 0.0 or sky[GROUND, at] > 0.0:
            up = sky[UP, at]
            on = up * cos_tilt
            on += (
                sky[EAST, at] * plane[PLANE_EAST] + sky[NORTH, at] * plane[PLANE_NORTH]
            )
            if on > 0.0:
                straight = sky[BEAM, at] * on
            light = sky_on_plane_w_m2(
                sky[RING, at], sky[HORIZON, at], up, on, cos_tilt, sky[DIFFUSE, at]
            )
            light += seen_ground * sky[GROUND, at]
        elif what != CELL:
            out[at] = 0.0
            continue
        if what == PLANE:
            out[at] = straight + light
            continue
        cell = warm_degc(plane, straight + light, sky[AIR, at], sky[WIND, at])
        if what == CELL:
            out[at] = cell
            continue
        if straight > 0.0:
            straight *= glass_fraction(on)
        warm = 1.0 + plane[PER_KELVIN] * (cell - 25.0)
        out[at] = max(0.0, plane[PEAK_W] * warm * (straight + light) / 1000.0)


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
