"""Small true places of public lists for tests, in the shape that a list has."""

from __future__ import annotations

import json
from typing import Any

from nearmade.cloud.network.listings import import_places
from nearmade.cloud.network.models import Listing
from nearmade.cloud.network.place_records import read_places
from tests.cloud.workshop import NOON


def a_listed_lab(
    name: str = "Porto Lab",
    number: int = 1,
    town: str = "Porto",
    country: str = "PT",
    point: tuple[float, float] | None = (41.15, -8.61),
) -> dict[str, Any]:
    """A record as the public list of fab labs writes one."""
    return {
        "geocoding": point and {"latitude": point[0], "longitude": point[1]},
        "address": {"zip_code": "4000-001", "extended": "Rua das Flores 1"},
        "region": {"country": country, "state_region": "", "city_town": town},
        "location": {},
        "facility": {
            "name": name,
            "url": f"https://example.org/labs/{number}",
            "description": "fablab",
            "facility_id": f"lab-{number}",
        },
    }


def as_file(*records: object) -> bytes:
    """Write records as a list's file has them."""
    return json.dumps(records).encode()


def listed(*records: dict[str, Any]) -> list[Listing]:
    """Bring records into the register; give its places by name."""
    import_places(read_places(as_file(*records), "test.json"), now=NOON)
    return list(Listing.objects.order_by("name"))
