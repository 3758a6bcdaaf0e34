"""Wittbrodt 2013, Petersen & Pearce 2017, Woern 2018: money recomputed."""

from __future__ import annotations

from math import inf
from typing import Final

import numpy as np

from nearmade.impact.economics import (
    life_cycle_cost,
    payback_years,
    yearly_return_fraction,
)
from nearmade.impact.household import Asset, Household, Product, Rates
from nearmade.impact.published import (
    OURS,
    PETERSEN,
    WITTBRODT,
    WOERN,
    Given,
    Landing,
)
from nearmade.vocabulary.estimate import Estimate

#: The abstract names no price of the printer. [USD]
REPRAP_USD: Final = 600.0
REPRAP_YEARS: Final = 5.0
#: Households of the United States about 2018, from cheap to mean. Assumed. [USD/kWh]
ELECTRICITY_USD_PER_KWH: Final = (0.10, 0.13)
#: Feeley 2014 (ethical filament): 35 to 50. [USD/kg]
FILAMENT_USD_PER_KG: Final = (35.0, 50.0)
#: Commercial pellets of PLA and ABS. Assumed. [USD/kg]
PELLETS_USD_PER_KG: Final = (3.0, 7.0)
RECYCLEBOT_KWH_PER_KG: Final = 0.24
RECYCLEBOT_KG_PER_HOUR: Final = 0.4
MONTHS: Final = 12


def wittbrodt() -> tuple[Landing, ...]:
    """Recompute payback and return of a household that prints twenty things a year."""
    costs = []
    for retail_usd in (1944.0, 312.0):
        products = Product(
            "the twenty",
            Estimate.exact(0.0),
            Estimate.exact(0.0),
            Estimate.exact(retail_usd),
            1.0,
            other_usd=18.0,
        )
        printer = Asset("RepRap", Estimate.exact(REPRAP_USD), REPRAP_YEARS)
        free = Rates(Estimate.exact(0.0), Estimate.exact(0.0))
        home = Household((printer,), (products,), free, REPRAP_YEARS)
        costs.append(life_cycle_cost(home, draws=1))
    inputs = (
        Given("printing the twenty", 18.0, "USD", WITTBRODT),
        Given("the same in shops, most", 1944.0, "USD", WITTBRODT),
        Given("the same in shops, least", 312.0, "USD", WITTBRODT),
        Given("sets of twenty a year", 1.0, "1", WITTBRODT),
        Given("printer", REPRAP_USD, "USD", "assumed: the abstract has no price"),
        Given("life of the printer", REPRAP_YEARS, "years", OURS),
    )
    payback = [(c.payback_years or Estimate.exact(inf)).value * MONTHS for c in costs]
    rates = [(c.yearly_return_fraction or Estimate.exact(0)).value for c in costs]
    least, most = ((x - 18.0) * y for x, y in ((1944.0, 4 / 12), (312.0, 2.0)))
    return (
        Landing(
            "wittbrodt-payback",
            WITTBRODT,
            "the printer pays back in 4 months to 2 years",
            "months",
            3.5,
            24.5,
            min(payback),
            max(payback),
            inputs,
            "Simple payback. The two published ends, taken exactly, stand for a "
            f"printer of {least:.0f} and of {most:.0f} USD; 600 is between them. Ends "
            "are read as rounded to whole and half months.",
        ),
        Landing(
            "wittbrodt-return",
            WITTBRODT,
            "return of more than 40 % to more than 200 % a year",
            "% a year",
            40.0,
            inf,
            min(rates) * 100,
            max(rates) * 100,
            inputs,
            "Rate R that solves C / S = (1 - exp(-R T)) / R over five years. Over "
            f"three years the low end would be {_three_years() * 100:.0f} %, so the "
            "life of the printer decides it.",
        ),
    )


def _three_years() -> float:
    rate = yearly_return_fraction(np.array([REPRAP_USD]), np.array([312.0 - 18.0]), 3.0)
    return float(rate[0])


