"""Records of every shape as facilities for matching: gaps marked, faults told."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from math import inf
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.facilities.facility import Facility
from nearmade.facilities.okw import OkwRecord, read_okw
from nearmade.facilities.okw_known import facility_known
from nearmade.facilities.okw_network import matching_findings, network_of
from nearmade.facilities.okw_record import okw_from_facility
from nearmade.facilities.record import facility_record
from tests.facilities.okw_documents import WIKI, WORKSHOP, as_bytes, changed
from tests.facilities.test_okw_conversion import any_facilities, complete


def one(tree: Any) -> OkwRecord:
    (record,) = read_okw(as_bytes(tree), "a.json").records
    return record


def known(tree: Any) -> Facility:
    problems: list[str] = []
    facility, _ = facility_known(one(tree), problems)
    assert problems == []
    return facility


def faults(tree: Any) -> list[str]:
    problems: list[str] = []
    facility_known(one(tree), problems)
    return problems


def test_a_record_of_the_class_model_is_read_with_its_gaps() -> None:
    facility = known(WORKSHOP)
    assert facility.id == "kibera-town-workshop"
    assert facility.kind == "fab-lab"
    assert facility.unsaid == ("feedstocks", "opening", "power", "tariff")
    first, second = facility.machines
    assert first.process == "FDM"
    assert first.build_volume_mm == (250, 210, 220)
    assert first.unsaid == second.unsaid == ("build_volume_mm",)
    assert (first.nozzle_mm, first.materials, first.profiles) == (0.4, ("PLA",), ())
    assert first.id != second.id


def test_places_of_one_name_get_identities_of_their_own() -> None:
    lab = {"name": "A lab", "equipment": [{"manufacturing_process": "FDM"}]}
    network = network_of([("", [lab, lab]), ("b: ", lab)])
    assert [one.id for one in network.facilities] == ["a-lab", "a-lab-2", "a-lab-3"]
    assert [one.machines[0].id for one in network.facilities] == [
        "a-lab/fdm", "a-lab-2/fdm", "a-lab-3/fdm",
    ]  # fmt: skip


def test_a_location_that_is_wrong_is_told_wherever_it_breaks() -> None:
    tree = copy.deepcopy(WORKSHOP)
    tree["location"]["address"] = 7
    tree["location"]["gps_coordinates"] = [-1.3, 36.7]
    told = " ".join(faults(tree))
    assert "location.address 7: must be an object" in told
    assert "location.gps_coordinates" in told
    tree["location"]["address"] = {"city": "A", "country": 7}
    assert any("location.address.country 7" in one for one in faults(tree))


def test_a_bare_name_is_a_facility_of_which_nothing_is_known() -> None:
    facility = known({"name": "日本", "equipment": [{"notes": "Scissors"}, "a lathe"]})
    assert facility.id == "site-1"
    assert set(facility.unsaid) == {
        "facility_status", "location", "kind", "opening", "feedstocks", "tariff",
        "power", "machines",
    }  # fmt: skip
    assert facility.machines == ()


def test_a_machine_without_figures_is_one_of_which_they_are_unsaid() -> None:
    tree = complete()
    tree["equipment"] = [
        {"manufacturing_process": f"{WIKI}Fused_filament_fabrication"},
        {"manufacturing_process": f"{WIKI}Fused_filament_fabrication", "x_travel": 99},
        {"manufacturing_process": f"{WIKI}Laser_cutting", "quantity": 0},
    ]
    first, second = known(tree).machines
    assert first.build_volume_mm == (inf, inf, inf)
    assert second.build_volume_mm == (99, inf, inf)
    assert first.unsaid == second.unsaid == ("build_volume_mm", "nozzle_mm")
    assert (first.nozzle_mm, first.make_model) == (0, "FDM")
    assert {first.id, second.id} == {"kibera/fdm", "kibera/fdm-no2"}


@pytest.mark.parametrize(
    ("country", "code"), [("Kenya", "KE"), ("KEN", "KE"), ("ke", "KE")]
)
def test_a_country_is_read_by_its_name(country: str, code: str) -> None:
    tree = changed("location.address.country", country)
    assert known(tree).place.country == code
    assert not read_okw(as_bytes(tree), "a.json").faults


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("location.gps_coordinates", "far away", "location.gps_coordinates 'far away'"),
        ("location.gps_coordinates", "136.7, -1.3", "is off the map"),
        ("location.address.country", "Atlantis", "location.address.country 'Atlantis'"),
        ("location", "Nairobi", "location 'Nairobi'"),
        ("facility_status", "asleep", "facility_status 'asleep'"),
        ("name", 7, "name 7"),
        ("equipment.0.x_travel", -3, "equipment[0].x_travel -3"),
        ("equipment.0.nozzle_size", "0,4 mm", "equipment[0].nozzle_size '0,4 mm'"),
        ("equipment.0.quantity", 2000, "equipment[0].quantity 2000"),
        ("nearmade", {"queue_s": 1e400}, "nearmade.queue_s inf"),
        ("nearmade", {"tariff": {"currency": "shillings"}}, "nearmade.tariff.currency"),
    ],
)
def test_what_is_said_and_wrong_is_a_fault_of_check_and_match_alike(
    path: str, value: Any, told: str
) -> None:
    tree = changed(path, value)
    data = json.dumps(tree).replace("Infinity", "1e400").encode()
    okw = read_okw(data, "a.json")
    problems: list[str] = []
    facility_known(okw.records[0], problems)
    assert any(told in each for each in problems)
    assert okw.faults or any(d.rule == "extension" for d in matching_findings(okw))


words = st.sampled_from(
    ["name", "location", "equipment", "nearmade", "facility_status", "id", "address",
     "country", "gps_coordinates", "x_travel", "nozzle_size", "quantity", "process",
     "manufacturing_process", "opening", "tariff", "build_volume_mm", "materials"]
)  # fmt: skip
trees = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["FDM", "PLA", "KE", "1, 2", "Active", "", " "]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=150)
@given(st.dictionaries(words, trees, max_size=5))
def test_whatever_is_left_out_of_matching_is_a_fault_of_check(
    tree: dict[str, Any],
) -> None:
    okw = read_okw(as_bytes(tree), "a.json")
    network = network_of([("", tree)])
    told = {one.rule for one in matching_findings(okw)}
    sound = not okw.faults and "extension" not in told
    if sound:
        assert network.left_out == ()
        assert len(network.facilities) == len(okw.records)
    if okw.records:
        assert network.facilities or network.left_out


@settings(deadline=None, max_examples=40)
@given(any_facilities())
def test_a_record_that_says_all_has_no_gaps(facility: Facility) -> None:
    assert known(facility_record(facility)) == facility
    assert known(json.loads(json.dumps(okw_from_facility(facility)))) == facility


def test_what_is_unsaid_is_not_written_and_stays_unsaid() -> None:
    facility = replace(known(WORKSHOP), unsaid=("opening", "tariff"))
    record: Any = json.loads(json.dumps(facility_record(facility), allow_nan=False))
    assert not {"opening", "tariff"} & set(record["nearmade"])
    assert "opening_hours" not in record
    again = known(record)
    assert again == facility
    partly = replace(facility, unsaid=("machines", "opening"))
    assert known(facility_record(partly)).unsaid == partly.unsaid


def test_check_says_what_matching_will_ask_of_a_record_of_ours() -> None:
    tree = copy.deepcopy(complete())
    del tree["nearmade"]["tariff"], tree["facility_status"]
    told = {d.path: d for d in matching_findings(read_okw(as_bytes(tree), "a.json"))}
    assert set(told) == {"facility_status", "nearmade.tariff", "equipment"}
    assert {one.rule for one in told.values()} == {"unsaid"}
    assert "currency" in told["nearmade.tariff"].suggestion
    broken = complete(tariff={"currency": "shillings"})
    told = {d.path: d for d in matching_findings(read_okw(as_bytes(broken), "a.json"))}
    assert told["nearmade.tariff.currency"].rule == "extension"
    assert matching_findings(read_okw(as_bytes(WORKSHOP), "a.json")) == ()


@pytest.mark.parametrize(
    ("process", "doubts"), [("SLA", 1), ("Welding", 1), ("FDM", 0)]
)
def test_check_doubts_a_process_that_hardly_works_a_material(
    process: str, doubts: int
) -> None:
    tree = copy.deepcopy(WORKSHOP)
    tree["equipment"][0]["manufacturing_process"] = process
    tree["equipment"][0]["materials_worked"] = [{"material_type": "PLA"}]
    told = read_okw(as_bytes(tree), "a.json").diagnoses
    found = [d for d in told if d.rule == "doubtful"]
    assert len(found) == doubts
    for each in found:
        assert each.path == "equipment[0].materials_worked[0]"
        assert "mend the process or the material" in each.suggestion
