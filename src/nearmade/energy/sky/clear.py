"""A cloudless sky anywhere on earth, from latitude, day and elevation alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nearmade.energy.sky.sun import (
    HOURS_PER_YEAR,
    Array,
    Sky,
    SunPath,
)
from nearmade.energy.sky.weather import SECONDS_PER_DAY, SECONDS_PER_HOUR, Weather
from nearmade.vocabulary.errors import InvalidInput

#: Air and wind where no weather is known. Assumed. [degC], [m/s]
MILD_DEGC = 20.0
LIGHT_WIND_M_S = 1.0


def usual_turbidity(lat_deg: float, elevation_m: float, day: Array) -> Array:
    """Give the usual haze of the air as Linke's turbidity, shape of ``day``.

    Parameters
    ----------
    lat_deg, elevation_m
        The place. [deg], [m]
    day
        Of the year, 0 to 365. [d]

    References
    ----------
    .. [1] Four coefficients fitted over 349 places on land to J. Remund et al.,
       Worldwide Linke turbidity information, ISES Solar World Congress, 2003
       (standard deviation of what is left: 0.6; of the maps themselves: 1.0).
    """
    lat = np.radians(lat_deg)
    summer = np.cos(2 * np.pi * (day - 200) / 365) * np.sign(lat_deg)
    haze = 1.95 + 2.53 * np.cos(lat) ** 2 + 0.77 * summer * np.sin(2 * abs(lat))
    out: Array = np.maximum(1.5, haze - 0.36 * elevation_m / 1000)
    return out


def clear_sky(path: SunPath, turbidity: Array, elevation_m: float = 0.0) -> Sky:
    """Give the irradiance of a cloudless sky.

    Parameters
    ----------
    path
        The sun over the place, shape (n,).
    turbidity
        After Linke, about 2 (clean and cold) to 6 (hazy), shape (n,).
    elevation_m
        Above the sea, -500 to 9000. [m]

    Raises
    ------
    InvalidInput
        When the elevation is none of a place on land.

    References
    ----------
    .. [1] P. Ineichen, R. Perez, A new airmass independent formulation for the Linke
       turbidity coefficient, Solar Energy 73 (3), 2002,
       doi:10.1016/S0038-092X(02)00045-2.
    """
    if not -500 <= elevation_m <= 9000:
        raise InvalidInput(f"clear sky: elevation {elevation_m} m is none on land")
    up = np.clip(path.cos_zenith, 0.0, 1.0)
    below_deg = 96.07995 - np.degrees(np.arccos(up))
    mass = (1 - elevation_m / 44_331.0) ** 5.2559 / (up + 0.50572 * below_deg**-1.6364)
    thin, thinner = np.exp(-elevation_m / 8000.0), np.exp(-elevation_m / 1250.0)
    factor = 5.09e-5 * elevation_m + 0.868
    slope = 3.92e-5 * elevation_m + 0.0387
    beyond = path.beyond_air_w_m2
    level = (
        factor
        * beyond
        * up
        * np.exp(-slope * mass * (thin + thinner * (turbidity - 1)))
    )
    # Fitted up to 4 km; above, no more than reaches the air.
    level = np.minimum(level, beyond * up)
    beam = (0.664 + 0.163 / thin) * beyond * np.exp(-0.09 * mass * (turbidity - 1))
    share = 1 - (0.1 - 0.2 * np.exp(-turbidity)) / (0.1 + 0.882 / thin)
    most = level * share / np.maximum(up, 1e-6)
    beam = np.where(up > 0, np.clip(np.minimum(beam, most), 0, None), 0.0)
    return Sky(level, beam, np.maximum(0.0, level - beam * up))


def clear_weather(weather: Weather) -> Weather:
    """Give a cloudless sky over the place and the steps of some weather.

    Air and wind are mild and steady, so that nothing of the weather shows through.
    """
    path = weather.path
    step_h = weather.step_s / SECONDS_PER_HOUR
    day = np.arange(weather.steps, dtype=np.float64) * step_h / 24
    haze = usual_turbidity(weather.lat_deg, weather.elevation_m, day)
    sky = clear_sky(path, haze, weather.elevation_m)
    ones = np.ones(weather.steps)
    return replace(
        weather,
        beam_w_m2=sky.beam_w_m2,
        diffuse_w_m2=sky.diffuse_w_m2,
        global_w_m2=sky.global_w_m2,
        air_degc=MILD_DEGC * ones,
        wind_m_s=LIGHT_WIND_M_S * ones,
        source="clear sky (Ineichen and Perez 2002) with the usual turbidity",
        synthetic=True,
    )


def clear_year(
    place: str,
    lat_deg: float,
    lon_deg: float,
    *,
    utc_offset_h: float | None = None,
    elevation_m: float = 0.0,
    step_s: int = SECONDS_PER_HOUR,
) -> Weather:
    """Give a year without a cloud anywhere on earth: more than any place gets.

    Parameters
    ----------
    place
        Name for people.
    lat_deg, lon_deg
        The place. [deg]
    utc_offset_h
        Of local standard time; of the nearest zone by longitude when None. [h]
    elevation_m
        Above the sea. [m]
    step_s
        A divisor of an hour or of a day. [s]

    Raises
    ------
    InvalidInput
        When place, elevation or step are none.
    """
    if not (step_s > 0 and SECONDS_PER_DAY % step_s == 0):
        raise InvalidInput(f"clear sky: steps of {step_s} s do not make up a day")
    if utc_offset_h is None:
        utc_offset_h = float(round(lon_deg / 15))
    nothing = np.zeros(HOURS_PER_YEAR * SECONDS_PER_HOUR // step_s)
    empty = Weather(
        place,
        lat_deg,
        lon_deg,
        utc_offset_h,
        step_s,
        beam_w_m2=nothing,
        diffuse_w_m2=nothing,
        global_w_m2=nothing,
        air_degc=nothing,
        wind_m_s=nothing,
        source="",
        synthetic=True,
        elevation_m=elevation_m,
    )
    return clear_weather(empty)
