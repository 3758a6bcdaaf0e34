"""The one call between an agent and the platform.

Events are applied in the order of their numbers, each once, each in a savepoint of its
own: an event that breaks a rule is kept with the reason and has no effect, so that an
agent is never stuck behind it.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.utils.dateparse import parse_datetime

from nearmade.cloud.identifiers import uuid_from
from nearmade.cloud.network.models import Site
from nearmade.cloud.network.services import keep_snapshot
from nearmade.cloud.orders.trail import record
from nearmade.cloud.shopfloor.models import AgentEpoch, AgentEvent, Command, Job
from nearmade.cloud.shopfloor.services import (
    commit_job,
    demo_operator_wakes,
    locked_job,
    move_job,
    place_elsewhere,
)
from nearmade.production.job import JobState
from nearmade.vocabulary.errors import InvalidInput, NearmadeError, NotFound
from nearmade.vocabulary.identity import canonical_json

PROTOCOL = 1
BATCH = 500
QUIET_S = 5.0  # between syncs when nothing is going on
BUSY_S = 1.0  # while a job runs or a command is open
VALID_FOR_S = 300.0
EPOCH = re.compile(r"[0-9a-f]{32}")
#: More than any agent of ours tells at once. [bytes]
LARGEST_EVENT_BYTES = 64 * 1024
LARGEST_SNAPSHOT_BYTES = 256 * 1024
#: JSON has whole numbers that no float can hold; nothing here comes near this.
LARGEST_NUMBER = 1e15
#: An agent's clock is believed within these; else our own moment is written down.
CLOCK_AHEAD = timedelta(days=1)
CLOCK_BEHIND = timedelta(days=366)
#: What an event that breaks a rule may raise; anything else is a fault of ours.
BROKEN = (NearmadeError, IntegrityError, DataError, KeyError, ValueError, TypeError)


@transaction.atomic
def sync(site: Site, request: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """Apply an agent's events, remember its snapshot, and say what is to be done.

    Raises
    ------
    InvalidInput
        When the request is not of this protocol.
    """
    _check(request)
    epoch, _ = AgentEpoch.objects.select_for_update().get_or_create(
        site=site, epoch=request["epoch"], defaults={"first_seen_at": now}
    )
    for event in sorted(request["events"], key=lambda event: event["seq"]):
        if event["seq"] <= epoch.acknowledged:
            continue  # told before
        if event["seq"] != epoch.acknowledged + 1:
            break  # a gap: what is missing comes first
        _apply(site, epoch, event, now)
        epoch.acknowledged = event["seq"]
    epoch.save()
    keep_snapshot(site, request["snapshot"], now=now)
    commands = [
        {
            "id": str(command.pk),
            "kind": command.kind,
            "job_id": str(command.job_id),
            "generation": command.generation,
            "body": command.body,
            "valid_for_s": VALID_FOR_S,
        }
        for command in Command.objects.filter(site=site, state=Command.State.OPEN)
    ]
    running = site.jobs.filter(
        state__in=[JobState.COMMITTED.value, JobState.PRINTING.value]
    )
    return {
        "ack": epoch.acknowledged,
        "commands": commands,
        "next_in_s": BUSY_S if commands or running.exists() else QUIET_S,
        "server_at": now.isoformat(),
    }


def _check(request: dict[str, Any]) -> None:
    if request.get("proto") != PROTOCOL:
        raise InvalidInput(
            f"sync: protocol {request.get('proto')!r}, this platform speaks {PROTOCOL}"
        )
    if not EPOCH.fullmatch(str(request.get("epoch"))):
        raise InvalidInput("sync: epoch must be 32 lower-case hex digits")
    events = request.get("events")
    if not isinstance(events, list) or len(events) > BATCH:
        raise InvalidInput(f"sync: events must be a list of at most {BATCH}")
    for event in events:
        if not isinstance(event, dict) or type(event.get("seq")) is not int:
            raise InvalidInput("sync: every event has a whole number as seq")
        if event["seq"] < 1:
            raise InvalidInput("sync: every event has a seq of 1 or more")
    _check_snapshot(request.get("snapshot"))


def _check_snapshot(snapshot: Any) -> None:
    """Keep out of quotes and pages what they could not read."""
    if not isinstance(snapshot, dict):
        raise InvalidInput("sync: a snapshot is needed")
    fault = _unstorable(snapshot, LARGEST_SNAPSHOT_BYTES)
    if fault:
        raise InvalidInput(f"sync: the snapshot {fault}")
    printers = snapshot.get("printers", [])
    if not isinstance(printers, list) or not all(
        isinstance(printer, dict) and isinstance(printer.get("machine_id"), str)
        for printer in printers
    ):
        raise InvalidInput("sync: printers are a list of objects with a machine_id")
    if not isinstance(snapshot.get("power") or {}, dict):
        raise InvalidInput("sync: power is an object or null")


def _unstorable(value: Any, at_most_bytes: int) -> str:
    """Say why the database could not hold this JSON; empty when it can."""
    try:
        content = canonical_json(value)
    except ValueError as error:  # not finite, or half a surrogate pair
        return f"cannot be kept: {error}"[:120]
    if len(content) > at_most_bytes:
        return f"has {len(content)} bytes, at most {at_most_bytes}"
    if b"\\u0000" in content:
        return "holds a NUL character"
    return ""


def _moment(text: Any, now: datetime) -> datetime:
    """Read an agent's time; where it is none, or far off, take our own."""
    try:
        at = parse_datetime(str(text))
    except ValueError:
        return now
    if at is None:
        return now
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return aware if now - CLOCK_BEHIND <= aware <= now + CLOCK_AHEAD else now


