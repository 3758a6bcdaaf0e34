"""Why something is late, left out or bought, in words with numbers, and what frees it.

From capacities, prices and candidates beside the plan: which limits bind, how many days
or hours more would do, and whether another material would open a site.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from nearmade.planning.network.order_words import MORE_DAYS, Goal, OrderWords
from nearmade.planning.network.plan import CENTRAL, LEFT_OUT, NetworkPlan
from nearmade.planning.network.plan_record import Made
from nearmade.planning.network.plan_words import counted, more_days
from nearmade.planning.network.weights import PricedProblem

Kind = Literal["late", "left_out", "central"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an order or component is not as it was wished.

    Parameters
    ----------
    kind
        ``late``, ``left_out`` (orders) or ``central`` (a component that is bought).
    order_id, component_id
        What it is about; no component for orders.
    words
        Why, in a sentence or two with numbers.
    frees
        What would change it, most useful first.
    usd
        What it costs in the objective: lateness, leaving out, or above making it at
        the cheapest candidate. [USD]
    """

    kind: Kind
    order_id: str
    component_id: str | None
    words: str
    frees: tuple[str, ...]
    usd: float


def explain(
    made: Made,
    priced: PricedProblem,
    plan: NetworkPlan,
    *,
    most: int = 100,
    starts: date | None = None,
) -> list[Reason]:
    """Explain the orders that are left out, late, and the components that are bought.

    Parameters
    ----------
    made, priced, plan
        The data, the problem at its weights, the plan.
    most
        So many of each kind are explained, the dearest first.
    starts
        Date of day 0, so that days can be told by their name.
    """
    speaker = _Speaker(made, priced, plan, starts)
    reasons = [speaker.left_out(o) for o in speaker.orders_left_out()[:most]]
    reasons += [speaker.late(o) for o in speaker.orders_late()[:most]]
    bought = speaker.components_bought()[:most]
    return reasons + [speaker.central(order, part) for order, part in bought]


class _Speaker(OrderWords):
    """Finds what binds and puts it into words."""

    def orders_left_out(self) -> list[int]:
        found = np.flatnonzero(self.plan.way == LEFT_OUT)
        dear = np.argsort(-self.orders.leave_out_usd[found], kind="stable")
        return [int(o) for o in found[dear]]

    def _late_days(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        way = self.plan.way
        days = self.orders.way_delivered_day[np.maximum(way, 0)].astype(np.int64)
        late: np.ndarray[tuple[int], np.dtype[np.int64]] = np.where(
            way >= 0, days - self.orders.due_day, 0
        )
        return late

    def orders_late(self) -> list[int]:
        late = self._late_days()
        found = np.flatnonzero(late > 0)
        return [int(o) for o in found[np.argsort(-late[found], kind="stable")]]

    def components_bought(self) -> list[tuple[int, int]]:
        parts = np.flatnonzero(self.plan.candidate == CENTRAL)
        first = self.orders.first_component
        orders = np.searchsorted(first, parts, side="right") - 1
        usd = self.candidates.central_usd[parts, 0]
        return [
            (int(orders[n]), int(parts[n])) for n in np.argsort(-usd, kind="stable")
        ]

    # -- what is told --------------------------------------------------------

    def central(self, order: int, part: int) -> Reason:
        goal = self.goal_of(int(self.plan.way[order]))
        bought = float(self.priced.central_cost[part, goal.slot])
        costs = [self.room.cost(k, goal.slot) for k in self.candidates_of(part)]
        reasons = [
            self.why_nobody(self.room, part, goal.slot, goal.day, straight=goal.hub < 0)
        ]
        free = self.open_sites(self.room, part, goal.slot, goal.day)
        if free:
            cheapest = self.room.cost(free[0], goal.slot)
            name = self.made.network.group_id[self.candidates.group[free[0]]]
            but = "but would cost" if cheapest >= bought else "for"
            text = f"{name} has room {but} {cheapest:.2f} USD"
            if cheapest < bought:
                text += ": the search did not find it"
            reasons.append(text)
            wish = self.price_break(part, free[0], bought, goal.slot)
            frees: tuple[str, ...] = (wish,) if wish else ()
        else:
            frees = tuple(self._frees(order, part, goal))
        words = "; ".join(filter(None, reasons))
        return Reason(
            "central",
            self.made.book.order_id[order],
            self.name(part),
            f"bought from the {self.made.network.central_name} for {bought:.2f} USD: "
            f"{words}",
            frees,
            bought - min(costs, default=0.0),
        )

    def _frees(self, order: int, part: int, goal: Goal) -> Iterator[str]:
        """Tell what would give a component that is bought a site of its own."""
        room, names = self.room, self.made.network.group_id
        hours = float(self.orders.assembly_hours[order])
        end = self.last_day_of(goal.hub)
        for more in range(1, min(MORE_DAYS, end - goal.day) + 1):
            day = goal.day + more
            if goal.hub >= 0 and room.hub_block(goal.hub, day, hours):
                continue
            if found := self.open_sites(room, part, goal.slot, day):
                group = names[self.candidates.group[found[0]]]
                yield f"{more_days(more)} (then {group} has room)"
                break
        missing = self.least_missing(room, part, goal.slot, goal.day)
        if missing is not None:
            yield missing[0]
        yield from self.other_materials(room, part, goal.day)

    def late(self, order: int) -> Reason:
        way, due = int(self.plan.way[order]), int(self.orders.due_day[order])
        days = int(self.orders.way_delivered_day[way]) - due
        room = self.room.without(order)
        words, frees = self.why_not(room, order, days)
        there = self.day(int(self.orders.way_delivered_day[way]))
        head = (
            f"{counted(days)} day{'s' if days > 1 else ''} late ({there}, due "
            f"{self.day(due)})"
        )
        return Reason(
            "late",
            self.made.book.order_id[order],
            None,
            f"{head}: {words}",
            frees,
            self.priced.weights.lateness_usd_per_day * days,
        )

    def left_out(self, order: int) -> Reason:
        words, frees = self.why_not(self.room, order)
        cost = float(self.orders.leave_out_usd[order])
        return Reason(
            "left_out",
            self.made.book.order_id[order],
            None,
            f"left out, at {cost:.2f} USD: {words}",
            frees,
            cost,
        )
