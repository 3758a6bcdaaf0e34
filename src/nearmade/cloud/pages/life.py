"""The line of life of an order, from its trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from nearmade.cloud.orders.models import Order, OrderEvent, OrderLeg
from nearmade.cloud.pages.builds import JobView, job_view, part_pictures, part_titles
from nearmade.cloud.pages.figures import number_in, plain_name
from nearmade.cloud.pages.offers import leg_words
from nearmade.cloud.pages.trail import body_text, event_words
from nearmade.cloud.shopfloor.models import Job
from nearmade.production.job import JobState

State = Order.State
#: After one of these, what needed a person before is settled.
ENDS_A_WORRY = ("checked", "accepted", "printed", "printing", "started", "print-again")
#: No carrier takes longer. [d]
LONGEST_WAY_DAYS = 3660
STOPPED = (State.REFUSED, State.FAILED, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class LegView:
    """Goods on their way, from where to where, and how far they are."""

    start: str
    end: str
    way: str
    state: str
    gone_fraction: float
    left_at: datetime | None
    arrived_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """One station of the line of life."""

    state: str
    title: str
    at: datetime | None = None
    said: str = ""
    jobs: tuple[JobView, ...] = ()
    legs: tuple[LegView, ...] = ()
    note: str = ""
    note_kind: str = "warn"


@dataclass(frozen=True, slots=True)
class _Station:
    """Which events show that a station was reached, and what is said before."""

    title: str
    kinds: tuple[str, ...]
    said: Mapping[str, str] = field(default_factory=dict)
    waits: str = ""


def _stations(order: Order) -> list[_Station]:
    brought = order.deliver
    return [
        _Station(_("Ordered"), ("ordered",)),
        _Station(
            _("Looked at"),
            ("screened", "allowed"),
            waits=_("We check that it may be made and can be made."),
        ),
        _Station(
            _("Planned and accepted"),
            ("accepted",),
            waits=_(
                "The workshop's answer is due within minutes; else the next is asked."
            ),
        ),
        _Station(
            _("Made"),
            ("checked",),
            waits=_("Each part is printed, then checked by hand and eye."),
        ),
        _Station(
            _("Brought together"),
            ("assembled",),
            waits=_("Parts from all machines meet and are assembled."),
        ),
        _Station(
            _("On its way") if brought else _("Ready to collect"),
            ("handed-to-carrier", "ready-to-collect"),
            waits=_("It leaves as soon as it is assembled."),
        ),
        _Station(
            _("Delivered"),
            ("delivered",),
            waits=_("When it is here, say so: then the workshop is paid."),
        ),
        _Station(_("Accepted"), ("accepted-by-customer",)),
    ]


def steps_of(
    order: Order,
    events: Sequence[OrderEvent],
    jobs: Sequence[Job],
    legs: Sequence[OrderLeg],
    now: datetime,
) -> list[Step]:
    """Lay out where the order has been, where it is, and what comes."""
    titles, pictures = part_titles(order), part_pictures(order)
    views = tuple(job_view(job, titles, pictures) for job in jobs)
    stations = _stations(order)
    reached = [_reached(station, events, jobs) for station in stations]
    last = max((i for i, at in enumerate(reached) if at is not None), default=-1)
    stopped = order.state in STOPPED
    steps = []
    for index, (station, at) in enumerate(zip(stations, reached, strict=True)):
        state = "done" if index <= last else "todo"
        if index == last + 1 and not stopped:
            state = "now"
        if stopped and state != "done":
            break
        steps.append(
            Step(
                state=state,
                title=station.title,
                at=at,
                said="" if state == "done" else station.waits,
                jobs=views if index == 3 and state != "todo" else (),
                legs=(
                    _legs(order, legs, now, last=index == 5) if index in (4, 5) else ()
                ),
                note=_note(order, events) if state == "now" else "",
            )
        )
    if stopped:
        steps.append(_stop(order, events))
    return steps


def _reached(
    station: _Station, events: Sequence[OrderEvent], jobs: Sequence[Job]
) -> datetime | None:
    """Say when a station was passed; making is over when every job is checked."""
    found = [event.at for event in events if event.kind in station.kinds]
    if not found:
        return None
    if station.kinds == ("checked",):
        checked = all(job.state == JobState.CHECKED.value for job in jobs)
        return found[-1] if checked and jobs else None
    return found[-1]


def way_gone(leg: OrderLeg, now: datetime) -> float:
    """Say how much of its way a leg has probably gone, 0..1, by the carrier's days."""
    if leg.state == OrderLeg.State.ARRIVED:
        return 1.0
    days = number_in(leg.leg, "days")
    if leg.left_at is None or not days or days <= 0:
        return 0.0
    return min(0.95, max(0.0, (now - leg.left_at) / timedelta(days=days)))


