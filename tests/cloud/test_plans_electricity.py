"""The platform's plan counts electricity by day where a site reports its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from nearmade.cloud.network.models import Site
from nearmade.cloud.network.services import facility_of, keep_supply
from nearmade.cloud.plans.book import open_book, open_orders
from nearmade.cloud.plans.sites import DAYS, gco2e_by_day
from nearmade.planning.network.arrays import build_problem
from nearmade.planning.network.network_record import network_from_record
from nearmade.planning.network.orders_record import orders_from_record
from tests.cloud.test_plans import an_open_order
from tests.cloud.workshop import the_lyon_fablab, the_oslo_fablab

pytestmark = [pytest.mark.database, pytest.mark.django_db]

#: The grid emits 1000 g from 0 to 12 o'clock of UTC, and nothing after that.
HALVES = [1000.0] * 12 + [0.0] * 12


def test_a_site_that_reports_is_planned_by_day_and_its_parts_without_electricity() -> (
    None
):
    lyon, now = the_lyon_fablab(), timezone.now()
    the_oslo_fablab()
    an_open_order()
    before = open_book(open_orders(), now=now)
    today = now.astimezone(UTC).date()
    sun = {(today + timedelta(days=n)).isoformat(): 900.0 * (n % 2) for n in range(14)}
    keep_supply(lyon, {"pv_wp": 500.0, "sun_wh": sun}, now=now)
    after = open_book(open_orders(), now=now)
    told = {site["id"]: site.get("electricity") for site in after.network["sites"]}
    by_day = told["lyon"]["gco2e_per_kwh"]
    assert len(by_day) == DAYS
    assert len(set(by_day)) > 1
    assert told.get("oslo") is None
    grams = {}
    for name, book in (("before", before), ("after", after)):
        made = book.orders["orders"][0]["components"][0]["candidates"]
        at = next(n for n, g in enumerate(made["groups"]) if g.startswith("lyon/"))
        grams[name] = made["gco2e"][at], made["energy_wh"][at]
    # France emits less than 100 g by kilowatt-hour; what is left is the material.
    less = grams["before"][0] - grams["after"][0]
    assert 0 < less < 0.1 * grams["before"][1]
    network = network_from_record(after.network)
    problem = build_problem(network, orders_from_record(after.orders, network))
    assert problem.candidates.power_gco2e is not None


def test_a_day_counts_the_hours_in_which_the_site_works() -> None:
    lyon = the_lyon_fablab()
    keep_supply(lyon, {"grid_gco2e_per_kwh": HALVES}, now=timezone.now())
    facility = facility_of(Site.objects.get(pk="lyon"))
    now = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    opening = facility.opening
    hours = [
        hour % 24
        for hour in range(
            int(opening.opens_hour - opening.utc_offset_h),
            int(opening.closes_hour - opening.utc_offset_h),
        )
    ]
    mean = sum(HALVES[hour] for hour in hours) / len(hours)
    assert gco2e_by_day(facility, 80.0, now) == [round(mean, 3)] * DAYS
    assert gco2e_by_day(facility, 0.0, now) == []
