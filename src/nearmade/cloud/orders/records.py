"""Places and other values of an order's JSON columns, read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nearmade.vocabulary.place import Place


def place_from(record: Mapping[str, Any]) -> Place:
    """Read a place back."""
    return Place(
        name=record["name"],
        country=record["country"],
        lat_deg=record["lat_deg"],
        lon_deg=record["lon_deg"],
    )