def petersen() -> tuple[Landing, ...]:
    """Recompute the payback that a return over five years stands for.

    A return r over T years means savings of (1 + r) C in all, so a payback of
    T / (1 + r), whatever the printer costs.
    """
    years, high, low = 5.0, 9.86, 1.0
    first = np.array([1.0])
    back_high = float(payback_years(first, first * (1 + high) / years)[0])
    back_low = float(payback_years(first, first * (1 + low) / years)[0])
    inputs = (
        Given("return, dear alternatives", high, "1", PETERSEN),
        Given("return, cheap alternatives, at least", low, "1", PETERSEN),
        Given("years", years, "years", PETERSEN),
    )
    return (
        Landing(
            "petersen-high",
            PETERSEN,
            "986 % in five years beside dear products, payback below 6 months",
            "months",
            -inf,
            6.0,
            back_high * MONTHS,
            back_high * MONTHS,
            inputs,
            "A check of the paper against itself: 986 % over five years is a payback "
            "of 60 / 10.86 months, whatever the printer costs. Per-product prices are "
            "not in the abstract.",
        ),
        Landing(
            "petersen-low",
            PETERSEN,
            "more than 100 % in five years beside cheap products",
            "months",
            -inf,
            30.0,
            back_low * MONTHS,
            back_low * MONTHS,
            inputs,
            "100 % in five years is a payback of 30 months; more than 100 % is a "
            "shorter one. The abstract gives no payback here.",
        ),
    )


def woern() -> tuple[Landing, ...]:
    """Recompute what a recyclebot's filament costs, and what power it draws."""
    cheap, dear = (RECYCLEBOT_KWH_PER_KG * each for each in ELECTRICITY_USD_PER_KWH)
    energy = (
        Given("electricity", RECYCLEBOT_KWH_PER_KG, "kWh/kg", WOERN),
        Given("its price, least", ELECTRICITY_USD_PER_KWH[0], "USD/kWh", OURS),
        Given("its price, most", ELECTRICITY_USD_PER_KWH[1], "USD/kWh", OURS),
    )
    watts = RECYCLEBOT_KWH_PER_KG * RECYCLEBOT_KG_PER_HOUR * 1000
    return (
        Landing(
            "woern-cents",
            WOERN,
            "filament of waste for 2.5 cents a kilogram",
            "cents/kg",
            2.45,
            2.55,
            cheap * 100,
            dear * 100,
            energy,
            "Electricity alone: 2.5 cents stand for 10.4 cents a kilowatt-hour. Waste, "
            "work and the machine count nothing in it; 700 USD over 2,000 kg would add "
            "35 cents.",
        ),
        _woern_share(cheap, dear, energy),
        Landing(
            "woern-power",
            WOERN,
            "0.4 kg an hour at 0.24 kWh a kilogram",
            "W",
            95.5,
            96.5,
            watts,
            watts,
            (
                energy[0],
                Given("throughput", RECYCLEBOT_KG_PER_HOUR, "kg/h", WOERN),
            ),
            "96 W while it runs: what a recyclebot asks of a site's panel and battery.",
        ),
    )


def _woern_share(cheap: float, dear: float, energy: tuple[Given, ...]) -> Landing:
    """Set filament of bought pellets beside commercial filament."""
    feeley = "Feeley et al. 2014 (ethical filament)"
    shares = [
        (PELLETS_USD_PER_KG[0] + cheap) / FILAMENT_USD_PER_KG[1],
        (PELLETS_USD_PER_KG[1] + dear) / FILAMENT_USD_PER_KG[0],
    ]
    return Landing(
        "woern-share",
        WOERN,
        "filament of bought pellets below 22 % of commercial filament's price",
        "%",
        -inf,
        22.0,
        shares[0] * 100,
        shares[1] * 100,
        (
            *energy,
            Given("pellets, least", PELLETS_USD_PER_KG[0], "USD/kg", OURS),
            Given("pellets, most", PELLETS_USD_PER_KG[1], "USD/kg", OURS),
            Given("filament, least", FILAMENT_USD_PER_KG[0], "USD/kg", feeley),
            Given("filament, most", FILAMENT_USD_PER_KG[1], "USD/kg", feeley),
        ),
        "Pellets and electricity, without the machine and without work. It holds "
        "while pellets cost less than 7.68 USD a kilogram beside filament at 35.",
    )
