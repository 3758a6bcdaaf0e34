"""A build that went wrong: a person has it printed again, or gives up."""

from __future__ import annotations

from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from nearmade.cloud.orders.accounting import inventory_of
from nearmade.cloud.orders.models import Order
from nearmade.cloud.orders.trail import record
from nearmade.cloud.shopfloor.deciding import give_up, print_again
from nearmade.cloud.shopfloor.models import Command, Job
from nearmade.cloud.shopfloor.services import (
    commit_job,
    confirm_checked,
    job_sliced,
    locked_job,
)
from nearmade.cloud.shopfloor.sync import sync
from nearmade.production.job import JobState
from nearmade.vocabulary.errors import Conflict, NotFound
from nearmade.vocabulary.estimate import Estimate
from tests.cloud.test_sync import a_committed_job, job_body, told
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


def interval(value: float) -> dict[str, float]:
    return {"value": value, "low": value, "high": value}


FIGURES = {
    "time_s": 3600.0,
    "energy_wh": 80.0,
    "mass_g": 10.0,
    "energy": interval(80.0),
    "mass": interval(10.0),
}


def a_failed_job(**changes: Any) -> Job:
    order = an_order(
        the_lyon_fablab(), a_person(), instance=a_coupling(),
        state=Order.State.IN_PRODUCTION,
    )  # fmt: skip
    values = {"problem": "nozzle clogged", "figures": FIGURES, "gcode_sha256": "c" * 64}
    return a_job(order, **{"state": JobState.FAILED, **values, **changes})


@pytest.mark.parametrize(
    "state", [JobState.FAILED, JobState.ATTENTION, JobState.PRINTED]
)
def test_a_build_that_went_wrong_is_sliced_and_signed_anew(state: JobState) -> None:
    job = a_failed_job(state=state, signed={"old": True})
    print_again(job.site, job.pk, by="op", now=NOON)
    job.refresh_from_db()
    assert (job.state, job.generation) == (JobState.PLANNED, 2)
    assert (job.signed, job.gcode_sha256, job.problem) == (None, "", "")
    deferred = ProcrastinateJob.objects.get(task_name="shopfloor.prepare_job")
    assert deferred.args == {"job_id": str(job.pk), "generation": 2}
    line = job.order.events.get(kind="print-again")
    assert (line.by, line.body["reason"]) == ("op", "nozzle clogged")
    assert line.body["was"] == state


def test_what_is_printed_again_goes_all_the_way_to_the_check() -> None:
    job = a_failed_job()
    a_job(job.order, JobState.CHECKED)
    print_again(job.site, job.pk, by="op", now=NOON)
    job_sliced(
        job.pk, gcode_sha256="d" * 64, figures=FIGURES, signed={}, generation=2,
        now=NOON,
    )  # fmt: skip
    commit_job(locked_job(job.pk), by="op", now=NOON)
    assert sorted(
        job.commands.filter(state="open").values_list("kind", "generation")
    ) == [
        ("make", 2),
        ("offer", 2),
    ]
    job.refresh_from_db()
    body = job_body(job)
    events = [(1, "job.starting", body), (2, "job.printing", body)]
    sync(job.site, told(*events, (3, "job.printed", body | {"evidence": {}})), now=NOON)
    confirm_checked(job.site, job.pk, by="op", note="", now=NOON)
    order = Order.objects.get(pk=job.order_id)
    assert order.state == Order.State.GATHERING


def test_news_of_the_lost_generation_have_no_effect() -> None:
    job = a_failed_job()
    old = job_body(job)
    print_again(job.site, job.pk, by="op", now=NOON)
    sync(job.site, told((1, "job.printed", old | {"evidence": {}})), now=NOON)
    job.refresh_from_db()
    assert job.state == JobState.PLANNED


@pytest.mark.parametrize(
    "state",
    [
        JobState.PLANNED,
        JobState.OFFERED,
        JobState.COMMITTED,
        JobState.PRINTING,
        JobState.CHECKED,
        JobState.CANCELLED,
    ],
)
def test_there_is_nothing_to_decide_about_other_builds(state: JobState) -> None:
    job = a_failed_job(state=state)
    for decide in (print_again, give_up):
        with pytest.raises(Conflict):
            decide(job.site, job.pk, by="op", now=NOON)


def test_another_site_decides_nothing() -> None:
    job = a_failed_job()
    for decide in (print_again, give_up):
        with pytest.raises(NotFound):
            decide(the_oslo_fablab(), job.pk, by="eve", now=NOON)


