"""What machines can do, and where and when facilities work, as records."""

import copy
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.facilities.facility import Facility, Machine, OutOfUse, Stop
from nearmade.facilities.record import facility_from_record, facility_record
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.place import Place
from nearmade.vocabulary.processes import PROCESSES
from tests.facilities.test_record import LYON

BERLIN = Place("Berlin", "DE", 52.52, 13.405)
HAMBURG = Place("Hamburg", "DE", 53.55, 9.993)


def the_lyon_fablab() -> Facility:
    return facility_from_record(LYON)


def known_of(machine: dict[str, Any], **own: object) -> dict[str, Any]:
    record = copy.deepcopy(LYON)
    record["equipment"][0] |= machine
    record["equipment"][0]["nearmade"] |= own
    return record


def test_an_old_record_says_nothing_of_what_it_did_not_know() -> None:
    lyon = the_lyon_fablab()
    machine = lyon.machines[0]
    assert (machine.layer_mm, machine.nozzle_degc, machine.enclosed) == (None,) * 3
    assert (machine.laser_w, machine.axes, machine.tolerance_mm) == (None,) * 3
    assert (machine.materials, machine.certifications) == ((), ())
    assert (lyon.itinerary, lyon.holidays, lyon.services) == ((), (), ())
    assert (lyon.zone, lyon.access, lyon.url) == ("", "", "")


def test_what_is_unknown_is_not_written() -> None:
    record = json.loads(json.dumps(facility_record(the_lyon_fablab())))
    assert set(record["equipment"][0]["nearmade"]) == {
        "id", "process", "profiles", "status", "driver",
    }  # fmt: skip
    assert "axes" not in record["equipment"][0]
    assert "itinerary" not in record["nearmade"]


def test_a_laser_cutter_needs_no_nozzle_and_keeps_okws_words() -> None:
    record = known_of(
        {"laser_power": 900, "axes": 2, "nozzle_size": None},
        process="LASER-CUTTING",
        laser_w=60,
    )
    cutter = facility_from_record(record).machines[0]
    assert (cutter.process, cutter.laser_w, cutter.axes) == ("LASER-CUTTING", 60, 2)
    assert cutter.nozzle_mm == 0
    written = facility_record(facility_from_record(record))["equipment"]
    assert isinstance(written, list)
    assert written[0]["nearmade"]["laser_w"] == 60
    assert "laser_power" not in written[0]
    assert written[0]["manufacturing_process"] == (
        "https://en.wikipedia.org/wiki/Laser_cutting"
    )


def test_a_process_by_its_wikipedia_page_becomes_its_code() -> None:
    page = "https://en.wikipedia.org/wiki/Fused_filament_fabrication"
    assert facility_from_record(known_of({}, process=page)).machines[0].process == "FDM"
    own = known_of({}, process="BASKET-WEAVING-BY-ROBOT")
    assert facility_from_record(own).machines[0].process == "BASKET-WEAVING-BY-ROBOT"


@pytest.mark.parametrize(
    ("machine", "own", "fault"),
    [
        ({}, {"laser_w": -1}, "equipment[0].nearmade.laser_w -1: must be from 0"),
        ({"axes": 2.5}, {}, "equipment[0].axes 2.5: must be a whole number from 1"),
        ({}, {"layer_mm": [0.3, 0.1]}, "layer_mm [0.3, 0.1]: must be two numbers"),
        ({}, {"layer_mm": 0.2}, "layer_mm 0.2: must be two numbers"),
        ({}, {"enclosed": "yes"}, "enclosed 'yes': must be true or false"),
        ({}, {"nozzle_degc": float("nan")}, "nozzle_degc nan: must be from 0"),
        ({}, {"tolerance_mm": 0}, "tolerance_mm 0: must be from 0"),
        ({}, {"materials": "PEEK"}, "materials 'PEEK': must be a list"),
    ],
)
def test_wrong_capabilities_are_named(
    machine: dict[str, object], own: dict[str, object], fault: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        facility_from_record(known_of(machine, **own))
    assert fault in str(refusal.value)


@pytest.mark.parametrize(
    ("own", "fault"),
    [
        ({"zone": "Mars/Olympus"}, "zone 'Mars/Olympus': must be an IANA zone"),
        ({"zone": "../etc/passwd"}, "must be an IANA zone"),
        ({"holidays": ["25.12.2026"]}, "holidays[0] '25.12.2026': must be a day"),
        ({"itinerary": [{}]}, "itinerary[0].starts_at None: must be a moment"),
        ({"itinerary": {}}, "itinerary {}: must be a list"),
    ],
)
def test_wrong_calendars_are_named(own: dict[str, object], fault: str) -> None:
    record = copy.deepcopy(LYON)
    record["nearmade"] |= own
    with pytest.raises(InvalidInput) as refusal:
        facility_from_record(record)
    assert fault in str(refusal.value)


def stop(starts: str, ends: str, place: Place = BERLIN) -> dict[str, object]:
    return {
        "starts_at": starts,
        "ends_at": ends,
        "place": {
            "name": place.name,
            "country": place.country,
            "lat_deg": place.lat_deg,
            "lon_deg": place.lon_deg,
        },
    }


@pytest.mark.parametrize(
    ("stops", "fault"),
    [
        ([stop("2026-11-02T09:00", "2026-11-03T09:00Z")], "must be a moment with a"),
        ([stop("2026-11-03T09:00Z", "2026-11-02T09:00Z")], "must be after starts_at"),
        (
            [
                stop("2026-11-05T09:00Z", "2026-11-07T09:00Z", HAMBURG),
                stop("2026-11-02T09:00Z", "2026-11-06T09:00Z"),
            ],
            "must not start before the stop at Berlin, DE ends",
        ),
    ],
)
def test_a_stop_needs_zones_an_end_and_room(stops: list[object], fault: str) -> None:
    record = copy.deepcopy(LYON)
    record["nearmade"]["itinerary"] = stops
    with pytest.raises(InvalidInput) as refusal:
        facility_from_record(record)
    assert fault in str(refusal.value)


def test_a_stop_off_the_map_is_named() -> None:
    record = copy.deepcopy(LYON)
    off = stop("2026-11-02T09:00Z", "2026-11-03T09:00Z")
    off["place"] = {"name": "Nowhere", "country": "XX", "lat_deg": 95, "lon_deg": 0}
    record["nearmade"]["itinerary"] = [off]
    with pytest.raises(InvalidInput, match="is off the map"):
        facility_from_record(record)


def test_machines_and_stops_out_of_range_cannot_be_made() -> None:
    lyon = the_lyon_fablab()
    machine = lyon.machines[0]
    with pytest.raises(InvalidInput, match="layer_mm must rise"):
        replace(machine, layer_mm=(0.3, 0.1))
    with pytest.raises(InvalidInput, match="axes must be > 0"):
        replace(machine, axes=0)
    noon = datetime(2026, 11, 2, 12, tzinfo=UTC)
    with pytest.raises(InvalidInput, match="must end after it starts"):
        Stop(noon, noon, BERLIN)
    with pytest.raises(InvalidInput, match="moments need a zone"):
        Stop(noon.replace(tzinfo=None), noon, BERLIN)
    two = (
        Stop(noon, noon + timedelta(hours=2), BERLIN),
        Stop(noon + timedelta(hours=1), noon + timedelta(hours=3), HAMBURG),
    )
    with pytest.raises(InvalidInput, match="starts before the one at Berlin, DE ends"):
        replace(lyon, itinerary=two)


words = st.text("abcdefgh XYZ-1234", min_size=1).filter(str.strip)
figures = st.none() | st.floats(1, 500)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1))  # noqa: DTZ001
offsets = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))


