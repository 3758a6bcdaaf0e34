"""``nearmade energy schedule`` at sites with a grid, through its own door."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from nearmade.cli.energy import command
from nearmade.vocabulary.errors import InvalidInput

NIGHT = [{"from": "22:00", "to": "06:00", "per_kwh": 0.11}]


def day(tmp_path: Path, at: str, power: dict[str, Any], **grid: Any) -> list[Any]:
    """Plan three jobs of two hours in Paris, in summer, on the grid alone."""
    site = {
        "name": "Workshop",
        "zone": "Europe/Paris",
        "power": power,
        "energy": {
            "place": {"country": "FR", "lat_deg": 48.9, "lon_deg": 2.3},
            "grid": grid,
            "work": {"model": "MINI", "minutes": 120, "machines": 2},
        },
    }
    path = tmp_path / "site.json"
    path.write_text(json.dumps(site), encoding="utf-8")
    words = ["schedule", str(path), "--at", f"2026-07-01T{at}+02:00", "--jobs", "3"]
    result = CliRunner().invoke(command, [*words, "--json"])
    if isinstance(result.exception, InvalidInput):
        raise result.exception
    assert result.exit_code == 0, result.output
    rows: list[Any] = json.loads(result.stdout)["jobs"]
    return rows


def test_jobs_wait_for_the_night_tariff_by_the_clock_of_summer(tmp_path: Path) -> None:
    power = {"per_kwh": 0.31, "tariffs": NIGHT}
    rows = day(tmp_path, "15:00:00", power, limit_w=3000)
    assert rows[0]["waited"].startswith("waits until Wed 22:00")
    assert "(0.11 instead of 0.31 per kWh)" in rows[0]["waited"]
    assert [row["start_at"] for row in rows] == [
        "2026-07-01T22:00+02:00",
        "2026-07-01T22:00+02:00",
        "2026-07-02T00:00+02:00",
    ]


def test_one_price_all_day_lets_nothing_wait(tmp_path: Path) -> None:
    rows = day(tmp_path, "15:00:00", {}, limit_w=3000, per_kwh=0.2)
    assert rows[0]["reason"] == "starts 15:00: on the grid"


def test_a_limit_of_power_lets_one_heat_after_the_other(tmp_path: Path) -> None:
    rows = day(tmp_path, "15:00:00", {"limit_w": 250}, limit_w=3000)
    assert rows[0]["start_at"] == "2026-07-01T15:00+02:00"
    assert rows[1]["start_at"] == "2026-07-01T17:00+02:00"
    assert "the site gives 225 W" in rows[1]["waited"]  # 250 W behind its charger


def test_no_job_runs_into_hours_without_grid(tmp_path: Path) -> None:
    shed = {"shed_from": "16:00", "shed_to": "18:00"}
    rows = day(tmp_path, "15:00:00", {}, limit_w=3000, **shed)
    assert rows[0]["start_at"] == "2026-07-01T18:00+02:00"
    assert "from 16:00 to 18:00 there is no grid" in rows[0]["waited"]


def test_clean_hours_are_waited_for_where_they_are_known(tmp_path: Path) -> None:
    clean_from_20 = [500] * 20 + [100] * 4
    rows = day(tmp_path, "15:00:00", {}, limit_w=3000, gco2e_per_kwh=clean_from_20)
    assert rows[0]["waited"].startswith("waits until Wed 20:00")
    assert "20 g CO2e instead of" in rows[0]["waited"]


@pytest.mark.parametrize(
    "power",
    [
        {"tariffs": [{"from": "22:00", "per_kwh": 0.1}]},
        {"tariffs": [{"from": "22:00", "to": "06:00", "per_kwh": -1}]},
        {"tariffs": 3},
        {"limit_w": "much"},
        {"carbon": {"grid_gco2e_per_kwh": [1, 2]}},
    ],
)
def test_tariffs_that_cannot_be_are_refused(
    tmp_path: Path, power: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput, match=r"site\.power"):
        day(tmp_path, "15:00:00", power, limit_w=3000)
