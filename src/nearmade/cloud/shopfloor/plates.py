"""Parts given to one machine, spread over plates as their price counted them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nearmade.cloud.catalogue.records import facts_from
from nearmade.cloud.orders.models import Order
from nearmade.geometry.nesting import Kind, nest_at_once
from nearmade.quoting.plate import bed_of
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.identity import ProfileId

Parts = list[dict[str, Any]]


def on_plates(order: Order, profile_id: str, parts: Parts) -> list[Parts]:
    """Give the parts of each build; those of unlike infill share none.

    What cannot be nested stays together: whoever slices it says why.

    Parameters
    ----------
    order
        Whose instance holds the parts' facts.
    profile_id
        What they are made with.
    parts
        Name and quantity of each.
    """
    rows = {row.name: row for row in order.instance.parts.all()}
    if any(part["name"] not in rows for part in parts):
        return [parts]
    by_infill: dict[float, Parts] = {}
    for part in parts:
        infill_fraction = rows[part["name"]].infill_fraction
        by_infill.setdefault(infill_fraction, []).append(part)
    builds: list[Parts] = []
    for alike in by_infill.values():
        kinds = [
            (part["name"], part["quantity"], rows[part["name"]].facts) for part in alike
        ]
        builds += _nested(profile_id, kinds) or [alike]
    return builds


def _nested(
    profile_id: str, kinds: Sequence[tuple[str, int, dict[str, Any]]]
) -> list[Parts]:
    """Nest parts by name, quantity and facts; nothing when that cannot be done."""
    try:
        bed = bed_of(find_profile(ProfileId(profile_id)))
        plates = nest_at_once(
            [
                Kind(name, facts_from(facts).extents_mm, quantity)
                for name, quantity, facts in kinds
            ],
            bed,
        )
    except (InvalidInput, NotFound):
        return []
    return [
        [{"name": name, "quantity": count} for name, count in plate.counts().items()]
        for plate in plates
        for _ in range(plate.times)
    ]
