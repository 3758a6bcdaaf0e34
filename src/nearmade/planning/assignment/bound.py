"""What no assignment can go below, at any prices of the items.

Pay ``u_i`` for item i to whoever takes it. Each agent then packs itself at best, and

    L(u) = sum_i min(u_i, leave_out_price_i) - sum_a best packing of a at (u_i - cost)

is at most the cost of every allowed assignment, whatever the prices: a certificate that
anybody can evaluate again. It is never below the bound of the linear relaxation at the
agents' prices that belong to it.

References
----------
M. L. Fisher, R. Jaikumar, L. N. Van Wassenhove, "A multiplier adjustment method for the
generalized assignment problem", Management Science 32 (1986),
doi:10.1287/mnsc.32.9.1095 (the relaxation).
"""

from __future__ import annotations

import numpy as np

from nearmade.planning.assignment.packing import WIDTH, Bench, bench_for, best_packing
from nearmade.planning.assignment.problem import (
    Arrays,
    AssignmentProblem,
    ByAgent,
    Floats,
    allowed,
    by_agent,
)
from nearmade.vocabulary.compiled import compiled


def knapsack_bound(
    problem: AssignmentProblem, item_price: Floats, *, width: int = WIDTH
) -> float:
    """Give a lower bound of every allowed assignment, at any finite prices.

    Parameters
    ----------
    problem
        What is to be assigned.
    item_price
        Price of each item, shape (N,), of any sign.
    width
        States kept in each agent's packing; fewer are faster and give a lower bound.
    """
    packings = Packings(problem, width)
    return packings.bound_at(np.ascontiguousarray(item_price, dtype=np.float64))


class Packings:
    """The best packings of all agents, evaluated again and again.

    Parameters
    ----------
    problem
        What is to be assigned.
    width
        States kept in each agent's packing.
    """

    def __init__(self, problem: AssignmentProblem, width: int = WIDTH) -> None:
        self.problem = problem
        self.columns = by_agent(problem)
        self.width = width
        most = int(np.diff(self.columns.first).max(initial=0))
        days = problem.capacity.shape[1]
        self._capacity = allowed(problem)
        self._bench = bench_for(most, days, width)
        self._value = np.zeros(problem.agents)
        #: Whether each candidate is packed (0 or 1), in the order of agents.
        self.packed = np.zeros(problem.candidates)
        #: Marginal worth of what each agent holds until each day, shape (A, D).
        self.agent_price = np.zeros_like(self._capacity)

    def bound_at(self, item_price: Floats) -> float:
        """Give the bound; leave the packings in ``packed``."""
        _pack_agents(
            self.columns,
            item_price,
            self._capacity,
            self._bench,
            self.width,
            self.packed,
            self._value,
            self.agent_price,
        )
        paid = np.minimum(item_price, self.problem.arrays.out_price)
        return float(paid.sum() - self._value.sum())


def item_price_at(problem: AssignmentProblem, agent_price: Floats) -> Floats:
    """Give the items' prices that belong to prices of the agents' capacity.

    Each item is worth its cheapest way: the least of cost plus priced use over its
    candidates, or leaving it out. The bound at these prices is not below that of the
    linear relaxation at ``agent_price``.

    Parameters
    ----------
    problem
        What is to be assigned.
    agent_price
        Price of a unit of each agent's capacity until each day, shape (A, D), not
        below zero; or of all its capacity, until the last day, shape (A,).
    """
    price = np.zeros_like(problem.capacity)
    given = np.asarray(agent_price, dtype=np.float64)
    if given.ndim == 1:
        price[:, -1] = given
    else:
        price[:] = given
    return cheapest_way(problem.arrays, use_price(price))


def use_price(agent_price: Floats) -> Floats:
    """Give the price of use on each day: of all capacities that it counts in."""
    return np.ascontiguousarray(np.cumsum(agent_price[:, ::-1], axis=1)[:, ::-1])


@compiled
def cheapest_way(arrays: Arrays, price: Floats) -> Floats:
    """Give each item's least cost plus priced use, at most that of leaving it out.

    Items without candidates that must be placed get price 0.
    """
    items = len(arrays.first) - 1
    least = np.empty(items)
    for item in range(items):
        best = arrays.out_price[item]
        for candidate in range(arrays.first[item], arrays.first[item + 1]):
            unit = price[arrays.agent[candidate], arrays.day[candidate]]
            way = arrays.cost[candidate] + unit * arrays.use[candidate]
            best = min(best, way)
        least[item] = best if best < np.inf else 0.0
    return least


@compiled
def _pack_agents(
    columns: ByAgent,
    item_price: Floats,
    capacity: Floats,
    bench: Bench,
    width: int,
    packed: Floats,
    value: Floats,
    agent_price: Floats,
) -> None:
    kept = np.empty(len(bench.value), np.int64)
    for agent in range(len(capacity)):
        holds = capacity[agent]
        count = 0
        for place in range(columns.first[agent], columns.first[agent + 1]):
            packed[place] = 0.0
            gain = item_price[columns.item[place]] - columns.cost[place]
            if gain > 0.0 and columns.use[place] <= holds[columns.day[place]]:
                bench.value[count] = gain
                bench.use[count] = columns.use[place]
                bench.day[count] = columns.day[place]
                kept[count] = place
                count += 1
        value[agent] = best_packing(bench, count, holds, width)
        for spot in range(count):
            packed[kept[spot]] = float(bench.taken[spot])
        for day in range(capacity.shape[1]):
            agent_price[agent, day] = bench.day_price[day]
