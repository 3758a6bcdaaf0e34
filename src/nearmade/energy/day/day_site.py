"""A day's jobs and the state of its site, read from the site's file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from nearmade.energy.day.day_plan import MOST_JOBS, DayGrid, DayJob, DaySite
from nearmade.energy.deciding.windows import Band, Windows
from nearmade.energy.load.machine_load import JobLoad, Phase, load_of_time
from nearmade.energy.load.machine_power import POWER_HIGH_FACTOR, MachinePower
from nearmade.energy.site.site_energy import SiteEnergy, Work
from nearmade.energy.site.site_record import MOST_MINUTES, MOST_W
from nearmade.energy.supply.carbon import INVERTER_FRACTION
from nearmade.energy.supply.grid import GridUse
from nearmade.energy.years.wish_year import FIRST_FRACTION, sized_battery, together
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.record_checks import (
    as_list,
    as_moment,
    as_object,
    field,
    index_of,
    numbers,
    one_number,
    refuse,
    time_of_day,
)

SECONDS_PER_MINUTE: Final = 60.0
MOST_TARIFFS: Final = 100
#: Days are planned from this year on.
FIRST_YEAR: Final = 1950


def moment_of(record: Any, told: str | None) -> datetime | None:
    """Give the moment that was told, or at which the site's schedule starts.

    Raises
    ------
    InvalidInput
        When it is no moment with a zone.
    """
    value, where = told, "--at"
    if value is None:
        value, where = as_object(record, "site").get("start_at"), "site.start_at"
    if value is None:
        return None
    return as_moment(value, where, FIRST_YEAR)


def day_jobs(site: SiteEnergy, record: Any, count: int | None) -> list[DayJob]:
    """Give the jobs of a day at the battery: the file's builds, or the usual job.

    Each is taken at the high end of what it may draw.

    Parameters
    ----------
    site
        The site.
    record
        Its file.
    count
        So many of the usual job instead of the builds; None for these.

    Raises
    ------
    InvalidInput
        When a build's time is not given, or there is no job at all.
    """
    work = site.work
    listed = as_object(record, "site").get("builds", [])
    builds = as_list(listed, "site.builds", MOST_JOBS)
    if count is not None or not builds:
        if work is None:
            raise InvalidInput(
                f"{site.name}: has neither builds nor energy.work",
                remedy='add builds, or energy.work such as {"model": "MINI", '
                '"minutes": 90}',
            )
        load = _at_battery(work.machine, work.minutes)
        return [DayJob(f"job-{n + 1}", load) for n in range(count or 1)]
    machine = work.machine if work else None
    jobs = []
    for n, each in enumerate(builds):
        where = f"site.builds[{n}]"
        row = as_object(each, where)
        if machine is None:
            raise InvalidInput(
                f"{site.name}: nothing is said of its machine",
                remedy="give a machine its model, or add energy.work",
            )
        minutes = field(row, "minutes", where)
        if isinstance(minutes, dict):
            minutes = _longest(minutes, f"{where}.minutes")
        minutes = one_number(
            {"minutes": minutes}, "minutes", where, above=True, most=MOST_MINUTES
        )
        jobs.append(DayJob(field(row, "id", where), _at_battery(machine, minutes)))
    index_of([job.id for job in jobs], lambda n: f"site.builds[{n}].id")
    return jobs


def _longest(minutes: dict[str, Any], where: str) -> float:
    """Give the longest of a build's times by machine."""
    return float(numbers([*minutes.values()], lambda _: where).max(initial=0.0))


def day_site(site: SiteEnergy, record: Any, charge: float | None) -> DaySite:
    """Give the state of a site; its charge as told, or as its schedule begins.

    Raises
    ------
    InvalidInput
        When the inverter cannot carry one machine.
    """
    battery = sized_battery(site, site.battery.capacity_wh)
    if charge is None:
        charge = _charge_of(record)
    work = site.work
    return DaySite(
        battery,
        charge * battery.usable_top_wh,
        together(site) if work else 1,
        site.max_w / INVERTER_FRACTION,
        _rest_w(site, work) / INVERTER_FRACTION,
        work.opens_hour if work else 0.0,
        work.closes_hour if work else 24.0,
        _grid(site, record),
    )


