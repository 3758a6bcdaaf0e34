"""Wikipedia articles by which OKW names materials, processes and equipment.

One thing may have several addresses, for Wikipedia redirects one title to another; the
table of materials says which titles are one thing, and no link is followed.

References
----------
Open Know-Where Specification 1.0, clauses 3.5 and 8.5 (material types).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import unquote, urlsplit

from nearmade.vocabulary.errors import NotFound
from nearmade.vocabulary.processes import PROCESSES, ancestry, find_process

WIKIPEDIA: Final = "https://en.wikipedia.org/wiki/"

#: The article that the specification names for circuit boards is one on a chemical.
WRONG_PCBS: Final = "Polychlorinated_biphenyl"
RIGHT_PCBS: Final = "Printed_circuit_board"


@dataclass(frozen=True, slots=True)
class MaterialType:
    """One of the 42 material types of clause 8.5.

    Parameters
    ----------
    title
        Title of the Wikipedia article.
    name
        As the specification writes it.
    others
        Titles and names that mean the same.
    """

    title: str
    name: str
    others: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The article's address."""
        return WIKIPEDIA + self.title


_ROWS: Final = """
High-density_polyethylene = HDPE = PEHD
Polylactic_acid = PLA = Polylactide, Poly(lactic_acid)
Acrylonitrile_butadiene_styrene = ABS = ABS_plastic
Polyethylene_terephthalate = PET = Mylar
Cellulose_acetate = Acetate =
Polyvinyl_chloride = PVC = Polyvinylchloride, Vinyl
Nylon = Nylon = Polyamide_6, PA6
Polycarbonate = Polycarbonate = PC, Lexan
Polypropylene = Polypropylene = PP
Acrylic = Acrylic = PMMA, Poly(methyl_methacrylate), Plexiglas, Acrylic_glass
Iron = Iron =
Steel = Steel =
Stainless_steel = Stainless Steel = Inox
Carbon_steel = Mild Steel = Mild_steel
Galvanized_steel = Galvanised Steel = Galvanised_steel, Hot-dip_galvanization
Aluminium = Aluminium = Aluminum
Copper = Copper =
Zinc = Zinc =
Softwood = Softwood =
Hardwood = Hardwood =
Medium-density_fibreboard = MDF = Medium-density_fiberboard
Natural_rubber = Natural Rubber = Rubber
Thermoplastic_polyurethane = TPU =
Silicone = Silicone =
Geopolymer = Geopolymers =
Ceramic = Ceramics =
Clay = Clay =
Printed_circuit_board = PCBs = PCB, Printed_circuit_boards, Circuit_board
Electronic_component = Electronic Components = Electronic_components
Textile = Textiles = Fabric
Leather = Leather =
Concrete = Concrete =
Rock_(geology) = Rock = Stone
Soil = Soil =
Composite_material = Composite Materials = Composite
Food = Food =
Compost = Compost =
Resin = Resin =
Glass = Glass =
Carbon_fiber_reinforced_polymer = Carbon Fiber = Carbon_fiber, Carbon_fibre, CFRP
Cardboard = Cardboard =
Paper = Paper =
"""


def _types() -> tuple[MaterialType, ...]:
    found = []
    for row in _ROWS.strip().splitlines():
        title, name, others = (part.strip() for part in row.split("="))
        alike = tuple(one.strip() for one in others.split(",") if one.strip())
        found.append(MaterialType(title, name, alike))
    return tuple(found)


MATERIAL_TYPES: Final = _types()


def _key(title: str) -> str:
    return " ".join(title.replace("_", " ").split()).casefold()


#: Every title, name and alias to its type.
_BY_NAME: Final[Mapping[str, MaterialType]] = {
    _key(word): kind
    for kind in MATERIAL_TYPES
    for word in (*kind.others, kind.name, kind.title)
}


def wikipedia_title(text: str) -> str:
    """Give the title of the Wikipedia article that an address names, else nothing.

    Addresses of every language and of the mobile site are read, and those that name
    the title as a parameter, as the specification does for galvanised steel.
    """
    try:
        parts = urlsplit(text.strip())
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not (
        host == "wikipedia.org" or host.endswith(".wikipedia.org")
    ):
        return ""
    title = ""
    if parts.path.startswith("/wiki/"):
        title = parts.path.removeprefix("/wiki/")
    for pair in parts.query.split("&"):
        name, _, value = pair.partition("=")
        if name == "title":
            title = value
    return unquote(title).strip("/ ").replace(" ", "_")


def is_url(text: str) -> bool:
    """Tell whether a text is a web address."""
    try:
        parts = urlsplit(text.strip())
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def material_meant(text: str) -> MaterialType | None:
    """Give the material type that an address or a name means; None when unknown."""
    word = wikipedia_title(text) or text
    if _key(word) == _key(WRONG_PCBS):
        word = RIGHT_PCBS
    return _BY_NAME.get(_key(word[:200]))


@lru_cache(maxsize=4096)
def process_meant(text: str) -> str:
    """Give the code of the process that an address or a name means, or nothing."""
    try:
        return find_process(text).code
    except NotFound:
        return ""


def process_url(code: str) -> str:
    """Give the article that names a process, or what it is a kind of; may be empty."""
    known = (PROCESSES[one].wikipedia for one in ancestry(code) if one in PROCESSES)
    return next(filter(None, known), "")
