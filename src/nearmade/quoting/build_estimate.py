"""What one build takes: feedstock, time and energy, each with its interval."""

from __future__ import annotations

from dataclasses import dataclass

from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.identity import ProfileId
from nearmade.vocabulary.money import Money


@dataclass(frozen=True, slots=True)
class BuildEstimate:
    """The figures of one part, made ``quantity`` times on one machine profile.

    Parameters
    ----------
    level
        0 closed form, 1 sampled layers, 2 the slicer.
    profile_id
        Which printer, material and quality it speaks of.
    quantity
        How many parts the figures cover, 1 or more.
    feedstock_mm3
        Volume of filament, supports and skirt included. [mm3]
    mass_g
        Mass of that filament. [g]
    time_s
        From start to the machine being free again, heat-up included. [s]
    energy_wh
        At the plug. [Wh]
    """

    level: int
    profile_id: ProfileId
    quantity: int
    feedstock_mm3: Estimate
    mass_g: Estimate
    time_s: Estimate
    energy_wh: Estimate


@dataclass(frozen=True, slots=True)
class PriceItem:
    """One line of a price, such as machine time."""

    code: str
    title: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Price:
    """An itemised price in one currency, with the interval of its estimate.

    Parameters
    ----------
    items
        The lines; they sum to ``total``.
    total
        What the customer pays.
    low, high
        The same price list applied to the ends of the estimate.
    """

    items: tuple[PriceItem, ...]
    total: Money
    low: Money
    high: Money
