"""``nearmade okw`` checks and converts records of facilities."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from nearmade.adapters.network_file import load_network
from nearmade.cli.okw import command
from nearmade.facilities.okw import read_okw
from nearmade.vocabulary.errors import InvalidInput
from tests.facilities.okw_documents import (
    ATOMS,
    FAB_LAB,
    RELATIONAL,
    WORKSHOP,
    as_bytes,
)

DEMO = Path(__file__).resolve().parents[2] / "examples/networks/demo.json"


@pytest.fixture
def workshop(tmp_path: Path) -> Path:
    file = tmp_path / "workshop.json"
    file.write_bytes(as_bytes(WORKSHOP))
    return file


def run(*words: object) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words])


def test_check_tells_notes_and_passes(workshop: Path) -> None:
    done = run("check", workshop)
    assert done.exit_code == 0, done.output
    assert "OKW, class-model, json: 1 facility, 0 faults, 3 notes" in done.stdout
    assert "equipment[0].nozzle_size: whole number '0.4'" in done.stdout


def test_check_names_faults_and_ends_with_2(workshop: Path) -> None:
    tree = copy.deepcopy(WORKSHOP)
    tree["location"]["address"] |= {"postcode": 505, "country": "Atlantis"}
    workshop.write_bytes(as_bytes(tree))
    done = run("check", workshop)
    assert done.exit_code == 2
    assert "✗ location.address.country: code 'Atlantis' → must be" in done.stdout
    assert "workshop.json: 2 faults" in done.stderr
    told = json.loads(run("check", workshop, "--json").stdout)
    assert told["refused"]["code"] == "okw-faults"


CROW = """# kept
name: Crow
location:
  address: {city: Lyon, country: FR, KEY: 05738}
