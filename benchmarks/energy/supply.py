"""Years of sun and of batteries beside pvlib, PySAM and NREL; how long many take."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from nearmade.energy.forecast.past_days import year_held
from nearmade.energy.panels.fleet import SunnySite, in_chunks
from nearmade.energy.panels.panel import Panel, ac_power_w, panel_power_w
from nearmade.energy.sky.clear import clear_weather
from nearmade.energy.sky.made import Climate, made_up_days, made_up_weather
from nearmade.energy.sky.sun import Array
from tests.energy.oracle_years import (
    YEARS,
    clearness_by_day,
    denver,
    golden,
    run_of,
    weather_of,
)

DENVER = {"pvwatts_8760_rackmount.csv": "rack", "pvwatts_8760_roofmount.csv": "roof"}


def sun_gaps() -> list[dict[str, Any]]:
    """Give our yearly AC energy beside the others', plane by plane. [kWh]"""
    found = []
    for file in YEARS:
        weather = weather_of(file)
        for run in golden("solar_years")["years"][file]["runs"]:
            panel = Panel(220, run["tilt_deg"], azimuth_deg=run["azimuth_deg"])
            ours = float(ac_power_w(panel, panel_power_w(panel, weather)).sum()) / 1000
            row = {"year": weather.place, "plane": _plane(run), "kwh": round(ours, 2)}
            for name in ("pvlib", "pysam"):
                row[f"{name}_percent"] = _percent(ours, run[name]["ac_kwh"])
            found.append(row)
    for file, mount in DENVER.items():
        weather, _, _, ac = denver(file)
        panel = Panel(4000, 20, azimuth_deg=180, mount=mount)
        power = ac_power_w(panel, panel_power_w(panel, weather), dc_ac_ratio=1.2)
        ours = float(power.sum()) / 1000
        row = {"year": f"Denver, {mount}", "plane": "20/180", "kwh": round(ours, 2)}
        row["nrel_percent"] = _percent(ours, float(ac.sum()) / 1000)
        found.append(row)
    return found


def battery_gaps() -> list[dict[str, Any]]:
    """Give a battery's years beside PySAM's: energy [%], state of charge [points]."""
    found = []
    for run in golden("battery_years")["runs"]:
        charged, given, held = run_of(run)
        theirs = np.array(run["charge_percent"])
        every = len(held) // len(theirs)
        gaps = np.abs(held[every - 1 :: every][: len(theirs)] - theirs)
        found.append(
            {
                "profile": run["profile"],
                "steps_per_hour": run["steps_per_hour"],
                "charged_percent": _percent(charged, run["charged_wh"]),
                "given_percent": _percent(given, run["given_wh"]),
                "charge_points": round(float(gaps.mean()), 2),
            }
        )
    return found


def sky_figures() -> list[dict[str, Any]]:
    """Give how days last and fall, measured and made up, and how forecasts hold."""
    found = []
    for file in YEARS:
        weather = weather_of(file)
        real = clearness_by_day(weather)
        climate = Climate(float(real.mean()), float(real.std()), _lasting(real))
        made = [made_up_days(climate, 365, seed) for seed in range(20)]
        panel = Panel(100, 35)
        held = year_held(
            panel_power_w(panel, weather),
            panel_power_w(panel, clear_weather(weather)),
            weather.step_s,
        )
        found.append(
            {
                "year": weather.place,
                "clearness": round(float(real.mean()), 2),
                "spread": round(float(real.std()), 2),
                "lasting": round(_lasting(real), 2),
                "lasting_made": round(float(np.mean([*map(_lasting, made)])), 2),
                "falls": round(_falls(real), 3),
                "falls_made": round(float(np.mean([*map(_falls, made)])), 3),
                "missed_worst_of_ten": round(held.under_low_fraction, 3) if held else 0,
            }
        )
    return found


def speeds() -> dict[str, float]:
    """Give the processor time of panels alone, each site under its own sky. [s]"""
    sites = [
        SunnySite(
            Panel(100.0 + site % 50, 10.0 + site % 40),
            made_up_weather("x", site / 10 - 50, 10.0, seed=site),
        )
        for site in range(1000)
    ]
    for step_s in (3600, 300):
        _drain(sites[:2], step_s)  # compile
    return {
        "1000_years_at_1h_s": _cpu_s(lambda: _drain(sites, 3600)),
        "100_years_at_5min_s": _cpu_s(lambda: _drain(sites[:100], 300)),
    }


def table(
    sun: list[dict[str, Any]],
    batteries: list[dict[str, Any]],
    skies: list[dict[str, Any]],
    times: dict[str, float],
) -> str:
    """Lay all of it out for people."""
    parts = [_laid_out(rows) for rows in (sun[:-2], sun[-2:], batteries, skies)]
    parts.append("\n".join(f"{name:<24}{value:8.2f}" for name, value in times.items()))
    return "\n\n".join(parts)


def _laid_out(rows: list[dict[str, Any]]) -> str:
    names = [*rows[0]]
    wide = {n: max(len(n), *(len(str(row[n])) for row in rows)) for n in names}
    lines = ["  ".join(name.ljust(wide[name]) for name in names)]
    lines += ["  ".join(str(row[n]).ljust(wide[n]) for n in names) for row in rows]
    return "\n".join(line.rstrip() for line in lines)


def _plane(run: dict[str, Any]) -> str:
    return f"{run['tilt_deg']}/{run['azimuth_deg']}"


def _percent(ours: float, theirs: float) -> float:
    return round(100 * (ours / theirs - 1), 2)


def _lasting(days: Array) -> float:
    return float(np.corrcoef(days[1:], days[:-1])[0, 1])


def _falls(days: Array) -> float:
    return float((days[1:] < 0.6 * days[:-1]).mean())


def _drain(sites: list[SunnySite], step_s: int) -> None:
    for _ in in_chunks(sites, step_s):
        pass


def _cpu_s(work: Callable[[], None], rounds: int = 3) -> float:
    times = []
    for _ in range(rounds):
        begun_s = time.process_time()
        work()
        times.append(time.process_time() - begun_s)
    return round(min(times), 3)
