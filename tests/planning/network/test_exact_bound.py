"""The bound by packings of any ways: worked by hand, its laws, its record."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from nearmade.planning.network.bound import lower_bound
from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.exact_bound import (
    check_payments,
    payments_at,
    payments_bound,
)
from nearmade.planning.network.first_come import first_come, serve
from nearmade.planning.network.plan import NetworkPlan, Prices
from nearmade.planning.network.plan_record import (
    Made,
    Origin,
    plan_from_record,
    plan_record,
)
from nearmade.planning.network.sample import sample_network
from nearmade.planning.network.solve import solve_network
from nearmade.planning.network.verify import proven_bound, verify
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
from tests.planning.network.test_records import SCHEMA


def one_machine() -> Made:
    """Two orders of one component of 2 h; the one machine that can has 3 h."""
    network = two_sites() | {"days": 1}
    for site in network["sites"]:
        site.pop("energy_wh", None)
        for group in site["groups"]:
            group["hours"] = 3.0
    made = {
        "groups": ["near-1"],
        "hours": 2.0,
        "energy_wh": 0.0,
        "usd": [4.0],
        "gco2e": 0.0,
    }
    piece = part(candidates=made)
    return made_of(network, order("a", piece), order("b", piece))


def with_payments(priced: PricedProblem, use: float) -> Prices:
    """Every candidate pays so much, on every day."""
    problem = priced.problem
    days = problem.resources.group_hours.shape[1]
    return replace(
        Prices.zero(problem),
        use_usd=np.full((len(problem.candidates.hours), days), use),
        way_usd=np.zeros(len(problem.orders.way_day)),
    )


def test_a_machine_that_holds_one_piece_of_two_is_paid_for_one() -> None:
    # Made: 5 (assembly) + 4 = 9, bought: 5 + 20 = 25. Only one can be made: 34.
    # By hours, one and a half are made: at most 2 x 5 + 1.5 x 4 + 0.5 x 20 = 26.
    # Paid 16 each, both orders pay 25; the machine packs one of them: 50 - 16.
    priced = priced_of(one_machine())
    by_hours = max(
        lower_bound(priced, replace(zero, hour_usd=np.array([[usd], [0.0]])))
        for zero in [Prices.zero(priced.problem)]
        for usd in np.linspace(0, 20, 201)
    )
    assert by_hours == pytest.approx(26.0)
    assert payments_bound(priced, with_payments(priced, 16.0)) == pytest.approx(34.0)


def test_a_small_network_is_planned_with_a_bound_that_splits_no_piece() -> None:
    priced = priced_of(one_machine())
    plan = solve_network(priced, seed=1, seconds=1.0, clock=lambda: 0.0)
    assert plan.cost_usd == pytest.approx(34.0)
    assert plan.gap_fraction < 1e-3
    assert verify(priced, plan).stands


def test_a_small_busy_network_gains_from_time_and_from_payments() -> None:
    problem = sample_network(
        20, orders=16, seed=3, load=0.9, hubs=2, candidates=6, days=3
    )
    priced = price_problem(problem, Weights())
    plan = solve_network(priced, seed=1, seconds=2.0, clock=lambda: 0.0)
    again = solve_network(priced, seed=1, seconds=2.0, clock=lambda: 0.0)
    assert (plan.cost_usd, plan.bound_usd) == (again.cost_usd, again.bound_usd)
    assert plan.bound_usd > 1.001 * lower_bound(priced, plan.prices)
    assert verify(priced, plan).stands


@given(drawn(), st.integers(0, 1000))
def test_no_plan_costs_less_than_the_bound_at_any_payments(
    priced: PricedProblem, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    prices = random_prices(priced.problem, seed)
    orders = priced.problem.orders
    paid = replace(
        prices,
        use_usd=rng.uniform(0, 20, with_payments(priced, 0.0).use_usd.shape),
        way_usd=rng.uniform(0, 20, len(orders.way_day)) * (orders.way_hub >= 0),
    )
    check_payments(priced.problem, paid)
    found = evaluate(priced, *serve(priced, prices))
    assert payments_bound(priced, paid) <= found.terms.cost_usd * (1 + 1e-9) + 1e-9


@given(drawn(), st.integers(0, 1000))
def test_hours_at_their_price_as_payments_are_no_worse_than_the_bound_by_hours(
    priced: PricedProblem, seed: int
) -> None:
    prices = random_prices(priced.problem, seed)
    use, way = payments_at(priced, prices)
    bound = payments_bound(priced, replace(prices, use_usd=use, way_usd=way))
    by_hours = lower_bound(priced, prices)
    assert bound >= by_hours - 1e-6 * max(1.0, abs(by_hours))


def recorded(made: Made, plan: NetworkPlan, priced: PricedProblem) -> dict[str, Any]:
    evaluation = evaluate(priced, plan.way, plan.candidate)
    origin = Origin("N.json", "O.json", "0" * 64, "1" * 64)
    record = plan_record(made, plan, priced.weights, evaluation, origin)
    read: dict[str, Any] = json.loads(json.dumps(record))
    return read


def test_payments_come_back_from_a_record_and_prove_the_same() -> None:
    made = one_machine()
    priced = priced_of(made)
    plan = solve_network(priced, seed=1, seconds=1.0, clock=lambda: 0.0)
    record = recorded(made, plan, priced)
    schema = json.loads(SCHEMA.read_text())
    Draft202012Validator(schema).validate(record)
    read = plan_from_record(record, made)
    np.testing.assert_array_equal(read.prices.use_usd, plan.prices.use_usd)
    assert proven_bound(priced, read) == plan.bound_usd
    assert verify(priced, read).stands


def test_a_changed_payment_is_found() -> None:
    made = one_machine()
    priced = priced_of(made)
    plan = solve_network(priced, seed=1, seconds=1.0, clock=lambda: 0.0)
    record = recorded(made, plan, priced)
    for change in (-1.0, 1.0):
        changed = copy.deepcopy(record)
        changed["prices"]["use_usd"][0]["usd"] += change
        assert not verify(priced, plan_from_record(changed, made)).stands


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"group": "far-1"}, "names no choice"),
        ({"component": 7}, "names no choice"),
        ({"ready_day": 4}, "ready_day"),
        ({"usd": -1.0}, "usd"),
    ],
)
def test_a_payment_for_nothing_is_refused(change: dict[str, Any], said: str) -> None:
    made = one_machine()
    priced = priced_of(made)
    plan = solve_network(priced, seed=1, seconds=1.0, clock=lambda: 0.0)
    record = recorded(made, plan, priced)
    record["prices"]["use_usd"][0] |= change
    with pytest.raises(InvalidInput, match=said):
        plan_from_record(record, made)


def test_a_payment_that_is_there_twice_is_refused() -> None:
    made = one_machine()
    priced = priced_of(made)
    plan = solve_network(priced, seed=1, seconds=1.0, clock=lambda: 0.0)
    record = recorded(made, plan, priced)
    record["prices"]["use_usd"].append(record["prices"]["use_usd"][0])
    with pytest.raises(InvalidInput, match="twice"):
        plan_from_record(record, made)


def test_payments_of_the_wrong_kind_are_refused() -> None:
    priced = priced_of(one_machine())
    good = with_payments(priced, 1.0)
    for wrong in (
        replace(good, use_usd=good.use_usd[1:]),
        replace(good, use_usd=-good.use_usd),
        replace(good, way_usd=np.zeros(1)),
    ):
        with pytest.raises(InvalidInput, match=r"use_usd|way_usd"):
            check_payments(priced.problem, wrong)
    straight = price_problem(sample_network(10, orders=3, seed=1, hubs=0), Weights())
    zero = with_payments(straight, 0.0)
    paid = replace(zero, way_usd=np.ones_like(zero.way_usd))
    with pytest.raises(InvalidInput, match="pays a hub"):
        check_payments(straight.problem, paid)


def test_what_carries_on_from_a_plan_leaves_its_payments_behind() -> None:
    priced = priced_of(one_machine())
    plan = solve_network(priced, seed=1, seconds=1.0, clock=lambda: 0.0)
    assert plan.prices.use_usd.size
    assert not plan.prices.of_resources().use_usd.size
    simple = first_come(priced)
    assert proven_bound(priced, simple) <= simple.cost_usd
