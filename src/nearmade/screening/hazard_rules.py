"""What a part's feedstocks may do to those who work it: flags of the impact room.

Engineered nanomaterials ask for a person: what they set free is not settled. Fibres,
fumes, dust and uncured resin are told with the verdict and hold nothing up; facilities
that work such feedstocks know them by their safety data sheets.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nearmade.impact.hazards import material_hazards
from nearmade.screening.verdict import ScreeningReason

#: A new one whenever a rule changes.
RULES_VERSION: Final = "hazards-2026-1"

#: Kinds of hazard that a person looks at first.
_ASKS: Final = frozenset({"engineered-nanomaterial"})


def hazard_reasons(materials: Iterable[str]) -> list[ScreeningReason]:
    """Give a reason for every flag of the feedstocks that a part may be made of.

    Parameters
    ----------
    materials
        As the design names them.
    """
    return [
        ScreeningReason(
            f"hazard-{one.kind}",
            "review" if one.kind in _ASKS else "allow",
            f"{one.material}: {one.message} ({one.source})",
            RULES_VERSION,
        )
        for one in material_hazards(materials)
    ]
