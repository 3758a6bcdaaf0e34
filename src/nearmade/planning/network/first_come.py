"""First come, first served, at the cheapest or the nearest place with room.

What is done today without a planner, and the baseline that plans are compared with:
orders in their own sequence, each once, with no look at those that follow.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

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
from nearmade.planning.network.plan import CENTRAL, LEFT_OUT, NetworkPlan, Prices
from nearmade.planning.network.problem import NO_LEG, Ints, NetworkProblem
from nearmade.planning.network.verify import STATED_TOLERANCE
from nearmade.planning.network.weights import PricedProblem
from nearmade.vocabulary.compiled import compiled

Rule = Literal["nearest", "cheapest"]

#: Sums of numbers that fill a limit exactly may pass it by so much; far below what
#: ``evaluate`` allows.
SLACK = 1e-12


def first_come(priced: PricedProblem, *, rule: Rule = "nearest") -> NetworkPlan:
    """Serve orders one after the other, without prices.

    Parameters
    ----------
    priced
        The problem at its weights.
    rule
        ``nearest``: each component to the site with the cheapest leg that has room;
        ``cheapest``: to the one with the least cost that has room. Either way a
        component is bought where that costs less than making it there.
    """
    prices = Prices.zero(priced.problem)
    way, candidate = serve(priced, prices, by_leg=rule == "nearest")
    cost = evaluate(priced, way, candidate).terms.cost_usd
    return NetworkPlan(way, candidate, prices, cost, lower_bound(priced, prices))


def beside(priced: PricedProblem) -> dict[str, NetworkPlan]:
    """Give what is done without a planner, by the name that plan records tell it by."""
    return {
        "first_come_nearest_usd": first_come(priced, rule="nearest"),
        "first_come_cheapest_usd": first_come(priced, rule="cheapest"),
    }


def beside_faults(stated: object, priced: PricedProblem) -> list[str]:
    """Name what a record says of simpler plans and is not so."""
    if not isinstance(stated, dict) or not stated:
        return []
    true = {name: plan.cost_usd for name, plan in beside(priced).items()}
    faults = [f"beside: {name!r} is not told" for name in stated if name not in true]
    for name, usd in true.items():
        told = stated.get(name)
        if isinstance(told, bool) or not isinstance(told, int | float):
            told = np.nan
        if not abs(told - usd) <= STATED_TOLERANCE * max(1.0, abs(usd)):
            faults.append(f"beside.{name}: stated {told} USD, it is {usd:.4f} USD")
    return faults


def serve(
    priced: PricedProblem, prices: Prices, *, by_leg: bool = False
) -> tuple[Ints, Ints]:
    """Serve orders one after the other at given prices: their ways and candidates."""
    orders = order_table(priced)
    room = room_left(priced.problem)
    way = np.full(len(orders.leave_out_usd), LEFT_OUT, np.int32)
    parts = len(priced.problem.candidates.first_candidate) - 1
    candidate = np.full(parts, LEFT_OUT, np.int32)
    largest = int(np.diff(orders.first_component).max(initial=1))
    _serve_all(
        orders,
        part_table(priced),
        day_prices(prices),
        room,
        by_leg,
        way,
        candidate,
        np.zeros(largest, np.int32),
    )
    return way, candidate


def room_left(problem: NetworkProblem) -> Usage:
    """Give what there is of each resource, up to each day, before anything is used."""
    resources = problem.resources
    return Usage(
        resources.group_hours.cumsum(axis=1) * (1 + SLACK) + SLACK,
        resources.site_energy_wh.cumsum(axis=1) * (1 + SLACK) + SLACK,
        resources.stock_g * (1 + SLACK) + SLACK,
        resources.hub_hours * (1 + SLACK) + SLACK,
    )


@compiled
def fits(parts: PartTable, room: Usage, k: int, ready: int) -> bool:
    """Whether a candidate that is ready on a day finds all that it needs."""
    group, site = parts.group[k], parts.site[k]
    for t in range(ready, room.group_hours.shape[1]):
        if room.group_hours[group, t] < parts.hours[k]:
            return False
        if room.site_energy_wh[site, t] < parts.energy_wh[k]:
            return False
    stock = parts.stock[k]
    return bool(stock < 0 or room.stock_g[stock] >= parts.stock_g[k])


@compiled
def take(parts: PartTable, room: Usage, k: int, ready: int, times: float) -> None:
    """Take what a candidate needs (``times`` 1) or give it back (-1)."""
    group, site = parts.group[k], parts.site[k]
    for t in range(ready, room.group_hours.shape[1]):
        room.group_hours[group, t] -= times * parts.hours[k]
        room.site_energy_wh[site, t] -= times * parts.energy_wh[k]
    if parts.stock[k] >= 0:
        room.stock_g[parts.stock[k]] -= times * parts.stock_g[k]


@compiled
def pick(
    parts: PartTable,
    prices: DayPrices,
    room: Usage,
    component: int,
    slot: int,
    day: int,
    by_leg: bool,  # noqa: FBT001 - compiled functions take what they take in order
) -> tuple[int, float]:
    """Find the best candidate with room under a way: which one, and its priced cost.

    ``CENTRAL`` where that is cheaper; infinite cost where nothing is to be had.
    """
    best, best_cost, best_rank = LEFT_OUT, np.inf, np.inf
    last_day = prices.hour_usd.shape[1] - 1
    first = parts.first_candidate[component]
    for k in range(first, parts.first_candidate[component + 1]):
        leg = parts.leg_days[k, slot]
        ready = min(day - 1 - leg, last_day)
        if leg == NO_LEG or ready < 0:
            continue
        cost = parts.making_cost[k] + parts.leg_cost[k, slot]
        cost += parts.hours[k] * prices.hour_usd[parts.group[k], ready]
        cost += parts.energy_wh[k] * prices.energy_usd[parts.site[k], ready]
        cost += parts.stock_g[k] * prices.stock_usd[parts.stock[k]]
        rank = float(parts.carriage_cost[k, slot]) if by_leg else cost
        if rank < best_rank and fits(parts, room, k, ready):
            best, best_cost, best_rank = k, cost, rank
    if parts.central_days[component, slot] <= day - 1:
        bought = parts.central_cost[component, slot]
        if bought < best_cost:
            best, best_cost = CENTRAL, bought
    return best, best_cost


@compiled
def _try_way(
    orders: OrderTable,
    parts: PartTable,
    prices: DayPrices,
    room: Usage,
    by_leg: bool,  # noqa: FBT001
    o: int,
    w: int,
    picks: Ints,
) -> float:
    """Place an order's components under a way: the cost, infinite where it fails.

    What was taken stays taken; ``_give_back`` undoes it.
    """
    hub, day, slot = orders.way_hub[w], orders.way_day[w], orders.way_slot[w]
    cost = float(orders.way_cost[w])
    if hub >= 0:
        if room.hub_hours[hub, day] < orders.assembly_hours[o]:
            return np.inf
        cost += orders.assembly_hours[o] * prices.hub_usd[hub, day]
    last_day = room.group_hours.shape[1] - 1
    first = orders.first_component[o]
    for i in range(first, orders.first_component[o + 1]):
        k, paid = pick(parts, prices, room, i, slot, day, by_leg)
        picks[i - first] = k
        cost += paid
        if k >= 0:
            ready = min(day - 1 - parts.leg_days[k, slot], last_day)
            take(parts, room, k, ready, 1.0)
    return cost


@compiled
def _take_order(
    orders: OrderTable,
    parts: PartTable,
    room: Usage,
    o: int,
    w: int,
    picks: Ints,
    times: float,
) -> None:
    slot, day = orders.way_slot[w], orders.way_day[w]
    last_day = room.group_hours.shape[1] - 1
    for n in range(orders.first_component[o + 1] - orders.first_component[o]):
        k = picks[n]
        if k >= 0:
            ready = min(day - 1 - parts.leg_days[k, slot], last_day)
            take(parts, room, k, ready, times)


@compiled
def serve_one(
    orders: OrderTable,
    parts: PartTable,
    prices: DayPrices,
    room: Usage,
    by_leg: bool,  # noqa: FBT001
    o: int,
    candidate: Ints,
    picks: Ints,
) -> int:
    """Place one order where it costs least now; give its way, and take what it uses.

    ``candidate`` is filled in for the order's components; ``picks`` is room for them.
    """
    best_way, best_cost = LEFT_OUT, orders.leave_out_usd[o]
    first, end = orders.first_component[o], orders.first_component[o + 1]
    for w in range(orders.first_way[o], orders.first_way[o + 1]):
        hub, day = orders.way_hub[w], orders.way_day[w]
        if hub >= 0 and room.hub_hours[hub, day] < orders.assembly_hours[o]:
            continue
        picks[: end - first] = LEFT_OUT
        cost = _try_way(orders, parts, prices, room, by_leg, o, w, picks)
        _take_order(orders, parts, room, o, w, picks, -1.0)
        if cost < best_cost:
            best_way, best_cost = w, cost
            candidate[first:end] = picks[: end - first]
    if best_way != LEFT_OUT:
        picks[: end - first] = candidate[first:end]
        _take_order(orders, parts, room, o, best_way, picks, 1.0)
        hub, day = orders.way_hub[best_way], orders.way_day[best_way]
        if hub >= 0:
            room.hub_hours[hub, day] -= orders.assembly_hours[o]
    return best_way


@compiled
def _serve_all(
    orders: OrderTable,
    parts: PartTable,
    prices: DayPrices,
    room: Usage,
    by_leg: bool,  # noqa: FBT001
    way: Ints,
    candidate: Ints,
    picks: Ints,
) -> None:
    for o in range(len(way)):
        way[o] = serve_one(orders, parts, prices, room, by_leg, o, candidate, picks)
