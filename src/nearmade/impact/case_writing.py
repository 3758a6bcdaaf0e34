"""A case written as CASE.json, to be read again by ``case_record``."""

from __future__ import annotations

from typing import Any

from nearmade.impact.case import Case, Moulded, Printed, Way
from nearmade.impact.case_record import SCHEMA
from nearmade.impact.household_record import record_of_household
from nearmade.vocabulary.estimate import Estimate


def record_of_case(case: Case) -> dict[str, Any]:
    """Give a case as plain values; reading them gives the same study."""
    to = case.to
    record: dict[str, Any] = {
        "schema": SCHEMA,
        "functional_unit": case.functional_unit,
        "goal": case.goal,
        "to": {
            "name": to.name,
            "country": to.country,
            "lat_deg": to.lat_deg,
            "lon_deg": to.lon_deg,
        },
        "ways": {name: _way(way, _like(case, way)) for name, way in case.ways.items()},
        "break_even": [
            {"over": one.over, "between": [one.first, one.second]}
            for one in case.meetings
        ],
        "notes": list(case.notes),
    }
    if case.household is not None:
        record["cost"] = record_of_household(case.household)
    return record


def _like(case: Case, way: Way) -> str | None:
    """Name the printed way that a moulded one takes its product from."""
    if not isinstance(way, Moulded):
        return None
    for name, other in case.ways.items():
        if isinstance(other, Printed) and other.inventory.parts == way.inventory.parts:
            return name
    return None


def _way(way: Way, like: str | None) -> dict[str, Any]:
    if isinstance(way, Printed):
        return _printed(way)
    if isinstance(way, Moulded):
        return {**_moulded(way), **({"like": like} if like else {})}
    demand = {
        key: x.as_dict() if isinstance(x, Estimate) else x
        for key, x in way.demand.items()
    }
    return {"kind": "processes", "processes": demand}


def _printed(way: Printed) -> dict[str, Any]:
    inventory = way.inventory
    return _known(
        {
            "kind": "printed",
            "parts": [
                _known(
                    {
                        "name": one.name,
                        "material": one.material,
                        "mass_g": one.mass_g,
                        "waste_fraction": one.waste_fraction,
                        "solid_mass_g": way.solid_mass_g.get(one.name),
                    }
                )
                for one in inventory.parts
            ],
            "electricity": [
                _known(
                    {
                        "site": one.site,
                        "country": one.country,
                        "solar": one.solar,
                        "energy_wh": one.energy_wh,
                        "machine_h": one.machine_h,
                        "supply": dict(one.supply) or None,
                        "grid_gco2e_per_kwh": one.grid_gco2e_per_kwh,
                    }
                )
                for one in inventory.electricity
            ],
            "legs": [
                _known(
                    {
                        "mode": one.mode,
                        "mass_g": one.mass_g,
                        "distance_km": one.distance_km,
                        "gco2e": one.gco2e,
                    }
                )
                for one in inventory.legs
            ],
            "bought": [
                {"name": one.name, "mass_g": one.mass_g} for one in inventory.bought
            ],
            "reliability_fraction": inventory.reliability_fraction,
            "packaging_g": inventory.packaging_g,
            "price_usd": inventory.price_usd,
            "days": inventory.days,
            "infill_fraction": way.infill_fraction,
        }
    )


def _moulded(way: Moulded) -> dict[str, Any]:
    central = way.inventory.central
    shop = way.trip_km is not None or way.unsold_fraction > 0
    return _known(
        {
            "kind": "shop" if shop else "moulded",
            "product_mass_g": central.product_mass_g,
            "packaging_g": central.packaging_g,
            "price_usd": central.retail_price_usd,
            "days": central.days,
            "batch": way.batch,
            "trip_km": way.trip_km,
            "unsold_fraction": way.unsold_fraction if shop else None,
        }
    )


def _known(row: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not known; write estimates as value, low and high."""
    return {
        key: x.as_dict() if isinstance(x, Estimate) else x
        for key, x in row.items()
        if x is not None
    }
