"""Materials that profiles exist for, with the figures that quoting needs of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.materials import find_material


@dataclass(frozen=True, slots=True)
class FilamentMaterial:
    """A material that filament is made of, its figures known.

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


#: Materials that the house has profiles for.
_WITH_PROFILES: Final = ("PLA", "PETG", "ABS", "ASA", "TPU")


def filament_of(code: str) -> FilamentMaterial:
    """Give what quoting needs of a material.

    Raises
    ------
    InvalidInput
        When a figure that quoting needs is not known of it.
    """
    found = find_material(code)
    density, nozzle, bed = found.density_g_cm3, found.nozzle_degc, found.bed_degc
    if density is None or nozzle is None or bed is None:
        raise InvalidInput(
            f"material {code}: density and temperatures must be known to quote it"
        )
    return FilamentMaterial(found.code, found.title, density, nozzle, bed, found.source)


#: Every material by its code.
MATERIALS: Mapping[str, FilamentMaterial] = MappingProxyType(
    {code: filament_of(code) for code in _WITH_PROFILES}
)
