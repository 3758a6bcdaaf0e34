"""Which material people take for which: a short table, each rule with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class SubstitutionRule:
    """One material that may stand in for another.

    Parameters
    ----------
    instead_of, material
        Codes of the one asked for and the one offered.
    gains
        What is won, or why it does as well.
    minds
        What to mind in making it; may be empty.
    not_where
        Uses for which it is the wrong one.
    source
        Whose experience it is.
    """

    instead_of: str
    material: str
    gains: str
    minds: str
    not_where: str
    source: str


_GUIDES: Final = (
    "makers' and slicers' guides to filaments (Prusa, Ultimaker, Bambu Lab)"
)
_RESIN: Final = "makers' guides to resins (Formlabs)"
_POWDER: Final = "makers' sheets of powders (EOS, HP, Formlabs)"
_SHOP: Final = "workshop practice; EN standards of the sheets named"


def _rule(
    pair: str, gains: str, minds: str, not_where: str, source: str
) -> SubstitutionRule:
    instead_of, _, material = pair.partition(" > ")
    return SubstitutionRule(instead_of, material, gains, minds, not_where, source)


_EVERY: Final = (
    _rule("PLA > PETG", "tougher, and water does it less harm",
          "prints slower and pulls threads",
          "it must stay stiff under steady load or show fine overhangs", _GUIDES),
    _rule("PLA > ASA", "tougher, and sun and rain do it no harm",
          "shrinks as it cools: large flat parts lift off an open bed",
          "there is no ventilation, or edges must be true to a tenth", _GUIDES),
    _rule("PLA > ABS", "tougher, and can be smoothed and glued by solvent",
          "shrinks as it cools: large flat parts lift off an open bed",
          "there is no ventilation, or edges must be true to a tenth", _GUIDES),
    _rule("PETG > ASA", "sun does it no harm",
          "shrinks more and smells: closed printer, ventilation",
          "it must be clear or stand solvents", _GUIDES),
    _rule("PETG > PLA", "stiffer, with finer detail, and simplest to print",
          "breaks where PETG would bend",
          "it is bent, hit, left in a car or in the sun", _GUIDES),
    _rule("PETG > ABS", "can be smoothed and glued by solvent",
          "shrinks more and smells: closed printer, ventilation",
          "it must be clear, or stands in the sun", _GUIDES),
    _rule("PETG > PC", "stronger",
          "needs a hot nozzle, a hot bed and dry filament",
          "the printer is open and the part large", _GUIDES),
    _rule("ABS > ASA", "as strong, and made to stand the sun",
          "prints like ABS", "it must be smoothed to a gloss", _GUIDES),
    _rule("ABS > PC", "stronger",
          "needs a hotter nozzle and dry filament",
          "the printer is open and the part large", _GUIDES),
    _rule("ABS > PETG", "prints on an open machine, without the smell",
          "softer at its surface, cannot be smoothed by acetone",
          "it stands in a car or next to a motor", _GUIDES),
    _rule("ASA > ABS", "as strong and cheaper", "prints like ASA",
          "it stands in the sun", _GUIDES),
    _rule("ASA > PETG", "prints on an open machine, without the smell",
          "ask for a grade that stands light",
          "it gets warm or stands in full sun for years", _GUIDES),
    _rule("HIPS > ABS", "tougher", "prints like HIPS",
          "it is to be dissolved as a support", _GUIDES),
    _rule("PEI > PEEK", "stands chemicals better, and is tougher",
          "nozzle at 400 degC and a warm chamber",
          "a certificate names the polymer", "makers' sheets (Victrex, Stratasys)"),
    _rule("PEEK > PEI", "as warm in use, and cheaper",
          "nozzle at 370 degC and a warm chamber",
          "it slides, or meets strong solvents", "makers' sheets (Victrex, Stratasys)"),
    _rule("RESIN > RESIN-TOUGH", "bends before it breaks", "cures longer",
          "detail counts more than toughness", _RESIN),
    _rule("RESIN > RESIN-HIGH-TEMP", "made for heat", "brittle; cures with heat",
          "it can fall or is screwed", _RESIN),
    _rule("PA12 > PA11", "tougher, bends farther before it breaks",
          "takes up more water", "size must hold in damp air", _POWDER),
    _rule("PA11 > PA12", "stiffer, takes up less water", "",
          "it snaps or hinges", _POWDER),
    _rule("STEEL > STAINLESS", "does not rust",
          "harder to mill and to weld", "it must be magnetic", _SHOP),
    _rule("STEEL > GALVANISED", "does not rust where its zinc is whole",
          "cut edges and welds need paint", "it is welded without extraction", _SHOP),
    _rule("GALVANISED > STAINLESS", "does not rust, at the edges neither",
          "harder to bend and dearer", "it touches bare zinc or aluminium in the wet",
          _SHOP),
    _rule("ALUMINIUM > STAINLESS", "stronger and harder",
          "takes five times as long to mill", "weight counts", _SHOP),
    _rule("MDF > PLYWOOD", "stronger across its face, stands some damp",
          "its edge shows the layers", "it is to be painted without grain", _SHOP),
    _rule("PLYWOOD > MDF", "flat, even and cheaper",
          "swells when wet, holds screws badly at its edge",
          "it carries load on its edge or gets wet", _SHOP),
    _rule("SOFTWOOD > HARDWOOD", "harder and stronger", "dearer, heavier to work",
          "it must be light", _SHOP),
    _rule("HARDWOOD > PLYWOOD", "stays flat in both directions",
          "its edge shows the layers", "it is turned or carved", _SHOP),
)  # fmt: skip

#: Rules by the code of the material asked for, the least change first.
RULES: Final[Mapping[str, tuple[SubstitutionRule, ...]]] = MappingProxyType(
    {
        code: tuple(rules)
        for code, rules in groupby(
            sorted(_EVERY, key=lambda rule: rule.instead_of),
            key=lambda rule: rule.instead_of,
        )
    }
)
