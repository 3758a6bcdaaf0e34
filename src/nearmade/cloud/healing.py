"""Give a dead worker's jobs to the living: every task here is safe to run again."""

from __future__ import annotations

from django.conf import settings
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from nearmade.cloud.retries import LAST_ATTEMPT


@app.periodic(cron="* * * * * */5")  # seconds come last: every five of them
@app.task(name="cloud.heal", queueing_lock="heal")
async def heal(timestamp: int) -> None:
    """Queue again what a silent worker was doing."""
    stalled = await app.job_manager.get_stalled_jobs(
        seconds_since_heartbeat=settings.CONFIGURATION.stalled_after_s
    )
    for job in stalled:
        if job.attempts < LAST_ATTEMPT:
            await app.job_manager.retry_job(job)
        elif job.id is not None:  # it ends every worker that takes it
            await app.job_manager.finish_job_by_id_async(
                job.id, status=Status.FAILED, delete_job=False
            )
