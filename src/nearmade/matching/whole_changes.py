"""What change of an uncovered component would let somebody make it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from nearmade.facilities.facility import Facility
from nearmade.matching.material_gates import ProfileLike
from nearmade.matching.near_misses import NearMiss, near_misses
from nearmade.matching.substitution import substitutes_by
from nearmade.matching.table import NetworkTable
from nearmade.matching.table_gates import judge_table
from nearmade.matching.whole_design import WholeMatch
from nearmade.vocabulary.identity import PartName, ProfileId


def changes_of_uncovered(
    found: WholeMatch,
    facilities: Sequence[Facility],
    now: datetime,
    *,
    profiles: Mapping[ProfileId, ProfileLike],
) -> dict[PartName, tuple[NearMiss, ...]]:
    """Offer changes for each component that nobody is known to make.

    Parameters
    ----------
    found
        What the network said.
    facilities, now, profiles
        As it was asked.

    Returns
    -------
    changes
        By component, those that change least first; empty where none helps.
    """
    if not found.uncovered:
        return {}
    table = NetworkTable.of(facilities, profiles)
    changes = {}
    for each in found.components:
        if each.makers:
            continue
        requirement = each.component.requirement
        changes[each.component.name] = near_misses(
            judge_table(requirement, table, now),
            requirement,
            now,
            substitutes=substitutes_by(requirement.process, requirement.properties),
        )
    return changes
