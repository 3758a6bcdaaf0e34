"""Carriage in the process database: rows made from the one table of vehicles."""

from __future__ import annotations

from typing import Any, Final

from nearmade.vocabulary.freight_factors import VEHICLES, YEAR, Vehicle

#: Radiative forcing of flights is the least known of all. Ours.
FORCING_GEOMETRIC_SD: Final = 2.0
#: DEFRA's vehicles are those of Great Britain.
GEOGRAPHY: Final = "GB"


def freight_rows() -> list[dict[str, Any]]:
    """Give a process of every vehicle, as ``database.process_from`` reads it.

    Fuel burnt, fuel made, what a flight's height adds, and the energy of the fuel, by
    the tonne-kilometre.
    """
    return [_row(one) for one in VEHICLES.values()]


def _row(vehicle: Vehicle) -> dict[str, Any]:
    ttw, wtt = (
        round(part * 1000, 3) for part in (vehicle.ttw_kgco2e, vehicle.wtt_kgco2e)
    )
    exchanges = [
        _exchange(vehicle, "co2e/burnt", ttw, "ttw", "TTW", "tank to wheel"),
        _exchange(vehicle, "co2e/fuel-made", wtt, "wtt", "WTT", "well to tank"),
    ]
    if vehicle.with_forcing_kgco2e is not None:
        exchanges.append(_forcing(vehicle, vehicle.with_forcing_kgco2e))
    if vehicle.fuel:
        both = round(ttw + wtt, 3)
        told = "TTW and WTT together"
        exchanges.append(
            _exchange(vehicle, "fuel/energy", both, "fuel", told, "well to wheel")
        )
    return {
        "id": f"freight/{vehicle.id}",
        "name": vehicle.name,
        "unit": "t.km",
        "location": GEOGRAPHY,
        "group": "freight",
        "exchanges": exchanges,
        "note": ""
        if vehicle.fuel
        else "On the grid of Great Britain; no source gives its energy.",
    }


def _exchange(
    vehicle: Vehicle, taken: str, amount: float, ending: str, told: str, boundary: str
) -> dict[str, Any]:
    """Write one part; all parts of a vehicle move together in the draws."""
    return {
        "input": taken,
        "amount": amount,
        "geometric_sd": vehicle.geometric_sd,
        "source": f"{vehicle.source}: {told}",
        "geography": GEOGRAPHY,
        "year": YEAR,
        "id": f"freight/{vehicle.id}-{ending}",
        "drawn_as": f"freight/{vehicle.id}-wtw",
        "boundary": boundary,
    }


def _forcing(vehicle: Vehicle, with_forcing_kgco2e: float) -> dict[str, Any]:
    told = (
        f"TTW with radiative forcing {with_forcing_kgco2e} less "
        f"{vehicle.ttw_kgco2e} without"
    )
    added = round((with_forcing_kgco2e - vehicle.ttw_kgco2e) * 1000, 3)
    row = _exchange(vehicle, "co2e/radiative-forcing", added, "forcing", told, "")
    row["boundary"] = "flight's further radiative forcing"
    row["geometric_sd"] = FORCING_GEOMETRIC_SD
    del row["drawn_as"]
    return row
