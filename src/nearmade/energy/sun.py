"""Where the sun stands and what reaches the ground, hour by hour of a year.

Hours are numbered 0 to 8759 in local standard time of a year without leap day; a value
speaks of the middle of its hour. Arrays are float64.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nearmade.vocabulary.errors import InvalidInput

Array = NDArray[np.float64]

HOURS_PER_YEAR = 8760

#: Solar constant. Source: Duffie and Beckman, Solar Engineering of Thermal Processes,
#: 1.2. [W/m2]
SOLAR_CONSTANT_W_M2 = 1367.0

#: Least cosine of the zenith at which a beam is split off; 85 degrees.
BEAM_MIN_COS_ZENITH = 0.087


@dataclass(frozen=True, slots=True, eq=False)
class SunPath:
    """The sun over one place.

    Parameters
    ----------
    lat_deg
        Latitude of the place. [deg]
    declination_rad
        Angle of the sun above the equator's plane, shape (n,). [rad]
    hour_angle_rad
        Zero at solar noon, growing to the west, shape (n,). [rad]
    cos_zenith
        Below zero at night, shape (n,).
    beyond_air_w_m2
        Irradiance facing the sun outside the atmosphere, shape (n,). [W/m2]
    """

    lat_deg: float
    declination_rad: Array
    hour_angle_rad: Array
    cos_zenith: Array
    beyond_air_w_m2: Array


@dataclass(frozen=True, slots=True, eq=False)
class Sky:
    """Irradiance at one place.

    Parameters
    ----------
    global_w_m2
        On a level plane. [W/m2]
    beam_w_m2
        On a plane that faces the sun, from the sun alone. [W/m2]
    diffuse_w_m2
        On a level plane, from the sky alone. [W/m2]
    """

    global_w_m2: Array
    beam_w_m2: Array
    diffuse_w_m2: Array


def sun_path(
    lat_deg: float, lon_deg: float, utc_offset_h: float, hours: Array | None = None
) -> SunPath:
    """Give the sun's path over a place.

    Parameters
    ----------
    lat_deg, lon_deg
        The place. [deg]
    utc_offset_h
        Of its local standard time. [h]
    hours
        Hours of the year, shape (n,), all 8760 when None. [h]

    References
    ----------
    .. [1] J. W. Spencer, Fourier series representation of the position of the sun,
       Search 2 (5), 1971.
    """
    if not -90 <= lat_deg <= 90:
        raise InvalidInput(f"sun: latitude {lat_deg} must be in -90..90")
    hour = np.arange(HOURS_PER_YEAR, dtype=np.float64) if hours is None else hours
    year_rad = 2 * np.pi * np.floor(hour / 24) / 365
    c1, s1 = np.cos(year_rad), np.sin(year_rad)
    c2, s2 = np.cos(2 * year_rad), np.sin(2 * year_rad)
    c3, s3 = np.cos(3 * year_rad), np.sin(3 * year_rad)
    declination = (
        0.006918 - 0.399912 * c1 + 0.070257 * s1 - 0.006758 * c2 + 0.000907 * s2
    ) + (-0.002697 * c3 + 0.00148 * s3)
    equation_of_time_min = 229.18 * (
        0.000075 + 0.001868 * c1 - 0.032077 * s1 - 0.014615 * c2 - 0.040849 * s2
    )
    nearness = 1.00011 + 0.034221 * c1 + 0.00128 * s1 + 0.000719 * c2 + 0.000077 * s2
    solar_h = hour % 24 + 0.5 + equation_of_time_min / 60
    solar_h = solar_h + (lon_deg - 15 * utc_offset_h) / 15
    hour_angle = np.radians(15 * (solar_h - 12))
    lat = np.radians(lat_deg)
    cos_zenith = np.sin(lat) * np.sin(declination) + np.cos(lat) * np.cos(
        declination
    ) * np.cos(hour_angle)
    return SunPath(
        lat_deg, declination, hour_angle, cos_zenith, SOLAR_CONSTANT_W_M2 * nearness
    )


def clear_sky_global_w_m2(path: SunPath) -> Array:
    """Give the irradiance of a cloudless sky on a level plane. [W/m2]

    References
    ----------
    .. [1] B. Haurwitz, Insolation in relation to cloudiness and cloud density,
       Journal of Meteorology 2, 1945.
    """
    up = np.maximum(path.cos_zenith, 1e-3)
    glow = 1098.0 * up * np.exp(-0.057 / up)
    return np.where(path.cos_zenith > 0, glow, 0.0)


def split_sky(path: SunPath, global_w_m2: Array) -> Sky:
    """Split irradiance on a level plane into beam and diffuse.

    References
    ----------
    .. [1] D. G. Erbs, S. A. Klein, J. A. Duffie, Estimation of the diffuse radiation
       fraction, Solar Energy 28 (4), 1982.
    """
    level = path.beyond_air_w_m2 * np.maximum(path.cos_zenith, 1e-3)
    clearness = np.clip(global_w_m2 / level, 0.0, 1.0)
    k = clearness
    middle = 0.9511 - 0.1604 * k + 4.388 * k**2 - 16.638 * k**3 + 12.336 * k**4
    fraction = np.where(k <= 0.22, 1 - 0.09 * k, np.where(k <= 0.8, middle, 0.165))
    high = path.cos_zenith > BEAM_MIN_COS_ZENITH
    diffuse = np.where(high, global_w_m2 * fraction, global_w_m2)
    beam = np.where(
        high,
        (global_w_m2 - diffuse) / np.maximum(path.cos_zenith, BEAM_MIN_COS_ZENITH),
        0.0,
    )
    return Sky(global_w_m2, beam, diffuse)


def synthetic_clearness(seed: int, hours: int = HOURS_PER_YEAR) -> Array:
    """Give made-up weather as shares of the clear sky, shape (hours,), each in 0..1.

    Days follow each other as in a first-order autoregression; hours vary about their
    day. The figures are set by hand, not fitted to any place: good for demonstrations
    and tests, not for sizing a site.

    Parameters
    ----------
    seed
        Same seed, same weather.
    hours
        How many. [h]
    """
    chance = np.random.default_rng(seed)
    days = -(-hours // 24)
    shocks = chance.standard_normal(days)
    state = 0.0
    levels = np.empty(days)
    for day in range(days):
        state = 0.4 * state + 0.917 * shocks[day]
        levels[day] = min(1.0, max(0.08, 0.72 + 0.18 * state))
    hourly = 1 + 0.1 * chance.standard_normal(hours)
    return np.clip(np.repeat(levels, 24)[:hours] * hourly, 0.05, 1.0)
