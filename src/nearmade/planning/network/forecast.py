"""Prices of a day to come, from the plans of days gone by.

What an hour at a group was worth on earlier days, newer days weighing more, and days of
the same weekday more again. Prices on single days jump; their mean is what insertion
wants, which can move work later when it proves wrong.

References
----------
R. G. Brown, "Statistical Forecasting for Inventory Control", McGraw-Hill 1959
(exponential smoothing).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from nearmade.planning.network.plan import Prices
from nearmade.planning.network.problem import Floats
from nearmade.vocabulary.errors import InvalidInput

DAYS_OF_A_WEEK: Final = 7
#: A price as old as this weighs half of a new one. [d]
HALF_LIFE_DAYS: Final = 10.0
#: A price of the same weekday weighs this many times one of another.
SAME_WEEKDAY: Final = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class PastPrices:
    """Prices that a plan of an earlier day proved.

    Parameters
    ----------
    day
        Day on which that plan began, counted from any day that all share.
    prices
        Its prices.
    """

    day: int
    prices: Prices


def forecast_prices(
    history: Sequence[PastPrices],
    day: int,
    *,
    half_life_days: float = HALF_LIFE_DAYS,
    same_weekday: float = SAME_WEEKDAY,
) -> Prices:
    """Forecast the prices of a plan that begins on a day, from those before it.

    Parameters
    ----------
    history
        Earlier plans' prices, all of one network; at least one is before ``day``.
    day
        Day to forecast.
    half_life_days
        After so many days a price weighs half, above zero. [d]
    same_weekday
        How many times more a price of the same weekday weighs, at least one.

    Raises
    ------
    InvalidInput
        When nothing is known of an earlier day, or networks differ.
    """
    if not half_life_days > 0 or not same_weekday >= 1:
        raise InvalidInput("forecast: half life above zero, same_weekday at least one")
    past = [one for one in history if one.day < day]
    if not past:
        raise InvalidInput(
            f"forecast: no plan begins before day {day}",
            remedy="plan earlier days first, or insert at the plan's own prices",
        )
    shapes = {tuple(x.shape for x in _columns(one.prices)) for one in past}
    if len(shapes) > 1:
        raise InvalidInput("forecast: the plans are of different networks")
    ages = np.array([day - one.day for one in past], dtype=np.float64)
    weights = 0.5 ** (ages / half_life_days)
    weights[ages % DAYS_OF_A_WEEK == 0] *= same_weekday
    weights /= weights.sum()
    columns = [
        np.tensordot(weights, np.stack(rows), axes=1)
        for rows in zip(*(_columns(one.prices) for one in past), strict=True)
    ]
    return Prices(columns[0], columns[1], columns[2], columns[3], np.zeros(0))


def _columns(prices: Prices) -> tuple[Floats, Floats, Floats, Floats]:
    return prices.hour_usd, prices.energy_usd, prices.stock_usd, prices.hub_usd
