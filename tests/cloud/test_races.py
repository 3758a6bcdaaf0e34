"""Two who act on one thing at the same moment: one comes first, both are told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from nearmade.cloud.catalogue.models import Instance
from nearmade.cloud.network.services import find_site
from nearmade.cloud.orders import services as orders
from nearmade.cloud.orders.models import Order
from nearmade.cloud.shopfloor import services
from nearmade.cloud.shopfloor.models import AgentEvent, Command, Job
from nearmade.cloud.shopfloor.sync import sync
from nearmade.production.job import JobState
from nearmade.vocabulary.errors import Conflict
from tests.cloud.test_shopfloor import an_order_to_make
from tests.cloud.test_sync import job_body, told
from tests.cloud.workshop import (
    NOON,
    a_coupling,
    a_job,
    a_person,
    an_order,
    the_lyon_fablab,
)

pytestmark = [
    pytest.mark.database,
    pytest.mark.usefixtures("an_empty_queue"),
    pytest.mark.django_db(transaction=True),
]


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run acts in threads of their own; a conflict is an answer."""
    together = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        together.wait(20)
        try:
            return act()
        except Conflict as conflict:
            return conflict
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def test_an_agent_accepts_while_a_person_declines() -> None:
    order = an_order(
        the_lyon_fablab(), a_person(), instance=a_coupling(),
        state=Order.State.IN_PRODUCTION,
    )  # fmt: skip
    job = a_job(order, JobState.OFFERED, signed={})
    offer = services.say(job, "offer", {}, now=NOON)
    body = {"command_id": str(offer.pk), **job_body(job)}
    _, declined = at_once(
        lambda: sync(
            find_site("lyon"), told((1, "command.accepted", body)), now=NOON
        ),
        lambda: services.answer_offer(
            find_site("lyon"), job.pk, accept=False, reason="no", by="op", now=NOON
        ),
    )  # fmt: skip
    job.refresh_from_db()
    order.refresh_from_db()
    effect = AgentEvent.objects.get().effect
    if isinstance(declined, Conflict):
        assert (job.state, effect) == (JobState.COMMITTED, "applied")
        assert Command.objects.filter(kind="make", state="open").count() == 1
    else:
        assert job.state == JobState.CANCELLED
        assert effect == "no effect: command is withdrawn"
        assert not Command.objects.filter(kind="make").exists()
    numbers = list(order.events.values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_same_call_of_an_agent_twice_at_once_counts_once() -> None:
    order = an_order(the_lyon_fablab(), a_person(), state=Order.State.IN_PRODUCTION)
    job = a_job(order, JobState.COMMITTED)
    request = told(
        (1, "job.starting", job_body(job)), (2, "job.printing", job_body(job))
    )
    acts = [lambda: sync(find_site("lyon"), request, now=NOON)] * 2
    assert [answer["ack"] for answer in at_once(*acts)] == [2, 2]
    assert AgentEvent.objects.count() == 2
    assert order.events.filter(kind="printing").count() == 1


def test_an_order_is_cancelled_while_it_goes_to_production() -> None:
    order = an_order_to_make()
    customer = order.customer
    jobs, cancelled = at_once(
        lambda: services.make_order(order.pk, now=NOON),
        lambda: orders.cancel_order(customer, order.pk, now=NOON),
    )
    order.refresh_from_db()
    if isinstance(cancelled, Conflict):
        assert (order.state, len(jobs)) == (Order.State.IN_PRODUCTION, 1)
    else:
        assert (order.state, jobs) == (Order.State.CANCELLED, [])
    assert Job.objects.count() == len(jobs)


def test_an_order_is_turned_into_jobs_once_by_two_workers() -> None:
    order = an_order_to_make()
    made = at_once(*[lambda: services.make_order(order.pk, now=NOON)] * 2)
    assert sorted(len(jobs) for jobs in made) == [0, 1]


def test_the_last_two_builds_are_sliced_at_the_same_moment() -> None:
    """Neither may think that the other is still to come: both are offered."""
    order = an_order(the_lyon_fablab(), a_person(), state=Order.State.IN_PRODUCTION)
    figures = {"time_s": 60.0, "energy_wh": 1.0, "mass_g": 1.0}

    def slicing(job: Job) -> Callable[[], None]:
        return lambda: services.job_sliced(
            job.pk, gcode_sha256="c" * 64, figures=figures, signed={},
            generation=1, now=NOON,
        )  # fmt: skip

    at_once(*[slicing(a_job(order)) for _ in range(2)])
    assert set(order.jobs.values_list("state", flat=True)) == {"offered"}
    assert Command.objects.filter(kind="offer").count() == 2
    assert Instance.objects.count() == 1
