"""What a plan leaves out, delivers late or buys, each with its reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from nearmade.cloud.pages.plan_days import day_words, order_name
from nearmade.cloud.pages.plan_sheet import PlanSheet

Kind = Literal["left_out", "late", "central"]
KINDS: Final[tuple[Kind, ...]] = ("left_out", "late", "central")
#: Lines on one page.
PAGE: Final = 25


@dataclass(frozen=True, slots=True)
class LateLine:
    """One order or component that is not as it was wished.

    Parameters
    ----------
    kind
        Left out, late, or bought from a central factory.
    name, part
        The order, and the component where it is about one.
    due, delivered
        Days, in words; empty where there is none.
    late_days
        Zero unless late.
    words, frees
        Why, and what would change it; empty where nobody worked it out.
    """

    kind: Kind
    name: str
    part: str
    due: str
    delivered: str
    late_days: int
    words: str
    frees: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LateView:
    """One page of what is not as it was wished."""

    lines: tuple[LateLine, ...]
    counts: dict[Kind, int]
    total: int
    page: int
    last: int


def late_view(sheet: PlanSheet, kind: Kind | None, page: int) -> LateView:
    """Give one page: left out first, then late, the longest first, then bought."""
    found = _all(sheet)
    counts = Counter(one[0] for one in found)
    wanted = [one for one in found if kind is None or one[0] == kind]
    last = max(1, -(-len(wanted) // PAGE))
    page = min(max(1, page), last)
    reasons: dict[tuple[str, str, str], dict[str, Any]] = {
        (each["kind"], each["order_id"], each["component_id"] or ""): each
        for each in sheet.picture["reasons"]
    }
    shown = wanted[(page - 1) * PAGE : page * PAGE]
    return LateView(
        tuple(_line(sheet, *one, reasons) for one in shown),
        {each: counts.get(each, 0) for each in KINDS},
        len(wanted),
        page,
        last,
    )


def _all(sheet: PlanSheet) -> list[tuple[Kind, int, int]]:
    """Give kind, order and component (-1 for the whole order) of each."""
    orders = sheet.picture["orders"]
    late = np.array(orders["late_days"], dtype=np.int64)
    told = {each["order_id"] for each in sheet.picture["reasons"]}

    def first(order: int) -> tuple[bool, int, int]:
        return orders["id"][order] not in told, -int(late[order]), order

    left_out = sorted((int(o) for o in orders["left_out"]), key=first)
    behind = sorted(np.flatnonzero(late > 0).tolist(), key=first)
    bought = np.flatnonzero(sheet.part_group == -1).tolist()
    return [
        *(("left_out", order, -1) for order in left_out),
        *(("late", order, -1) for order in behind),
        *(("central", int(sheet.part_order[part]), part) for part in bought),
    ]


def _line(
    sheet: PlanSheet,
    kind: Kind,
    order: int,
    part: int,
    reasons: dict[tuple[str, str, str], dict[str, Any]],
) -> LateLine:
    orders = sheet.picture["orders"]
    component = str(sheet.picture["components"]["id"][part]) if part >= 0 else ""
    reason = reasons.get((kind, str(orders["id"][order]), component), {})
    delivered = int(orders["delivered_day"][order])
    return LateLine(
        kind,
        order_name(sheet, order),
        component,
        day_words(sheet, int(orders["due_day"][order])),
        day_words(sheet, delivered) if delivered >= 0 else "",
        int(orders["late_days"][order]),
        str(reason.get("words", "")),
        tuple(reason.get("frees", ())),
    )
