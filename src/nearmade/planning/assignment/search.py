"""Rounds of dives around an answer, and chains that put right what a dive leaves."""

from __future__ import annotations

import numpy as np

from nearmade.planning.assignment.ascent import Ascent
from nearmade.planning.assignment.bound import use_price
from nearmade.planning.assignment.chains import Guide
from nearmade.planning.assignment.descent import settle
from nearmade.planning.assignment.dive import Manner, dive
from nearmade.planning.assignment.narrow import Narrowed, narrow
from nearmade.planning.assignment.problem import (
    LEFT_OUT,
    AssignmentProblem,
    Counts,
    Floats,
    cost_of,
    loads_of,
)
from nearmade.planning.assignment.state import BEST, searchable, seat, state_of

#: Candidates of an item that the search looks at.
_CANDIDATES = 12

#: Items that a partial dive opens, about.
_OPENED = 40

#: Descents after a dive.
_DESCENTS = 10

#: Factor of a charge that nothing can pay.
_NEVER = 1e12

#: How much dearer than the best a choice may be from which the search goes on.
_WORSE = 5e-4


class Search:
    """Looks for better choices on the promising candidates.

    Parameters
    ----------
    problem
        What is to be assigned.
    ascent
        Gives the prices that steer.
    start
        Where to start, shape (N,); need not be allowed.
    seed
        Same seed, same search.
    """

    def __init__(
        self, problem: AssignmentProblem, ascent: Ascent, start: Counts, seed: int
    ) -> None:
        self._whole = problem
        self._ascent = ascent
        self._chance = np.random.default_rng(seed)
        self._narrowed: Narrowed = narrow(
            problem, ascent.agent_price, _CANDIDATES, start
        )
        self._smaller = self._narrowed.problem
        self._arrays = searchable(self._smaller)
        here = self._narrowed.choice_in(start)
        self._state = state_of(self._smaller, here, seed)
        self._guide = _guide_for(self._smaller, ascent.agent_price)
        self._weight = self._guide.weight.copy()
        self._now, self._cost_now = here, cost_of(self._smaller, here)
        self._best, self.cost = self._now, self._cost_now

    @property
    def best(self) -> Counts:
        """The best allowed choice, shape (N,)."""
        return self._narrowed.choice_out(self._best)

    def whole_dive(self) -> None:
        """Make a choice anew from the prices alone."""
        nothing = np.full(self._smaller.items, LEFT_OUT, np.int64)
        price = self._ascent.item_price
        choice = dive(self._smaller, nothing, price, self.cost, Manner(), self._chance)
        if choice is not None:
            self._judge(self._put_right(choice))

    def partial_dive(self) -> None:
        """Make the choice anew around a few agents."""
        if not self._cost_now < np.inf:
            self.whole_dive()
            return
        kept = self._now.copy()
        kept[self._around()] = LEFT_OUT
        manner = Manner(20, self._chance.choice([0.1, 0.2]), 0.1)
        price = self._ascent.item_price
        limit = self._limit()
        choice = dive(self._smaller, kept, price, limit, manner, self._chance)
        if choice is not None:
            if not cost_of(self._smaller, choice) <= limit:
                choice = self._put_right(choice)
            self._judge(choice)

    def _limit(self) -> float:
        """Give the cost up to which a choice is of use."""
        if self._chance.random() < 0.1:
            return self.cost + _WORSE * abs(self.cost)
        return self._cost_now

    def _judge(self, choice: Counts) -> None:
        cost = cost_of(self._smaller, choice)
        if cost < self.cost:
            self._best, self.cost = choice, cost
        if cost <= self._cost_now or cost <= self.cost + _WORSE * abs(self.cost):
            self._now, self._cost_now = choice, cost

    def _around(self) -> Counts:
        """Give the items of a few agents that want the same items."""
        arrays, chance = self._arrays, self._chance
        agent_of = np.where(self._now >= 0, arrays.agent[self._now], -1)
        opened = np.array([int(chance.integers(self._smaller.items))])
        agents = {int(agent_of[opened[0]])}
        size = _OPENED * (0.5 + chance.random())
        for _ in range(self._whole.agents):
            item = int(chance.choice(opened))
            first, end = arrays.first[item], arrays.first[item + 1]
            if first < end:
                place = first + int(min(end - first, 5) * chance.random())
                agents.add(int(arrays.agent[place]))
            mine = np.isin(agent_of, list(agents))
            opened = np.flatnonzero(mine | (agent_of < 0))
            if len(opened) >= size:
                break
        return opened

    def _put_right(self, choice: Counts) -> Counts:
        """Place what is open at least harm, then make chains."""
        whole = _place_open(self._smaller, choice, self._guide, self._weight)
        self._guide.weight[:] = self._weight
        self._state.chosen[:] = whole
        self._state.figures[BEST] = np.inf
        seat(self._arrays, self._state)
        settle(self._arrays, self._state, self._guide, _DESCENTS)
        careful = _place_open(self._smaller, choice, self._guide, _NEVER * self._weight)
        if self._state.figures[BEST] < cost_of(self._smaller, careful):
            return np.array(self._state.best)
        return careful


def _place_open(
    problem: AssignmentProblem, choice: Counts, guide: Guide, weight: Floats
) -> Counts:
    """Give each open item its cheapest way, being over charged double."""
    arrays = problem.arrays
    load, whole = loads_of(problem, choice), choice.copy()
    for item in np.flatnonzero(choice < 0):
        here = slice(arrays.first[item], arrays.first[item + 1])
        agent = arrays.agent[here]
        if not len(agent):
            continue
        room = problem.capacity[agent] - load[agent] - arrays.use[here][:, None]
        late = np.arange(room.shape[1]) < arrays.day[here][:, None]
        over = np.maximum(0.0, -np.where(late, np.inf, room).min(axis=1))
        way = guide.way[here] + 2.0 * weight[agent] * over
        pick = int(way.argmin())
        if way[pick] < arrays.out_price[item]:
            whole[item] = arrays.first[item] + pick
            load[agent[pick], arrays.day[whole[item]] :] += arrays.use[whole[item]]
    return whole


def _guide_for(problem: AssignmentProblem, agent_price: Floats) -> Guide:
    arrays = problem.arrays
    unit = use_price(agent_price)
    way = arrays.cost + unit[arrays.agent, arrays.day] * arrays.use
    several = np.flatnonzero(np.diff(arrays.first) > 1)
    second = way[arrays.first[several] + 1] - way[arrays.first[several]]
    usual = float(second.mean()) if len(several) else 1.0
    price = unit[:, 0].copy()
    weight = 1.5 * (price + 0.1 * price.mean() + 1e-9)
    reach = np.array([0.5 * usual, 1e-7 * (1.0 + usual), 1.1, 0.9])
    return Guide(way, price, weight, reach, np.zeros((2, 2), dtype=np.int64))
