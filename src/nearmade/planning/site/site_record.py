"""A site to be scheduled as a record of plain values; refusals name their place."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from nearmade.energy.load.machine_ratings import MACHINE_POWERS
from nearmade.energy.site.site_record import site_energy_from_record
from nearmade.energy.supply.battery import Battery
from nearmade.facilities.facility import OpeningHours
from nearmade.facilities.opening import is_zone
from nearmade.planning.site.batching import form_builds, part_from_record
from nearmade.planning.site.carbon import carbon_per_kwh
from nearmade.planning.site.moments import Clock
from nearmade.planning.site.presence import attended_steps
from nearmade.planning.site.site import (
    MOST_DAYS,
    STEP_S,
    STEPS_PER_HOUR,
    STEPS_PER_QUARTER,
    Build,
    Changes,
    Hands,
    Maintenance,
    Setting,
    Site,
    SiteMachine,
    SitePower,
    Worth,
    whole_steps,
)
from nearmade.vocabulary.record_checks import (
    as_list,
    as_moment,
    as_object,
    field,
    index_of,
    numbers,
    one_number,
    only,
    refuse,
    time_of_day,
)

SCHEMA: Final = "nearmade/schedule/site/1"
MOST_MACHINES: Final = 200
MOST_BUILDS: Final = 2000
MOST_MINUTES: Final = MOST_DAYS * 24 * 60

_FILE: Final = frozenset(
    (
        "schema",
        "note",
        "name",
        "zone",
        "start_at",
        "days",
        "hands",
        "power",
        "changes",
        "worth",
        "machines",
        "builds",
        "parts",
        "due_window_h",
        "plate_minutes",
        "energy",
    )
)
_HANDS: Final = frozenset(
    (
        "days",
        "opens",
        "closes",
        "holidays",
        "people",
        "start_minutes",
        "clear_minutes",
        "nights",
    )
)
_POWER: Final = frozenset(
    ["limit_w", "per_kwh", "tariffs", "sun_w", "battery", "carbon"]
)
_BATTERY: Final = frozenset(
    ["capacity_wh", "stored_wh", "max_charge_w", "max_discharge_w"]
)
_CHANGES: Final = frozenset(
    ["material_minutes", "colour_minutes", "nozzle_minutes", "pairs"]
)
_MACHINE: Final = frozenset(
    (
        "id",
        "model",
        "heat_w",
        "heat_minutes",
        "steady_w",
        "idle_w",
        "material",
        "colour",
        "nozzle_mm",
        "bed_mm",
        "maintenance",
    )
)
_BUILD: Final = frozenset(
    (
        "id",
        "material",
        "colour",
        "nozzle_mm",
        "minutes",
        "machines",
        "due_at",
        "release_at",
        "weight",
        "running_on",
        "parts",
    )
)


def site_from_record(record: Any) -> Site:
    """Read a site; parts without builds are laid on plates first.

    Raises
    ------
    InvalidInput
        When a field is missing, of the wrong kind or out of range, an id is there
        twice, or a part fits no machine; the message names the place.
    """
    top = as_object(record, "site")
    if top.get("schema") != SCHEMA:
        raise refuse(
            "site.schema",
            f"must be {SCHEMA!r}",
            "see docs/scheduling.md, or start from examples/schedules/print-farm.json",
        )
    only(top, _FILE, "site")
    zone = top.get("zone", "UTC")
    if not (isinstance(zone, str) and is_zone(zone)):
        raise refuse("site.zone", "is no IANA zone", "name one, such as Europe/Paris")
    start_at = as_moment(field(top, "start_at", "site"), "site.start_at")
    days = one_number(top, "days", "site", least=1, most=MOST_DAYS, whole=True)
    if "energy" in top:
        site_energy_from_record(top)
    clock = Clock(start_at, int(days) * 24 * STEPS_PER_HOUR, ZoneInfo(zone))
    machines = _machines(top, clock)
    builds = _builds(top, machines, clock)
    return Site(
        _text(top.get("name", "site"), "site.name"),
        start_at,
        clock.steps,
        machines,
        builds,
        _hands(as_object(top.get("hands", {}), "site.hands"), clock, zone),
        _power(top, machines, clock),
        _changes(as_object(top.get("changes", {}), "site.changes")),
        _worth(as_object(top.get("worth", {}), "site.worth")),
        zone,
    )


def _hands(record: Mapping[str, Any], clock: Clock, zone: str) -> Hands:
    where = "site.hands"
    only(record, _HANDS, where)
    days = as_list(record.get("days", [1, 2, 3, 4, 5, 6, 7]), f"{where}.days", 7)
    numbers(days, lambda n: f"{where}.days[{n}]", least=1, most=7, whole=True)
    opening = OpeningHours(
        tuple(days),
        time_of_day(record.get("opens", "00:00"), f"{where}.opens"),
        time_of_day(record.get("closes", "24:00"), f"{where}.closes"),
    )
    if opening.closes_hour <= opening.opens_hour:
        raise refuse(f"{where}.closes", "must be after opens", "mend the hours")
    holidays = frozenset(
        _day(day, f"{where}.holidays[{n}]")
        for n, day in enumerate(
            as_list(record.get("holidays", []), f"{where}.holidays", 400)
        )
    )
    attended = attended_steps(
        opening, clock.start_at, clock.steps, zone=zone, holidays=holidays
    )
    nights = record.get("nights", True)
    if type(nights) is not bool:
        raise refuse(f"{where}.nights", "must be true or false")
    return Hands(
        attended,
        int(_number(record, "people", where, 1, least=1, most=1000, whole=True)),
        _minutes(record, "start_minutes", where, 5),
        _minutes(record, "clear_minutes", where, 5, least=1),
        nights,
    )


def _power(
    top: Mapping[str, Any], machines: tuple[SiteMachine, ...], clock: Clock
) -> SitePower:
    where = "site.power"
    record = as_object(top.get("power", {}), where)
    only(record, _POWER, where)
    base = _number(record, "per_kwh", where, 0.0)
    tariffs = [
        _tariff(as_object(each, f"{where}.tariffs[{n}]"), f"{where}.tariffs[{n}]")
        for n, each in enumerate(
            as_list(record.get("tariffs", []), f"{where}.tariffs", 100)
        )
    ]
    sun = as_list(record.get("sun_w", [0.0] * 24), f"{where}.sun_w", 24)
    numbers(sun, lambda n: f"{where}.sun_w[{n}]")
    if len(sun) != 24:
        raise refuse(f"{where}.sun_w", "needs 24 values, one for each hour of the day")
    quarters = range(-(-clock.steps // STEPS_PER_QUARTER))
    hours = [clock.local_hour(quarter * STEPS_PER_QUARTER) for quarter in quarters]
    prices = []
    for hour in hours:
        fitting = [
            price for first, last, price in tariffs if _within(hour, first, last)
        ]
        prices.append(fitting[0] if fitting else base)
    battery, stored_wh = _battery(record.get("battery"))
    if "carbon" in record:
        draw_w = sum(machine.steady_w for machine in machines)
        added = carbon_per_kwh(top, [float(each) for each in sun], battery, draw_w)
        prices = [
            price + added[int(hour) % 24]
            for price, hour in zip(prices, hours, strict=True)
        ]
    return SitePower(
        _number(record, "limit_w", where, 1e6),
        tuple(float(sun[int(hour) % 24]) for hour in hours),
        tuple(prices),
        battery,
        stored_wh,
    )


def _battery(record: Any) -> tuple[Battery | None, float]:
    if record is None:
        return None, 0.0
    where = "site.power.battery"
    found = as_object(record, where)
    only(found, _BATTERY, where)
    capacity_wh = one_number(found, "capacity_wh", where, above=True)
    stored_wh = _number(found, "stored_wh", where, capacity_wh / 2, most=capacity_wh)
    battery = Battery(
        capacity_wh,
        max_charge_w=_number(found, "max_charge_w", where, math.inf),
        max_discharge_w=_number(found, "max_discharge_w", where, math.inf),
    )
    return battery, stored_wh


def _tariff(record: Mapping[str, Any], where: str) -> tuple[float, float, float]:
    only(record, frozenset({"from", "to", "per_kwh"}), where)
    return (
        time_of_day(field(record, "from", where), f"{where}.from"),
        time_of_day(field(record, "to", where), f"{where}.to"),
        one_number(record, "per_kwh", where),
    )


def _within(hour: float, first: float, last: float) -> bool:
    """Tell whether an hour of the day is in a span that may pass midnight."""
    if first <= last:
        return first <= hour < last
    return hour >= first or hour < last


def _changes(record: Mapping[str, Any]) -> Changes:
    where = "site.changes"
    only(record, _CHANGES, where)
    pairs = {}
    for n, each in enumerate(as_list(record.get("pairs", []), f"{where}.pairs", 1000)):
        place = f"{where}.pairs[{n}]"
        pair = as_object(each, place)
        only(pair, frozenset({"from", "to", "minutes"}), place)
        key = (
            _text(field(pair, "from", place), f"{place}.from"),
            _text(field(pair, "to", place), f"{place}.to"),
        )
        pairs[key] = _minutes(pair, "minutes", place, 0)
    return Changes(
        _minutes(record, "material_minutes", where, 15),
        _minutes(record, "colour_minutes", where, 5),
        _minutes(record, "nozzle_minutes", where, 15),
        pairs,
    )


def _worth(record: Mapping[str, Any]) -> Worth:
    names = [each.name for each in fields(Worth)]
    only(record, frozenset(names), "site.worth")
    return Worth(**{name: one_number(record, name, "site.worth") for name in record})


def _machines(top: Mapping[str, Any], clock: Clock) -> tuple[SiteMachine, ...]:
    listed = as_list(field(top, "machines", "site"), "site.machines", MOST_MACHINES)
    found = [
        _machine(as_object(each, f"site.machines[{n}]"), f"site.machines[{n}]", clock)
        for n, each in enumerate(listed)
    ]
    index_of([each.id for each in found], lambda n: f"site.machines[{n}].id")
    if not found:
        raise refuse("site.machines", "names no machine", "add one")
    return tuple(found)


def _machine(record: Mapping[str, Any], where: str, clock: Clock) -> SiteMachine:
    only(record, _MACHINE, where)
    known = {"heat_w": 0.0, "steady_w": 0.0, "idle_w": 0.0, "heat_minutes": 0.0}
    if "model" in record:
        power = MACHINE_POWERS.get(_text(record["model"], f"{where}.model"))
        if power is None:
            raise refuse(
                f"{where}.model",
                f"is not known: {record['model']!r}",
                "name one of " + ", ".join(sorted(MACHINE_POWERS)[:6]) + " ... or give "
                "heat_w, heat_minutes, steady_w and idle_w instead",
            )
        known = {
            "heat_w": power.peak_w,
            "steady_w": power.printing_w,
            "idle_w": power.idle_w,
            "heat_minutes": power.heatup_s / 60,
        }
    bed = record.get("bed_mm")
    if bed is not None:
        bed = as_list(bed, f"{where}.bed_mm", 3)
        numbers(bed, lambda n: f"{where}.bed_mm[{n}]", above=True)
        if len(bed) != 3:
            raise refuse(f"{where}.bed_mm", "needs three lengths")
    downs = []
    for n, each in enumerate(
        as_list(record.get("maintenance", []), f"{where}.maintenance", 100)
    ):
        downs.append(
            _maintenance(
                as_object(each, f"{where}.maintenance[{n}]"),
                f"{where}.maintenance[{n}]",
                clock,
            )
        )
    return SiteMachine(
        _text(field(record, "id", where), f"{where}.id"),
        setting_of(record, where),
        _number(record, "heat_w", where, known["heat_w"]),
        _minutes(record, "heat_minutes", where, known["heat_minutes"]),
        _number(record, "steady_w", where, known["steady_w"]),
        _number(record, "idle_w", where, known["idle_w"]),
        tuple(downs),
        tuple(float(side) for side in bed) if bed is not None else None,  # type: ignore[arg-type]
    )


def _maintenance(record: Mapping[str, Any], where: str, clock: Clock) -> Maintenance:
    only(record, frozenset({"from", "to", "why"}), where)
    first = as_moment(field(record, "from", where), f"{where}.from")
    last = as_moment(field(record, "to", where), f"{where}.to")
    if last <= first:
        raise refuse(f"{where}.to", "must be after from")
    return Maintenance(
        clock.floor_s(first),
        clock.ceil_s(last),
        _text(record.get("why", "maintenance"), f"{where}.why"),
    )


def setting_of(record: Mapping[str, Any], where: str) -> Setting:
    """Read material, colour and nozzle."""
    colour = record.get("colour", "")
    if colour != "":
        _text(colour, f"{where}.colour")
    return Setting(
        _text(field(record, "material", where), f"{where}.material"),
        colour,
        _number(record, "nozzle_mm", where, 0.4, above=True),
    )


def _builds(
    top: Mapping[str, Any], machines: tuple[SiteMachine, ...], clock: Clock
) -> tuple[Build, ...]:
    names = [machine.id for machine in machines]
    listed = as_list(top.get("builds", []), "site.builds", MOST_BUILDS)
    builds = [
        _build(as_object(each, f"site.builds[{n}]"), f"site.builds[{n}]", names, clock)
        for n, each in enumerate(listed)
    ]
    parts = [
        part_from_record(each, f"site.parts[{n}]", clock, setting_of)
        for n, each in enumerate(
            as_list(top.get("parts", []), "site.parts", MOST_BUILDS)
        )
    ]
    if parts:
        window_h = _number(top, "due_window_h", "site", 24.0, above=True)
        plate_s = _minutes(top, "plate_minutes", "site", 10)
        builds += form_builds(
            parts, machines, due_window_s=int(window_h * 3600), plate_s=plate_s
        )
    index_of([each.id for each in builds], lambda n: f"site.builds[{n}].id")
    if len(builds) > MOST_BUILDS:
        raise refuse("site.parts", f"make {len(builds)} builds, at most {MOST_BUILDS}")
    return tuple(builds)


def _build(
    record: Mapping[str, Any], where: str, machines: list[str], clock: Clock
) -> Build:
    only(record, _BUILD, where)
    minutes = field(record, "minutes", where)
    if isinstance(minutes, dict):
        times = {
            name: _minutes(minutes, name, f"{where}.minutes", 0, least=1)
            for name in minutes
        }
    else:
        time_s = _minutes(record, "minutes", where, 0, least=1)
        chosen = as_list(record.get("machines", machines), f"{where}.machines", 1000)
        times = dict.fromkeys((_text(x, f"{where}.machines") for x in chosen), time_s)
    for name in times:
        if name not in machines:
            raise refuse(
                f"{where}.minutes",
                f"names no machine of the site: {name!r}",
                "name one of " + ", ".join(machines[:8]),
            )
    parts = as_list(record.get("parts", []), f"{where}.parts", 10_000)
    running = record.get("running_on")
    return Build(
        _text(field(record, "id", where), f"{where}.id"),
        setting_of(record, where),
        times,
        clock.due_s(record, where),
        clock.release_s(record, where),
        _number(record, "weight", where, 1.0),
        None if running is None else _text(running, f"{where}.running_on"),
        tuple(_text(part, f"{where}.parts") for part in parts),
    )


def _text(value: Any, where: str) -> str:
    index_of([value], lambda _: where)
    return str(value)


def _number(
    record: Mapping[str, Any], name: str, where: str, default: float, **rule: Any
) -> float:
    return one_number(record, name, where, **rule) if name in record else default


def _minutes(
    record: Mapping[str, Any],
    name: str,
    where: str,
    default: float,
    *,
    least: float = 0.0,
) -> int:
    """Give minutes in seconds, rounded up to whole steps. [s]"""
    minutes = _number(record, name, where, default, least=least, most=MOST_MINUTES)
    return whole_steps(minutes * 60) * STEP_S


def _day(value: Any, where: str) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise refuse(where, "is no day such as 2026-12-25") from None
