"""Small sites for the tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from nearmade.energy.supply.battery import Battery
from nearmade.planning.site.site import (
    STEPS_PER_HOUR,
    Build,
    Changes,
    Hands,
    Setting,
    Site,
    SiteMachine,
    SitePower,
)

HOUR_S = 3600
PLA = Setting("PLA", "white")
PETG = Setting("PETG", "white")
#: A Monday, midnight.
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def hours(first: int, last: int, days: int) -> tuple[bool, ...]:
    """Give steps of so many days, attended from an hour to an hour."""
    day = [first <= hour < last for hour in range(24) for _ in range(STEPS_PER_HOUR)]
    return tuple(day * days)


def power(
    days: int,
    limit_w: float = 1e6,
    sun_w: Mapping[int, float] | None = None,
    night_price: float | None = None,
    battery: Battery | None = None,
    stored_wh: float = 0.0,
) -> SitePower:
    sun = [(sun_w or {}).get(hour, 0.0) for hour in range(24) for _ in range(4)]
    price = [
        night_price if night_price is not None and (hour < 6 or hour >= 22) else 0.3
        for hour in range(24)
        for _ in range(4)
    ]
    return SitePower(
        limit_w, tuple(sun * days), tuple(price * days), battery, stored_wh
    )


def machine(name: str, setting: Setting = PLA) -> SiteMachine:
    """Give a machine that heats up with 250 W for 10 minutes, then draws 100 W."""
    return SiteMachine(name, setting, 250.0, 600, 100.0, 5.0)


def build(name: str, time_h: float, due_h: float | None = None) -> Build:
    due_s = None if due_h is None else int(due_h * HOUR_S)
    return Build(name, PLA, {"one": int(time_h * HOUR_S)}, due_s)


def one_machine(*builds: Build, days: int = 2) -> Site:
    """Give a site with one machine and one person from 8 to 18."""
    return Site(
        "test",
        MONDAY,
        days * 24 * STEPS_PER_HOUR,
        (machine("one"),),
        builds,
        Hands(hours(8, 18, days)),
        power(days),
        Changes(material_s=1200, colour_s=600),
    )


def two_machines(site: Site) -> Site:
    """Give the site a second machine that makes all builds too."""
    builds = tuple(
        replace(each, times_s={"one": time, "two": time})
        for each in site.builds
        for time in [each.times_s["one"]]
    )
    return replace(site, machines=(machine("one"), machine("two")), builds=builds)