def _legs(
    order: Order, legs: Sequence[OrderLeg], now: datetime, *, last: bool
) -> tuple[LegView, ...]:
    return tuple(
        LegView(
            start=plain_name(leg.origin.name),
            end=(
                plain_name(leg.destination.name)
                if leg.destination
                else order.place["name"]
            ),
            way=leg_words(leg.leg),
            state=leg.state,
            gone_fraction=way_gone(leg, now),
            left_at=leg.left_at,
            arrived_at=leg.arrived_at,
            due_at=_due_at(leg),
        )
        for leg in legs
        if (leg.destination_id is None) == last
    )


def _due_at(leg: OrderLeg) -> datetime | None:
    days = number_in(leg.leg, "days")
    if leg.left_at is None or days is None or not 0 <= days < LONGEST_WAY_DAYS:
        return None
    return leg.left_at + timedelta(days=days)


def _note(order: Order, events: Sequence[OrderEvent]) -> str:
    if order.state == State.REVIEW:
        held = [event.body for event in events if event.kind == "held"]
        return body_text(held[-1]) if held else ""
    for event in reversed(events):
        if event.kind in ENDS_A_WORRY:
            return ""
        if event.kind in ("needs-attention", "declined"):
            reason = event.body.get("reason", "")
            return f"{event_words(event.kind)}: {reason}" if reason else ""
    return ""


def _stop(order: Order, events: Sequence[OrderEvent]) -> Step:
    kinds = {"refused", "failed", "cancelled"}
    last = next((e for e in reversed(events) if e.kind in kinds), None)
    body = last.body if last else {}
    reasons = [str(reason["message"]) for reason in body.get("reasons", [])]
    said = "; ".join(reasons) or str(body.get("reason", ""))
    return Step(
        state="stopped",
        title=event_words(last.kind) if last else str(order.state),
        at=last.at if last else order.closed_at,
        said=said,
    )


def headline_of(order: Order) -> tuple[str, str]:
    """Say in one line where the order is, and in one sentence what that means."""
    where = order.place["name"]
    site = plain_name(order.site.name) if order.site else ""
    lines = {
        State.ORDERED: (_("Ordered"), _("It is being looked at.")),
        State.REVIEW: (_("Waiting for a person"), _("A moderator decides soon.")),
        State.SCREENED: (_("May be made"), _("Its builds are being planned.")),
        State.IN_PRODUCTION: (_("Being made"), _("At %(site)s.") % {"site": site}),
        State.GATHERING: (
            _("Coming together"),
            _("All parts are made; they meet at %(site)s.") % {"site": site},
        ),
        State.ASSEMBLED: (
            _("Assembled"),
            _("Ready to leave %(site)s.") % {"site": site},
        ),
        State.TRAVELLING: (
            (_("On its way"), _("From %(site)s to %(where)s."))
            if order.deliver
            else (_("Ready to collect"), _("It lies ready at %(site)s."))
        ),
        State.DELIVERED: (_("It is here"), _("Say whether it is right.")),
        State.ACCEPTED: (_("Done"), _("Made near where it was needed.")),
        State.REFUSED: (_("Refused"), _("Nothing was made, nothing is charged.")),
        State.FAILED: (_("This did not work out"), _("Nothing is charged.")),
        State.CANCELLED: (_("Cancelled"), _("Nothing was made, nothing is charged.")),
    }
    head, said = lines[State(order.state)]
    return head, said % {"site": site, "where": where} if "%(" in said else said


@dataclass(frozen=True, slots=True)
class Next:
    """What happens after an order stood still or ended early.

    Parameters
    ----------
    said
        In one or two sentences.
    href, label
        What one can do; empty when there is nothing to do but wait.
    """

    said: str
    href: str = ""
    label: str = ""


def next_of(order: Order, design_url: str, quotes_url: str) -> Next | None:
    """Say what comes next where the line of life alone does not."""
    texts = {
        State.REVIEW: Next(
            _(
                "The screening could not say yes by itself, for the reasons below. A "
                "moderator looks at the part and allows or refuses it, with a reason "
                "that you read here. Until then nothing is made, and you may cancel "
                "for nothing."
            )
        ),
        State.REFUSED: Next(
            _(
                "The reason is below. Nothing is charged. Another fit or another "
                "design may pass: it is screened anew."
            ),
            design_url,
            _("Change the fit"),
        ),
        State.FAILED: Next(
            _(
                "The reason is below. Nothing is charged; what was made so far stays "
                "at the workshop. You can ask the workshops again: those that are open "
                "now answer."
            ),
            quotes_url,
            _("Ask the workshops again"),
        ),
        State.CANCELLED: Next(
            _("You cancelled before anything was made. Your fit is kept."),
            design_url,
            _("Back to the fit"),
        ),
    }
    return texts.get(State(order.state))
