"""What other programs gave for years of sun and of batteries, and ours beside it."""

from __future__ import annotations

import csv
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nearmade.adapters.weather_files import read_weather
from nearmade.energy.sky.clear import clear_weather
from nearmade.energy.sky.sun import Array, sun_path
from nearmade.energy.sky.weather import Weather
from nearmade.energy.supply.battery import Battery, bus_row
from nearmade.energy.supply.bus import bus_step
from nearmade.energy.supply.cells import Curve
from tests.shared_data import shared
from tools.oracles.battery_profiles import profile_w

GOLDEN = Path(__file__).parent / "golden"


@cache
def golden(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))


YEARS = sorted(golden("solar_years")["years"])


@cache
def weather_of(file: str) -> Weather:
    path = shared("solar", file)
    known = golden("solar_years")["years"][file]["sha256"]
    if hashlib.sha256(path.read_bytes()).hexdigest() != known:
        pytest.skip(f"{file} is not the file that pvlib and PySAM were run on")
    return read_weather(path)


def clearness_by_day(weather: Weather) -> Array:
    """Give each day's sunshine as a share of a clear sky's, shape (days,)."""
    clear_w_m2 = clear_weather(weather).global_w_m2
    seen, could = (
        series.reshape(365, -1).sum(axis=1)
        for series in (weather.global_w_m2, clear_w_m2)
    )
    shares: Array = seen / could
    return shares


def the_pysam_cell() -> Curve:
    cell = golden("battery_years")["cell"]
    return Curve(
        cell["Vfull"],
        cell["Vexp"],
        cell["Vnom"],
        cell["Qexp"],
        cell["Qnom"] / cell["Qfull"],
    )


#: Share of power lost to inner resistance for each watt, read off PySAM's round trip.
#: It takes the voltage at the end of a step, so its losses grow with the step's length.
LOSS_PER_W = {1: 5.0e-5, 12: 8.0e-6}


def run_of(run: dict[str, Any]) -> tuple[float, float, Array]:
    """Run a profile through the bus: charged, given [Wh], state of charge [%]."""
    curve, each = the_pysam_cell(), run["steps_per_hour"]
    known = golden("battery_years")["capacity_by_degc"]
    there = np.interp(20.0, [row[0] for row in known], [row[1] for row in known]) / 100
    volts = curve.volts(np.linspace(0, 1, 2001)).mean() * 4
    full_wh = run["capacity_ah"] * there * volts
    low, half = curve.energy_fraction(np.array([0.1, 0.5]))
    battery = Battery(
        full_wh,
        charge_fraction=1.0,
        discharge_fraction=1.0,
        loss_per_w=LOSS_PER_W[each],
        cutoff_fraction=float(low),
        reconnect_fraction=float(low) + 1e-3,
    )
    row = bus_row(battery)
    stored, charged, given = float(full_wh * half), 0.0, 0.0
    profile = profile_w(run["profile"], each)
    held = np.empty(len(profile))
    for at, power in enumerate(profile):
        sun, load = max(power, 0.0), max(-power, 0.0)
        stored, _, _, served, left, *_ = bus_step(
            stored, True, False, sun, load, 0.0, 25.0, 1 / each, row
        )
        charged += sun / each - left
        given += served
        held[at] = stored / full_wh
    return charged, given, 100 * curve.charge_fraction(held)


def denver(file: str) -> tuple[Weather, Array, Array, Array]:
    """Give NREL's year of Denver: weather, its plane [W/m2], DC and AC power [W]."""
    path = shared("solar", file)
    with path.open(newline="", encoding="latin-1") as opened:
        rows = [row for row in list(csv.reader(opened))[18:] if row[0].isdigit()]
    columns = [np.array([float(row[at]) for row in rows]) for at in range(3, 11)]
    beam, diffuse, air, wind, plane, _, dc, ac = columns
    up = np.maximum(sun_path(39.73, -105.18, -7).cos_zenith, 0)
    weather = Weather(
        "Denver",
        39.73,
        -105.18,
        -7,
        3600,
        beam,
        diffuse,
        beam * up + diffuse,
        air,
        wind,
        "PVWatts version 5",
    )
    return weather, plane, dc, ac
