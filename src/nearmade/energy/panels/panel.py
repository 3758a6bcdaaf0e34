"""What photovoltaic panels give under a sky, before any converter."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from nearmade.energy.panels.rows import (
    CELL,
    PLANE,
    POWER,
    SKY_ROWS,
    fill_plane,
    fill_sky,
    inverted_w,
    sun_rows,
)
from nearmade.energy.sky.made import made_up_weather
from nearmade.energy.sky.sun import Array
from nearmade.energy.sky.weather import SECONDS_PER_DAY, SECONDS_PER_HOUR, Weather
from nearmade.vocabulary.errors import InvalidInput

#: Losses of wiring, dirt, mismatch and the rest. Source: PVWatts version 5 manual
#: (NREL/TP-6A20-62641), default 14.08 %.
SYSTEM_LOSSES_FRACTION: Final = 0.1408

#: Change of power with cell temperature, crystalline silicon, roundly -0.4 %/K.
#: Source: PVWatts version 5 manual, table 5 (standard module -0.47, premium -0.35).
POWER_PER_KELVIN: Final = -0.004

#: Share of light that grass and bare ground throw back. Source: J. A. Duffie,
#: W. A. Beckman, Solar Engineering of Thermal Processes, 2.19 (0.2 without snow).
ALBEDO_FRACTION: Final = 0.2

#: Heating of the module by mount: a, b [s/m], and how much warmer the cell is at full
#: sun [K]. Source: D. L. King et al., SAND2004-3535, table 1; on rails over a roof the
#: same wind, and warmth for the 49 degC at 800 W/m2, 20 degC and 1 m/s of the PVWatts
#: version 5 manual, 8.
MOUNTS: Final = {
    "rack": (-3.56, -0.0750, 3.0),
    "rack-glass": (-3.47, -0.0594, 3.0),
    "roof": (-3.329, -0.0750, 3.0),
    "insulated": (-2.81, -0.0455, 0.0),
}


@dataclass(frozen=True, slots=True)
class Panel:
    """Panels of one site, all turned alike.

    Parameters
    ----------
    rated_wp
        Power at 1000 W/m2 and 25 degC. [Wp]
    tilt_deg
        From level, 0..90. [deg]
    losses_fraction
        Wiring, dirt, mismatch, 0..1.
    azimuth_deg
        Where they face, clockwise from north, 0..360; towards the equator when None.
        [deg]
    mount
        ``rack`` (open, a polymer back), ``rack-glass`` (open, glass both sides),
        ``roof`` (on rails over it) or ``insulated`` (its back closed).
    power_per_kelvin
        Change of power with cell temperature, zero or below. [1/K]

    Raises
    ------
    InvalidInput
        When a figure is out of range or the mount is unknown.
    """

    rated_wp: float
    tilt_deg: float
    losses_fraction: float = SYSTEM_LOSSES_FRACTION
    azimuth_deg: float | None = None
    mount: str = "rack"
    power_per_kelvin: float = POWER_PER_KELVIN

    def __post_init__(self) -> None:
        if not 0 <= self.rated_wp < math.inf:
            raise InvalidInput(f"panel: {self.rated_wp} Wp must be zero or more")
        if not (0 <= self.tilt_deg <= 90 and 0 <= self.losses_fraction <= 1):
            raise InvalidInput(
                f"panel: tilt {self.tilt_deg} deg or losses {self.losses_fraction} "
                "out of range"
            )
        if self.azimuth_deg is not None and not 0 <= self.azimuth_deg <= 360:
            raise InvalidInput(f"panel: azimuth {self.azimuth_deg} must be in 0..360")
        if self.mount not in MOUNTS:
            raise InvalidInput(f"panel: mount {self.mount!r} is none of {[*MOUNTS]}")
        if not -0.02 <= self.power_per_kelvin <= 0:
            raise InvalidInput(
                f"panel: {self.power_per_kelvin} per kelvin must be in -0.02..0"
            )

    def facing_deg(self, lat_deg: float) -> float:
        """Give where they face at a latitude, clockwise from north. [deg]"""
        if self.azimuth_deg is not None:
            return self.azimuth_deg
        return 180.0 if lat_deg >= 0 else 0.0


def plane_row(panel: Panel, lat_deg: float) -> Array:
    """Give the figures of panels at a latitude for the compiled loops, shape (8,)."""
    tilt = math.radians(panel.tilt_deg)
    facing = math.radians(panel.facing_deg(lat_deg))
    return np.array(
        [
            math.sin(tilt) * math.sin(facing),
            math.sin(tilt) * math.cos(facing),
            math.cos(tilt),
            panel.rated_wp * (1 - panel.losses_fraction),
            panel.power_per_kelvin,
            *MOUNTS[panel.mount],
        ]
    )


def panel_power_w(panel: Panel, weather: Weather, step_s: int | None = None) -> Array:
    """Give the power of panels under weather, before any converter. [W]

    Finer steps than the weather's share out each of its steps by the height of the
    sun: no cloud is made up. The ground's albedo is the weather's, else 0.2.

    Parameters
    ----------
    panel
        The panels.
    weather
        Of the place.
    step_s
        Length of a step, a divisor or a multiple of the weather's; the weather's own
        when None. [s]

    Returns
    -------
    Array
        Mean power of each step, shape (m,). [W]

    Raises
    ------
    InvalidInput
        When the steps do not fit into each other.
    """
    return _run(panel, weather, step_s, POWER)


def plane_w_m2(panel: Panel, weather: Weather, step_s: int | None = None) -> Array:
    """Give the irradiance in the panels' plane, before the glass. [W/m2]

    Parameters and errors are those of ``panel_power_w``.
    """
    return _run(panel, weather, step_s, PLANE)


def cell_degc(panel: Panel, weather: Weather, step_s: int | None = None) -> Array:
    """Give the temperature of the cells. [degC]

    Parameters and errors are those of ``panel_power_w``.
    """
    return _run(panel, weather, step_s, CELL)


def _run(panel: Panel, weather: Weather, step_s: int | None, what: int) -> Array:
    """Run the loop over steps at least as fine as the weather's; then take means."""
    parts, merged = parts_of(weather, step_s)
    out = np.empty(weather.steps * parts)
    fill_plane(out, sky_of(weather, parts), plane_row(panel, weather.lat_deg), what)
    return out if merged == 1 else out.reshape(-1, merged).mean(axis=1)