def _apply(site: Site, epoch: AgentEpoch, event: dict[str, Any], now: datetime) -> None:
    """Let an event take effect and keep it; a broken one is kept without effect."""
    fault = _unstorable(event, LARGEST_EVENT_BYTES)
    if fault:
        event = {"seq": event["seq"], "kind": "unreadable"}
    kind, body = str(event.get("kind", "")), event.get("body")
    at = _moment(event.get("at"), now)
    try:
        with transaction.atomic():
            effect = _effect(site, kind, dict(body or {}), at, now)
    except BROKEN as error:
        effect = f"no effect: {error}"
    AgentEvent.objects.create(
        epoch=epoch,
        seq=event["seq"],
        kind=kind[:40],
        at=at,
        received_at=now,
        body=body if isinstance(body, dict) else {"not-an-object": body},
        effect=((fault and f"no effect: {fault}") or effect)[:200],
    )


def _effect(
    site: Site, kind: str, body: dict[str, Any], at: datetime, now: datetime
) -> str:
    if kind in ("command.accepted", "command.rejected"):
        return _answer(site, kind == "command.accepted", body, now)
    if not kind.startswith("job."):
        return "kept"
    job = locked_job(body["job_id"], site=site)
    if body["generation"] != job.generation:
        return f"no effect: generation {body['generation']} of {job.generation}"
    effects = {
        "job.starting": _starting,
        "job.printing": _printing,
        "job.progress": _progress,
        "job.printed": _printed,
        "job.failed": _failed,
        "job.attention": _attention,
        "job.cancelled": _cancelled,
    }
    if kind not in effects:
        raise NotFound(f"event {kind!r}: unknown")
    effects[kind](job, body, at)
    return "applied"


def _answer(site: Site, accepted: bool, body: dict[str, Any], now: datetime) -> str:
    command_id = uuid_from(body["command_id"], "command")
    command = Command.objects.filter(site=site, pk=command_id).first()
    if command is None:
        raise NotFound(f"command {command_id}: none such here")
    job = locked_job(command.job_id, site=site)
    command.refresh_from_db()
    if command.state != Command.State.OPEN:
        return f"no effect: command is {command.state}"
    command.state = Command.State.ACCEPTED if accepted else Command.State.REJECTED
    command.answered_at = now
    command.save()
    if command.generation != job.generation:
        return "no effect: old generation"
    agent = f"agent of {site.pk}"
    if command.kind == "offer" and accepted:
        commit_job(job, by=agent, now=now)
    elif command.kind in ("offer", "make") and not accepted:
        reason = str(body.get("reason", "no reason given"))
        place_elsewhere(job, why=reason, by=agent, now=now)
    return "applied"


def _tell(job: Job, kind: str, at: datetime, body: dict[str, Any]) -> None:
    record(
        job.order,
        kind,
        by=f"agent of {job.site_id}",
        at=at,
        site=job.site,
        body={"job": str(job.pk), "machine": job.machine_id, **body},
    )


def _starting(job: Job, body: dict[str, Any], at: datetime) -> None:
    move_job(job, JobState.STARTING)


def _printing(job: Job, body: dict[str, Any], at: datetime) -> None:
    move_job(job, JobState.PRINTING)
    job.started_at = job.started_at or at
    job.save()
    _tell(job, "printing", at, {})


def _progress(job: Job, body: dict[str, Any], at: datetime) -> None:
    seen = ("done_fraction", "left_s", "nozzle_degc", "bed_degc", "layer", "power_w")
    job.progress = {name: _number(body.get(name)) for name in seen}
    job.progress["at"] = at.isoformat()
    job.save()


def _number(value: Any) -> float | None:
    known = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if known and abs(value) <= LARGEST_NUMBER else None


def _evidence(body: dict[str, Any]) -> dict[str, Any]:
    """Read what a printer gives as proof; an energy that cannot be is left out."""
    evidence = dict(body["evidence"])
    energy_wh = _number(evidence.pop("energy_wh", None))
    if energy_wh is not None and 0 < energy_wh < math.inf:
        evidence["energy_wh"] = energy_wh
    return evidence


def _printed(job: Job, body: dict[str, Any], at: datetime) -> None:
    move_job(job, JobState.PRINTED)
    job.evidence = _evidence(body)
    job.printed_at = at
    job.progress = {**job.progress, "done_fraction": 1.0, "left_s": 0}
    job.save()
    _tell(job, "printed", at, {"evidence": job.evidence})
    demo_operator_wakes(job, after_s=3)


def _failed(job: Job, body: dict[str, Any], at: datetime) -> None:
    move_job(job, JobState.FAILED)
    job.problem = str(body.get("reason", ""))
    job.save()
    _tell(job, "print-failed", at, {"reason": job.problem})
    _tell(job, "needs-attention", at, {"reason": "a person decides what to do next"})


def _attention(job: Job, body: dict[str, Any], at: datetime) -> None:
    move_job(job, JobState.ATTENTION)
    job.problem = str(body.get("reason", ""))
    job.save()
    _tell(job, "needs-attention", at, {"reason": job.problem})


def _cancelled(job: Job, body: dict[str, Any], at: datetime) -> None:
    """The agent dropped it: as asked, or else somebody must decide."""
    if JobState(job.state) is not JobState.CANCELLED:
        _failed(job, {"reason": "cancelled at the site"}, at)
