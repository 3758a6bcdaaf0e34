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
    State,
    excess,
    insert,
    next_chance,
    note_best,
    remove,
)
from nearmade.vocabulary.compiled import compiled


@compiled
def oscillate(
    arrays: Arrays, state: State, guide: Guide, rounds: int, kicks: int
) -> None:
    """Search so many rounds.

    Parameters
    ----------
    arrays
        The problem with finite prices of leaving out, candidates in order of ways.
    state
        Where to start; where the search ends, with the best on the way.
    guide
        What steers; its weights change.
    rounds
        How often to search until no chain pays.
    kicks
        Items moved by chance between rounds.
    """
    items = len(state.chosen)
    queue = np.arange(items)
    waits = np.ones(items, np.int64)
    for _ in range(rounds):
        _descend(arrays, state, guide, queue, waits)
        _reweigh(arrays, state, guide, waits)
        for _ in range(kicks):
            item = int(next_chance(state) * items)
            _kick(arrays, state, item)
            waits[item] = 1


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
    for agent in range(len(state.members)):
        over = excess(arrays, state, agent, 0, 0.0)
        if over > 0.0:
            guide.weight[agent] *= 1.2
            start = state.member_first[agent]
            for spot in range(state.members[agent]):
                waits[state.member[start + spot]] = 1
        elif state.figures[1] == 0.0 or guide.weight[agent] > 4 * guide.price[agent]:
            guide.weight[agent] = max(1e-9, 0.95 * guide.weight[agent])


@compiled
def _kick(arrays: Arrays, state: State, item: int) -> None:
    """Move an item to one of its first candidates by chance."""
    start, end = arrays.first[item], arrays.first[item + 1]
    if start == end:
        return
    place = start + int(next_chance(state) * min(4, end - start))
    if place != state.chosen[item]:
        remove(arrays, state, item)
        insert(arrays, state, item, place)
