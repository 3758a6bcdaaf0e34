"""The materials that a request may name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from nearmade.facilities.facility import Facility
from nearmade.matching.material_gates import material_of
from nearmade.quoting.materials import MATERIALS
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.materials import MATERIALS as VOCABULARY
from nearmade.vocabulary.nearest import not_known


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
    InvalidInput
        When nobody knows one; the message names those near.
    """
    priced = (each.tariff.material_gram for each in facilities)
    known = {name.casefold(): name for name in chain(*priced)}
    known |= {
        lot.material.casefold(): lot.material
        for f in facilities
        for lot in f.feedstocks
    }
    known |= {name.casefold(): name for name in MATERIALS}
    found = []
    for name in names:
        material = material_of(name)
        if name.casefold() not in known and material is not None:
            found.append(material.code)
            continue
        if name.casefold() not in known:
            all_names = sorted({*known.values(), *VOCABULARY})
            raise InvalidInput(
                not_known("material", name, all_names),
                code="material-unknown",
                remedy=f"known are {', '.join(all_names)}",
            )
        found.append(known[name.casefold()])
    return tuple(found)
