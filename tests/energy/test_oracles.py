"""Our years of sun and of batteries against pvlib, PySAM and NREL's own."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nearmade.energy.panels.panel import Panel, ac_power_w, panel_power_w, plane_w_m2
from nearmade.energy.supply.cells import LITHIUM_IRON_PHOSPHATE, age_loss_fraction
from tests.energy.oracle_years import YEARS, denver, golden, run_of, weather_of
from tests.shared_data import shared

ROOT = Path(__file__).resolve().parents[2]


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
    weather, plane, dc, ac = denver(file)
    panel = Panel(4000, 20, azimuth_deg=180, mount=mount)
    power = panel_power_w(panel, weather)
    assert plane_w_m2(panel, weather).sum() == pytest.approx(plane.sum(), rel=0.002)
    assert power.sum() == pytest.approx(dc.sum(), rel=0.01)
    inverted = ac_power_w(panel, power, dc_ac_ratio=1.2)
    assert inverted.sum() == pytest.approx(ac.sum(), rel=0.01)


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
