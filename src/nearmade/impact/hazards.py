"""What a feedstock may do to those who work it, and what becomes of it afterwards.

Flags, not scores: no factor turns fumes, fibres or nanoparticles into a figure here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from nearmade.vocabulary.errors import NotFound
from nearmade.vocabulary.material import Material
from nearmade.vocabulary.materials import find_material

HazardKind = Literal["engineered-nanomaterial", "fibre", "fumes", "dust", "contact"]

NIOSH: Final = (
    "NIOSH 2024, Approaches to safe 3D printing, DHHS (NIOSH) publication 2024-103"
)
AZIMI: Final = (
    "Azimi et al. 2016, Environ. Sci. Technol. 50:1260, doi:10.1021/acs.est.5b04983"
)
CODES: Final = "ASTM D7611; Decision 97/129/EC"

#: Words in a feedstock's name that tell of a filler, and what they tell.
_FILLERS: Final[tuple[tuple[re.Pattern[str], HazardKind, str], ...]] = (
    (
        re.compile(r"\b(mw|sw)?cnts?\b|nano|graphene|fulleren", re.IGNORECASE),
        "engineered-nanomaterial",
        (
            "engineered nanomaterial: what is set free in printing, sanding and waste "
            "is not settled; closed and filtered machines only, no dry sanding"
        ),
    ),
    (
        re.compile(
            r"(^|[ -])(cf|gf)\d*\b|(carbon|glass|aramid|basalt)[ -]?fib", re.IGNORECASE
        ),
        "fibre",
        (
            "fibres: gloves; sanding and breaking set free what lungs keep; no part of "
            "a recycling stream"
        ),
    ),
)
#: Words of a hazard as the material tells it, and the kind that they are.
_TOLD: Final[tuple[tuple[str, HazardKind], ...]] = (
    ("fibre", "fibre"),
    ("vapour", "fumes"),
    ("fume", "fumes"),
    ("gives off", "fumes"),
    ("dust", "dust"),
    ("powder", "dust"),
)
#: Polymers that are collected and sorted in many places, by resin code.
_COLLECTED: Final = {
    "1": "collected in many places as bottles; prints of it are mostly sorted out",
    "2": "collected and recycled in many places",
    "4": "collected in some places",
    "5": "collected in some places",
    "6": "rarely collected",
}
_OWN_LOOP: Final = (
    "no household stream takes it; clean scrap of one kind can be made into filament "
    "again at a site with a recyclebot"
)


@dataclass(frozen=True, slots=True)
class Hazard:
    """One flag of one feedstock.

    Parameters
    ----------
    kind
        For programs.
    material
        As the facility names it.
    message
        For people.
    source
        Who says so.
    """

    kind: HazardKind
    material: str
    message: str
    source: str


@dataclass(frozen=True, slots=True)
class EndOfLife:
    """What becomes of one feedstock afterwards.

    Parameters
    ----------
    material
        As the facility names it.
    resin_code
        1 to 7, to be marked on the part; empty when not known.
    message
        Whether and how it is recycled, for people.
    source
        Who says so.
    """

    material: str
    resin_code: str
    message: str
    source: str


def material_hazards(names: Iterable[str]) -> tuple[Hazard, ...]:
    """Give every flag of feedstocks, by what they are and by fillers in their names.

    Parameters
    ----------
    names
        As facilities name them; one that is not known is judged by its name alone.
    """
    found: dict[tuple[str, HazardKind], Hazard] = {}
    for name in names:
        for pattern, kind, message in _FILLERS:
            if pattern.search(name):
                found.setdefault((name, kind), Hazard(kind, name, message, NIOSH))
        material = _known(name)
        for told in material.hazards if material is not None else ():
            one = _kind_of(told)
            source = AZIMI if "styrene" in told else "safety data sheets"
            found.setdefault((name, one), Hazard(one, name, told, source))
    return tuple(found.values())


def ends_of_life(names: Iterable[str]) -> tuple[EndOfLife, ...]:
    """Give resin code and recyclability of feedstocks.

    Parameters
    ----------
    names
        As facilities name them.
    """
    return tuple(_end_of(name) for name in dict.fromkeys(names))


def _end_of(name: str) -> EndOfLife:
    mixed = [message for pattern, _, message in _FILLERS if pattern.search(name)]
    if mixed:
        return EndOfLife(
            name, "7", "with a filler, no stream takes it: landfill or burning", CODES
        )
    material = _known(name)
    code = "" if material is None else material.recycling_code
    if material is not None and material.family == "photopolymer":
        return EndOfLife(name, code, "cured resin does not melt: no recycling", CODES)
    if not code:
        return EndOfLife(name, "", "no resin code is known for it", CODES)
    return EndOfLife(name, code, _COLLECTED.get(code, _OWN_LOOP), CODES)


def _known(name: str) -> Material | None:
    try:
        return find_material(name)
    except NotFound:
        return None


def _kind_of(told: str) -> HazardKind:
    return next((kind for word, kind in _TOLD if word in told), "contact")
