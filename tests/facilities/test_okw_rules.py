"""Each rule for records of Open Know-Where tells its place, and loses nothing."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from nearmade.facilities.okw import read_okw
from nearmade.facilities.okw_links import is_url, material_meant, wikipedia_title
from tests.facilities.okw_documents import (
    RELATIONAL,
    WIKI,
    WORKSHOP,
    changed,
    found,
    read,
)


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


def test_a_build_volume_in_words_is_told_once_where_it_stands() -> None:
    tree = {"name": "A", "equipment": [{"buildVolume": "220 x 220 x 250"}]}
    (fault,) = read(tree).faults
    assert (fault.path, fault.rule) == ("equipment[0].buildVolume", "one-number")


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
    tree["Address"][0]["country"] = "Atlantis"
    tree["DistributedResource"][1]["address_id"] = 1
    told = [(d.rule, d.path) for d in read(tree).faults]
    assert told == [("code", "Address[0].country")]


def test_what_a_conversion_carried_is_no_facility_and_no_fault() -> None:
    carried = {"nearmade": {"carried": {"Address": [{"address_id": 2}]}}}
    okw = read([WORKSHOP, carried])
    assert len(okw.records) == 1
    assert not okw.faults


def test_a_material_that_is_neither_known_nor_an_address_is_told() -> None:
    told = found("typical_materials", [{"material_type": "unobtainium"}, {}])
    assert told["typical_materials[0].material_type"][0] == "link"
    assert found("equipment.0.computer_controlled", 3)[
        "equipment[0].computer_controlled"
    ]


def test_an_atom_needs_no_link_and_rows_no_more_than_they_have() -> None:
    okw = read({"name": "x", "tool-list-atoms": [{"identifier": "Q1"}, 7, {}]})
    assert {one.path for one in okw.faults} == {
        "tool-list-atoms[1]",
        "tool-list-atoms[2].identifier",
    }
    tree = {
        "ManufacturingFacility": [{"name": "A", "resource_id": 1}, 3],
        "DistributedResource": [{"resource_id": 1, "address_id": 4}],
        "Address": [{"address_id": 4, "latitude": 1.0}, {"street": "x"}],
        "ManufacturingService": [{"resource_id": 1}, {"type": "x"}],
    }
    (record,) = read(tree).records
    assert record.facility.location.gps_coordinates is None
    assert record.model["nearmade"]["carried"]["Address.latitude"] == 1.0
