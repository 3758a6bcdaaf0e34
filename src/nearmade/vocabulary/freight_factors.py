"""Greenhouse gas of carriage by mass and distance, well to wheel.

Two rooms need these, logistics and impact, and neither may read the other.
``TTW`` counts the fuel burnt, ``WTT`` its making, ``WTW`` both.
"""

from __future__ import annotations

from typing import Final

from nearmade.vocabulary.factor import Factor

_SOURCE: Final = (
    "UK Government GHG Conversion Factors for Company Reporting 2025 (DESNZ/DEFRA), "
    "Freighting goods and WTT - delivery vehicles and freight; {row}; read from a "
    "third-party transcription, to be checked against the official workbook; "
    "geometric_sd is ours"
)


def _defra(name: str, ttw: float, wtt: float, row: str, geometric_sd: float) -> Factor:
    """Make a well-to-wheel factor from the two parts as printed. [kgCO2e/t.km]"""
    return Factor(
        id=f"freight/{name}",
        value=round((ttw + wtt) * 1000, 3),
        unit="gCO2e/t.km",
        source=_SOURCE.format(row=f"{row}: TTW {ttw} + WTT {wtt} kgCO2e/tonne.km"),
        geometric_sd=geometric_sd,
        year=2025,
    )


VAN_DIESEL: Final = _defra(
    "van-diesel-wtw", 0.6313, 0.15095, "vans, average up to 3.5 t, diesel", 1.5
)
HGV: Final = _defra(
    "hgv-all-wtw", 0.10163, 0.02359, "HGV all diesel, average laden", 1.3
)
RAIL: Final = _defra("rail-wtw", 0.02779, 0.00691, "rail, freight train", 1.3)
CONTAINER_SHIP: Final = _defra(
    "ship-container-wtw", 0.01612, 0.00365, "container ship, average", 1.3
)
AIR_LONG: Final = _defra(
    "air-long-wtw",
    0.5313,
    0.13516,
    "freight flights, long haul, without radiative forcing",
    1.3,
)
AIR_LONG_WITH_RF: Final = _defra(
    "air-long-rf-wtw",
    0.89939,
    0.13516,
    "freight flights, long haul, with radiative forcing",
    1.5,
)
AIR_SHORT: Final = _defra(
    "air-short-wtw",
    0.75539,
    0.20515,
    "freight flights, short haul, without radiative forcing",
    1.3,
)
AIR_SHORT_WITH_RF: Final = _defra(
    "air-short-rf-wtw",
    1.27835,
    0.20515,
    "freight flights, short haul, with radiative forcing",
    1.5,
)

#: All of them by id.
FREIGHT_FACTORS: Final = {
    factor.id: factor
    for factor in (
        VAN_DIESEL,
        HGV,
        RAIL,
        CONTAINER_SHIP,
        AIR_LONG,
        AIR_LONG_WITH_RF,
        AIR_SHORT,
        AIR_SHORT_WITH_RF,
    )
}


def freight_gco2e(factor: Factor, mass_g: float, distance_km: float) -> float:
    """Give what carrying a mass over a distance emits. [gCO2e]

    Parameters
    ----------
    factor
        One of ``FREIGHT_FACTORS``. [gCO2e/t.km]
    mass_g
        Goods and packaging. [g]
    distance_km
        Along the way. [km]
    """
    return factor.value * mass_g / 1e6 * distance_km
