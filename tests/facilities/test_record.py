"""Facilities as records."""

import copy
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from nearmade.facilities.record import facility_from_record, facility_record
from nearmade.vocabulary.errors import InvalidInput

LYON: dict[str, Any] = {
    "name": "Lyon fab lab",
    "facility_status": "Active",
    "location": {
        "address": {"city": "Lyon", "country": "FR"},
        "gps_coordinates": "45.74846, 4.84671",
    },
    "equipment": [
        {
            "make": "Prusa",
            "model": "MK3S+",
            "quantity": 2,
            "x_travel": 250,
            "y_travel": 210,
            "z_travel": 210,
            "nozzle_size": 0.4,
            "nearmade": {
                "id": "lyon/mk3s",
                "process": "FDM",
                "profiles": ["mk3s-pla-0.20"],
            },
        }
    ],
    "nearmade": {
        "id": "lyon",
        "kind": "fab-lab",
        "opening": {
            "days": [2, 3, 4, 5, 6],
            "opens_hour": 10,
            "closes_hour": 19.5,
            "utc_offset_h": 1,
        },
        "feedstocks": [{"material": "PLA", "colour": "white", "stock_g": 1500}],
        "tariff": {
            "currency": "EUR",
            "machine_hour": "1.50",
            "material_gram": {"PLA": "0.03"},
            "setup": "2",
            "labour_hour": "25",
            "minimum": "5",
            "margin_fraction": "0.10",
        },
        "power": {"kind": "grid"},
    },
}


def test_a_record_in_okw_words_becomes_a_facility() -> None:
    lyon = facility_from_record(LYON)
    assert (lyon.id, lyon.kind, lyon.status) == ("lyon", "fab-lab", "active")
    assert (lyon.place.lat_deg, lyon.place.lon_deg) == (45.74846, 4.84671)
    assert [machine.id for machine in lyon.machines] == ["lyon/mk3s-1", "lyon/mk3s-2"]
    assert lyon.machines[0].make_model == "Prusa MK3S+"
    assert lyon.machines[0].build_volume_mm == (250, 210, 210)
    assert lyon.tariff.machine_hour == Decimal("1.50")
    assert lyon.opening.closes_hour == 19.5


def test_writing_and_reading_gives_the_same_facility() -> None:
    lyon = facility_from_record(LYON)
    text = json.dumps(facility_record(lyon))
    assert facility_from_record(json.loads(text)) == lyon


def test_our_own_build_volume_goes_before_travel() -> None:
    record = copy.deepcopy(LYON)
    record["equipment"][0]["nearmade"]["build_volume_mm"] = {"x": 240, "y": 200, "z": 9}
    machine = facility_from_record(record).machines[0]
    assert machine.build_volume_mm == (240, 200, 9)


def test_every_fault_is_named_with_path_value_and_rule() -> None:
    record = copy.deepcopy(LYON)
    record["facility_status"] = "Open"
    record["location"]["gps_coordinates"] = "145.7, 4.8"
    record["location"]["address"]["country"] = "fr"
    record["equipment"][0]["x_travel"] = float("nan")
    record["equipment"][0]["nearmade"]["id"] = "other/mk3s"
    record["nearmade"]["opening"]["days"] = [0]
    record["nearmade"]["tariff"]["setup"] = "-2"
    record["nearmade"]["tariff"]["currency"] = "euro"
    record["nearmade"]["feedstocks"][0]["stock_g"] = "much"
    record["nearmade"]["power"] = {"kind": "solar"}
    del record["name"]
    with pytest.raises(InvalidInput) as refusal:
        facility_from_record(record)
    message = str(refusal.value)
    for fault in (
        "facility lyon: ",
        "facility_status 'Open': must be one of Active, Planned",
        "location.gps_coordinates '145.7, 4.8': is off the map",
        "location.address.country 'fr': must be two capitals",
        "equipment[0].x_travel nan: must be above 0",
        "equipment[0].nearmade.id 'other/mk3s': must begin with lyon/",
        "nearmade.opening.days[0] 0: must be a whole number from 1 to 7",
        "nearmade.tariff.setup '-2': must be an amount of zero or more",
        "nearmade.tariff.currency 'euro': must be three capitals",
        "nearmade.feedstocks[0].stock_g 'much': must be a number",
        "nearmade.power.pv_wp 0.0: a solar site needs pv_wp and battery_wh",
        "name None: must be text and not empty",
    ):
        assert fault in message


