"""Materials by their codes and other names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from nearmade.vocabulary.errors import NotFound
from nearmade.vocabulary.material import Material
from nearmade.vocabulary.materials_listed import NATURAL
from nearmade.vocabulary.materials_printed import PRINTED
from nearmade.vocabulary.materials_stock import SHEET_AND_BAR
from nearmade.vocabulary.nearest import not_known
from nearmade.vocabulary.processes import folded, satisfies

__all__ = ["MATERIALS", "Material", "doubtful_work", "find_material"]

#: Every material by its code, those for printing first.
MATERIALS: Final[Mapping[str, Material]] = MappingProxyType(
    {material.code: material for material in (*PRINTED, *SHEET_AND_BAR, *NATURAL)}
)


#: Process to the families of materials that it can work at all, by its definition:
#: ISO/ASTM 52900:2021, 3.2.9 (liquid photopolymer, cured by light); ISO 857-1:1998
#: (welding, of metals).
_WORKABLE: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "VAT-PHOTOPOLYMERISATION": frozenset({"photopolymer"}),
        "WELDING": frozenset({"metal"}),
    }
)


def doubtful_work(name: str, process: str) -> str:
    """Say why a process hardly works a material; empty where nothing speaks against.

    Parameters
    ----------
    name
        Any name of the material; of one that is not known nothing is doubted.
    process
        Code of ``vocabulary.processes``.
    """
    material = _BY_NAME.get(folded(name))
    if material is None:
        return ""
    if any(satisfies(process, one) for one in material.processes):
        return ""
    photopolymer = material.family == "photopolymer"
    if photopolymer and satisfies(process, "MATERIAL-EXTRUSION"):
        return f"{process} works what melts; {material.code} is a {material.family}"
    for kind, families in _WORKABLE.items():
        if satisfies(process, kind) and material.family not in families:
            worked = " or ".join(sorted(families))
            return f"{process} works {worked}; {material.code} is {material.family}"
    return ""


def find_material(name: str) -> Material:
    """Give the material that a name means.

    Parameters
    ----------
    name
        Code, alias or address of an article in Wikipedia; capitals, blanks and
        hyphens do not matter.

    Raises
    ------
    NotFound
        When none is known by it; the message names those near.
    """
    found = _BY_NAME.get(folded(name))
    if found is None:
        raise NotFound(
            not_known("material", name, _KNOWN),
            code="material-unknown",
            remedy=f"known are {', '.join(MATERIALS)}",
        )
    return found


def _names_of(material: Material) -> Iterator[str]:
    yield material.code
    yield material.title
    yield from material.aliases


_BY_NAME: Final[dict[str, Material]] = {}
for _each in MATERIALS.values():
    for _name in _names_of(_each):
        _BY_NAME.setdefault(folded(_name), _each)
_KNOWN: Final = (*MATERIALS, *(n for m in MATERIALS.values() for n in m.aliases))
