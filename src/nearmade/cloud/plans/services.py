"""What the planner's desk does: ask for plans, make them, take plans of files in."""

from __future__ import annotations

import gzip
import io
import json
import time
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.db import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    transaction,
)
from django.db.models import Q, QuerySet
from procrastinate.contrib.django import app

from nearmade.adapters.plan_gate.admission import NAMES, SentPlan, admit_plan
from nearmade.cloud.network.whole import network_stamp
from nearmade.cloud.orders.models import Order
from nearmade.cloud.people.models import User
from nearmade.cloud.plans.book import OpenBook, open_book, open_orders
from nearmade.cloud.plans.models import Plan
from nearmade.planning.network.arrays import build_problem
from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.explain import Reason, explain
from nearmade.planning.network.network_record import network_from_record
from nearmade.planning.network.orders_record import orders_from_record
from nearmade.planning.network.picture import picture_of
from nearmade.planning.network.plan import NetworkPlan
from nearmade.planning.network.plan_record import Made, Origin, plan_record
from nearmade.planning.network.side_by_side import solve_scenarios
from nearmade.planning.network.verify import verify
from nearmade.planning.network.weights import PricedProblem, Weights, price_problem
from nearmade.vocabulary.errors import InvalidInput, NotFound, Refused, Unavailable
from nearmade.vocabulary.identity import sha256_of

#: Time for each scenario. [s]
SECONDS: Final = 3.0
#: Plans that are kept: of the platform, and of files.
KEPT: Final = 20
#: After so long without an end, a plan counts as given up. [s]
GIVEN_UP_S: Final = 900.0
METHOD: Final = "shadow prices, then search"
_MADE_HERE: Final = Q(source__in=(Plan.Source.TIMER, Plan.Source.ASKED))
_UNDER_WAY: Final = (Plan.State.WAITING, Plan.State.WORKING)


def check_planner(user: User) -> None:
    """Let planners through.

    Raises
    ------
    Refused
        When this person is none.
    """
    if not user.is_planner:
        raise Refused(
            "plans of the whole network are for its planners",
            remedy="ask whoever runs the platform to appoint you",
        )


def plans() -> QuerySet[Plan]:
    """Give the last plans, the newest first, without what is long."""
    return Plan.objects.defer("picture", "sent", "files").select_related("asked_by")


def find_plan(plan_id: UUID) -> Plan:
    """Find a plan.

    Raises
    ------
    NotFound
        When it is not kept (any more).
    """
    row = plans().filter(pk=plan_id).first()
    if row is None:
        raise NotFound(f"plan {str(plan_id)[:8]}: not kept any more")
    return row


def ask_plan(by: User | None, *, now: datetime) -> Plan:
    """Ask for a plan of the open orders; one that is under way is given again."""
    source = Plan.Source.TIMER if by is None else Plan.Source.ASKED
    _give_up_dead(now)
    try:
        with transaction.atomic():
            row = Plan.objects.create(source=source, asked_at=now, asked_by=by)
            _defer(row)
    except IntegrityError:
        return plans().get(source=source, state__in=_UNDER_WAY)
    return row


def send_plan(by: User, sent: SentPlan, title: str, *, now: datetime) -> Plan:
    """Take the files of a plan in, to be read by a child before they are shown."""
    content = b"".join(
        len(part).to_bytes(8, "big") + part
        for part in (getattr(sent, name) for name in NAMES)
    )
    with transaction.atomic():
        row = Plan.objects.create(
            source=Plan.Source.FILE,
            asked_at=now,
            asked_by=by,
            title=" ".join(title.split())[:120],
            sent=content,
        )
        _defer(row)
    return row


def _defer(row: Plan) -> None:
    app.configure_task("plans.make").defer(plan_id=str(row.pk))


def _give_up_dead(now: datetime) -> None:
    late = now - timedelta(seconds=GIVEN_UP_S)
    dead = Plan.objects.filter(state__in=_UNDER_WAY, asked_at__lt=late)
    dead.update(
        state=Plan.State.FAILED, done_at=now, problem="it did not come to an end"
    )


def orders_stamp() -> str:
    """Tell one state of the open orders and the network from the next."""
    orders = open_orders()
    return f"{len(orders)} {hash_of(orders)} {network_stamp()[1]}"[:120]


def hash_of(orders: list[Order]) -> str:
    """Name a set of orders."""
    return sha256_of(" ".join(str(order.pk) for order in orders).encode())[:16]


def plan_on_timer(*, now: datetime) -> Plan | None:
    """Ask for a plan when orders are open and something changed since the last one."""
    last = plans().filter(_MADE_HERE, state=Plan.State.READY).first()
    stamp = orders_stamp()
    if stamp.startswith("0 ") or (last is not None and last.stamp == stamp):
        return None
    return ask_plan(None, now=now)


