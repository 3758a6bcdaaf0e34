"""Rows and the work they ask for commit or vanish together, whoever defers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from asgiref.sync import async_to_sync
from django.db import OperationalError, connection, transaction
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from nearmade.cloud import durable
from nearmade.cloud.catalogue.models import Instance
from nearmade.cloud.catalogue.services import request_instance
from nearmade.cloud.durable import defer
from nearmade.cloud.healing import heal
from nearmade.cloud.retries import LAST_ATTEMPT, PATIENT
from nearmade.vocabulary.errors import Unavailable
from tests.cloud.workshop import NOON, a_coupling

pytestmark = pytest.mark.database


class PowerCut(Exception):
    pass


def jobs(task: str = "test.work") -> int:
    return ProcrastinateJob.objects.filter(task_name=task).count()


@pytest.mark.usefixtures("an_empty_queue")
@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_rolls_back_leaves_no_job() -> None:
    with pytest.raises(PowerCut):
        rolls_back()
    assert jobs() == 0
    commits()
    assert jobs() == 1


def rolls_back() -> None:
    with transaction.atomic():
        defer("test.work", number=2)
        raise PowerCut


def commits() -> None:
    with transaction.atomic():
        defer("test.work", number=3)


@pytest.fixture
def a_worker() -> Iterator[App]:
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector) as worker:
        yield worker


@pytest.mark.usefixtures("an_empty_queue")
@pytest.mark.django_db(transaction=True)
def test_inside_a_worker_too_a_rolled_back_task_leaves_no_job(a_worker: App) -> None:
    for work in (rolls_back, commits):
        name = f"test.{work.__name__}"
        a_worker.task(name=name)(work)
        durable._deferring().configure_task(
            name, allow_unknown=True, queue="test-durable"
        ).defer()
    a_worker.run_worker(
        wait=False, queues=["test-durable"], install_signal_handlers=False,
        listen_notify=False,
    )  # fmt: skip
    states = ProcrastinateJob.objects.filter(queue_name="test-durable")
    assert sorted(states.values_list("task_name", "status")) == [
        ("test.commits", "succeeded"),
        ("test.rolls_back", "failed"),
    ]
    [left] = ProcrastinateJob.objects.filter(task_name="test.work")
    assert left.args == {"number": 3}


@pytest.mark.django_db
def test_a_rendering_that_nobody_works_on_any_more_is_begun_again() -> None:
    instance = a_coupling()
    version = instance.design_version
    fresh = request_instance(version, {}, now=NOON)
    assert fresh.state == Instance.State.RENDERING
    request_instance(version, {}, now=NOON)
    assert jobs("catalogue.render_instance") == 1  # somebody is at it
    with connection.cursor() as cursor:  # a worker that was ended once too often:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    request_instance(version, {}, now=NOON)
    assert jobs("catalogue.render_instance") == 2


def a_stalled_job(attempts: int) -> int:
    """Give the id of a job whose worker was last heard of an hour ago."""
    defer("test.work")
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH w AS (INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - interval '1 hour') RETURNING id)"
            " UPDATE procrastinate_jobs SET status = 'doing', attempts = %s,"
            " worker_id = (SELECT id FROM w)"
            " WHERE task_name = 'test.work' AND status = 'todo' RETURNING id",
            [attempts],
        )
        row = cursor.fetchone()
    return int(row[0])


@pytest.mark.usefixtures("an_empty_queue")
@pytest.mark.django_db(transaction=True)
def test_a_dead_workers_job_is_given_to_another_but_not_for_ever() -> None:
    young, poison = a_stalled_job(0), a_stalled_job(LAST_ATTEMPT)
    async_to_sync(heal.func)(0)
    states = dict(ProcrastinateJob.objects.values_list("pk", "status"))
    assert (states[young], states[poison]) == ("todo", "failed")


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (Unavailable("the slicer is away"), True),
        (OperationalError("the database is starting up"), True),
        (KeyError("a fault of ours"), False),
    ],
)
def test_what_waiting_helps_is_tried_again(error: Exception, again: bool) -> None:
    job = Job(
        id=1, queue="q", lock=None, queueing_lock=None, task_name="test.work",
    )  # fmt: skip
    decision = PATIENT.get_retry_decision(exception=error, job=job)
    assert (decision is not None) == again
