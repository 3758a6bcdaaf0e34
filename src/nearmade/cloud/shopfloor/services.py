"""What the shop floor's desk does: make jobs, offer them, follow them to the check."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from nearmade.cloud.durable import defer
from nearmade.cloud.identifiers import uuid_from
from nearmade.cloud.network.models import Site
from nearmade.cloud.orders import services as orders
from nearmade.cloud.orders.models import Order, OrderLeg
from nearmade.cloud.orders.quotes import quote_near
from nearmade.cloud.orders.records import place_from
from nearmade.cloud.orders.trail import lock_order, record
from nearmade.cloud.shopfloor.models import Command, Job
from nearmade.cloud.shopfloor.plates import on_plates
from nearmade.production.job import JobState, check_move
from nearmade.vocabulary.errors import Conflict, NotFound
from nearmade.vocabulary.identity import JobId

PREPARE_JOB = "shopfloor.prepare_job"
OFFER_TIMEOUT = "shopfloor.offer_timeout"
DEMO_OPERATOR = "shopfloor.demo_operator"

#: A job in one of these states may still go to another site.
REPLACEABLE = (JobState.PLANNED, JobState.SLICED, JobState.OFFERED, JobState.COMMITTED)
#: As long as one job of an order is in one of these, no site is told to start.
UNANSWERED = (JobState.PLANNED, JobState.SLICED, JobState.OFFERED)
PLATFORM = "platform"


def defer_for_job(task: str, job: Job, *, after_s: float = 0) -> None:
    """Queue a task about this generation of a job."""
    defer(task, after_s=after_s, job_id=str(job.pk), generation=job.generation)


def locked_job(job_id: UUID | str, *, site: Site | None = None) -> Job:
    """Hold a job and its order until the transaction ends; of this site, if given.

    Raises
    ------
    NotFound
        When there is no such job, or not at this site.
    """
    wanted = Job.objects.filter(pk=uuid_from(job_id, "job"))
    if site is not None:
        wanted = wanted.filter(site=site)
    order_id = wanted.values_list("order_id", flat=True).first()
    if order_id is None:
        raise NotFound(f"job {job_id}: none such here")
    lock_order(order_id)
    return (
        Job.objects.select_for_update(of=("self",))
        .select_related("order", "site")
        .get(pk=job_id)
    )


def move_job(job: Job, then: JobState) -> None:
    """Change a locked job's state by the table of moves, and save it.

    Raises
    ------
    Conflict
        When the table has no such move.
    """
    check_move(JobId(str(job.pk)), JobState(job.state), then)
    job.state = then.value
    job.save()


@transaction.atomic
def make_order(order_id: UUID | str, *, now: datetime) -> list[Job]:
    """Turn a screened order's offer into jobs and legs; a second time gives none."""
    order = lock_order(order_id)
    if order.state != Order.State.SCREENED:
        return []
    order.state = Order.State.IN_PRODUCTION
    order.save()
    return _jobs_from_offer(order, now)


def _jobs_from_offer(order: Order, now: datetime) -> list[Job]:
    offer = order.quote
    for position, leg in enumerate(offer["legs"]):
        OrderLeg.objects.create(
            order=order,
            position=position,
            origin_id=leg["origin_site"],
            destination_id=leg["destination_site"],
            leg=leg,
        )
    builds: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for made in offer["assignments"]:
        build = (
            made["site_id"], made["machine_id"], made["profile_id"], made["material"]
        )  # fmt: skip
        builds.setdefault(build, []).append(
            {"name": made["part"], "quantity": made["quantity"]}
        )
    jobs = []
    for (site_id, machine_id, profile_id, material), parts in builds.items():
        for on_plate in on_plates(order, profile_id, parts):
            job = Job.objects.create(
                order=order,
                site_id=site_id,
                machine_id=machine_id,
                profile_id=profile_id,
                material=material,
                parts=on_plate,
                created_at=now,
            )
            defer_for_job(PREPARE_JOB, job)
            jobs.append(job)
    record(
        order,
        "planned",
        by=PLATFORM,
        at=now,
        site=order.site,
        body={"builds": len(jobs), "sites": sorted({key[0] for key in builds})},
    )
    return jobs


