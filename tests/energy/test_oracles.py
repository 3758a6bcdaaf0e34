"""Our years of sun and of batteries against pvlib, PySAM and NREL's own."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nearmade.adapters.weather_files import read_weather
from nearmade.energy.battery import Battery, bus_row
from nearmade.energy.bus import bus_step
from nearmade.energy.cells import LITHIUM_IRON_PHOSPHATE, Curve, age_loss_fraction
from nearmade.energy.panel import Panel, ac_power_w, panel_power_w, plane_w_m2
from nearmade.energy.sun import Array, sun_path
from nearmade.energy.weather import Weather
from tests.shared_data import shared
from tools.oracles.battery_profiles import profile_w

ROOT = Path(__file__).resolve().parents[2]
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


@pytest.mark.parametrize("file", YEARS)
@pytest.mark.parametrize("program", ["pvlib", "pysam"])
def test_a_years_energy_is_that_of_other_programs_to_one_in_a_hundred(
    file: str, program: str
) -> None:
    weather = weather_of(file)
    for run in golden("solar_years")["years"][file]["runs"]:
        panel = Panel(220, run["tilt_deg"], azimuth_deg=run["azimuth_deg"])
        ac = ac_power_w(panel, panel_power_w(panel, weather))
        theirs = run[program]
        assert ac.sum() / 1000 == pytest.approx(theirs["ac_kwh"], rel=0.01)
        plane = plane_w_m2(panel, weather).sum() / 1000
        assert plane == pytest.approx(theirs["plane_kwh_m2"], rel=0.004)


@pytest.mark.parametrize("file", YEARS)
def test_months_and_hours_of_the_day_are_those_of_pvlib(file: str) -> None:
    weather = weather_of(file)
    run = golden("solar_years")["years"][file]["runs"][0]
    panel = Panel(220, run["tilt_deg"], azimuth_deg=run["azimuth_deg"])
    ac = ac_power_w(panel, panel_power_w(panel, weather))
    if file.startswith("tmy_"):
        ac = np.roll(ac, -1)  # pvlib counts this file's hours in universal time
    ends = np.cumsum([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) * 24
    months = np.split(ac, ends[:-1])
    theirs = run["pvlib"]
    assert [month.sum() / 1000 for month in months] == pytest.approx(
        theirs["months_kwh"], rel=0.015
    )
    days = np.concatenate([month.reshape(-1, 24).mean(axis=0) for month in months])
    assert np.abs(days - np.array(theirs["mean_days_w"])).max() < 3  # of 220 W


@pytest.mark.parametrize(
    ("file", "mount"),
    [("pvwatts_8760_rackmount.csv", "rack"), ("pvwatts_8760_roofmount.csv", "roof")],
)
def test_a_year_in_denver_agrees_with_nrel(file: str, mount: str) -> None:
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
    panel = Panel(4000, 20, azimuth_deg=180, mount=mount)
    power = panel_power_w(panel, weather)
    assert plane_w_m2(panel, weather).sum() == pytest.approx(plane.sum(), rel=0.002)
    assert power.sum() == pytest.approx(dc.sum(), rel=0.01)
    inverted = ac_power_w(panel, power, dc_ac_ratio=1.2)
    assert inverted.sum() == pytest.approx(ac.sum(), rel=0.01)


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


@pytest.mark.parametrize(
    "run",
    golden("battery_years")["runs"],
    ids=lambda run: f"{run['profile']}-{run['steps_per_hour']}",
)
def test_a_batterys_year_is_that_of_pysam(run: dict[str, Any]) -> None:
    charged, given, held = run_of(run)
    assert charged == pytest.approx(run["charged_wh"], rel=0.005)
    assert given == pytest.approx(run["given_wh"], rel=0.005)
    theirs = np.array(run["charge_percent"])
    every = len(held) // len(theirs)
    ours = held[every - 1 :: every][: len(theirs)]
    assert np.abs(ours - theirs).mean() < 1.0
    assert held.mean() == pytest.approx(run["mean_charge_percent"], abs=1.0)


def test_a_battery_at_rest_ages_in_a_year_as_in_pysam() -> None:
    for rest in golden("battery_years")["rests"]:
        lost = age_loss_fraction(
            LITHIUM_IRON_PHOSPHATE, 1.0, rest["degc"], rest["charge_percent"] / 100
        )
        # PySAM starts from 99.9 %.
        assert 99.9 - 100 * lost == pytest.approx(rest["kept_percent"], abs=0.3)


@pytest.mark.oracle
@pytest.mark.parametrize("program", ["solar_years", "battery_years"])
def test_the_other_programs_still_give_what_was_kept(
    program: str, tmp_path: Path
) -> None:
    kept = golden(program)
    python = Path(
        os.environ.get("NEARMADE_ORACLES_PYTHON", ROOT / ".oracles-venv/bin/python")
    )
    if not python.exists():
        pytest.skip("pvlib and PySAM are not set up: make oracles")
    out = tmp_path / "fresh.json"
    script = str(ROOT / f"tools/oracles/{program}.py")
    folder = [str(shared("solar"))] if program == "solar_years" else []
    subprocess.run(
        [str(python), script, *folder, str(out)],
        check=True,
        capture_output=True,
        timeout=280,
    )
    fresh = json.loads(out.read_text("utf-8"))
    if program == "solar_years":
        for file, year in kept["years"].items():
            for old, new in zip(
                year["runs"], fresh["years"][file]["runs"], strict=True
            ):
                for name in ("pvlib", "pysam"):
                    energy = new[name]["ac_kwh"]
                    assert energy == pytest.approx(old[name]["ac_kwh"], rel=1e-3)
        return
    for old, new in zip(kept["runs"], fresh["runs"], strict=True):
        assert new["given_wh"] == pytest.approx(old["given_wh"], rel=1e-3)
        assert new["charged_wh"] == pytest.approx(old["charged_wh"], rel=1e-3)
