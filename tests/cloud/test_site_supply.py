"""What a site reports of its electricity: who may, what is refused, who uses it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from nearmade.cloud.network.models import Site
from nearmade.cloud.network.services import (
    facility_of,
    issue_token,
    keep_supply,
    save_facility,
)
from nearmade.cloud.network.whole import whole_network
from nearmade.cloud.orders.accounting import inventory_of
from nearmade.cloud.orders.electricity import Drew, electricity_of, spans_of
from nearmade.cloud.orders.models import Order
from nearmade.cloud.orders.quotes import quote_near
from nearmade.cloud.orders.records import place_from
from nearmade.cloud.orders.trail import record
from nearmade.cloud.pages.offers import supply_words
from nearmade.facilities.reported_supply import ReportedSupply
from nearmade.impact.account import account_order
from nearmade.planning.site_supply import supply_of
from nearmade.production.job import JobState
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate
from tests.cloud.test_deciding import FIGURES
from tests.cloud.workshop import (
    NOON,
    a_coupling,
    a_job,
    a_person,
    an_order,
    the_lyon_fablab,
    the_oslo_fablab,
)

pytestmark = [pytest.mark.database, pytest.mark.django_db]

PANELS = {"pv_wp": 3000.0, "tilt_deg": 35.0, "azimuth_deg": 180.0}
#: The grid emits 500 g from 0 to 12 o'clock of UTC, and 100 g after that.
HOURLY = [500.0] * 12 + [100.0] * 12


@pytest.fixture(autouse=True)
def nobody_was_counted_yet() -> Iterator[None]:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # else WhiteNoise warns
    cache.clear()
    yield
    cache.clear()


def put(client: Client, token: str, body: Any) -> Any:
    return client.put(
        "/api/agent/supply",
        json.dumps(body),
        "application/json",
        headers={"Authorization": f"Bearer {token}"},
    )


def test_a_site_reports_its_own_supply_and_no_other_sites(client: Client) -> None:
    lyon, oslo = the_lyon_fablab(), the_oslo_fablab()
    answer = put(client, issue_token(lyon, now=NOON), {"supply": PANELS})
    assert (answer.status_code, answer.json()) == (200, {"kept": True})
    lyon.refresh_from_db()
    oslo.refresh_from_db()
    reported = facility_of(lyon).power.reported
    assert isinstance(reported, ReportedSupply)
    assert (reported.pv_wp, reported.tilt_deg) == (3000.0, 35.0)
    assert oslo.supply is None
    assert facility_of(oslo).power.reported is None


def test_a_report_is_taken_back_by_null(client: Client) -> None:
    lyon = the_lyon_fablab()
    token = issue_token(lyon, now=NOON)
    put(client, token, {"supply": PANELS})
    assert put(client, token, {"supply": None}).json() == {"kept": False}
    lyon.refresh_from_db()
    assert lyon.supply is None


def test_nobody_reports_without_a_token(client: Client) -> None:
    the_lyon_fablab()
    body = json.dumps({"supply": PANELS})
    answer = client.put("/api/agent/supply", body, "application/json")
    assert answer.status_code == 401
    assert put(client, "nma_unknown", {"supply": PANELS}).status_code == 403
    assert Site.objects.get(pk="lyon").supply is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"pv_wp": -1.0}, "supply.pv_wp"),
        ({"pv_wp": "many"}, "supply.pv_wp"),
        ({"pv_wp": True}, "supply.pv_wp"),
        ({"pv_wp": 1e300}, "supply.pv_wp"),
        ({"tilt_deg": 91.0}, "supply.tilt_deg"),
        ({"battery_wh": -5.0}, "supply.battery_wh"),
        ({"charge_fraction": 0.0}, "supply.charge_fraction"),
        ({"cutoff_fraction": 1.0}, "supply.cutoff_fraction"),
        ({"grid_gco2e_per_kwh": [100.0] * 23}, "supply.grid_gco2e_per_kwh"),
        ({"grid_gco2e_per_kwh": [100.0] * 23 + [-1.0]}, "grid_gco2e_per_kwh[23]"),
        ({"grid_gco2e_per_kwh": 100.0}, "supply.grid_gco2e_per_kwh"),
        ({"sun_wh": {"tomorrow": 5.0}}, "supply.sun_wh.tomorrow"),
        ({"sun_wh": {"1999-01-01": 5.0}}, "supply.sun_wh.1999-01-01"),
        ({"sun_wh": [1.0]}, "supply.sun_wh"),
        ({"panels": 4}, "supply.panels"),
    ],
)
def test_what_breaks_a_rule_is_refused_by_name_and_leaves_what_was_kept(
    client: Client, change: dict[str, Any], field: str
) -> None:
    lyon = the_lyon_fablab()
    token = issue_token(lyon, now=NOON)
    put(client, token, {"supply": PANELS})
    before = Site.objects.get(pk="lyon")
    answer = put(client, token, {"supply": PANELS | change})
    assert answer.status_code == 422
    assert field in answer.content.decode()
    after = Site.objects.get(pk="lyon")
    assert (after.supply, after.updated_at) == (before.supply, before.updated_at)


@pytest.mark.parametrize(
    "supply", [{}, {"battery_wh": 500.0}, {"pv_wp": 0.0, "sun_wh": {}}]
)
def test_a_report_of_nothing_is_refused(supply: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="tells neither panels"):
        keep_supply(the_lyon_fablab(), supply, now=NOON)


def test_a_site_without_a_grid_has_nothing_to_report_beside_it() -> None:
    lyon = the_lyon_fablab()
    lyon.record["nearmade"]["power"] = {
        "kind": "solar",
        "pv_wp": 500,
        "battery_wh": 900,
    }
    lyon.save()
    with pytest.raises(InvalidInput, match="has no grid"):
        keep_supply(lyon, PANELS, now=NOON)
    assert Site.objects.get(pk="lyon").supply is None


def test_a_report_is_no_part_of_the_record_that_an_operator_edits() -> None:
    lyon = the_lyon_fablab()
    keep_supply(lyon, PANELS, now=NOON)
    before = Site.objects.get(pk="lyon").record
    save_facility(
        "lyon", {"name": "Lyon FabLab"}, by=a_person(), changed="name", now=NOON
    )
    after = Site.objects.get(pk="lyon")
    assert after.record["nearmade"]["power"] == before["nearmade"]["power"]
    assert after.supply is not None


def test_the_whole_network_sees_a_report_at_once() -> None:
    lyon = the_lyon_fablab()
    assert whole_network().sites["lyon"].facility.power.reported is None
    keep_supply(lyon, PANELS, now=datetime.now(UTC))
    assert whole_network().sites["lyon"].facility.power.reported is not None


def test_quotes_read_the_hours_that_a_site_reports() -> None:
    lyon = the_lyon_fablab()
    keep_supply(lyon, {"grid_gco2e_per_kwh": HOURLY}, now=NOON)
    supply = supply_of(facility_of(Site.objects.get(pk="lyon")), NOON)
    assert supply is not None
    assert supply.reported
    assert supply.day.grid_gco2e_per_kwh.tolist() == HOURLY
    assert supply.day.sun_w.sum() == 0


def timed(start: datetime, hours: float, wh: float) -> Drew:
    return Drew("lyon", Estimate.exact(wh), Estimate.exact(hours), start)


def test_a_build_over_noon_counts_its_grid_by_the_hours_it_ran() -> None:
    keep_supply(the_lyon_fablab(), {"grid_gco2e_per_kwh": HOURLY}, now=NOON)
    start = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    (site,), (note,) = electricity_of([timed(start, 4.0, 400.0)])
    # Three hours at 500 g and one at 100 g.
    assert dict(site.supply) == {"electricity/fr": pytest.approx(1.0)}
    assert site.grid_gco2e_per_kwh == pytest.approx(400.0)
    assert "reported by the site on" in note
    assert "100% from the grid" in note
    assert "the site's own figures of these hours" in note


def test_a_build_at_noon_under_large_panels_is_of_the_sun_by_the_sites_word() -> None:
    keep_supply(the_lyon_fablab(), PANELS, now=NOON)
    noon = datetime(2026, 6, 1, 11, 0, tzinfo=UTC)
    (site,), (note,) = electricity_of([timed(noon, 1.0, 100.0)])
    assert dict(site.supply)["electricity/solar"] == pytest.approx(1.0)
    assert site.grid_gco2e_per_kwh is None
    assert "100% from its own panels" in note
    midnight = datetime(2026, 6, 1, 0, 0, tzinfo=UTC)
    (dark,), (said,) = electricity_of([timed(midnight, 1.0, 100.0)])
    assert dict(dark.supply) == {"electricity/fr": pytest.approx(1.0)}
    assert "country's yearly mean at every hour" in said


def test_a_site_that_reports_nothing_says_that_its_grid_is_a_yearly_mean() -> None:
    the_lyon_fablab()
    (site,), (note,) = electricity_of([timed(NOON, 1.0, 100.0)])
    assert site.supply == ()
    assert "yearly mean at every hour" in note


def test_builds_that_ran_at_one_time_are_one_load_and_others_are_not() -> None:
    start = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    later = start + timedelta(hours=1)
    apart = start + timedelta(hours=9)
    spans = spans_of(
        [
            timed(apart, 1.0, 50.0),
            timed(start, 2.0, 200.0),
            timed(later, 2.0, 100.0),
            Drew("lyon", Estimate.exact(9.0), None, start),
        ]
    )
    assert [(span.hours, span.energy_wh) for span in spans] == [
        (3.0, 300.0),
        (1.0, 50.0),
    ]


def test_several_builds_are_added_up_and_what_nobody_timed_is_of_the_grid() -> None:
    forecast = {"2026-06-01": 9000.0}
    keep_supply(
        the_lyon_fablab(),
        {**PANELS, "sun_wh": forecast},
        now=datetime(2026, 6, 1, 8, 0, tzinfo=UTC),
    )
    noon = datetime(2026, 6, 1, 11, 0, tzinfo=UTC)
    untimed = Drew("lyon", Estimate.exact(100.0), None)
    (site,), (note,) = electricity_of(
        [timed(noon, 1.0, 100.0), timed(noon, 1.0, 100.0), untimed]
    )
    assert site.energy_wh.value == pytest.approx(300.0)
    assert site.machine_h is None
    assert dict(site.supply)["electricity/solar"] == pytest.approx(2 / 3)
    assert "67% from its own panels" in note
    assert "the site's forecast where it made one" in note
    (both,), _ = electricity_of([timed(noon, 1.0, 100.0), timed(noon, 2.0, 100.0)])
    assert both.machine_h == Estimate.exact(3.0)


def test_a_site_without_a_grid_is_of_the_sun_and_says_nothing_of_a_grid() -> None:
    lyon = the_lyon_fablab()
    lyon.record["nearmade"]["power"] = {
        "kind": "solar",
        "pv_wp": 500,
        "battery_wh": 900,
    }
    lyon.save()
    (site,), notes = electricity_of([timed(NOON, 1.0, 100.0)])
    assert (site.solar, site.supply, notes) == (True, (), ())


def test_the_order_card_counts_the_hours_of_its_builds() -> None:
    lyon = the_lyon_fablab()
    keep_supply(lyon, {"grid_gco2e_per_kwh": HOURLY}, now=NOON)
    order = an_order(
        lyon, a_person(), instance=a_coupling(), state=Order.State.DELIVERED
    )
    job = a_job(order, JobState.CHECKED, figures=FIGURES)
    job.started_at = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
    job.save()
    record(order, "delivered", by="carrier", at=NOON)
    night = account_order(inventory_of(order), draws=10, seed=1)
    job.started_at = datetime(2026, 6, 1, 13, 0, tzinfo=UTC)
    job.save()
    day = account_order(inventory_of(order), draws=10, seed=1)
    # 80 Wh at 500 g and at 100 g.
    saved = night.here.kgco2e.value - day.here.kgco2e.value
    assert saved == pytest.approx(0.08 * 0.4, rel=0.05)
    assert any("reported by the site" in note for note in day.notes)


def test_offers_and_the_sites_page_say_whose_word_it_is(client: Client) -> None:
    lyon = the_lyon_fablab()
    keep_supply(lyon, PANELS, now=datetime.now(UTC))
    page = client.get("/sites/lyon").content.decode()
    assert "3,000 W of panels, reported by the site" in page or (
        "3000 W of panels, reported by the site" in page
    )
    place = place_from(
        {"name": "Lyon", "country": "FR", "lat_deg": 45.75, "lon_deg": 4.85}
    )
    coupling = a_coupling()
    (offer,) = quote_near(coupling, place, deliver=False, now=NOON)["offers"]
    assert offer["supply"] == "reported"
    assert supply_words(offer["supply"]).endswith("reported by the site")
    keep_supply(lyon, None, now=NOON + timedelta(hours=1))
    (plain,) = quote_near(coupling, place, deliver=False, now=NOON)["offers"]
    assert plain["supply"] == ""
    assert supply_words("record") == "grid and own panels"
