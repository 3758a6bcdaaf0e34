"""The command ``impact``: body, lines, refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from nearmade.cli.impact import command, read_inventory
from nearmade.vocabulary.errors import InvalidInput

EXAMPLE = Path(__file__).resolve().parents[2] / "docs/inventory.example.json"


def test_the_example_inventory_gives_a_card() -> None:
    result = CliRunner().invoke(command, [str(EXAMPLE), "--json"])
    assert result.exit_code == 0, result.output
    card = json.loads(result.stdout)
    assert card["here"]["kgco2e"]["low"] < card["here"]["kgco2e"]["high"]
    assert set(card["better_here_fraction"]) == {
        "kgco2e",
        "ced_mj",
        "price_usd",
        "days",
    }
    assert all(factor["source"] for factor in card["factors"])


def test_a_part_needs_no_inventory() -> None:
    arguments = "--mass-g 20 --material PETG --energy-wh 100 --country KE --json"
    result = CliRunner().invoke(
        command, [*arguments.split(), "--distance-km", "50", "--to", "Nairobi, KE"]
    )
    assert result.exit_code == 0, result.output
    here = json.loads(result.stdout)["here"]
    grams = {one["activity"]: one["gco2e"]["value"] for one in here["contributions"]}
    # 0.1 kWh / 0.95 x 84.83 and, with 30 g of board, 50e-6 t x 50 km x 782.25
    assert grams["electricity"] == pytest.approx(8.483 / 0.95)
    assert grams["freight"] == pytest.approx(1.955625)


def test_the_country_is_that_of_the_place_unless_said() -> None:
    arguments = ["--mass-g", "20", "--energy-wh", "100", "--json"]
    said = CliRunner().invoke(
        command, [*arguments, "--country", "KE", "--to", "Nairobi, KE"]
    )
    unsaid = CliRunner().invoke(command, [*arguments, "--to", "Nairobi, KE"])
    assert said.stdout == unsaid.stdout


def test_people_get_lines_with_both_alternatives() -> None:
    result = CliRunner().invoke(command, [str(EXAMPLE)])
    assert "Made here: " in result.stdout
    assert "Made centrally: " in result.stdout
    assert "Resting on assumptions: " in result.stdout


def test_neither_inventory_nor_mass_is_refused() -> None:
    result = CliRunner().invoke(command, ["--to", "Nairobi, KE"])
    assert isinstance(result.exception, InvalidInput)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"functional_unit": 1, "to": 3}', "\x00", "nonsense"]
)
def test_a_file_that_is_no_inventory_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "inventory.json"
    path.write_text(text)
    with pytest.raises(InvalidInput, match=r"inventory\.json"):
        read_inventory(path)


def test_an_unknown_mode_of_carriage_is_refused(tmp_path: Path) -> None:
    row = json.loads(EXAMPLE.read_text())
    row["legs"][0]["mode"] = "drone"
    path = tmp_path / "inventory.json"
    path.write_text(json.dumps(row))
    result = CliRunner().invoke(command, [str(path)])
    assert isinstance(result.exception, InvalidInput)
    assert "drone" in result.exception.message


def test_a_place_may_be_given_by_its_coordinates(tmp_path: Path) -> None:
    row = json.loads(EXAMPLE.read_text())
    row["to"] = {"name": "here", "country": "KE", "lat_deg": -1.3, "lon_deg": 36.8}
    path = tmp_path / "inventory.json"
    path.write_text(json.dumps(row))
    assert read_inventory(path).central.haul.sea_km.value == 10_326


def test_an_inventory_nested_without_end_is_refused(tmp_path: Path) -> None:
    deep = tmp_path / "deep.json"
    deep.write_text("[" * 200_000)
    with pytest.raises(InvalidInput, match=r"deep\.json: no JSON"):
        read_inventory(deep)
