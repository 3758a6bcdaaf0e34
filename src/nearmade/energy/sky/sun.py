"""Where the sun stands and what reaches the ground, hour by hour of a year.

Hours are numbered 0 to 8759 in local standard time of a year without leap day; unless
told otherwise a value speaks of the middle of its hour. Arrays are float64.
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

#: Start of the year reckoned with, 2002, in days after J2000.0 (1 January 2000, noon).
#: It lies in the middle of the four years between leap days; the sun of other years
#: stands up to 0.2 degrees from it. [d]
TYPICAL_YEAR_J2000_D = 730.5

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
        Zero at solar noon, growing to the west, whole turns apart, shape (n,). [rad]
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
    lat_deg: float,
    lon_deg: float,
    utc_offset_h: float,
    hours: Array | None = None,
    *,
    after_h: float = 0.5,
) -> SunPath:
    """Give the sun's path over a place, to about a hundredth of a degree.

    Parameters
    ----------
    lat_deg, lon_deg
        The place. [deg]
    utc_offset_h
        Of its local standard time. [h]
    hours
        Starts of steps within the year, shape (n,), all 8760 hours when None. [h]
    after_h
        Moment of the sun after the start of each step. [h]

    Raises
    ------
    InvalidInput
        When the latitude is none.

    References
    ----------
    .. [1] J. J. Michalsky, The Astronomical Almanac's algorithm for approximate solar
       position (1950-2050), Solar Energy 40 (3), 1988,
       doi:10.1016/0038-092X(88)90045-X.
    """
    if not -90 <= lat_deg <= 90:
        raise InvalidInput(f"sun: latitude {lat_deg} must be in -90..90")
    hour = np.arange(HOURS_PER_YEAR, dtype=np.float64) if hours is None else hours
    declination, meridian_rad, beyond = sun_over_greenwich(
        hour + (after_h - utc_offset_h)
    )
    hour_angle = meridian_rad + np.radians(lon_deg)
    lat = np.radians(lat_deg)
    cos_zenith = np.sin(lat) * np.sin(declination) + np.cos(lat) * np.cos(
        declination
    ) * np.cos(hour_angle)
    return SunPath(lat_deg, declination, hour_angle, cos_zenith, beyond)


def sun_over_greenwich(universal_h: Array) -> tuple[Array, Array, Array]:
    """Give declination, hour angle at longitude 0, irradiance beyond the air.

    Parameters
    ----------
    universal_h
        Hours of universal time after 1 January 00:00, shape (n,). [h]

    Returns
    -------
    tuple
        Shape (n,) each. [rad], [rad], [W/m2]
    """
    day = TYPICAL_YEAR_J2000_D + universal_h / 24
    anomaly = np.radians(357.528 + 0.9856003 * day)
    mean_deg = 280.460 + 0.9856474 * day
    longitude = np.radians(
        mean_deg + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly)
    )
    obliquity = np.radians(23.439 - 4e-7 * day)
    declination = np.arcsin(np.sin(obliquity) * np.sin(longitude))
    ascension = np.arctan2(np.cos(obliquity) * np.sin(longitude), np.cos(longitude))
    sidereal_h = 6.697375 + 0.0657098242 * day + universal_h % 24
    hour_angle = np.radians(15 * sidereal_h) - ascension
    distance_au = 1.00014 - 0.01671 * np.cos(anomaly) - 0.00014 * np.cos(2 * anomaly)
    return declination, hour_angle, SOLAR_CONSTANT_W_M2 / distance_au**2


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
