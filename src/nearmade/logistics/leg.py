"""One leg of carriage: how far, how long, how dear, how much CO2e."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.place import Place

Mode = Literal["collect", "van", "road", "sea", "air"]


@dataclass(frozen=True, slots=True)
class Leg:
    """Goods going from one place to another.

    Parameters
    ----------
    origin, destination
        Where from, where to.
    mode
        Main mode of carriage; ``collect`` is on foot or bicycle, nothing charged.
    distance_km
        Along the way, detours included. [km]
    mass_g
        Goods and packaging. [g]
    time_s
        Door to door. [s]
    price_usd
        What the carrier asks. [USD]
    freight_gco2e
        Well to wheel. [gCO2e]
    """

    origin: Place
    destination: Place
    mode: Mode
    distance_km: float
    mass_g: float
    time_s: Estimate
    price_usd: Estimate
    freight_gco2e: Estimate
