"""``nearmade plan order``: who makes which part, and the runners-up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from nearmade.adapters.openscad import Settings
from nearmade.adapters.sandbox import bubblewrap
from nearmade.cli.plan_order import command
from nearmade.vocabulary.errors import NotFound

DEMO = Path(__file__).resolve().parents[2] / "examples/networks/demo.json"

MANIFEST = """
okhv = "2.4"
name = "Peg and board"
repo = "https://example.org/peg"
version = "1.0.0"
license = "CC0-1.0"
licensor = "The Nearmade authors"
function = "A peg in a board."
[nearmade]
id = "peg-board"
summary = "A peg in a board."
purpose = "home"
[[part]]
name = "Peg"
source = "peg-board.scad"
material = "PLA"
[part.nearmade]
part = "peg"
quantity = 4
[[part]]
name = "Board"
source = "peg-board.scad"
material = "PETG"
[part.nearmade]
part = "board"
quantity = 1
"""
SOURCE = """
side = 8; // [4:20]
/* [Hidden] */
part = "peg";
if (part == "peg" || part == "assembly") cube([side, side, 30]);
if (part == "board" || part == "assembly") cube([80, 60, 5]);
"""

outside = [
    pytest.mark.outside,
    pytest.mark.skipif(bubblewrap() is None, reason="bubblewrap does not work here"),
    pytest.mark.skipif(
        Settings.found().wasm is None and Settings.found().debian is None,
        reason="OpenSCAD is not set up",
    ),
]


@pytest.fixture
def peg_board(tmp_path: Path) -> Path:
    """Lay out a design of two parts."""
    folder = tmp_path / "peg-board"
    folder.mkdir()
    (folder / "okh.toml").write_text(MANIFEST)
    (folder / "peg-board.scad").write_text(SOURCE)
    return folder


class TestPlanned:
    """With a real engine."""

    pytestmark = outside

    def test_every_part_has_a_maker_and_every_way_a_leg(self, peg_board: Path) -> None:
        arguments = ["--network", str(DEMO), "--to", "Nairobi, KE", "--set", "side=6"]
        ran = CliRunner().invoke(
            command,
            [str(peg_board), *arguments, "--quantity", "2", "--json"],
            catch_exceptions=False,
        )
        assert ran.exit_code == 0
        answer = json.loads(ran.stdout)
        assert answer["design"] == "peg-board"
        assert answer["uncovered"] == []
        assert len(answer["plans"]) == 5
        for plan in answer["plans"]:
            assert [made["part"] for made in plan["made"]] == ["peg", "board"]
            makers = {made["facility_id"] for made in plan["made"]}
            for made in plan["made"]:  # what accounting for a plan needs
                assert made["material"] in ("PLA", "PETG")
                assert len(made["country"]) == 2
                for figure in ("mass_g", "energy_wh", "time_s"):
                    assert 0 < made[figure]["low"] <= made[figure]["value"]
            home = plan["assembly"]["facility_id"]
            origins = [leg["from"] for leg in plan["legs"]]
            assert sorted(origins) == sorted({*makers, home})
            assert plan["price_usd"] > 0
        costs = [plan["objective_usd"] for plan in answer["plans"]]
        assert costs == sorted(costs)
        quantities = {b["part"]: b["quantity"] for b in answer["offers"][0]["builds"]}
        assert quantities == {"peg": 8, "board": 2}

    def test_people_get_the_plans_in_order(self, peg_board: Path) -> None:
        ran = CliRunner().invoke(
            command, [str(peg_board), "--network", str(DEMO), "--to", "Lyon, FR"]
        )
        assert ran.exit_code == 0
        assert ran.stdout.startswith("1. ")
        assert "together at Croix-Rousse Fab Lab (demo)" in ran.stdout


def test_an_unknown_design_is_not_found() -> None:
    ran = CliRunner().invoke(
        command, ["no-such-design", "--network", str(DEMO), "--to", "Lyon, FR"]
    )
    assert isinstance(ran.exception, NotFound)


def test_the_help_shows_an_example() -> None:
    assert (
        "Example: nearmade plan order" in CliRunner().invoke(command, ["--help"]).stdout
    )
