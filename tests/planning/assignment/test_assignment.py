"""Assignments: small cases by hand, published ones, and laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.planning.assignment.bound import item_price_at, knapsack_bound
from nearmade.planning.assignment.problem import (
    AssignmentProblem,
    cost_of,
    from_tables,
    loads_of,
)
from nearmade.planning.assignment.solve import solve_assignment
from nearmade.vocabulary.errors import InvalidInput
from tests.shared_data import shared


def published(name: str) -> AssignmentProblem:
    text = shared("bench", "gap", *name.split("/")).read_text(encoding="utf-8")
    agents, items, *rest = (float(word) for word in text.split())
    values = np.array(rest)
    cells = int(agents * items)
    shape = (int(agents), int(items))
    return from_tables(
        values[:cells].reshape(shape),
        values[cells : 2 * cells].reshape(shape),
        values[2 * cells : 2 * cells + int(agents)],
    )


def two_agents() -> AssignmentProblem:
    """Three items of 4 hours; the cheap agent holds two of them."""
    return from_tables([[1, 1, 1], [5, 3, 9]], [[4, 4, 4], [4, 4, 4]], [8, 8])


def test_the_item_that_loses_least_goes_to_the_dear_agent() -> None:
    answer = solve_assignment(two_agents(), seed=1, effort=3)
    assert answer.cost == 5  # 1 + 3 + 1
    assert answer.bound > 4
    assert answer.chosen.tolist() == [0, 3, 4]


def test_an_item_is_left_out_where_that_is_cheaper() -> None:
    problem = AssignmentProblem(
        np.array([0, 1, 2]),
        np.array([0, 0]),
        np.array([1.0, 2.0]),
        np.array([3.0, 3.0]),
        np.array([5.0]),
        np.array([10.0, 4.0]),
    )
    answer = solve_assignment(problem, seed=1, effort=3)
    assert answer.chosen.tolist() == [0, -1]
    assert answer.cost == 5  # 1 for the first, 4 for leaving out the second


def test_what_is_due_early_must_fit_the_early_days() -> None:
    # One agent holds 2 until day 0 and 6 until day 1; both items want day 0.
    problem = AssignmentProblem(
        np.array([0, 2, 4]),
        np.array([0, 0, 0, 0]),
        np.array([1.0, 9.0, 2.0, 4.0]),
        np.array([2.0, 2.0, 2.0, 2.0]),
        np.array([[2.0, 6.0]]),
        None,
        np.array([0, 1, 0, 1]),
    )
    answer = solve_assignment(problem, seed=1, effort=3)
    assert answer.chosen.tolist() == [0, 3]
    assert answer.cost == 5
    assert cost_of(problem, np.array([0, 2])) == np.inf


@pytest.mark.parametrize(
    ("name", "best"),
    [
        ("cattrysse1994/gap1-0", 261),
        ("chu1997/a05100", 1698),
        ("chu1997/b05100", 1843),
        ("chu1997/c05100", 1931),
    ],
)
def test_published_instances_come_near_their_best(name: str, best: int) -> None:
    problem = published(name)
    answer = solve_assignment(problem, seed=1, effort=10)
    assert answer.bound <= best + 1e-6
    assert best <= answer.cost <= 1.01 * best
    assert cost_of(problem, answer.chosen) == answer.cost


def test_same_seed_same_answer() -> None:
    problem = published("chu1997/d05100")
    one, two = (solve_assignment(problem, seed=7, effort=2) for _ in range(2))
    assert one.cost == two.cost
    assert one.bound == two.bound
    assert (one.chosen == two.chosen).all()


def test_a_start_is_never_made_worse() -> None:
    problem = published("chu1997/c05100")
    first = solve_assignment(problem, seed=1, effort=2)
    again = solve_assignment(
        problem, seed=2, effort=1, start=first.chosen, prices=first.item_price
    )
    assert again.cost <= first.cost
    assert again.bound >= first.bound


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_the_bound_is_below_the_best_at_any_prices(seed: int) -> None:
    problem = published("cattrysse1994/gap1-0")
    chance = np.random.default_rng(seed)
    prices = chance.uniform(-10, 60, problem.items)
    assert knapsack_bound(problem, prices) <= 261 + 1e-9
    assert knapsack_bound(problem, prices, width=4) <= 261 + 1e-9


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_the_bound_is_not_below_that_of_the_capacities_alone(seed: int) -> None:
    problem = random_problem(np.random.default_rng(seed))
    chance = np.random.default_rng(seed + 1)
    price = chance.uniform(0, 3, problem.agents)
    items = item_price_at(problem, price)
    plain = items.sum() - (price * problem.capacity[:, -1]).sum()
    assert knapsack_bound(problem, items) >= plain - 1e-6


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_more_capacity_never_raises_the_bound(seed: int) -> None:
    chance = np.random.default_rng(seed)
    problem = random_problem(chance)
    prices = chance.uniform(0, 20, problem.items)
    roomier = AssignmentProblem(
        problem.item_first,
        problem.candidate_agent,
        problem.candidate_cost,
        problem.candidate_use,
        problem.capacity + chance.uniform(0, 3, (problem.agents, 1)),
        problem.leave_out_price,
        problem.candidate_day,
    )
    assert knapsack_bound(roomier, prices) <= knapsack_bound(problem, prices) + 1e-9


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_no_capacity_is_broken_and_the_bound_is_below_the_cost(seed: int) -> None:
    problem = random_problem(np.random.default_rng(seed))
    answer = solve_assignment(problem, seed=seed, effort=2)
    assert (loads_of(problem, answer.chosen) <= problem.capacity * (1 + 1e-8)).all()
    assert answer.bound <= answer.cost + 1e-9
    assert answer.bound == pytest.approx(knapsack_bound(problem, answer.item_price))


def random_problem(chance: np.random.Generator) -> AssignmentProblem:
    """A dozen items with two or three days, uses that are no whole numbers."""
    items, agents, days = 12, 3, int(chance.integers(1, 4))
    each = chance.integers(1, 5, items)
    many = int(each.sum())
    return AssignmentProblem(
        np.concatenate([[0], np.cumsum(each)]),
        chance.integers(0, agents, many),
        chance.uniform(1, 10, many),
        chance.uniform(0, 4, many),
        np.cumsum(chance.uniform(1, 5, (agents, days)), axis=1),
        chance.uniform(5, 30, items),
        chance.integers(0, days, many),
    )


def test_arrays_that_do_not_agree_are_refused() -> None:
    with pytest.raises(InvalidInput):
        from_tables([[1.0]], [[-1.0]], [1.0])
    with pytest.raises(InvalidInput):
        AssignmentProblem(
            np.array([0, 1]),
            np.array([3]),
            np.array([1.0]),
            np.array([1.0]),
            np.array([1.0]),
        )


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_merged_states_never_make_the_bound_worse_than_splitting(seed: int) -> None:
    chance = np.random.default_rng(seed)
    items, days = 40, int(chance.integers(1, 4))
    use = chance.uniform(1, 9, items)
    price = chance.uniform(0, 3, (1, days))
    problem = AssignmentProblem(
        np.arange(items + 1),
        np.zeros(items, np.int64),
        chance.uniform(0, 5, items),
        use,
        np.cumsum(chance.uniform(5, 40, (1, days)), axis=1),
        chance.uniform(10, 40, items),
        chance.integers(0, days, items),
    )
    worth = item_price_at(problem, price)
    plain = float(worth.sum() - (price * problem.capacity).sum())
    assert knapsack_bound(problem, worth, width=2) >= plain - 1e-6
