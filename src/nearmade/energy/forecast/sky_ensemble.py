"""A weather service's hours, member by member, turned into the power of panels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np

from nearmade.energy.deciding.outlook import STEP_S
from nearmade.energy.panels.panel import ALBEDO_FRACTION, Panel, plane_row
from nearmade.energy.panels.rows import (
    POWER,
    SKY_ROWS,
    fill_plane,
    fill_sky,
    sun_rows,
)
from nearmade.energy.sky.clear import LIGHT_WIND_M_S
from nearmade.energy.sky.sun import Array
from nearmade.energy.sky.weather import (
    COLDEST_DEGC,
    HOTTEST_DEGC,
    MOST_W_M2,
    SECONDS_PER_HOUR,
)
from nearmade.vocabulary.errors import InvalidInput

STEPS_PER_HOUR: Final = SECONDS_PER_HOUR // STEP_S


@dataclass(frozen=True, slots=True, eq=False)
class SkyEnsemble:
    """Hours of sunshine and air at a place, foretold several times over.

    Parameters
    ----------
    lat_deg, lon_deg
        The place. [deg]
    begins_at
        Of the first hour, aware, on a whole hour.
    issued_at
        When it was fetched, aware.
    global_w_m2, beam_w_m2, diffuse_w_m2
        Mean of each hour on a level plane, on one that faces the sun, and from the sky
        alone, shape (members, hours). [W/m2]
    air_degc
        Shape (members, hours). [degC]
    source
        For people.

    Raises
    ------
    InvalidInput
        When shapes differ, or a figure is none or out of what can be.
    """

    lat_deg: float
    lon_deg: float
    begins_at: datetime
    issued_at: datetime
    global_w_m2: Array
    beam_w_m2: Array
    diffuse_w_m2: Array
    air_degc: Array
    source: str

    def __post_init__(self) -> None:
        if not (abs(self.lat_deg) <= 90 and abs(self.lon_deg) <= 180):
            raise InvalidInput(
                f"forecast: {self.lat_deg}, {self.lon_deg} is no place on the map"
            )
        if self.begins_at.tzinfo is None or self.begins_at.timestamp() % 3600:
            raise InvalidInput("forecast: must begin on a whole hour with a zone")
        shape = self.global_w_m2.shape
        if len(shape) != 2 or 0 in shape:
            raise InvalidInput(f"forecast: shape {shape} holds no hour of any member")
        for name, low, high in _RANGES:
            series: Array = getattr(self, name)
            if series.shape != shape:
                raise InvalidInput(f"forecast: {name} has shape {series.shape}")
            if not bool(np.all((series >= low) & (series <= high))):
                raise InvalidInput(
                    f"forecast: {name} has a value that is not in {low:g} to {high:g}"
                )

    @property
    def members(self) -> int:
        """How many times each hour is foretold."""
        return len(self.global_w_m2)

    @property
    def hours(self) -> int:
        """How many hours."""
        return int(self.global_w_m2.shape[1])


_RANGES: Final = (
    ("global_w_m2", 0.0, MOST_W_M2),
    ("beam_w_m2", 0.0, MOST_W_M2),
    ("diffuse_w_m2", 0.0, MOST_W_M2),
    ("air_degc", COLDEST_DEGC, HOTTEST_DEGC),
)


def ensemble_power_w(panel: Panel, sky: SkyEnsemble) -> Array:
    """Give the power of panels under each member, shape (members, hours x 12). [W]

    Each hour is shared out over its steps of five minutes by the height of the sun.

    Parameters
    ----------
    panel
        The panels.
    sky
        Over their place.
    """
    begins_at = sky.begins_at.astimezone(UTC)
    new_year = datetime(begins_at.year, 1, 1, tzinfo=UTC)
    first_h = (begins_at - new_year).total_seconds() / SECONDS_PER_HOUR
    steps = sky.hours * STEPS_PER_HOUR
    sun = sun_rows(0.0, first_h + (np.arange(steps) + 0.5) / STEPS_PER_HOUR)
    plane = plane_row(panel, sky.lat_deg)
    lat, lon = math.radians(sky.lat_deg), math.radians(sky.lon_deg)
    ones = np.ones(sky.hours)
    shone = np.empty((SKY_ROWS, steps))
    power_w = np.empty((sky.members, steps))
    for member in range(sky.members):
        rows = np.stack(
            (
                sky.beam_w_m2[member],
                sky.diffuse_w_m2[member],
                sky.global_w_m2[member],
                ALBEDO_FRACTION * ones,
                sky.air_degc[member],
                LIGHT_WIND_M_S * ones,
            )
        )
        fill_sky(shone, sun, rows, STEPS_PER_HOUR, lat, lon)
        fill_plane(power_w[member], shone, plane, POWER)
    return power_w
