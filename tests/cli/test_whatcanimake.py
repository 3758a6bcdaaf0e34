"""``nearmade whatcanimake``, and ``nearmade match`` and ``plan`` of whole designs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from nearmade.adapters.network_file import load_network
from nearmade.adapters.openscad import Settings
from nearmade.adapters.sandbox import bubblewrap
from nearmade.cli.match import command as match_command
from nearmade.cli.plan_order import command as plan_command
from nearmade.cli.whatcanimake import command, facility_given
from nearmade.facilities.record import facility_record
from nearmade.vocabulary.errors import InvalidInput, NotFound
from tests.cli.test_match import box_stl

DEMO = Path(__file__).resolve().parents[2] / "examples/networks/demo.json"

MANIFEST = """
okhv = "2.4"
name = "{title}"
repo = "https://example.org/{id}"
version = "1.0.0"
license = "CC0-1.0"
licensor = "The Nearmade authors"
function = "For a test."
[nearmade]
id = "{id}"
summary = "For a test."
purpose = "home"
assembly-minutes = 4
[[part]]
name = "Body"
source = "{id}.scad"
material = "{material}"
[part.nearmade]
part = "body"
[[part]]
name = "Pin"
source = "{id}.scad"
material = "PLA"
[part.nearmade]
part = "pin"
quantity = 2
"""
SOURCE = """
side = {side}; // [4:400]
/* [Hidden] */
part = "body";
if (part == "body" || part == "assembly") cube([side, 20, 5]);
if (part == "pin" || part == "assembly") cube([4, 4, 20]);
"""
BOM = """name,quantity,unit,kind,price_usd,mass_g,note,service
screw,3,pcs,bought,0.1,2,,
magnet,1,pcs,bought,,,,
{work},4,min,work,,,,{service}
"""

outside = [
    pytest.mark.outside,
    pytest.mark.skipif(bubblewrap() is None, reason="bubblewrap does not work here"),
    pytest.mark.skipif(
        Settings.found().wasm is None and Settings.found().debian is None,
        reason="OpenSCAD is not set up",
    ),
]


def lay_out(
    catalogue: Path, name: str, side_mm: int, material: str, service: str = ""
) -> None:
    folder = catalogue / name
    folder.mkdir(parents=True)
    manifest = MANIFEST.format(title=name.title(), id=name, material=material)
    (folder / "okh.toml").write_text(manifest)
    (folder / f"{name}.scad").write_text(SOURCE.format(side=side_mm))
    (folder / "bom.csv").write_text(BOM.format(work="join", service=service))


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four designs, one with the id of another, and a folder that is none."""
    folder = tmp_path_factory.mktemp("catalogue")
    lay_out(folder, "box", 60, "PLA")
    lay_out(folder, "lamp", 60, "PLA", "POLISHING")
    lay_out(folder, "rail", 300, "PLA")
    lay_out(folder, "seal", 40, "TPU")
    lay_out(folder, "twin", 50, "PLA")
    manifest = (
        (folder / "twin/okh.toml").read_text().replace('id = "twin"', 'id = "box"')
    )
    (folder / "twin/okh.toml").write_text(manifest)
    (folder / "twin/twin.scad").rename(folder / "twin/box.scad")
    (folder / "torn").mkdir()
    (folder / "torn/okh.toml").write_text('name = "Torn"')
    return folder


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def farm(tmp_path: Path) -> Path:
    """The print farm of the demo network, silent about hand work, in a file."""
    farm = next(one for one in load_network(DEMO) if one.id == "nairobi-print-farm")
    file = tmp_path / "farm.json"
    silent = replace(farm, services=())
    file.write_text(json.dumps(facility_record(silent)))
    return file


def ask(*arguments: object, site: str | None = None) -> Result:
    words = [str(one) for one in arguments]
    return CliRunner().invoke(command, words + (["--site", site] if site else []))


