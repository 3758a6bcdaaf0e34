"""What the moderators' desk does: screen, hold, decide."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from nearmade.cloud.catalogue.models import Instance
from nearmade.cloud.catalogue.records import facts_from
from nearmade.cloud.catalogue.services import load_version
from nearmade.cloud.durable import defer
from nearmade.cloud.moderation.models import BlockEntry, Case
from nearmade.cloud.orders.models import Order
from nearmade.cloud.orders.services import move
from nearmade.cloud.orders.trail import lock_order, record
from nearmade.cloud.people.models import User
from nearmade.designs.values import canonical
from nearmade.screening.blocklist import Blocklist, BlocklistEntry
from nearmade.screening.screen import Subject, screen_all
from nearmade.screening.verdict import Verdict
from nearmade.vocabulary.errors import Conflict, InvalidInput, NotFound, Refused

MAKE_ORDER = "shopfloor.make_order"
SCREENING = "screening"
#: The trail does not name moderators to customers; the case does, to moderators.
MODERATOR = "a moderator"


def blocklist() -> Blocklist:
    """Read the block-list from its rows."""
    rows = list(BlockEntry.objects.all())
    entries = [
        BlocklistEntry(
            sha256, "refuse" if row.decision == "refuse" else "review", row.reason_code
        )
        for row in rows
        for sha256 in (row.sha256, row.canonical_sha256)
        if sha256
    ]
    newest = max((row.added_at.isoformat() for row in rows), default="empty")
    return Blocklist.of(f"{len(rows)} entries, newest {newest}", entries)


def subjects_of(instance: Instance) -> list[Subject]:
    """Describe every part and the assembly as screening sees them."""
    version = instance.design_version
    design = load_version(version).design
    initial = {parameter.name: parameter.initial for parameter in design.parameters}
    customised = canonical(initial) != instance.values
    parts = [
        Subject(
            kind="part",
            sha256=part.mesh_sha256,
            canonical_sha256=part.canonical_sha256,
            facts=facts_from(part.facts),
            licence=version.licence,
            customised=customised,
            name=part.title,
            materials=tuple(part.materials),
        )
        for part in instance.parts.all()
    ]
    assembly = Subject(
        kind="assembly",
        sha256=instance.assembly_sha256,
        canonical_sha256=instance.assembly_canonical_sha256,
        facts=None,
        licence=version.licence,
        customised=customised,
        name=version.title,
    )
    return [*parts, assembly]


def screen_instance(instance: Instance) -> Verdict:
    """Screen every part and the assembly of an instance for paid production."""
    return screen_all(subjects_of(instance), blocklist=blocklist())


@transaction.atomic
def apply_verdict(order_id: UUID | str, verdict: Verdict, *, now: datetime) -> None:
    """Write a verdict down and let the order go on, wait, or end; once."""
    order = lock_order(order_id)
    if order.state != Order.State.ORDERED:
        return
    body = asdict(verdict)
    if verdict.decision == "refuse":
        move(order, Order.State.REFUSED, "refused", by=SCREENING, now=now, body=body)
    elif verdict.decision == "review":
        Case.objects.create(order=order, verdict=body, opened_at=now)
        move(order, Order.State.REVIEW, "held", by=SCREENING, now=now, body=body)
    else:
        move(order, Order.State.SCREENED, "screened", by=SCREENING, now=now, body=body)
        _make(order)


def _make(order: Order) -> None:
    defer(MAKE_ORDER, order_id=str(order.pk))


def open_cases(moderator: User) -> QuerySet[Case]:
    """List what waits for a moderator, oldest first.

    Raises
    ------
    Refused
        When this person is no moderator.
    """
    _only_moderators(moderator)
    waiting = Case.objects.filter(
        state=Case.State.OPEN, order__state=Order.State.REVIEW
    )
    return waiting.select_related("order__instance__design_version", "order__customer")


def _only_moderators(user: User) -> None:
    if not user.is_moderator:
        raise Refused("the review list is for moderators")


@transaction.atomic
def decide(
    moderator: User, case_id: int, *, allow: bool, reason: str, now: datetime
) -> Case:
    """Allow or refuse what was held, with a reason that stays.

    Raises
    ------
    Refused
        When this person is no moderator, or it is their own order.
    InvalidInput
        When no reason is given.
    NotFound
        When there is no such case.
    Conflict
        When somebody has decided already, or the customer has cancelled.
    """
    _only_moderators(moderator)
    if not reason.strip():
        raise InvalidInput("a decision needs a reason")
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise NotFound(f"case {case_id}: none such")
    if case.state != Case.State.OPEN:
        raise Conflict(f"{case}: already {case.state}")
    order = lock_order(case.order_id)
    if order.state != Order.State.REVIEW:
        raise Conflict(f"{order}: {order.state}, no longer held")
    if order.customer_id == moderator.pk:
        raise Refused("nobody decides on an order of their own")
    case.state = Case.State.ALLOWED if allow else Case.State.REFUSED
    case.decided_at, case.decided_by, case.reason = now, moderator, reason.strip()
    case.save()
    body: dict[str, Any] = {"reason": case.reason}
    if allow:
        record(order, "allowed", by=MODERATOR, at=now, body=body)
        order.state = Order.State.SCREENED
        order.save()
        _make(order)
    else:
        move(
            order,
            Order.State.REFUSED,
            "refused",
            by=MODERATOR,
            now=now,
            body=body,
        )
    return case
