"""Which freight factor a leg takes."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Final, Literal

from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.factor import Factor
from nearmade.vocabulary.freight_factors import (
    AIR_LONG,
    AIR_LONG_WITH_RF,
    AIR_SHORT,
    AIR_SHORT_WITH_RF,
    CONTAINER_SHIP,
    HGV,
    VAN_DIESEL,
)

FreightMode = Literal["collect", "van", "road", "sea", "air"]

#: DEFRA counts flights beyond this as long haul. [km]
LONG_HAUL_KM: Final = 3700.0


@dataclass(frozen=True, slots=True)
class FreightLeg:
    """Goods carried over a distance.

    Parameters
    ----------
    mode
        ``collect`` is on foot or bicycle and emits nothing.
    mass_g
        Goods and packaging. [g]
    distance_km
        Along the way, detours included. [km]
    gco2e
        What the carrier's own account of this leg says, its stretches by other
        vehicles included; None: mass times distance times the mode's factor. [gCO2e]

    Raises
    ------
    InvalidInput
        When mass or distance is below zero or not finite.
    """

    mode: FreightMode
    mass_g: float
    distance_km: float
    gco2e: Estimate | None = None

    def __post_init__(self) -> None:
        for name in ("mass_g", "distance_km"):
            value = getattr(self, name)
            if not 0 <= value < inf:
                raise InvalidInput(
                    f"leg by {self.mode}: {name} {value} must be finite and >= 0"
                )


def freight_factor(mode: FreightMode, distance_km: float) -> Factor | None:
    """Give the factor of a mode; None when nothing burns. [gCO2e/t.km]

    Air freight counts radiative forcing.

    Raises
    ------
    InvalidInput
        When the mode is not one of ours.
    """
    if mode == "collect":
        return None
    if mode == "air":
        return AIR_LONG_WITH_RF if distance_km > LONG_HAUL_KM else AIR_SHORT_WITH_RF
    by_mode = {"van": VAN_DIESEL, "road": HGV, "sea": CONTAINER_SHIP}
    if mode not in by_mode:
        raise InvalidInput(
            f"leg: mode {mode!r} is none of collect, van, road, sea, air"
        )
    return by_mode[mode]


def fuel_fraction(factor: Factor) -> float:
    """Give the share of a factor that fuel emits, the rest being radiative forcing."""
    without = {AIR_LONG_WITH_RF: AIR_LONG, AIR_SHORT_WITH_RF: AIR_SHORT}
    return without.get(factor, factor).value / factor.value
