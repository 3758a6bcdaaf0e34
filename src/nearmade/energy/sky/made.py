"""Made-up weather for a place without a file: clouds that come and stay as real ones.

Days are drawn so that their clearness, how much it varies and how much today tells of
tomorrow are as in typical years of four measured places. It is labelled synthetic: good
for showing and for trying out, no proof that a battery lasts at a place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy import stats

from nearmade.energy.sky.clear import clear_year
from nearmade.energy.sky.sun import Array, split_sky
from nearmade.energy.sky.weather import SECONDS_PER_HOUR, Weather
from nearmade.vocabulary.errors import InvalidInput

#: The dullest and the brightest day, as shares of the clear sky. Source: 1 % and 99 %
#: of the days of the four typical years named at ``Climate``.
DULLEST: Final = 0.12
BRIGHTEST: Final = 1.08

#: One hour's departure from its day: how large, and how much of it stays an hour later.
#: Source: the same years, hours with the clear sky above 150 W/m2.
HOUR_SPREAD: Final = 0.27
HOUR_PERSISTENCE: Final = 0.40


@dataclass(frozen=True, slots=True)
class Climate:
    """How clear the days of a place are.

    The defaults are the means of the typical years of Greensboro, Sand Point, Miami
    (NREL) and of 45 N 8 E (PVGIS): clearness 0.77, 0.60, 0.81, 0.80; spread 0.23,
    0.26, 0.18, 0.30; correlation of a day with the next 0.31, 0.37, 0.32, 0.46.

    Parameters
    ----------
    clearness
        Mean day as a share of the clear sky, above 0.2 and below 1.
    spread
        Standard deviation of it, above zero.
    persistence
        Correlation of a day with the next, 0 to below 1.

    Raises
    ------
    InvalidInput
        When a figure is out of range, or the spread too large for the clearness.
    """

    clearness: float = 0.74
    spread: float = 0.24
    persistence: float = 0.36

    def __post_init__(self) -> None:
        if not 0.2 < self.clearness < 1:
            raise InvalidInput(f"climate: clearness {self.clearness} in 0.2..1")
        most = (self.clearness - DULLEST) * (BRIGHTEST - self.clearness)
        if not 0 < self.spread**2 < 0.9 * most:
            raise InvalidInput(f"climate: spread {self.spread} is out of reach")
        if not 0 <= self.persistence < 1:
            raise InvalidInput(f"climate: persistence {self.persistence} in 0..1")


def made_up_days(climate: Climate, days: int, seed: int) -> Array:
    """Give days as shares of the clear sky, shape (days,).

    A Gaussian first-order chain through the curve of a beta distribution; the chain's
    own persistence is raised so that the days' is what was asked for.
    """
    chance = np.random.default_rng(seed)
    mean = (climate.clearness - DULLEST) / (BRIGHTEST - DULLEST)
    spread = climate.spread / (BRIGHTEST - DULLEST)
    both = mean * (1 - mean) / spread**2 - 1
    # A curved marginal hides a little of the chain's correlation.
    keep = min(0.99, 1.08 * climate.persistence)
    shocks = chance.standard_normal(days)
    state = shocks[0] if days else 0.0
    chain = np.empty(days)
    for day in range(days):
        chain[day] = state
        state = keep * state + np.sqrt(1 - keep**2) * shocks[(day + 1) % days]
    curve = stats.beta.ppf(stats.norm.cdf(chain), mean * both, (1 - mean) * both)
    out: Array = DULLEST + (BRIGHTEST - DULLEST) * curve
    return out


def made_up_weather(
    place: str,
    lat_deg: float,
    lon_deg: float,
    *,
    seed: int,
    climate: Climate | None = None,
    utc_offset_h: float | None = None,
    elevation_m: float = 0.0,
) -> Weather:
    """Make up a year of hourly weather at a place.

    Parameters
    ----------
    place
        Name for people.
    lat_deg, lon_deg
        The place. [deg]
    seed
        Same seed, same weather.
    climate
        How clear its days are; of the mean of four places when None.
    utc_offset_h
        Of local standard time; of the nearest zone by longitude when None. [h]
    elevation_m
        Above the sea. [m]

    Raises
    ------
    InvalidInput
        When the place is none.
    """
    clear = clear_year(
        place, lat_deg, lon_deg, utc_offset_h=utc_offset_h, elevation_m=elevation_m
    )
    usual = Climate() if climate is None else climate
    days = clear.steps // 24
    shares = made_up_days(usual, days, seed)
    level = _hours(clear.global_w_m2.reshape(days, 24), shares, seed).ravel()
    sky = split_sky(clear.path, level)
    return replace(
        clear,
        beam_w_m2=sky.beam_w_m2,
        diffuse_w_m2=sky.diffuse_w_m2,
        global_w_m2=sky.global_w_m2,
        air_degc=_air_degc(lat_deg, elevation_m, clear.steps),
        wind_m_s=np.full(clear.steps, 2.0),
        source=f"made up: clear sky with days of mean clearness {usual.clearness:g}",
    )


def _hours(clear: Array, shares: Array, seed: int) -> Array:
    """Spread each day's sunshine over its hours, keeping the day's sum; (days, 24)."""
    chance = np.random.default_rng((seed, 1))
    shocks = chance.standard_normal(clear.shape)
    for hour in range(1, 24):
        shocks[:, hour] = (
            HOUR_PERSISTENCE * shocks[:, hour - 1]
            + np.sqrt(1 - HOUR_PERSISTENCE**2) * shocks[:, hour]
        )
    # A day as clear as can be has no cloud to vary by; one of the mean (0.74) varies.
    loose = np.clip((BRIGHTEST - shares) / 0.34, 0.0, 1.0)
    ups = np.clip(1 + HOUR_SPREAD * loose[:, None] * shocks, 0.1, 1.9)
    hours = clear * np.minimum(shares[:, None] * ups, 1.25)
    sums = hours.sum(axis=1, keepdims=True)
    wanted = (clear.sum(axis=1) * shares)[:, None]
    out: Array = hours * np.divide(wanted, sums, where=sums > 0, out=np.ones_like(sums))
    return out


def _air_degc(lat_deg: float, elevation_m: float, steps: int) -> Array:
    """Give a rough course of the air's temperature over year and day; assumed. [degC]

    27 degC at the equator by the sea, 0.6 K less for each degree beyond the tropics,
    6.5 K less for each kilometre up (standard atmosphere), swinging with the season.
    """
    hour = np.arange(steps, dtype=np.float64) * (SECONDS_PER_HOUR / 3600)
    beyond_deg = max(0.0, abs(lat_deg) - 20.0)
    summer = np.cos(2 * np.pi * (hour / 24 - 200) / 365) * np.sign(lat_deg)
    season = 0.3 * abs(lat_deg) * summer
    daily = 4.0 * np.cos(2 * np.pi * (hour % 24 - 15) / 24)
    mean = 27.0 - 0.6 * beyond_deg - 6.5 * elevation_m / 1000
    out: Array = np.maximum(mean + season + daily, -60.0)
    return out
