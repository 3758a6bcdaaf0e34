"""What things that a facility may buy usually cost, low and high, as far as known.

No survey: bands remembered from makers' shops and large retailers between 2020 and
2025, without tax and carriage, in dollars of the day. They rank purchases and do not
price any order. What is no longer sold new has no band.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

Band = tuple[float, float]

#: Stands beside every band of this module.
SOURCE: Final = (
    "typical band, assumed: remembered from makers' shops and retailers, 2020 to 2025, "
    "no survey"
)

#: By key of ``quoting.machines``, ready to print; kits at the low end. [USD]
PRINTER_USD: Final[Mapping[str, Band]] = MappingProxyType(
    {
        "mk3s": (650, 1000),
        "mini": (400, 530),
        "mk4": (730, 1100),
        "ender3": (150, 220),
        "ender3v2": (200, 280),
        "ender3s1": (280, 430),
        "ender3max": (280, 350),
        "ender3v3se": (180, 230),
        "ender5": (250, 350),
        "ender5plus": (450, 600),
        "cr10": (300, 450),
        "cr6se": (300, 430),
        "k1": (350, 600),
        "i3megas": (240, 330),
        "4maxpro2": (400, 600),
        "kobra2": (200, 300),
        "sidewinderx1": (350, 450),
        "genius": (250, 350),
        "neptune2": (160, 230),
        "neptune3": (180, 260),
        "snapmakera250": (1100, 1600),
        "snapmakera350": (1300, 1900),
        "vcore300": (900, 1500),
        "voron0": (400, 700),
        "voron250": (800, 1300),
        "voron300": (850, 1400),
        "voron350": (900, 1500),
        "x1c": (1000, 1450),
        "p1s": (550, 950),
        "a1mini": (200, 300),
    }
)

#: A brass nozzle of any width; steel ones cost more. [USD]
NOZZLE_USD: Final[Band] = (1, 20)
