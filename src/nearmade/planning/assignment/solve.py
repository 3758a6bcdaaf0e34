"""The whole: prices, a first choice, dives and chains, and the bound, in rounds.

Anytime: ``improvements`` gives a better answer after each round for as long as the
caller asks; ``solve_assignment`` asks for a number of rounds. Same problem, seed and
rounds, same answer.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import numpy as np

from nearmade.planning.assignment.ascent import Ascent, first_prices
from nearmade.planning.assignment.bound import Packings
from nearmade.planning.assignment.construct import construct
from nearmade.planning.assignment.problem import (
    Assignment,
    AssignmentProblem,
    Counts,
    Floats,
    cost_of,
)
from nearmade.planning.assignment.search import Search

#: Evaluations of the bound before the first choice, and after each of the first rounds.
_FIRST_STEPS, _STEPS, _CLIMBING = 200, 20, 20

#: Half of so many rounds are whole dives; the others are so many partial ones.
_WHOLE, _PARTIAL = 8, 10


def solve_assignment(
    problem: AssignmentProblem,
    *,
    seed: int,
    effort: int,
    start: Counts | None = None,
    prices: Floats | None = None,
    may_go_on: Callable[[Assignment], bool] = lambda _: True,
) -> Assignment:
    """Assign the items at the least cost found, with a bound.

    Parameters
    ----------
    problem
        What is to be assigned.
    seed
        Same seed, same answer.
    effort
        Rounds of search, each of about the same work.
    start
        A choice to start from, shape (N,); need not be allowed.
    prices
        Prices of the items to start the bound from, shape (N,).
    may_go_on
        Asked after each round with the answer so far; False stops.
    """
    answer: Assignment | None = None
    rounds = improvements(problem, seed=seed, start=start, prices=prices)
    for _, answer in zip(range(max(1, effort)), rounds, strict=False):
        if not may_go_on(answer):
            break
    assert answer is not None
    return answer


def improvements(
    problem: AssignmentProblem,
    *,
    seed: int,
    start: Counts | None = None,
    prices: Floats | None = None,
) -> Iterator[Assignment]:
    """Give the best answer so far after each round; end when it is proven best.

    Parameters
    ----------
    problem
        What is to be assigned.
    seed
        Same seed, same answers.
    start
        A choice to start from, shape (N,); need not be allowed.
    prices
        Prices of the items to start the bound from, shape (N,).
    """
    item_price = first_prices(problem) if prices is None else prices
    ascent = Ascent(Packings(problem), np.array(item_price, dtype=np.float64))
    first = construct(problem, ascent.agent_price) if start is None else start
    cost = cost_of(problem, first)
    ascent.climb(_FIRST_STEPS, _target(ascent.bound, cost))
    best = first
    if start is None:
        best = construct(problem, ascent.agent_price)
        cost = cost_of(problem, best)
    search = Search(problem, ascent, best, seed)
    for count in itertools.count():
        if count % _WHOLE < _WHOLE // 2:
            search.whole_dive()
        else:
            for _ in range(_PARTIAL):
                search.partial_dive()
        if search.cost < cost:
            best, cost = search.best, search.cost
        yield Assignment(best, cost, ascent.bound, ascent.item_price)
        if is_best(problem, cost, ascent.bound):
            return
        if count < _CLIMBING:
            ascent.climb(_STEPS, _target(ascent.bound, cost))


def is_best(problem: AssignmentProblem, cost: float, bound: float) -> bool:
    """Tell whether a bound proves a cost to be the least.

    Where all costs are whole numbers the bound may be rounded up.
    """
    arrays = problem.arrays
    out = arrays.out_price[np.isfinite(arrays.out_price)]
    whole = bool((arrays.cost % 1 == 0).all() and (out % 1 == 0).all())
    slack = 1e-9 * (1.0 + abs(cost))
    return cost - bound < (1.0 - 1e-6 if whole else slack)


def _target(bound: float, cost: float) -> float:
    """Give where the best may lie: the cost, unless it is far from the bound."""
    return min(cost, bound + 0.05 * abs(bound)) if np.isfinite(cost) else 1.05 * bound
