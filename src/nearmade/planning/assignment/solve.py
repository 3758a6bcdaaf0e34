"""The whole: prices, a first choice, chains, and the bound, in rounds.

Anytime: ``improvements`` gives a better answer after each round for as long as the
caller asks; ``solve_assignment`` asks for a number of rounds. Same problem, seed and
rounds, same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from nearmade.planning.assignment.ascent import Ascent, first_prices
from nearmade.planning.assignment.bound import Packings, use_price
from nearmade.planning.assignment.chains import Guide
from nearmade.planning.assignment.construct import construct
from nearmade.planning.assignment.narrow import Narrowed, narrow
from nearmade.planning.assignment.oscillate import oscillate
from nearmade.planning.assignment.problem import (
    Assignment,
    AssignmentProblem,
    Counts,
    Floats,
    cost_of,
)
from nearmade.planning.assignment.state import BEST, State, searchable, state_of

#: Evaluations of the bound before the first choice, and after each round.
_FIRST_STEPS, _STEPS = 100, 20

#: Candidates of an item that the search looks at.
_CANDIDATES = 8


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
    while True:
        search.run()
        if search.cost < cost:
            best, cost = search.best, search.cost
        yield Assignment(best, cost, ascent.bound, ascent.item_price)
        if is_best(problem, cost, ascent.bound):
            return
        ascent.climb(_STEPS, _target(ascent.bound, cost))


class Search:
    """Rounds of chains on the promising candidates.

    Parameters
    ----------
    problem
        What is to be assigned.
    ascent
        Gives the prices that steer.
    start
        Where to start, shape (N,).
    seed
        Same seed, same search.
    """

    def __init__(
        self, problem: AssignmentProblem, ascent: Ascent, start: Counts, seed: int
    ) -> None:
        price = ascent.agent_price
        self._whole = problem
        self._narrowed: Narrowed = narrow(problem, price, _CANDIDATES, start)
        smaller = self._narrowed.problem
        self._arrays = searchable(smaller)
        self._state: State = state_of(smaller, self._narrowed.choice_in(start), seed)
        self._guide = _guide_for(smaller, price)

    def run(self, rounds: int = 20) -> None:
        """Search some rounds more."""
        oscillate(self._arrays, self._state, self._guide, rounds, 1)

    @property
    def cost(self) -> float:
        """Cost of the best allowed choice, infinite when there is none."""
        if not self._state.figures[BEST] < np.inf:
            return float(np.inf)
        return cost_of(self._whole, self.best)

    @property
    def best(self) -> Counts:
        """The best allowed choice, shape (N,)."""
        return self._narrowed.choice_out(self._state.best)


def is_best(problem: AssignmentProblem, cost: float, bound: float) -> bool:
    """Tell whether a bound proves a cost to be the least.

    Where all costs are whole numbers the bound may be rounded up.
    """
    arrays = problem.arrays
    out = arrays.out_price[np.isfinite(arrays.out_price)]
    whole = bool((arrays.cost % 1 == 0).all() and (out % 1 == 0).all())
    slack = 1e-9 * (1.0 + abs(cost))
    return cost - bound < (1.0 - 1e-6 if whole else slack)


def _guide_for(problem: AssignmentProblem, agent_price: Floats) -> Guide:
    arrays = problem.arrays
    unit = use_price(agent_price)
    way = arrays.cost + unit[arrays.agent, arrays.day] * arrays.use
    several = np.flatnonzero(np.diff(arrays.first) > 1)
    second = way[arrays.first[several] + 1] - way[arrays.first[several]]
    usual = float(second.mean()) if len(several) else 1.0
    price = unit[:, 0].copy()
    weight = 2.0 * (price + 0.1 * price.mean() + 1e-9)
    reach = np.array([0.3 * usual, 1e-7 * (1.0 + usual)])
    return Guide(
        way, price, weight, reach, np.array([2]), np.zeros((3, 2), dtype=np.int64)
    )


def _target(bound: float, cost: float) -> float:
    """Give where the best may lie: the cost, unless it is far from the bound."""
    return min(cost, bound + 0.05 * abs(bound)) if np.isfinite(cost) else 1.05 * bound