def sky_of(weather: Weather, parts: int, sun: Array | None = None) -> Array:
    """Give the sky of a weather's place for the compiled loops, shape (10, n x parts).

    Any panels there see the same sky; ``sun`` is of ``sun_rows``, made when None.
    """
    if sun is None:
        sun = sun_rows(weather.utc_offset_h, moments_h(weather, parts))
    sky = np.empty((SKY_ROWS, weather.steps * parts))
    lat, lon = math.radians(weather.lat_deg), math.radians(weather.lon_deg)
    fill_sky(sky, sun, weather_rows(weather), parts, lat, lon)
    return sky


def parts_of(weather: Weather, step_s: int | None) -> tuple[int, int]:
    """Give into how many steps each of the weather's is split, how many are merged."""
    if step_s is None:
        return 1, 1
    if not 0 < step_s <= SECONDS_PER_DAY:
        raise InvalidInput(f"panel: a step of {step_s} s must be above zero to a day")
    parts, rest = divmod(weather.step_s, step_s)
    if parts and not rest:
        return parts, 1
    merged, rest = divmod(step_s, weather.step_s)
    if merged and not rest and weather.steps % merged == 0:
        return 1, merged
    raise InvalidInput(
        f"panel: steps of {step_s} s do not fit the weather's of {weather.step_s} s"
    )


def moments_h(weather: Weather, parts: int) -> Array:
    """Give the moments at which the sun is reckoned, shape (steps x parts,). [h]

    The middle of each part, moved as the weather's own moment is from the middle.
    """
    step_h = weather.step_s / SECONDS_PER_HOUR
    number = np.arange(weather.steps * parts, dtype=np.float64)
    moved_h = weather.sun_h - step_h / 2
    return (number + 0.5) * (step_h / parts) + moved_h


def weather_rows(weather: Weather) -> Array:
    """Give weather for the compiled loops, shape (6, n).

    Beam, diffuse and global irradiance, albedo, air, wind.
    """
    albedo = weather.albedo_fraction
    if albedo is None:
        albedo = np.full(weather.steps, ALBEDO_FRACTION)
    return np.stack(
        (
            weather.beam_w_m2,
            weather.diffuse_w_m2,
            weather.global_w_m2,
            albedo,
            weather.air_degc,
            weather.wind_m_s,
        )
    )


def ac_power_w(
    panel: Panel,
    dc_w: Array,
    *,
    dc_ac_ratio: float = 1.0,
    efficiency_fraction: float = 0.96,
) -> Array:
    """Give the power behind an inverter: its part-load curve, clipped at its rating.

    Parameters
    ----------
    panel
        The panels; their rated power over the ratio is the inverter's on the AC side.
    dc_w
        What they give, shape (n,). [W]
    dc_ac_ratio
        Of rated powers, above zero.
    efficiency_fraction
        Nominal, above 0 to 0.99.

    Returns
    -------
    Array
        Shape (n,). [W]

    Raises
    ------
    InvalidInput
        When ratio or efficiency is out of range.

    References
    ----------
    .. [1] A. P. Dobos, PVWatts version 5 manual, NREL/TP-6A20-62641, 2014, 10.
    """
    if not (dc_ac_ratio > 0 and 0 < efficiency_fraction <= 0.99):
        raise InvalidInput(
            f"inverter: ratio {dc_ac_ratio} or efficiency {efficiency_fraction} "
            "out of range"
        )
    return inverted_w(dc_w, panel.rated_wp / dc_ac_ratio, efficiency_fraction)


def made_up_year_w(
    panel: Panel,
    *,
    lat_deg: float,
    lon_deg: float,
    utc_offset_h: float,
    seed: int,
) -> Array:
    """Give a year of hourly power at a place without a weather file, shape (8760,). [W]

    Made-up weather: for demonstrations, not for sizing a site.
    """
    weather = made_up_weather(
        "made up", lat_deg, lon_deg, seed=seed, utc_offset_h=utc_offset_h
    )
    return panel_power_w(panel, weather)
