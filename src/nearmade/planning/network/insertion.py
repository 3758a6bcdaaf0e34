"""A new order finds its place at once, at current prices; others keep their promise.

The rule is an argmin: of all ways and candidates with room, the one that costs least
with hours, energy, stock and hub hours at their prices. Where the best machine is full,
one piece of work that has not begun there may move to another machine, if both together
cost less; its order keeps its hub and day, so what was promised to its customer stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nearmade.planning.network.bound import (
    DayPrices,
    OrderTable,
    PartTable,
    day_prices,
    lower_bound,
    order_table,
    part_table,
)
from nearmade.planning.network.evaluate import Usage, evaluate
from nearmade.planning.network.first_come import fits, pick, room_left, serve_one, take
from nearmade.planning.network.plan import CENTRAL, LEFT_OUT, NetworkPlan, Prices
from nearmade.planning.network.problem import NO_LEG, Floats, Ints
from nearmade.planning.network.weights import PricedProblem
from nearmade.vocabulary.compiled import compiled

#: A move must save more than this. [USD]
LEAST_SAVING = 1e-9
NOBODY = -1


class Floor(NamedTuple):
    """Where work stands now; changed in place.

    Parameters
    ----------
    room
        What is left of each resource.
    way, candidate
        Choices so far, shapes (O,) and (N,).
    slot, day
        Of each component's way, shape (N,), so that it may move; -1 where it has none.
    may_move
        Whether a component's work may still move, shape (N,).
    own_cost, other_cost
        What a component costs where it is, and what it costs outside its group at
        least, room or not; with hours at their prices, shape (N,). [USD]
    first_of
        A component in each group, shape (G,), or -1; ``after`` and ``before`` are its
        neighbours in the group, shape (N,).
    picks
        Room for the picks of one order.
    """

    room: Usage
    way: Ints
    candidate: Ints
    slot: Ints
    day: Ints
    may_move: NDArray[np.bool_]
    own_cost: Floats
    other_cost: Floats
    first_of: Ints
    after: Ints
    before: Ints
    picks: Ints


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an order was placed, and what that costs.

    Parameters
    ----------
    order
        Which order.
    way
        Its way, or ``LEFT_OUT``.
    candidates
        Candidate of each of its components, or ``CENTRAL``.
    price_usd
        Money for making, legs, assembly and what is bought: what can be promised. [USD]
    busy_usd
        What the hours, energy, stock and hub hours that it takes are worth to others
        at the current prices: "cheaper but busy" is told by this. [USD]
    delivered_day
        Day by whose end the customer has it; -1 where it is left out.
    """

    order: int
    way: int
    candidates: tuple[int, ...]
    price_usd: float
    busy_usd: float
    delivered_day: int


class Insertion:
    """Places orders one by one beside a plan.

    Parameters
    ----------
    priced
        The problem at its weights, with all orders that will come.
    prices
        Current prices, such as those of the last plan or a forecast.
    plan
        What stands already; nothing where not told.
    fixed
        Components whose machine may not change any more, such as what has begun; shape
        (N,). Where not told, all may move.
    moving
        Whether others may move to make room at all.
    """

    def __init__(
        self,
        priced: PricedProblem,
        prices: Prices,
        *,
        plan: NetworkPlan | None = None,
        fixed: NDArray[np.bool_] | None = None,
        moving: bool = True,
    ) -> None:
        self.priced, self.prices = priced, prices.of_resources()
        self._orders, self._parts = order_table(priced), part_table(priced)
        self._paid = day_prices(prices)
        orders = len(self._orders.leave_out_usd)
        parts = len(self._parts.first_candidate) - 1
        groups = len(priced.problem.resources.group_site)
        may_move = np.full(parts, moving)
        if fixed is not None:
            may_move &= ~fixed
        largest = int(np.diff(self._orders.first_component).max(initial=1))
        self._floor = Floor(
            room_left(priced.problem),
            np.full(orders, LEFT_OUT, np.int32),
            np.full(parts, LEFT_OUT, np.int32),
            np.full(parts, -1, np.int32),
            np.full(parts, -1, np.int32),
            may_move,
            np.zeros(parts),
            np.zeros(parts),
            np.full(groups, NOBODY, np.int32),
            np.full(parts, NOBODY, np.int32),
            np.full(parts, NOBODY, np.int32),
            np.zeros(largest, np.int32),
        )
        if plan is not None:
            way, candidate = plan.way.astype(np.int32), plan.candidate.astype(np.int32)
            _occupy(self._orders, self._parts, self._paid, self._floor, way, candidate)

    def insert(self, order: int) -> Placement:
        """Place one order; others may move, none loses its hub or day."""
        _insert(self._orders, self._parts, self._paid, self._floor, order)
        return self._placement(order)

    def insert_all(self, orders: Ints) -> None:
        """Place orders in the sequence given."""
        _insert_all(
            self._orders, self._parts, self._paid, self._floor, orders.astype(np.int32)
        )

    def plan(self) -> NetworkPlan:
        """Give all that stands now as a plan, with the bound that the prices prove."""
        way, candidate = self._floor.way.copy(), self._floor.candidate.copy()
        cost = evaluate(self.priced, way, candidate).terms.cost_usd
        bound = lower_bound(self.priced, self.prices)
        return NetworkPlan(way, candidate, self.prices, cost, bound)

    def _placement(self, order: int) -> Placement:
        problem = self.priced.problem
        orders, candidates = problem.orders, problem.candidates
        way = int(self._floor.way[order])
        first, end = orders.first_component[order : order + 2].tolist()
        chosen = self._floor.candidate[first:end].tolist()
        if way == LEFT_OUT:
            return Placement(order, way, tuple(chosen), 0.0, 0.0, -1)
        slot, day, hub = (
            int(orders.way_slot[way]),
            int(orders.way_day[way]),
            int(orders.way_hub[way]),
        )
        price, busy = float(orders.way_usd[way]), 0.0
        if hub >= 0:
            busy += float(orders.assembly_hours[order] * self._paid.hub_usd[hub, day])
        for part, k in zip(range(first, end), chosen, strict=True):
            if k == CENTRAL:
                price += float(candidates.central_usd[part, slot])
                continue
            price += float(candidates.making_usd[k])
            price += float(candidates.leg_usd[k, slot])
            busy += _paid_for(self._parts, self._paid, k, slot, day)
        delivered = int(orders.way_delivered_day[way])
        return Placement(order, way, tuple(chosen), price, busy, delivered)


