"""The trail of an order in words: what happened, when, and who did it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from nearmade.cloud.orders.models import OrderEvent
from nearmade.cloud.pages.figures import plain_name
from nearmade.cloud.people.models import User


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One event in words."""

    at: datetime
    words: str
    by: str
    site: str
    body_text: str


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
        "print-again": _("To be printed again"),
        "accounted": _("Footprint worked out"), "cancelled": _("Cancelled"),
        "failed": _("Failed"),
    }  # fmt: skip
    return words.get(kind, kind.replace("-", " ").capitalize())


def trail_of(
    events: Sequence[OrderEvent], reader: User, customer_email: str
) -> list[TrailLine]:
    """Write every event as one line, the newest first, for one reader.

    A customer reads what was done and at which site, not who works there.
    """
    works_there = reader.is_moderator or reader.email != customer_email
    return [
        TrailLine(
            at=event.at,
            words=event_words(event.kind),
            by=_who(event.by, reader, names=works_there),
            site=plain_name(event.site.name) if event.site else "",
            body_text=body_text(event.body),
        )
        for event in reversed(events)
    ]


def _who(by: str, reader: User, *, names: bool) -> str:
    if by == reader.email:
        return _("you")
    known = {
        "platform": _("the platform"),
        "screening": _("the screening"),
        "a moderator": _("a moderator"),
    }
    if by.startswith("agent of "):
        return _("the site's agent")
    if "@" in by and not names:
        return _("a person at the site")
    return known.get(by, by)


def body_text(body: Mapping[str, Any]) -> str:
    """Say what an event carries for people."""
    reasons = body.get("reasons")
    if isinstance(reasons, list):
        return "; ".join(str(reason.get("message", reason)) for reason in reasons)
    shown = ("price", "reason", "note", "machine", "to", "builds")
    return " · ".join(f"{name}: {body[name]}" for name in shown if body.get(name))