def test_giving_up_ends_the_order_and_calls_off_what_has_not_begun() -> None:
    job = a_failed_job()
    waiting = a_job(job.order, JobState.COMMITTED)
    running = a_job(job.order, JobState.PRINTING)
    give_up(job.site, job.pk, by="op", why="out of filament", now=NOON)
    order = Order.objects.get(pk=job.order_id)
    assert (order.state, order.closed_at) == (Order.State.FAILED, NOON)
    last = order.events.last()
    assert last is not None
    assert (last.kind, last.by, last.body["reason"]) == (
        "failed",
        "op",
        "out of filament",
    )
    assert Command.objects.get(state="open").kind == "cancel"
    waiting.refresh_from_db()
    running.refresh_from_db()
    assert (waiting.state, running.state) == (JobState.CANCELLED, JobState.PRINTING)


def test_nothing_is_decided_after_giving_up_and_a_late_check_revives_nothing() -> None:
    job = a_failed_job(state=JobState.ATTENTION)
    printed = a_job(job.order, JobState.PRINTED, machine_id="lyon/other")
    give_up(job.site, job.pk, by="op", now=NOON)
    for decide in (print_again, give_up):
        with pytest.raises(Conflict):
            decide(job.site, job.pk, by="op", now=NOON)
    Job.objects.filter(pk=job.pk).update(state="checked")
    confirm_checked(printed.site, printed.pk, by="op", note="", now=NOON)
    assert Order.objects.get(pk=job.order_id).state == Order.State.FAILED


def test_a_lost_build_is_accounted_for_as_far_as_it_got() -> None:
    job = a_failed_job(progress={"done_fraction": 0.25})
    print_again(job.site, job.pk, by="op", now=NOON)
    Job.objects.filter(pk=job.pk).update(figures=FIGURES, state="checked")
    record(job.order, "delivered", by="carrier", at=NOON)
    inventory = inventory_of(job.order)
    # 10 g and 80 Wh for the good build, a quarter of each for the lost one
    assert sum(part.mass_g.value for part in inventory.parts) == pytest.approx(12.5)
    assert [site.energy_wh.value for site in inventory.electricity] == [100.0]


def test_a_site_that_rejects_its_order_after_accepting_it_is_passed_over() -> None:
    the_oslo_fablab()
    job = a_committed_job()
    order = job.order
    Order.objects.filter(pk=order.pk).update(instance=a_coupling())
    make = Command.objects.get(kind="make")
    body = {"command_id": str(make.pk), **job_body(job), "reason": "G-code refused"}
    sync(job.site, told((1, "command.rejected", body)), now=NOON)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert order.events.filter(kind="declined").get().body["reason"] == "G-code refused"
    order.refresh_from_db()
    assert "oslo" in order.asked or order.state == Order.State.FAILED


def test_a_rejected_order_waits_for_a_person_when_other_parts_are_made() -> None:
    job = a_committed_job()
    a_job(job.order, JobState.CHECKED)
    make = Command.objects.get(kind="make")
    body = {"command_id": str(make.pk), **job_body(job), "reason": "no filament"}
    sync(job.site, told((1, "command.rejected", body)), now=NOON)
    job.refresh_from_db()
    assert (job.state, job.problem) == (JobState.FAILED, "no filament")
    print_again(job.site, job.pk, by="op", now=NOON)


def test_a_build_that_the_agent_drops_unasked_is_not_taken_for_done() -> None:
    job = a_committed_job()
    checked = a_job(job.order, JobState.PRINTED, machine_id="lyon/other")
    sync(job.site, told((1, "job.cancelled", job_body(job))), now=NOON)
    confirm_checked(job.site, checked.pk, by="op", note="", now=NOON)
    order = Order.objects.get(pk=job.order_id)
    job.refresh_from_db()
    assert (order.state, job.state) == (Order.State.IN_PRODUCTION, JobState.FAILED)


def test_the_card_counts_what_the_customer_pays_though_another_site_made_it() -> None:
    job = a_failed_job(state=JobState.CHECKED)
    order = job.order
    record(order, "delivered", by="carrier", at=NOON)
    moved = {**order.quote, "price": {**order.quote["price"], "total_usd": 7.0}}
    order.quote = {**moved, "promised": order.quote}
    assert inventory_of(order).price_usd == Estimate.exact(10.0)
