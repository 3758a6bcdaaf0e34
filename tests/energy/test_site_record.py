"""The energy part of a site's file is read, and refused with its place."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from nearmade.energy.site.prices import prices_of, yearly
from nearmade.energy.site.site_record import site_energy_from_record, usual_tilt_deg
from nearmade.planning.site.site_record import site_from_record
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.place import Place
from tests.architecture.sources import ROOT

KISUMU = {"name": "Kisumu", "country": "KE", "lat_deg": -0.09, "lon_deg": 34.77}
WORK = {"model": "MINI", "minutes": 90, "pieces": 2, "from": "07:00", "to": "19:00"}
SITE: dict[str, Any] = {
    "name": "Kisumu school",
    "zone": "Africa/Nairobi",
    "energy": {
        "place": KISUMU,
        "panel": {"rated_wp": 400},
        "battery": {"capacity_wh": 1200},
        "work": WORK,
        "wish": {"pieces_a_day": 12},
    },
}


def changed(where: str, value: object) -> dict[str, Any]:
    record = copy.deepcopy(SITE)
    *way, last = where.split(".")
    at: Any = record
    for word in way:
        at = at.setdefault(word, {})
    at[last] = value
    return record


def test_a_site_is_read_with_its_defaults() -> None:
    site = site_energy_from_record(SITE)
    assert site.name == "Kisumu school"
    assert site.utc_offset_h == 3  # Kenya has no summer time
    assert site.panel.rated_wp == 400
    assert site.panel.tilt_deg == 10
    assert site.battery.capacity_wh == 1200
    assert site.work is not None
    assert site.work.machine.machine_model == "MINI"
    assert (site.work.opens_hour, site.work.closes_hour) == (7, 19)
    assert site.wish is not None
    assert site.wish.days_fraction == 0.95
    assert site.grid is None
    assert site.generator is None


def test_a_schedule_says_what_is_printed_where_the_energy_part_does_not() -> None:
    path = ROOT / "examples" / "schedules" / "off-grid.json"
    record = json.loads(path.read_text("utf-8"))
    record["energy"] = {"place": KISUMU}
    work = site_energy_from_record(record).work
    assert work is not None
    # (180 + 240 + 300 + 150 + 600 + 800) / 6 minutes on two machines
    assert work.minutes == pytest.approx(378.3333)
    assert work.machines == 2
    assert (work.opens_hour, work.closes_hour) == (7, 19)
    assert site_from_record(record).machines[0].id == "MINI-1"


def test_the_standard_time_of_a_place_with_summer_time_is_that_of_winter() -> None:
    assert site_energy_from_record({**SITE, "zone": "Europe/Paris"}).utc_offset_h == 1
    sydney = site_energy_from_record({**SITE, "zone": "Australia/Sydney"})
    assert sydney.utc_offset_h == 10
    bare = {name: value for name, value in SITE.items() if name != "zone"}
    assert site_energy_from_record(bare).utc_offset_h == 2  # 34.77 / 15 = 2.3


def test_panels_lean_as_the_place_lies() -> None:
    assert usual_tilt_deg(Place("Quito", "EC", -0.2, -78.5)) == 10
    assert usual_tilt_deg(Place("Houghton", "US", 47.1, -88.5)) == 47.1
    assert usual_tilt_deg(Place("Alert", "CA", 82.5, -62.3)) == 60


@pytest.mark.parametrize(
    ("where", "value", "says"),
    [
        ("energy.place.lat_deg", 91, "lat_deg"),
        ("energy.place.lat_deg", "north", "must be a number"),
        ("energy.place.country", "Kenya", "two capitals"),
        ("energy.panel.rated_wp", -1, "rated_wp"),
        ("energy.panel.rated_wp", float("nan"), "rated_wp"),
        ("energy.panel.rated_wp", 1e30, "rated_wp"),
        ("energy.battery.chemistry", "magic", "is not known"),
        ("energy.battery.capacity_wh", True, "must be a number"),
        ("energy.work.model", "Nothing", "is not known"),
        ("energy.work.minutes", 0, "minutes"),
        ("energy.work.minutes", 900, "does not fit"),
        ("energy.work.to", "06:00", "after from"),
        ("energy.work.pieces", 1.5, "whole"),
        ("energy.wish.pieces_a_day", 0, "pieces_a_day"),
        ("energy.wish.days_fraction", 1.2, "days_fraction"),
        ("energy.prices.panel_per_wp", -2, "panel_per_wp"),
        ("energy.prices.battery_years", 0, "battery_years"),
        ("energy.prices.luck", 1, "energy.prices.luck"),
        ("energy.prices.currency", "shilling", "energy.prices.currency"),
        ("energy.prices.currency", "KES", "panel_per_wp"),
        ("energy.grid", {"gco2e_per_kwh": [100] * 23}, "24 values"),
        ("energy.grid", {"outage_hours": 2000}, "outage_hours"),
        ("energy.generator", {}, "rated_w"),
        (
            "energy.generator",
            {"rated_w": 1, "start_fraction": 0.9, "stop_fraction": 0.5},
            "stop_fraction",
        ),
        ("energy.panel.mount", "kite", "is not known"),
        ("energy.panel.azimuth_deg", 400, "azimuth_deg"),
        ("energy.sun", 1, "energy.sun"),
        ("energy.itinerary", [{"from": "2026-01-01"}], "place"),
        ("zone", "Mars", "site.zone"),
        ("zone", 4, "site.zone"),
        ("energy", [], "must be an object"),
    ],
)
def test_a_part_that_means_nothing_is_refused_with_its_place(
    where: str, value: object, says: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        site_energy_from_record(changed(where, value))
    assert says in caught.value.message
    assert caught.value.remedy


def test_a_site_without_the_part_is_told_how_to_add_it() -> None:
    with pytest.raises(InvalidInput) as caught:
        site_energy_from_record({"name": "bare"})
    assert "schedule sample" in caught.value.remedy


def stay(first: str, last: str) -> dict[str, Any]:
    return {"from": first, "to": last, "place": KISUMU}


@pytest.mark.parametrize(
    ("stays", "says"),
    [
        ([stay("2026-03-01", "2026-02-01")], "before from"),
        (
            [stay("2026-01-01", "2026-02-01"), stay("2026-02-01", "2026-03-01")],
            "is not after",
        ),
        ([stay("2026-01-01", "2027-01-01")], "more than a year"),
        ([stay("2026-13-01", "2026-02-01")], "is no day"),
    ],
)
def test_stays_that_cannot_be_are_refused(stays: list[Any], says: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        site_energy_from_record(changed("energy.itinerary", stays))
    assert says in caught.value.message


def test_a_first_cost_is_spread_as_a_loan_is() -> None:
    # Capital recovery factor of 8 % over 10 years: 0.149029 (any table of interest).
    assert yearly(1000, 10, 0.08) == pytest.approx(149.029, abs=1e-3)
    assert yearly(1000, 10, 0.0) == 100
    # What lasts for ever costs its interest; what lasts a moment, all at every moment.
    assert yearly(1000, 1e8, 0.08) == pytest.approx(80)
    assert yearly(1000, 1e-20, 0.08) == pytest.approx(1000 * 0.08 / 0.0769610e-20)


def test_lead_acid_is_cheaper_and_dies_sooner_and_own_prices_go_first() -> None:
    assert prices_of("lead-acid", {}).battery_years < prices_of("x", {}).battery_years
    own = prices_of("lead-acid", {"battery_per_kwh": 99.0})
    assert own.battery_per_kwh == 99
    with pytest.raises(InvalidInput):
        prices_of("lifepo4", {"fuel_per_l": float("nan")})
