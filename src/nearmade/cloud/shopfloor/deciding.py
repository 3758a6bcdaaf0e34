"""What a person at a site decides when a build went wrong: again, or give up."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from nearmade.cloud.network.models import Site
from nearmade.cloud.orders import services as orders
from nearmade.cloud.orders.models import Order
from nearmade.cloud.orders.trail import lock_order, record
from nearmade.cloud.shopfloor.models import Job
from nearmade.cloud.shopfloor.services import (
    PREPARE_JOB,
    REPLACEABLE,
    call_off,
    defer_for_job,
    living_jobs,
    locked_job,
    move_job,
    withdraw_commands,
)
from nearmade.production.job import JobState
from nearmade.vocabulary.errors import Conflict

#: Only then there is something to decide.
UNDECIDED = (JobState.FAILED, JobState.ATTENTION, JobState.PRINTED)


def _undecided_job(site: Site, job_id: UUID | str) -> tuple[Job, Order]:
    job = locked_job(job_id, site=site)
    order = lock_order(job.order_id)
    if order.state != Order.State.IN_PRODUCTION:
        raise Conflict(f"{order}: {order.state}, no longer in production")
    if JobState(job.state) not in UNDECIDED:
        raise Conflict(
            f"{job}: {job.state}, nothing to decide",
            remedy="wait until it has printed, failed, or asks for a person",
        )
    return job, order


@transaction.atomic
def print_again(
    site: Site, job_id: UUID | str, *, by: str, why: str = "", now: datetime
) -> Job:
    """A person at the site declares a build lost or wrong and has it made again.

    The job begins a new generation: whatever the printer or the agent still says of
    the old one has no effect. The trail keeps what the lost try took.

    Raises
    ------
    NotFound
        When the job is not at this site.
    Conflict
        When the build has not failed, does not ask for a person and is not printed,
        or the order is no longer in production.
    """
    job, order = _undecided_job(site, job_id)
    record(
        order, "print-again", by=by, at=now, site=site,
        body={
            "job": str(job.pk), "machine": job.machine_id, "generation": job.generation,
            "was": job.state, "reason": why or job.problem, "figures": job.figures,
            "evidence": job.evidence, "material": job.material,
            "done_fraction": job.progress.get("done_fraction"),
        },
    )  # fmt: skip
    withdraw_commands(job)
    job.generation += 1
    job.state = JobState.PLANNED.value  # of a new life: no move of the old one
    job.gcode_sha256 = job.problem = ""
    job.figures = job.signed = job.evidence = None
    job.progress = {}
    job.offered_at = job.started_at = job.printed_at = None
    job.save()
    defer_for_job(PREPARE_JOB, job)
    return job


@transaction.atomic
def give_up(
    site: Site, job_id: UUID | str, *, by: str, why: str = "", now: datetime
) -> Job:
    """A person at the site says that a build cannot be made: the order has failed.

    What was not started of the order is called off; what runs runs to its end.

    Raises
    ------
    NotFound
        When the job is not at this site.
    Conflict
        As for ``print_again``.
    """
    job, order = _undecided_job(site, job_id)
    reason = why or job.problem or "the site gave up"
    withdraw_commands(job)
    if JobState(job.state) is not JobState.FAILED:
        job.problem = reason
        move_job(job, JobState.FAILED)
    for other in living_jobs(order):
        if JobState(other.state) in REPLACEABLE:
            call_off(other, now)
    orders.move(
        order, Order.State.FAILED, "failed", by=by, now=now, site=site,
        body={"job": str(job.pk), "reason": reason},
    )  # fmt: skip
    return job
