"""Weather at one place as numbers: sunshine, air and wind, step by step of a year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from nearmade.energy.sky.sun import (
    Array,
    SunPath,
    sun_path,
)
from nearmade.vocabulary.errors import InvalidInput

SECONDS_PER_HOUR: Final = 3600
SECONDS_PER_DAY: Final = 86_400
MOST_DAYS: Final = 366

#: More sunshine than reaches the ground, even between bright clouds. The extreme
#: measured was 1845. Source: A. H. Yordanov, IEEE J. Photovoltaics 5 (3), 2015. [W/m2]
MOST_W_M2: Final = 2000.0
#: Colder and hotter than was ever measured on the ground. Source: WMO archive of
#: weather extremes, -89.2 and 56.7 degC. [degC]
COLDEST_DEGC: Final = -95.0
HOTTEST_DEGC: Final = 65.0
#: More wind than in any tornado. [m/s]
MOST_WIND_M_S: Final = 150.0


@dataclass(frozen=True, slots=True, eq=False)
class Weather:
    """Weather of a year, or of its first days, at one place.

    The series starts on 1 January at midnight of local standard time; a year has no
    leap day. Irradiance is the mean over the step, or a sample inside it.

    Parameters
    ----------
    place
        Name for people.
    lat_deg, lon_deg
        North and east count up. [deg]
    utc_offset_h
        Of local standard time. [h]
    step_s
        Length of a step; whole steps make up an hour or a day. [s]
    beam_w_m2
        From the sun on a plane that faces it, shape (n,). [W/m2]
    diffuse_w_m2, global_w_m2
        From the sky and from both, on a level plane, shape (n,). [W/m2]
    air_degc, wind_m_s
        Near the ground, shape (n,). [degC], [m/s]
    source
        Where the figures are from, for people.
    synthetic
        True when they are made up: no proof of anything about the place.
    elevation_m
        Above the sea. [m]
    sun_after_s
        Moment within the step at which the sun stands where the irradiance belongs;
        the middle when None. [s]
    albedo_fraction
        Share of light that the ground throws back, shape (n,), None when unknown.

    Raises
    ------
    InvalidInput
        When a series has another length than the others, a value that is no number
        or cannot be, or the series does not consist of whole days.
    """

    place: str
    lat_deg: float
    lon_deg: float
    utc_offset_h: float
    step_s: int
    beam_w_m2: Array
    diffuse_w_m2: Array
    global_w_m2: Array
    air_degc: Array
    wind_m_s: Array
    source: str
    synthetic: bool = False
    elevation_m: float = 0.0
    sun_after_s: float | None = None
    albedo_fraction: Array | None = None

    def __post_init__(self) -> None:
        if not (-90 <= self.lat_deg <= 90 and -180 <= self.lon_deg <= 180):
            raise InvalidInput(
                f"weather: {self.lat_deg}, {self.lon_deg} is no place on the map"
            )
        if not -14 <= self.utc_offset_h <= 14:
            raise InvalidInput(f"weather: {self.utc_offset_h} h is no time zone")
        if not (self.step_s > 0 and SECONDS_PER_DAY % self.step_s == 0):
            raise InvalidInput(
                f"weather: steps of {self.step_s} s do not make up a day"
            )
        steps = len(self.beam_w_m2)
        days, rest = divmod(steps * self.step_s, SECONDS_PER_DAY)
        if rest or not 0 < days <= MOST_DAYS:
            raise InvalidInput(
                f"weather: {steps} steps of {self.step_s} s are not 1 to 366 whole days"
            )
        for name, low, high in _RANGES:
            _check(name, getattr(self, name), steps, low, high)
        if self.albedo_fraction is not None:
            _check("albedo_fraction", self.albedo_fraction, steps, 0.0, 1.0)

    @property
    def steps(self) -> int:
        """Length of the series."""
        return len(self.beam_w_m2)

    @property
    def sun_h(self) -> float:
        """Moment within a step at which the sun is reckoned. [h]"""
        after_s = self.step_s / 2 if self.sun_after_s is None else self.sun_after_s
        return after_s / SECONDS_PER_HOUR

    @property
    def path(self) -> SunPath:
        """The sun over the place at the moment of each step."""
        step_h = self.step_s / SECONDS_PER_HOUR
        hours = np.arange(self.steps, dtype=np.float64) * step_h
        return sun_path(
            self.lat_deg, self.lon_deg, self.utc_offset_h, hours, after_h=self.sun_h
        )

    @property
    def global_kwh_m2(self) -> float:
        """Sunshine on a level plane over the whole series. [kWh/m2]"""
        hours = self.step_s / SECONDS_PER_HOUR
        return float(self.global_w_m2.sum()) * hours / 1000


_RANGES: Final = (
    ("beam_w_m2", 0.0, MOST_W_M2),
    ("diffuse_w_m2", 0.0, MOST_W_M2),
    ("global_w_m2", 0.0, MOST_W_M2),
    ("air_degc", COLDEST_DEGC, HOTTEST_DEGC),
    ("wind_m_s", 0.0, MOST_WIND_M_S),
)


def _check(name: str, values: Array, steps: int, low: float, high: float) -> None:
    """Refuse a series of another length, or with a value out of range."""
    if values.shape != (steps,):
        raise InvalidInput(f"weather: {name} has shape {values.shape}, not ({steps},)")
    wrong = ~((values >= low) & (values <= high))  # what is no number is wrong too
    if wrong.any():
        at = int(wrong.argmax())
        raise InvalidInput(
            f"weather: {name} is {values[at]} at step {at}, not in {low:g} to {high:g}"
        )


def moved_to(weather: Weather, utc_offset_h: float) -> Weather:
    """Give the same weather reckoned in another time zone; the year is a circle.

    Raises
    ------
    InvalidInput
        When the zones do not differ by whole steps.
    """
    moved_s = (utc_offset_h - weather.utc_offset_h) * SECONDS_PER_HOUR
    steps, rest = divmod(round(moved_s), weather.step_s)
    if rest:
        raise InvalidInput(
            f"weather: {utc_offset_h} h is not a whole number of steps away"
        )
    albedo = weather.albedo_fraction
    return replace(
        weather,
        utc_offset_h=utc_offset_h,
        albedo_fraction=None if albedo is None else np.roll(albedo, steps),
        **{name: np.roll(getattr(weather, name), steps) for name, _, _ in _RANGES},
    )
