"""``nearmade plan`` with electricity by day: invented, planned, checked, tampered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from nearmade.adapters.plan_files import write_record
from nearmade.cli.plan import command
from nearmade.planning.network.plan_record import checksum


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(command, [str(one) for one in arguments])
    return done.exit_code, done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a small invented network with panels, and its plan at a carbon price."""
    made = tmp_path_factory.mktemp("sunny")
    wish = ("--facilities", 12, "--orders", 12, "--days", 3, "--panels", 0.6)
    assert run("sample", *wish, "--out", made)[0] == 0
    files = (made / "NETWORK.json", made / "ORDERS.json")
    plan = ("--seconds", 0, "--carbon-price", 300, "--out", made / "PLAN.json")
    assert run(*files, *plan)[0] == 0
    return made


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def test_invented_panels_are_told_by_day_and_called_synthetic(folder: Path) -> None:
    network = read(folder / "NETWORK.json")
    told = [site["electricity"] for site in network["sites"] if "electricity" in site]
    assert 0 < len(told) < 12
    assert all(len(one["gco2e_per_kwh"]) == 3 for one in told)
    assert network["note"].startswith("synthetic")


def test_without_panels_the_files_tell_nothing_of_electricity(tmp_path: Path) -> None:
    run("sample", "--facilities", 12, "--orders", 3, "--out", tmp_path)
    assert "electricity" not in (tmp_path / "NETWORK.json").read_text("utf-8")


def test_the_plan_stands(folder: Path) -> None:
    code, page = run("verify", folder / "PLAN.json", "--json")
    assert code == 0, page


def test_a_day_that_was_made_greener_afterwards_is_found(
    folder: Path, tmp_path: Path
) -> None:
    for name in ("NETWORK.json", "ORDERS.json", "PLAN.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    network, plan = read(tmp_path / "NETWORK.json"), read(tmp_path / "PLAN.json")
    for site in network["sites"]:
        if "electricity" in site:
            days = site["electricity"]["gco2e_per_kwh"]
            site["electricity"]["gco2e_per_kwh"] = [one / 2 for one in days]
    sha256 = write_record(tmp_path / "NETWORK.json", network)
    assert run("verify", tmp_path / "PLAN.json")[0] != 0
    # Nor does it help to name the changed file and to sign the plan anew.
    plan["origin"]["network_sha256"] = sha256
    plan["sha256"] = checksum(plan)
    write_record(tmp_path / "PLAN.json", plan)
    code, page = run("verify", tmp_path / "PLAN.json", "--json")
    assert code != 0
    assert any(
        "cost" in fault or "gco2e" in fault for fault in json.loads(page)["faults"]
    )
