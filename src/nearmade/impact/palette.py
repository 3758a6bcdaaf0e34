"""Colours of the pictures, and how a figure is written when nobody says otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

Write = Callable[[float], str]

#: Colour of each activity and alternative, legible on light and dark ground.
COLOURS: Final = {
    "material": "#b4552d",
    "electricity": "#d99a00",
    "freight": "#3c6e91",
    "waste": "#8a8170",
    "moulding": "#6b5b95",
    "sea-freight": "#2f6f6b",
    "feedstock-freight": "#7d6b9e",
    "road-freight": "#50799b",
    "parcel": "#7fa3bd",
    "tooling": "#94707c",
    "air-freight": "#9aa6c9",
    "packaging": "#b99a5f",
    "bought": "#a9a58f",
    "credit": "var(--leaf,#2f7d4f)",
    "here": "var(--accent,#c2410c)",
    "central": "var(--central,#6b7280)",
    "shop": "#6b5b95",
}
OTHER_COLOUR: Final = "#8b93a1"
#: Below this width labels take two lines and letters are smaller. [px]
SLIM_PX: Final = 500


def colour_of(kind: str) -> str:
    """Give the colour of an activity or an alternative; grey for others."""
    return COLOURS.get(kind, OTHER_COLOUR)


def plain_figure(value: float) -> str:
    """Write a figure with three significant digits."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


#: Kind of a process by how its id begins, the longest first.
_KINDS: Final = {
    "carriage/last-mile": "parcel",
    "freight/ship": "sea-freight",
    "freight/air": "air-freight",
    "freight/van": "parcel",
    "freight/": "road-freight",
    "fuel/": "road-freight",
    "carriage/": "feedstock-freight",
    "resin/": "material",
    "filament/": "material",
    "recycling/": "credit",
    "moulded/": "moulding",
    "electricity/": "electricity",
    "primary-energy/": "electricity",
    "generation/": "electricity",
    "storage/": "electricity",
    "battery/": "electricity",
    "machine/": "tooling",
    "mould/": "tooling",
    "haul/sea": "sea-freight",
    "haul/road": "road-freight",
    "supply/": "electricity",
    "shop/": "shop",
    "packaging/": "packaging",
    "waste/": "waste",
}


def kind_of(process_id: str) -> str:
    """Give the kind of activity that a process belongs to; empty for others.

    An order's own activities, such as ``here/material``, are named by their kind.
    """
    activity = process_id.partition("/")[2]
    if activity in COLOURS:
        return activity
    found = (kind for start, kind in _KINDS.items() if process_id.startswith(start))
    return next(found, "")
