"""One build that does not fit its bed becomes several."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from nearmade.cloud.shopfloor.models import Job
from nearmade.cloud.shopfloor.services import PREPARE_JOB, defer_for_job, locked_job
from nearmade.production.job import JobState


def can_split(job: Job) -> bool:
    """Say whether a build holds more than one copy of one part."""
    copies: int = sum(part["quantity"] for part in job.parts)
    return copies > 1


def _shares(parts: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """One build a part; copies of one part in two halves."""
    if len(parts) > 1:
        return [[part] for part in parts]
    [part] = parts
    half = part["quantity"] // 2
    return [
        [{**part, "quantity": quantity}] for quantity in (part["quantity"] - half, half)
    ]


@transaction.atomic
def split_job(job_id: UUID | str, *, now: datetime) -> None:
    """What does not fit one bed becomes several builds."""
    job = locked_job(job_id)
    if JobState(job.state) is not JobState.PLANNED or not can_split(job):
        return
    first, *others = _shares(job.parts)
    job.parts = first
    job.save()
    defer_for_job(PREPARE_JOB, job)
    for parts in others:
        other = Job.objects.create(
            order=job.order,
            site=job.site,
            machine_id=job.machine_id,
            profile_id=job.profile_id,
            material=job.material,
            parts=parts,
            created_at=now,
        )
        defer_for_job(PREPARE_JOB, other)
