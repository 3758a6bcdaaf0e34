"""Commands that ask a network read the same files, and leave out what is faulty."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import trimesh
from click.testing import CliRunner, Result

from nearmade.cli.match import command as match_command
from nearmade.cli.okw import command as okw_command
from nearmade.cli.quote import command as quote_command
from nearmade.vocabulary.errors import InvalidInput
from tests.facilities.okw_documents import WORKSHOP, as_bytes

DEMO = Path(__file__).resolve().parents[2] / "examples/networks/demo.json"


@pytest.fixture
def block(tmp_path: Path) -> Path:
    file = tmp_path / "block.stl"
    file.write_bytes(trimesh.creation.box((40, 30, 10)).export(file_type="stl"))
    return file


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Two sound sites of the demo, one with a fault, one of the class model."""
    records: list[Any] = json.loads(DEMO.read_bytes())["facilities"][:3]
    records[1]["nearmade"]["tariff"]["currency"] = "shillings"
    file = tmp_path / "mixed.json"
    file.write_bytes(as_bytes({"facilities": [*records, WORKSHOP]}))
    return file


def match(part: Path, network: Path, *more: str) -> Result:
    asked = [str(part), "--network", str(network), "--to", "Nairobi, KE", *more]
    return CliRunner().invoke(match_command, asked)


def test_match_answers_for_the_sound_and_asks_what_is_not_said(
    block: Path, mixed: Path
) -> None:
    done = match(block, mixed, "--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 0
    assert len(told["matches"]) == 2
    (unknown,) = told["unknowns"]
    assert unknown["facility_id"] == "kibera-town-workshop"
    rules = {each["rule"] for each in unknown["questions"]}
    assert rules == {
        "opening-unknown", "prices-unknown", "power-unknown", "size-unknown",
        "stock-unknown",
    }  # fmt: skip
    (left,) = told["left_out"]
    assert left["path"] == "facilities[1]"
    assert "nearmade.tariff.currency 'shillings'" in left["reasons"][0]
    assert done.stderr.startswith(f"left out: facilities[1] {left['name']}: ")


def test_quote_leaves_out_the_same(block: Path, mixed: Path) -> None:
    asked = [str(block), "--network", str(mixed), "--json"]
    done = CliRunner().invoke(quote_command, asked)
    told = json.loads(done.stdout)
    assert (
        told["left_out"] == json.loads(match(block, mixed, "--json").stdout)["left_out"]
    )
    assert {each["facility_id"] for each in told["refusals"]} == {
        "kibera-town-workshop"
    }
    assert "left out: facilities[1]" in done.stderr


def test_check_calls_faulty_what_match_leaves_out(mixed: Path) -> None:
    told = json.loads(
        CliRunner().invoke(okw_command, ["check", str(mixed), "--json"]).stdout
    )
    faults = [one["path"] for one in told["findings"] if one["fault"]]
    assert faults == ["facilities[1].nearmade.tariff.currency"]


def test_many_that_are_left_out_are_counted(block: Path, tmp_path: Path) -> None:
    good = json.loads(DEMO.read_bytes())["facilities"][0]
    file = tmp_path / "many.json"
    file.write_bytes(as_bytes([good, *range(100)]))
    done = match(block, file)
    assert len(done.stderr.splitlines()) == 41
    assert "and 60 more are left out" in done.stderr
    alone = tmp_path / "alone.json"
    alone.write_bytes(as_bytes([*range(100)]))
    refused = match(block, alone).exception
    assert isinstance(refused, InvalidInput)
    assert refused.code == "network-refused"
    assert "and 90 more" in refused.message


def test_a_folder_of_yaml_and_json_is_a_network(block: Path, tmp_path: Path) -> None:
    folder = tmp_path / "net"
    folder.mkdir()
    (folder / "a.yaml").write_text("name: A lab\nfacility_status: Closed\n")
    (folder / "b.json").write_bytes(DEMO.read_bytes())
    told = json.loads(match(block, folder, "--json").stdout)
    assert len(told["matches"]) > 60
    assert "a-lab" in {each["facility_id"] for each in told["refusals"]}
