"""What a household or a site owns, makes and pays: the input of its life-cycle cost."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Final

from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate

#: Longest time that is looked at; machines of this kind are long gone by then. [years]
MAX_YEARS: Final = 100.0
#: Shortest life of a thing that is bought to make with, a third of a day. [years]
MIN_LIFE_YEARS: Final = 0.001


@dataclass(frozen=True, slots=True)
class Asset:
    """A thing that is bought to make with: a printer, a panel, a battery.

    Parameters
    ----------
    name
        For people.
    price_usd
        Of one, at the door. [USD]
    life_years
        After that another is bought, 0.001 or more. [years]
    upkeep_usd_per_year
        Nozzles, belts, cleaning, zero or more. [USD/year]

    Raises
    ------
    InvalidInput
        When a figure is out of range.
    """

    name: str
    price_usd: Estimate
    life_years: float
    upkeep_usd_per_year: float = 0.0

    def __post_init__(self) -> None:
        _check(f"asset {self.name}: price_usd", self.price_usd)
        if not MIN_LIFE_YEARS <= self.life_years <= MAX_YEARS:
            raise InvalidInput(
                f"asset {self.name}: life_years {self.life_years} is not in "
                f"{MIN_LIFE_YEARS:g} to {MAX_YEARS:g}"
            )
        _check(f"asset {self.name}: upkeep_usd_per_year", self.upkeep_usd_per_year)


@dataclass(frozen=True, slots=True)
class Product:
    """A thing that is made instead of bought.

    Parameters
    ----------
    name
        For people.
    filament_g, energy_wh
        Of one good build, supports included. [g], [Wh]
    retail_usd
        What a comparable thing costs in a shop, carriage and tax included. [USD]
    made_per_year
        Good ones a year, zero or more.
    labour_minutes
        Work by hand on one; it costs nothing where ``labour_usd_per_hour`` is zero.
        [min]
    other_usd
        Screws, lenses and the like for one. [USD]

    Raises
    ------
    InvalidInput
        When a figure is below zero or not finite.
    """

    name: str
    filament_g: Estimate
    energy_wh: Estimate
    retail_usd: Estimate
    made_per_year: float
    labour_minutes: float = 0.0
    other_usd: float = 0.0

    def __post_init__(self) -> None:
        for field in (
            "filament_g",
            "energy_wh",
            "retail_usd",
            "made_per_year",
            "labour_minutes",
            "other_usd",
        ):
            _check(f"product {self.name}: {field}", getattr(self, field))


@dataclass(frozen=True, slots=True)
class Rates:
    """What filament, electricity and time cost, and how often a build fails.

    Parameters
    ----------
    filament_usd_per_kg
        Money for feedstock. [USD/kg]
    electricity_usd_per_kwh
        Zero behind one's own panel, whose price is an asset. [USD/kWh]
    labour_usd_per_hour
        Zero, as both papers count the household's own time. [USD/h]
    failed_fraction
        Share of builds that fail and are made again, 0 up to but not 1.
    discount_fraction
        Yearly worth of money now over money later, above -1.

    Raises
    ------
    InvalidInput
        When a figure is out of range.
    """

    filament_usd_per_kg: Estimate
    electricity_usd_per_kwh: Estimate
    labour_usd_per_hour: float = 0.0
    failed_fraction: float = 0.0
    discount_fraction: float = 0.0

    def __post_init__(self) -> None:
        for field in (
            "filament_usd_per_kg",
            "electricity_usd_per_kwh",
            "labour_usd_per_hour",
        ):
            _check(f"rates: {field}", getattr(self, field))
        if not 0 <= self.failed_fraction < 1:
            raise InvalidInput(
                f"rates: failed_fraction {self.failed_fraction} is not in 0 up to 1"
            )
        if not (-1 < self.discount_fraction < inf):
            raise InvalidInput(
                f"rates: discount_fraction {self.discount_fraction} must be above -1"
            )


@dataclass(frozen=True, slots=True)
class Household:
    """A home or a site that makes things for itself, over some years.

    Parameters
    ----------
    assets
        What is bought to make with.
    products
        What is made, by year.
    rates
        Prices.
    years
        How far the account looks, above zero. [years]

    Raises
    ------
    InvalidInput
        When there is no product, or the years are out of range.
    """

    assets: tuple[Asset, ...]
    products: tuple[Product, ...]
    rates: Rates
    years: float

    def __post_init__(self) -> None:
        if not self.products:
            raise InvalidInput("cost: at least one product is needed")
        if not 0 < self.years <= MAX_YEARS:
            raise InvalidInput(
                f"cost: years {self.years} is not above 0 and up to {MAX_YEARS:g}"
            )


def _check(name: str, figure: Estimate | float) -> None:
    low, high = (
        (figure.low, figure.high) if isinstance(figure, Estimate) else (figure, figure)
    )
    if not (low >= 0 and high < inf):
        raise InvalidInput(f"{name} must be finite and >= 0")
