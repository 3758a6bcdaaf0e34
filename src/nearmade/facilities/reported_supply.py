"""What a site on the grid reports of its own electricity: panels, battery, grid."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.record_checks import (
    as_list,
    as_object,
    numbers,
    one_number,
    only,
    refuse,
)

HOURS: Final = 24
#: Days of sun ahead that are told at most.
MOST_DAYS: Final = 16
#: An agent tells again every day: after three without a word its site's record counts.
MOST_AGE: Final = timedelta(days=3)
MOST_WP: Final = 1e7
MOST_WH: Final = 1e9
MOST_W: Final = 1e7
#: A kilowatt-hour from coal emits about 1,000 g; nothing emits so much. [gCO2e/kWh]
MOST_GCO2E_PER_KWH: Final = 5000.0
#: Nowhere do panels give their rated power for longer on a day. [h]
MOST_SUN_H: Final = 14.0
_WHERE: Final = "supply"
_FIELDS: Final = frozenset(
    (
        "pv_wp",
        "tilt_deg",
        "azimuth_deg",
        "battery_wh",
        "charge_fraction",
        "discharge_fraction",
        "cutoff_fraction",
        "standing_w",
        "grid_gco2e_per_kwh",
        "sun_wh",
    )
)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class ReportedSupply:
    """Electricity of a site on the grid, in the words of its own agent.

    Parameters
    ----------
    reported_at
        When the platform was told.
    pv_wp
        Rated power of the panels, zero where there are none. [Wp]
    tilt_deg, azimuth_deg
        How they lie, from level and from north by east; none where that is not told.
        [deg]
    battery_wh
        Battery when full, zero where there is none. [Wh]
    charge_fraction, discharge_fraction
        Efficiency into the battery, and from it to the plug.
    cutoff_fraction
        State of charge below which it gives nothing.
    standing_w
        What is always on beside the machines. [W]
    grid_gco2e_per_kwh
        Of the grid by hour of UTC, 24 values; empty where only the country's mean is
        known. [gCO2e/kWh]
    sun_wh
        What the panels are forecast to give, by day of UTC. [Wh]
    """

    reported_at: datetime
    pv_wp: float = 0.0
    tilt_deg: float | None = None
    azimuth_deg: float | None = None
    battery_wh: float = 0.0
    charge_fraction: float = 0.95
    discharge_fraction: float = 0.95
    cutoff_fraction: float = 0.1
    standing_w: float = 0.0
    grid_gco2e_per_kwh: tuple[float, ...] = ()
    sun_wh: tuple[tuple[date, float], ...] = ()

    def holds(self, now: datetime) -> bool:
        """Tell whether it is still taken at its word."""
        return now - self.reported_at <= MOST_AGE


def supply_from_record(record: Any, reported_at: datetime) -> ReportedSupply:
    """Read what an agent reports.

    Raises
    ------
    InvalidInput
        When a field is not known, of the wrong kind or out of range; the message names
        it.
    """
    told = as_object(record, _WHERE)
    only(told, _FIELDS, _WHERE)

    def number(name: str, otherwise: float, **rule: Any) -> float:
        return one_number({name: otherwise} | dict(told), name, _WHERE, **rule)

    pv_wp = number("pv_wp", 0.0, most=MOST_WP)
    battery_wh = number("battery_wh", 0.0, most=MOST_WH)
    grid = _grid(told.get("grid_gco2e_per_kwh", []))
    sun_wh = _sun(told.get("sun_wh", {}), pv_wp, reported_at)
    if not (pv_wp > 0 or grid):
        raise refuse(
            _WHERE,
            "tells neither panels nor what the grid emits by the hour",
            "tell pv_wp or grid_gco2e_per_kwh, or report nothing",
        )
    if battery_wh > 0 and not pv_wp > 0:
        raise refuse(
            f"{_WHERE}.battery_wh", "stands without panels to fill it", "tell pv_wp"
        )
    turned = {
        name: None if told.get(name) is None else number(name, 0.0, most=most)
        for name, most in (("tilt_deg", 90.0), ("azimuth_deg", 360.0))
    }
    return ReportedSupply(
        reported_at,
        pv_wp,
        turned["tilt_deg"],
        turned["azimuth_deg"],
        battery_wh,
        number("charge_fraction", 0.95, above=True, most=1),
        number("discharge_fraction", 0.95, above=True, most=1),
        number("cutoff_fraction", 0.1, most=0.95),
        number("standing_w", 0.0, most=MOST_W),
        grid,
        sun_wh,
    )


def _grid(value: Any) -> tuple[float, ...]:
    where = f"{_WHERE}.grid_gco2e_per_kwh"
    told = as_list(value, where, HOURS)
    if len(told) not in (0, HOURS):
        raise refuse(where, f"needs 24 values, one for each hour, not {len(told)}")
    read = numbers(told, lambda n: f"{where}[{n}]", most=MOST_GCO2E_PER_KWH)
    return tuple(read.tolist())


def _sun(value: Any, pv_wp: float, now: datetime) -> tuple[tuple[date, float], ...]:
    """Read what the sun is forecast to give on days around the present."""
    where = f"{_WHERE}.sun_wh"
    told = as_object(value, where)
    if len(told) > MOST_DAYS:
        raise refuse(where, f"has {len(told)} days, at most {MOST_DAYS}")
    if told and not pv_wp > 0:
        raise refuse(where, "is told of a site without panels", "tell pv_wp")
    today, days = now.astimezone(UTC).date(), []
    for name in sorted(told):
        try:
            day = date.fromisoformat(name) if _DAY.fullmatch(name) else None
        except ValueError:
            day = None
        if day is None or abs(day - today) > timedelta(days=MOST_DAYS):
            raise refuse(
                f"{where}.{name[:20]}",
                f"must be a date within {MOST_DAYS} days, such as 2026-11-23",
            )
        days.append((day, one_number(told, name, where, most=pv_wp * MOST_SUN_H)))
    return tuple(days)


def supply_record(supply: ReportedSupply) -> dict[str, Any]:
    """Write what was reported, with its moment, to be kept."""
    record: dict[str, Any] = {
        "reported_at": supply.reported_at.isoformat(),
        "pv_wp": supply.pv_wp,
        "tilt_deg": supply.tilt_deg,
        "azimuth_deg": supply.azimuth_deg,
        "battery_wh": supply.battery_wh,
        "charge_fraction": supply.charge_fraction,
        "discharge_fraction": supply.discharge_fraction,
        "cutoff_fraction": supply.cutoff_fraction,
        "standing_w": supply.standing_w,
        "grid_gco2e_per_kwh": list(supply.grid_gco2e_per_kwh),
        "sun_wh": {day.isoformat(): wh for day, wh in supply.sun_wh},
    }
    return record


def kept_supply(record: Mapping[str, Any] | None) -> ReportedSupply | None:
    """Read what was kept; none where nothing was, or it is of no use any more."""
    if record is None:
        return None
    rest = {name: value for name, value in record.items() if name != "reported_at"}
    try:
        return supply_from_record(rest, datetime.fromisoformat(record["reported_at"]))
    except (InvalidInput, KeyError, TypeError, ValueError):
        return None
