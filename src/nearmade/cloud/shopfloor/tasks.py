"""Durable work of the shop floor."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from nearmade.cloud.orders import services as orders
from nearmade.cloud.orders.models import Order
from nearmade.cloud.retries import LAST_ATTEMPT, PATIENT
from nearmade.cloud.shopfloor import services, splitting
from nearmade.cloud.shopfloor.models import Job
from nearmade.cloud.shopfloor.preparing import prepare
from nearmade.production.job import JobState
from nearmade.vocabulary.errors import InvalidInput, NotFound, Unavailable

DEMO = "demo operator (simulated)"


@app.task(name="shopfloor.make_order", retry=PATIENT)
def make_order(order_id: str) -> None:
    """Turn a screened order into jobs."""
    services.make_order(order_id, now=timezone.now())


@app.task(name="shopfloor.prepare_job", retry=PATIENT, pass_context=True)
def prepare_job(context: JobContext, job_id: str, generation: int) -> None:
    """Slice a job's parts, pass the G-code gate, sign; the last one offers them all."""
    job = Job.objects.select_related("order__instance", "site").get(pk=job_id)
    if JobState(job.state) is not JobState.PLANNED or job.generation != generation:
        return
    now = timezone.now()
    try:
        prepared = prepare(job, settings.CONFIGURATION, now=now)
    except InvalidInput as error:
        if error.code == "plate-full" and splitting.can_split(job):
            splitting.split_job(job_id, now=now)
            return
        services.refuse_job(job_id, why=error.message, now=now)
        return
    except NotFound as error:  # a machine or a mesh that is gone stays gone
        services.needs_attention(job_id, why=error.message, now=now)
        return
    except Unavailable as error:
        if context.job.attempts < LAST_ATTEMPT:
            raise
        services.needs_attention(job_id, why=error.message, now=now)
        return
    services.job_sliced(
        job_id,
        gcode_sha256=prepared.gcode_sha256,
        figures=prepared.figures,
        signed=prepared.signed,
        generation=generation,
        now=now,
    )


@app.task(name="shopfloor.offer_timeout", retry=PATIENT)
def offer_timeout(job_id: str, generation: int) -> None:
    """Ask the next site when this one has not answered."""
    services.offer_timed_out(job_id, generation, now=timezone.now())


@app.task(name="shopfloor.demo_operator", retry=PATIENT)
def demo_operator(job_id: str, generation: int) -> None:
    """Do the hand work of a demo site: check, assemble, hand over. Simulated."""
    job = Job.objects.select_related("order", "site").get(pk=job_id)
    if not (job.site.demo and settings.CONFIGURATION.demo):
        return
    now = timezone.now()
    if JobState(job.state) is JobState.PRINTED and job.generation == generation:
        services.confirm_checked(
            job.site, job.pk, by=DEMO, note="simulated check", now=now
        )
    order = Order.objects.select_related("site").get(pk=job.order_id)
    if order.site is None or not order.site.demo:
        return  # other hands put it together
    if orders.ready_to_assemble(order):
        orders.confirm_assembled(order.pk, by=DEMO, now=now)
        order.refresh_from_db()
    if order.state == Order.State.ASSEMBLED:
        orders.hand_over(order.pk, by=DEMO, now=now)
    elif order.state == Order.State.GATHERING:
        services.demo_operator_wakes(job, after_s=3)
