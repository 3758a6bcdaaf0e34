"""From a screened order to jobs, offers and answers; from site to site."""

from __future__ import annotations

from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from nearmade.cloud.network.models import Site
from nearmade.cloud.orders import services as orders
from nearmade.cloud.orders.models import Order
from nearmade.cloud.orders.quotes import find_offer, quote_near
from nearmade.cloud.shopfloor import services
from nearmade.cloud.shopfloor.models import Command, Job
from nearmade.cloud.shopfloor.splitting import split_job
from nearmade.production.job import JobState
from nearmade.vocabulary.errors import Conflict
from tests.cloud.workshop import (
    LYON,
    NOON,
    a_coupling,
    a_job,
    a_person,
    an_order,
    the_lyon_fablab,
    the_oslo_fablab,
    the_quito_fablab,
)

pytestmark = [pytest.mark.database, pytest.mark.django_db]

FIGURES = {"time_s": 3600.0, "energy_wh": 80.0, "mass_g": 12.0}


def sliced(job: Job, generation: int = 1) -> Job:
    services.job_sliced(
        job.pk, gcode_sha256="c" * 64, figures=FIGURES, signed={},
        generation=generation, now=NOON,
    )  # fmt: skip
    job.refresh_from_db()
    return job


def an_order_to_make(site: Site | None = None, **changes: Any) -> Order:
    """A screened order of the coupling, with the offer that the site truly made."""
    site = site or the_lyon_fablab()
    instance = a_coupling()
    quote = quote_near(instance, LYON, deliver=False, now=NOON)
    offer = find_offer(quote, f"site:{site.pk}")
    return an_order(
        site, a_person(), instance=instance, quote=offer,
        **{"state": Order.State.SCREENED, **changes},
    )  # fmt: skip


def offered_job(order: Order) -> Job:
    services.make_order(order.pk, now=NOON)
    return sliced(order.jobs.get(state="planned"))


def commands(job: Job) -> list[tuple[str, str]]:
    return list(job.commands.values_list("kind", "state").order_by("created_at"))


def kinds(order: Order) -> list[str]:
    return [event.kind for event in order.events.all()]


def test_an_order_is_turned_into_jobs_once() -> None:
    order = an_order_to_make()
    assert len(services.make_order(order.pk, now=NOON)) == 1
    assert services.make_order(order.pk, now=NOON) == []
    assert order.jobs.count() == order.legs.count() == 1
    deferred = ProcrastinateJob.objects.filter(task_name="shopfloor.prepare_job")
    assert deferred.count() == 1


def test_nothing_is_offered_before_everything_is_sliced() -> None:
    order = an_order(the_lyon_fablab(), a_person(), state=Order.State.IN_PRODUCTION)
    first, second = a_job(order), a_job(order)
    assert sliced(first).state == JobState.SLICED
    assert not Command.objects.exists()
    assert sliced(second).state == JobState.OFFERED
    first.refresh_from_db()
    assert first.state == JobState.OFFERED
    assert commands(first) == commands(second) == [("offer", "open")]
    due = ProcrastinateJob.objects.filter(task_name="shopfloor.offer_timeout")
    assert due.count() == 2


def test_slicing_twice_offers_once() -> None:
    job = offered_job(an_order_to_make())
    sliced(job)
    assert commands(job) == [("offer", "open")]


def test_what_was_sliced_for_an_older_generation_is_thrown_away() -> None:
    order = an_order(the_lyon_fablab(), a_person(), state=Order.State.IN_PRODUCTION)
    job = a_job(order, generation=2)
    assert sliced(job, generation=1).state == JobState.PLANNED
    assert job.signed is None


def test_a_build_of_two_parts_that_is_too_large_becomes_two_builds() -> None:
    order = an_order(the_lyon_fablab(), a_person(), state=Order.State.IN_PRODUCTION)
    parts = [{"name": "a", "quantity": 2}, {"name": "b", "quantity": 1}]
    split_job(a_job(order, parts=parts).pk, now=NOON)
    builds = sorted((job.parts for job in order.jobs.all()), key=str)
    assert builds == [[parts[0]], [parts[1]]]


