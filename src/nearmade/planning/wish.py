"""What an order wants of whoever makes it, parts aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nearmade.quoting.exchange import Rates
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.place import Place


@dataclass(frozen=True, slots=True)
class OrderWish:
    """Bought parts, hands, destination and what late or dirty goods cost.

    Parameters
    ----------
    bought_usd, bought_mass_g
        Bought parts. [USD], [g]
    assembly_s
        Hands. [s]
    promise_s
        From now until it should be there. [s]

    Raises
    ------
    InvalidInput
        When a figure is below zero.
    """

    bought_usd: float
    bought_mass_g: float
    assembly_s: float
    destination: Place
    deliver: bool
    rates: Rates
    promise_s: float
    carbon_price_usd_per_t: float
    lateness_usd_per_day: float
    making_gco2e: Callable[..., float]

    def __post_init__(self) -> None:
        for name in (
            "bought_usd",
            "bought_mass_g",
            "assembly_s",
            "promise_s",
            "carbon_price_usd_per_t",
            "lateness_usd_per_day",
        ):
            value = getattr(self, name)
            if not value >= 0:
                raise InvalidInput(f"order: {name} {value} must be zero or more")