@compiled
def _ready(parts: PartTable, room: Usage, k: int, slot: int, day: int) -> int:
    leg = parts.leg_days[k, slot]
    if leg == NO_LEG:
        return -1
    return int(min(day - 1 - leg, room.group_hours.shape[1] - 1))


@compiled
def _paid_for(
    parts: PartTable, prices: DayPrices, k: int, slot: int, day: int
) -> float:
    """Give what a candidate's hours, energy and stock cost at the prices."""
    ready = min(day - 1 - parts.leg_days[k, slot], prices.hour_usd.shape[1] - 1)
    cost = parts.hours[k] * prices.hour_usd[parts.group[k], ready]
    cost += parts.energy_wh[k] * prices.energy_usd[parts.site[k], ready]
    return float(cost + parts.stock_g[k] * prices.stock_usd[parts.stock[k]])


@compiled
def _priced_cost(
    parts: PartTable, prices: DayPrices, k: int, slot: int, day: int
) -> float:
    own = parts.making_cost[k] + parts.leg_cost[k, slot]
    return float(own + _paid_for(parts, prices, k, slot, day))


@compiled
def _put(parts: PartTable, prices: DayPrices, floor: Floor, i: int, k: int) -> None:
    """Give a component a candidate (or ``CENTRAL``), and take what it needs."""
    floor.candidate[i] = k
    if k < 0:
        return
    if floor.may_move[i]:
        slot, day = floor.slot[i], floor.day[i]
        floor.own_cost[i] = _priced_cost(parts, prices, k, slot, day)
        floor.other_cost[i] = _elsewhere(
            parts,
            prices,
            floor,
            i,
            parts.group[k],
            False,  # noqa: FBT003
        )[1]
    ready = _ready(parts, floor.room, k, floor.slot[i], floor.day[i])
    take(parts, floor.room, k, ready, 1.0)
    group = parts.group[k]
    follower = floor.first_of[group]
    floor.after[i], floor.before[i] = follower, NOBODY
    if follower != NOBODY:
        floor.before[follower] = i
    floor.first_of[group] = i


@compiled
def _lift(parts: PartTable, floor: Floor, i: int) -> None:
    """Take a component from its group, and give back what it needs."""
    k = floor.candidate[i]
    if k < 0:
        return
    ready = _ready(parts, floor.room, k, floor.slot[i], floor.day[i])
    take(parts, floor.room, k, ready, -1.0)
    before, after = floor.before[i], floor.after[i]
    if before != NOBODY:
        floor.after[before] = after
    else:
        floor.first_of[parts.group[k]] = after
    if after != NOBODY:
        floor.before[after] = before


@compiled
def _occupy(
    orders: OrderTable,
    parts: PartTable,
    prices: DayPrices,
    floor: Floor,
    way: Ints,
    candidate: Ints,
) -> None:
    """Take what a plan takes."""
    for o in range(len(way)):
        if way[o] >= 0:
            _open(orders, floor, o, way[o])
            first, end = orders.first_component[o], orders.first_component[o + 1]
            for i in range(first, end):
                _put(parts, prices, floor, i, candidate[i])


@compiled
def _open(orders: OrderTable, floor: Floor, o: int, w: int) -> None:
    """Give an order a way."""
    floor.way[o] = w
    hub, day = orders.way_hub[w], orders.way_day[w]
    if hub >= 0:
        floor.room.hub_hours[hub, day] -= orders.assembly_hours[o]
    for i in range(orders.first_component[o], orders.first_component[o + 1]):
        floor.slot[i], floor.day[i] = orders.way_slot[w], day


