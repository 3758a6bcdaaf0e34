"""What electricity emits and costs by day: the plan chooses site and day by it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.planning.network.arrays import build_problem
from nearmade.planning.network.bound import lower_bound
from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.first_come import first_come
from nearmade.planning.network.network_record import network_from_record
from nearmade.planning.network.orders_record import orders_from_record
from nearmade.planning.network.plan import NetworkPlan
from nearmade.planning.network.plan_record import Made, order_records
from nearmade.planning.network.sample import SampleWish, sample_tables
from nearmade.planning.network.scenarios import choices_for
from nearmade.planning.network.solve import solve_network
from nearmade.planning.network.verify import verify
from nearmade.planning.network.weights import PricedProblem, Weights, price_problem
from nearmade.vocabulary.errors import InvalidInput
from tests.planning.network.small_plans import (
    made_of,
    order,
    orders,
    priced_of,
    random_prices,
    two_sites,
)

#: A gram costs 0.001 USD, a day late 10 USD.
CARBON = Weights(1.0, 1000.0, 0.0, 10.0)


def told(site: int, **figures: Any) -> dict[str, Any]:
    """The two sites; one tells what its electricity emits or costs by day."""
    network = two_sites()
    network["sites"][site]["electricity"] = figures
    return network


def solved(priced: PricedProblem) -> NetworkPlan:
    return solve_network(priced, seed=1, seconds=0.0, clock=lambda: 0.0)


def chosen(made: Made, weights: Weights) -> dict[str, Any]:
    """Plan one order and tell where and when its component is made."""
    plan = solved(priced_of(made, weights))
    entry = order_records(made, plan)[0]
    return {
        "group": entry["components"][0].get("group"),
        "ready_day": entry["components"][0].get("ready_day"),
        "assembly_day": entry["assembly_day"],
        "cost_usd": plan.cost_usd,
    }


def at_near_only() -> dict[str, Any]:
    """An order whose component only the site beside the hub makes."""
    one = order()
    one["components"][0]["candidates"] = {
        "groups": ["near-1"],
        "hours": 2.5,
        "energy_wh": 300.0,
        "usd": 6.0,
        "gco2e": 50.0,
    }
    return one


@pytest.mark.parametrize(
    ("gco2e_per_kwh", "ready_day"), [([900.0, 100.0], 1), ([100.0, 900.0], 0)]
)
def test_the_day_with_the_least_carbon_is_taken(
    gco2e_per_kwh: list[float], ready_day: int
) -> None:
    made = made_of(told(0, gco2e_per_kwh=gco2e_per_kwh), at_near_only())
    found = chosen(made, CARBON)
    # 6 USD of making, 0.5 h of assembly at 10 USD, 50 g of material and 0.3 kWh at
    # 100 g on the better day: 80 g cost 0.08 USD; nothing travels.
    assert found == {
        "group": "near-1",
        "ready_day": ready_day,
        "assembly_day": ready_day + 1,
        "cost_usd": pytest.approx(11.08),
    }


def test_carbon_decides_the_site_where_it_has_a_price() -> None:
    made = made_of(told(1, gco2e_per_kwh=[5000.0, 4000.0]), order())
    # Far makes for 3 USD and carries for 1 USD, near makes for 6 USD; 0.3 kWh at far
    # emit 1,500 g on the day that reaches the hub in time: 3 USD at 2,000 USD/t.
    dear = chosen(made, Weights(1.0, 2000.0, 0.0, 10.0))
    free = chosen(made, Weights(1.0, 0.0, 0.0, 10.0))
    assert (dear["group"], dear["cost_usd"]) == ("near-1", pytest.approx(11.0))
    assert (free["group"], free["cost_usd"]) == ("far-1", pytest.approx(9.0))


def test_a_tariff_by_day_moves_work_to_the_cheap_day_and_counts_as_making() -> None:
    made = made_of(told(0, usd_per_kwh=[2.0, 0.5]), at_near_only())
    priced = priced_of(made)
    plan = solved(priced)
    terms = evaluate(priced, plan.way, plan.candidate).terms
    # 6 USD and 0.3 kWh at 0.50 USD; nothing travels.
    assert terms.making_usd == pytest.approx(6.15)
    assert terms.legs_usd == pytest.approx(0.0)
    assert plan.cost_usd == pytest.approx(11.15)


def test_one_figure_for_all_days_is_as_if_candidates_had_counted_it() -> None:
    flat = made_of(told(0, gco2e_per_kwh=400.0), at_near_only())
    counted = at_near_only()
    counted["components"][0]["candidates"]["gco2e"] = 50.0 + 0.3 * 400.0
    plain = made_of(two_sites(), counted)
    assert flat.problem.candidates.making_gco2e == pytest.approx(
        plain.problem.candidates.making_gco2e
    )
    assert flat.problem.candidates.leg_usd.shape == (
        plain.problem.candidates.leg_usd.shape
    )
    assert flat.problem.candidates.power_usd is None


def test_without_electricity_by_day_nothing_is_laid_out_anew() -> None:
    made = made_of(two_sites(), order())
    assert made.problem.candidates.power_gco2e is None
    assert made.problem.candidates.leg_usd.shape == (2, 1)
    assert priced_of(made).carriage_cost is None


def test_a_changed_day_is_found_when_the_plan_is_verified() -> None:
    true = made_of(told(0, gco2e_per_kwh=[900.0, 100.0]), at_near_only())
    changed = made_of(told(0, gco2e_per_kwh=[900.0, 400.0]), at_near_only())
    plan = solved(priced_of(true, CARBON))
    assert verify(priced_of(true, CARBON), plan).stands
    faults = verify(priced_of(changed, CARBON), plan).faults
    # 0.3 kWh at 400 g instead of 100 g cost 0.09 USD more.
    assert any("stated 11.0800 USD, it is 11.1700 USD" in fault for fault in faults)


def test_the_nearest_site_is_nearest_whatever_the_day_emits() -> None:
    network = told(0, gco2e_per_kwh=[5000.0, 4900.0], usd_per_kwh=[7.0, 6.0])
    made = made_of(network, order())
    priced = priced_of(made, Weights(1.0, 3000.0, 0.0, 10.0))
    plan = first_come(priced, rule="nearest")
    assert made.network.group_id[made.book.group[plan.candidate[0]]] == "near-1"
    choice = choices_for(priced, 0)
    assert choice is not None
    assert choice.nearest.legs_usd == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("electricity", "place"),
    [
        ({"gco2e_per_kwh": [1.0]}, "network.sites[0].electricity.gco2e_per_kwh"),
        ({"gco2e_per_kwh": [1.0, -1.0]}, "sites[0].electricity.gco2e_per_kwh[1]"),
        ({"gco2e_per_kwh": [1.0, 5001.0]}, "sites[0].electricity.gco2e_per_kwh[1]"),
        ({"usd_per_kwh": "dear"}, "network.sites[0].electricity.usd_per_kwh"),
        ({"gco2e": 1.0}, "network.sites[0].electricity"),
        ([100.0, 100.0], "network.sites[0].electricity"),
    ],
)
def test_wrong_electricity_is_refused_with_its_place(
    electricity: Any, place: str
) -> None:
    network = two_sites()
    network["sites"][0]["electricity"] = electricity
    with pytest.raises(InvalidInput) as error:
        network_from_record(network)
    assert place in str(error.value)


def test_many_days_of_assembly_are_told_apart_like_few() -> None:
    network = told(0, gco2e_per_kwh=[900.0, 100.0]) | {"assembly_days": 142}
    read = network_from_record(network)
    book = orders_from_record(orders(at_near_only(), late_days=139), read)
    problem = build_problem(read, book)
    assert problem.candidates.leg_usd.shape == (1, 141)
    assert problem.orders.way_slot.tolist() == list(range(141))
    priced = price_problem(problem, CARBON)
    plan = first_come(priced, rule="cheapest")
    # As with few days: 11.08 USD on the second day of making.
    assert plan.cost_usd == pytest.approx(11.08)
    assert verify(priced, plan).stands


def test_too_many_ways_to_tell_apart_by_day_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nearmade.planning.network.electricity.MOST_ENTRIES", 5)
    with pytest.raises(InvalidInput, match="too many to count electricity by day"):
        made_of(told(0, gco2e_per_kwh=[900.0, 100.0]), order())


def panels(seed: int, hubs: int = 2) -> tuple[Made, np.ndarray[Any, Any]]:
    """A small invented network with panels, and what its sites emit by day."""
    wish = SampleWish(12, 10, seed, hubs=hubs, days=3, candidates=4, panel_fraction=0.6)
    network, book = sample_tables(wish)
    table = network.site_gco2e_per_kwh
    if table is None:
        table = np.full(network.site_energy_wh.shape, np.nan)
    return Made(network, book, build_problem(network, book)), table


@given(st.integers(0, 400), st.integers(0, 2))
def test_a_plan_emits_what_its_record_adds_up_to(seed: int, hubs: int) -> None:
    made, table = panels(seed, hubs)
    priced = price_problem(made.problem, CARBON)
    plan = first_come(priced, rule="cheapest")
    terms = evaluate(priced, plan.way, plan.candidate).terms
    way = plan.way[plan.way >= 0]
    orders, candidates = made.problem.orders, made.problem.candidates
    grams = float(orders.way_gco2e[way].sum())
    without = replace(made.network, site_gco2e_per_kwh=None)
    legs = build_problem(without, made.book)
    site_of = dict(zip(made.network.group_id, made.network.group_site, strict=True))
    part = 0
    for n, entry in enumerate(order_records(made, plan)):
        size = int(np.diff(made.book.first_component)[n])
        for m, one in enumerate(entry.get("components", [])):
            k = int(plan.candidate[part + m])
            at = legs.orders.way_slot[plan.way[n]]
            if k < 0:
                grams += float(made.book.central_gco2e[part + m])
                continue
            by_day = table[site_of[one["group"]], one["ready_day"]]
            grams += float(made.book.gco2e[k] + legs.candidates.leg_gco2e[k, at])
            grams += float(candidates.energy_wh[k]) / 1000 * np.nan_to_num(by_day)
        part += size
    assert terms.gco2e == pytest.approx(grams, rel=1e-5)


@given(st.integers(0, 400), st.integers(0, 2), st.integers(0, 1000))
def test_less_carbon_on_a_day_never_raises_the_bound(
    seed: int, day: int, draw: int
) -> None:
    made, table = panels(seed)
    lower = table.copy()
    lower[:, day] *= 0.5
    less = build_problem(replace(made.network, site_gco2e_per_kwh=lower), made.book)
    prices = random_prices(made.problem, draw)
    before = lower_bound(price_problem(made.problem, CARBON), prices)
    after = lower_bound(price_problem(less, CARBON), prices)
    assert after <= before + 1e-6 * abs(before)


@given(st.integers(0, 200))
def test_no_plan_of_a_network_with_panels_costs_less_than_its_bound(seed: int) -> None:
    made, _ = panels(seed)
    priced = price_problem(made.problem, CARBON)
    plan = solved(priced)
    assert plan.bound_usd <= plan.cost_usd + 1e-6
    assert verify(priced, plan).stands
