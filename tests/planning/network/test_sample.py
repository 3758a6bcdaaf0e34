"""Invented networks: as wished, the same for the same seed, and labelled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nearmade.planning.network.bound import lower_bound
from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.first_come import first_come
from nearmade.planning.network.knapsacks import packing_bound
from nearmade.planning.network.legs import component_legs, unit_vectors
from nearmade.planning.network.named_faults import named_faults
from nearmade.planning.network.plan import NetworkPlan, Prices
from nearmade.planning.network.plan_record import (
    Made,
    Origin,
    plan_record,
    stated_faults,
)
from nearmade.planning.network.sample import SampleWish, sample_network, sample_tables
from nearmade.planning.network.tables import LegRule
from nearmade.planning.network.verify import TOLD, verify
from nearmade.planning.network.weights import Weights, price_problem
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.place import EARTH_RADIUS_KM
from tests.planning.network.small_plans import made_of, order, priced_of, two_sites


def test_the_load_is_that_of_the_cheapest_candidates() -> None:
    network, book = sample_tables(SampleWish(200, seed=3, load=0.75, hubs=0, days=3))
    leg_usd, _, _ = component_legs(network, book)
    cost = book.usd + leg_usd[:, 0]
    cheapest = [
        book.hours[start + int(np.argmin(cost[start:end]))]
        for start, end in zip(
            book.first_candidate[:-1].tolist(),
            book.first_candidate[1:].tolist(),
            strict=True,
        )
        if end > start
    ]
    assert sum(cheapest) / network.group_hours.sum() == pytest.approx(0.75)
    assert "synthetic" in network.note


def test_candidates_can_make_what_they_are_candidates_of() -> None:
    network, book = sample_tables(SampleWish(100, seed=5))
    part = np.repeat(np.arange(len(book.component_id)), np.diff(book.first_candidate))
    bits = network.group_materials[book.group] >> book.component_material[part]
    assert (bits & 1 == 1).all()
    assert (network.group_bed_mm[book.group] >= book.component_bed_mm[part]).all()
    assert np.diff(book.first_candidate).max() == 16
    assert 2.2 < len(book.component_id) / len(book.order_id) < 2.7


def test_another_day_has_other_orders_for_the_same_network() -> None:
    wish = SampleWish(50, seed=2, off_grid_fraction=0.5)
    monday, orders = sample_tables(wish)
    tuesday, others = sample_tables(replace(wish, day=1))
    np.testing.assert_array_equal(monday.group_hours, tuesday.group_hours)
    np.testing.assert_array_equal(monday.site_energy_wh, tuesday.site_energy_wh)
    assert not np.array_equal(orders.order_lat_deg, others.order_lat_deg)


def test_the_same_wish_gives_the_same_problem() -> None:
    one, two = (sample_network(40, seed=9, hubs=3, days=5) for _ in range(2))
    for rows in ("orders", "candidates", "resources"):
        a, b = getattr(one, rows), getattr(two, rows)
        for name in a.__slots__:
            np.testing.assert_array_equal(getattr(a, name), getattr(b, name))


def test_dear_outsourcing_costs_ten_to_fifteen_times_the_mean() -> None:
    problem = sample_network(40, hubs=0, outsourcing="dear")
    parts = problem.candidates
    cost = parts.making_usd + parts.leg_usd[:, 0]
    mean = np.add.reduceat(cost, parts.first_candidate[:-1])
    mean /= np.diff(parts.first_candidate)
    times = parts.central_usd[:, 0] / mean
    assert times.min() >= 10 - 1e-3
    assert times.max() <= 15 + 1e-3


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({"facilities": 9}, "facilities 9 must be 10"),
        ({"orders": 0}, "orders 0"),
        ({"hubs": 6}, "hubs 6"),
        ({"days": 0}, "days 0"),
        ({"load": 0.0}, "load"),
        ({"load": float("nan")}, "load"),
        ({"off_grid_fraction": 1.5}, "off_grid_fraction"),
    ],
)
def test_a_wish_out_of_range_is_refused(wish: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        SampleWish(**({"facilities": 20} | wish))


def test_the_rule_of_legs_and_weights_refuse_what_means_nothing() -> None:
    with pytest.raises(InvalidInput, match="usd_per_km"):
        LegRule(usd_per_km=float("inf"))
    with pytest.raises(InvalidInput, match="km_per_day"):
        LegRule(km_per_day=0.0)
    with pytest.raises(InvalidInput, match="carbon_usd_per_t"):
        Weights(carbon_usd_per_t=-1.0)


def test_a_degree_of_the_meridian_is_a_ninetieth_of_its_quarter() -> None:
    north, here = unit_vectors(np.array([1.0, 0.0]), np.zeros(2))
    angle = np.arccos(north @ here)
    assert angle * EARTH_RADIUS_KM == pytest.approx(111.19, abs=0.01)


def test_a_plan_below_its_bound_has_no_gap_and_none_without_a_bound_an_endless() -> (
    None
):
    zero = Prices.zero(made_of(two_sites()).problem)
    none = np.zeros(1, np.int32)
    assert NetworkPlan(none, none, zero, 1.0, 2.0).gap_fraction == 0.0
    assert NetworkPlan(none, none, zero, 1.0, 0.0).gap_fraction == np.inf
    assert NetworkPlan(none, none, zero, 103.0, 100.0).gap_fraction == (
        pytest.approx(0.03)
    )


def test_a_plan_with_worths_of_components_is_checked_by_the_better_bound() -> None:
    problem = sample_network(20, seed=4, load=1.1, outsourcing="dear")
    priced = price_problem(problem, Weights())
    plan = first_come(priced)
    worth = np.full(len(plan.candidate), 12.0)
    prices = replace(plan.prices, component_usd=worth)
    better = max(packing_bound(priced, prices), lower_bound(priced, prices))
    proven = replace(plan, prices=prices, bound_usd=better)
    assert verify(priced, proven).stands
    assert not verify(priced, replace(proven, bound_usd=better + 1.0)).stands


def test_many_faults_are_told_up_to_a_number_and_then_counted() -> None:
    made = made_of(two_sites(), *(order(f"o{n}") for n in range(30)))
    priced = priced_of(made)
    plan = first_come(priced)
    wrong = replace(plan, way=np.full(30, 999, np.int32))
    verdict = verify(priced, wrong)
    assert len(verdict.faults) < 30
    assert any(fault.startswith("and ") for fault in verdict.faults)
    told = named_faults(made, verdict)
    assert sum("o1" in fault for fault in told) <= TOLD
    assert any("more of this kind" in fault for fault in told)


def test_terms_and_days_that_are_stated_otherwise_are_named() -> None:
    made: Made = made_of(two_sites(), order("a"))
    priced = priced_of(made)
    plan = first_come(priced)
    evaluation = evaluate(priced, plan.way, plan.candidate)
    origin = Origin("N", "O", "0" * 64, "0" * 64)
    record = plan_record(made, plan, priced.weights, evaluation, origin)
    verdict = verify(priced, plan)
    assert stated_faults(record, made, plan, verdict) == []
    record["terms"] |= {"legs_usd": 7.0}
    record["gap_fraction"] = None
    record["orders"][0]["delivered_day"] = 0
    faults = stated_faults(record, made, plan, verdict)
    assert [fault.split(":")[0] for fault in faults] == [
        "order a",
        "terms.legs_usd",
        "gap_fraction",
    ]


def test_a_promise_that_is_not_kept_is_named() -> None:
    made = made_of(two_sites(), order("a"), order("b", leave_out_usd=0.0))
    priced = priced_of(made)
    plan = first_come(priced)
    evaluation = evaluate(priced, plan.way, plan.candidate)
    origin = Origin("N", "O", "0" * 64, "0" * 64)
    promises = {
        "a": {"price_usd": 11.0, "delivered_day": 0},
        "b": {"price_usd": 11.0, "delivered_day": 2},
    }
    record = plan_record(
        made, plan, priced.weights, evaluation, origin, promises=promises
    )
    there = record["orders"][0]["delivered_day"]
    assert stated_faults(record, made, plan, verify(priced, plan)) == [
        f"order a: promised by day 0, it comes on {there}",
        "order b: promised by day 2, it is left out",
    ]
    record["promises"]["a"]["delivered_day"] = -1
    with pytest.raises(InvalidInput, match=r"promises\.a\.delivered_day"):
        stated_faults(record, made, plan, verify(priced, plan))
