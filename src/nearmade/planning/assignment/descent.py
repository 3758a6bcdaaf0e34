"""Searches in rounds around the edge of what the capacities allow.

Each round makes chains until none pays. Where an agent is then over, going over gets
dearer there; where it is not, cheaper: so the choice crosses the edge again and again,
and every allowed choice on the way is a candidate for the best.

References
----------
M. Yagiura, T. Ibaraki, F. Glover, "A path relinking approach with ejection chains for
the generalized assignment problem", European J. Operational Research 169 (2006),
doi:10.1016/j.ejor.2004.08.015 (the adaptive charges).
"""

from __future__ import annotations

import numpy as np

from nearmade.planning.assignment.chains import Guide, improve_item
from nearmade.planning.assignment.problem import Arrays, Counts
from nearmade.planning.assignment.state import (
    OVERLOADED,
    State,
    excess,
    next_chance,
    note_best,
)
from nearmade.vocabulary.compiled import compiled


@compiled
def settle(arrays: Arrays, state: State, guide: Guide, rounds: int) -> None:
    """Make chains until none pays, again and again with adapted charges.

    Parameters
    ----------
    arrays
        The problem with finite prices of leaving out, candidates in order of ways.
    state
        Where to start; where the search ends, with the best allowed choice.
    guide
        What steers; its weights change.
    rounds
        Number of descents.
    """
    items = len(state.chosen)
    queue = np.arange(items)
    waits = np.ones(items, np.int64)
    for _ in range(rounds):
        _descend(arrays, state, guide, queue, waits)
        _reweigh(arrays, state, guide, waits)


@compiled
def _descend(
    arrays: Arrays, state: State, guide: Guide, queue: Counts, waits: Counts
) -> None:
    """Make chains until none pays, in an order of chance."""
    items = len(queue)
    moved = True
    while moved:
        moved = False
        for place in range(items):
            other = place + int(next_chance(state) * (items - place))
            queue[place], queue[other] = queue[other], queue[place]
        for item in queue:
            if not waits[item]:
                continue
            length = improve_item(arrays, state, guide, item)
            waits[item] = int(length > 0)
            moved = moved or length > 0
            if length:
                note_best(state)
            for link in range(length):
                _wake(arrays, state, waits, guide.chain[link, 0])


@compiled
def _wake(arrays: Arrays, state: State, waits: Counts, item: int) -> None:
    """Let an item and those beside it be tried again."""
    waits[item] = 1
    candidate = state.chosen[item]
    if candidate >= 0:
        agent = arrays.agent[candidate]
        start = state.member_first[agent]
        for spot in range(state.members[agent]):
            waits[state.member[start + spot]] = 1


@compiled
def _reweigh(arrays: Arrays, state: State, guide: Guide, waits: Counts) -> None:
    """Make going over dearer where an agent is over, cheaper where it is not."""
    allowed = state.figures[OVERLOADED] == 0.0
    for agent in range(len(state.members)):
        if allowed:
            guide.weight[agent] *= guide.reach[3]
            continue
        if excess(arrays, state, agent, 0, 0.0) > 0.0:
            guide.weight[agent] *= guide.reach[2]
            start = state.member_first[agent]
            for spot in range(state.members[agent]):
                waits[state.member[start + spot]] = 1