def make_plan(plan_id: UUID | str, *, now: datetime) -> None:
    """Make or read a plan that was asked for; once more it changes nothing."""
    row = Plan.objects.filter(pk=plan_id, state__in=_UNDER_WAY).first()
    if row is None:
        return
    begun_s = time.monotonic()
    ended = False
    row.state, row.started_at = Plan.State.WORKING, now
    row.save(update_fields=["state", "started_at"])
    try:
        if row.source == Plan.Source.FILE:
            picture = admit_plan(_sent(row))
            row.scenarios = picture.pop("scenarios", [])
            _keep(row, picture)
        else:
            _plan_open_orders(row, now)
        ended = True
    except InvalidInput as error:
        row.state = Plan.State.FAILED
        row.problem = f"{error.message} {error.remedy}".strip()
        ended = True
    except (Unavailable, OperationalError, InterfaceError):
        Plan.objects.filter(pk=row.pk).update(state=Plan.State.WAITING)
        raise  # and tried again
    finally:
        if not ended:
            _note_broken(row.pk)
    row.sent = None
    row.done_at = now + timedelta(seconds=time.monotonic() - begun_s)
    row.save()
    _forget_old()


def _note_broken(plan_id: UUID) -> None:
    """Say on the plan's page that something of ours broke, unless it is tried again."""
    broken = Plan.objects.filter(pk=plan_id, state=Plan.State.WORKING)
    broken.update(
        state=Plan.State.FAILED,
        problem="something broke here; whoever runs the platform finds it in the log",
    )


def _sent(row: Plan) -> SentPlan:
    content = bytes(row.sent or b"")
    parts = []
    for _name in NAMES:
        size = int.from_bytes(content[:8], "big")
        parts.append(content[8 : 8 + size])
        content = content[8 + size :]
    return SentPlan(*parts)


def _plan_open_orders(row: Plan, now: datetime) -> None:
    row.stamp = orders_stamp()
    book = open_book(open_orders(), now=now)
    if not book.orders["orders"]:
        row.state = Plan.State.EMPTY
        row.problem = "; ".join(sorted(set(book.skipped.values())))[:2000]
        return
    network = network_from_record(book.network)
    orders = orders_from_record(book.orders, network)
    made = Made(network, orders, build_problem(network, orders))
    priced = price_problem(made.problem, Weights())
    plan, row.scenarios = solve_scenarios(priced, seconds=SECONDS, clock=time.monotonic)
    verdict = verify(priced, plan)
    reasons = explain(made, priced, plan, starts=network.first_day)
    picture = picture_of(made, plan, priced.weights, verdict, reasons, METHOD)
    picture["titles"] = dict(book.titles)
    picture["skipped"] = dict(book.skipped)
    _keep(row, picture)
    row.files = _zipped(book, made, priced, plan, reasons)


def _zipped(
    book: OpenBook,
    made: Made,
    priced: PricedProblem,
    plan: NetworkPlan,
    reasons: Sequence[Reason],
) -> bytes:
    """Give the files that ``nearmade plan verify`` checks the plan by."""
    network, orders = (_json(one) for one in (book.network, book.orders))
    origin = Origin(
        "NETWORK.json", "ORDERS.json", sha256_of(network), sha256_of(orders), METHOD
    )
    evaluation = evaluate(priced, plan.way, plan.candidate)
    told = [asdict(reason) for reason in reasons]
    record = plan_record(made, plan, priced.weights, evaluation, origin, told)
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("NETWORK.json", network)
        folder.writestr("ORDERS.json", orders)
        folder.writestr("PLAN.json", _json(record))
    return sink.getvalue()


def _json(record: Any) -> bytes:
    return json.dumps(record, allow_nan=False, separators=(",", ":")).encode()


def _keep(row: Plan, picture: dict[str, Any]) -> None:
    names = (
        "cost_usd", "bound_usd", "gap_fraction", "stands", "terms", "counts", "days",
        "method", "weights", "note",
    )  # fmt: skip
    row.figures = {name: picture.get(name) for name in names}
    row.figures["sites"] = len(picture["sites"]["id"])
    row.figures["skipped"] = len(picture.get("skipped", {}))
    row.picture = gzip.compress(_json(picture), compresslevel=3)
    row.state = Plan.State.READY


def _forget_old() -> None:
    for wanted in (_MADE_HERE, ~_MADE_HERE):
        rows = Plan.objects.filter(wanted).exclude(state__in=_UNDER_WAY)
        old = rows.values_list("pk", flat=True)[KEPT:]
        Plan.objects.filter(pk__in=list(old)).delete()


def files_kept(plan_id: UUID) -> bytes:
    """Give a plan's files as a zip.

    Raises
    ------
    NotFound
        When they are not kept: those of files are with whoever sent them.
    """
    content = Plan.objects.filter(pk=plan_id).values_list("files", flat=True).first()
    if content is None:
        raise NotFound(f"plan {str(plan_id)[:8]}: its files are not kept here")
    return bytes(content)


def picture_kept(plan_id: UUID) -> dict[str, Any]:
    """Give a ready plan's picture.

    Raises
    ------
    NotFound
        When it is not kept (any more).
    """
    return _picture(str(plan_id))


@lru_cache(maxsize=4)
def _picture(plan_id: str) -> dict[str, Any]:
    content = (
        Plan.objects.filter(pk=plan_id, state=Plan.State.READY)
        .values_list("picture", flat=True)
        .first()
    )
    if content is None:
        raise NotFound(f"plan {plan_id[:8]}: not kept any more")
    found: dict[str, Any] = json.loads(gzip.decompress(bytes(content)))
    return found