@st.composite
def machines(draw: st.DrawFn, machine: Machine) -> Machine:
    low = draw(st.floats(0.01, 1))
    return replace(
        machine,
        process=draw(st.sampled_from(sorted(PROCESSES))),
        layer_mm=draw(st.sampled_from([None, (low, 2 * low)])),
        tolerance_mm=draw(st.none() | st.floats(0.001, 5)),
        nozzle_degc=draw(figures),
        bed_degc=draw(figures),
        chamber_degc=draw(figures),
        enclosed=draw(st.none() | st.booleans()),
        laser_w=draw(figures),
        axes=draw(st.none() | st.integers(1, 9)),
        materials=tuple(draw(st.lists(words, max_size=3))),
        certifications=tuple(draw(st.lists(words, max_size=3))),
    )


@st.composite
def facilities(draw: st.DrawFn) -> Facility:
    lyon = the_lyon_fablab()
    times = sorted(set(draw(st.lists(moments, max_size=6))))
    zone = draw(offsets)
    stops = [
        Stop(start.replace(tzinfo=zone), end.replace(tzinfo=zone), place)
        for start, end, place in zip(
            times[::2], times[1::2], (BERLIN, HAMBURG, lyon.place), strict=False
        )
    ]
    return replace(
        lyon,
        kind=draw(st.sampled_from(["commons", "van", "home"])),
        machines=tuple(draw(machines(machine)) for machine in lyon.machines),
        certifications=tuple(draw(st.lists(words, max_size=2))),
        itinerary=tuple(stops),
        holidays=tuple(draw(st.lists(st.dates(), max_size=3))),
        zone=draw(st.sampled_from(["", "Europe/Paris", "Africa/Nairobi"])),
        access=draw(st.sampled_from(["", "Public", "Membership"])),
        url=draw(st.sampled_from(["", "https://lab.example/"])),
        services=tuple(draw(st.lists(words, max_size=2))),
    )


@given(facilities())
def test_writing_and_reading_loses_nothing(facility: Facility) -> None:
    text = json.dumps(facility_record(facility), allow_nan=False)
    assert facility_from_record(json.loads(text)) == facility


def test_a_machine_out_of_use_is_written_and_read_back() -> None:
    record = copy.deepcopy(LYON)
    span = {
        "starts_at": "2026-11-02T08:00:00+01:00",
        "ends_at": "2026-11-03T08:00:00+01:00",
        "why": "a new nozzle",
    }
    own = record["equipment"][0]["nearmade"]
    own["out_of_use"] = [span]
    facility = facility_from_record(record)
    known = OutOfUse(
        datetime.fromisoformat(span["starts_at"]),
        datetime.fromisoformat(span["ends_at"]),
        "a new nozzle",
    )
    assert facility.machines[0].out_of_use == (known,)
    assert facility_from_record(facility_record(facility)) == facility
    own["out_of_use"] = [{**span, "ends_at": span["starts_at"]}]
    with pytest.raises(InvalidInput, match="must be after starts_at"):
        facility_from_record(record)
    with pytest.raises(InvalidInput, match="must end after it starts"):
        OutOfUse(known.ends_at, known.starts_at)
    with pytest.raises(InvalidInput, match="need a zone"):
        OutOfUse(known.starts_at.replace(tzinfo=None), known.ends_at)


def test_holidays_are_days() -> None:
    record = copy.deepcopy(LYON)
    record["nearmade"]["holidays"] = ["2026-12-25", "2026-05-01"]
    assert facility_from_record(record).holidays == (
        date(2026, 12, 25), date(2026, 5, 1),
    )  # fmt: skip
