"""The candidates worth a search: those cheap at the prices, cheapest first."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nearmade.planning.assignment.bound import use_price
from nearmade.planning.assignment.problem import AssignmentProblem, Counts, Floats


class Narrowed(NamedTuple):
    """A smaller problem and where its candidates stand in the whole one."""

    problem: AssignmentProblem
    place: Counts

    def choice_in(self, chosen: Counts) -> Counts:
        """Give a choice of the whole problem in the places of this one.

        An item whose candidate is not here is left out.
        """
        back = np.full(int(self.place.max(initial=0)) + 2, -1, np.int64)
        back[self.place] = np.arange(len(self.place))
        here = np.where(chosen < len(back), chosen, -1)
        return np.where(here >= 0, back[here], -1)

    def choice_out(self, chosen: Counts) -> Counts:
        """Give a choice of this problem in the places of the whole one."""
        if not len(self.place):
            return chosen.copy()
        return np.where(chosen >= 0, self.place[chosen], -1)


def narrow(
    problem: AssignmentProblem, agent_price: Floats, most: int, kept: Counts
) -> Narrowed:
    """Keep the cheapest candidates of each item at the agents' prices.

    Parameters
    ----------
    problem
        The whole problem.
    agent_price
        Price of each capacity, shape (A, D).
    most
        Candidates kept of each item.
    kept
        A choice whose candidates stay in any case, shape (N,).
    """
    arrays = problem.arrays
    item = np.repeat(np.arange(problem.items), np.diff(arrays.first))
    unit = use_price(agent_price)[arrays.agent, arrays.day]
    way = arrays.cost + unit * arrays.use
    by_way = np.lexsort((way, item))
    rank = np.arange(len(item)) - arrays.first[item]
    stays = np.zeros(len(item), bool)
    stays[by_way] = rank < most
    stays[kept[kept >= 0]] = True
    stays &= arrays.use <= problem.capacity[arrays.agent, arrays.day]
    place = np.flatnonzero(stays)
    place = place[np.lexsort((way[place], item[place]))]
    first = np.searchsorted(item[place], np.arange(problem.items + 1))
    smaller = AssignmentProblem(
        first,
        arrays.agent[place],
        arrays.cost[place],
        arrays.use[place],
        problem.capacity,
        arrays.out_price,
        arrays.day[place],
    )
    return Narrowed(smaller, place)