def test_a_machine_named_twice_is_refused() -> None:
    record = copy.deepcopy(LYON)
    record["equipment"].append(copy.deepcopy(record["equipment"][0]))
    with pytest.raises(InvalidInput, match="'lyon/mk3s-1': is there twice"):
        facility_from_record(record)


@pytest.mark.parametrize("nonsense", [{}, {"nearmade": []}, {"equipment": "two"}])
def test_nonsense_is_refused_and_not_a_crash(nonsense: dict[str, object]) -> None:
    with pytest.raises(InvalidInput, match="must be"):
        facility_from_record(nonsense)


def test_every_kind_of_wrong_value_is_named() -> None:
    record = copy.deepcopy(LYON)
    record["facility_status"] = 3
    equipment = record["equipment"][0]
    equipment["nozzle_size"] = True
    equipment["nearmade"]["profiles"] = ["", 4]
    record["equipment"].append("a lathe")
    own = record["nearmade"]
    own["assembles"] = "yes"
    own["reliability_fraction"] = 1.5
    own["opening"]["opens_hour"] = 20
    own["feedstocks"] = {"PLA": 3}
    own["tariff"]["minimum"] = "a lot"
    own["tariff"]["labour_hour"] = "Infinity"
    own["tariff"]["material_gram"]["PLA"] = None
    own["power"]["kind"] = "x" * 100
    with pytest.raises(InvalidInput) as refusal:
        facility_from_record(record)
    for fault in (
        "facility_status 3: must be one of",
        "equipment[0].nozzle_size True: must be a number",
        "equipment[0].nearmade.profiles[0] '': must be text and not empty",
        "equipment[0].nearmade.profiles[1] 4: must be text and not empty",
        "equipment[1] 'a lathe': must be an object",
        "nearmade.assembles 'yes': must be true or false",
        "nearmade.reliability_fraction 1.5: must be from 0 to 1",
        "nearmade.opening.closes_hour 19.5: must be after opens_hour 20",
        "nearmade.feedstocks {'PLA': 3}: must be a list",
        "nearmade.tariff.minimum 'a lot': must be an amount of zero or more",
        "nearmade.tariff.labour_hour 'Infinity': must be an amount of zero or more",
        "nearmade.tariff.material_gram.PLA None: must be an amount of zero or more",
        "xxx...: must be one of grid, solar",
    ):
        assert fault in str(refusal.value)


@pytest.mark.parametrize(
    "endless", [float("inf"), float("-inf"), float("nan"), 10**400, 1e300]
)
def test_a_number_without_end_is_refused_by_its_field(endless: float) -> None:
    record = copy.deepcopy(LYON)
    own = record["nearmade"]
    own["queue_s"] = endless
    own["reliability_fraction"] = endless
    own["opening"]["utc_offset_h"] = endless
    own["feedstocks"][0]["stock_g"] = endless
    own["tariff"]["setup"] = endless
    own["tariff"]["machine_hour"] = "1e999999"
    record["equipment"][0]["x_travel"] = endless
    with pytest.raises(InvalidInput) as refusal:
        facility_from_record(record)
    for field in (
        "nearmade.queue_s",
        "nearmade.reliability_fraction",
        "nearmade.opening.utc_offset_h",
        "nearmade.feedstocks[0].stock_g",
        "nearmade.tariff.setup",
        "nearmade.tariff.machine_hour",
        "equipment[0].x_travel",
    ):
        assert f"{field} " in refusal.value.message


def test_a_machine_without_room_is_refused() -> None:
    machine = facility_from_record(LYON).machines[0]
    with pytest.raises(InvalidInput, match="build_volume_mm must be > 0"):
        replace(machine, build_volume_mm=(250, 0, 210))
