"""The materials that a request may name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

from nearmade.facilities.facility import Facility
from nearmade.matching.material_gates import material_of
from nearmade.vocabulary.errors import NotFound
from nearmade.vocabulary.materials import MATERIALS
from nearmade.vocabulary.nearest import not_known
from nearmade.vocabulary.processes import satisfies

#: What is printed where nobody says otherwise.
USUAL: Final = "PLA"


def named_materials(
    names: Iterable[str], facilities: Sequence[Facility]
) -> tuple[str, ...]:
    """Give materials as they are written, capitals or not.

    Parameters
    ----------
    names
        As the caller gave them; any name that the vocabulary knows will do.
    facilities
        Those asked; what they have a price or stock for is known beside.

    Raises
    ------
    NotFound
        When nobody knows one; the message names those near.
    """
    priced = (each.tariff.material_gram for each in facilities)
    known = {name.casefold(): name for name in chain(*priced)}
    known |= {
        lot.material.casefold(): lot.material
        for f in facilities
        for lot in f.feedstocks
    }
    known |= {code.casefold(): code for code in MATERIALS}
    found = []
    for name in names:
        material = material_of(name)
        if name.casefold() not in known and material is not None:
            found.append(material.code)
            continue
        if name.casefold() not in known:
            all_names = sorted(known.values())
            raise NotFound(
                not_known("material", name, all_names),
                code="material-unknown",
                remedy=f"known are {', '.join(all_names)}",
            )
        found.append(known[name.casefold()])
    return tuple(found)


def usual_materials(process: str) -> tuple[str, ...]:
    """Give what is allowed where a request names neither material nor property.

    PLA for whatever prints it; for other processes all that they usually work.

    Parameters
    ----------
    process
        Its code.
    """

    def worked(code: str) -> bool:
        known = MATERIALS[code].processes
        return any(satisfies(one, process) or satisfies(process, one) for one in known)

    return (USUAL,) if worked(USUAL) else tuple(filter(worked, MATERIALS))
