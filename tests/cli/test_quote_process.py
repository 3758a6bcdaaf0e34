"""``nearmade quote --process`` and ``--network`` through their own doors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from nearmade.cli.quote import command
from nearmade.geometry.stl import write_stl
from nearmade.quoting.processes.evidence import LEVELS
from nearmade.vocabulary.errors import InvalidInput, NotFound
from tests.quoting.parts import cuboid_mesh
from tests.quoting.solids import block, drill, mesh_of

DEMO_FILE = Path(__file__).resolve().parents[2] / "examples/networks/demo.json"
FIGURES = ("feedstock_mm3", "mass_g", "time_s", "ready_s", "hands_s", "energy_wh")


@pytest.fixture
def plate(tmp_path: Path) -> str:
    path = tmp_path / "plate.stl"
    path.write_bytes(write_stl(cuboid_mesh(60, 40, 3)))
    return str(path)


def asked(*words: str) -> dict[str, Any]:
    result = CliRunner().invoke(command, [*words, "--json"])
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


@pytest.mark.parametrize("word", ["sla", "dlp", "sls", "mjf", "laser", "mill"])
def test_every_process_gives_figures_with_interval_and_evidence(
    plate: str, word: str
) -> None:
    answer = asked(plate, "--process", word, "--quantity", "4")
    for name in FIGURES:
        figure = answer[name]
        assert 0 < figure["low"] <= figure["value"] <= figure["high"], name
        assert figure["evidence"]["level"] in LEVELS
        assert figure["evidence"]["source"]
        assert sum(figure["made_of"].values()) == pytest.approx(figure["value"])
    price = answer["price"]
    assert 0 < price["low"] <= price["value"] <= price["high"]
    assert price["evidence"]["source"]
    assert all(each["total"] > 0 for each in answer["published_prices"])
    people = CliRunner().invoke(command, [plate, "--process", word])
    assert people.exit_code == 0
    assert LEVELS[answer["time_s"]["evidence"]["level"]] in people.output
    assert "four times in five" in people.output


def test_who_pays_the_hands_is_told(plate: str) -> None:
    milled = asked(plate, "--process", "mill")
    assert milled["price"]["hands_included"] is True
    assert "labour" not in {each["code"] for each in milled["price"]["items"]}
    # Our own rate is the one published: nothing is left to compare it with.
    assert milled["published_prices"] == []
    people = CliRunner().invoke(command, [plate, "--process", "mill"]).output
    assert "Hands are in the machine's hour; programming" in people
    assert "As others price" not in people
    sintered = asked(plate, "--process", "sls")
    assert sintered["price"]["hands_included"] is False
    assert "labour" in {each["code"] for each in sintered["price"]["items"]}
    people = CliRunner().invoke(command, [plate, "--process", "sls"]).output
    assert "Hands are priced apart, 30.00 EUR an hour." in people


def test_machine_and_material_are_as_asked(plate: str) -> None:
    answer = asked(plate, "--process", "sls", "--machine", "lisa-x")
    assert (answer["machine"], answer["material"]) == ("lisa-x", "PA12")
    answer = asked(plate, "--process", "mill", "--material", "brass")
    # A block of 65 x 45 x 8 mm at 8.5 g/cm3.
    assert answer["mass_g"]["value"] == pytest.approx(65 * 45 * 8 * 8.5 / 1000)


def test_the_rates_may_be_given(plate: str) -> None:
    words = ("--process", "laser", "--hour", "60", "--gram", "0", "--currency", "USD")
    answer = asked(plate, *words)
    hours = answer["time_s"]["value"] / 3600
    assert answer["price"]["value"] == pytest.approx(hours * 60, abs=0.005)
    assert answer["price"]["currency"] == "USD"


def test_unknown_machines_and_materials_are_told(plate: str) -> None:
    for words, kind in (
        (["--process", "sls", "--machine", "nope"], NotFound),
        (["--process", "sls", "--material", "steel"], InvalidInput),
        (["--process", "laser", "--currency", "pound"], InvalidInput),
    ):
        result = CliRunner().invoke(command, [plate, *words])
        assert isinstance(result.exception, kind)


def test_what_a_process_cannot_make_says_why_and_what_would_help(
    tmp_path: Path,
) -> None:
    path = tmp_path / "pin.stl"
    path.write_bytes(write_stl(mesh_of(block(60, 40, 3) + drill(8, 420, (30, 20, 0)))))
    for word, code in (
        ("laser", "not-a-sheet"),
        ("sla", "larger-than-bed"),
        ("mill", "larger-than-bed"),
        ("sls", "larger-than-bed"),
    ):
        result = CliRunner().invoke(command, [str(path), "--process", word])
        assert isinstance(result.exception, InvalidInput)
        assert result.exception.code == code
        assert result.exception.remedy


def test_what_is_wrong_with_the_mesh_is_refused_or_told(tmp_path: Path) -> None:
    speck, small = tmp_path / "speck.stl", tmp_path / "small.stl"
    speck.write_bytes(write_stl(cuboid_mesh(0.02, 0.02, 0.02)))
    small.write_bytes(write_stl(cuboid_mesh(0.8, 0.8, 0.8)))
    result = CliRunner().invoke(command, [str(speck), "--process", "sla"])
    assert isinstance(result.exception, InvalidInput)
    assert result.exception.code == "part-not-makeable"
    told = asked(str(small), "--process", "sla")["findings"]
    assert "tiny" in [each["code"] for each in told]


def test_every_machine_of_a_network_is_listed_cheapest_first(plate: str) -> None:
    answer = asked(plate, "--network", str(DEMO_FILE), "--material", "PETG")
    prices = [each["price"]["usd"] for each in answer["machines"]]
    assert len(prices) > 100
    assert prices == sorted(prices)
    assert {each["material"] for each in answer["machines"]} == {"PETG"}
    assert all(each["reasons"] for each in answer["refusals"])
    assert {each["evidence"]["level"] for each in answer["machines"]} <= set(LEVELS)


def test_a_site_whose_currency_has_no_rate_is_refused_and_not_priced(
    plate: str, tmp_path: Path
) -> None:
    network = json.loads(DEMO_FILE.read_text(encoding="utf-8"))
    two = network["facilities"][:2]
    two[1]["nearmade"]["tariff"]["currency"] = "KES"
    shillings = two[1]["nearmade"]["id"]
    path = tmp_path / "two.json"
    path.write_text(json.dumps({"facilities": two}), encoding="utf-8")
    answer = asked(plate, "--network", str(path))
    assert answer["machines"]
    assert shillings not in {each["facility_id"] for each in answer["machines"]}
    reasons = [
        (each["facility_id"], reason["rule"], reason["message"])
        for each in answer["refusals"]
        for reason in each["reasons"]
    ]
    told = (shillings, "currency-without-rate", "no exchange rate for KES")
    assert told in reasons
    people = CliRunner().invoke(command, [plate, "--network", str(path)]).output
    assert "nan" not in people
    assert "no exchange rate for KES" in people


def test_or_quickest_first(plate: str) -> None:
    answer = asked(plate, "--network", str(DEMO_FILE), "--by", "time")
    times = [each["time_s"]["value"] for each in answer["machines"]]
    assert times == sorted(times)


def test_people_read_some_lines_of_a_network_and_how_many_more(plate: str) -> None:
    words = [plate, "--network", str(DEMO_FILE), "--most", "3", "--quantity", "2"]
    result = CliRunner().invoke(command, words)
    assert result.exit_code == 0
    assert "plate.stl x 2" in result.output
    assert "more; --json gives all" in result.output
    assert len(result.output.splitlines()) < 20


def test_a_part_that_fits_nowhere_is_answered_with_reasons(tmp_path: Path) -> None:
    path = tmp_path / "beam.stl"
    path.write_bytes(write_stl(cuboid_mesh(900, 20, 20)))
    answer = asked(str(path), "--network", str(DEMO_FILE))
    assert answer["machines"] == []
    rules = {
        reason["rule"] for each in answer["refusals"] for reason in each["reasons"]
    }
    assert "too-large" in rules
    people = CliRunner().invoke(command, [str(path), "--network", str(DEMO_FILE)])
    assert "0 machines can make it" in people.output


def test_a_material_that_nobody_knows_is_refused_by_name(plate: str) -> None:
    words = [plate, "--network", str(DEMO_FILE), "--material", "UNOBTAINIUM"]
    result = CliRunner().invoke(command, words)
    assert isinstance(result.exception, NotFound)
    assert "material 'UNOBTAINIUM': not known" in result.exception.message
    assert result.exception.remedy.startswith("known are ABS, ")


def test_people_read_why_nobody_can_make_it(plate: str) -> None:
    words = [plate, "--network", str(DEMO_FILE), "--material", "asa"]
    result = CliRunner().invoke(command, words)
    assert result.exit_code == 0
    facilities = len(json.loads(DEMO_FILE.read_text())["facilities"])
    first, why, *_ = result.stdout.splitlines()
    assert "0 machines can make it" in first
    assert why.startswith(
        f"  why not, by number of facilities: material-missing {facilities}"
    )


def test_a_network_that_is_not_there_is_not_found(plate: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(command, [plate, "--network", str(tmp_path / "no")])
    assert isinstance(result.exception, NotFound)


@pytest.fixture
def foil(tmp_path: Path) -> str:
    path = tmp_path / "foil.stl"
    path.write_bytes(write_stl(cuboid_mesh(40, 40, 0.15)))
    return str(path)


def test_thinness_is_judged_by_each_machine_and_its_profile(foil: str) -> None:
    words = [foil, "--network", str(DEMO_FILE), "--json"]
    answer = json.loads(CliRunner().invoke(command, words).stdout)
    # 0.15 mm is less than one layer of every profile of the demo, 0.2 mm.
    assert answer["machines"] == []
    told = {
        reason["message"]
        for each in answer["refusals"]
        for reason in each["reasons"]
        if reason["rule"] == "thinner-than-layer"
    }
    assert any("mk3s-pla-0.20" in one and "one layer of 0.2 mm" in one for one in told)
    thin = Path(foil).with_name("thin.stl")
    thin.write_bytes(write_stl(cuboid_mesh(40, 40, 0.25)))
    words = [str(thin), "--network", str(DEMO_FILE), "--json"]
    found = json.loads(CliRunner().invoke(command, words).stdout)
    assert found["machines"]
    assert {one["code"] for each in found["machines"] for one in each["findings"]} >= {
        "thin-walls"
    }
