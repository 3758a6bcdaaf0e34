"""What the sun will give, known before it shines: the port and one that needs no net.

A forecast for a moment is made from what was seen before that moment's day, never from
the day itself: rules that are tried on a year of weather cannot peek.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from nearmade.energy.panels.panel import Panel, panel_power_w
from nearmade.energy.sky.clear import clear_weather
from nearmade.energy.sky.sun import Array
from nearmade.energy.sky.weather import SECONDS_PER_DAY, Weather
from nearmade.vocabulary.errors import InvalidInput

#: So many days back still tell of the coming one. Longer windows smooth the season
#: away; shorter ones know no 10 % day.
RECENT_DAYS: Final = 20

#: Before anything was seen: the share of the clear sky on a dull day. Assumed.
UNSEEN_FRACTION: Final = 0.15


class SunForecast(Protocol):
    """Foretells the power of a site's panels.

    Filled by ``RecentClearness`` here, and by services of weather where there is a
    network.
    """

    @property
    def source(self) -> str:
        """Where it is from, for people."""
        ...

    def power_w(self, from_step: int, steps: int, quantile: float) -> Array:
        """Give the power that is reached or passed but for that share of days. [W]

        Parameters
        ----------
        from_step
            First step spoken of; the forecast is issued just before it.
        steps
            How many.
        quantile
            0.1 is the worst day of ten.

        Returns
        -------
        Array
            Shape (steps,). [W]
        """
        ...


def daily_clearness(power_w: Array, clear_w: Array, steps_per_day: int) -> Array:
    """Give each day's energy as a share of the clear sky's, shape (days,).

    Days without sun, as in polar night, take the share of the day before.

    Raises
    ------
    InvalidInput
        When the series differ in length or are not whole days.
    """
    if power_w.shape != clear_w.shape or steps_per_day < 1:
        raise InvalidInput(f"forecast: {power_w.shape} beside {clear_w.shape}")
    if len(power_w) == 0 or len(power_w) % steps_per_day:
        raise InvalidInput(f"forecast: {len(power_w)} steps are no whole days")
    seen = power_w.reshape(-1, steps_per_day).sum(axis=1)
    clear = clear_w.reshape(-1, steps_per_day).sum(axis=1)
    shares = np.empty(len(seen))
    last = UNSEEN_FRACTION
    for day, (got, could) in enumerate(zip(seen, clear, strict=True)):
        if could > 0:
            last = got / could
        shares[day] = last
    return shares


def quantiles_before(shares: Array, quantile: float, days: int = RECENT_DAYS) -> Array:
    """Give for each day the quantile of the days before it, shape (days,).

    The first days speak from the few there were; the very first knows nothing and
    takes a dull day. One quantile is one row of a table that loops over years read.

    Parameters
    ----------
    shares
        Of the clear sky, day by day.
    quantile
        0..1.
    days
        How many days back count, at least one.

    Raises
    ------
    InvalidInput
        When quantile or days are out of range.

    References
    ----------
    .. [1] R. J. Hyndman, Y. Fan, Sample quantiles in statistical packages, American
       Statistician 50 (4), 1996: type 6, whose coverage is exact for days that come in
       any order.
    """
    if not (0 <= quantile <= 1 and days >= 1):
        raise InvalidInput(f"forecast: quantile {quantile} or {days} days")
    out = np.empty(len(shares))
    for day in range(len(shares)):
        before = shares[max(0, day - days) : day]
        if len(before) == 0:
            out[day] = UNSEEN_FRACTION
        else:
            out[day] = np.quantile(before, quantile, method="weibull")
    return out


@dataclass(frozen=True, slots=True, eq=False)
class RecentClearness:
    """Clear sky times a quantile of how clear the last days were.

    Parameters
    ----------
    clear_w
        Power under a clear sky, step by step of the year. [W]
    shares
        Of the clear sky, day by day of the year; days not yet seen are never read.
    steps_per_day
        Whole.
    days
        How many days back count.
    """

    clear_w: Array
    shares: Array
    steps_per_day: int
    days: int = RECENT_DAYS

    @property
    def source(self) -> str:
        """Where it is from, for people."""
        return f"clear sky times the clearness of the last {self.days} days"

    def missed_fraction(self, quantile: float) -> float:
        """Give the share of days that came out below their forecast of a quantile.

        An honest forecast misses as often as it says; the first days, made from few,
        are left out.
        """
        bounds = quantiles_before(self.shares, quantile, self.days)
        return float((self.shares < bounds)[self.days :].mean())

    def power_w(self, from_step: int, steps: int, quantile: float) -> Array:
        """Give the power that is reached or passed but for that share of days. [W]"""
        if not (0 <= from_step < len(self.clear_w) and steps >= 0):
            raise InvalidInput(f"forecast: {steps} steps from {from_step}")
        day = from_step // self.steps_per_day
        known = self.shares[: day + 1].copy()
        known[day] = np.nan  # today is not over: nobody knows it
        share = quantiles_before(known, quantile, self.days)[day]
        at = (from_step + np.arange(steps)) % len(self.clear_w)
        out: Array = self.clear_w[at] * share
        return out


def recent_clearness(
    panel: Panel, weather: Weather, step_s: int | None = None, days: int = RECENT_DAYS
) -> RecentClearness:
    """Give the forecast that a site would have made through a year of weather."""
    step = weather.step_s if step_s is None else step_s
    clear_w = panel_power_w(panel, clear_weather(weather), step)
    power_w = panel_power_w(panel, weather, step)
    per_day = SECONDS_PER_DAY // step
    return RecentClearness(
        clear_w, daily_clearness(power_w, clear_w, per_day), per_day, days
    )
