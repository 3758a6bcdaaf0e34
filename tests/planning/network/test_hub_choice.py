"""Free hub choice: bounds and plans of small networks."""

from __future__ import annotations

import numpy as np
import pytest

from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.hub_choice import solve_hubs
from nearmade.planning.network.plan import NetworkPlan
from nearmade.planning.network.sample import sample_network
from nearmade.planning.network.verify import verify
from nearmade.planning.network.weights import PricedProblem, Weights, price_problem


def small_network(seed: int, *, days: int = 1, load: float = 0.75) -> PricedProblem:
    """A dozen facilities and their orders, four hubs each where there are so many."""
    problem = sample_network(
        12, orders=40, seed=seed, load=load, hubs=4, days=days, candidates=6
    )
    return price_problem(problem, Weights())


def solved(priced: PricedProblem, seed: int = 3) -> NetworkPlan:
    """The plan without any limit on time."""
    return solve_hubs(priced, seed=seed, seconds=1.0, clock=lambda: 0.0)


@pytest.mark.parametrize("days", [1, 5])
def test_a_plan_stands_and_its_bound_is_proven_by_its_prices(days: int) -> None:
    priced = small_network(1, days=days)
    plan = solved(priced)
    assert evaluate(priced, plan.way, plan.candidate).stands
    assert plan.bound_usd <= plan.cost_usd
    assert not verify(priced, plan).faults


def test_the_same_seed_gives_the_same_plan() -> None:
    priced = small_network(2)
    one, two = solved(priced), solved(priced)
    np.testing.assert_array_equal(one.candidate, two.candidate)
    np.testing.assert_array_equal(one.way, two.way)
    assert (one.cost_usd, one.bound_usd) == (two.cost_usd, two.bound_usd)