class TestAnswered:
    """With a real engine."""

    pytestmark = outside

    def answer(self, farm: Path, catalogue: Path, cache: Path) -> dict[str, Any]:
        ran = ask(farm, "--catalogue", catalogue, "--cache", cache, "--json")
        assert ran.exit_code == 0, ran.exception
        found: dict[str, Any] = json.loads(ran.stdout)
        return found

    def test_each_design_has_an_answer_and_the_best_purchase_comes_first(
        self, farm: Path, catalogue: Path, cache: Path
    ) -> None:
        found = self.answer(farm, catalogue, cache)
        verdicts = {each["id"]: each["verdict"] for each in found["designs"]}
        # 300 mm is more than the 250 mm of its largest bed; it holds no TPU.
        assert verdicts == {
            "box": "yes", "lamp": "unknown", "rail": "no", "seal": "no",
        }  # fmt: skip
        by_id = {each["id"]: each for each in found["designs"]}
        (lack,) = by_id["seal"]["lacks"]
        assert (lack["what"], lack["title"]) == ("body", "Body")
        assert lack["reasons"][0]["rule"] == "material-missing"
        assert by_id["lamp"]["ask"][0]["what"] == "POLISHING"
        bought = by_id["box"]["bought"]
        assert bought["price_usd"] == pytest.approx(0.3)
        assert bought["unpriced"] == ["magnet"]
        firsts = [(o["things"][0]["code"], o["opens"]) for o in found["purchases"]]
        assert firsts[0] == ("TPU", ["seal"])
        assert ("POLISHING", ["lamp"]) in firsts
        assert {code for code, opens in firsts if opens == ["rail"]} == {
            "ender5plus"  # the only one with 308 mm and profiles of the house
        }
        assert [each["folder"] for each in found["unread"]] == ["torn", "twin"]
        assert found["unread"][1]["message"] == "has the id box, as the folder box"

    def test_meshes_and_facts_are_kept_and_give_the_same_answer(
        self, farm: Path, catalogue: Path, cache: Path
    ) -> None:
        first = self.answer(farm, catalogue, cache)
        kept = sorted((cache / "facts").rglob("*.json"))
        assert len(kept) == 5  # five bodies, of which two are alike; one pin
        kept[0].write_text("torn")
        assert self.answer(farm, catalogue, cache) == first

    def test_people_get_a_table_and_progress_goes_elsewhere(
        self, farm: Path, catalogue: Path, cache: Path
    ) -> None:
        ran = ask(farm, "--catalogue", catalogue, "--cache", cache, "--purchases", 1)
        lines = ran.stdout.splitlines()
        assert lines[0].endswith(
            "can make 1 of 4 designs; must be asked for 1, cannot make 2."
        )
        assert [line.split()[1] for line in lines if line[:3] in ("yes", "ask")] == [
            "box",
            "lamp",
        ]
        assert any(line.startswith("+1") and "TPU" in line for line in lines)
        assert lines[-1].startswith("and ")
        assert "6 of 6 designs: twin" in ran.stderr
        assert "of 6 designs" not in ran.stdout

    def test_addresses_name_site_and_designs_where_a_platform_is_told(
        self, farm: Path, catalogue: Path, cache: Path
    ) -> None:
        ran = ask(
            farm, "--catalogue", catalogue / "box", "--cache", cache,
            "--platform", "https://Made.example/", "--json",
        )  # fmt: skip
        found = json.loads(ran.stdout)
        site = "https://made.example/sites/nairobi-print-farm"
        assert found["facility"]["url"] == site
        assert found["designs"][0]["url"] == "https://made.example/designs/box"

    def test_match_takes_the_folder_of_a_design(self, catalogue: Path) -> None:
        near = ["--network", str(DEMO), "--to", "Nairobi, KE"]
        folder = str(catalogue / "lamp")
        ran = CliRunner().invoke(match_command, [folder, *near, "--json"])
        found = json.loads(ran.stdout)
        assert (found["design"], found["uncovered"]) == ("lamp", [])
        assert {made["part"] for made in found["components"]} == {"body", "pin"}
        # No site of the demo network says that it polishes; some say nothing.
        assert (found["verdict"], found["uncovered_work"]) == (
            "unknown",
            ["POLISHING"],
        )
        assert found["bought"]["lines"][0]["quantity"] == 3
        lines = CliRunner().invoke(match_command, [folder, *near]).stdout
        told = "uncovered: polishing; some sites must be asked."
        assert lines.startswith(f"Lamp, to Nairobi, KE: {told}")
        wishes = ["--infill", "1", "--process", "FDM", "--within", "1", "--json"]
        far = json.loads(
            CliRunner().invoke(match_command, [folder, *near, *wishes]).stdout
        )
        assert far["uncovered"] == []
        assert {each["rule"] for one in far["components"] for site in one["refusals"]
                for each in site["reasons"]} >= {"too-far"}  # fmt: skip

    def test_a_plan_tells_why_a_component_stays_uncovered(
        self, catalogue: Path, cache: Path
    ) -> None:
        asked = [
            str(catalogue / "box"), "--network", str(DEMO), "--to", "Nairobi, KE",
            "--set", "side=399", "--cache", str(cache),
        ]  # fmt: skip
        lines = CliRunner().invoke(plan_command, asked).stdout.splitlines()
        assert lines[0] == "No plan: nobody can make body."
        assert lines[1] == "Box: uncovered: Body"
        assert any("nearest: " in line and "407 mm" in line for line in lines)
        whole = json.loads(CliRunner().invoke(plan_command, [*asked, "--json"]).stdout)[
            "whole"
        ]
        assert whole["uncovered"] == ["body"]
        assert whole["components"][0]["nearest"]["reasons"]
        changes = [one["change"] for one in whole["components"][0]["changes"]]
        assert "scale" in changes
        assert any("would do: scale to" in line for line in lines)


