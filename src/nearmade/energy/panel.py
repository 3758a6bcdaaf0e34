"""What a photovoltaic panel gives under a sky."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nearmade.energy.sun import (
    Array,
    Sky,
    SunPath,
    clear_sky_global_w_m2,
    split_sky,
    sun_path,
    synthetic_clearness,
)
from nearmade.vocabulary.errors import InvalidInput

#: Losses of wiring, dirt, mismatch and the rest. Source: PVWatts version 5 manual
#: (NREL/TP-6A20-62641), default 14.08 %.
SYSTEM_LOSSES_FRACTION = 0.1408

#: Change of power with cell temperature, crystalline silicon, roundly -0.4 %/K.
#: Source: PVWatts version 5 manual, table 5 (standard module -0.47, premium -0.35).
POWER_PER_KELVIN = -0.004

#: Share of light that grass and bare ground throw back. Assumed.
ALBEDO_FRACTION = 0.25

#: Least cosine of the zenith in the beam ratio; 89 degrees.
MIN_COS_ZENITH = 0.01745


@dataclass(frozen=True, slots=True)
class Panel:
    """Panels of one site, all tilted alike towards the equator.

    Parameters
    ----------
    rated_wp
        Power at 1000 W/m2 and 25 degC. [Wp]
    tilt_deg
        From level, 0..90. [deg]
    losses_fraction
        Wiring, dirt, mismatch, 0..1.

    Raises
    ------
    InvalidInput
        When a figure is out of range.
    """

    rated_wp: float
    tilt_deg: float
    losses_fraction: float = SYSTEM_LOSSES_FRACTION

    def __post_init__(self) -> None:
        if not self.rated_wp >= 0:
            raise InvalidInput(f"panel: {self.rated_wp} Wp must be zero or more")
        if not (0 <= self.tilt_deg <= 90 and 0 <= self.losses_fraction <= 1):
            raise InvalidInput(
                f"panel: tilt {self.tilt_deg} deg or losses {self.losses_fraction} "
                "out of range"
            )


def plane_w_m2(panel: Panel, path: SunPath, sky: Sky) -> Array:
    """Give the irradiance in the panel's plane. [W/m2]

    References
    ----------
    .. [1] J. E. Hay, J. A. Davies, Calculation of the solar radiation incident on an
       inclined surface, Canadian Solar Radiation Data Workshop, 1980.
    """
    tilt = np.radians(panel.tilt_deg)
    lat = np.radians(path.lat_deg)
    leaned = lat - np.copysign(tilt, path.lat_deg)
    cos_incidence = np.sin(path.declination_rad) * np.sin(leaned) + np.cos(
        path.declination_rad
    ) * np.cos(path.hour_angle_rad) * np.cos(leaned)
    cos_incidence = np.where(path.cos_zenith > 0, np.maximum(cos_incidence, 0), 0.0)
    circumsolar = sky.beam_w_m2 / path.beyond_air_w_m2
    beam_ratio = cos_incidence / np.maximum(path.cos_zenith, MIN_COS_ZENITH)
    seen_sky = (1 + np.cos(tilt)) / 2
    diffuse = sky.diffuse_w_m2 * (
        circumsolar * beam_ratio + (1 - circumsolar) * seen_sky
    )
    ground = sky.global_w_m2 * ALBEDO_FRACTION * (1 - np.cos(tilt)) / 2
    total: Array = sky.beam_w_m2 * cos_incidence + diffuse + ground
    return total


def dc_power_w(
    panel: Panel, irradiance_w_m2: Array, air_degc: Array, wind_m_s: Array
) -> Array:
    """Give the power of the panels before any inverter. [W]

    Parameters
    ----------
    panel
        The panels.
    irradiance_w_m2
        In their plane. [W/m2]
    air_degc, wind_m_s
        Around them. [degC] [m/s]

    References
    ----------
    .. [1] D. L. King et al., Photovoltaic array performance model, SAND2004-3535:
       open rack, glass on both sides.
    """
    cell_degc = (
        air_degc
        + irradiance_w_m2 * np.exp(-3.47 - 0.0594 * wind_m_s)
        + 3.0 * irradiance_w_m2 / 1000
    )
    warm = 1 + POWER_PER_KELVIN * (cell_degc - 25)
    kept = 1 - panel.losses_fraction
    power: Array = irradiance_w_m2 / 1000 * panel.rated_wp * warm * kept
    return np.maximum(power, 0.0)


def ac_power_w(
    panel: Panel,
    dc_w: Array,
    *,
    dc_ac_ratio: float = 1.0,
    efficiency_fraction: float = 0.96,
) -> Array:
    """Give the power behind an inverter that clips at its rating. [W]"""
    if not dc_ac_ratio > 0:
        raise InvalidInput(f"inverter: ratio {dc_ac_ratio} must be above zero")
    clipped: Array = np.minimum(
        efficiency_fraction * dc_w, panel.rated_wp / dc_ac_ratio
    )
    return clipped


def made_up_year_w(
    panel: Panel,
    *,
    lat_deg: float,
    lon_deg: float,
    utc_offset_h: float,
    seed: int,
    air_degc: float = 25.0,
    wind_m_s: float = 1.0,
) -> Array:
    """Give a year of hourly power at a place without a weather file, shape (8760,). [W]

    Clear sky times made-up clearness; for demonstrations, not for sizing a site.
    """
    path = sun_path(lat_deg, lon_deg, utc_offset_h)
    sky = split_sky(path, clear_sky_global_w_m2(path) * synthetic_clearness(seed))
    plane = plane_w_m2(panel, path, sky)
    return dc_power_w(
        panel, plane, np.full_like(plane, air_degc), np.full_like(plane, wind_m_s)
    )
