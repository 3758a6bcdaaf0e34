"""A material: what it weighs and stands, and what it asks of a machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nearmade.vocabulary.errors import InvalidInput

#: Begins the source of figures that were taken from memory of what it names.
TYPICAL: Final = "typical values, after these but not read again in them"


@dataclass(frozen=True, slots=True)
class Material:
    """A material by identity; what is None is unknown, or the grade decides.

    Parameters
    ----------
    code
        Ours, in capitals, such as ``PETG``.
    title
        For people.
    family
        ``thermoplastic``, ``elastomer``, ``photopolymer``, ``metal``, ``wood``,
        ``mineral``, ``fabric``, ``paper``, ``composite``, ``electronics``, ``organic``.
    density_g_cm3
        Of the solid. [g/cm3]
    heat_deflection_degc
        At 0.45 MPa (ISO 75-2 method B, ASTM D648); of metals and glass, up to where
        strength is kept. [degC]
    food_contact, skin_contact
        Whether it is fit to touch food, or unbroken skin for long.
    flexible
        Whether it bends far by hand and comes back.
    outdoor
        Whether sun and rain leave it sound for years, unpainted.
    recycling_code
        Number of 97/129/EC and ASTM D7611; empty where there is none.
    hazards
        What those who work it must know.
    price_usd_per_kg
        Low and high of usual retail prices. [USD/kg]
    nozzle_degc, bed_degc
        Usual temperatures where no profile says better; of what is extruded. [degC]
    needs_chamber
        Whether it is only extruded in a closed and warm chamber.
    aliases
        Other names; titles of Wikipedia articles, by which OKW names it, among them.
    source
        Where the figures come from; begins with ``TYPICAL`` where nobody has read them
        again in what it names.
    processes
        Codes of processes that usually work it.

    Raises
    ------
    InvalidInput
        When a figure is not above zero or a price band does not rise.
    """

    code: str
    title: str
    family: str
    density_g_cm3: float | None = None
    heat_deflection_degc: float | None = None
    food_contact: bool | None = None
    skin_contact: bool | None = None
    flexible: bool | None = None
    outdoor: bool | None = None
    recycling_code: str = ""
    hazards: tuple[str, ...] = ()
    price_usd_per_kg: tuple[float, float] | None = None
    nozzle_degc: float | None = None
    bed_degc: float | None = None
    needs_chamber: bool | None = None
    aliases: tuple[str, ...] = ()
    source: str = ""
    processes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.density_g_cm3 is not None and not self.density_g_cm3 > 0:
            raise InvalidInput(f"material {self.code}: density_g_cm3 must be above 0")
        band = self.price_usd_per_kg
        if band is not None and not 0 < band[0] <= band[1]:
            raise InvalidInput(
                f"material {self.code}: price band must rise from above 0"
            )
        if not self.source:
            raise InvalidInput(f"material {self.code}: a source is needed")
