"""Plans of orders whose hub is fixed: against exact optima, and by law."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from nearmade.planning.network.bound import lower_bound
from nearmade.planning.network.first_come import first_come
from nearmade.planning.network.fixed_hubs import has_fixed_hubs, lay_out
from nearmade.planning.network.fixed_prices import price_by_flow
from nearmade.planning.network.fixed_search import solve_fixed
from nearmade.planning.network.plan import NetworkPlan
from nearmade.planning.network.problem import NO_LEG
from nearmade.planning.network.sample import sample_network
from nearmade.planning.network.solve import PLAN_SHARE, solve_network
from nearmade.planning.network.verify import verify
from nearmade.planning.network.weights import PricedProblem, Weights, price_problem


def small_network(
    seed: int, *, days: int = 1, load: float = 0.75, orders: int = 24, scarce: float = 0
) -> PricedProblem:
    """A dozen facilities and their orders, each with its nearest hub."""
    problem = sample_network(
        10,
        orders=orders,
        seed=seed,
        load=load,
        days=days,
        candidates=5,
        outsourcing="dear" if seed % 2 else "normal",
        off_grid_fraction=scarce,
        scarce_fraction=scarce,
    )
    return price_problem(problem, Weights())


def solved(priced: PricedProblem, seed: int = 3, seconds: float = 0.1) -> NetworkPlan:
    """The plan, with no clock to end the search."""
    return solve_fixed(priced, seed=seed, seconds=seconds, clock=lambda: 0.0)


def program(
    priced: PricedProblem,
) -> tuple[np.ndarray, LinearConstraint, LinearConstraint]:
    """The problem as ``problem.py`` states it, written out term by term.

    Variables: whether each order is left out, each way, each (way, component, choice).
    """
    problem = priced.problem
    orders, cands, res = problem.orders, problem.candidates, problem.resources
    days = res.group_hours.shape[1]
    cost = list(orders.leave_out_usd) + list(priced.way_cost)
    count = len(orders.due_day)
    equal: list[tuple[int, int, float]] = [(o, o, 1.0) for o in range(count)]
    limits: dict[tuple[str, int, int], list[tuple[int, float]]] = {}
    row = count
    for o in range(count):
        for w in range(orders.first_way[o], orders.first_way[o + 1]):
            day, slot = int(orders.way_day[w]), int(orders.way_slot[w])
            equal.append((o, count + w, 1.0))
            if orders.way_hub[w] >= 0:
                limits.setdefault(("hub", int(orders.way_hub[w]), day), []).append(
                    (count + w, float(orders.assembly_hours[o]))
                )
            for i in range(orders.first_component[o], orders.first_component[o + 1]):
                equal.append((row, count + w, -1.0))
                if cands.central_days[i, slot] <= day - 1:
                    equal.append((row, len(cost), 1.0))
                    cost.append(float(priced.central_cost[i, slot]))
                for k in range(cands.first_candidate[i], cands.first_candidate[i + 1]):
                    leg = int(cands.leg_days[k, slot])
                    ready = min(day - 1 - leg, days - 1)
                    if leg == NO_LEG or ready < 0:
                        continue
                    at = len(cost)
                    equal.append((row, at, 1.0))
                    cost.append(
                        float(priced.making_cost[k]) + float(priced.leg_cost[k, slot])
                    )
                    group = int(cands.group[k])
                    site = int(res.group_site[group])
                    for later in range(ready, days):
                        limits.setdefault(("hours", group, later), []).append(
                            (at, float(cands.hours[k]))
                        )
                        limits.setdefault(("energy", site, later), []).append(
                            (at, float(cands.energy_wh[k]))
                        )
                    if cands.stock[k] >= 0:
                        limits.setdefault(("stock", int(cands.stock[k]), 0), []).append(
                            (at, float(cands.stock_g[k]))
                        )
                row += 1
    right = np.concatenate([np.ones(count), np.zeros(row - count)])
    return (
        np.array(cost),
        LinearConstraint(_matrix(equal, row, len(cost)), right, right),
        _limits(priced, limits, len(cost)),
    )


def _limits(
    priced: PricedProblem,
    limits: dict[tuple[str, int, int], list[tuple[int, float]]],
    columns: int,
) -> LinearConstraint:
    """Every resource that has an end, against what is there of it."""
    res = priced.problem.resources
    there = {
        "hours": res.group_hours.cumsum(axis=1),
        "energy": res.site_energy_wh.cumsum(axis=1),
        "stock": res.stock_g[:, None],
        "hub": res.hub_hours,
    }
    limits = {
        key: uses for key, uses in limits.items() if there[key[0]][key[1:]] < np.inf
    }
    use = [
        (at, variable, amount)
        for at, entries in enumerate(limits.values())
        for variable, amount in entries
    ]
    most = [float(there[name][a, b]) for name, a, b in limits]
    return LinearConstraint(_matrix(use, len(most), columns), -np.inf, most)


def _matrix(
    entries: list[tuple[int, int, float]], rows: int, columns: int
) -> csr_array:
    row, column, value = zip(*entries, strict=True)
    return csr_array((value, (row, column)), shape=(rows, columns))


def exact_optimum(priced: PricedProblem) -> float:
    """The least cost, by HiGHS."""
    cost, equal, most = program(priced)
    found = milp(
        cost,
        constraints=[equal, most],
        integrality=np.ones(len(cost), np.int8),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 1e-7},
    )
    assert found.success
    assert found.fun is not None
    return float(found.fun)


def relaxed_optimum(priced: PricedProblem) -> float:
    """The least cost where everything may be split, by HiGHS."""
    cost, equal, most = program(priced)
    found = milp(cost, constraints=[equal, most], bounds=Bounds(0, 1))
    assert found.success
    assert found.fun is not None
    return float(found.fun)


@pytest.mark.parametrize("seed", [4, 6])
def test_the_exact_optimum_lies_between_bound_and_cost(seed: int) -> None:
    priced = small_network(seed)
    plan = solved(priced)
    best = exact_optimum(priced)
    assert plan.bound_usd <= best * (1 + 1e-9)
    assert best <= plan.cost_usd * (1 + 1e-6)
    assert plan.cost_usd <= 1.02 * best


@pytest.mark.parametrize("seed", [2, 4])
def test_days_energy_and_stock_stay_between_bound_and_cost_too(seed: int) -> None:
    priced = small_network(seed, days=3, orders=8, scarce=0.5)
    plan = solved(priced, seconds=0.3)
    best = exact_optimum(priced)
    assert not verify(priced, plan).faults
    assert plan.bound_usd <= best * (1 + 1e-9)
    assert best <= plan.cost_usd * (1 + 1e-6)
    assert plan.cost_usd <= 1.05 * best


@pytest.mark.parametrize("seed", [1, 2, 5])
@pytest.mark.parametrize("load", [0.6, 0.9])
def test_prices_of_the_flow_prove_the_value_of_the_relaxation(
    seed: int, load: float
) -> None:
    priced = small_network(seed, load=load)
    found = price_by_flow(priced, lay_out(priced))
    assert found is not None
    relaxed = relaxed_optimum(priced)
    proven = lower_bound(priced, found.prices)
    assert proven <= relaxed * (1 + 1e-9)
    assert proven >= relaxed * 0.998  # work is counted in hundredths of a component


def test_there_is_no_flow_where_energy_is_scarce_as_well() -> None:
    priced = small_network(1, scarce=1.0)
    assert price_by_flow(priced, lay_out(priced)) is None


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(1, 10_000),
    days=st.sampled_from([1, 3]),
    load=st.floats(0.3, 2.0),
    scarce=st.sampled_from([0.0, 0.5]),
)
def test_every_plan_stands_and_costs_no_less_than_its_bound(
    seed: int, days: int, load: float, scarce: float
) -> None:
    priced = small_network(seed, days=days, load=load, scarce=scarce)
    assert has_fixed_hubs(priced.problem.orders)
    plan = solved(priced, seconds=0.02)
    verdict = verify(priced, plan)
    assert not verdict.faults
    assert verdict.bound_usd <= plan.cost_usd * (1 + 1e-9)


def test_a_plan_costs_less_than_first_come_first_served() -> None:
    priced = small_network(3, orders=60, load=0.8)
    plan = solved(priced)
    assert plan.cost_usd < first_come(priced, rule="nearest").cost_usd
    assert plan.cost_usd < first_come(priced, rule="cheapest").cost_usd


@pytest.mark.parametrize("days", [1, 3])
def test_the_same_seed_gives_the_same_plan(days: int) -> None:
    priced = small_network(4, days=days, orders=40)
    one, two = solved(priced, 7), solved(priced, 7)
    np.testing.assert_array_equal(one.candidate, two.candidate)
    np.testing.assert_array_equal(one.way, two.way)
    assert one.cost_usd == two.cost_usd


def test_time_ends_the_search_with_a_plan_that_stands() -> None:
    priced = small_network(5, orders=60)
    now = iter(range(10_000))
    plan = solve_fixed(priced, seed=1, seconds=5.0, clock=lambda: float(next(now)))
    assert not verify(priced, plan).faults


def test_progress_tells_a_bound_then_plans_that_never_get_dearer() -> None:
    priced = small_network(6, orders=60)
    told: list[tuple[float, float]] = []
    solve_fixed(
        priced,
        seed=1,
        seconds=0.1,
        clock=lambda: 0.0,
        progress=lambda cost, bound, seconds: told.append((cost, bound)),
    )
    costs = [cost for cost, _ in told]
    assert costs[0] == np.inf
    assert costs == sorted(costs, reverse=True)
    assert told[-1][0] < np.inf
    assert all(bound == told[0][1] for _, bound in told)


def test_orders_with_one_way_each_are_planned_by_this_search() -> None:
    priced = small_network(8)
    plan = solve_network(priced, seed=3, seconds=0.1, clock=lambda: 0.0)
    by_this = solved(priced, seconds=0.1 * PLAN_SHARE)
    np.testing.assert_array_equal(plan.candidate, by_this.candidate)
