"""``nearmade match`` of designs whose parts are mesh files, with what one may ask."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from nearmade.cli import match, match_wish
from nearmade.cli.match import command
from nearmade.vocabulary.errors import InvalidInput, NotFound
from tests.cli.test_match import DEMO, box_stl

MANIFEST = """
okhv = "OKH-LOSHv1.0"
name = "Clamp"
repo = "https://example.org/clamp"
version = "2.1"
license = "CERN-OHL-S-2.0"
licensor = "A. Maker"
function = "Holds a pipe."

[[part]]
name = "Clamp Ring"
tsdc = "3DP"
printing-process = "FDM"
material = "PETG"
infill = 30
source = "parts/ring.FCStd"
export = ["parts/ring.pdf", "/parts/ring.stl"]

[[part]]
name = "Jaw"
source = "parts/jaw.3mf"
export = "./parts/jaw.stl"

[part.nearmade]
quantity = 2
materials = ["PLA", "PETG"]

[[part]]
name = "Screw M4"
tsdc = ["STD", "COT"]
"""
V1 = """%Open Know-How Manifest 1.0
---
title: Clamp
description: Holds a pipe.
license:
  hardware: CC-BY-SA-4.0
manufacturing-files:
  - path: ring.stl
    title: the ring
  - path: https://example.org/jaw.stl
    title: the jaw
design-files:
  - path: ring.FCStd
