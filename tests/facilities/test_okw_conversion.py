"""Our facilities in OKW's class model and back, and OKW records as ours."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.adapters.network_file import load_network
from nearmade.facilities.facility import Facility
from nearmade.facilities.okw import OkwRecord, read_okw
from nearmade.facilities.okw_conversion import (
    Draft,
    draft_from_okw,
    slug_of,
)
from nearmade.facilities.okw_record import (
    okw_from_facility,
    okw_from_record,
    record_from_okw,
)
from nearmade.facilities.record import facility_from_record, facility_record
from tests.facilities.okw_documents import WIKI, WORKSHOP, as_bytes
from tests.facilities.test_capability_record import facilities

DEMO = Path(__file__).resolve().parents[2] / "examples/networks/demo.json"

sides = st.floats(0.01, 5000) | st.integers(1, 3000).map(float)


@st.composite
def any_facilities(draw: st.DrawFn) -> Facility:
    """Give facilities whose machines have any box and nozzle."""
    facility = draw(facilities())
    machines = tuple(
        replace(
            machine,
            build_volume_mm=(draw(sides), draw(sides), draw(sides)),
            nozzle_mm=draw(st.sampled_from([0.4, 0.25, 0.6, 1.0]) | st.floats(0.01, 9)),
        )
        for machine in facility.machines
    )
    return replace(facility, machines=machines)


def one(tree: Any) -> OkwRecord:
    (record,) = read_okw(as_bytes(tree), "a.json").records
    return record


def asked(draft: Draft) -> dict[str, str]:
    return {question.path: question.hint for question in draft.questions}


def complete(**own: Any) -> dict[str, Any]:
    """Give the workshop with all that OKW does not say."""
    tree = copy.deepcopy(WORKSHOP)
    tree["nearmade"] = {
        "id": "kibera",
        "kind": "fab-lab",
        "opening": {
            "days": [1, 2, 3, 4, 5],
            "opens_hour": 8,
            "closes_hour": 17,
            "utc_offset_h": 3,
        },
        "feedstocks": [{"material": "PLA", "colour": "white", "stock_g": 900}],
        "tariff": {
            "currency": "KES",
            "machine_hour": "150",
            "material_gram": {"PLA": "4"},
            "setup": "50",
            "labour_hour": "400",
            "minimum": "100",
            "margin_fraction": "0.1",
        },
        "power": {"kind": "grid"},
    } | own
    return tree


@settings(deadline=None)
@given(any_facilities())
def test_a_facility_in_okw_is_the_same_facility(facility: Facility) -> None:
    tree = json.loads(json.dumps(okw_from_facility(facility), allow_nan=False))
    assert facility_from_record(record_from_okw(tree)) == facility
    draft = draft_from_okw(one(tree))
    assert draft.facility == facility
    assert draft.questions == ()


@settings(deadline=None)
@given(any_facilities())
def test_what_we_write_conforms_to_okw(facility: Facility) -> None:
    okw = read_okw(as_bytes(okw_from_facility(facility)), "a.json")
    told = {(d.rule, d.path) for d in okw.diagnoses}
    # A process of which no parent has an article keeps its name.
    assert {rule for rule, _ in told} <= {"whole-number", "name"}
    numbers = [path for rule, path in told if rule == "whole-number"]
    assert all(path.endswith("nozzle_size") for path in numbers)


def test_every_facility_of_the_demo_comes_back() -> None:
    network = load_network(DEMO)
    for facility in network:
        tree = okw_from_facility(facility)
        assert facility_from_record(record_from_okw(tree)) == facility
        okw = read_okw(as_bytes(tree), "a.json")
        assert okw.conforms, okw.diagnoses


def test_box_and_nozzle_stand_in_our_namespace() -> None:
    facility = load_network(DEMO)[0]
    machine = okw_from_facility(facility)["equipment"][0]
    assert machine["nearmade"]["build_volume_mm"] == {"x": 250, "y": 210, "z": 210}
    assert machine["nearmade"]["nozzle_tenths_mm"] == 4
    assert "nozzle_size" not in machine
    assert machine["build_volume"] == 250 * 210 * 210
    assert (machine["x_travel"], machine["y_travel"]) == (250, 210)
    assert machine["manufacturing_process"] == f"{WIKI}Fused_filament_fabrication"


def test_okw_alone_is_not_enough_and_the_rest_is_asked() -> None:
    draft = draft_from_okw(one(WORKSHOP))
    assert draft.facility is None
    hints = asked(draft)
    assert set(hints) == {
        "nearmade.id",
        "nearmade.opening",
        "nearmade.feedstocks",
        "nearmade.tariff",
        "nearmade.power",
        "nearmade.other_equipment[0].nearmade.build_volume_mm",
        "nearmade.other_equipment[0].nearmade.id",
    }
    assert hints["nearmade.id"] == "kibera-town-workshop"
    assert hints["nearmade.opening"] == "Mon-Fri 8-17"
    box = hints["nearmade.other_equipment[0].nearmade.build_volume_mm"]
    assert box == "its axes travel x 250 x y 210 x z 220 mm"
    # Travel is no box, so nothing was taken for one.
    machine = draft.record["nearmade"]["other_equipment"][0]
    assert "build_volume_mm" not in machine["nearmade"]
    assert machine["nearmade"]["process"] == "FDM"
    assert machine["nearmade"]["materials"] == ["PLA"]


def test_a_machine_that_is_not_known_well_enough_is_left_aside() -> None:
    draft = draft_from_okw(one(complete()))
    assert draft.facility is not None
    assert draft.facility.machines == ()
    assert draft.facility.place.country == "KE"
    assert draft.facility.certifications == ("ISO 9001",)
    assert draft.facility.access == "Membership"


def test_answered_questions_make_the_machine() -> None:
    draft = draft_from_okw(one(complete()))
    record = copy.deepcopy(dict(draft.record))
    machine = record["nearmade"]["other_equipment"][0]
    machine["nearmade"] |= {
        "id": "kibera/mk4",
        "build_volume_mm": {"x": 250, "y": 210, "z": 220},
        "nozzle_tenths_mm": 4,
        "profiles": ["mk4-pla-0.20"],
    }
    again = draft_from_okw(one(record))
    assert again.questions == ()
    assert again.facility is not None
    first, second = again.facility.machines
    assert (first.id, second.id) == ("kibera/mk4-1", "kibera/mk4-2")
    assert first.build_volume_mm == (250, 210, 220)
    assert first.nozzle_mm == 0.4
    assert first.process == "FDM"


def test_a_tool_is_asked_one_thing_only() -> None:
    tree = complete()
    tree["equipment"] = [{"notes": "Scissors"}]
    draft = draft_from_okw(one(tree))
    assert asked(draft) == {"nearmade.other_equipment[0].nearmade.process": "Scissors"}
    assert draft.facility is not None


@pytest.mark.parametrize(
    ("country", "hint"), [("Kenya", "KE for 'Kenya'?"), ("Atlantis", "Atlantis")]
)
def test_a_country_by_name_is_asked_and_not_guessed(country: str, hint: str) -> None:
    tree = complete()
    tree["location"]["address"]["country"] = country
    draft = draft_from_okw(one(tree))
    assert asked(draft)["location.address.country"] == hint
    assert draft.facility is None


def test_a_fault_in_our_extension_is_asked_back() -> None:
    draft = draft_from_okw(one(complete(tariff={"currency": "shillings"})))
    assert draft.facility is None
    (question,) = [q for q in draft.questions if q.needed]
    assert "must be three capitals" in question.text


def test_travel_beside_a_stated_box_is_kept() -> None:
    record: Any = facility_record(load_network(DEMO)[0])
    record["equipment"][0]["x_travel"] = 300
    record["equipment"][0]["nearmade"]["build_volume_mm"] = {"x": 9, "y": 9, "z": 9}
    there = okw_from_record(record)
    assert there["equipment"][0]["x_travel"] == 300
    assert "build_volume" not in there["equipment"][0]
    back = record_from_okw(there)
    assert back["equipment"][0]["x_travel"] == 300
    assert facility_from_record(back) == facility_from_record(record)


def test_a_machine_without_print_profiles_is_a_machine() -> None:
    tree = complete()
    cutter = {
        "make": "Trotec",
        "model": "Speedy 100",
        "manufacturing_process": f"{WIKI}Laser_cutting",
        "laser_power": 60,
        "nearmade": {
            "id": "kibera/speedy",
            "build_volume_mm": {"x": 610, "y": 305, "z": 170},
        },
    }
    tree["equipment"] = [cutter]
    draft = draft_from_okw(one(tree))
    assert draft.questions == ()
    assert draft.facility is not None
    (machine,) = draft.facility.machines
    assert (machine.process, machine.profiles) == ("LASER-CUTTING", ())
    # OKW's laser power is what it draws, not what its light has (clause 7.20.15).
    assert machine.laser_w is None


@pytest.mark.parametrize("value", ["a text", 7, ["x"]])
def test_what_stands_in_the_place_of_our_extension_is_carried(value: Any) -> None:
    tree = copy.deepcopy(WORKSHOP) | {"nearmade": value}
    tree["equipment"][0]["nearmade"] = value
    draft = draft_from_okw(one(tree))
    assert draft.record["nearmade"]["carried"] == {"nearmade": value}
    (machine,) = draft.record["nearmade"]["other_equipment"]
    assert machine["nearmade"]["carried"] == {"nearmade": value}


def test_equipment_that_is_no_list_of_objects_is_left_aside() -> None:
    for equipment in ("a lathe", ["a lathe"]):
        tree = complete() | {"equipment": equipment}
        draft = draft_from_okw(one(tree))
        assert draft.record["equipment"] == []
        assert draft.record["nearmade"]["other_equipment"] == ["a lathe"]


def test_a_place_without_name_or_nozzle_is_asked_for_them() -> None:
    tree = complete()
    del tree["name"], tree["location"]["gps_coordinates"]
    machine = tree["equipment"][0]
    for key in ("nozzle_size", "model"):
        del machine[key]
    hints = asked(draft_from_okw(one(tree)))
    assert "name" in hints
    assert hints["location.gps_coordinates"] == "Ngong Road 12 Nairobi"
    assert "nearmade.other_equipment[0].model" in hints
    assert "nearmade.other_equipment[0].nearmade.nozzle_tenths_mm" in hints


def test_what_can_be_read_in_another_form_is_asked_with_that_reading() -> None:
    tree = complete()
    tree["location"]["gps_coordinates"] = [-1.3, 36.7]
    tree["equipment"][0]["nozzle_size"] = "0,4 mm"
    draft = draft_from_okw(one(tree))
    hints = asked(draft)
    assert hints["location.gps_coordinates"] == '"-1.3, 36.7"?'
    nozzle = "nearmade.other_equipment[0].nearmade.nozzle_tenths_mm"
    assert hints[nozzle] == "0,4 mm"
    assert draft.facility is None


def test_names_become_slugs() -> None:
    assert slug_of("Kibera Town Workshop") == "kibera-town-workshop"
    assert slug_of("Fab Lab  León!") == "fab-lab-leon"
    assert slug_of("日本") == ""


def test_strange_figures_stay_as_they_are() -> None:
    record: Any = facility_record(load_network(DEMO)[0])
    first = record["equipment"][0]
    first |= {"x_travel": True, "nozzle_size": "0.4", "build_volume": 7}
    record["nearmade"]["feedstocks"] = [{"material": "unobtainium"}, 7]
    there = okw_from_record(record)
    assert "build_volume_mm" not in there["equipment"][0]["nearmade"]
    assert there["equipment"][0]["nozzle_size"] == "0.4"
    assert "typical_materials" not in there
    first |= {"x_travel": 0.5, "y_travel": 2.5, "z_travel": 3}
    there = okw_from_record(record)
    assert there["equipment"][0]["build_volume"] == 7
    assert "x_travel" not in there["equipment"][0]
    assert record_from_okw(there)["equipment"][0]["x_travel"] == 0.5
    there["equipment"][0]["nearmade"]["build_volume_mm"] = {"x": "wide"}
    assert "x_travel" not in record_from_okw(there)["equipment"][0]
