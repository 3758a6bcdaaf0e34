"""Materials of filament as facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class FilamentMaterial:
    """A material that filament is made of.

    Parameters
    ----------
    code
        ``PLA``, ``PETG`` and so on.
    title
        For people.
    density_g_cm3
        Of the solid. [g/cm3]
    nozzle_degc, bed_degc
        Usual temperatures where no profile says better. [degC]
    source
        Where the figures come from.
    """

    code: str
    title: str
    density_g_cm3: float
    nozzle_degc: float
    bed_degc: float
    source: str


_SHEETS = "makers' data sheets of filament"

#: Every material by its code.
MATERIALS: Mapping[str, FilamentMaterial] = MappingProxyType(
    {
        material.code: material
        for material in (
            FilamentMaterial("PLA", "polylactide", 1.24, 215, 60, _SHEETS),
            FilamentMaterial(
                "PETG", "glycol-modified polyester", 1.27, 245, 85, _SHEETS
            ),
            FilamentMaterial(
                "ABS", "acrylonitrile butadiene styrene", 1.04, 250, 100, _SHEETS
            ),
            FilamentMaterial(
                "ASA", "acrylonitrile styrene acrylate", 1.07, 260, 105, _SHEETS
            ),
            FilamentMaterial("TPU", "flexible polyurethane", 1.21, 230, 50, _SHEETS),
        )
    }
)
