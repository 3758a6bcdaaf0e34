"""The bound by packings: each machine group takes what pays best, and no half parts.

Where every order has one way, its components are an assignment. Pay ``u_i`` for each
component to whoever makes it; the orders then pay the least of making and buying, and
each group packs its hours at best::

    L = sum_o min( l_o, f_o + hub price + sum_i min(d_i, u_i) )
        - sum_g best packing of g at (u_i - c_ik - energy and stock at their prices)
        - energy, stock and hub hours at their prices

It holds at any finite prices, and is seldom below the bound by hours.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nearmade.planning.assignment.bound import knapsack_bound
from nearmade.planning.assignment.problem import AssignmentProblem
from nearmade.planning.network.bound import capacity_value, day_prices
from nearmade.planning.network.plan import Prices
from nearmade.planning.network.problem import NO_LEG, Floats
from nearmade.planning.network.weights import PricedProblem
from nearmade.vocabulary.errors import InvalidInput


def assignment_of(
    priced: PricedProblem, prices: Prices
) -> tuple[AssignmentProblem, NDArray[np.intp]]:
    """Give the assignment of components to groups where every order has one way.

    Energy and stock are paid for in the candidates' costs. No component must be placed.

    Returns
    -------
    The assignment, and which of the problem's candidates its candidates are.

    Raises
    ------
    InvalidInput
        When an order has another number of ways than one.
    """
    problem = priced.problem
    orders, candidates = problem.orders, problem.candidates
    if not bool(np.all(np.diff(orders.first_way) == 1)):
        raise InvalidInput(
            "prices: component_usd holds only where every order has one way"
        )
    parts = len(candidates.first_candidate) - 1
    order_of = np.repeat(
        np.arange(len(orders.due_day)), np.diff(orders.first_component)
    )
    part_of = np.repeat(np.arange(parts), np.diff(candidates.first_candidate))
    candidate_order = order_of[part_of]
    slot = orders.way_slot[candidate_order].astype(np.intp)
    rows = np.arange(len(part_of))
    leg = candidates.leg_days[rows, slot].astype(np.int64)
    ready = orders.way_day[candidate_order] - 1 - leg
    ready = np.minimum(ready, problem.resources.group_hours.shape[1] - 1)
    open_rows = np.flatnonzero((leg != NO_LEG) & (ready >= 0))
    slot, ready = slot[open_rows], ready[open_rows]
    paid = day_prices(prices)
    group = candidates.group[open_rows]
    cost = (
        priced.making_cost[open_rows]
        + priced.leg_cost[open_rows, slot]
        + candidates.energy_wh[open_rows]
        * paid.energy_usd[problem.resources.group_site[group], ready]
        + candidates.stock_g[open_rows] * paid.stock_usd[candidates.stock[open_rows]]
    )
    counts = np.bincount(part_of[open_rows], minlength=parts)
    assignment = AssignmentProblem(
        item_first=np.concatenate([[0], np.cumsum(counts)]),
        candidate_agent=group.astype(np.int64),
        candidate_cost=cost,
        candidate_use=candidates.hours[open_rows],
        capacity=problem.resources.group_hours.cumsum(axis=1),
        candidate_day=ready.astype(np.int64),
    )
    return assignment, open_rows


def packing_bound(priced: PricedProblem, prices: Prices) -> float:
    """Give the bound by packings at ``prices.component_usd``. [USD]

    Raises
    ------
    InvalidInput
        When an order has another number of ways than one.
    """
    assignment, _ = assignment_of(priced, prices)
    worth = prices.component_usd
    packed = knapsack_bound(assignment, worth) - float(worth.sum())
    rest = replace(prices, hour_usd=np.zeros_like(prices.hour_usd))
    return (
        float(_order_costs(priced, prices).sum())
        + packed
        - capacity_value(priced.problem, rest)
    )


def _order_costs(priced: PricedProblem, prices: Prices) -> Floats:
    """Give what each order pays at least, its components at their worth."""
    orders, candidates = priced.problem.orders, priced.problem.candidates
    sizes = np.diff(orders.first_component)
    slot = np.repeat(orders.way_slot, sizes).astype(np.intp)
    day = np.repeat(orders.way_day, sizes)
    rows = np.arange(len(slot))
    there = candidates.central_days[rows, slot] <= day - 1
    central = np.where(there, priced.central_cost[rows, slot], np.inf)
    sums = np.concatenate([[0.0], np.cumsum(np.minimum(central, prices.component_usd))])
    parts = sums[orders.first_component[1:]] - sums[orders.first_component[:-1]]
    at_hub = np.maximum(orders.way_hub, 0)
    hub_usd = np.zeros(len(orders.way_hub))
    if len(prices.hub_usd):
        hub_usd = prices.hub_usd[at_hub, orders.way_day] * orders.assembly_hours
    hub_usd[orders.way_hub < 0] = 0.0
    least: Floats = np.minimum(orders.leave_out_usd, priced.way_cost + hub_usd + parts)
    return least


def better_bound(priced: PricedProblem, prices: Prices, by_hours: float) -> float:
    """Give the higher of the bound by hours and the bound by packings. [USD]"""
    return max(by_hours, packing_bound(priced, prices))
