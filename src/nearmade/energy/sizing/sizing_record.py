"""A sizing as plain values: the choice, the curve, the frontier, other ways, prices."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from nearmade.energy.site.itinerary import Year
from nearmade.energy.site.prices import assumed_prices
from nearmade.energy.site.site_energy import SiteEnergy
from nearmade.energy.sizing.curve import Sized
from nearmade.energy.sizing.site_sizes import SiteSizing, Way

SCHEMA: Final = "nearmade/energy/sizing/1"


def sizing_record(site: SiteEnergy, year: Year, sizing: SiteSizing) -> dict[str, Any]:
    """Give the record of a sizing; costs are in the site's currency."""
    return {
        "schema": SCHEMA,
        "site": site.name,
        "weather": {"source": year.source, "synthetic": year.synthetic},
        "wish": {
            "pieces_a_day": sizing.wish.pieces_a_day,
            "days_fraction": sizing.wish.days_fraction,
        },
        "jobs_a_day": sizing.jobs_a_day,
        "most_jobs_a_day": sizing.most_jobs_a_day,
        "chemistry": site.chemistry,
        "cheapest": sizing.cheapest or None,
        "ways": [_way(each) for each in sizing.ways],
        "prices": asdict(sizing.prices),
        "currency": site.currency,
        "assumed_prices": list(assumed_prices(site.prices)),
    }


def _way(way: Way) -> dict[str, Any]:
    sizing = way.sizing
    return {
        "name": way.name,
        "chosen": None if way.chosen is None else _sized(way.chosen),
        "fuel_l": round(way.fuel_l, 2),
        "grid_kwh": round(way.grid_kwh, 2),
        "most_days_fraction": round(sizing.most_days_fraction, 4),
        "pairs_run": sizing.tried,
        "curve": [_sized(each) for each in sizing.curve],
        "frontier": [_sized(each) for each in sizing.frontier],
    }


def _sized(sized: Sized) -> dict[str, float]:
    return {
        "panel_wp": sized.panel_wp,
        "battery_wh": sized.battery_wh,
        "days_fraction": round(sized.days_fraction, 4),
        "first_cost": round(sized.first_cost, 2),
        "yearly_cost": round(sized.yearly_cost, 2),
        "running_cost": round(sized.running_cost, 2),
    }
