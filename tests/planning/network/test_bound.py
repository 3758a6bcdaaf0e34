"""The bound by prices: worked by hand, recomputed naively, and its laws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.planning.network.bound import check_prices, lower_bound
from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.first_come import first_come, serve
from nearmade.planning.network.knapsacks import packing_bound
from nearmade.planning.network.plan import Prices
from nearmade.planning.network.problem import NO_LEG, NetworkProblem
from nearmade.planning.network.sample import sample_network
from nearmade.planning.network.weights import PricedProblem, Weights, price_problem
from nearmade.vocabulary.errors import InvalidInput
from tests.planning.network.small_plans import (
    drawn,
    made_of,
    order,
    part,
    priced_of,
    random_prices,
    two_sites,
)


def test_without_prices_the_bound_is_everybody_s_cheapest_choice() -> None:
    # Far: 3 USD, a leg of 1 USD; the hub's half hour is 5 USD: 9 USD each.
    priced = priced_of(made_of(two_sites(), order("a"), order("b")))
    assert lower_bound(priced, Prices.zero(priced.problem)) == pytest.approx(18.0)


def test_a_price_of_hours_is_paid_for_and_taken_off_at_the_capacity() -> None:
    # Near is 6 + 5 = 11. At 1 USD for far's hours until day 0, ready on day 0 costs
    # 3 USD more: 12. Near is cheaper: 11. Taken off: 4 h, the hours until day 0.
    priced = priced_of(made_of(two_sites(), order("a")))
    zero = Prices.zero(priced.problem)
    hour_usd = np.array([[0.0, 0.0], [1.0, 0.0]])
    # Assembly on day 3 is late by a day, 10 USD; day 2 needs far ready on day 0.
    assert lower_bound(priced, replace(zero, hour_usd=hour_usd)) == pytest.approx(7.0)


def test_energy_and_stock_and_hubs_are_paid_for_alike() -> None:
    priced = priced_of(made_of(two_sites(), order("a")))
    zero = Prices.zero(priced.problem)
    # 300 Wh at 1 cent are 3 USD: far 12, near 11; 400 Wh until day 0 cost 4 USD.
    energy = replace(zero, energy_usd=np.array([[0.0, 0.0], [0.01, 0.0]]))
    assert lower_bound(priced, energy) == pytest.approx(7.0)
    # 30 g at 10 cents are 3 USD; 50 g cost 5 USD.
    assert lower_bound(priced, replace(zero, stock_usd=np.array([0.1]))) == (
        pytest.approx(6.0)
    )
    # Half an hour on each day is 1 USD more; five days of one hour cost 10 USD.
    hub = replace(zero, hub_usd=np.full((1, 5), 2.0))
    assert lower_bound(priced, hub) == pytest.approx(0.0)


def test_what_needs_more_alone_than_there_is_is_no_choice() -> None:
    # Far's three hours are there by day 1, so a day late: 9 + 10. Near is 6 + 5 = 11.
    network = two_sites()
    network["sites"][1]["groups"][0]["hours"] = [2.0, 4.0]
    priced = priced_of(made_of(network, order("a")))
    assert lower_bound(priced, Prices.zero(priced.problem)) == pytest.approx(11.0)
    network["sites"][0]["groups"][0]["hours"] = 1.0
    priced = priced_of(made_of(network, order("a")))
    assert lower_bound(priced, Prices.zero(priced.problem)) == pytest.approx(19.0)


def fits_alone(problem: NetworkProblem, k: int, ready: int) -> bool:
    """Whether there is as much up to a day as a candidate needs by itself."""
    parts, there = problem.candidates, problem.resources
    site = there.group_site[parts.group[k]]
    stock = parts.stock[k]
    hours = there.group_hours[parts.group[k], : ready + 1].sum()
    energy = there.site_energy_wh[site, : ready + 1].sum()
    within = parts.hours[k] <= hours + 1e-9 and parts.energy_wh[k] <= energy + 1e-9
    return bool(within and (stock < 0 or parts.stock_g[k] <= there.stock_g[stock]))


def naive_bound(priced: PricedProblem, prices: Prices) -> float:
    """The formula of ``problem.py``, term by term in plain Python."""
    problem = priced.problem
    orders, parts, there = problem.orders, problem.candidates, problem.resources
    total = 0.0
    for o in range(len(orders.due_day)):
        best = orders.leave_out_usd[o]
        for w in range(orders.first_way[o], orders.first_way[o + 1]):
            day, slot, hub = orders.way_day[w], orders.way_slot[w], orders.way_hub[w]
            cost = priced.way_cost[w]
            if hub >= 0:
                cost += prices.hub_usd[hub, day] * orders.assembly_hours[o]
            for i in range(orders.first_component[o], orders.first_component[o + 1]):
                options = [np.inf]
                if parts.central_days[i, slot] <= day - 1:
                    options.append(priced.central_cost[i, slot])
                for k in range(parts.first_candidate[i], parts.first_candidate[i + 1]):
                    leg, group = int(parts.leg_days[k, slot]), parts.group[k]
                    if leg == NO_LEG or day - 1 - leg < 0:
                        continue
                    ready = min(day - 1 - leg, there.group_hours.shape[1] - 1)
                    site = there.group_site[group]
                    if not fits_alone(problem, k, ready):
                        continue
                    choice = priced.making_cost[k] + float(priced.leg_cost[k, slot])
                    choice += parts.hours[k] * prices.hour_usd[group, ready:].sum()
                    wh = prices.energy_usd[site, ready:].sum()
                    choice += parts.energy_wh[k] * wh
                    if parts.stock[k] >= 0:
                        choice += parts.stock_g[k] * prices.stock_usd[parts.stock[k]]
                    options.append(choice)
                cost += min(options)
            best = min(best, cost)
        total += best
    rows = (
        (prices.hour_usd, there.group_hours.cumsum(axis=1)),
        (prices.energy_usd, there.site_energy_wh.cumsum(axis=1)),
        (prices.stock_usd, there.stock_g),
        (prices.hub_usd, there.hub_hours),
    )
    for price, capacity in rows:
        total -= sum(p * c for p, c in zip(price.flat, capacity.flat, strict=True) if p)
    return float(total)


@given(drawn(), st.integers(0, 1000))
def test_the_compiled_bound_is_the_formula(priced: PricedProblem, seed: int) -> None:
    prices = random_prices(priced.problem, seed)
    check_prices(priced.problem, prices)
    assert lower_bound(priced, prices) == pytest.approx(naive_bound(priced, prices))


@given(drawn(), st.integers(0, 1000))
def test_no_plan_costs_less_than_the_bound_at_any_prices(
    priced: PricedProblem, seed: int
) -> None:
    prices = random_prices(priced.problem, seed)
    way, candidate = serve(priced, prices)
    found = evaluate(priced, way, candidate)
    assert found.stands
    bound = lower_bound(priced, prices)
    assert bound <= found.terms.cost_usd * (1 + 1e-9) + 1e-9


@given(drawn(), st.integers(0, 1000), st.integers(0, 1000), st.floats(0.0, 50.0))
def test_raising_a_capacity_never_raises_the_bound(
    priced: PricedProblem, seed: int, row: int, more: float
) -> None:
    prices = random_prices(priced.problem, seed)
    before = lower_bound(priced, prices)
    resources = priced.problem.resources
    hours = resources.group_hours.copy()
    hours[row % len(hours), row % hours.shape[1]] += more
    wider = replace(priced.problem, resources=replace(resources, group_hours=hours))
    after = lower_bound(replace(priced, problem=wider), prices)
    assert after <= before + 1e-9 * abs(before)


@given(st.integers(0, 1000), st.sampled_from([0.6, 1.2]))
def test_no_plan_costs_less_than_the_bound_by_packings(seed: int, load: float) -> None:
    problem = sample_network(10, orders=8, seed=seed, load=load, off_grid_fraction=0.5)
    priced = price_problem(problem, Weights())
    rng = np.random.default_rng(seed)
    parts = len(problem.candidates.first_candidate) - 1
    prices = replace(
        random_prices(problem, seed), component_usd=rng.uniform(0, 40, parts)
    )
    check_prices(problem, prices)
    bound = packing_bound(priced, prices)
    for rule in ("nearest", "cheapest"):
        assert bound <= first_come(priced, rule=rule).cost_usd * (1 + 1e-9)


def test_packings_leave_no_half_parts() -> None:
    # Assembled on day 2, near has 6 h until day 1: both parts of 3 h. Far has 4 h until
    # day 0: one part and not one and a third.
    priced = priced_of(made_of(two_sites(), order("a", part()), order("b", part())))
    one_way = replace_ways(priced)
    zero = Prices.zero(one_way.problem)
    worth = replace(zero, component_usd=np.array([8.0, 8.0]))
    # Each order: 5 + 8 = 13. Near gains 8 - 6 = 2 twice, far 8 - 4 = 4 once.
    assert packing_bound(one_way, worth) == pytest.approx(26.0 - 4.0 - 4.0)


def replace_ways(priced: PricedProblem) -> PricedProblem:
    """Keep of each order the way of assembly on day 2 alone."""
    orders = priced.problem.orders
    kept = np.flatnonzero(orders.way_day == 2)
    columns = {
        name: getattr(orders, name)[kept]
        for name in orders.__slots__
        if name.startswith("way_")
    }
    first = np.arange(len(orders.due_day) + 1, dtype=np.int32)
    fewer = replace(orders, first_way=first, **columns)
    return price_problem(replace(priced.problem, orders=fewer), priced.weights)


@pytest.mark.parametrize("worth", [-1.0, np.nan, np.inf])
@pytest.mark.parametrize("name", ["hour_usd", "stock_usd", "hub_usd"])
def test_prices_that_cannot_stand_are_refused(name: str, worth: float) -> None:
    priced = priced_of(made_of(two_sites()))
    zero = Prices.zero(priced.problem)
    values = getattr(zero, name).copy()
    values.flat[0] = worth
    with pytest.raises(InvalidInput, match=name):
        check_prices(priced.problem, replace(zero, **{name: values}))


def test_energy_on_the_grid_has_no_price() -> None:
    priced = priced_of(made_of(two_sites()))
    zero = Prices.zero(priced.problem)
    with pytest.raises(InvalidInput, match="no limit"):
        check_prices(
            priced.problem, replace(zero, energy_usd=np.array([[0.1, 0], [0, 0]]))
        )
    with pytest.raises(InvalidInput, match="shape"):
        check_prices(priced.problem, replace(zero, stock_usd=np.zeros(7)))
    with pytest.raises(InvalidInput, match="component_usd"):
        check_prices(priced.problem, replace(zero, component_usd=np.zeros(7)))


def test_worths_of_components_need_one_way_each() -> None:
    priced = priced_of(made_of(two_sites()))
    worth = replace(Prices.zero(priced.problem), component_usd=np.ones(1))
    with pytest.raises(InvalidInput, match="one way"):
        packing_bound(priced, worth)
