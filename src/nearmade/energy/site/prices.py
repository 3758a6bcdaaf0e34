"""What panels, batteries, generators and fuel cost, unless the site says otherwise.

None of these defaults was measured or quoted: prices differ by a factor of three
between countries and years. They are round, they are marked as assumed wherever they
show, and every one of them is an input.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from nearmade.vocabulary.errors import InvalidInput

#: Of the defaults below.
DEFAULT_CURRENCY: Final = "USD"


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices in one currency, lives and interest.

    Parameters
    ----------
    panel_per_wp
        With frame, cable, charge controller and mounting. [money per Wp]
    battery_per_kwh
        Of nominal capacity, with its protection. [money per kWh]
    electronics_per_w
        Inverter, per watt that the site can give at once. [money per W]
    generator_per_w, generator_hour
        To buy, by its rating; oil, filters and wear by running hour. [money]
    fuel_per_l
        Petrol or diesel at the site. [money per litre]
    grid_connection
        To be connected once. [money]
    panel_years, battery_years, electronics_years, generator_years
        Until each is bought again. [a]
    interest_fraction
        By year, for spreading first costs over lives.
    """

    panel_per_wp: float = 0.70
    battery_per_kwh: float = 300.0
    electronics_per_w: float = 0.25
    generator_per_w: float = 0.25
    generator_hour: float = 0.30
    fuel_per_l: float = 1.30
    grid_connection: float = 200.0
    panel_years: float = 20.0
    battery_years: float = 10.0
    electronics_years: float = 10.0
    generator_years: float = 5.0
    interest_fraction: float = 0.08

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            above = each.name.endswith("_years")
            if not (0 < value < 1e9 if above else 0 <= value < 1e9):
                raise InvalidInput(
                    f"prices: {each.name} {value} must be "
                    + ("above zero" if above else "zero or more"),
                    remedy="mend the price named",
                )


#: Lead-acid stores cheaper and dies sooner. Assumed.
LEAD_ACID: Final[Mapping[str, float]] = {
    "battery_per_kwh": 160.0,
    "battery_years": 4.0,
}


def prices_of(chemistry: str, own: Mapping[str, float]) -> Prices:
    """Give the defaults for a battery's chemistry with the site's own prices in them.

    Raises
    ------
    InvalidInput
        When a price is out of range.
    """
    defaults = LEAD_ACID if chemistry == "lead-acid" else {}
    return Prices(**{**defaults, **own})


def assumed_prices(own: Mapping[str, float]) -> tuple[str, ...]:
    """Name the prices that nobody gave."""
    return tuple(each.name for each in fields(Prices) if each.name not in own)


def unpriced(currency: str, own: Mapping[str, float]) -> tuple[str, ...]:
    """Name the prices that a site must give, since the defaults are in other money."""
    if currency == DEFAULT_CURRENCY:
        return ()
    return tuple(
        name
        for name in assumed_prices(own)
        if not name.endswith(("_years", "_fraction"))
    )


def yearly(first_cost: float, years: float, interest_fraction: float) -> float:
    """Spread a first cost evenly over the years that it lasts. [money per year]

    References
    ----------
    .. [1] Capital recovery factor: W. Short, D. J. Packey, T. Holt, A Manual for the
       Economic Evaluation of Energy Efficiency and Renewable Energy Technologies,
       NREL/TP-462-5173, 1995.
    """
    if interest_fraction <= 0:
        return first_cost / years
    paid_back = -math.expm1(-years * math.log1p(interest_fraction))
    return first_cost * interest_fraction / paid_back
