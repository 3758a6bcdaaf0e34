"""Editing a site by its forms: guidance, faults beside fields, undo, no strangers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from nearmade.cloud.network.models import Site, SiteVersion
from nearmade.cloud.network.services import facility_of, import_facility
from nearmade.cloud.pages.editing.sections import SECTIONS, obstacles_of
from nearmade.facilities.facility import Facility
from nearmade.facilities.record import facility_from_record
from nearmade.production.job import JobState
from tests.cloud.workshop import (
    a_job,
    a_person,
    an_order,
    facility_in_words,
    the_lyon_fablab,
    the_oslo_fablab,
)
from tests.pages.bench import a_drawn_coupling, an_operator, words_of

pytestmark = [pytest.mark.database, pytest.mark.django_db]

PRICES = {
    "currency": "eur",
    "machine_hour": "2.5",
    "setup": "1",
    "labour_hour": "20",
    "minimum": "0",
    "margin_percent": "12.5",
    "kilogram_0": "25",
}


def now_at(site: Site) -> Facility:
    site.refresh_from_db()
    return facility_of(site)


def save(client: Client, key: str, sent: dict[str, Any], act: str = "save") -> Any:
    seen = Site.objects.get(pk="lyon").updated_at.isoformat()
    return client.post(f"/sites/lyon/edit/{key}", {"seen": seen, "act": act, **sent})


def rows(prefix: str, *several: dict[str, Any], initial: int = 0) -> dict[str, Any]:
    """What a browser sends for rows."""
    sent: dict[str, Any] = {
        f"{prefix}-TOTAL_FORMS": len(several),
        f"{prefix}-INITIAL_FORMS": initial,
    }
    for index, row in enumerate(several):
        sent |= {f"{prefix}-{index}-{name}": value for name, value in row.items()}
    return sent


MACHINE = {"machine_id": "lyon/mk3s", "status": "ready"}


@pytest.mark.parametrize("key", [section.key for section in SECTIONS])
def test_every_section_opens_with_what_stands_there_and_says_what_it_opens(
    client: Client, key: str
) -> None:
    an_operator(client, the_lyon_fablab())
    page = words_of(client.get(f"/sites/lyon/edit/{key}"))
    (section,) = [one for one in SECTIONS if one.key == key]
    assert str(section.title) in page
    assert str(section.opens)[:40] in page
    assert f"/sites/lyon/edit/{key}" in words_of(client.get("/sites/lyon/edit"))


def test_prices_are_asked_by_the_kilogram_and_kept_by_the_gram(client: Client) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    page = words_of(client.get("/sites/lyon/edit/prices"))
    assert "One kilogram of PLA" in page
    assert 'value="30"' in page  # 0.03 EUR a gram
    assert save(client, "prices", PRICES).status_code == 302
    tariff = now_at(site).tariff
    assert (tariff.currency, tariff.machine_hour) == ("EUR", Decimal("2.5"))
    assert tariff.material_gram == {"PLA": Decimal("0.025")}
    assert tariff.margin_fraction == Decimal("0.125")


def test_a_known_model_brings_its_facts(client: Client) -> None:
    """A Creality Ender-3 prints 220 x 220 x 250 mm, by its maker."""
    site = the_lyon_fablab()
    an_operator(client, site)
    sent = rows("machines", MACHINE, initial=1) | {
        "new-model": "ender3",
        "new-count": "2",
    }
    assert save(client, "machines", sent).status_code == 302
    _mk3s, one, two = now_at(site).machines
    assert (one.id, two.id) == ("lyon/ender3-1", "lyon/ender3-2")
    assert one.build_volume_mm == (220, 220, 250)
    assert "ender3-pla-0.20" in one.profiles
    site.refresh_from_db()
    assert site.machine_count == 3


def test_a_machine_goes_unless_an_order_waits_on_it(client: Client) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    job = a_job(an_order(site, a_person()), JobState.PRINTING)
    sent = rows("machines", {**MACHINE, "DELETE": "on"}, initial=1)
    answer = save(client, "machines", sent)
    assert answer.status_code == 422
    assert "still has builds of orders" in words_of(answer)
    job.state = JobState.CHECKED.value
    job.save()
    assert save(client, "machines", sent).status_code == 302
    assert now_at(site).machines == ()
    assert "no machine stands there yet" in words_of(client.get("/sites/lyon/edit"))


def test_stock_is_rows_that_come_and_go(client: Client) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    pla = {"material": "PLA", "colour": "white", "stock_kg": "1.5"}
    petg = {"material": "PETG", "colour": "", "stock_kg": "0.75"}
    empty = {"material": "", "colour": "", "stock_kg": ""}
    save(client, "stock", rows("stock", pla, petg, empty, initial=1))
    held = {lot.material: lot.stock_g for lot in now_at(site).feedstocks}
    assert held == {"PLA": 1500.0, "PETG": 750.0}
    assert "has no price" in words_of(client.get("/sites/lyon/edit"))
    save(client, "stock", rows("stock", {**pla, "DELETE": "on"}, petg, initial=2))
    assert [lot.material for lot in now_at(site).feedstocks] == ["PETG"]
    site.refresh_from_db()
    assert site.materials == ["PETG"]


def test_opening_keeps_zone_and_holidays(client: Client) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    sent = {
        "days": ["1", "3"],
        "opens_hour": "8.5",
        "closes_hour": "17",
        "zone": "Europe/Paris",
        "holidays": "2026-12-25\n2026-05-01\n2026-05-01",
    }
    save(client, "opening", sent)
    facility = now_at(site)
    assert (facility.opening.days, facility.opening.opens_hour) == ((1, 3), 8.5)
    assert (facility.zone, facility.opening.utc_offset_h) == ("Europe/Paris", 1.0)
    assert [f"{day:%m-%d}" for day in facility.holidays] == ["05-01", "12-25"]


def test_a_van_has_stops_on_its_own_clock(client: Client) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    hours = {"days": ["1"], "opens_hour": "8", "closes_hour": "17", "holidays": ""}
    save(client, "opening", {**hours, "zone": "Europe/Paris"})
    oslo = {
        "starts": "2026-07-01T08:00",
        "ends": "2026-07-02T08:00",
        "town": "Oslo, NO",
    }
    rome = {
        "starts": "2026-07-03T08:00",
        "ends": "2026-07-04T08:00",
        "town": "Rome, IT",
    }
    save(client, "stops", rows("stops", rome, oslo))
    first, second = now_at(site).itinerary
    assert (first.place.name, second.place.name) == ("Oslo", "Rome")
    assert f"{first.starts_at:%H:%M %Z}" == "06:00 UTC"  # summer time in Paris
    assert 'value="2026-07-01T08:00"' in words_of(client.get("/sites/lyon/edit/stops"))
    over = {**rome, "starts": "2026-07-01T20:00"}
    answer = save(client, "stops", rows("stops", oslo, over))
    assert answer.status_code == 422
    assert "Two stops lie over each other" in words_of(answer)


def test_hands_and_certificates_are_kept(client: Client) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    sent = {"assembles": "on", "services": ["SANDING"], "certifications": " ISO 9001\n"}
    save(client, "skills", sent)
    facility = now_at(site)
    assert facility.services == ("ASSEMBLY", "SANDING")
    assert facility.certifications == ("ISO 9001",)


ABOUT = {"name": "Lyon", "kind": "commons", "status": "closed", "access": "", "url": ""}


def test_a_site_moves_to_a_town_or_a_point(client: Client) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    here = now_at(site).place
    point = f"{here.lat_deg:g}, {here.lon_deg:g}"
    save(client, "about", {**ABOUT, "town": "Porto, PT", "point": point})
    moved = now_at(site)
    assert (moved.place.name, moved.kind, moved.status) == (
        "Porto",
        "commons",
        "closed",
    )
    assert moved.place.lat_deg == pytest.approx(41.15, abs=0.05)
    save(client, "about", {**ABOUT, "town": "Porto, PT", "point": "41.2, -8.5"})
    assert (now_at(site).place.lat_deg, now_at(site).place.lon_deg) == (41.2, -8.5)


@pytest.mark.parametrize(
    ("key", "sent", "said"),
    [
        ("prices", {**PRICES, "currency": "E1"}, "at least 3"),
        ("prices", {**PRICES, "currency": "E1R"}, "Write three letters"),
        ("prices", {**PRICES, "machine_hour": "-1"}, "greater than or equal to 0"),
        ("prices", {**PRICES, "machine_hour": "NaN"}, "Enter a number"),
        ("prices", {**PRICES, "setup": "9" * 30}, "no more than"),
        ("opening", {"days": ["9"], "opens_hour": "9"}, "Select a valid choice"),
        ("opening", {"days": ["1"], "opens_hour": "17", "closes_hour": "9"},
         "It must close after it opens"),
        ("opening", {"days": ["1"], "opens_hour": "1", "closes_hour": "9",
                     "zone": "Mars/Base"}, "There is no zone Mars/Base"),
        ("opening", {"days": ["1"], "opens_hour": "1", "closes_hour": "9",
                     "holidays": "soon"}, "soon is no day"),
        ("about", {**ABOUT, "town": "Nowhereville"}, "We know no town"),
        ("about", {**ABOUT, "town": "Porto, PT", "point": "91, 0"}, "-90 to 90"),
        ("about", {**ABOUT, "town": "Porto, PT", "point": "nan, 0"}, "-90 to 90"),
        ("about", {**ABOUT, "town": "Porto, PT", "kind": "x"}, "Select a valid choice"),
        ("power", {"kind": "solar", "max_w": "10"}, "needs a figure here"),
        ("power", {"kind": "grid", "max_w": "inf"}, "Enter a number"),
        ("skills", {"services": ["MAGIC"]}, "Select a valid choice"),
        ("stock", rows("stock", {"material": "GOLD", "stock_kg": "1"}),
         "Select a valid choice"),
        ("stock", rows("stock", {"material": "PLA", "stock_kg": "-1"}),
         "greater than or equal to 0"),
        ("machines", rows("machines", {"machine_id": "oslo/mk3s", "status": "ready"},
                          initial=1), "not there any more"),
        ("machines", rows("machines", MACHINE, initial=1) | {"new-model": "x"},
         "Select a valid choice"),
        ("stops", rows("stops", {"starts": "2026-07-02T08:00",
                                 "ends": "2026-07-01T08:00", "town": "Oslo, NO"}),
         "must end after it starts"),
    ],
)  # fmt: skip
def test_a_fault_stands_beside_its_field_and_nothing_is_saved(
    client: Client, key: str, sent: dict[str, Any], said: str
) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    before = site.record
    answer = save(client, key, sent)
    assert answer.status_code == 422
    assert said in words_of(answer)
    site.refresh_from_db()
    assert site.record == before
    assert SiteVersion.objects.count() == 0


@pytest.mark.parametrize("key", ["stock", "machines", "stops"])
def test_a_form_without_its_rows_is_no_crash(client: Client, key: str) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    assert save(client, key, {}).status_code == 422


def test_every_change_can_be_undone_and_the_undoing_too(client: Client) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    first = site.record
    save(client, "prices", PRICES)
    (version,) = site.versions.all()
    assert "Undo" in words_of(client.get("/sites/lyon/edit"))
    client.post(f"/sites/lyon/versions/{version.pk}")
    site.refresh_from_db()
    assert site.record == first
    latest = site.versions.first()
    assert latest is not None
    client.post(f"/sites/lyon/versions/{latest.pk}")
    assert now_at(site).tariff.machine_hour == Decimal("2.5")


def test_saving_what_stands_there_keeps_no_version(client: Client) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    sent = {"kind": "grid", "pv_wp": "0", "battery_wh": "0", "max_w": "3000"}
    save(client, "power", sent)
    assert SiteVersion.objects.count() == 0


def test_two_people_do_not_write_over_each_other(client: Client) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    seen = site.updated_at.isoformat()
    save(client, "prices", PRICES)
    late = {**PRICES, "machine_hour": "9", "seen": seen, "act": "save"}
    answer = client.post("/sites/lyon/edit/prices", late)
    assert answer.status_code == 409
    assert "Somebody else changed this site" in words_of(answer)
    assert now_at(site).tariff.machine_hour == Decimal("2.5")


def test_a_preview_says_what_could_be_made_and_saves_nothing(client: Client) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    a_drawn_coupling()
    page = words_of(client.get("/sites/lyon/makeable"))
    assert "of 1 designs alone" in page
    gone = rows("machines", {**MACHINE, "DELETE": "on"}, initial=1)
    preview = save(client, "machines", gone, act="preview")
    page = words_of(preview)
    assert preview.status_code == 200
    assert "With this, not saved yet" in page
    assert "Can make 0 of 1 designs alone" in page
    assert len(now_at(site).machines) == 1
    assert SiteVersion.objects.count() == 0


def test_nobody_edits_a_site_of_others(client: Client) -> None:
    site, oslo = the_lyon_fablab(), the_oslo_fablab()
    save(Client(), "prices", PRICES)
    an_operator(client, oslo)
    version = SiteVersion.objects.create(
        site=site, record=site.record, saved_at=timezone.now(), changed="prices"
    )
    for path in ("/sites/lyon/edit", "/sites/lyon/edit/prices", "/sites/lyon/makeable"):
        assert client.get(path).status_code == 404
    assert save(client, "prices", PRICES).status_code == 404
    # a version of one site is none of another's
    assert client.post(f"/sites/oslo/versions/{version.pk}").status_code == 404
    assert client.post(f"/sites/lyon/versions/{version.pk}").status_code == 404
    assert Client().get("/sites/lyon/edit").status_code == 302
    assert now_at(site).tariff.machine_hour == Decimal("1.50")
    assert client.get("/sites/oslo/edit/magic").status_code == 404


def test_an_import_leaves_what_operators_wrote(client: Client) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    save(client, "prices", PRICES)
    the_lyon_fablab()
    assert now_at(site).tariff.machine_hour == Decimal("2.5")


def test_what_keeps_orders_away_is_named_step_by_step() -> None:
    words = facility_in_words()
    assert obstacles_of(facility_from_record(words)) == []
    words["facility_status"] = "Planned"
    words["equipment"] = []
    words["nearmade"]["feedstocks"] = []
    words["nearmade"]["tariff"]["machine_hour"] = "0"
    found = obstacles_of(facility_of(import_facility(facility_from_record(words))))
    assert [one.section.key for one in found] == [
        "machines",
        "stock",
        "prices",
        "about",
    ]
