"""A first choice: each item at its cheapest candidate that has room, at the prices."""

from __future__ import annotations

import numpy as np

from nearmade.planning.assignment.bound import use_price
from nearmade.planning.assignment.problem import (
    LEFT_OUT,
    Arrays,
    AssignmentProblem,
    Counts,
    Floats,
    allowed,
)
from nearmade.vocabulary.compiled import compiled


def construct(problem: AssignmentProblem, agent_price: Floats) -> Counts:
    """Give a choice that keeps every capacity; some items may stay without an agent.

    The items that lose most by not getting their cheapest way choose first.

    Parameters
    ----------
    problem
        What is to be assigned.
    agent_price
        Price of each capacity, shape (A, D); all zero gives the plain greedy choice.
    """
    arrays = problem.arrays._replace(capacity=allowed(problem))
    price = use_price(agent_price)
    order = np.argsort(-_regrets(arrays, price), kind="stable")
    return place_in_order(arrays, price, order)


@compiled
def place_in_order(arrays: Arrays, price: Floats, order: Counts) -> Counts:
    """Let the items choose in this order among the agents that have room."""
    agents, days = arrays.capacity.shape
    load = np.zeros((agents, days))
    chosen = np.full(len(order), LEFT_OUT, np.int64)
    for item in order:
        best, choice = arrays.out_price[item], LEFT_OUT
        for candidate in range(arrays.first[item], arrays.first[item + 1]):
            agent, day = arrays.agent[candidate], arrays.day[candidate]
            way = arrays.cost[candidate] + price[agent, day] * arrays.use[candidate]
            if way < best and _fits(arrays, load[agent], candidate):
                best, choice = way, candidate
        chosen[item] = choice
        if choice >= 0:
            for until in range(arrays.day[choice], days):
                load[arrays.agent[choice], until] += arrays.use[choice]
    return chosen


@compiled
def _fits(arrays: Arrays, load: Floats, candidate: int) -> bool:
    agent = arrays.agent[candidate]
    for until in range(arrays.day[candidate], len(load)):
        if load[until] + arrays.use[candidate] > arrays.capacity[agent, until]:
            return False
    return True


@compiled
def _regrets(arrays: Arrays, price: Floats) -> Floats:
    """Give how much dearer the second cheapest way of each item is."""
    items = len(arrays.first) - 1
    regret = np.zeros(items)
    for item in range(items):
        least, second = arrays.out_price[item], np.inf
        for candidate in range(arrays.first[item], arrays.first[item + 1]):
            unit = price[arrays.agent[candidate], arrays.day[candidate]]
            way = arrays.cost[candidate] + unit * arrays.use[candidate]
            if way < least:
                least, second = way, least
            elif way < second:
                second = way
        regret[item] = second - least if second < np.inf else 1e300
    return regret
