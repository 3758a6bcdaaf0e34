"""Why an order is not there in time or not at all, and what would change that.

Each of an order's ways, a hub on a day, is looked at for what is in the way of it. The
one that least is in the way of is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from nearmade.planning.network.arrays import DAYS_AFTER
from nearmade.planning.network.part_words import PartWords
from nearmade.planning.network.plan import CENTRAL, LEFT_OUT
from nearmade.planning.network.plan_words import (
    counted,
    day_span,
    listed,
    more_days,
    more_time,
)
from nearmade.planning.network.room import Block, Room

#: So many more days are tried.
MORE_DAYS: Final = 7
#: What is told as one wish consists of at most so many.
MOST_WISHES: Final = 4
#: Costs that differ by less are alike. [USD]
_ALIKE_USD: Final = 0.005
#: What a hub is on a day that an order cannot have.
_AT_HUB: Final = {
    "hours": "full",
    "closed": "closed",
    "brief": "open for too few hours",
}


class Goal(NamedTuple):
    """One way to fulfil an order, as it is or as it would be on another day."""

    hub: int
    slot: int
    day: int
    delivered_day: int


@dataclass(frozen=True, slots=True)
class Hindrance:
    """What is in the way of a goal.

    Parameters
    ----------
    goal
        Hub and day.
    at_hub
        Why the hub cannot take it; empty where it can.
    blocked
        Components that no site, and no central factory, has ready for it.
    together
        Whether each component finds a site, but not all of them at once.
    usd
        What the components would cost; infinite where something is in the way. [USD]
    """

    goal: Goal
    at_hub: Block
    blocked: tuple[int, ...]
    together: bool
    usd: float

    @property
    def count(self) -> int:
        """How many things are in the way."""
        return bool(self.at_hub) + len(self.blocked) + self.together


class OrderWords(PartWords):
    """Speaks of orders: what is in the way of each of their ways."""

    def why_not(
        self, room: Room, order: int, late_days: int = 0
    ) -> tuple[str, tuple[str, ...]]:
        """Tell why an order's ways are not taken; of a late order, those in time.

        Parameters
        ----------
        room
            What is left beside all others.
        order
            Of which it is asked.
        late_days
            By how many it is late; zero where it is left out.

        Returns
        -------
        The reason, and what would change it, most useful first.
        """
        goals, lead = [*self._goals(order)], ""
        limit = max((goal.delivered_day for goal in goals), default=0)
        if late_days:
            due = int(self.orders.due_day[order])
            in_time = [goal for goal in goals if goal.delivered_day <= due]
            limit = due
            if not in_time:
                soonest = min(goals, key=lambda goal: goal.delivered_day)
                lead, limit = self._soonest(soonest), soonest.delivered_day
                if limit == due + late_days:
                    return lead, ()
                in_time = [goal for goal in goals if goal.delivered_day <= limit]
            goals = in_time
        if not goals:
            return f"{lead}no day of assembly is open to it", ()
        found = [self._hindrance(room, order, goal) for goal in goals]
        words, frees = self._told(room, order, found)
        if all(one.count for one in found):
            last = int(self.orders.due_day[order]) + late_days if late_days else None
            frees = (*self._more_days(room, order, limit, last), *frees)
        return "; ".join(filter(None, (lead, words))), frees

    def _goals(self, order: int) -> Iterator[Goal]:
        orders = self.orders
        first, end = orders.first_way[order : order + 2].tolist()
        for w in range(first, end):
            yield self.goal_of(w)

    def goal_of(self, way: int) -> Goal:
        """Give hub and day of a way."""
        orders = self.orders
        return Goal(
            int(orders.way_hub[way]),
            int(orders.way_slot[way]),
            int(orders.way_day[way]),
            int(orders.way_delivered_day[way]),
        )

    def last_day_of(self, hub: int) -> int:
        """Give the last day of assembly at a hub; of handing over, where there is none.

        Without a hub a way's day is the day after the last component is there.
        """
        if hub < 0:
            last: int = self.room.last_day + DAYS_AFTER
            return last
        days: int = self.priced.problem.resources.hub_hours.shape[1]
        return days - 1

    def _place(self, goal: Goal) -> str:
        return f"at {self.made.network.hub_id[goal.hub]} " if goal.hub >= 0 else ""

    def _soonest(self, goal: Goal) -> str:
        """Tell when it can be there at all."""
        if goal.hub < 0:
            return f"it cannot be there before {self.day(goal.delivered_day)}"
        days = goal.delivered_day - goal.day
        leg = f"{counted(days)} day{'s' if days > 1 else ''}" if days else "no day"
        return (
            f"it cannot be there before {self.day(goal.delivered_day)}: assembly "
            f"{self._place(goal)}on {self.day(goal.day)} at the soonest, and {leg} to "
            "its customer"
        )

    # -- what is in the way ----------------------------------------------------

    def _hindrance(self, room: Room, order: int, goal: Goal) -> Hindrance:
        hours = float(self.orders.assembly_hours[order])
        at_hub: Block = ""
        if goal.hub >= 0:
            at_hub = room.hub_block(goal.hub, goal.day, hours)
        blocked, choices = [], []
        for part in self.parts_of(order):
            bought = self._bought_usd(part, goal)
            sites = self.open_sites(room, part, goal.slot, goal.day)
            if not sites and not np.isfinite(bought):
                blocked.append(part)
            choices.append((len(sites), bought, sites))
        if blocked or at_hub:
            return Hindrance(goal, at_hub, tuple(blocked), together=False, usd=np.inf)
        usd = self._all_at_once(room, goal, sorted(choices, key=lambda one: one[:2]))
        return Hindrance(goal, at_hub, (), together=not np.isfinite(usd), usd=usd)

    def _bought_usd(self, part: int, goal: Goal) -> float:
        """Give what it costs to buy a component in time; infinite where nobody can."""
        if self.candidates.central_days[part, goal.slot] > goal.day - 1:
            return np.inf
        return float(self.priced.central_cost[part, goal.slot])

    def _all_at_once(
        self, room: Room, goal: Goal, choices: Iterable[tuple[int, float, list[int]]]
    ) -> float:
        """Give what all components cost together, each where it is cheapest. [USD]

        Those with the fewest sites choose first; infinite where one is then left.
        """
        beside, total = room.copy(), 0.0
        for _, bought, sites in choices:
            free = next(
                (k for k in sites if not beside.block(k, goal.slot, goal.day)), None
            )
            cost = np.inf if free is None else beside.cost(free, goal.slot)
            if free is not None and cost <= bought:
                beside.take(free, goal.slot, goal.day)
            total += min(cost, bought)
        return total

    # -- what is told ----------------------------------------------------------

    def _told(
        self, room: Room, order: int, found: list[Hindrance]
    ) -> tuple[str, tuple[str, ...]]:
        open_ways = [one for one in found if not one.count]
        if open_ways:
            return self._dearer(order, open_ways)
        least = min(found, key=lambda one: (one.count, -one.goal.day))
        hubs = self._hubs(found)
        goal, slot, day = least.goal, least.goal.slot, least.goal.day
        several = len({one.goal.hub for one in found}) > 1
        where = self._place(goal) if several and hubs else ""
        if least.together:
            words = (
                f"{where}on {self.day(day)} each of its components finds a site, but "
                "not all at once"
            )
            return "; ".join([*hubs, words]), ()
        if not least.blocked:
            words = f"{self._at(goal)} all its components could be there"
            told = [*hubs, words] if several or len(found) > 1 else hubs
            return "; ".join(told), (self._hub_wish(room, order, goal),)
        first, *others = least.blocked
        words = f"{where}{self.name(first)} finds no site: " + self.why_nobody(
            room, first, slot, day, straight=goal.hub < 0
        )
        if others:
            verb = "finds" if len(others) == 1 else "find"
            words += f"; {listed([*map(self.name, others)])} {verb} none either"
        return "; ".join([*hubs, words]), self._wishes(room, order, least)

    def _at(self, goal: Goal) -> str:
        return f"{self._place(goal)}on {self.day(goal.day)}"

    def _hubs(self, found: list[Hindrance]) -> list[str]:
        """Tell which hubs cannot take it on which days."""
        network = self.made.network
        days: dict[tuple[int, Block], list[int]] = {}
        for one in found:
            if one.at_hub:
                days.setdefault((one.goal.hub, one.at_hub), []).append(one.goal.day)
        return [
            f"{network.hub_id[hub]} is {_AT_HUB[block]} on "
            f"{day_span(when, self.starts)}"
            for (hub, block), when in days.items()
        ]

    def _dearer(
        self, order: int, open_ways: list[Hindrance]
    ) -> tuple[str, tuple[str, ...]]:
        """Tell what the cheapest way with room would cost beside what it costs now."""
        costs = [one.usd + self._way_usd(order, one.goal) for one in open_ways]
        best = int(np.argmin(costs))
        more = costs[best] - self._now_usd(order)
        there = f"there is room {self._at(open_ways[best].goal)}"
        if more > _ALIKE_USD:
            return f"{there}, but it would cost {more:.2f} USD more", ()
        if more < -_ALIKE_USD:
            words = f"{there} for {-more:.2f} USD less: the search did not find it"
            return words, ("a longer search",)
        return f"{there} at the same cost", ()

    def _way_usd(self, order: int, goal: Goal) -> float:
        first, end = self.orders.first_way[order : order + 2].tolist()
        way = next(w for w in range(first, end) if self.goal_of(w) == goal)
        return float(self.priced.way_cost[way])

    def _now_usd(self, order: int) -> float:
        """Give what an order costs in the plan. [USD]"""
        way = int(self.plan.way[order])
        if way == LEFT_OUT:
            return float(self.orders.leave_out_usd[order])
        slot, total = int(self.orders.way_slot[way]), float(self.priced.way_cost[way])
        for part in self.parts_of(order):
            k = int(self.plan.candidate[part])
            bought = float(self.priced.central_cost[part, slot])
            total += bought if k == CENTRAL else self.room.cost(k, slot)
        return total

    # -- what frees it ---------------------------------------------------------

    def _wishes(self, room: Room, order: int, least: Hindrance) -> tuple[str, ...]:
        """Tell what more of everything that is in the way would do, as one wish."""
        goal, wishes = least.goal, []
        groups: list[int] = []
        if least.at_hub:
            wishes.append(self._hub_wish(room, order, goal))
        for part in least.blocked:
            missing = self.least_missing(room, part, goal.slot, goal.day, groups)
            if missing is None:
                break
            wishes.append(missing[0])
            groups.append(missing[1])
        whole = len(groups) == len(least.blocked)
        told = [listed(wishes)] if whole and len(wishes) <= MOST_WISHES else []
        if least.count == 1:
            told += self.other_materials(room, least.blocked[0], goal.day)
        return tuple(told)

    def _hub_wish(self, room: Room, order: int, goal: Goal) -> str:
        network = self.made.network
        short = float(self.orders.assembly_hours[order])
        short -= room.hub_left(goal.hub, goal.day)
        price = float(network.hub_usd_per_hour[goal.hub])
        return f"{more_time(short)} {self._at(goal)} ({price:.2f} USD an hour)"

    def _more_days(
        self, room: Room, order: int, limit: int, last: int | None
    ) -> Iterator[str]:
        """Tell after how many more days there would be room for it.

        Parameters
        ----------
        limit
            Last day by whose end it was looked for.
        last
            Day on which a late order comes; it is offered fewer days than that.
        """
        ends = {goal.hub: goal for goal in self._goals(order)}
        most = MORE_DAYS if last is None else min(MORE_DAYS, last - limit - 1)
        for more in range(1, most + 1):
            for goal in ends.values():
                day = goal.day + limit + more - goal.delivered_day
                if not 1 <= day <= self.last_day_of(goal.hub):
                    continue
                later = Goal(goal.hub, goal.slot, day, limit + more)
                if not self._hindrance(room, order, later).count:
                    yield f"{more_days(more)} (then there is room {self._at(later)})"
                    return
