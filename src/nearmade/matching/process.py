"""Which process satisfies which: by identity in a tree, never by likeness of names.

A child satisfies a request for its parent; a parent never satisfies a request for its
child, and siblings never stand in for each other. A code that the tree does not hold
satisfies itself alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from nearmade.facilities.facility import Facility
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.nearest import not_known

#: Child to parent. Additive families as ISO/ASTM 52900:2021 orders them; ``3DP`` is
#: OKH's code (TSDC) for all of them.
PARENT: Final = {
    "FDM": "MATERIAL-EXTRUSION",
    "MATERIAL-EXTRUSION": "3DP",
    "SLA": "VAT-PHOTOPOLYMERISATION",
    "DLP": "VAT-PHOTOPOLYMERISATION",
    "VAT-PHOTOPOLYMERISATION": "3DP",
    "SLS": "POWDER-BED-FUSION",
    "MJF": "POWDER-BED-FUSION",
    "DMLS": "POWDER-BED-FUSION",
    "POWDER-BED-FUSION": "3DP",
    "BINDER-JETTING": "3DP",
    "MATERIAL-JETTING": "3DP",
    "SHEET-LAMINATION": "3DP",
    "DIRECTED-ENERGY-DEPOSITION": "3DP",
    "MILLING": "MACHINING",
    "TURNING": "MACHINING",
    "DRILLING": "MACHINING",
    "LASER-CUTTING": "CUTTING",
    "WATERJET-CUTTING": "CUTTING",
    "LASER-WELDING": "WELDING",
    "ULTRASONIC-WELDING": "WELDING",
    "SCREEN-PRINTING": "PRINTING",
}


def ancestry(process: str) -> Iterator[str]:
    """Name a process, its parent, and so on up to the root."""
    code: str | None = process
    while code is not None:
        yield code
        code = PARENT.get(code)


def named_process(name: str, facilities: Iterable[Facility]) -> str:
    """Give the code of a process that a request names, capitals or not.

    Parameters
    ----------
    name
        As the caller gave it.
    facilities
        Those asked; what their machines do is known beside the tree.

    Raises
    ------
    InvalidInput
        When neither the tree nor a machine knows it; the message names those near.
    """
    offered = {one.process for each in facilities for one in each.machines}
    known = sorted({*PARENT, *PARENT.values(), *offered})
    for code in known:
        if code.casefold() == name.casefold():
            return code
    raise InvalidInput(
        not_known("process", name, known),
        code="process-unknown",
        remedy=f"known are {', '.join(known)}",
    )


def satisfies(offered: str, requested: str) -> bool:
    """Tell whether a machine's process is what a part asks for, or a kind of it."""
    return requested in ancestry(offered)
