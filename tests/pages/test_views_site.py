"""The operator's desk: what waits for hands, what prints until when, the earnings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from nearmade.cloud.network.models import Site
from nearmade.cloud.network.services import import_facility
from nearmade.cloud.orders.models import Order, OrderEvent, OrderLeg
from nearmade.cloud.shopfloor.models import Job
from nearmade.facilities.record import facility_from_record
from nearmade.production.job import JobState
from tests.cloud.workshop import (
    a_job,
    a_person,
    an_order,
    facility_in_words,
    the_lyon_fablab,
)
from tests.pages.bench import a_drawn_coupling, a_site, an_operator, signed_in, words_of

pytestmark = [pytest.mark.database, pytest.mark.django_db]

IN_PRODUCTION = Order.State.IN_PRODUCTION


def an_order_here(site: Site, **changes: Any) -> Order:
    a_drawn_coupling()
    order = an_order(site, a_person(), **{"state": IN_PRODUCTION, **changes})
    leg = order.quote["legs"][0]
    OrderLeg.objects.create(order=order, position=0, origin=site, leg=leg)
    return order


def press(client: Client, job: Job, act: str, why: str = "") -> HttpResponse:
    path = f"/sites/{job.site_id}/jobs/{job.pk}"
    answer = client.post(path, {"act": act, "why": why})
    job.refresh_from_db()
    job.order.refresh_from_db()
    assert isinstance(answer, HttpResponse)
    return answer


def test_an_offer_is_accepted_by_its_button(client: Client) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    job = a_job(an_order_here(site), JobState.OFFERED, signed={})
    page = words_of(client.get("/sites/lyon"))
    assert "An offer: peg" in page
    assert press(client, job, "accept").status_code == 302
    assert job.state == JobState.COMMITTED
    assert "Written down." in words_of(client.get("/sites/lyon"))


def test_an_offer_is_declined_with_its_reason(client: Client) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    job = a_job(an_order_here(site), JobState.OFFERED)
    press(client, job, "decline", "the nozzle is worn")
    assert job.state == JobState.CANCELLED
    told = job.order.events.get(kind="declined")
    assert told.body["reason"] == "the nozzle is worn"
    assert told.by == "op@example.org"


def test_from_the_bed_to_the_door_by_the_operators_buttons(client: Client) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    job = a_job(an_order_here(site), JobState.PRINTED)
    assert "Take off and check" in words_of(client.get("/sites/lyon"))
    press(client, job, "checked")
    assert job.order.state == Order.State.GATHERING
    act = f"/sites/lyon/orders/{job.order_id}"
    assert "Put together: Pipe coupling" in words_of(client.get("/sites/lyon"))
    client.post(act, {"act": "assembled"})
    assert "Hand over: Pipe coupling" in words_of(client.get("/sites/lyon"))
    client.post(act, {"act": "handed-over"})
    job.order.refresh_from_db()
    assert job.order.state == Order.State.TRAVELLING
    assert "Nothing waits for your hands" in words_of(client.get("/sites/lyon"))


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.ATTENTION])
def test_a_build_that_went_wrong_is_printed_again(
    client: Client, state: JobState
) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    job = a_job(an_order_here(site), state, problem="it came off the bed")
    page = words_of(client.get("/sites/lyon"))
    for words in ("it came off the bed", "Yes, print again", "Yes, give up"):
        assert words in page
    press(client, job, "again", "glue forgotten")
    assert (job.state, job.generation) == (JobState.PLANNED, 2)
    assert job.order.events.get(kind="print-again").body["reason"] == "glue forgotten"


def test_a_build_is_given_up_and_its_order_fails_with_the_reason(
    client: Client,
) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    job = a_job(an_order_here(site), JobState.FAILED)
    press(client, job, "give-up", "the printer is broken")
    assert job.order.state == Order.State.FAILED
    assert "It failed" not in words_of(client.get("/sites/lyon"))


def test_what_is_asked_twice_or_unknown_is_refused_in_words(client: Client) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    job = a_job(an_order_here(site), JobState.OFFERED, signed={})
    press(client, job, "accept")
    assert press(client, job, "accept").status_code == 409
    assert press(client, job, "again").status_code == 409
    assert press(client, job, "burn").status_code == 422
    act = f"/sites/lyon/orders/{job.order_id}"
    assert client.post(act, {"act": "assembled"}).status_code == 409
    assert client.post(act, {"act": "burn"}).status_code == 422
    assert client.get(act).status_code == 405


def test_nobody_acts_for_a_site_of_others(client: Client) -> None:
    job = a_job(an_order_here(the_lyon_fablab()), JobState.OFFERED)
    away = press(client, job, "accept")
    assert away.status_code == 302
    assert "/accounts/login" in away["Location"]
    an_operator(client, a_site("oslo", "Oslo"))
    assert press(client, job, "accept").status_code == 404
    act = f"/sites/oslo/orders/{job.order_id}"
    assert client.post(act, {"act": "assembled"}).status_code == 404
    assert job.state == JobState.OFFERED
    assert "To do now" not in words_of(client.get("/sites/lyon"))


def test_an_orders_button_works_only_where_it_comes_together(client: Client) -> None:
    lyon, oslo = the_lyon_fablab(), a_site("oslo", "Oslo")
    an_operator(client, oslo)
    order = an_order_here(lyon)
    a_job(order, JobState.CHECKED, site=oslo, machine_id="oslo/mk3s")
    act = f"/sites/oslo/orders/{order.pk}"
    assert client.post(act, {"act": "assembled"}).status_code == 404


PRICE = {
    "total": "20.00 EUR",
    "currency": "EUR",
    "items": [
        {"code": "machine", "title": "Machine", "amount": "6.00 EUR"},
        {"code": "margin", "title": "Margin", "amount": "1.50 EUR"},
        {"code": "bought", "title": "Bought parts", "amount": "8.00 EUR"},
        {"code": "carriage", "title": "Carriage, van", "amount": "4.50 EUR"},
    ],
}


def delivered(order: Order, days_ago: int) -> Order:
    at = timezone.now() - timedelta(days=days_ago)
    OrderEvent.objects.create(order=order, number=1, kind="delivered", at=at, by="x")
    return order


def test_earnings_are_the_sites_own_share(client: Client) -> None:
    """Of 20.00 EUR, 8.00 for bought parts and 4.50 for carriage are handed on."""
    site, customer = the_lyon_fablab(), a_person()
    an_operator(client, site)
    quote = {**an_order(site, customer).quote, "price": PRICE}
    done = {"state": Order.State.DELIVERED, "quote": quote}
    delivered(an_order(site, customer, **done), 2)
    delivered(an_order(site, customer, **done), 30)
    shared = {**quote, "kind": "plan"}
    delivered(an_order(site, customer, **{**done, "quote": shared}), 3)
    page = words_of(client.get("/sites/lyon"))
    assert 'This week <span class="quiet">1 order</span></dt><dd>7.50 EUR' in page
    assert 'In all <span class="quiet">2 orders</span></dt><dd>15.00 EUR' in page
    assert "1 order more was made together with other sites" in page


def test_the_queue_says_when_and_why_not_now(client: Client) -> None:
    site = the_lyon_fablab()
    order = an_order_here(site)
    hour = {"time_s": 3600.0, "mass_g": 12.0, "energy_wh": 80.0}
    a_job(
        order,
        JobState.PRINTING,
        started_at=timezone.now(),
        figures=hour,
        progress={"done_fraction": 0.5, "left_s": 1800},
    )
    waits = a_job(order, JobState.COMMITTED, figures=hour)
    reason = "the battery holds 80 Wh, the build takes 120 Wh"
    site.snapshot = {"waiting": [{"job_id": str(waits.pk), "reason": reason}]}
    site.save()
    began = timezone.now()
    page = words_of(client.get("/sites/lyon"))
    assert f"waits: {reason}" in page
    assert page.count('class="bar now"') == page.count('class="bar"') == 1
    # Half an hour is left of the first, hands need five minutes to take it off and five
    # to start the second, which takes an hour; Lyon is at UTC+1.
    until = [at + timedelta(hours=2, minutes=40) for at in (began, timezone.now())]
    rounded = {
        at - timedelta(minutes=at.minute % 5 - n) for at in until for n in (0, 5)
    }
    assert any(f"– {at:%H:%M}" in page for at in rounded)


def test_the_queue_knows_hands_and_maintenance(client: Client) -> None:
    """Nobody is there but on one day of the week, and that is not today."""
    words = facility_in_words()
    now = timezone.now()
    ahead = now + timedelta(days=2)
    own = words["nearmade"]["opening"]
    own |= {"days": [ahead.isoweekday()], "opens_hour": 9, "closes_hour": 17}
    own["utc_offset_h"] = 0
    span = {"ends_at": (now + timedelta(days=4)).isoformat(), "why": "a new nozzle"}
    span["starts_at"] = (now + timedelta(days=3)).isoformat()
    words["equipment"][0]["nearmade"]["out_of_use"] = [span]
    site = import_facility(facility_from_record(words))
    order = an_order_here(site)
    hour = {"time_s": 3600.0, "mass_g": 12.0, "energy_wh": 80.0}
    a_job(order, JobState.COMMITTED, figures=hour)
    two_days = {**hour, "time_s": 40 * 3600.0}
    a_job(order, JobState.COMMITTED, figures=two_days)
    page = words_of(client.get("/sites/lyon"))
    there = f"{ahead:%a} 09"
    assert f"waits until {there}:05: nobody is there to start it before {there}" in page
    assert "– 10:05" in page
    assert "mk3s has a new nozzle until" in page  # the long one would run into it
    assert "mk3s is out of use from" in page
    assert f"Open {ahead:%a}, 9 to 17 h local time." in page


def test_battery_and_panels_of_a_solar_site_are_drawn(client: Client) -> None:
    site = a_site("sun", "Lyon", kind="solar", pv_wp=400, battery_wh=2400, max_w=800)
    site.snapshot = {"power": {"battery_fraction": 0.63, "pv_w": 210.4, "load_w": 96.0}}
    site.save()
    page = words_of(client.get("/sites/sun"))
    for words in ("63 %", "210 W", "96 W", "Sun and battery", 'class="charge"'):
        assert words in page


DAWN = "2026-03-20T03:00:00+00:00"
BEHIND = {
    "starts_at": DAWN, "step_s": 3600, "battery_fraction": [0.5, 0.42, 0.63],
    "pv_w": [0, 50, 250], "load_w": [0, 80, 96],
}  # fmt: skip
AHEAD = {
    "starts_at": "2026-03-20T05:00:00+00:00", "step_s": 3600,
    "battery_fraction": [0.63, 0.7, 0.66], "pv_w": [250, 300, 90],
    "load_w": [96, 96, 0], "low_fraction": [0.63, 0.3, 0.22], "low_pv_w": [250, 20, 5],
}  # fmt: skip
SAID = {
    "kind": "solar", "battery_fraction": 0.63, "pv_w": 210.4, "load_w": 96.0,
    "at": "2026-03-20T05:00:00+00:00", "max_w": 800, "peak_w": 263,
    "cutoff_fraction": 0.1, "reserve_fraction": 0.15, "past": BEHIND, "ahead": AHEAD,
    "decision": "starts 09:40: the battery would reach 22 % by 14:00", "modelled": True,
}  # fmt: skip


def a_solar_site(**snapshot: Any) -> Site:
    site = a_site("sun", "Lyon", kind="solar", pv_wp=400, battery_wh=2400, max_w=800)
    site.snapshot = snapshot
    site.save()
    return site


def test_a_solar_day_is_a_picture_with_its_words_and_its_table(client: Client) -> None:
    """Lyon is at UTC+1: 03:00 UTC is 04:00 there; 250 + 50 Wh are 0.3 kWh."""
    a_solar_site(power=SAID)
    page = words_of(client.get("/sites/sun"))
    said = (
        "The battery holds 63 % now. In the day behind it was at 42 % at least, at "
        "05:00. The panels gave 0.3 kWh. On a bad day it would fall to 22 %, at 08:00. "
        "The panels should give 0.64 kWh more."
    )
    assert page.count(f'aria-label="Battery and sun through the day. {said}"') == 2
    assert f"<p>{said}</p>" in page
    for words in (
        "starts 09:40: the battery would reach 22 % by 14:00",
        "263 <small>of 800 W</small>",
        "A modelled sky and battery, not meters.",
        'Fri 07:00 <span class="quiet small">expected</span>',
        "here machines are cut off",
    ):
        assert words in page


def test_a_site_whose_agent_is_silent_says_what_will_show(client: Client) -> None:
    a_solar_site()
    assert "has not told of its battery yet" in words_of(client.get("/sites/sun"))
    the_lyon_fablab()
    page = words_of(client.get("/sites/lyon"))
    assert "On the grid" in page
    assert "Machines may draw 3000 W together." in page


def test_a_site_on_the_grid_says_what_it_draws_and_why_builds_wait(
    client: Client,
) -> None:
    site = the_lyon_fablab()
    waits = a_job(an_order_here(site), JobState.COMMITTED)
    reason = "machines would draw up to 3200 W, the site gives 3000 W"
    site.snapshot = {
        "power": {"kind": "grid", "load_w": 263.0, "past": BEHIND},
        "waiting": [{"job_id": str(waits.pk), "reason": reason}],
    }
    site.save()
    page = words_of(client.get("/sites/lyon"))
    assert "263 W" in page
    assert "Why builds wait" in page
    assert f"<p>{reason}</p>" in page
    assert "Sun and battery" not in page
    assert "Battery and sun" not in page


def test_an_outlook_without_a_bad_day_is_drawn_too(client: Client) -> None:
    plain = {k: v for k, v in AHEAD.items() if not k.startswith("low")}
    a_solar_site(power={**SAID, "past": None, "ahead": plain, "cutoff_fraction": None})
    page = words_of(client.get("/sites/sun"))
    assert "It is expected to fall to 63 %, at 06:00." in page
    assert "cut off" not in page


ODD = [
    {"power": {"battery_fraction": "full", "pv_w": None}, "waiting": "x"},
    {"power": {"battery_fraction": 7, "pv_w": -1e300, "load_w": 1e300}},
    {"power": {**SAID, "pv_w": 1e300, "at": "9999-12-31T23:59:59+00:00"}},
    {"power": {**SAID, "past": [1], "ahead": {**AHEAD, "step_s": -1}}},
    {"waiting": [1, None, {"reason": 5}], "printers": []},
    {"printers": [{"machine_id": "sun/mk3s", "state": 4, "left_s": 1e300,
                   "nozzle_degc": "hot", "done_fraction": None}]},
]  # fmt: skip


@pytest.mark.parametrize("snapshot", ODD)
def test_an_agent_that_talks_nonsense_does_not_break_the_page(
    client: Client, snapshot: dict[str, Any]
) -> None:
    site = a_site("sun", "Lyon", kind="solar", pv_wp=400, battery_wh=2400, max_w=800)
    a_job(an_order_here(site), JobState.PRINTING, progress={"left_s": 1e300})
    site.snapshot = snapshot
    site.save()
    assert client.get("/sites/sun").status_code == 200
    assert client.get("/").status_code == 200


def test_many_builds_take_no_more_queries_than_two(client: Client) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    customer = a_person()
    states = [JobState.OFFERED, JobState.PRINTED, JobState.FAILED, JobState.COMMITTED]

    def more() -> None:
        for state in states:
            a_job(an_order(site, customer, state=IN_PRODUCTION), state)
        an_order(site, customer, state=Order.State.GATHERING)
        an_order(site, customer, state=Order.State.ASSEMBLED)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/sites/lyon").status_code == 200
        return len(asked)

    more()
    few = queries()
    for _ in range(4):
        more()
    assert queries() <= few <= 22


def test_who_signs_in_sees_only_their_desks(client: Client) -> None:
    the_lyon_fablab()
    signed_in(client)
    assert "To do now" not in words_of(client.get("/sites/lyon"))