def test_a_file_of_several_sites_needs_a_name() -> None:
    with_none = ask(DEMO).exception
    assert isinstance(with_none, InvalidInput)
    assert with_none.code == "facility-unnamed"
    assert "1 nairobi-print-farm (Ngara Road Print Farm (demo))" in with_none.remedy
    unknown = ask(DEMO, site="nairobi-vam").exception
    assert isinstance(unknown, NotFound)
    assert "nairobi-van" in unknown.message


def test_what_is_no_facility_is_refused_with_what_to_do(tmp_path: Path) -> None:
    text = tmp_path / "notes.json"
    text.write_text("[1, 2")
    for file, kind in ((text, InvalidInput), (tmp_path / "none.json", NotFound)):
        error = ask(file).exception
        assert isinstance(error, kind)
        assert error.remedy


def test_a_record_that_says_too_little_is_told_what_to_say(tmp_path: Path) -> None:
    bare = tmp_path / "bare.json"
    bare.write_text('{"name": "A lab", "facility_status": "Active"}')
    with_none = facility_given(bare, None)
    assert with_none.id == "a-lab"
    assert with_none.unsaid == (
        "feedstocks", "kind", "location", "opening", "power", "tariff",
    )  # fmt: skip


def test_a_site_is_named_by_id_name_or_number(tmp_path: Path) -> None:
    file = tmp_path / "labs.json"
    labs = [{"name": f"Lab {n}", "facility_status": "Active"} for n in range(3)]
    broken = {"name": "Broken", "facility_status": "asleep"}
    file.write_text(json.dumps([*labs, broken]))
    for site in ("lab-1", "lab  1", "2"):
        assert facility_given(file, site).name == "Lab 1"
    with pytest.raises(InvalidInput, match="asleep"):
        facility_given(file, "Broken")
    with pytest.raises(NotFound) as unknown:
        facility_given(file, "Lab 9")
    assert unknown.value.remedy == (
        "labs.json holds 1 lab-0 (Lab 0), 2 lab-1 (Lab 1), 3 lab-2 (Lab 2)"
    )


def test_a_folder_without_designs_is_not_a_catalogue(
    farm: Path, tmp_path: Path
) -> None:
    error = ask(farm, "--catalogue", tmp_path).exception
    assert isinstance(error, NotFound)
    assert error.code == "catalogue-empty"
    error = ask(farm, "--catalogue", tmp_path / "nowhere").exception
    assert isinstance(error, NotFound)


def test_a_platform_that_is_no_address_is_refused_before_any_work(farm: Path) -> None:
    error = ask(farm, "--platform", "made.example").exception
    assert isinstance(error, InvalidInput)
    assert error.code == "address-refused"


def test_the_help_shows_examples() -> None:
    help_text = CliRunner().invoke(command, ["--help"]).stdout
    assert "Example: nearmade whatcanimake" in help_text
    assert "Exit codes" in help_text


def test_a_blank_path_is_not_the_folder_one_stands_in(farm: Path) -> None:
    for words in (["--catalogue", ""], ["--cache", " "]):
        refused = ask(farm, *words)
        assert refused.exit_code == 2
        assert "a blank path names nothing" in refused.output
    assert "a blank path names nothing" in ask("").output
    near = ["--network", "", "--to", "Nairobi, KE"]
    told = CliRunner().invoke(match_command, [str(farm), *near])
    assert "a blank path names nothing" in told.output


def test_designs_in_mesh_files_are_judged_and_assumptions_told(
    farm: Path, tmp_path: Path
) -> None:
    for name in ("hook", "board"):
        (tmp_path / "shelf" / name).mkdir(parents=True)
    manifest = 'name = "Hook"\nlicense = "CC0-1.0"\nexport = "hook.stl"\n'
    (tmp_path / "shelf/hook/okh.toml").write_text(manifest)
    (tmp_path / "shelf/hook/hook.stl").write_bytes(box_stl(30, 20, 5))
    board = 'name = "Board"\n[[part]]\nname = "PCB"\ntsdc = "PCB"\n'
    (tmp_path / "shelf/board/okh.toml").write_text(
        board + '[[part]]\nname = "Lid"\nexport = "lid.stl"\n'
    )
    (tmp_path / "shelf/board/lid.stl").write_bytes(box_stl(30, 20, 5))
    ran = ask(
        farm, "--catalogue", tmp_path / "shelf", "--cache", tmp_path / "kept", "--json"
    )
    found = json.loads(ran.stdout)
    assert [(d["id"], d["verdict"]) for d in found["designs"]] == [("hook", "yes")]
    (unread,) = found["unread"]
    assert unread["folder"] == "board"
    assert unread["message"].startswith("PCB cannot be judged: its manifest names no")
    assert "note: hook: Hook: its material is not said: PLA was taken" in ran.stderr
