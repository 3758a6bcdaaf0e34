"""Ejection chains: an item moves and pushes out another, which finds a new place.

The search may go over a capacity at a charge per unit (``weight``), agent by agent. It
takes the first chain that pays. Chains are cut by the items' ways, which are costs plus
priced use: with ``way`` in place of cost, a choice is the dearer the more its agents
are over or have room left, so that a chain cannot gain more than its agents' slack and
what its items lose on their ways.

References
----------
M. Yagiura, T. Ibaraki, F. Glover, "An ejection chain approach for the generalized
assignment problem", INFORMS J. Computing 16 (2004), doi:10.1287/ijoc.1030.0036.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nearmade.planning.assignment.problem import LEFT_OUT, Arrays, Counts, Floats
from nearmade.planning.assignment.state import State, excess, insert, remove
from nearmade.vocabulary.compiled import compiled


class Guide(NamedTuple):
    """What steers the search.

    Parameters
    ----------
    way
        Cost plus priced use of each candidate, shape (M,); rising within an item.
    price
        Price of use at each agent, shape (A,).
    weight
        Charge per unit over the capacity of each agent, shape (A,).
    reach
        How much dearer a chain's ways may get beyond the slack that it meets; least
        gain for which a chain is made; factors of the weights after a descent that
        ends over capacity and after one that does not. Shape (4,).
    chain
        Working place: the items and candidates of the chain found, shape (2, 2).
    """

    way: Floats
    price: Floats
    weight: Floats
    reach: Floats
    chain: Counts


@compiled
def improve_item(arrays: Arrays, state: State, guide: Guide, item: int) -> int:
    """Make the first chain that starts at an item and pays; give its length, or 0."""
    old = state.chosen[item]
    before, slack = _slack_at(arrays, state, guide, old)
    length = _first_move(arrays, state, guide, item, slack, before)
    if length == 0:
        return 0
    for link in range(length):
        remove(arrays, state, guide.chain[link, 0])
    for link in range(length):
        insert(arrays, state, guide.chain[link, 0], guide.chain[link, 1])
    return length


@compiled
def _slack_at(
    arrays: Arrays, state: State, guide: Guide, candidate: int
) -> tuple[float, float]:
    """Give an agent's charge, and what its room or excess is worth."""
    if candidate < 0:
        return 0.0, 0.0
    agent = arrays.agent[candidate]
    over = -np.inf
    for until in range(arrays.capacity.shape[1]):
        over = max(over, state.load[agent, until] - arrays.capacity[agent, until])
    if over > 0.0:
        return guide.weight[agent] * over, (guide.weight[agent]) * over
    return 0.0, -guide.price[agent] * over


@compiled
def _charge(arrays: Arrays, state: State, guide: Guide, candidate: int) -> float:
    """Give what an agent pays for being over."""
    if candidate < 0:
        return 0.0
    agent = arrays.agent[candidate]
    return float(guide.weight[agent] * excess(arrays, state, agent, 0, 0.0))


@compiled
def _load(arrays: Arrays, state: State, candidate: int, sign: float) -> None:
    """Add or take the use of a candidate, on the load only."""
    if candidate < 0:
        return
    for until in range(arrays.day[candidate], arrays.capacity.shape[1]):
        state.load[arrays.agent[candidate], until] += sign * arrays.use[candidate]


@compiled
def _cost(arrays: Arrays, item: int, candidate: int) -> float:
    return float(arrays.cost[candidate] if candidate >= 0 else arrays.out_price[item])


@compiled
def _way(arrays: Arrays, guide: Guide, item: int, candidate: int) -> float:
    return float(guide.way[candidate] if candidate >= 0 else arrays.out_price[item])


@compiled
def _first_move(
    arrays: Arrays,
    state: State,
    guide: Guide,
    item: int,
    slack: float,
    before: float,
) -> int:
    """Look for a chain whose first link moves this item; give its length or 0."""
    old = state.chosen[item]
    _load(arrays, state, old, -1.0)
    gained = _charge(arrays, state, guide, old) - before - _cost(arrays, item, old)
    length = 0
    end = arrays.first[item + 1]
    for place in range(arrays.first[item], end + 1):
        new = place if place < end else LEFT_OUT
        dearer = _way(arrays, guide, item, new) - _way(arrays, guide, item, old)
        if new == old or dearer > slack + guide.reach[0]:
            continue
        charge, room = _slack_at(arrays, state, guide, new)
        if dearer > slack + room + guide.reach[0]:
            continue
        _load(arrays, state, new, 1.0)
        after = _charge(arrays, state, guide, new)
        change = gained + _cost(arrays, item, new) + after - charge
        guide.chain[0, 0], guide.chain[0, 1] = item, new
        if change < -guide.reach[1]:
            length = 1
        elif new >= 0:
            length = _push(arrays, state, guide, change, dearer, slack + room)
        _load(arrays, state, new, -1.0)
        if length:
            break
    _load(arrays, state, old, 1.0)
    return length


@compiled
def _push(
    arrays: Arrays,
    state: State,
    guide: Guide,
    change: float,
    dearer: float,
    slack: float,
) -> int:
    """Look for a member to push out where the link before went."""
    agent = arrays.agent[guide.chain[0, 1]]
    start = state.member_first[agent]
    for spot in range(state.members[agent]):
        other = state.member[start + spot]
        if other == guide.chain[0, 0]:
            continue
        length = _push_out(arrays, state, guide, other, change, dearer, slack)
        if length:
            return length
    return 0


@compiled
def _push_out(
    arrays: Arrays,
    state: State,
    guide: Guide,
    item: int,
    change: float,
    dearer: float,
    slack: float,
) -> int:
    """Look for the new place of a member that is pushed out."""
    old = state.chosen[item]
    dearer -= _way(arrays, guide, item, old)
    limit = slack + guide.reach[0]
    first, end = arrays.first[item], arrays.first[item + 1]
    if dearer + min(guide.way[first], arrays.out_price[item]) > limit:
        return 0
    change -= _charge(arrays, state, guide, old) + _cost(arrays, item, old)
    _load(arrays, state, old, -1.0)
    change += _charge(arrays, state, guide, old)
    length = 0
    for place in range(first, end + 1):
        new = place if place < end else LEFT_OUT
        ways = dearer + _way(arrays, guide, item, new)
        if ways > limit:
            continue
        if new == old:
            continue
        charge = _charge(arrays, state, guide, new)
        _load(arrays, state, new, 1.0)
        total = change - charge + _charge(arrays, state, guide, new)
        total += _cost(arrays, item, new)
        guide.chain[1, 0], guide.chain[1, 1] = item, new
        if total < -guide.reach[1]:
            length = 2
        _load(arrays, state, new, -1.0)
        if length:
            break
    _load(arrays, state, old, 1.0)
    return length
