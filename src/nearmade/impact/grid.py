"""What a kilowatt-hour emits, by country and from the sun, each with its source."""

from __future__ import annotations

import math
from typing import Final

from nearmade.vocabulary.factor import Factor

EMBER: Final = (
    "Ember yearly average carbon intensity, as packaged in @tgwf/co2 0.19.0 "
    "(The Green Web Foundation; Ember's figures CC BY-SA 4.0); year of the country "
    "not stated; geometric_sd is ours"
)
CODECARBON: Final = "codecarbon 3.3.2 global_energy_mix.json"

#: Spread between one vintage and the next: ours, from the six countries below.
DEFAULT_GEOMETRIC_SD: Final = 1.15
#: Spread when a country stands in for by the world average: the countries listed
#: here reach from 23 to 714 gCO2e/kWh.
WORLD_GEOMETRIC_SD: Final = 2.0

#: ISO 3166-1 alpha-2 to gCO2e/kWh. Zero never appears: the package writes 0 for
#: "missing".
_EMBER_GCO2E_PER_KWH: Final = {
    "AU": 553.76,
    "BR": 106.06,
    "CN": 557.5,
    "DE": 342.06,
    "ES": 146.15,
    "FR": 44.18,
    "GB": 215.79,
    "IN": 708.96,
    "IT": 287.75,
    "KE": 84.83,
    "MW": 54.65,
    "NL": 252.7,
    "NP": 23.36,
    "PL": 614.98,
    "RW": 301.89,
    "TZ": 371.59,
    "UG": 57.39,
    "US": 383.55,
    "ZA": 713.9,
    "ZW": 298.44,
}
_EMBER_WORLD_GCO2E_PER_KWH: Final = 472.94

#: A second vintage: alpha-2 to (gCO2e/kWh, year).
_CODECARBON_GCO2E_PER_KWH: Final = {
    "US": (369.473, 2023),
    "DE": (380.95, 2023),
    "KE": (70.492, 2023),
    "RW": (316.327, 2022),
    "NP": (24.44, 2022),
    "ZW": (297.872, 2022),
}

WORLD: Final = Factor(
    "electricity/world",
    _EMBER_WORLD_GCO2E_PER_KWH,
    "gCO2e/kWh",
    EMBER,
    geometric_sd=DEFAULT_GEOMETRIC_SD,
)

SOLAR: Final = Factor(
    "electricity/solar",
    48.0,
    "gCO2e/kWh",
    "codecarbon 3.3.2 carbon_intensity_per_source.json, solar, citing the World "
    "Nuclear Association's comparison of life-cycle emissions; panels only, the "
    "battery is not in it; geometric_sd is ours",
    geometric_sd=1.5,
)


def _country(code: str, value: float) -> Factor:
    """Make the factor of a country; two vintages widen it to hold both."""
    geometric_sd, source = DEFAULT_GEOMETRIC_SD, EMBER
    if code in _CODECARBON_GCO2E_PER_KWH:
        other, year = _CODECARBON_GCO2E_PER_KWH[code]
        apart = math.exp(abs(math.log(other / value)))
        geometric_sd = max(geometric_sd, round(apart, 3))
        source = f"{EMBER}; {CODECARBON} gives {other} for {year}"
    return Factor(
        f"electricity/{code.lower()}", value, "gCO2e/kWh", source, geometric_sd
    )


GRID: Final = {
    code: _country(code, value) for code, value in _EMBER_GCO2E_PER_KWH.items()
}


def electricity_factor(country: str, *, solar: bool) -> Factor:
    """Give the factor of electricity at a place. [gCO2e/kWh]

    Parameters
    ----------
    country
        ISO 3166-1 alpha-2 code. A country without a figure gets the world average,
        marked as assumed.
    solar
        True where the sun drives the machine and there is no grid.
    """
    if solar:
        return SOLAR
    if country in GRID:
        return GRID[country]
    return Factor(
        f"electricity/{country.lower()}",
        WORLD.value,
        WORLD.unit,
        f"assumed: no figure for {country}, so the world average; {EMBER}",
        geometric_sd=WORLD_GEOMETRIC_SD,
        assumed=True,
    )
