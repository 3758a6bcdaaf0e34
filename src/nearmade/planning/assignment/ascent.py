"""Prices of the items that raise the bound: the volume algorithm.

A subgradient ascent that moves along the average of the packings seen so far. The
average also tends to a solution of the relaxation: how much each agent wants each item,
which guides the construction of a plan.

References
----------
F. Barahona, R. Anbil, "The volume algorithm: producing primal solutions with a
subgradient method", Mathematical Programming 87 (2000), doi:10.1007/s101070050002.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from nearmade.planning.assignment.bound import Packings, item_price_at
from nearmade.planning.assignment.problem import Arrays, AssignmentProblem, Floats
from nearmade.vocabulary.compiled import compiled

#: Steps without a better bound after which the step is cut.
_PATIENCE = 10


@dataclass(slots=True)
class Ascent:
    """Where the search for the best prices stands.

    Parameters
    ----------
    packings
        Evaluates the bound.
    item_price
        The best prices found, shape (N,).
    step
        Share of the way to the target that a step aims at; adapts.
    """

    packings: Packings
    item_price: Floats
    bound: float = field(init=False)
    wanted: Floats = field(init=False)
    agent_price: Floats = field(init=False)
    step: float = 0.1
    _misses: int = 0

    def __post_init__(self) -> None:
        self.bound = self.packings.bound_at(self.item_price)
        self.wanted = self.packings.packed.copy()
        self.agent_price = self.packings.agent_price.copy()

    def climb(self, steps: int, target: float) -> None:
        """Take so many steps towards a bound that is thought to be near ``target``.

        Parameters
        ----------
        steps
            Evaluations of the bound.
        target
            Cost of a known assignment, or an estimate of the best.
        """
        for _ in range(steps):
            direction = self._shortfall(self.wanted, self.item_price)
            norm = float(direction @ direction)
            if norm <= 1e-12:
                return
            lack = max(target - self.bound, 1e-4 * abs(target))
            trial = self.item_price + self.step * lack / norm * direction
            np.minimum(trial, self.packings.problem.arrays.out_price, out=trial)
            self._judge(trial, self.packings.bound_at(trial), direction)

    def _judge(self, trial: Floats, bound: float, direction: Floats) -> None:
        packed = self.packings.packed
        slope = self._shortfall(packed, trial)
        share = _best_share(direction, slope)
        self.wanted += share * (packed - self.wanted)
        if bound <= self.bound:
            self._misses += 1
            if self._misses >= _PATIENCE:
                self.step *= 0.66
                self._misses = 0
            return
        if float(direction @ slope) >= 0:
            self.step = min(2.0, 1.1 * self.step)
        self._misses = 0
        self.bound, self.item_price = bound, trial
        self.agent_price[:] = self.packings.agent_price

    def _shortfall(self, packed: Floats, price: Floats) -> Floats:
        """Give how much of each item nobody takes at these prices."""
        problem = self.packings.problem
        taken = np.bincount(
            self.packings.columns.item, weights=packed, minlength=problem.items
        )
        lacking = np.asarray(1.0 - taken)
        out = price >= problem.arrays.out_price
        lacking[out] = np.minimum(0.0, lacking[out])
        return lacking


def _best_share(direction: Floats, slope: Floats) -> float:
    """Give the share of the new packing that makes the average most feasible."""
    change = slope - direction
    length = float(change @ change)
    if length <= 1e-12:
        return 0.1
    best = -float(direction @ change) / length
    return min(max(best, 0.01), 0.1)


def first_prices(problem: AssignmentProblem, steps: int = 200) -> Floats:
    """Give prices of the items from a quick ascent on the agents' prices.

    The relaxation of the capacities alone: fast, and a start for the packings.
    """
    price = _ascend_agents(problem.arrays, steps)
    return item_price_at(problem, price)


@compiled
def _ascend_agents(arrays: Arrays, steps: int) -> Floats:
    """Projected ascent in Adam form on the price of each agent's last day."""
    agents, days = arrays.capacity.shape
    items = len(arrays.first) - 1
    scale = _usual_step(arrays)
    price, best_price = np.zeros(agents), np.zeros(agents)
    mean, square = np.zeros(agents), np.zeros(agents)
    best = -np.inf
    for step in range(steps):
        load = np.zeros(agents)
        bound = _fill_cheapest(arrays, price, load)
        for agent in range(agents):
            bound -= price[agent] * arrays.capacity[agent, days - 1]
        if bound > best:
            best = bound
            best_price[:] = price
        rate = 0.1 * scale * (1.0 - 0.98 * step / steps) ** 1.5
        for agent in range(agents):
            holds = max(arrays.capacity[agent, days - 1], 1e-12)
            slope = min(2.0, max(-2.0, load[agent] / holds - 1.0))
            if price[agent] == 0.0 and slope < 0.0:
                slope = 0.0
            mean[agent] = 0.8 * mean[agent] + 0.2 * slope
            square[agent] = 0.95 * square[agent] + 0.05 * slope * slope
            move = rate * mean[agent] / (np.sqrt(square[agent]) + 0.01)
            price[agent] = max(0.0, price[agent] + move)
    full = np.zeros((agents, days))
    full[:, days - 1] = best_price
    return full if items else full * 0.0


@compiled
def _fill_cheapest(arrays: Arrays, price: Floats, load: Floats) -> float:
    """Let every item choose alone at these prices; give what they pay."""
    total = 0.0
    for item in range(len(arrays.first) - 1):
        best, choice = arrays.out_price[item], -1
        for candidate in range(arrays.first[item], arrays.first[item + 1]):
            unit = price[arrays.agent[candidate]]
            way = arrays.cost[candidate] + unit * arrays.use[candidate]
            if way < best:
                best, choice = way, candidate
        if choice >= 0:
            load[arrays.agent[choice]] += arrays.use[choice]
        if best < np.inf:
            total += best
    return total


@compiled
def _usual_step(arrays: Arrays) -> float:
    """Give a usual price of use: what the spread of an item's costs is to its use."""
    spread, use = 0.0, 0.0
    for item in range(len(arrays.first) - 1):
        start, end = arrays.first[item], arrays.first[item + 1]
        if start == end:
            continue
        spread += arrays.cost[start:end].mean() - arrays.cost[start:end].min()
        use += arrays.use[start:end].mean()
    return max(spread, 1e-9) / max(use, 1e-9)
