"""The public list of fab labs, as places that nobody has claimed."""

from __future__ import annotations

import json

from nearmade.facilities.okw import read_okw
from nearmade.facilities.okw_conversion import draft_from_okw
from nearmade.facilities.okw_places import FAB_LABS, unclaimed_places, with_source
from tests.facilities.okw_documents import FAB_LAB, WORKSHOP, as_bytes
from tests.shared_data import shared


def test_every_fab_lab_is_a_place_with_its_source() -> None:
    file = shared("okh_okw", "okw", "preliminary_iop_okw_fac_source_01.json")
    places = unclaimed_places(read_okw(file.read_bytes(), file.name).records)
    written = json.loads(file.read_bytes())
    assert len(places) == 2237
    assert sum(one.lat_deg is not None for one in places) == 2036
    assert {one.source.licence for one in places} == {"CC-BY-4.0"}
    assert len({one.at_source for one in places}) == 2237
    for place, record in zip(places, written, strict=True):
        point = record["geocoding"] or {"latitude": None, "longitude": None}
        assert place.at_source == record["facility"]["facility_id"]
        assert place.name == record["facility"]["name"].strip()
        assert place.url == record["facility"]["url"]
        assert place.country == record["region"]["country"]
        assert place.region == record["region"]["state_region"].strip()
        assert (place.lat_deg, place.lon_deg) == (point["latitude"], point["longitude"])


def test_other_records_are_no_places_of_the_list() -> None:
    (record,) = read_okw(as_bytes(WORKSHOP), "a.json").records
    assert unclaimed_places([record]) == ()
    assert with_source(record) == WORKSHOP


def test_the_licence_goes_with_the_record() -> None:
    (record,) = read_okw(as_bytes([FAB_LAB]), "a.json").records
    source = with_source(record)["nearmade"]["source"]
    assert source["licence"] == "CC-BY-4.0"
    assert source["attribution"] == FAB_LABS.attribution


def test_a_place_of_the_list_is_known_as_a_fab_lab_and_no_more() -> None:
    (record,) = read_okw(as_bytes([FAB_LAB]), "a.json").records
    draft = draft_from_okw(record)
    assert draft.facility is None
    assert draft.record["nearmade"]["kind"] == "fab-lab"
    assert {one.path for one in draft.questions} == {
        "nearmade.id",
        "nearmade.opening",
        "nearmade.feedstocks",
        "nearmade.tariff",
        "nearmade.power",
        "facility_status",
    }
