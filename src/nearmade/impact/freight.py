"""Carriage of goods, and which process of the database a mode means."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Final, Literal

from nearmade.impact.database import own_database
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate

FreightMode = Literal["collect", "van", "road", "sea", "air"]

#: DEFRA counts flights beyond this as long haul. [km]
LONG_HAUL_KM: Final = 3700.0

_BY_MODE: Final = {
    "van": "freight/van-diesel",
    "road": "freight/hgv-all",
    "sea": "freight/ship-container",
}


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


def freight_process(mode: FreightMode, distance_km: float) -> str | None:
    """Give the process of a mode, by the tonne-kilometre; None when nothing burns.

    Raises
    ------
    InvalidInput
        When the mode is not one of ours.
    """
    if mode == "collect":
        return None
    if mode == "air":
        return f"freight/air-{'long' if distance_km > LONG_HAUL_KM else 'short'}"
    if mode not in _BY_MODE:
        raise InvalidInput(
            f"leg: mode {mode!r} is none of collect, van, road, sea, air"
        )
    return _BY_MODE[mode]


def fuel_fraction(process: str) -> float:
    """Give the share of a carriage's CO2e that its fuel emits, 0..1.

    The rest is radiative forcing of flights.
    """
    emitted = {
        one.input: one.amount
        for one in own_database().process(process).exchanges
        if one.input.startswith("co2e/")
    }
    forcing = emitted.get("co2e/radiative-forcing", 0.0)
    return 1 - forcing / sum(emitted.values())
