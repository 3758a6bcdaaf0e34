"""Quotes of a printer that has finished jobs follow what those took."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from nearmade.cloud.network.models import Site
from nearmade.cloud.network.services import facility_of
from nearmade.cloud.orders.histories import corrections_of
from nearmade.cloud.orders.quotes import quote_near
from nearmade.cloud.shopfloor.models import Job
from nearmade.production.job import JobState
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.identity import MachineId
from tests.cloud.workshop import (
    LYON,
    NOON,
    a_coupling,
    a_person,
    an_order,
    the_lyon_fablab,
    the_oslo_fablab,
)

pytestmark = [pytest.mark.database, pytest.mark.django_db]

HEAT_S = find_profile("mk3s-pla-0.20").power.heatup_s
MACHINE = MachineId("lyon/mk3s")


def finished(site: Site, hours: list[float], factor: float, **changes: Any) -> None:
    """Jobs that the slicer gave so many hours and that took ``factor`` as long."""
    order = an_order(site, a_person(f"{site.pk}-{factor}@example.org"))
    for number, each in enumerate(hours):
        started = NOON + timedelta(days=number)
        fields = {
            "machine_id": f"{site.pk}/mk3s",
            "profile_id": "mk3s-pla-0.20",
            "material": "PLA",
            "parts": [{"name": "peg", "quantity": 1}],
            "state": JobState.CHECKED.value,
            "figures": {"time_s": each * 3600 + HEAT_S},
            "created_at": started,
            "started_at": started,
            "printed_at": started + timedelta(seconds=each * 3600 * factor + HEAT_S),
        }
        Job.objects.create(order=order, site=site, **(fields | changes))


def offered_hours(quote: dict[str, Any]) -> float:
    (offer,) = [each for each in quote["offers"] if each["site_id"] == "lyon"]
    return float(offer["days"]["value"]) * 24


def test_a_printer_without_jobs_is_quoted_as_its_profile_says() -> None:
    site = the_lyon_fablab()
    assert corrections_of([facility_of(site)]) == {}


def test_a_slow_printer_is_quoted_slower_and_dearer() -> None:
    site, coupling = the_lyon_fablab(), a_coupling(4)
    before = quote_near(coupling, LYON, deliver=False, now=NOON)
    finished(site, [1 + n / 4 for n in range(20)], 1.5)
    after = quote_near(coupling, LYON, deliver=False, now=NOON)
    assert offered_hours(after) > offered_hours(before)
    prices = [
        next(o for o in quote["offers"] if o["site_id"] == "lyon")["price"]
        for quote in (before, after)
    ]
    assert prices[1]["total_minor"] > prices[0]["total_minor"]
    # log 1.5 shrinks by 20 / 25
    correction = corrections_of([facility_of(site)])[MACHINE]
    assert correction.factor == pytest.approx(1.5**0.8, rel=0.01)
    assert correction.builds == 20


def test_a_job_that_was_paused_over_night_does_not_change_the_quote() -> None:
    site = the_lyon_fablab()
    finished(site, [1 + n / 4 for n in range(8)], 1.1)
    plain = corrections_of([facility_of(site)])[MACHINE].factor
    last = Job.objects.order_by("-created_at")[0]
    assert last.printed_at is not None
    last.printed_at += timedelta(hours=5)
    last.save()
    again = corrections_of([facility_of(site)])[MACHINE].factor
    assert again == pytest.approx(plain, rel=0.03)


def test_jobs_of_another_machine_or_never_sliced_teach_nothing_here() -> None:
    lyon, oslo = the_lyon_fablab(), the_oslo_fablab()
    finished(oslo, [2.0] * 6, 1.4)
    finished(lyon, [2.0] * 6, 1.2, figures=None)
    found = corrections_of([facility_of(lyon), facility_of(oslo)])
    assert set(found) == {MachineId("oslo/mk3s")}


def test_a_machine_that_only_pretends_teaches_nothing() -> None:
    site = the_lyon_fablab()
    finished(site, [2.0] * 6, 0.01)
    record = site.record
    record["equipment"][0]["nearmade"]["driver"] = "simulated"
    Site.objects.filter(pk=site.pk).update(record=record)
    site.refresh_from_db()
    assert corrections_of([facility_of(site)]) == {}