def test_copies_of_one_part_that_are_too_many_are_shared_over_builds() -> None:
    order = an_order(the_lyon_fablab(), a_person(), state=Order.State.IN_PRODUCTION)
    split_job(a_job(order, parts=[{"name": "a", "quantity": 5}]).pk, now=NOON)
    assert sorted(job.parts[0]["quantity"] for job in order.jobs.all()) == [2, 3]


def test_one_copy_of_one_part_cannot_be_split() -> None:
    order = an_order(the_lyon_fablab(), a_person(), state=Order.State.IN_PRODUCTION)
    split_job(a_job(order).pk, now=NOON)
    assert order.jobs.count() == 1


def test_a_person_may_answer_in_the_agents_place_and_only_once() -> None:
    job = offered_job(an_order_to_make())
    services.answer_offer(job.site, job.pk, accept=True, reason="", by="op", now=NOON)
    assert commands(job) == [("offer", "withdrawn"), ("make", "open")]
    with pytest.raises(Conflict):
        services.answer_offer(
            job.site, job.pk, accept=False, reason="", by="op", now=NOON
        )


def test_nobody_is_told_to_start_before_every_site_has_accepted() -> None:
    lyon, oslo = the_lyon_fablab(), the_oslo_fablab()
    order = an_order(lyon, a_person(), state=Order.State.IN_PRODUCTION)
    here = a_job(order, JobState.OFFERED, signed={})
    there = a_job(order, JobState.OFFERED, site=oslo, machine_id="oslo/mk3s", signed={})
    services.answer_offer(lyon, here.pk, accept=True, reason="", by="op", now=NOON)
    assert commands(here) == []
    services.answer_offer(oslo, there.pk, accept=True, reason="", by="op", now=NOON)
    assert commands(here) == commands(there) == [("make", "open")]


def test_an_offer_without_an_answer_goes_to_the_next_site() -> None:
    the_oslo_fablab()
    order = an_order_to_make()
    job = offered_job(order)
    services.offer_timed_out(job.pk, 1, now=NOON)
    order.refresh_from_db()
    job.refresh_from_db()
    assert (order.site_id, order.asked) == ("oslo", ["lyon", "oslo"])
    assert order.state == Order.State.IN_PRODUCTION
    assert job.state == JobState.CANCELLED
    assert commands(job) == [("offer", "withdrawn")]
    assert [leg.origin_id for leg in order.legs.all()] == ["oslo"]
    assert order.jobs.get(state="planned").site_id == "oslo"
    assert order.quote["promised"]["site_id"] == "lyon"


def test_a_late_time_out_changes_nothing() -> None:
    job = offered_job(an_order_to_make())
    services.answer_offer(job.site, job.pk, accept=True, reason="", by="op", now=NOON)
    services.offer_timed_out(job.pk, 1, now=NOON)
    services.offer_timed_out(job.pk, 7, now=NOON)
    job.refresh_from_db()
    assert job.state == JobState.COMMITTED


def decline(order: Order) -> None:
    job = sliced(order.jobs.get(state="planned"))
    services.answer_offer(
        job.site, job.pk, accept=False, reason="no", by="op", now=NOON
    )
    order.refresh_from_db()


def test_two_sites_decline_and_the_third_is_asked() -> None:
    the_oslo_fablab()
    the_quito_fablab()
    order = an_order_to_make()
    services.make_order(order.pk, now=NOON)
    decline(order)
    decline(order)
    assert len(order.asked) == len({*order.asked}) == 3
    assert order.jobs.filter(state="cancelled").count() == 2
    assert order.jobs.get(state="planned").site_id == order.asked[-1]


def test_an_order_fails_with_a_reason_when_nobody_is_left() -> None:
    order = an_order_to_make()
    services.make_order(order.pk, now=NOON)
    decline(order)
    assert order.state == Order.State.FAILED
    assert order.closed_at is not None
    last = order.events.last()
    assert last is not None
    assert (last.kind, last.body["reason"]) == (
        "failed",
        "no other site can keep the promise",
    )
    assert not order.legs.exists()


def dearer(site: Site, factor: float) -> None:
    tariff = site.record["nearmade"]["tariff"]
    tariff["setup"] = str(float(tariff["setup"]) * factor)
    tariff["minimum"] = str(float(tariff["minimum"]) * factor)
    site.save()