@transaction.atomic
def job_sliced(
    job_id: UUID | str,
    *,
    gcode_sha256: str,
    figures: dict[str, Any],
    signed: dict[str, Any],
    generation: int,
    now: datetime,
) -> None:
    """Keep what was sliced; when the order's last job is, offer them all.

    Nothing is offered before everything has passed the gate, so that no site starts on
    an order that cannot be finished. What was sliced for an older generation is of no
    use: its ticket names that generation.
    """
    job = locked_job(job_id)
    if JobState(job.state) is not JobState.PLANNED or job.generation != generation:
        return
    job.gcode_sha256, job.figures, job.signed = gcode_sha256, figures, signed
    move_job(job, JobState.SLICED)
    jobs = list(
        job.order.jobs.exclude(state=JobState.CANCELLED.value).select_related(
            "order", "site"
        )
    )
    if any(JobState(each.state) is JobState.PLANNED for each in jobs):
        return
    for each in jobs:
        if JobState(each.state) is JobState.SLICED:
            _offer(each, now)


def _offer(job: Job, now: datetime) -> None:
    """Offer a sliced job to its site; the answer is due before the time-out."""
    figures = dict(job.figures or {})
    job.offered_at = now
    move_job(job, JobState.OFFERED)
    say(
        job,
        "offer",
        {
            "machine_id": job.machine_id,
            "material": job.material,
            "expected_s": figures["time_s"],
            "energy_wh": figures["energy_wh"],
            "mass_g": figures["mass_g"],
        },
        now=now,
    )
    record(
        job.order,
        "offered",
        by=PLATFORM,
        at=now,
        site=job.site,
        body={"job": str(job.pk), "machine": job.machine_id, **figures},
    )
    timeout_s = settings.CONFIGURATION.offer_timeout_s
    defer_for_job(OFFER_TIMEOUT, job, after_s=timeout_s)


def say(job: Job, kind: str, body: dict[str, Any], *, now: datetime) -> Command:
    """Give the agent of the job's site a command, said again until it answers."""
    return Command.objects.create(
        site=job.site,
        job=job,
        kind=kind,
        generation=job.generation,
        body=body,
        created_at=now,
    )


def commit_job(job: Job, *, by: str, now: datetime) -> None:
    """The site accepts a locked, offered job; the last one lets all of them start.

    Nobody is told to start before every site has accepted, so that an order of which
    one part is declined can still go elsewhere as a whole.
    """
    move_job(job, JobState.COMMITTED)
    record(
        job.order, "accepted", by=by, at=now, site=job.site, body={"job": str(job.pk)}
    )
    jobs = list(job.order.jobs.select_related("order", "site"))
    if any(JobState(each.state) in UNANSWERED for each in jobs):
        return
    for each in jobs:
        made = each.commands.filter(kind="make", generation=each.generation)
        if JobState(each.state) is JobState.COMMITTED and not made.exists():
            _order_made(each, now)


def _order_made(job: Job, now: datetime) -> None:
    artefact = {
        "sha256": job.gcode_sha256,
        "url": f"/api/agent/artefacts/{job.gcode_sha256}",
    }
    say(job, "make", {"signed": job.signed, "artefact": artefact}, now=now)


def place_elsewhere(job: Job, *, why: str, by: str, now: datetime) -> None:
    """A locked job is not taken: ask for the whole order at the next best site.

    Only while nothing of the order was started; else this job has failed and a person
    at its site decides.
    """
    order = lock_order(job.order_id)
    record(
        order, "declined", by=by, at=now, site=job.site,
        body={"job": str(job.pk), "reason": why},
    )  # fmt: skip
    jobs = living_jobs(order)
    if any(JobState(other.state) not in REPLACEABLE for other in jobs):
        withdraw_commands(job)
        if JobState(job.state) in REPLACEABLE:
            job.problem = why
            move_job(job, JobState.FAILED)
        record(
            order, "needs-attention", by=PLATFORM, at=now, site=job.site,
            body={"job": str(job.pk), "reason": why},
        )  # fmt: skip
        return
    for other in jobs:
        call_off(other, now)
    job.refresh_from_db()
    order.legs.all().delete()
    _ask_next(order, job.site_id, now)


def living_jobs(order: Order) -> list[Job]:
    """Hold the jobs of an order that were not called off in an earlier round."""
    return list(
        order.jobs.exclude(state=JobState.CANCELLED.value)
        .select_for_update(of=("self",))
        .select_related("site")
    )


def withdraw_commands(job: Job) -> None:
    """Ask nothing more of the agent for this job."""
    job.commands.filter(state=Command.State.OPEN).update(state=Command.State.WITHDRAWN)


def call_off(job: Job, now: datetime) -> None:
    """Cancel a job that was not started; its site hears of it if it had accepted."""
    withdraw_commands(job)
    if JobState(job.state) is JobState.COMMITTED:
        say(job, "cancel", {}, now=now)
    move_job(job, JobState.CANCELLED)


def _materials(offer: dict[str, Any]) -> dict[str, set[str]]:
    materials: dict[str, set[str]] = {}
    for made in offer["assignments"]:
        materials.setdefault(made["part"], set()).add(made["material"])
    return materials


