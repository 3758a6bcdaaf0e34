"""What making a part emits, in closed form, for planners that ask often."""

from __future__ import annotations

from functools import lru_cache

from nearmade.impact.grid import electricity_factor
from nearmade.impact.polymers import filament
from nearmade.impact.study import Study, solve
from nearmade.vocabulary.errors import InvalidInput

_GWP = "gwp100"


def making_gco2e(
    name: str,
    mass_g: float,
    energy_wh: float,
    country: str,
    *,
    solar: bool,
    gco2e_per_kwh: float | None = None,
) -> float:
    """Give what feedstock and electricity of one build emit, at the median. [gCO2e]

    Resin, its extrusion to filament, the filament's way to the site, and the
    electricity at the plug. No waste, packaging or carriage of the part.

    Parameters
    ----------
    name
        Material as facilities name it, such as ``PLA``.
    mass_g
        Filament, supports included, zero or more. [g]
    energy_wh
        At the plug, zero or more. [Wh]
    country
        ISO 3166-1 alpha-2 code of the site.
    solar
        True where the sun drives the machine and there is no grid.
    gco2e_per_kwh
        Of the electricity in the very hours of the build, instead of the country's
        mean; None where only that is known. [gCO2e/kWh]

    Raises
    ------
    InvalidInput
        When no factor is known for the material, or a figure is below zero.
    """
    if not (mass_g >= 0 and energy_wh >= 0):
        raise InvalidInput(
            f"making of {name}: mass_g {mass_g} and energy_wh {energy_wh} must be >= 0"
        )
    if gco2e_per_kwh is None:
        gco2e_per_kwh = _mean_gco2e_per_kwh(country, solar=solar)
    if not gco2e_per_kwh >= 0:
        raise InvalidInput(
            f"making of {name}: gco2e_per_kwh {gco2e_per_kwh} must be >= 0"
        )
    feedstock = mass_g / 1000 * feedstock_gco2e_per_kg(name)
    return feedstock + energy_wh / 1000 * gco2e_per_kwh


@lru_cache(maxsize=1024)
def feedstock_gco2e_per_kg(name: str) -> float:
    """Give what a kilogram of filament emits until it reaches its user. [gCO2e/kg]

    Raises
    ------
    InvalidInput
        When no factor is known for the material.
    """
    demand = {filament(name): 1.0, "carriage/feedstock": 1.0}
    study = Study("A kilogram of filament", {"one": demand}, methods=(_GWP,))
    return solve(study, 1).score["one"][_GWP]


@lru_cache(maxsize=1024)
def _mean_gco2e_per_kwh(country: str, *, solar: bool) -> float:
    return electricity_factor(country, solar=solar).value