def test_a_site_that_cannot_keep_the_price_is_not_asked() -> None:
    dearer(the_oslo_fablab(), 10)
    order = an_order_to_make()
    services.make_order(order.pk, now=NOON)
    decline(order)
    assert order.state == Order.State.FAILED


def test_the_promise_is_the_first_one_however_often_the_order_moves() -> None:
    """The second site's own upper price must not become the next site's limit."""
    the_oslo_fablab()
    order = an_order_to_make()
    services.make_order(order.pk, now=NOON)
    decline(order)
    promised = order.quote["promised"]["price"]["high_usd"]
    order.quote["price"]["high_usd"] = 100 * promised
    order.save()
    dearer(the_quito_fablab(), 10)
    decline(order)
    assert order.state == Order.State.FAILED
    assert order.quote["promised"]["price"]["high_usd"] == promised


def test_the_customer_pays_what_was_promised_wherever_it_is_made() -> None:
    the_oslo_fablab()
    order = an_order_to_make()
    paid = order.price_minor, order.currency
    services.make_order(order.pk, now=NOON)
    decline(order)
    assert (order.price_minor, order.currency) == paid


def test_a_real_order_never_goes_to_a_synthetic_site() -> None:
    oslo = the_oslo_fablab()
    Site.objects.filter(pk=oslo.pk).update(demo=True)
    order = an_order_to_make()
    services.make_order(order.pk, now=NOON)
    decline(order)
    assert order.state == Order.State.FAILED


def test_another_material_is_not_what_was_promised() -> None:
    the_oslo_fablab()
    order = an_order_to_make()
    for made in order.quote["assignments"]:
        made["material"] = "PETG"
    order.save()
    services.make_order(order.pk, now=NOON)
    decline(order)
    assert order.state == Order.State.FAILED


def test_when_one_of_two_jobs_is_declined_the_other_site_is_called_off() -> None:
    lyon, oslo = the_lyon_fablab(), the_oslo_fablab()
    the_quito_fablab()
    order = an_order_to_make(lyon, state=Order.State.IN_PRODUCTION)
    here = a_job(order, JobState.OFFERED, signed={})
    there = a_job(order, JobState.OFFERED, site=oslo, machine_id="oslo/mk3s", signed={})
    services.answer_offer(lyon, here.pk, accept=True, reason="", by="op", now=NOON)
    services.answer_offer(oslo, there.pk, accept=False, reason="", by="op", now=NOON)
    assert commands(here) == [("cancel", "open")]
    order.refresh_from_db()
    assert order.site_id == "quito"
    assert {"lyon", "oslo", "quito"} == set(order.asked)


def test_a_decline_after_another_build_began_waits_for_a_person() -> None:
    order = an_order(the_lyon_fablab(), a_person(), state=Order.State.IN_PRODUCTION)
    a_job(order, JobState.PRINTED)
    job = a_job(order, JobState.OFFERED)
    services.answer_offer(
        job.site, job.pk, accept=False, reason="no", by="op", now=NOON
    )
    job.refresh_from_db()
    assert (job.state, job.problem) == (JobState.FAILED, "no")
    assert kinds(order)[-2:] == ["declined", "needs-attention"]


def test_a_job_that_the_gate_refuses_goes_elsewhere() -> None:
    the_oslo_fablab()
    order = an_order_to_make()
    [job] = services.make_order(order.pk, now=NOON)
    services.refuse_job(job.pk, why="line 7: too hot", now=NOON)
    order.refresh_from_db()
    assert order.site_id == "oslo"
    services.refuse_job(job.pk, why="again", now=NOON)  # and a late repeat is harmless
    assert kinds(order).count("declined") == 1


def test_an_order_is_cancelled_until_production_starts() -> None:
    order = an_order_to_make()
    customer = order.customer
    orders.cancel_order(customer, order.pk, now=NOON)
    assert services.make_order(order.pk, now=NOON) == []
    Order.objects.update(state=Order.State.IN_PRODUCTION)
    with pytest.raises(Conflict):
        orders.cancel_order(customer, order.pk, now=NOON)


def test_a_slicer_that_stays_away_ends_in_a_persons_hands() -> None:
    order = an_order(the_lyon_fablab(), a_person(), state=Order.State.IN_PRODUCTION)
    job = a_job(order)
    services.needs_attention(job.pk, why="no slicer", now=NOON)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert kinds(order) == ["needs-attention"]