def _grid(site: SiteEnergy, record: Any) -> DayGrid | None:
    """Give the grid with its tariffs of ``power``, else one price all day."""
    weak = site.grid
    if weak is None:
        return None
    power = as_object(as_object(record, "site").get("power", {}), "site.power")
    listed = as_list(power.get("tariffs", []), "site.power.tariffs", MOST_TARIFFS)
    tariff = [
        _band(as_object(each, where), where)
        for where, each in (
            (f"site.power.tariffs[{n}]", e) for n, e in enumerate(listed)
        )
    ]
    base = power.get("per_kwh", site.grid_per_kwh)
    tariff.append(Band(0, 24, one_number({"per_kwh": base}, "per_kwh", "site.power")))
    carbon, per_kg = _carbon(site, power)
    windows = Windows(tuple(tariff) if listed else (), carbon, site.currency, per_kg)
    limit_w = one_number(
        {"limit_w": power.get("limit_w", MOST_W)}, "limit_w", "site.power"
    )
    return DayGrid(
        min(weak.limit_w, limit_w or weak.limit_w) * weak.converted_fraction,
        weak.converted_fraction,
        windows,
        weak.shed_from_h,
        weak.shed_to_h,
        GridUse(0.5, 0.5) if site.panel.rated_wp > 0 else GridUse(1.0, 1.0),
    )


def _band(record: Mapping[str, Any], where: str) -> Band:
    return Band(
        time_of_day(field(record, "from", where), f"{where}.from"),
        time_of_day(field(record, "to", where), f"{where}.to"),
        one_number(record, "per_kwh", where),
    )


def _carbon(
    site: SiteEnergy, power: Mapping[str, Any]
) -> tuple[tuple[Band, ...], float]:
    """Give carbon by the hour where the site knows it, and what a kilogram is worth."""
    carbon = as_object(power.get("carbon", {}), "site.power.carbon")
    grams = carbon.get("grid_gco2e_per_kwh", [*site.grid_gco2e_per_kwh])
    if not isinstance(grams, list) or not grams:
        return (), 0.0
    where = "site.power.carbon.grid_gco2e_per_kwh"
    values = numbers(as_list(grams, where, 24), lambda n: f"{where}[{n}]")
    if len(values) != 24:
        raise refuse(where, "needs 24 values, one for each hour of the day")
    worth = one_number(
        {"price_per_t": carbon.get("price_per_t", 0.0)}, "price_per_t", where
    )
    bands = tuple(Band(h, h + 1, float(value)) for h, value in enumerate(values))
    return bands, worth / 1000.0


def _rest_w(site: SiteEnergy, work: Work | None) -> float:
    machines_w = work.machine.idle_w * work.machines if work else 0.0
    return site.standing_w + machines_w


def _charge_of(record: Any) -> float:
    """Give the state of charge that the schedule's part starts with."""
    power = as_object(record, "site").get("power")
    battery = power.get("battery") if isinstance(power, dict) else None
    if not isinstance(battery, dict) or "stored_wh" not in battery:
        return FIRST_FRACTION
    where = "site.power.battery"
    full = one_number(battery, "capacity_wh", where, above=True)
    return one_number(battery, "stored_wh", where, most=full) / full


def _at_battery(machine: MachinePower, minutes: float) -> JobLoad:
    """Give a job's high end at the battery."""
    print_s = max(0.0, minutes * SECONDS_PER_MINUTE - machine.heatup_s)
    load = load_of_time(machine, print_s).scaled(POWER_HIGH_FACTOR)
    return JobLoad(
        tuple(
            Phase(
                x.name,
                x.duration_s,
                x.low_w / INVERTER_FRACTION,
                x.high_w / INVERTER_FRACTION,
                x.high_fraction,
            )
            for x in load.phases
        ),
        load.rest_w / INVERTER_FRACTION,
        load.source,
    )