@compiled
def _elsewhere(
    parts: PartTable,
    prices: DayPrices,
    floor: Floor,
    j: int,
    group: int,
    with_room: bool,  # noqa: FBT001 - compiled functions take what they take in order
) -> tuple[int, float]:
    """Find the cheapest place for a component outside its group, with room or not."""
    slot, day = floor.slot[j], floor.day[j]
    best, best_cost = LEFT_OUT, np.inf
    if parts.central_days[j, slot] <= day - 1:
        best, best_cost = CENTRAL, parts.central_cost[j, slot]
    for k in range(parts.first_candidate[j], parts.first_candidate[j + 1]):
        if parts.group[k] == group:
            continue
        ready = _ready(parts, floor.room, k, slot, day)
        if ready < 0:
            continue
        cost = _priced_cost(parts, prices, k, slot, day)
        if cost >= best_cost:
            continue
        if not with_room or fits(parts, floor.room, k, ready):
            best, best_cost = k, cost
    return best, best_cost


@compiled
def _best_push(
    parts: PartTable, prices: DayPrices, floor: Floor, i: int, least: float
) -> tuple[int, int, int, float]:
    """Find a full candidate from which one other may move, if that saves.

    Returns
    -------
    The candidate, who moves, where to, and what both cost together.
    """
    slot, day, best_cost = floor.slot[i], floor.day[i], least - LEAST_SAVING
    best, mover, target = LEFT_OUT, NOBODY, LEFT_OUT
    for k in range(parts.first_candidate[i], parts.first_candidate[i + 1]):
        ready = _ready(parts, floor.room, k, slot, day)
        if ready < 0:
            continue
        own = _priced_cost(parts, prices, k, slot, day)
        if own >= best_cost or fits(parts, floor.room, k, ready):
            continue
        group = parts.group[k]
        j = floor.first_of[group]
        while j != NOBODY:
            spared = own - floor.own_cost[j]
            if floor.may_move[j] and spared + floor.other_cost[j] < best_cost:
                kj = floor.candidate[j]
                ready_j = _ready(parts, floor.room, kj, floor.slot[j], floor.day[j])
                take(parts, floor.room, kj, ready_j, -1.0)
                enough = fits(parts, floor.room, k, ready)
                take(parts, floor.room, kj, ready_j, 1.0)
                if enough:
                    to, cost = _elsewhere(
                        parts,
                        prices,
                        floor,
                        j,
                        group,
                        True,  # noqa: FBT003
                    )
                    if spared + cost < best_cost:
                        best, mover, target = k, j, to
                        best_cost = spared + cost
            j = floor.after[j]
    return best, mover, target, best_cost


@compiled
def _place(parts: PartTable, prices: DayPrices, floor: Floor, i: int) -> None:
    """Place one component: where there is room, or where one other makes room."""
    slot, day = floor.slot[i], floor.day[i]
    k, cost = pick(parts, prices, floor.room, i, slot, day, False)  # noqa: FBT003
    best, mover, target, _ = _best_push(parts, prices, floor, i, cost)
    if mover != NOBODY:
        was = floor.candidate[mover]
        _lift(parts, floor, mover)
        _put(parts, prices, floor, i, best)
        to = target
        ready = 0
        if to >= 0:
            ready = _ready(parts, floor.room, to, floor.slot[mover], floor.day[mover])
        if to < 0 or fits(parts, floor.room, to, ready):
            _put(parts, prices, floor, mover, to)
            return
        # Both draw on the same site's energy or stock: nothing moves after all.
        _lift(parts, floor, i)
        _put(parts, prices, floor, mover, was)
    _put(parts, prices, floor, i, k)


@compiled
def _insert(
    orders: OrderTable, parts: PartTable, prices: DayPrices, floor: Floor, o: int
) -> None:
    """Place one order: the best way as things stand, then each component."""
    if floor.way[o] != LEFT_OUT:
        return
    first, end = orders.first_component[o], orders.first_component[o + 1]
    w = serve_one(
        orders,
        parts,
        prices,
        floor.room,
        False,  # noqa: FBT003
        o,
        floor.candidate,
        floor.picks,
    )
    if w == LEFT_OUT:
        return
    hub, day, slot = orders.way_hub[w], orders.way_day[w], orders.way_slot[w]
    if hub >= 0:  # taken again by _open
        floor.room.hub_hours[hub, day] += orders.assembly_hours[o]
    for i in range(first, end):
        k = floor.candidate[i]
        if k >= 0:
            take(parts, floor.room, k, _ready(parts, floor.room, k, slot, day), -1.0)
        floor.candidate[i] = LEFT_OUT
    _open(orders, floor, o, w)
    for i in range(first, end):
        _place(parts, prices, floor, i)


@compiled
def _insert_all(
    orders: OrderTable, parts: PartTable, prices: DayPrices, floor: Floor, which: Ints
) -> None:
    for o in which:
        _insert(orders, parts, prices, floor, o)
