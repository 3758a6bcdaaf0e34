"""Cost term by term, use, and every fault of a choice; plans are found out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.planning.network.evaluate import FAULTS, evaluate
from nearmade.planning.network.first_come import Rule, first_come
from nearmade.planning.network.named_faults import named_faults
from nearmade.planning.network.plan import CENTRAL, LEFT_OUT, NetworkPlan, Prices
from nearmade.planning.network.verify import verify
from nearmade.planning.network.weights import PricedProblem, Weights
from nearmade.vocabulary.errors import InvalidInput
from tests.planning.network.small_plans import (
    drawn,
    made_of,
    order,
    part,
    priced_of,
    two_sites,
)


def ints(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.array(values, dtype=np.int32)


def test_the_terms_of_a_plan_worked_by_hand() -> None:
    # Ways: assembly on days 1, 2, 3. Day 3 is a day late. Far: 3 + 1; the hub: 5.
    made = made_of(two_sites(), order("a"), order("b"), order("c"))
    priced = priced_of(made, Weights(1.0, 0.0, 2.0, 10.0))
    found = evaluate(priced, ints(2, 4, LEFT_OUT), ints(1, CENTRAL, LEFT_OUT))
    terms = found.terms
    assert (terms.making_usd, terms.legs_usd) == (3.0, 1.0)
    assert (terms.assembly_usd, terms.central_usd) == (10.0, 20.0)
    assert (terms.time_usd, terms.lateness_usd) == (2 * 3 + 2 * 2, 10.0)
    assert terms.left_out_usd == 100.0
    assert terms.money_usd == 34.0
    assert terms.cost_usd == 34.0 + 10.0 + 10.0 + 100.0
    assert (terms.orders_late, terms.late_days) == (1, 1)
    assert (terms.orders_left_out, terms.components_central) == (1, 1)
    assert found.stands
    assert found.usage.group_hours.tolist() == [[0, 0], [0, 3]]
    assert found.usage.site_energy_wh.tolist() == [[0, 0], [0, 300]]
    assert found.usage.stock_g.tolist() == [30]
    assert found.usage.hub_hours.tolist() == [[0, 0, 0.5, 0.5, 0]]


def test_a_price_break_lowers_the_price_from_its_quantity_on() -> None:
    few, many = part("c1", quantity=9), part("c2", quantity=10)
    made = made_of(two_sites(), order("a", few, many))
    assert made.problem.candidates.making_usd.tolist() == [6.0, 3.0, 4.5, 3.0]


def test_a_named_leg_stands_before_the_rule() -> None:
    network = two_sites() | {
        "legs": [{"site": "far", "hub": "hub", "usd": 7.0, "gco2e": 5.0, "days": 0}]
    }
    candidates = made_of(network).problem.candidates
    assert candidates.leg_usd[:, 0].tolist() == [0.0, 7.0]
    assert candidates.leg_days[:, 0].tolist() == [0, 0]
    assert made_of(two_sites()).problem.candidates.leg_days[:, 0].tolist() == [0, 1]


def test_an_order_without_hubs_goes_straight_to_its_customer() -> None:
    problem = made_of(two_sites(), order("a", hubs=[])).problem
    assert set(problem.orders.way_hub.tolist()) == {-1}
    assert (problem.orders.way_delivered_day == problem.orders.way_day - 1).all()
    assert not problem.orders.way_usd.any()


@pytest.mark.parametrize(
    ("way", "candidate", "fault"),
    [
        ((9,), (0,), "order"),
        ((1,), (2,), "not its own"),
        ((LEFT_OUT,), (0,), "its order is left out"),
        ((1,), (LEFT_OUT,), "its order is not"),
        ((0,), (1,), "too late"),  # day 1, and a leg of one day
        ((0,), (CENTRAL,), "central factory"),  # day 1, bought it is there on day 1
    ],
)
def test_a_choice_that_may_not_stand_is_found(
    way: tuple[int, ...], candidate: tuple[int, ...], fault: str
) -> None:
    made = made_of(two_sites(), order("a"))
    priced = priced_of(made)
    plan = NetworkPlan(
        ints(*way), ints(*candidate), Prices.zero(made.problem), 0.0, 0.0
    )
    verdict = verify(priced, plan)
    assert not verdict.stands
    assert any(fault in one for one in named_faults(made, verdict))


def test_every_limit_that_is_passed_is_named_with_its_numbers() -> None:
    made = made_of(two_sites(), *(order(name) for name in "abcd"))
    priced = priced_of(made)
    # All four at far, ready on day 0: 12 of 4 h, 1200 of 400 Wh, 120 of 50 g, and
    # 2 of 1 hub hours on day 2.
    plan = NetworkPlan(
        ints(1, 4, 7, 10), ints(1, 3, 5, 7), Prices.zero(made.problem), 36.0, 36.0
    )
    verdict = verify(priced, plan)
    faults = named_faults(made, verdict)
    assert "group far-1: 12.00 h used up to day 0, 4.00 h there" in faults
    assert "site far: 1200.00 Wh used up to day 1, 500.00 Wh there" in faults
    assert "site far: 120.0 g of PLA used, 50.0 g there" in faults
    assert "hub hub: 2.00 h used on day 2, 1.00 h there" in faults


def test_a_plan_of_another_size_is_refused_or_told() -> None:
    made = made_of(two_sites(), order("a"))
    priced = priced_of(made)
    with pytest.raises(InvalidInput, match="1 orders and 1 components"):
        evaluate(priced, ints(0, 0), ints(0))
    plan = NetworkPlan(ints(0, 0), ints(0), Prices.zero(made.problem), 0.0, 0.0)
    verdict = verify(priced, plan)
    assert verdict.faults
    assert verdict.gap_fraction == np.inf
    assert named_faults(made, verdict) == [*verdict.faults]


@given(drawn(), st.sampled_from(["nearest", "cheapest"]))
def test_first_come_first_served_never_passes_a_limit(
    priced: PricedProblem, rule: Rule
) -> None:
    plan = first_come(priced, rule=rule)
    verdict = verify(priced, plan)
    assert verdict.stands
    assert plan.bound_usd <= plan.cost_usd * (1 + 1e-9)


def cheaper(plan: NetworkPlan) -> NetworkPlan:
    return replace(plan, cost_usd=plan.cost_usd * (1 - 1e-4))


def higher_bound(plan: NetworkPlan) -> NetworkPlan:
    return replace(plan, bound_usd=plan.bound_usd + 1.0)


def dearer_hour(plan: NetworkPlan) -> NetworkPlan:
    hour_usd = plan.prices.hour_usd.copy()
    hour_usd[0, 0] += 0.5
    return replace(plan, prices=replace(plan.prices, hour_usd=hour_usd))


def price_below_zero(plan: NetworkPlan) -> NetworkPlan:
    hour_usd = plan.prices.hour_usd.copy()
    hour_usd[-1, -1] = -0.5
    return replace(plan, prices=replace(plan.prices, hour_usd=hour_usd))


def dropped_order(plan: NetworkPlan) -> NetworkPlan:
    way = plan.way.copy()
    way[np.flatnonzero(way >= 0)[0]] = LEFT_OUT
    return replace(plan, way=way)


@pytest.mark.parametrize(
    "change", [cheaper, higher_bound, dearer_hour, price_below_zero, dropped_order]
)
@given(priced=drawn())
def test_a_tampered_plan_is_always_found_out(
    change: Callable[[NetworkPlan], NetworkPlan], priced: PricedProblem
) -> None:
    plan = first_come(priced)
    if not (plan.way >= 0).any():
        return
    assert verify(priced, plan).stands
    assert not verify(priced, change(plan)).stands


@given(drawn())
def test_a_lowered_capacity_is_found_out_where_a_plan_uses_it(
    priced: PricedProblem,
) -> None:
    plan = first_come(priced)
    used = evaluate(priced, plan.way, plan.candidate).usage.group_hours
    if not used[:, -1].any():
        return
    group = int(np.argmax(used[:, -1]))
    hours = priced.problem.resources.group_hours.copy()
    hours[group] *= 0.9 * used[group, -1] / hours[group].sum()
    resources = replace(priced.problem.resources, group_hours=hours)
    smaller = replace(priced, problem=replace(priced.problem, resources=resources))
    assert any("hours" in fault for fault in verify(smaller, plan).faults)


def test_every_fault_has_its_words() -> None:
    assert sorted(FAULTS) == [1, 2, 3, 4, 5, 6]
