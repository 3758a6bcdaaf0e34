"""The materials that a request may name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from nearmade.facilities.facility import Facility
from nearmade.quoting.materials import MATERIALS
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.nearest import not_known


def named_materials(
    names: Iterable[str], facilities: Sequence[Facility]
) -> tuple[str, ...]:
    """Give materials as they are written, capitals or not.

    Parameters
    ----------
    names
        As the caller gave them.
    facilities
        Those asked; what they have a price for is known beside the house's own.

    Raises
    ------
    InvalidInput
        When neither a profile nor a facility knows one; the message names those near.
    """
    priced = (each.tariff.material_gram for each in facilities)
    known = {name.casefold(): name for name in chain(*priced)}
    known |= {name.casefold(): name for name in MATERIALS}
    found = []
    for name in names:
        if name.casefold() not in known:
            all_names = sorted(known.values())
            raise InvalidInput(
                not_known("material", name, all_names),
                code="material-unknown",
                remedy=f"known are {', '.join(all_names)}",
            )
        found.append(known[name.casefold()])
    return tuple(found)
