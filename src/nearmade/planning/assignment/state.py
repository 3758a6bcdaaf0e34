"""Where a search stands: who holds what, kept up to date by every move."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nearmade.planning.assignment.problem import (
    LEFT_OUT,
    TOLERANCE,
    Arrays,
    AssignmentProblem,
    Counts,
    Floats,
)
from nearmade.vocabulary.compiled import compiled

#: Charged for leaving out an item that must be placed, times the greatest cost.
_MUST = 1000.0

#: Places in ``figures``.
COST, OVERLOADED, BEST = 0, 1, 2


class State(NamedTuple):
    """A choice with all that a move needs.

    ``member`` lists the items of each agent from ``member_first[agent]`` on, ``spot``
    says where in it an item stands. ``figures`` holds the cost of the choice, the
    number of agents over their capacity, and the cost of ``best``, which is the best
    allowed choice seen.
    """

    chosen: Counts
    load: Floats
    member_first: Counts
    member: Counts
    members: Counts
    spot: Counts
    best: Counts
    figures: Floats
    chance: NDArray[np.uint64]


def searchable(problem: AssignmentProblem) -> Arrays:
    """Give the problem with finite prices of leaving out and a little more room.

    Half of the tolerance, so that the search's sums may stray by the other half.
    """
    arrays = problem.arrays
    dearest = _MUST * (1.0 + np.abs(arrays.cost).max(initial=0.0))
    price = np.where(np.isfinite(arrays.out_price), arrays.out_price, dearest)
    room = arrays.capacity + 0.5 * TOLERANCE * np.maximum(1.0, arrays.capacity)
    return arrays._replace(out_price=price, capacity=room)


def state_of(problem: AssignmentProblem, chosen: Counts, seed: int) -> State:
    """Give the state of a choice, allowed or not."""
    arrays = searchable(problem)
    first = np.zeros(problem.agents + 1, np.int64)
    np.cumsum(np.bincount(arrays.agent, minlength=problem.agents), out=first[1:])
    state = State(
        chosen.astype(np.int64),
        np.zeros_like(problem.capacity),
        first,
        np.empty(problem.candidates, np.int64),
        np.zeros(problem.agents, np.int64),
        np.zeros(problem.items, np.int64),
        chosen.astype(np.int64),
        np.array([0.0, 0.0, np.inf]),
        np.array([seed], dtype=np.uint64),
    )
    seat(arrays, state)
    return state


@compiled
def seat(arrays: Arrays, state: State) -> None:
    """Fill loads, lists of members and figures from the choice."""
    cost = 0.0
    state.load[:] = 0.0
    state.members[:] = 0
    for item in range(len(state.chosen)):
        candidate = state.chosen[item]
        if candidate < 0:
            cost += arrays.out_price[item]
            continue
        cost += arrays.cost[candidate]
        agent = arrays.agent[candidate]
        state.spot[item] = state.members[agent]
        state.member[state.member_first[agent] + state.members[agent]] = item
        state.members[agent] += 1
        for until in range(arrays.day[candidate], arrays.capacity.shape[1]):
            state.load[agent, until] += arrays.use[candidate]
    over = 0
    for agent in range(len(state.members)):
        over += int(excess(arrays, state, agent, 0, 0.0) > 0.0)
    state.figures[COST], state.figures[OVERLOADED] = cost, over
    note_best(state)


@compiled
def note_best(state: State) -> None:
    """Keep the choice when it is allowed and better than the best."""
    cost, best = state.figures[COST], state.figures[BEST]
    if state.figures[OVERLOADED] == 0 and cost < best - 1e-9 * (1.0 + abs(cost)):
        state.figures[BEST] = cost
        state.best[:] = state.chosen


@compiled
def next_chance(state: State) -> float:
    """Give the next number of the sequence, in 0..1 without 1.

    References
    ----------
    G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators",
    OOPSLA 2014, doi:10.1145/2660193.2660195 (SplitMix64).
    """
    state.chance[0] += np.uint64(0x9E3779B97F4A7C15)
    mixed = state.chance[0]
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed = mixed ^ (mixed >> np.uint64(31))
    return float(mixed >> np.uint64(11)) * 2.0**-53


@compiled
def excess(arrays: Arrays, state: State, agent: int, day: int, extra: float) -> float:
    """Give by how much an agent passes its capacity when ``extra`` comes on a day."""
    most = 0.0
    for until in range(arrays.capacity.shape[1]):
        over = state.load[agent, until] - arrays.capacity[agent, until]
        if until >= day:
            over += extra
        most = max(most, over)
    return most


@compiled
def remove(arrays: Arrays, state: State, item: int) -> None:
    """Take an item from its agent, if it has one."""
    candidate = state.chosen[item]
    if candidate < 0:
        state.figures[COST] -= arrays.out_price[item]
        return
    agent = arrays.agent[candidate]
    was_over = excess(arrays, state, agent, 0, 0.0) > 0.0
    for until in range(arrays.day[candidate], arrays.capacity.shape[1]):
        state.load[agent, until] -= arrays.use[candidate]
    is_over = was_over and excess(arrays, state, agent, 0, 0.0) > 0.0
    state.figures[OVERLOADED] += int(is_over) - int(was_over)
    state.figures[COST] -= arrays.cost[candidate]
    start = state.member_first[agent]
    state.members[agent] -= 1
    moved = state.member[start + state.members[agent]]
    state.member[start + state.spot[item]] = moved
    state.spot[moved] = state.spot[item]
    state.chosen[item] = LEFT_OUT


@compiled
def insert(arrays: Arrays, state: State, item: int, candidate: int) -> None:
    """Give an item that has no agent to a candidate, or leave it out."""
    state.chosen[item] = candidate
    if candidate < 0:
        state.figures[COST] += arrays.out_price[item]
        return
    agent = arrays.agent[candidate]
    was_over = excess(arrays, state, agent, 0, 0.0) > 0.0
    for until in range(arrays.day[candidate], arrays.capacity.shape[1]):
        state.load[agent, until] += arrays.use[candidate]
    is_over = was_over or excess(arrays, state, agent, 0, 0.0) > 0.0
    state.figures[OVERLOADED] += int(is_over) - int(was_over)
    state.figures[COST] += arrays.cost[candidate]
    state.spot[item] = state.members[agent]
    state.member[state.member_first[agent] + state.members[agent]] = item
    state.members[agent] += 1
