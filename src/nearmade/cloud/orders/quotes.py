"""Quotes near a place, as plain values that can be shown, stored and compared.

A quote is ``{"place", "deliver", "offers", "refusals", "rates_on"}``. An offer is::

    {"id": "site:lyon-lab" or "plan:1", "kind": "site" or "plan",
     "site_id", "site_name", "site_kind", "country", "lat_deg", "lon_deg",
     "demo", "live", "power": "grid" or "solar", "distance_km",
     "assignments": [{"part", "quantity", "site_id", "machine_id", "profile_id",
                      "material"}],
     "legs": [{"origin_site", "destination_site" (None: the customer), "mode",
               "distance_km", "mass_g", "price_usd", "days", "gco2e"}],
     "price": {"total": "12.30 EUR", "currency", "total_minor", "low_minor",
               "high_minor", "total_usd", "high_usd",
               "items": [{"code", "title", "amount": "1.20 EUR"}]},
     "days", "gco2e", "energy_wh": each {"value", "low", "high"},
     "labels": ["cheapest", "soonest", "greenest", "knee"]}

A refusal is ``{"site_id", "site_name", "country", "lat_deg", "lon_deg", "demo",
"distance_km", "reasons": [{"rule", "message", "remedy"}]}``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from nearmade.cloud.catalogue.models import Instance
from nearmade.vocabulary.errors import NotFound
from nearmade.vocabulary.place import Place

CARBON_PRICE_USD_PER_T = 100.0
PROMISE_DAYS = 14.0


def find_offer(quote: dict[str, Any], offer_id: str) -> dict[str, Any]:
    """Pick an offer of a quote by its id.

    Raises
    ------
    NotFound
        When the quote has no such offer (any more).
    """
    for offer in quote["offers"]:
        if offer["id"] == offer_id:
            found: dict[str, Any] = offer
            return found
    raise NotFound(
        f"offer {offer_id!r}: no longer open",
        remedy="ask for quotes again and take another",
    )


def quote_near(
    instance: Instance,
    place: Place,
    *,
    deliver: bool,
    now: datetime,
    without: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    raise NotImplementedError