"""


@pytest.fixture
def clamp(tmp_path: Path) -> Path:
    """A design of two parts in mesh files and one that is bought."""
    folder = tmp_path / "clamp"
    (folder / "parts").mkdir(parents=True)
    (folder / "okh.toml").write_text(MANIFEST)
    (folder / "parts/ring.stl").write_bytes(box_stl(60, 60, 10))
    (folder / "parts/jaw.stl").write_bytes(box_stl(40, 20, 8))
    return folder


def ran(path: Path, *words: str) -> Result:
    asked = [str(path), "--network", str(DEMO), "--to", "Nairobi, KE", *words]
    return CliRunner().invoke(command, asked)


def ask(path: Path, *words: str) -> dict[str, Any]:
    done = ran(path, *words, "--json")
    assert done.exit_code == 0, done.exception
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def rules_of(answer: dict[str, Any], part: str) -> set[str]:
    (found,) = (each for each in answer["components"] if each["part"] == part)
    return {r["rule"] for site in found["refusals"] for r in site["reasons"]}


def materials_of(answer: dict[str, Any], part: str) -> set[str]:
    (found,) = (each for each in answer["components"] if each["part"] == part)
    return {each["material"] for each in found["makers"]}


def test_parts_in_mesh_files_are_matched_and_what_is_only_bought_is_bought(
    clamp: Path,
) -> None:
    # Of the jaw the source is not there, and what was exported of it is.
    whole = ask(clamp)
    assert [each["part"] for each in whole["components"]] == ["clamp-ring", "jaw"]
    assert (whole["verdict"], whole["unmeasured"]) == ("yes", [])
    (clamp / "parts/jaw.stl").unlink()
    answer = ask(clamp)
    assert [each["part"] for each in answer["components"]] == ["clamp-ring"]
    assert answer["unmeasured"] == [
        {"part": "jaw", "title": "Jaw", "why": "its file parts/jaw.3mf is not there"}
    ]
    assert answer["verdict"] == "unknown"
    assert [one["name"] for one in answer["bought"]["lines"]] == ["Screw M4"]
    assert materials_of(answer, "clamp-ring") == {"PETG"}


@pytest.mark.parametrize(
    "bill",
    [b"Item;Count\nscrew;2\n", b"name,kind\nscrew,\n", b"\xff\xfe\xfa", None],
    ids=["other-layout", "no-kind", "no-text", "not-there"],
)
def test_a_bill_of_materials_that_nobody_read_lets_nothing_be_promised(
    clamp: Path, bill: bytes | None
) -> None:
    (clamp / "okh.toml").write_text(f'bom = "bill.csv"\n{MANIFEST}')
    if bill is not None:
        (clamp / "bill.csv").write_bytes(bill)
    answer = ask(clamp)
    assert (answer["verdict"], answer["uncovered"]) == ("unknown", [])
    (told,) = answer["unread"]
    assert told.startswith("the bill of materials bill.csv was left out: ")
    assert told in answer["assumed"]
    first = ran(clamp).stdout.splitlines()[0]
    assert first == (
        "Clamp, to Nairobi, KE: every component is covered; its bill of materials was "
        "not read: what is to be bought and what hands do is unknown."
    )
    (clamp / "bill.csv").write_text("name,quantity,unit,kind\nscrew,2,pcs,bought\n")
    assert (ask(clamp)["verdict"], ask(clamp)["unread"]) == ("yes", [])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("fit it,1,pcs,work", "assembly, time not said "),
        ("fit it,10,s,work", "assembly, under a minute "),
        ("fit it,5,min,work", "assembly, 5 min "),
    ],
)
def test_hand_work_whose_time_nobody_says_takes_no_zero_minutes(
    clamp: Path, line: str, told: str
) -> None:
    (clamp / "okh.toml").write_text(f'bom = "bill.csv"\n{MANIFEST}')
    (clamp / "bill.csv").write_text(f"name,quantity,unit,kind\n{line}\n")
    assert f"\n  {told}" in ran(clamp).stdout


def test_what_a_manifest_leaves_open_is_assumed_aloud_or_said_by_the_caller(
    clamp: Path,
) -> None:
    answer = ask(clamp)
    assert answer["verdict"] == "yes"
    assert answer["assumed"] == ["Jaw: how it is made is not said: FDM was taken"]
    assert {each["part"]: each["quantity"] for each in answer["components"]} == {
        "clamp-ring": 1, "jaw": 2,
    }  # fmt: skip
    told = ran(clamp)
    assert "note: Jaw: how it is made is not said: FDM was taken" in told.stderr
    said = ask(clamp, "--process", "SLA", "--infill", "0.5")
    assert said["assumed"] == []
    assert materials_of(said, "clamp-ring") == {"PETG"}
    assert said["uncovered"] == ["jaw"]  # nobody prints PLA or PETG in a vat of resin


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (("--within", "50"), "too-far"),
        (("--not-in", "KE"), "barred-country"),
        (("--by", "2026-01-31"), "starts-too-late"),
        (("--detail", "0.3"), "detail-too-fine"),
        (("--colour", "mauve"), "colour-missing"),
        (("--property", "flexible"), "property-missing"),
        (("--non-commercial",), "non-commercial-licence"),
    ],
)
def test_each_wish_holds_for_every_component(
    clamp: Path, words: tuple[str, ...], rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The call is made in time; the sites are asked today, too late.
    monkeypatch.setattr(match_wish, "now_utc", lambda: datetime(2026, 1, 1, tzinfo=UTC))
    answer = ask(clamp, *words)
    assert rule in rules_of(answer, "clamp-ring")
    assert rule in rules_of(answer, "jaw")


def test_who_comes_to_visit_comes_where_it_is_brought_together(clamp: Path) -> None:
    plain, visited = ask(clamp), ask(clamp, "--visit")
    assert "no-visitors" not in rules_of(visited, "jaw")
    assert set(visited["assemblers"]) < set(plain["assemblers"])
    alone = MANIFEST.partition('[[part]]\nname = "Jaw"')[0]
    (clamp / "okh.toml").write_text(alone)
    assert "no-visitors" in rules_of(ask(clamp, "--visit"), "clamp-ring")


def test_a_certificate_is_asked_of_machines_and_of_the_place_of_assembly(
    clamp: Path,
) -> None:
    answer = ask(clamp, "--certificate", "AS9100")
    for each in answer["components"]:
        asked = {q["rule"] for site in each["to_ask"] for q in site["questions"]}
        assert asked == {"certification-unknown"}
    assert answer["assemblers"] == []
    assert answer["assemblers_to_ask"]


def test_a_material_may_be_chosen_of_those_that_every_component_allows(
    clamp: Path,
) -> None:
    chosen = ask(clamp, "--material", "petg")
    assert materials_of(chosen, "jaw") == {"PETG"}
    refused = ran(clamp, "--material", "PLA").exception
    assert isinstance(refused, InvalidInput)
    assert refused.message == "Clamp Ring is made of PETG, not of PLA"


def test_what_the_design_says_of_every_part_is_not_asked_of_the_caller(
    clamp: Path,
) -> None:
    (clamp / "okh.toml").write_text(MANIFEST.partition('[[part]]\nname = "Jaw"')[0])
    for words in (("--process", "SLA"), ("--infill", "0.5")):
        refused = ran(clamp, *words).exception
        assert isinstance(refused, InvalidInput)
        assert f"{words[0]}: Clamp says of each component" in refused.message


def test_a_manifest_may_be_given_itself_whatever_its_name(clamp: Path) -> None:
    folder = ask(clamp)
    assert ask(clamp / "okh.toml") == folder
    (clamp / "okh.toml").rename(clamp / "clamp.okh.toml")
    assert ask(clamp) == folder
    (clamp / "okh-other.yml").write_text("title: another")
    several = ran(clamp).exception
    assert isinstance(several, InvalidInput)
    assert "clamp.okh.toml, okh-other.yml" in several.message


def test_mesh_files_of_a_manifest_of_okh_1_are_parts(tmp_path: Path) -> None:
    (tmp_path / "ring.stl").write_bytes(box_stl(60, 60, 10))
    manifest = tmp_path / "okh.yml"
    manifest.write_text(V1)
    answer = ask(manifest)
    assert [each["title"] for each in answer["components"]] == ["the ring"]
    assert answer["assumed"] == [
        "the ring: how it is made is not said: FDM was taken",
        "the ring: its material is not said: PLA was taken",
    ]
    assert answer["verdict"] == "yes"
    manifest.write_text(V1.replace("ring.stl", "ring.dxf"))
    refused = ran(manifest).exception
    assert isinstance(refused, InvalidInput)
    assert refused.code == "design-without-parts"
    assert "match a mesh file of it by itself, such as ring.stl" in refused.remedy


def test_a_design_without_a_licence_is_for_those_who_work_without_pay(
    clamp: Path,
) -> None:
    text = MANIFEST.replace('license = "CERN-OHL-S-2.0"\n', "")
    (clamp / "okh.toml").write_text(text)
    answer = ask(clamp)
    assert "non-commercial-licence" in rules_of(answer, "clamp-ring")
    assert (
        "the manifest names no licence: only sites that work without pay are asked"
        in answer["assumed"]
    )


def test_a_folder_without_a_manifest_is_told_what_to_name_instead(
    tmp_path: Path,
) -> None:
    nothing = ran(tmp_path).exception
    assert isinstance(nothing, NotFound)
    assert nothing.remedy == "name a mesh file, or a folder with an okh.toml"
    (tmp_path / "ring.stl").write_bytes(box_stl(60, 60, 10))
    meshes = ran(tmp_path).exception
    assert isinstance(meshes, NotFound)
    assert meshes.remedy == "match a mesh file of it by itself, such as ring.stl"


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("okh.toml", "name = ", "okh.toml: no manifest of OKH"),
        ("okh.yml", "- one\n- two", "okh.yml: no manifest of OKH"),
        ("okh.toml", 'name = "Bare"', "names no part and no mesh file"),
        ("okh.toml", 'name = "X"\nexport = "../../x.stl"', "names no part"),
        ("okh.toml", '[[part]]\nexport = "ring.stl"', "torn.stl"),
    ],
)
def test_a_manifest_that_cannot_be_matched_is_refused(
    tmp_path: Path, name: str, text: str, says: str
) -> None:
    (tmp_path / "torn.stl").write_bytes(b"nonsense")
    text = text.replace("ring.stl", "torn.stl")
    (tmp_path / name).write_text(text)
    refused = ran(tmp_path / name).exception
    assert isinstance(refused, InvalidInput)
    assert says in refused.message
    assert refused.remedy


def test_a_link_out_of_the_design_is_not_followed(clamp: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.stl"
    secret.write_bytes(box_stl(10, 10, 10))
    (clamp / "parts/ring.stl").unlink()
    (clamp / "parts/ring.stl").symlink_to(secret)
    refused = ran(clamp).exception
    assert isinstance(refused, InvalidInput)
    assert "lies outside the design's folder" in refused.message


def test_a_part_whose_file_is_broken_does_not_stop_the_others(clamp: Path) -> None:
    (clamp / "parts/jaw.stl").write_bytes(b"nonsense")
    answer = ask(clamp)
    assert [each["part"] for each in answer["components"]] == ["clamp-ring"]
    (lost,) = answer["unmeasured"]
    assert lost["part"] == "jaw"
    assert "jaw.stl" in lost["why"]
    told = ran(clamp)
    assert "; some parts could not be measured." in told.stdout.splitlines()[0]


def test_a_material_that_nobody_knows_is_told(clamp: Path) -> None:
    text = MANIFEST.replace('material = "PETG"', 'material = "Unobtainium"')
    (clamp / "okh.toml").write_text(text)
    told = (
        "Clamp Ring: Unobtainium is no material known here: it goes by its name alone"
    )
    assert told in ask(clamp)["assumed"]


def test_a_starter_design_is_matched_by_its_id(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(
        match, "match_design", lambda path, *_, **__: asked.append(path)
    )
    words = ["spectacles", "--network", str(DEMO), "--to", "Nairobi, KE"]
    assert CliRunner().invoke(command, words).exit_code == 0
    assert [path.name for path in asked] == ["spectacles"]
    assert (asked[0] / "okh.toml").is_file()


@pytest.mark.parametrize("name", ["no-such-design", "nowhere.stl", "no/where"])
def test_what_is_neither_a_file_nor_a_design_is_not_found(name: str) -> None:
    words = [name, "--network", str(DEMO), "--to", "Nairobi, KE"]
    done = CliRunner().invoke(command, words)
    assert isinstance(done.exception, NotFound)
    assert done.exception.remedy
