"""Records of Open Know-Where are read in every shape, typed, and judged."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from nearmade.facilities.okw import OkwDocument, read_okw
from nearmade.facilities.okw_codes import COUNTRIES, country_meant, language_meant
from nearmade.facilities.okw_fields import CLASSES, SUB_PROPERTIES
from nearmade.facilities.okw_links import (
    MATERIAL_TYPES,
    is_url,
    material_meant,
    wikipedia_title,
)
from nearmade.facilities.okw_values import MOST_NOTES, quantity_meant
from nearmade.facilities.okw_view import VIEWS
from tests.facilities.okw_documents import (
    ATOMS,
    FAB_LAB,
    RELATIONAL,
    WIKI,
    WORKSHOP,
    as_bytes,
)
from tests.shared_data import shared

#: Ten levels of ten aliases each: ten thousand million texts.
BOMB = "a0: &a0 [x]\n" + "".join(
    f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 10)}]\n" for n in range(10)
)


def read(tree: Any, name: str = "a.json") -> OkwDocument:
    return read_okw(as_bytes(tree), name)


def changed(path: str, value: Any) -> dict[str, Any]:
    """Give the workshop with one place changed, such as ``equipment.0.make``."""
    tree: Any = copy.deepcopy(WORKSHOP)
    here: Any = tree
    *steps, last = path.split(".")
    for step in steps:
        here = here[int(step)] if step.isdigit() else here[step]
    here[int(last) if last.isdigit() else last] = value
    assert isinstance(tree, dict)
    return tree


def found(path: str, value: Any) -> dict[str, tuple[str, str]]:
    """Give rule and suggestion by path, but for what the workshop itself has."""
    usual = {(d.path, d.rule) for d in read(WORKSHOP).diagnoses}
    told = read(changed(path, value)).diagnoses
    return {
        d.path: (d.rule, d.suggestion) for d in told if (d.path, d.rule) not in usual
    }


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
        ("location.address.country", "Kenya", "", "code", "KE"),
        ("location.address.country", "KEN", "", "code", "KE"),
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
    (fault,) = read([FAB_LAB, lab]).faults
    assert (fault.path, fault.suggestion) == ("[1].region.country", "FR")


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


def test_complaints_are_bounded() -> None:
    tree = {"name": "A", **{f"key{index}": index for index in range(3000)}}
    told = read(tree).diagnoses
    assert len(told) == MOST_NOTES + 1
    assert (told[-1].rule, told[-1].value) == ("left-out", "2000 more")


def test_codes_are_known_by_many_names() -> None:
    assert len(COUNTRIES) == 250
    assert country_meant("côte d'ivoire") == "CI"
    assert country_meant("Atlantis") == ""
    assert language_meant("en-gb") == "en-gb"
    assert language_meant("English-UK") == "en-GB"
    assert language_meant("xx") == ""


def test_quantities_are_read_with_their_unit() -> None:
    assert quantity_meant("2 kN", "kN") == "2"
    assert quantity_meant("500 N", "kN") == "0.5"
    assert quantity_meant("2 furlongs", "mm") == ""
    assert quantity_meant("9 L", "mm3") == "9000000"


def test_a_key_in_two_spellings_is_told_and_none_is_lost() -> None:
    okw = read({"name": "A", "Name": "B", "equipment": []})
    (fault,) = okw.faults
    assert (fault.path, fault.rule) == ("Name", "repeated")
    assert okw.records[0].facility.name == "A"


def test_a_text_may_stand_for_agent_and_material() -> None:
    told = found("typical_materials", ["PLA", ""])
    assert told["typical_materials[0]"] == ("name", f"{WIKI}Polylactic_acid")
    (record,) = read(changed("owner", "Wanjiru")).records
    assert record.facility.owner is not None
    assert record.facility.owner.name == "Wanjiru"
    assert found("owner", 7)["owner"][0] == "type"
    (record,) = read(changed("typical_materials", "PLA")).records
    assert [one.material_type for one in record.facility.typical_materials] == ["PLA"]


def test_record_data_may_stand_flat() -> None:
    tree = copy.deepcopy(WORKSHOP)
    tree |= tree.pop("record_data")
    okw = read(tree)
    assert okw.records[0].facility == read(WORKSHOP).records[0].facility
    both = WORKSHOP | {"date_created": "2020-01-01"}
    (record,) = read(both).records
    assert record.facility.record_data.date_created == "2026-01-30"


def test_an_extension_must_be_an_object() -> None:
    assert found("nearmade", "x")["nearmade"][0] == "type"
    assert found("equipment.0.nearmade", 7)["equipment[0].nearmade"][0] == "type"
    told = found("equipment.0.nearmade", {"build_volume_mm": {"x": 1, "y": 0, "z": 1}})
    assert told["equipment[0].nearmade.build_volume_mm"][0] == "type"


@pytest.mark.parametrize(
    ("value", "rules"),
    [("unknown", {"link"}), (f"{WIKI}Basket_weaving", {"process"})],
)
def test_a_process_that_nobody_knows_is_told(value: str, rules: set[str]) -> None:
    told = read(changed("manufacturing_processes", [value])).diagnoses
    at = {one.rule for one in told if one.path == "manufacturing_processes[0]"}
    assert at == rules


@pytest.mark.parametrize(
    ("path", "value", "shown"),
    [
        ("date_founded", 2019, "2019"),
        ("date_founded", "2019", "2019"),
        ("record_data.last_updated", "2026-01-30T10:00:00+00:00", None),
        ("record_data.last_updated", "2026-13-30T10:00", ""),
        ("record_data.last_updated", "", ""),
    ],
)
def test_dates_may_be_early_or_moments(
    path: str, value: Any, shown: str | None
) -> None:
    facility = read(changed(path, value)).records[0].facility
    *_, last = path.split(".")
    read_as = getattr(facility if "." not in path else facility.record_data, last)
    assert read_as == (value if shown is None else shown)


def test_yaml_dates_are_dates() -> None:
    okw = read_okw(b"name: A\nlocation: {}\ndate_founded: 2019-04-01\n", "a.yml")
    assert okw.records[0].facility.date_founded == "2019-04-01"
    assert not okw.diagnoses


@pytest.mark.parametrize(
    ("value", "point"),
    [
        ({"latitude": -1.3, "lng": 36.7}, (-1.3, 36.7)),
        ({"latitude": -1.3}, None),
        (7, None),
        ("", None),
        ("91, 181", None),
        ("48,85, 2,35", None),
    ],
)
def test_points_in_other_forms(value: Any, point: Any) -> None:
    okw = read(changed("location.gps_coordinates", value))
    assert okw.records[0].facility.location.gps_coordinates == point
    told = [d for d in okw.faults if d.path == "location.gps_coordinates"]
    assert [d.rule for d in told] == ["coordinates"] * (value != "")


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        ("name", ["A"], "type"),
        ("equipment.0.make", 7, "type"),
        ("equipment.0.axes", "three", "type"),
        ("equipment.0.power_rating", [1], "type"),
        ("equipment.0.power_rating", "much", "unit"),
        ("location.address.country", "", None),
        ("location.what3words.language", "klingon", "code"),
        ("location.what3words", "a.b.c", "type"),
        ("facility_status", "", None),
    ],
)
def test_other_values_that_break_a_rule(
    path: str, value: Any, rule: str | None
) -> None:
    place = re.sub(r"\.(\d+)\.", r"[\1].", path)
    told = found(path, value)
    assert told.get(place, (None, ""))[0] == rule


def test_a_build_volume_of_two_numbers_proposes_nothing() -> None:
    told = found("equipment.0.build_volume", [250, 210])
    assert told["equipment[0].build_volume"][0] == "type"
    told = found("equipment.0.bed_size", {"x": 1, "y": [], "z": 2})
    assert told["equipment[0].bed_size"][0] == "type"


def test_addresses_of_articles_are_read_in_their_forms() -> None:
    assert wikipedia_title("https://en.m.wikipedia.org/wiki/Steel?x=1") == "Steel"
    assert wikipedia_title("https://en.wikipedia.org/?redirect=no&title=Zinc") == "Zinc"
    assert wikipedia_title("https://wikipedia.org.example/wiki/Steel") == ""
    assert wikipedia_title("https://[::1/wiki/Steel") == ""
    assert not is_url("https://[::1")
    assert material_meant(WIKI + "Polychlorinated_biphenyl") is material_meant("PCB")


def test_strange_rows_and_atoms_are_told() -> None:
    tree = {"ManufacturingFacility": {"facility_id": 1, "name": 5}, "adress": 1,
            "Address": ["x", {"address_id": 1}]}  # fmt: skip
    told = {(d.path, d.rule) for d in read(tree).diagnoses}
    assert ("ManufacturingFacility.name", "type") in told
    assert ("Address[0]", "type") in told
    assert ("adress", "unknown-key") in told
    strange = {"tool-list-atoms": [1, {"identifier": 7, "lnk": "x"}], "supply-atoms": 3,
               "product-atoms": None, "suply-atoms": [], "name": "x"}  # fmt: skip
    told = {(d.path, d.rule) for d in read(strange).diagnoses}
    assert told >= {
        ("tool-list-atoms[0]", "type"),
        ("tool-list-atoms[1].identifier", "value"),
        ("tool-list-atoms[1].lnk", "unknown-key"),
        ("supply-atoms", "type"),
        ("suply-atoms", "unknown-key"),
    }


def test_a_country_in_a_relational_row_is_judged_as_a_code() -> None:
    tree = copy.deepcopy(RELATIONAL)
    tree["Address"][0]["country"] = "France"
    tree["DistributedResource"][1]["address_id"] = 1
    told = [(d.rule, d.path) for d in read(tree).faults]
    assert told == [("code", "Address[0].country")]


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