equipment: []
"""


@pytest.mark.parametrize("key", ["postcode", "postalCode"])
def test_a_postcode_keeps_the_zero_that_yaml_drops(tmp_path: Path, key: str) -> None:
    file = tmp_path / "crow.yaml"
    file.write_text(CROW.replace("KEY", key))
    told = json.loads(run("check", file, "--json").stdout)
    (fault,) = (one for one in told["findings"] if one["fault"])
    assert (fault["rule"], fault["value"]) == ("postcode", "05738")
    assert fault["path"] == f"location.address.{key}"
    assert fault["suggestion"].startswith('write it as text, "05738"')
    for form in ("okw", "nearmade"):
        for name in ("out.json", "out.yaml"):
            out = tmp_path / f"{form}-{name}"
            done = run("convert", file, "--to", form, "-o", out)
            assert done.exit_code == 0, done.output
            address = read_okw(out.read_bytes(), name).records[0].facility.location
            assert address.address.postcode == "05738"
            assert "05738" in out.read_text().replace("\n", " ")


@pytest.mark.parametrize(
    ("point", "country", "swapped"),
    [
        ("4.84, 45.76", "FR", True),  # Lyon, the wrong way round: off Somalia
        ("4.84, 45.76", "France", True),
        ("45.76, 4.84", "FR", False),
        ("36.82, -1.29", "KE", True),  # Nairobi
        ("-1.29, 36.82", "KE", False),
        ("-21.11, 55.54", "FR", False),  # Réunion: far from Lyon either way
        ("6.45, 3.39", "NG", False),  # Lagos
        ("4.84, 45.76", "AQ", False),  # no city there
    ],
)
def test_coordinates_that_are_in_their_country_only_when_swapped_are_a_fault(
    workshop: Path, point: str, country: str, swapped: bool
) -> None:
    tree = copy.deepcopy(WORKSHOP)
    tree["location"]["gps_coordinates"] = point
    tree["location"]["address"]["country"] = country
    workshop.write_bytes(as_bytes(tree))
    done = run("check", workshop, "--json")
    found = [
        one["path"]
        for one in json.loads(done.stdout)["findings"]
        if one["rule"] == "coordinates"
    ]
    assert found == (["location.gps_coordinates"] if swapped else [])
    assert (done.exit_code == 2) == swapped


def test_check_gives_json(workshop: Path) -> None:
    told = json.loads(run("check", workshop, "--json").stdout)
    assert told["facilities"] == 1
    assert told["shapes"] == {"class-model": 1}
    assert told["places"] is None
    assert {one["rule"] for one in told["findings"]} == {"whole-number", "derived"}
    assert not any(one["fault"] for one in told["findings"])


def test_check_counts_places_and_names_their_source(tmp_path: Path) -> None:
    file = tmp_path / "labs.json"
    file.write_bytes(as_bytes([FAB_LAB, FAB_LAB | {"geocoding": None}]))
    done = run("check", file)
    assert "2 unclaimed places, 1 on the map, 1 countries" in done.stdout
    assert "CC-BY-4.0" in done.stdout
    told = json.loads(run("check", file, "--json").stdout)
    assert (told["places"]["unclaimed"], told["places"]["on_the_map"]) == (2, 1)


def test_what_needs_no_change_is_written_byte_for_byte(
    workshop: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.json"
    done = run("convert", workshop, "-o", out)
    assert done.exit_code == 0, done.output
    assert out.read_bytes() == workshop.read_bytes()


def test_the_demo_goes_to_okw_and_back(tmp_path: Path) -> None:
    okw, back = tmp_path / "okw.json", tmp_path / "back.json"
    assert run("convert", DEMO, "-o", okw).exit_code == 0
    assert json.loads(run("check", okw, "--json").stdout)["conforms"]
    done = run("convert", okw, "--to", "nearmade", "-o", back)
    assert "73 facilities written, 0 questions open" in done.stdout
    assert load_network(back) == load_network(DEMO)


def test_questions_go_to_the_operator(workshop: Path) -> None:
    done = run("convert", workshop, "--to", "nearmade")
    assert done.exit_code == 0
    assert "nearmade.opening: On which days" in done.stderr
    assert "(Mon-Fri 8-17)" in done.stderr
    record = json.loads(done.stdout)
    assert record["name"] == "Kibera Town Workshop"
    assert "tariff" not in record["nearmade"]
    told = json.loads(run("convert", workshop, "--to", "nearmade", "--json").stdout)
    assert len(told["questions"]) == 7
    assert json.loads(told["content"]) == record


def test_a_document_in_utf_16_is_written_as_it_came(tmp_path: Path) -> None:
    file = tmp_path / "demo.json"
    file.write_bytes(DEMO.read_text("utf-8").encode("utf-16"))
    done = CliRunner().invoke(command, ["convert", str(file), "--to", "nearmade"])
    assert done.stdout_bytes == file.read_bytes()
    told = json.loads(run("convert", file, "--to", "nearmade", "--json").stdout)
    assert json.loads(told["content"]) == json.loads(DEMO.read_text("utf-8"))


def test_a_number_without_end_is_not_written(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('{"name": "A", "k": 1e400}')
    assert "✗ k: range 'inf' → a finite number" in run("check", file).stdout
    refused = run("convert", file, "--to", "nearmade").exception
    assert isinstance(refused, InvalidInput)
    assert (refused.code, bool(refused.remedy)) == ("document-value", True)


def test_faults_that_are_carried_over_are_counted(workshop: Path) -> None:
    tree = copy.deepcopy(WORKSHOP)
    tree["location"]["address"]["postcode"] = 505
    workshop.write_bytes(as_bytes(tree))
    done = run("convert", workshop)
    assert done.exit_code == 0
    assert "1 fault of workshop.json carried over" in done.stderr
    assert json.loads(done.stdout)["location"]["address"]["postcode"] == 505


def test_many_questions_are_counted(tmp_path: Path) -> None:
    file = tmp_path / "labs.json"
    file.write_bytes(as_bytes([FAB_LAB] * 10))
    done = run("convert", file, "--to", "nearmade")
    assert "and 20 more questions" in done.stderr
    assert len(json.loads(done.stdout)["facilities"]) == 10


@pytest.mark.parametrize(
    ("tree", "name"), [(FAB_LAB, "a.json"), (RELATIONAL, "a.json"), (ATOMS, "a.yml")]
)
def test_other_shapes_become_the_class_model(
    tree: Any, name: str, tmp_path: Path
) -> None:
    file, out = tmp_path / name, tmp_path / "out.yaml"
    file.write_bytes(tree.encode() if isinstance(tree, str) else as_bytes(tree))
    done = run("convert", file, "-o", out)
    assert done.exit_code == 0, done.output
    told = json.loads(run("check", out, "--json").stdout)
    assert set(told["shapes"]) == {"class-model"}
    assert told["faults"] == 0


def test_capabilities_are_named_by_the_platform() -> None:
    done = run("convert", DEMO, "--to", "aas", "--platform", "https://made.example")
    submodels = json.loads(done.stdout)["submodels"]
    assert len(submodels) == 73
    assert submodels[0]["id"] == (
        "https://made.example/sites/nairobi-print-farm#capabilities"
    )


def test_a_facility_that_is_not_known_has_no_capabilities(workshop: Path) -> None:
    done = run("convert", workshop, "--to", "aas")
    assert isinstance(done.exception, InvalidInput)
    assert done.exception.code == "facility-incomplete"
    assert "nearmade.id: is not said" in done.exception.message


def test_capabilities_are_written_of_those_that_are_known(tmp_path: Path) -> None:
    records = json.loads(DEMO.read_bytes())["facilities"][:2]
    del records[0]["nearmade"]["tariff"]
    del records[0]["equipment"][0]["x_travel"]
    records[1]["facility_status"] = "asleep"
    file = tmp_path / "two.json"
    file.write_bytes(as_bytes(records))
    done = run("convert", file, "--to", "aas", "--json")
    told = json.loads(done.stdout)
    (submodel,) = json.loads(told["content"])["submodels"]
    assert "nairobi-print-farm" in submodel["id"]
    (left,) = told["left_out"]
    assert "facility_status 'asleep'" in left
    assert f"left out: {left}" in done.stderr


def test_files_that_are_there_are_kept(workshop: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_text("mine")
    done = run("convert", workshop, "-o", out)
    assert isinstance(done.exception, InvalidInput)
    assert done.exception.code == "output-exists"
    assert out.read_text() == "mine"
    assert run("convert", workshop, "-o", out, "--force").exit_code == 0
    assert out.read_text() != "mine"


def test_the_new_file_must_be_json_or_yaml(workshop: Path, tmp_path: Path) -> None:
    done = run("convert", workshop, "-o", tmp_path / "out.csv")
    assert done.exit_code == 2
    assert "must end in .json or .yaml" in done.output
    assert not (tmp_path / "out.csv").exists()


HOSTILE = {
    "deep.json": b'{"name":' * 50_000,
    "deep.yml": b"a:\n" + b"".join(b" " * n + b"a:\n" for n in range(1, 400)),
    "bomb.yml": b"a0: &a0 [x]\n"
    + b"".join(
        f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 10)}]\n".encode()
        for n in range(12)
    ),
    "nul.json": b'{"name": "a\x00b"}',
    "latin.yml": "name: Fab Lab León\n".encode("latin-1"),
    "utf16.json": '{"nam'.encode("utf-16"),
    "empty.yml": b"",
    "text.json": b"not json",
    "many.json": b'{"name": "a", ' + b",".join(b'"k%d": 1' % n for n in range(20_000))
    + b"}",
    "tools.json": as_bytes({"name": "a", "equipment": [{"nots": "x"}] * 5_000}),
    "rows.json": as_bytes(
        {"ManufacturingFacility": [{"facility_id": 1, "resource_id": "x"}] * 5_000}
    ),
    "digits.json": b'{"name": "a", "floor_size": ' + b"9" * 5000 + b"}",
}  # fmt: skip


@pytest.mark.timeout(100)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_answered(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(HOSTILE[name])
    done = run("check", file, "--json")
    assert done.exit_code in (0, 2)
    assert json.loads(done.stdout)["findings"]
    done = run("convert", file, "--to", "nearmade")
    assert done.exception is None or isinstance(done.exception, InvalidInput)
