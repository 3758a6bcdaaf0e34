"""The order among those that can make it: a soft score in dollars, part by part.

A score never makes a no into a yes: only matches are scored. Each part is what it is
worth in dollars, so that people can see what moved a site up or down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: What a day of waiting counts. Assumed: as plans count a day of lateness. [USD/d]
USD_PER_DAY: Final = 1.0
#: What carbon counts. Assumed: about the price of emission allowances in Europe, as
#: quotes count it. [USD/kgCO2e]
USD_PER_KGCO2E: Final = 0.1
#: What a kilometre counts beside its carriage: whom one can visit. Assumed. [USD/km]
USD_PER_KM: Final = 0.001

_G_PER_KG: Final = 1000.0


@dataclass(frozen=True, slots=True)
class Score:
    """What a match is worth, less is better; None where it is not known.

    Parameters
    ----------
    cost_usd
        At the door: making and carriage. [USD]
    time_usd
        Of the days until it is there. [USD]
    distance_usd
        Of the way as the bird flies. [USD]
    gco2e_usd
        Of the emissions. [USD]
    history_usd
        What failed builds cost, by the share that succeeded so far. [USD]
    """

    cost_usd: float | None
    time_usd: float | None
    distance_usd: float
    gco2e_usd: float | None
    history_usd: float | None

    @property
    def known_usd(self) -> float:
        """Sum what is known. [USD]"""
        parts = (self.cost_usd, self.time_usd, self.gco2e_usd, self.history_usd)
        return self.distance_usd + sum(part for part in parts if part is not None)

    @property
    def rank(self) -> tuple[bool, float]:
        """Sort by this: those with a cost first, each by what is known."""
        return self.cost_usd is None, self.known_usd

    def as_dict(self) -> dict[str, float | None]:
        """Give the parts and their sum by name. [USD]"""
        return {
            "cost_usd": self.cost_usd,
            "time_usd": self.time_usd,
            "distance_usd": self.distance_usd,
            "gco2e_usd": self.gco2e_usd,
            "history_usd": self.history_usd,
            "sum_usd": self.known_usd,
        }


def score_match(
    *,
    distance_km: float,
    reliability_fraction: float,
    cost_usd: float | None = None,
    days: float | None = None,
    gco2e: float | None = None,
) -> Score:
    """Score one match.

    Parameters
    ----------
    distance_km
        Great circle to the customer. [km]
    reliability_fraction
        Share of builds that succeed there, 0..1.
    cost_usd
        At the door, where there is a quote. [USD]
    days
        Until it is there. [d]
    gco2e
        Of making and carriage. [gCO2e]
    """
    history = None
    if cost_usd is not None and reliability_fraction > 0:
        history = cost_usd * (1 / reliability_fraction - 1)
    return Score(
        cost_usd=cost_usd,
        time_usd=None if days is None else days * USD_PER_DAY,
        distance_usd=distance_km * USD_PER_KM,
        gco2e_usd=None if gco2e is None else gco2e / _G_PER_KG * USD_PER_KGCO2E,
        history_usd=history,
    )
