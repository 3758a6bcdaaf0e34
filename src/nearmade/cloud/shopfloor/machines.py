"""The machine that a job was given to, as its site's record has it."""

from __future__ import annotations

from nearmade.cloud.network.services import facility_of
from nearmade.cloud.shopfloor.models import Job
from nearmade.facilities.facility import Machine
from nearmade.vocabulary.errors import NotFound


def machine_of(job: Job) -> Machine:
    """Find the machine of a job in its site's record.

    Raises
    ------
    NotFound
        When the site no longer has it.
    """
    for machine in facility_of(job.site).machines:
        if machine.id == job.machine_id:
            return machine
    raise NotFound(f"machine {job.machine_id}: no longer at {job.site_id}")
