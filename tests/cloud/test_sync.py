"""The one call between agent and platform: each event once, in order, own site only."""

from __future__ import annotations

from typing import Any

import pytest

from nearmade.cloud.orders.models import Order
from nearmade.cloud.shopfloor.models import AgentEvent, Command, Job
from nearmade.cloud.shopfloor.services import commit_job, locked_job, say
from nearmade.cloud.shopfloor.sync import sync
from nearmade.production.job import JobState
from nearmade.vocabulary.errors import InvalidInput
from tests.cloud.workshop import (
    NOON,
    a_job,
    a_person,
    an_order,
    the_lyon_fablab,
    the_oslo_fablab,
)

pytestmark = [pytest.mark.database, pytest.mark.django_db]

EPOCH = "0123456789abcdef" * 2


def told(
    *events: tuple[int, str, dict[str, Any]], epoch: str = EPOCH
) -> dict[str, Any]:
    return {
        "proto": 1,
        "agent": "lyon",
        "epoch": epoch,
        "boot_id": "boot",
        "mono_s": 1.0,
        "wall_at": NOON.isoformat(),
        "events": [
            {"seq": seq, "kind": kind, "at": NOON.isoformat(), "body": body}
            for seq, kind, body in events
        ],
        "snapshot": {"printers": [], "waiting": []},
    }


def job_body(job: Job, **more: Any) -> dict[str, Any]:
    return {
        "job_id": str(job.pk),
        "generation": job.generation,
        "machine_id": job.machine_id,
        **more,
    }


def a_committed_job() -> Job:
    order = an_order(the_lyon_fablab(), a_person(), state=Order.State.IN_PRODUCTION)
    job = a_job(order, JobState.OFFERED, signed={}, gcode_sha256="c" * 64)
    commit_job(locked_job(job.pk), by="test", now=NOON)
    return Job.objects.get(pk=job.pk)


def test_events_told_twice_are_applied_once() -> None:
    job = a_committed_job()
    request = told(
        (1, "job.starting", job_body(job)), (2, "job.printing", job_body(job))
    )
    first = sync(job.site, request, now=NOON)
    second = sync(job.site, request, now=NOON)
    assert (first["ack"], second["ack"]) == (2, 2)
    assert AgentEvent.objects.count() == 2
    assert job.order.events.filter(kind="printing").count() == 1


def test_a_gap_is_not_acknowledged_and_not_applied() -> None:
    job = a_committed_job()
    answer = sync(job.site, told((2, "job.starting", job_body(job))), now=NOON)
    assert answer["ack"] == 0
    job.refresh_from_db()
    assert job.state == JobState.COMMITTED.value


def test_events_out_of_order_in_one_call_are_put_in_order() -> None:
    job = a_committed_job()
    answer = sync(
        job.site,
        told((2, "job.printing", job_body(job)), (1, "job.starting", job_body(job))),
        now=NOON,
    )
    job.refresh_from_db()
    assert (answer["ack"], job.state) == (2, JobState.PRINTING.value)


def test_a_new_epoch_counts_from_one_again() -> None:
    job = a_committed_job()
    sync(job.site, told((1, "job.starting", job_body(job))), now=NOON)
    answer = sync(
        job.site,
        told((1, "job.printing", job_body(job)), epoch="f" * 32),
        now=NOON,
    )
    job.refresh_from_db()
    assert (answer["ack"], job.state) == (1, JobState.PRINTING.value)


def test_an_event_of_an_old_generation_is_kept_without_effect() -> None:
    job = a_committed_job()
    Job.objects.filter(pk=job.pk).update(generation=2)
    sync(job.site, told((1, "job.starting", job_body(job))), now=NOON)
    job.refresh_from_db()
    assert job.state == JobState.COMMITTED.value
    assert "generation" in AgentEvent.objects.get().effect


def test_an_agent_cannot_speak_of_another_sites_job() -> None:
    job = a_committed_job()
    other = the_oslo_fablab()
    answer = sync(other, told((1, "job.starting", job_body(job))), now=NOON)
    job.refresh_from_db()
    assert answer["ack"] == 1  # it is not stuck behind it
    assert job.state == JobState.COMMITTED.value
    assert AgentEvent.objects.get().effect.startswith("no effect")


def test_an_agent_cannot_answer_another_sites_command() -> None:
    job = a_committed_job()
    command = Command.objects.get(kind="make")
    body = {"command_id": str(command.pk), **job_body(job)}
    sync(the_oslo_fablab(), told((1, "command.accepted", body)), now=NOON)
    command.refresh_from_db()
    assert command.state == Command.State.OPEN


def test_commands_are_said_again_until_answered() -> None:
    job = a_committed_job()
    first = sync(job.site, told(), now=NOON)["commands"]
    assert [command["kind"] for command in first] == ["make"]
    body = {"command_id": first[0]["id"], **job_body(job)}
    assert sync(job.site, told(), now=NOON)["commands"] == first
    after = sync(job.site, told((1, "command.accepted", body)), now=NOON)
    assert after["commands"] == []


def test_a_broken_event_does_not_hold_up_the_next() -> None:
    job = a_committed_job()
    answer = sync(
        job.site,
        told(
            (1, "job.printed", {"nonsense": True}), (2, "job.starting", job_body(job))
        ),
        now=NOON,
    )
    job.refresh_from_db()
    assert (answer["ack"], job.state) == (2, JobState.STARTING.value)


def test_two_builds_cannot_start_on_one_machine() -> None:
    job = a_committed_job()
    second = a_job(job.order, JobState.COMMITTED)
    sync(
        job.site,
        told((1, "job.starting", job_body(job)), (2, "job.starting", job_body(second))),
        now=NOON,
    )
    second.refresh_from_db()
    assert second.state == JobState.COMMITTED.value
    effects = AgentEvent.objects.order_by("seq").values_list("effect", flat=True)
    assert effects[0] == "applied"
    assert "one_machine_holds_one_build" in effects[1]


def test_accepting_an_offer_commits_the_job_and_orders_it_made() -> None:
    order = an_order(the_lyon_fablab(), a_person(), state=Order.State.IN_PRODUCTION)
    job = a_job(order, JobState.OFFERED, signed={}, gcode_sha256="c" * 64)
    offer = say(job, "offer", {}, now=NOON)
    body = {"command_id": str(offer.pk), **job_body(job)}
    answer = sync(job.site, told((1, "command.accepted", body)), now=NOON)
    job.refresh_from_db()
    assert job.state == JobState.COMMITTED.value
    assert [command["kind"] for command in answer["commands"]] == ["make"]
    assert answer["commands"][0]["body"]["artefact"]["sha256"] == job.gcode_sha256


@pytest.mark.parametrize(
    "change",
    [
        {"proto": 2},
        {"epoch": "short"},
        {"events": [{"seq": 0}]},
        {"events": "many"},
        {"snapshot": None},
    ],
)
def test_a_request_of_another_shape_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        sync(the_lyon_fablab(), {**told(), **change}, now=NOON)
