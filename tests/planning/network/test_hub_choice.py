"""Free hub choice: bounds and plans of small networks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.planning.network.arrays import build_problem
from nearmade.planning.network.bound import lower_bound
from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.first_come import first_come
from nearmade.planning.network.hub_choice import improve_plan, solve_hubs
from nearmade.planning.network.hub_list import whole_list
from nearmade.planning.network.hub_prices import Limits, exact_bound, find_prices
from nearmade.planning.network.orders_record import orders_from_record, orders_record
from nearmade.planning.network.plan import LEFT_OUT, NetworkPlan, Prices
from nearmade.planning.network.sample import SampleWish, sample_network, sample_tables
from nearmade.planning.network.solve import solve_network
from nearmade.planning.network.verify import verify
from nearmade.planning.network.weights import PricedProblem, Weights, price_problem
from tests.planning.network.whole_program import optimum_usd


def small_network(
    seed: int, *, days: int = 1, load: float = 0.75, orders: int = 40
) -> PricedProblem:
    """A dozen facilities and their orders; some off the grid, some short of stock."""
    problem = sample_network(
        12,
        orders=orders,
        seed=seed,
        load=load,
        hubs=4,
        days=days,
        candidates=6,
        off_grid_fraction=0.3,
        scarce_fraction=0.3,
    )
    return price_problem(problem, Weights())


def solved(priced: PricedProblem, seed: int = 3) -> NetworkPlan:
    """The plan without any limit on time."""
    return solve_hubs(priced, seed=seed, seconds=0.1, clock=lambda: 0.0)


@pytest.mark.parametrize(("days", "orders"), [(1, 6), (4, 6)])
def test_bound_optimum_and_cost_stand_in_that_order(days: int, orders: int) -> None:
    priced = small_network(7, days=days, orders=orders)
    plan = solved(priced)
    least, most = optimum_usd(priced)
    assert plan.bound_usd <= most * (1 + 1e-6)
    assert plan.cost_usd >= least * (1 - 1e-6)
    assert plan.cost_usd <= 1.05 * most


@pytest.mark.parametrize("days", [1, 4])
def test_prices_come_near_the_linear_programs_value(days: int) -> None:
    priced = small_network(9, days=days, orders=30)
    split, _ = optimum_usd(priced, whole=False)
    bound = find_prices(priced, whole_list(priced)).bound_usd
    assert 0.99 * split <= bound <= split * (1 + 1e-9)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), days=st.sampled_from([1, 3, 5]))
def test_a_plan_stands_and_its_bound_is_proven_by_its_prices(
    seed: int, days: int
) -> None:
    priced = small_network(seed, days=days)
    plan = solved(priced)
    assert evaluate(priced, plan.way, plan.candidate).stands
    assert plan.bound_usd <= plan.cost_usd
    assert not verify(priced, plan).faults


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), days=st.sampled_from([1, 4]))
def test_the_list_of_choices_proves_what_the_check_proves(seed: int, days: int) -> None:
    priced = small_network(seed, days=days)
    limits = Limits.of(priced.problem.resources)
    chance = np.random.default_rng(seed)
    flat = np.where(limits.limited, chance.exponential(1.0, limits.limited.size), 0.0)
    prices = limits.prices(flat * 0.01)
    assert exact_bound(whole_list(priced), limits, limits.flat(prices)) == (
        pytest.approx(lower_bound(priced, prices), rel=1e-6)
    )


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), more=st.floats(0.0, 2.0))
def test_more_hub_hours_never_raise_the_bound(seed: int, more: float) -> None:
    priced = small_network(seed, days=3)
    resources = priced.problem.resources
    prices = Prices.zero(priced.problem)
    chance = np.random.default_rng(seed)
    prices = replace(prices, hub_usd=chance.exponential(2.0, prices.hub_usd.shape))
    wider = replace(
        priced,
        problem=replace(
            priced.problem,
            resources=replace(resources, hub_hours=resources.hub_hours * (1 + more)),
        ),
    )
    assert lower_bound(wider, prices) <= lower_bound(priced, prices) + 1e-9


def test_the_same_seed_gives_the_same_plan() -> None:
    priced = small_network(2)
    one, two = solved(priced), solved(priced)
    np.testing.assert_array_equal(one.candidate, two.candidate)
    np.testing.assert_array_equal(one.way, two.way)
    assert (one.cost_usd, one.bound_usd) == (two.cost_usd, two.bound_usd)


def test_a_start_is_never_made_worse() -> None:
    priced = small_network(3)
    first = solved(priced)
    second = solve_hubs(priced, seed=8, seconds=0.0, clock=lambda: 0.0, start=first)
    assert second.cost_usd <= first.cost_usd
    assert second.bound_usd >= first.bound_usd * (1 - 1e-9)


@pytest.mark.parametrize("days", [1, 4])
def test_a_plan_is_improved_from_where_it_stands(days: int) -> None:
    priced = small_network(5, days=days)
    best = solved(priced)
    simple = replace(first_come(priced), prices=best.prices, bound_usd=best.bound_usd)
    better = improve_plan(priced, simple, seed=1, seconds=0.1, clock=lambda: 0.0)
    assert better.cost_usd < simple.cost_usd
    assert verify(priced, better).stands
    again = improve_plan(priced, better, seed=1, seconds=0.1, clock=lambda: 0.0)
    assert again.cost_usd <= better.cost_usd


def test_a_plan_of_nothing_stays_as_it_is() -> None:
    priced = small_network(5)
    none = np.zeros(0, np.int32)
    plan = NetworkPlan(none, none, Prices.zero(priced.problem), 0.0, 0.0)
    assert improve_plan(priced, plan, seed=1, seconds=1.0, clock=float) is plan


def test_time_that_is_over_still_gives_a_plan_that_stands() -> None:
    priced = small_network(4)
    ticks = iter(range(10**9))
    told: list[tuple[float, float]] = []

    def progress(cost_usd: float, bound_usd: float, seconds: float) -> None:
        told.append((cost_usd, bound_usd))
        assert seconds > 0

    plan = solve_hubs(
        priced,
        seed=1,
        seconds=0.5,
        clock=lambda: float(next(ticks)),
        progress=progress,
    )
    assert verify(priced, plan).stands
    assert told
    assert all(bound <= plan.cost_usd for _, bound in told)


def test_no_orders_need_no_plan() -> None:
    problem = sample_network(12, orders=1, seed=1, hubs=3)
    orders, candidates = problem.orders, problem.candidates
    none = np.zeros(1, np.int32)
    empty = replace(
        problem,
        orders=replace(
            orders,
            first_component=none,
            first_way=none,
            assembly_hours=np.zeros(0),
            due_day=np.zeros(0, np.int16),
            leave_out_usd=np.zeros(0),
            way_hub=np.zeros(0, np.int32),
            way_slot=np.zeros(0, np.int8),
            way_day=np.zeros(0, np.int16),
            way_delivered_day=np.zeros(0, np.int16),
            way_usd=np.zeros(0),
            way_gco2e=np.zeros(0),
        ),
        candidates=replace(candidates, first_candidate=none),
    )
    plan = solved(price_problem(empty, Weights()))
    assert (plan.cost_usd, plan.bound_usd, plan.way.size) == (0.0, 0.0, 0)


def with_costs(priced: PricedProblem, **costs: float) -> PricedProblem:
    """The same problem where every choice of a kind costs so much."""
    return replace(
        priced,
        **{
            name: np.full_like(getattr(priced, name), usd)
            for name, usd in costs.items()
        },
    )


@pytest.mark.parametrize("usd", [1e3, 1e7, 1e12])
def test_orders_that_cost_more_than_leaving_them_out_are_left_out(usd: float) -> None:
    priced = with_costs(small_network(3, days=3, orders=5), way_cost=usd)
    plan = solved(priced)
    assert (plan.way == LEFT_OUT).all()
    assert verify(priced, plan).stands


@pytest.mark.parametrize("usd", [1e7, 1e10, 1e14])
def test_a_price_beyond_all_others_does_not_end_the_search(usd: float) -> None:
    priced = small_network(3, days=3, orders=5)
    dear = priced.making_cost.copy()
    dear[::2] = usd
    priced = replace(priced, making_cost=dear)
    assert verify(priced, solved(priced)).stands


@pytest.mark.parametrize("scarce", [0.0, 0.5])
def test_without_any_candidate_all_is_bought_or_left_out(scarce: float) -> None:
    wish = SampleWish(12, 4, 1, hubs=2, days=3, candidates=4, scarce_fraction=scarce)
    network, book = sample_tables(wish)
    none = np.zeros_like(book.first_candidate)
    empty = {
        name: getattr(book, name)[:0]
        for name in ("group", "hours", "energy_wh", "usd", "gco2e")
    }
    priced = price_problem(
        build_problem(network, replace(book, first_candidate=none, **empty)), Weights()
    )
    plan = solved(priced)
    assert (plan.candidate < 0).all()
    assert verify(priced, plan).stands


def test_a_network_without_orders_has_an_empty_plan() -> None:
    network, book = sample_tables(SampleWish(12, 4, 1, hubs=2, days=3, candidates=4))
    record = orders_record(book, network) | {"orders": []}
    problem = build_problem(network, orders_from_record(record, network))
    priced = price_problem(problem, Weights())
    plan = solve_network(priced, seed=1, seconds=1.0, clock=lambda: 0.0)
    assert (plan.way.size, plan.cost_usd, plan.bound_usd) == (0, 0.0, 0.0)
    assert verify(priced, plan).stands


def test_where_leaving_out_costs_nothing_all_is_left_out() -> None:
    priced = small_network(3, days=3, orders=5)
    orders = replace(priced.problem.orders, leave_out_usd=np.zeros(5))
    priced = replace(priced, problem=replace(priced.problem, orders=orders))
    plan = solved(priced)
    assert (plan.way == LEFT_OUT).all()
    assert verify(priced, plan).stands
