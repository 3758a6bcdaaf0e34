"""What is to be assigned, and a choice, as arrays.

An item is one piece of work, an agent who may take it, a candidate one (item, agent)
pair with its cost and use. The planner's components and machine groups are such, so
are the jobs and agents of the published instances.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nearmade.vocabulary.compiled import compiled
from nearmade.vocabulary.errors import InvalidInput

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

#: Chosen for an item that no agent takes.
LEFT_OUT = -1

#: How far a load may pass its capacity, as a share of it: sums of floats carry an
#: error of about 1e-16 each, so this is room for thousands of items.
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class AssignmentProblem:
    """Items, who may take them at what cost and use, and how much each agent holds.

    Candidates of item ``i`` stand in places ``item_first[i]`` to ``item_first[i + 1]``.

    Parameters
    ----------
    item_first
        First candidate of each item and the end, shape (N + 1,), rising from 0 to M.
    candidate_agent
        Agent of each candidate, shape (M,), each in 0..A-1.
    candidate_cost
        Cost of each candidate, shape (M,), finite.
    candidate_use
        What each candidate takes of its agent, shape (M,), finite, not below zero.
    capacity
        What each agent holds, shape (A,), not below zero; or shape (A, D): what it
        holds until the end of each day, where an item of day t counts in t and in all
        later days.
    leave_out_price
        Cost of leaving each item out, shape (N,); infinite where it must be placed,
        which is also the meaning of None.
    candidate_day
        Day of each candidate, shape (M,), each in 0..D-1; None means day 0.

    Raises
    ------
    InvalidInput
        When shapes or ranges do not agree.
    """

    item_first: Counts
    candidate_agent: Counts
    candidate_cost: Floats
    candidate_use: Floats
    capacity: Floats
    leave_out_price: Floats | None = None
    candidate_day: Counts | None = None

    def __post_init__(self) -> None:
        keep = object.__setattr__
        for name in ("item_first", "candidate_agent"):
            keep(self, name, _counts(getattr(self, name)))
        for name in ("candidate_cost", "candidate_use", "capacity"):
            keep(self, name, _floats(getattr(self, name)))
        if self.capacity.ndim == 1:
            keep(self, "capacity", self.capacity.reshape(-1, 1))
        price = self.leave_out_price
        everywhere = np.full(self.items, np.inf) if price is None else _floats(price)
        keep(self, "leave_out_price", everywhere)
        day = self.candidate_day
        first_day = np.zeros(self.candidates, np.int64) if day is None else _counts(day)
        keep(self, "candidate_day", first_day)
        _check(self)
        # What later days cannot hold, earlier days cannot hold either.
        holds = np.minimum.accumulate(self.capacity[:, ::-1], axis=1)[:, ::-1]
        keep(self, "capacity", np.ascontiguousarray(holds))

    @property
    def items(self) -> int:
        """Number of items N."""
        return len(self.item_first) - 1

    @property
    def candidates(self) -> int:
        """Number of candidates M."""
        return len(self.candidate_agent)

    @property
    def agents(self) -> int:
        """Number of agents A."""
        return len(self.capacity)

    @property
    def arrays(self) -> Arrays:
        """The same as a tuple that compiled functions take."""
        assert self.leave_out_price is not None
        assert self.candidate_day is not None
        return Arrays(
            self.item_first,
            self.candidate_agent,
            self.candidate_cost,
            self.candidate_use,
            self.candidate_day,
            self.capacity,
            self.leave_out_price,
        )


class Arrays(NamedTuple):
    """A problem as compiled functions take it."""

    first: Counts
    agent: Counts
    cost: Floats
    use: Floats
    day: Counts
    capacity: Floats
    out_price: Floats


class ByAgent(NamedTuple):
    """The candidates in the order of their agents.

    ``place`` is where each stands in the problem; those of agent ``a`` stand in
    ``first[a]`` to ``first[a + 1]``.
    """

    first: Counts
    place: Counts
    item: Counts
    cost: Floats
    use: Floats
    day: Counts


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """A choice and what is known of how good it is.

    Parameters
    ----------
    chosen
        Candidate of each item, or -1 when it is left out, shape (N,).
    cost
        Cost of the choice; infinite when it breaks a capacity or leaves out an item
        that must be placed.
    bound
        What no choice can go below.
    item_price
        The prices at which ``knapsack_bound`` gives that bound, shape (N,).
    """

    chosen: Counts
    cost: float
    bound: float
    item_price: Floats

    @property
    def gap(self) -> float:
        """How far the cost may be above the best, as a share of the bound."""
        if self.cost <= self.bound:
            return 0.0
        return (self.cost - self.bound) / abs(self.bound) if self.bound else np.inf


def from_tables(
    cost: ArrayLike, use: ArrayLike, capacity: ArrayLike
) -> AssignmentProblem:
    """Give the classical problem, in which every agent may take every item.

    Parameters
    ----------
    cost, use
        Of each item at each agent, shape (A, N).
    capacity
        What each agent holds, shape (A,).
    """
    costs, uses = _floats(cost), _floats(use)
    agents, items = costs.shape
    return AssignmentProblem(
        np.arange(0, agents * items + 1, agents),
        np.tile(np.arange(agents), items),
        costs.T.ravel(),
        uses.T.ravel(),
        _floats(capacity),
    )


def cost_of(problem: AssignmentProblem, chosen: Counts) -> float:
    """Give the cost of a choice; infinite when it is not allowed."""
    arrays = problem.arrays
    placed = chosen >= 0
    if (loads_of(problem, chosen) > allowed(problem)).any():
        return float(np.inf)
    left_out = arrays.out_price[~placed].sum()
    return float(arrays.cost[chosen[placed]].sum() + left_out)


def loads_of(problem: AssignmentProblem, chosen: Counts) -> Floats:
    """Give what each agent holds until the end of each day, shape (A, D)."""
    arrays = problem.arrays
    taken = chosen[chosen >= 0]
    load = np.zeros_like(problem.capacity)
    np.add.at(load, (arrays.agent[taken], arrays.day[taken]), arrays.use[taken])
    return np.asarray(np.cumsum(load, axis=1))


def allowed(problem: AssignmentProblem) -> Floats:
    """Give the greatest load of each agent on each day, shape (A, D)."""
    return problem.capacity + TOLERANCE * np.maximum(1.0, problem.capacity)


def by_agent(problem: AssignmentProblem) -> ByAgent:
    """Give the candidates in the order of their agents."""
    arrays = problem.arrays
    first, place = _sorted_by_agent(arrays.agent, problem.agents)
    item = np.repeat(np.arange(problem.items), np.diff(arrays.first))
    return ByAgent(
        first,
        place,
        item[place],
        arrays.cost[place],
        arrays.use[place],
        arrays.day[place],
    )


@compiled
def _sorted_by_agent(agent: Counts, agents: int) -> tuple[Counts, Counts]:
    first = np.zeros(agents + 1, np.int64)
    for each in agent:
        first[each + 1] += 1
    first = np.cumsum(first)
    free = first[:-1].copy()
    place = np.empty(len(agent), np.int64)
    for candidate in range(len(agent)):
        place[free[agent[candidate]]] = candidate
        free[agent[candidate]] += 1
    return first, place


def _check(problem: AssignmentProblem) -> None:
    arrays = problem.arrays
    first, many = arrays.first, problem.candidates
    shapes = {len(arrays.cost), len(arrays.use), len(arrays.day), many}
    if len(shapes) > 1 or len(arrays.out_price) != problem.items:
        raise InvalidInput("assignment: arrays of candidates or items differ in length")
    if first[0] != 0 or first[-1] != many or (np.diff(first) < 0).any():
        raise InvalidInput("assignment: item_first must rise from 0 to the candidates")
    days = problem.capacity.shape[1]
    for name, column, end in (
        ("candidate_agent", arrays.agent, problem.agents),
        ("candidate_day", arrays.day, days),
    ):
        if many and (column.min() < 0 or column.max() >= end):
            raise InvalidInput(f"assignment: {name} must lie in 0..{end - 1}")
    if not np.isfinite(arrays.cost).all():
        raise InvalidInput("assignment: candidate_cost must be finite")
    for name, values in (("use", arrays.use), ("capacity", problem.capacity)):
        if not (np.isfinite(values).all() and (values >= 0).all()):
            raise InvalidInput(f"assignment: each {name} must be finite and >= 0")
    if np.isnan(arrays.out_price).any() or (arrays.out_price == -np.inf).any():
        raise InvalidInput("assignment: leave_out_price must be a number or infinite")


def _floats(values: ArrayLike) -> Floats:
    return np.ascontiguousarray(values, dtype=np.float64)


def _counts(values: ArrayLike) -> Counts:
    return np.ascontiguousarray(values, dtype=np.int64)
