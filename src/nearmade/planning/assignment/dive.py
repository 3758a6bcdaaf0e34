"""From the prices to a plan: fix the items that the packings are surest of, and again.

Each step raises the bound of what is still open, fixes the items that are most wanted
by one agent in the average of the packings, and goes on with the rest of the items and
of the capacities. When the bound of the rest says that nothing better can come, the
dive ends. With most items kept as they are, the same dive makes a choice anew around a
few agents.

References
----------
R. Sadykov, F. Vanderbeck, A. Pessoa, I. Tahiri, E. Uchoa, "Primal heuristics for
branch and price: the assets of diving methods", INFORMS J. Computing 31 (2019),
doi:10.1287/ijoc.2018.0822.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nearmade.planning.assignment.ascent import Ascent
from nearmade.planning.assignment.bound import Packings
from nearmade.planning.assignment.problem import (
    LEFT_OUT,
    AssignmentProblem,
    Counts,
    Floats,
)
from nearmade.vocabulary.compiled import compiled

#: States of a packing inside a dive: its bounds steer, they prove nothing.
_WIDTH = 500

#: First step of the ascent after some items were fixed.
_STEP = 0.3

#: Least share of an item in the average of the packings for which it may be fixed.
_LEAST_WANTED = 0.02


@dataclass(frozen=True, slots=True)
class Manner:
    """How a dive goes.

    Parameters
    ----------
    steps
        Evaluations of the bound before each fixing.
    share
        Share of the open items that are fixed at a time, in 0..1.
    noise
        Chance added to the wish for a candidate, at most. [share of an item]
    """

    steps: int = 20
    share: float = 0.1
    noise: float = 0.1


def dive(
    problem: AssignmentProblem,
    kept: Counts,
    item_price: Floats,
    limit: float,
    manner: Manner,
    chance: np.random.Generator,
) -> Counts | None:
    """Give a choice that keeps some items as they are, or None above a limit.

    Parameters
    ----------
    problem
        What is to be assigned.
    kept
        Candidate of each item that stays, -1 for those that are open, shape (N,).
    item_price
        Good prices of the items, shape (N,).
    limit
        Cost above which a choice is of no use; infinite when none is known.
    manner
        How the dive goes.
    chance
        Source of the noise.

    Returns
    -------
    Candidate of each item; -1 where none was wanted or had room.
    """
    chosen = kept.copy()
    spent, capacity = _spent(problem, chosen)
    open_items = np.flatnonzero(chosen < 0)
    price = item_price.copy()
    while len(open_items):
        rest, place = _rest(problem, open_items, capacity)
        ascent = Ascent(Packings(rest, _WIDTH), price[open_items], step=_STEP)
        target = limit - spent
        if not np.isfinite(target):
            target = ascent.bound + 0.02 * abs(ascent.bound)
        if ascent.bound <= target:
            ascent.climb(manner.steps, target)
        if ascent.bound > target + 1e-9 * abs(limit):
            return None
        price[open_items] = ascent.item_price
        wish = _wishes(ascent, manner, chance)
        most = max(1, int(np.ceil(manner.share * len(open_items))))
        order = np.argsort(-wish, kind="stable")
        fixed = _fix(rest, order[wish[order] > _LEAST_WANTED], most)
        taken = np.flatnonzero(fixed >= 0)
        if not len(taken):
            break
        chosen[open_items[taken]] = place[fixed[taken]]
        spent, capacity = _spent(problem, chosen)
        open_items = open_items[fixed < 0]
    return chosen


def _spent(problem: AssignmentProblem, chosen: Counts) -> tuple[float, Floats]:
    """Give the cost of what is fixed and the capacity that it leaves."""
    arrays = problem.arrays
    taken = chosen[chosen >= 0]
    load = np.zeros_like(problem.capacity)
    np.add.at(load, (arrays.agent[taken], arrays.day[taken]), arrays.use[taken])
    left = np.maximum(0.0, problem.capacity - np.cumsum(load, axis=1))
    return float(arrays.cost[taken].sum()), left


def _rest(
    problem: AssignmentProblem, open_items: Counts, capacity: Floats
) -> tuple[AssignmentProblem, Counts]:
    """Give the problem of the open items and the places of its candidates."""
    arrays = problem.arrays
    first, place = _places(arrays.first, open_items)
    rest = AssignmentProblem(
        first,
        arrays.agent[place],
        arrays.cost[place],
        arrays.use[place],
        capacity,
        arrays.out_price[open_items],
        arrays.day[place],
    )
    return rest, place


@compiled
def _places(first: Counts, items: Counts) -> tuple[Counts, Counts]:
    starts = np.zeros(len(items) + 1, np.int64)
    for spot in range(len(items)):
        many = first[items[spot] + 1] - first[items[spot]]
        starts[spot + 1] = starts[spot] + many
    place = np.empty(starts[-1], np.int64)
    for spot in range(len(items)):
        for step in range(starts[spot + 1] - starts[spot]):
            place[starts[spot] + step] = first[items[spot]] + step
    return starts, place


def _wishes(ascent: Ascent, manner: Manner, chance: np.random.Generator) -> Floats:
    """Give how much each candidate is wanted, with a little noise."""
    columns = ascent.packings.columns
    wish = np.zeros(len(columns.place))
    wish[columns.place] = ascent.wanted
    wish += manner.noise * chance.random(len(wish)) * (wish > 0.5 * _LEAST_WANTED)
    return wish


def _fix(rest: AssignmentProblem, order: Counts, most: int) -> Counts:
    """Fix items in the order of wishes while there is room; -1 for the others."""
    arrays = rest.arrays
    item = np.repeat(np.arange(rest.items), np.diff(arrays.first))
    room = rest.capacity.copy()
    fixed = np.full(rest.items, LEFT_OUT, np.int64)
    _fix_in_order(order, item, arrays.agent, arrays.day, arrays.use, room, fixed, most)
    return fixed


@compiled
def _fix_in_order(
    order: Counts,
    item: Counts,
    agent: Counts,
    day: Counts,
    use: Floats,
    room: Floats,
    fixed: Counts,
    most: int,
) -> None:
    done = 0
    days = room.shape[1]
    for candidate in order:
        who, where, when = item[candidate], agent[candidate], day[candidate]
        if fixed[who] >= 0 or use[candidate] > room[where, when:].min():
            continue
        fixed[who] = candidate
        for until in range(when, days):
            room[where, until] -= use[candidate]
        done += 1
        if done >= most:
            return
