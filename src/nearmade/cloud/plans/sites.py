"""A site of the platform as the planner's record has it: groups, hours, stock, sun."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.text import slugify

from nearmade.facilities.facility import Facility, Machine
from nearmade.planning.site_supply import (
    mean_gco2e_per_kwh,
    supply_of,
    with_current_report,
)
from nearmade.vocabulary.identity import MachineId

#: Days that are planned.
DAYS: Final = 14
#: Full sun a day that a panel gives its rated power for. Assumed: between the winter of
#: Lyon (about 2 h) and the tropics (about 5 h). [h]
SUN_H: Final = 4.0
SECONDS_PER_HOUR: Final = 3600.0


def machine_of(facility: Facility, machine_id: MachineId) -> Machine:
    """Find a machine of a facility by its id."""
    return next(each for each in facility.machines if each.id == machine_id)


def group_id(facility: Facility, machine: Machine) -> str:
    """Name like machines of a site: they share their hours."""
    return f"{facility.id}/{slugify(machine.make_model) or 'machine'}"


def site_record(
    facility: Facility,
    known: Collection[str],
    ahead_h: float,
    now: datetime,
    draw_w: float = 0.0,
) -> dict[str, Any]:
    """Give a site with its groups, their hours, its stock and its electricity.

    Parameters
    ----------
    known
        Materials of the network.
    ahead_h
        Machine hours that it has taken on. [h]
    draw_w
        Of one of its machines at work, zero where nothing is asked of it. [W]
    """
    hours = open_hours(facility, now, DAYS)
    groups: dict[str, list[Machine]] = defaultdict(list)
    for machine in facility.machines:
        if machine.status != "down":
            groups[group_id(facility, machine)].append(machine)
    machines = max(1, sum(map(len, groups.values())))
    ahead_h += facility.queue_s / SECONDS_PER_HOUR
    record: dict[str, Any] = {
        "id": str(facility.id),
        "name": facility.name,
        "lat_deg": facility.place.lat_deg,
        "lon_deg": facility.place.lon_deg,
        "stock": [
            {"material": name, "g": grams}
            for name, grams in materials_of(facility).items()
        ],
        "groups": [
            {
                "id": name,
                "materials": sorted(set(known) & set(materials_of(facility))),
                "bed_mm": max(max(m.build_volume_mm) for m in same),
                "hours": _left(
                    [h * len(same) for h in hours], ahead_h * len(same) / machines
                ),
                "usd_per_hour": 0.0,
            }
            for name, same in groups.items()
        ],
    }
    if facility.power.kind == "solar":
        record["energy_wh"] = round(facility.power.pv_wp * SUN_H, 3)
    by_day = gco2e_by_day(facility, draw_w * machines, now)
    if by_day:
        record["electricity"] = {"gco2e_per_kwh": by_day}
    return record


def gco2e_by_day(facility: Facility, draw_w: float, now: datetime) -> list[float]:
    """Give what electricity emits on each day while a site works, all machines at once.

    Empty where its country's mean holds at all hours, or the sun's figure. A closed day
    counts like an open one: nothing is made then. [gCO2e/kWh]
    """
    if not (draw_w > 0 and has_hours(facility, now)):
        return []
    facility = with_current_report(facility, now)
    opening = facility.opening
    local = now + timedelta(hours=opening.utc_offset_h)
    first = math.floor(opening.opens_hour - opening.utc_offset_h)
    last = math.ceil(opening.closes_hour - opening.utc_offset_h)
    hours = [hour % 24 for hour in range(first, max(first + 1, last))]
    figures = [
        mean_gco2e_per_kwh(
            facility, (local + timedelta(days=number)).date(), draw_w, hours
        )
        for number in range(DAYS)
    ]
    return [round(one, 3) for one in figures if one is not None]


def has_hours(facility: Facility, now: datetime) -> bool:
    """Say whether a site's electricity is known by the hour, by its own supply."""
    return supply_of(facility, now) is not None


def materials_of(facility: Facility) -> dict[str, float]:
    """Give the largest lot of each material: an order takes its own from one. [g]"""
    lots: dict[str, float] = {}
    for lot in facility.feedstocks:
        lots[lot.material] = max(lots.get(lot.material, 0.0), lot.stock_g)
    return lots


def open_hours(facility: Facility, now: datetime, days: int) -> list[float]:
    """Give the hours that a site is open on each day from today. [h]"""
    opening = facility.opening
    local = now + timedelta(hours=opening.utc_offset_h)
    found = []
    for number in range(days):
        day = (local + timedelta(days=number)).date()
        open_then = day.isoweekday() in opening.days and day not in facility.holidays
        start = opening.opens_hour
        if number == 0:
            start = max(start, local.hour + local.minute / 60)
        hours = max(0.0, opening.closes_hour - start) if open_then else 0.0
        found.append(round(hours, 6))
    return found


def _left(hours: list[float], ahead_h: float) -> list[float]:
    """Take promised work off the first days. [h]"""
    left = []
    for each in hours:
        taken = min(each, ahead_h)
        ahead_h -= taken
        left.append(round(each - taken, 6))
    return left
