"""Records of Open Know-Where are read in every shape, typed, and judged."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from nearmade.facilities.okw import read_okw
from nearmade.facilities.okw_codes import language_meant
from nearmade.facilities.okw_fields import CLASSES, SUB_PROPERTIES
from nearmade.facilities.okw_links import (
    MATERIAL_TYPES,
    material_meant,
)
from nearmade.facilities.okw_values import MOST_NOTES, quantity_meant
from nearmade.facilities.okw_view import VIEWS
from tests.facilities.okw_documents import (
    ATOMS,
    FAB_LAB,
    RELATIONAL,
    WIKI,
    WORKSHOP,
    changed,
    found,
    read,
)
from tests.shared_data import shared

#: Ten levels of ten aliases each: ten thousand million texts.
BOMB = "a0: &a0 [x]\n" + "".join(
    f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 10)}]\n" for n in range(10)
)


def test_the_class_model_is_read_with_its_types() -> None:
    (record,) = read(WORKSHOP).records
    facility = record.facility
    assert record.shape == "class-model"
    assert facility.name == "Kibera Town Workshop"
    assert facility.location.address.postcode == "00505"
    assert facility.location.gps_coordinates == (-1.312, 36.789)
    assert facility.owner is not None
    assert facility.owner.languages == ("sw", "en-gb")
    assert facility.contact is not None
    assert facility.contact.contact.email == "workshop@example.org"
    assert facility.contact.social_media.other_urls == ("https://a.example",)
    assert facility.human_capacity.headcount == 4
    assert facility.innovation_space.residencies is False
    assert facility.record_data.date_created == "2026-01-30"
    assert facility.date_founded == "2019-04"
    (machine,) = facility.equipment
    assert machine.quantity == 2
    assert machine.properties["nozzle_size"] == 0.4
    assert machine.properties["computer_controlled"] is True
    assert machine.materials_worked[0].material_type == f"{WIKI}Polylactic_acid"


def test_the_specification_has_38_sub_properties_and_42_materials() -> None:
    assert len(SUB_PROPERTIES) == 38
    assert len(MATERIAL_TYPES) == 42


def test_every_class_has_a_view_with_the_same_fields() -> None:
    assert set(VIEWS) == set(CLASSES)
    for name, view in VIEWS.items():
        own = {one.name for one in fields(view)} - {"nearmade"}
        if name == "equipment":
            own = own - {"properties", "box_mm", "box_from"} | set(SUB_PROPERTIES)
        assert own == set(CLASSES[name]), name


@pytest.mark.parametrize(
    "key", ["facilityStatus", "FacilityStatus", "Facility Status", "facility-status"]
)
def test_names_may_be_written_in_every_case(key: str) -> None:
    (record,) = read({"name": "A", key: "Closed"}).records
    assert record.facility.facility_status == "Closed"


def test_yaml_and_json_give_the_same_view() -> None:
    yaml = b"name: A\nlocation:\n  address: {postcode: '01000', country: FR}\n"
    json_ = {
        "name": "A",
        "location": {"address": {"postcode": "01000", "country": "FR"}},
    }
    (one,), (other,) = read_okw(yaml, "a.yml").records, read(json_).records
    assert one.facility == other.facility


def test_0_4_mm_does_not_conform_and_is_kept() -> None:
    told = {d.path: d for d in read(WORKSHOP).diagnoses}
    assert told["equipment[0].nozzle_size"].rule == "whole-number"
    assert told["equipment[0].layer_resolution"].rule == "whole-number"
    assert not read(WORKSHOP).conforms
    assert not read(WORKSHOP).faults
    whole = changed("equipment.0.nozzle_size", 1)
    del whole["equipment"][0]["layer_resolution"]
    assert read(whole).conforms


def test_a_box_from_axis_travel_is_marked_as_derived() -> None:
    (record,) = read(WORKSHOP).records
    machine = record.facility.equipment[0]
    assert machine.box_mm == (250, 210, 220)
    assert machine.box_from == "travel"
    told = [d for d in read(WORKSHOP).diagnoses if d.rule == "derived"]
    assert [(d.path, d.value) for d in told] == [("equipment[0]", "250 x 210 x 220 mm")]


def test_a_stated_box_goes_before_travel() -> None:
    own = {"build_volume_mm": {"x": 240, "y": 200, "z": 200}}
    (record,) = read(changed("equipment.0.nearmade", own)).records
    machine = record.facility.equipment[0]
    assert (machine.box_mm, machine.box_from) == ((240, 200, 200), "stated")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (11_550_000, "one number does not say what fits"),
        ("250 x 210 x 220", "{x: 250, y: 210, z: 220}"),
        ([250, 210, 220], "{x: 250, y: 210, z: 220}"),
        ({"width": 250, "depth": 210, "height": 220}, "{x: 250, y: 210, z: 220}"),
    ],
)
def test_one_number_for_a_build_volume_is_told(value: Any, told: str) -> None:
    tree = changed("equipment.0.build_volume", value)
    rules = {
        d.rule: d.suggestion
        for d in read(tree).diagnoses
        if d.path == "equipment[0].build_volume"
    }
    assert told in rules["one-number"]


@pytest.mark.parametrize(
    ("path", "value", "where", "rule", "suggestion"),
    [
        ("equipment.0.power_rating", "0.24 kW", "", "unit", "240"),
        ("equipment.0.x_travel", "25 cm", "", "unit", "250"),
        ("equipment.0.x_travel", "10 in", "", "unit", "254"),
        ("equipment.0.nozzle_size", 400, "", "range", "if thousandths are meant, 0.4"),
        ("equipment.0.quantity", -1, "", "range", "zero or more"),
        ("equipment.0.computer_controlled", "yes", "", "type", "true"),
        ("equipment.0.manufacturing_process", "FFF", "", "name", "Fused_filament"),
        ("location.address.postcode", 505, "", "postcode", '"505"'),
        ("location.address.country", "Kenya", "", "name", "KE"),
        ("location.address.country", "KEN", "", "name", "KE"),
        ("location.address.country", False, "", "code", '"NO"'),
        ("location.gps_coordinates", "136.7890, -1.3", "", "coordinates", "-1.3, 136"),
        ("location.gps_coordinates", [-1.3, 36.7], "", "coordinates", '"-1.3, 36.7"'),
        ("owner.languages", ["English"], "owner.languages[0]", "code", "en"),
        ("owner.languages", ["jp-JP"], "owner.languages[0]", "code", "ja-JP"),
        ("facility_status", "active", "", "value", "Active"),
        ("typical_batch_size", "0-50 units", "", "value", "0 -- 50 units"),
        ("date_founded", "April 2019", "", "date", "YYYY"),
        ("record_data.date_created", "30.01.2026", "", "date", "YYYY-MM-DD"),
        ("equipmnt", [], "", "unknown-key", "equipment"),
        ("certifications", "ISO 9001", "", "type", "list"),
    ],
)  # fmt: skip
def test_each_rule_names_place_and_remedy(
    path: str, value: Any, where: str, rule: str, suggestion: str
) -> None:
    place = where or re.sub(r"\.(\d+)\.", r"[\1].", path)
    told = found(path, value)
    assert told[place][0] == rule
    assert suggestion in told[place][1]


def test_the_link_for_circuit_boards_is_known_to_be_of_a_chemical() -> None:
    told = found(
        "typical_materials", [{"material_type": f"{WIKI}Polychlorinated_biphenyl"}]
    )
    rule, suggestion = told["typical_materials[0].material_type"]
    assert rule == "link"
    assert suggestion.startswith(f"{WIKI}Printed_circuit_board")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aluminum", "Aluminium"),
        ("PLA", "Polylactic_acid"),
        ("Polylactic%20acid", "Polylactic_acid"),
        ("Medium-density_fiberboard", "Medium-density_fibreboard"),
    ],
)
def test_redirects_are_one_material_and_told_as_such(one: str, other: str) -> None:
    assert material_meant(WIKI + one) is material_meant(WIKI + other)
    told = found("typical_materials", [{"material_type": WIKI + one}])
    if "%20" not in one:
        rule, suggestion = told["typical_materials[0].material_type"]
        assert (rule, suggestion) == ("alias", WIKI + other)


def test_unknown_keys_are_remarks_and_survive() -> None:
    tree = changed("solar_roof", {"kwp": 4.2})
    okw = read(tree)
    assert ("solar_roof", "unknown-key") in {(d.path, d.rule) for d in okw.diagnoses}
    assert not okw.faults
    assert okw.records[0].source["solar_roof"] == {"kwp": 4.2}


def test_relational_rows_are_joined() -> None:
    okw = read(RELATIONAL)
    assert not okw.faults
    one, other = (record.facility for record in okw.records)
    assert (one.name, other.name) == ("Atelier", "Second")
    assert one.location.address.city == "Lyon"
    assert one.location.address.postcode == "01000"
    assert one.location.gps_coordinates == (45.75, 4.85)
    assert one.equipment[0].make == "Prusa"
    assert one.contact is not None
    assert one.contact.contact.email == "a@b.example"
    assert one.innovation_space.services == ("assembly",)
    assert okw.records[0].model["nearmade"]["carried"]["ManufacturingFacility.capacity"]


def test_relational_faults_name_the_row() -> None:
    tree = copy.deepcopy(RELATIONAL)
    tree["Address"][0]["postcode"] = 1000
    tree["ManufacturingFacility"][1] |= {"facility_id": 1, "resource_id": 99}
    tree["ManufacturingFacility"][0]["capacity"] = "five"
    tree["Contact"][0]["e-mail"] = "x"
    told = {(d.path, d.rule): d.suggestion for d in read(tree).diagnoses}
    assert ("Address[0].postcode", "postcode") in told
    assert ("ManufacturingFacility[1].facility_id", "repeated") in told
    assert ("ManufacturingFacility[1].resource_id", "reference") in told
    assert ("ManufacturingFacility[0].capacity", "type") in told
    assert told["Contact[0].e-mail", "unknown-key"] == "email"


def test_atoms_become_equipment_materials_and_processes() -> None:
    okw = read_okw(ATOMS.encode(), "a.okw.yml")
    (record,) = okw.records
    assert not okw.diagnoses
    assert record.shape == "atoms"
    assert [one.notes for one in record.facility.equipment] == ["Scissors", ""]
    assert record.facility.manufacturing_processes == (
        "https://www.wikidata.org/wiki/Q652122",
    )
    assert record.model["equipment"][1]["nearmade"]["wikidata"] == "Q111337721"
    assert record.model["nearmade"]["carried"]["version"] == 0.1


def test_an_atom_whose_link_is_another_thing_is_a_fault() -> None:
    wrong = ATOMS.replace("wiki/Q40847", "wiki/Q40848")
    (fault,) = read_okw(wrong.encode(), "a.yml").faults
    assert (fault.path, fault.rule) == ("tool-list-atoms[0]", "mismatch")


def test_a_fab_lab_keeps_its_postcode_and_its_point() -> None:
    okw = read([FAB_LAB])
    (record,) = okw.records
    assert not okw.diagnoses
    assert (record.path, record.shape) == ("[0]", "fab-lab")
    assert record.facility.location.address.postcode == "05738"
    assert record.facility.location.gps_coordinates == (47.218371, -1.55362100000002)
    carried = record.model["nearmade"]["carried"]
    assert carried["facility.facility_id"] == "f"
    assert "geocoding.latitude" not in carried


def test_faults_of_moved_fields_are_told_where_they_stand() -> None:
    lab = copy.deepcopy(FAB_LAB)
    lab["region"]["country"] = "France"
    told = [one for one in read([FAB_LAB, lab]).diagnoses if one.suggestion == "FR"]
    assert [one.path for one in told] == ["[1].region.country"]


def test_a_network_of_ours_is_read_as_many() -> None:
    path = Path(__file__).resolve().parents[2] / "examples/networks/demo.json"
    okw = read_okw(path.read_bytes(), "demo.json")
    assert {one.shape for one in okw.records} == {"nearmade"}
    assert len(okw.records) == len(json.loads(path.read_bytes())["facilities"])
    assert not okw.faults
    assert okw.records[0].facility.equipment[0].box_from == "stated"


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "syntax"),
        (b"null", "shape"),
        (b"[1, 2]", "shape"),
        (b'{"a": 1}', "shape"),
        (b"\x00\x01\x02", "encoding"),
        (b"name: \xff\xfe", "encoding"),
        (b"a: [" * 5000, ""),
        (b'{"a":' * 100_000, ""),
        (BOMB.encode(), "size"),
        (b'{"name": 1e999, "name": 2}', "duplicate-key"),
    ],
)
def test_what_is_no_record_gives_a_diagnosis(data: bytes, rule: str) -> None:
    okw = read_okw(data, "a.json" if data[:1] in b"{[n" else "a.yml")
    assert not okw.conforms
    assert okw.diagnoses
    if rule:
        assert rule in {one.rule for one in okw.diagnoses}


def test_the_manifest_of_a_design_is_no_facility() -> None:
    okw = read_okw(b'okhv = "2.4"\nname = "Spout"\n', "okh.toml")
    assert okw.records == ()
    (fault,) = okw.faults
    assert (fault.rule, "manifest of a design" in fault.suggestion) == ("shape", True)


def test_complaints_are_bounded() -> None:
    tree = {"name": "A", **{f"key{index}": index for index in range(3000)}}
    told = read(tree).diagnoses
    assert len(told) == MOST_NOTES + 1
    assert (told[-1].rule, told[-1].value) == ("left-out", "2000 more")


def test_codes_are_known_by_many_names() -> None:
    assert language_meant("en-gb") == "en-gb"
    assert language_meant("English-UK") == "en-GB"
    assert language_meant("xx") == ""


def test_quantities_are_read_with_their_unit() -> None:
    assert quantity_meant("2 kN", "kN") == "2"
    assert quantity_meant("0,4 mm", "mm") == "0.4"
    assert quantity_meant("1,000 mm", "mm") == ""
    assert quantity_meant("500 N", "kN") == "0.5"
    assert quantity_meant("2 furlongs", "mm") == ""
    assert quantity_meant("9 L", "mm3") == "9000000"


def test_the_library_of_helpful_engineering_is_read() -> None:
    files = sorted(shared("okh_okw", "okh_v1", "he_library").glob("*/okw/*.yml"))
    read_ones = {file.name: read_okw(file.read_bytes(), file.name) for file in files}
    assert len(read_ones) == 8
    unread = [name for name, okw in read_ones.items() if not okw.records]
    # This one has a key twice, which YAML 1.2 does not allow.
    assert unread == ["ChairParts.okw.yml"]
    mismatches = {
        (name, one.path)
        for name, okw in read_ones.items()
        for one in okw.faults
        if one.rule == "mismatch"
    }
    assert mismatches == {
        ("RobTestOKWForSewing.yml", "processes[0]"),
        ("GenericGrocery.yml", "supply-atoms[11]"),
    }
