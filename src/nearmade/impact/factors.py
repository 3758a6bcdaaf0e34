"""Factors of materials, forming, waste, packaging and energy, each with its source.

Freight stands in ``vocabulary.freight_factors``, electricity in ``impact.grid``.
Where no source was found the factor is ``assumed``, its spread is wide, and its source
says what it rests on. The geometric standard deviations are ours throughout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.factor import Factor

GWP: Final = "gCO2e/kg"
CED: Final = "MJ/kg"

HOPEWELL: Final = (
    "Hopewell, Dvorak & Kosior 2009, Phil. Trans. R. Soc. B 364:2115, Table 3 "
    "(PMC2873020), EU cradle to gate"
)
DEFRA_MATERIAL: Final = (
    "UK Government GHG Conversion Factors 2025 (DESNZ/DEFRA), material use; read from "
    "a third-party transcription, to be checked against the official workbook"
)
DEFRA_WASTE: Final = DEFRA_MATERIAL.replace("material use", "waste disposal")
WOERN: Final = "Woern 2018, HardwareX 4 (RepRapable Recyclebot), abstract"


@dataclass(frozen=True, slots=True)
class Material:
    """A feedstock polymer, cradle to the gate of the resin plant.

    Parameters
    ----------
    name
        As facilities name it, such as ``PLA``.
    gwp
        Greenhouse gas of the resin. [gCO2e/kg]
    ced
        Cumulative energy demand of the resin. [MJ/kg]
    """

    name: str
    gwp: Factor
    ced: Factor


def _sourced(name: str, gwp_kg: float, ced_mj: float) -> Material:
    return Material(
        name,
        Factor(f"material/{name.lower()}-gwp", gwp_kg * 1000, GWP, HOPEWELL, 1.15),
        Factor(f"material/{name.lower()}-ced", ced_mj, CED, HOPEWELL, 1.15),
    )


def _assumed(
    name: str,
    *,
    gwp_kg: float,
    gwp_basis: str,
    ced_mj: float,
    ced_basis: str,
    geometric_sd: float,
) -> Material:
    key = f"material/{name.lower()}"
    return Material(
        name,
        Factor(
            f"{key}-gwp",
            round(gwp_kg * 1000, 3),
            GWP,
            f"assumed: {gwp_basis}",
            geometric_sd,
            assumed=True,
        ),
        Factor(
            f"{key}-ced",
            ced_mj,
            CED,
            f"assumed: {ced_basis}",
            geometric_sd,
            assumed=True,
        ),
    )


_MATERIALS: Final = (
    _assumed(
        "PLA",
        gwp_kg=1.57,
        gwp_basis="midway between 0.65 kg/kg (Groot & Boren 2010, abstract, PLLA from "
        "Thai sugarcane, 0.5 to 0.8, uptake by the plant credited) and 2.48 kg/kg (the "
        "same plus the 3 x 44 / 72 = 1.83 kg of CO2 that the polymer's carbon becomes)",
        ced_mj=65.0,
        ced_basis="between 55 MJ/kg (the most for recycled plastics) and 76.7 MJ/kg "
        f"(HDPE), both {HOPEWELL}; no source for PLA found",
        geometric_sd=1.6,
    ),
    _assumed(
        "PETG",
        gwp_kg=3.4,
        gwp_basis=f"PET stands in for PETG; {HOPEWELL}",
        ced_mj=82.7,
        ced_basis=f"PET stands in for PETG; {HOPEWELL}",
        geometric_sd=1.3,
    ),
    _assumed(
        "ABS",
        gwp_kg=3.89,
        gwp_basis="polystyrene, 3.4 kg/kg, scaled with energy by 100 / 87.4; "
        f"{HOPEWELL}",
        ced_mj=100.0,
        ced_basis="no less than the 90.6 to 99.9 MJ/kg that recycling saves against "
        "virgin ABS (Zhong 2017, Recycling 2(2) 10, abstract)",
        geometric_sd=1.5,
    ),
    _assumed(
        "TPU",
        gwp_kg=5.1,
        gwp_basis="geometric mean of PET, 3.4 kg/kg, and nylon 6, 7.64 kg/kg; no "
        "source for TPU found",
        ced_mj=99.6,
        ced_basis="geometric mean of PET, 82.7 MJ/kg, and nylon 6, 120 MJ/kg; no "
        "source for TPU found",
        geometric_sd=1.6,
    ),
    _sourced("PET", 3.4, 82.7),
    _sourced("PP", 2.0, 73.4),
    _sourced("HDPE", 1.9, 76.7),
    _sourced("PS", 3.4, 87.4),
    Material(
        "PA6",
        Factor(
            "material/pa6-gwp",
            7640.0,
            GWP,
            "handbook Table 13.9 (GlobalSpec), nylon 6, incineration included",
            1.3,
        ),
        Factor(
            "material/pa6-ced",
            120.0,
            CED,
            "handbook Table 13.9 (GlobalSpec), nylon 6",
            1.3,
        ),
    ),
)

#: Feedstocks by name.
MATERIALS: Final[Mapping[str, Material]] = {one.name: one for one in _MATERIALS}

#: Names that facilities use for the same polymer.
_ALIASES: Final = {"NYLON": "PA6", "PA": "PA6", "PLA+": "PLA"}

FILAMENT_EXTRUSION: Final = Factor(
    "process/filament-extrusion",
    0.24,
    "kWh/kg",
    f"assumed: a recyclebot's figure stands in for industry's; {WOERN}",
    geometric_sd=2.0,
    assumed=True,
)
FEEDSTOCK_SEA_KM: Final = Factor(
    "distance/feedstock-sea",
    10_000.0,
    "km",
    "assumed: filament crosses one ocean to its user, half of Shanghai to Rotterdam",
    geometric_sd=1.8,
    assumed=True,
)
FEEDSTOCK_ROAD_KM: Final = Factor(
    "distance/feedstock-road",
    500.0,
    "km",
    "assumed: resin or filament by road from plant to user",
    geometric_sd=1.8,
    assumed=True,
)
MOULDED_PLASTIC: Final = Factor(
    "material/moulded-rigid-plastic-gwp",
    3354.28,
    GWP,
    f"{DEFRA_MATERIAL}: average rigid plastic, primary production; forming is in it, "
    "so no moulding is added; single polymers reach from 2578 (PP) to 4377 (PS)",
    geometric_sd=1.2,
    year=2025,
)
MOULDED_PLASTIC_RESIN_CED: Final = Factor(
    "material/moulded-rigid-plastic-ced",
    80.05,
    CED,
    f"{HOPEWELL}: mean of HDPE 76.7, PP 73.4, PET 82.7 and PS 87.4; resin only",
    geometric_sd=1.15,
)
MOULDING_ELECTRICITY: Final = Factor(
    "process/injection-moulding-electricity",
    1.8,
    "kWh/kg",
    "assumed: DEFRA's polymers with forming less Hopewell's resins (HDPE 1.20, PP "
    "0.58, PET 0.46, PS 0.98, PVC 1.04 kg CO2e/kg, mean 0.85) at the world grid's "
    "0.473 kg/kWh; used for kWh and MJ only, never for CO2e",
    geometric_sd=1.6,
    assumed=True,
)
LANDFILL: Final = Factor(
    "waste/plastics-landfill",
    8.98311,
    GWP,
    f"{DEFRA_WASTE}: plastics to landfill, 8.98311 kgCO2e per tonne; no avoided burden",
    geometric_sd=1.5,
    year=2025,
)
BOARD: Final = Factor(
    "packaging/board",
    1199.725,
    GWP,
    f"{DEFRA_MATERIAL}: paper and board: board, primary production",
    geometric_sd=1.2,
    year=2025,
)
GRID_CED: Final = Factor(
    "energy/grid-ced",
    9.0,
    "MJ/kWh",
    "assumed: 3.6 MJ made at 40 % from primary energy; no source by country found",
    geometric_sd=1.4,
    assumed=True,
)
SOLAR_CED: Final = Factor(
    "energy/solar-ced",
    4.0,
    "MJ/kWh",
    "assumed: the 3.6 MJ of electricity itself plus a tenth for making the panel; "
    "sunlight is not counted",
    geometric_sd=1.2,
    assumed=True,
)
DIESEL_CARBON: Final = Factor(
    "energy/diesel-gco2e-per-mj",
    74.1,
    "gCO2e/MJ",
    "assumed: freight energy is read back from its CO2e as if it were all diesel of "
    "74.1 g CO2 per MJ (IPCC 2006 Guidelines, volume 2, table 1.4)",
    geometric_sd=1.1,
    assumed=True,
)


def material(name: str) -> Material:
    """Look up a feedstock by the name that facilities use.

    Raises
    ------
    InvalidInput
        When no factor is known for it.
    """
    key = name.strip().upper()
    found = MATERIALS.get(_ALIASES.get(key, key))
    if found is None:
        known = ", ".join(sorted(MATERIALS))
        raise InvalidInput(
            f"material {name!r}: no impact factor known, only for {known}",
            code="unknown-material",
            remedy="name one of the known materials",
        )
    return found