def _keeps_promise(order: Order, offer: dict[str, Any]) -> bool:
    """Say whether another site's offer is what the customer was promised.

    At most the price that was promised first, of the same materials, and never a
    synthetic site for an order that was placed at real ones.
    """
    promised = order.quote.get("promised", order.quote)
    return (
        offer["kind"] == "site"
        and offer["demo"] == order.demo
        and offer["price"]["total_usd"] <= promised["price"]["high_usd"]
        and _materials(offer) == _materials(promised)
    )


def _ask_next(order: Order, declined: str, now: datetime) -> None:
    order.asked = sorted({*order.asked, declined})
    quote = quote_near(
        order.instance,
        place_from(order.place),
        deliver=order.deliver,
        now=now,
        without=frozenset(order.asked),
    )
    cheapest_first = sorted(quote["offers"], key=lambda o: o["price"]["total_usd"])
    offer = next((o for o in cheapest_first if _keeps_promise(order, o)), None)
    if offer is None:
        reason = "no other site can keep the promise"
        orders.move(
            order, Order.State.FAILED, "failed", by=PLATFORM, now=now,
            body={"reason": reason},
        )  # fmt: skip
        return
    # the customer keeps the promised price; what is asked of the site is its own
    order.asked = [*order.asked, offer["site_id"]]
    order.quote = {**offer, "promised": order.quote.get("promised", order.quote)}
    order.site_id = offer["site_id"]
    order.state = Order.State.IN_PRODUCTION
    order.save()
    order.refresh_from_db(fields=["site"])
    _jobs_from_offer(order, now)


@transaction.atomic
def offer_timed_out(job_id: UUID | str, generation: int, *, now: datetime) -> None:
    """No answer in time: the next site is asked."""
    job = locked_job(job_id)
    if job.generation == generation and JobState(job.state) is JobState.OFFERED:
        place_elsewhere(job, why="no answer in time", by=PLATFORM, now=now)


@transaction.atomic
def answer_offer(
    site: Site, job_id: UUID | str, *, accept: bool, reason: str, by: str, now: datetime
) -> Job:
    """A person at a site accepts or declines an offer in the agent's place.

    Raises
    ------
    NotFound
        When the job is not at this site.
    Conflict
        When it is no longer offered.
    """
    job = locked_job(job_id, site=site)
    if JobState(job.state) is not JobState.OFFERED:
        raise Conflict(f"{job}: {job.state}, no longer offered")
    withdraw_commands(job)
    if accept:
        commit_job(job, by=by, now=now)
    else:
        place_elsewhere(job, why=reason or "declined", by=by, now=now)
    return job


@transaction.atomic
def confirm_checked(
    site: Site, job_id: UUID | str, *, by: str, note: str, now: datetime
) -> Job:
    """Hands and eyes at the site say that the printed parts are right.

    Raises
    ------
    NotFound
        When the job is not at this site.
    Conflict
        When it is not printed, or checked already.
    """
    job = locked_job(job_id, site=site)
    move_job(job, JobState.CHECKED)
    job.checked_at = now
    job.save()
    order = lock_order(job.order_id)
    record(
        order, "checked", by=by, at=now, site=site,
        body={"job": str(job.pk), "note": note},
    )  # fmt: skip
    unfinished = order.jobs.exclude(
        state__in=[JobState.CHECKED.value, JobState.CANCELLED.value]
    )
    if order.state == Order.State.IN_PRODUCTION and not unfinished.exists():
        orders.components_ready(order, now=now)
    return job


def demo_operator_wakes(job: Job, *, after_s: float) -> None:
    """At a demo site a simulated person does the hand work a little later."""
    if job.site.demo and settings.CONFIGURATION.demo:
        defer_for_job(DEMO_OPERATOR, job, after_s=after_s)


@transaction.atomic
def refuse_job(job_id: UUID | str, *, why: str, now: datetime) -> None:
    """A job that cannot be sliced or does not pass the gate goes nowhere."""
    job = locked_job(job_id)
    if JobState(job.state) is not JobState.PLANNED:
        return
    place_elsewhere(job, why=why, by=PLATFORM, now=now)


@transaction.atomic
def needs_attention(job_id: UUID | str, *, why: str, now: datetime) -> None:
    """Nothing that we can do by ourselves helps this job any more: say so."""
    job = locked_job(job_id)
    if JobState(job.state) is not JobState.PLANNED:
        return
    job.problem = why
    move_job(job, JobState.FAILED)
    record(
        job.order, "needs-attention", by=PLATFORM, at=now, site=job.site,
        body={"job": str(job.pk), "reason": why},
    )  # fmt: skip
