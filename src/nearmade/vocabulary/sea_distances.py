"""How far ships sail between a few ports."""

from __future__ import annotations

from typing import Final

from nearmade.vocabulary.factor import Factor


def _sailed(pair: str, distance_km: float, note: str = "") -> Factor:
    source = f"searoute 1.6.0 (Apache-2.0), ports by coordinates{note}"
    return Factor(f"sea/{pair}", distance_km, "km", source, geometric_sd=1.05)


#: By pair of ports, in the direction of our central alternative. [km]
SEA_DISTANCES_KM: Final = {
    ("Shanghai", "Rotterdam"): _sailed(
        "shanghai-rotterdam", 19_587, ", by Suez; 24,994 km without it"
    ),
    ("Shanghai", "Los Angeles"): _sailed("shanghai-los-angeles", 10_675),
    ("Shanghai", "New York"): _sailed(
        "shanghai-new-york", 19_771, ", by Panama; 22,945 km without it"
    ),
    ("Shenzhen", "Mombasa"): _sailed("shenzhen-mombasa", 10_326),
    ("Shanghai", "Santos"): _sailed("shanghai-santos", 20_557),
    ("Mumbai", "Durban"): _sailed("mumbai-durban", 7_069),
}

#: Way at sea over great circle, for pairs that the table does not hold.
SEA_DETOUR: Final = Factor(
    "sea/detour",
    1.31,
    "km/km",
    "Geometric mean of SEA_DISTANCES_KM over the great circles between those ports; "
    "from 1.00 (Mumbai-Durban) to 2.19 (Shanghai-Rotterdam)",
    geometric_sd=1.37,
)
