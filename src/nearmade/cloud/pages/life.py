"""The line of life of an order, from its trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from nearmade.cloud.orders.models import Order, OrderEvent
from nearmade.cloud.pages.figures import number_in, plain_name
from nearmade.cloud.pages.fit import blob_url
from nearmade.cloud.pages.offers import leg_words
from nearmade.cloud.shopfloor.models import Job
from nearmade.production.job import JobState

State = Order.State
STOPPED = (State.REFUSED, State.FAILED, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class JobView:
    """A build; ``pages/parts/job.html`` says what is shown."""

    id: str
    parts_text: str
    title: str
    machine: str
    site: str
    state: str
    material: str
    progress: Mapping[str, Any]
    figures: Mapping[str, Any]
    energy_wh: float | None
    metered: bool
    simulated: bool
    problem: str
    picture: str = ""
    order_id: str = ""
    started_at: datetime | None = None
    printed_at: datetime | None = None
    checked_at: datetime | None = None
    gcode_sha256: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)

    @property
    def expected_s(self) -> float | None:
        """How long the slicer says that it takes. [s]"""
        return number_in(self.figures, "time_s")


@dataclass(frozen=True, slots=True)
class Step:
    """One station of the line of life."""

    state: str
    title: str
    at: datetime | None = None
    said: str = ""
    jobs: tuple[JobView, ...] = ()
    legs: tuple[Mapping[str, str], ...] = ()
    note: str = ""
    note_kind: str = "warn"


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One event in words."""

    at: datetime
    words: str
    by: str
    site: str
    body_text: str


@dataclass(frozen=True, slots=True)
class _Station:
    """Which events show that a station was reached, and what is said before."""

    title: str
    kinds: tuple[str, ...]
    said: Mapping[str, str] = field(default_factory=dict)
    waits: str = ""


def job_view(
    job: Job, titles: Mapping[str, str], pictures: Mapping[str, str] | None = None
) -> JobView:
    """Lay out one job; parts are called and drawn as their design says."""
    snapshot = job.site.snapshot or {}
    evidence = job.evidence or {}
    figures = job.figures or {}
    metered = evidence.get("energy_wh")
    texts = []
    for part in job.parts:
        many = f" × {part['quantity']}" if part["quantity"] > 1 else ""
        texts.append(titles.get(part["name"], part["name"].replace("_", " ")) + many)
    return JobView(
        id=str(job.pk),
        parts_text=", ".join(texts),
        title=job.order.instance.design_version.title,
        machine=job.machine_id.rsplit("/", 1)[-1],
        site=plain_name(job.site.name),
        state=job.state,
        material=job.material,
        progress=job.progress or {},
        figures=figures,
        energy_wh=metered if metered is not None else figures.get("energy_wh"),
        metered=metered is not None,
        simulated=bool(snapshot.get("simulated")),
        problem=job.problem,
        picture=(pictures or {}).get(job.parts[0]["name"], "") if job.parts else "",
        order_id=str(job.order_id),
        started_at=job.started_at,
        printed_at=job.printed_at,
        checked_at=job.checked_at,
        gcode_sha256=job.gcode_sha256,
        evidence=evidence,
    )


def part_titles(order: Order) -> dict[str, str]:
    """Give the parts' names for people."""
    return {part.name: part.title for part in order.instance.parts.all()}


def part_pictures(order: Order) -> dict[str, str]:
    """Give the addresses of the parts' pictures."""
    parts = order.instance.parts.all()
    return {part.name: blob_url(part.picture_sha256, "webp") for part in parts}


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
    order: Order, events: Sequence[OrderEvent], jobs: Sequence[Job]
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
                legs=_legs(order, inbound=index == 4, last=index == 5),
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


def _legs(order: Order, *, inbound: bool, last: bool) -> tuple[Mapping[str, str], ...]:
    if not inbound and not last:
        return ()
    shown = []
    for leg in order.legs.all():
        if (leg.destination_id is None) != last:
            continue
        to = leg.destination.name if leg.destination else order.place["name"]
        way = leg_words(leg.leg)
        shown.append({"text": f"{leg.origin.name} → {to}, {way}", "state": leg.state})
    return tuple(shown)


def _note(order: Order, events: Sequence[OrderEvent]) -> str:
    if order.state == State.REVIEW:
        return _("The screening could not say yes by itself: a person looks at it now.")
    for event in reversed(events):
        if event.kind in ("checked", "accepted", "printed", "printing", "started"):
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


def event_words(kind: str) -> str:
    """Say an event's kind in words."""
    words = {
        "ordered": _("Ordered"), "screened": _("May be made"),
        "held": _("Held for review"), "allowed": _("Allowed by a moderator"),
        "refused": _("Refused"), "planned": _("Planned"),
        "offered": _("Offered to the workshop"), "accepted": _("Workshop accepted"),
        "declined": _("Workshop declined"), "started": _("Printing started"),
        "printing": _("Printing started"), "printed": _("Printed"),
        "print-failed": _("Print failed"),
        "needs-attention": _("Needs a person"), "checked": _("Checked"),
        "components-sent": _("Parts sent"), "components-arrived": _("Parts arrived"),
        "assembled": _("Assembled"), "handed-to-carrier": _("Handed to the carrier"),
        "ready-to-collect": _("Ready to collect"), "delivered": _("Delivered"),
        "accepted-by-customer": _("Accepted by the customer"),
        "accounted": _("Footprint worked out"), "cancelled": _("Cancelled"),
        "failed": _("Failed"),
    }  # fmt: skip
    return words.get(kind, kind.replace("-", " ").capitalize())


def trail_of(events: Sequence[OrderEvent]) -> list[TrailLine]:
    """Write every event as one line, the newest first."""
    return [
        TrailLine(
            at=event.at,
            words=event_words(event.kind),
            by=event.by,
            site=event.site.name if event.site else "",
            body_text=_body_text(event.body),
        )
        for event in reversed(events)
    ]


def _body_text(body: Mapping[str, Any]) -> str:
    reasons = body.get("reasons")
    if isinstance(reasons, list):
        return "; ".join(str(reason.get("message", reason)) for reason in reasons)
    shown = ("price", "reason", "note", "machine", "to", "builds")
    return " · ".join(f"{name}: {body[name]}" for name in shown if body.get(name))


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
