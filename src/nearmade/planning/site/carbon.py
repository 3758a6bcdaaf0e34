"""What carbon adds to the price of a site's electricity, hour by hour of the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from nearmade.energy.sky.sun import Array
from nearmade.energy.supply.battery import Battery
from nearmade.energy.supply.carbon import DaySupply, build_gco2e_per_kwh
from nearmade.impact.grid import electricity_factor
from nearmade.vocabulary.record_checks import (
    as_list,
    as_object,
    numbers,
    one_number,
    only,
    refuse,
)

GRAMS_PER_TONNE: Final = 1e6
HOURS: Final = 24
MOST_GCO2E_PER_KWH: Final = 5000.0
_CARBON: Final = frozenset({"price_per_t", "grid_gco2e_per_kwh"})


def carbon_per_kwh(
    top: Mapping[str, Any],
    sun_w: Sequence[float],
    battery: Battery | None,
    draw_w: float,
) -> list[float]:
    """Give what carbon adds by local hour of the day, 24 values. [money per kWh]

    Parameters
    ----------
    top
        The site's record, with ``power.carbon``.
    sun_w
        What panels give in each hour of the day, 24 values. [W]
    battery
        Filled by what the panels leave over; None where there is none.
    draw_w
        Of all machines at work. [W]

    Raises
    ------
    InvalidInput
        When a figure is wrong, or nothing says what the grid emits.
    """
    where = "site.power.carbon"
    record = as_object(top["power"]["carbon"], where)
    only(record, _CARBON, where)
    price = one_number(record, "price_per_t", where, most=1e9)
    if not (price > 0 and draw_w > 0):
        return [0.0] * HOURS
    grid = _grid(top, record, where)
    own = electricity_factor("", solar=True).value
    supply = DaySupply(np.array(sun_w), grid, own, battery)
    grams = build_gco2e_per_kwh(supply, draw_w, 1.0)
    return [float(each) * price / GRAMS_PER_TONNE for each in grams]


def _grid(top: Mapping[str, Any], record: Mapping[str, Any], where: str) -> Array:
    """Give what the grid emits by hour: as told, else its country's yearly mean."""
    name = "grid_gco2e_per_kwh"
    if name not in record:
        energy = top.get("energy")
        place = energy.get("place") if isinstance(energy, dict) else None
        country = place.get("country") if isinstance(place, dict) else None
        if not isinstance(country, str):
            raise refuse(
                f"{where}.{name}",
                "is missing, and no energy.place names the country",
                "give one figure or 24, or add energy.place",
            )
        return np.full(HOURS, electricity_factor(country, solar=False).value)
    value = record[name]
    if not isinstance(value, list):
        one = one_number(record, name, where, most=MOST_GCO2E_PER_KWH)
        return np.full(HOURS, one)
    listed = as_list(value, f"{where}.{name}", HOURS)
    if len(listed) != HOURS:
        raise refuse(f"{where}.{name}", "needs 24 values, one for each hour of the day")
    return numbers(listed, lambda n: f"{where}.{name}[{n}]", most=MOST_GCO2E_PER_KWH)
