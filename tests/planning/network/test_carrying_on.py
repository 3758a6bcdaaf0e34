"""New orders, forecasts, plans carried on, scenarios: promises are kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.planning.network.arrays import build_problem
from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.first_come import first_come
from nearmade.planning.network.forecast import PastPrices, forecast_prices
from nearmade.planning.network.insertion import Insertion
from nearmade.planning.network.joining import extend_plan, join_books
from nearmade.planning.network.network_record import network_from_record
from nearmade.planning.network.orders_record import orders_from_record
from nearmade.planning.network.plan import LEFT_OUT, NetworkPlan, Prices
from nearmade.planning.network.problem import NetworkProblem
from nearmade.planning.network.replan import Standing, begun_by, replan
from nearmade.planning.network.sample import SampleWish, sample_network, sample_tables
from nearmade.planning.network.scenarios import (
    choices_for,
    knee_of,
    scenario_problems,
    scenarios,
)
from nearmade.planning.network.solve import solve_network
from nearmade.planning.network.weights import PricedProblem, Weights, price_problem
from nearmade.vocabulary.errors import InvalidInput
from tests.planning.network.small_plans import (
    drawn,
    made_of,
    order,
    orders,
    part,
    priced_of,
    random_prices,
    two_sites,
)


def cheapest(priced: PricedProblem) -> NetworkPlan:
    return first_come(priced, rule="cheapest")


# -- insertion ---------------------------------------------------------------


def test_an_order_goes_where_it_costs_least_with_hours_at_their_price() -> None:
    priced = priced_of(made_of(two_sites(), order("a")))
    zero = Prices.zero(priced.problem)
    free = Insertion(priced, zero).insert(0)
    # Far: 3 + 1 and the hub's 5 USD, there on day 2.
    assert (free.candidates, free.price_usd, free.busy_usd) == ((1,), 9.0, 0.0)
    assert free.delivered_day == 2
    # At 1 USD for far's hours until day 1 near is cheaper: 6 + 5, and nobody waits.
    busy = replace(zero, hour_usd=np.array([[0.0, 0.0], [0.0, 1.0]]))
    placed = Insertion(priced, busy).insert(0)
    assert (placed.candidates, placed.price_usd, placed.busy_usd) == ((0,), 11.0, 0.0)


def test_what_is_planned_moves_to_make_room_and_keeps_its_day() -> None:
    # a is at far for 4 USD, which has energy and hours for one until day 0. b can be
    # made at far alone and is 30 USD elsewhere: a moves to near for 2 USD more.
    only_far = part(
        central={"usd": 30.0, "gco2e": 0.0, "days": 1},
        candidates={
            "groups": ["far-1"],
            "hours": 3.0,
            "energy_wh": 300.0,
            "usd": 3.0,
            "gco2e": 0.0,
        },
    )
    late_is_dear = replace(
        priced_of(made_of(two_sites(), order("a"), order("b", only_far))).weights,
        lateness_usd_per_day=100.0,
    )
    made = made_of(two_sites(), order("a"), order("b", only_far))
    priced = priced_of(made, late_is_dear)
    zero = Prices.zero(priced.problem)
    insertion = Insertion(priced, zero)
    first = insertion.insert(0)
    insertion.insert(1)
    plan = insertion.plan()
    assert first.candidates == (1,)
    assert plan.candidate.tolist() == [0, 2]
    assert plan.way[0] == first.way
    assert evaluate(priced, plan.way, plan.candidate).stands
    stay = Insertion(priced, zero, moving=False)
    stay.insert_all(np.array([0, 1]))
    assert stay.plan().candidate.tolist() == [1, -1]
    begun = Insertion(priced, zero, fixed=np.array([True, False]))
    begun.insert_all(np.array([0, 1]))
    assert begun.plan().candidate.tolist() == [1, -1]


@given(drawn(), st.integers(0, 1000), st.booleans())
def test_insertion_keeps_every_limit_way_and_promise(
    priced: PricedProblem, seed: int, moving: bool
) -> None:
    prices = random_prices(priced.problem, seed)
    insertion = Insertion(priced, prices, moving=moving)
    count = len(priced.problem.orders.due_day)
    ways = {}
    for o in np.random.default_rng(seed).permutation(count).tolist():
        placed = insertion.insert(o)
        ways[o] = placed.way
        again = insertion.insert(o)
        assert again.way == placed.way
    plan = insertion.plan()
    assert [ways[o] for o in range(count)] == plan.way.tolist()
    assert evaluate(priced, plan.way, plan.candidate).stands
    assert plan.bound_usd <= plan.cost_usd * (1 + 1e-9) + 1e-9


@given(drawn(), st.integers(0, 1000))
def test_insertion_beside_a_plan_keeps_the_plan_s_ways(
    priced: PricedProblem, seed: int
) -> None:
    plan = cheapest(priced)
    dropped = np.random.default_rng(seed).random(len(plan.way)) < 0.4
    order_of = np.repeat(
        np.arange(len(plan.way)), np.diff(priced.problem.orders.first_component)
    )
    way = np.where(dropped, LEFT_OUT, plan.way).astype(np.int32)
    candidate = np.where(dropped[order_of], LEFT_OUT, plan.candidate).astype(np.int32)
    kept = replace(plan, way=way, candidate=candidate)
    insertion = Insertion(priced, Prices.zero(priced.problem), plan=kept)
    insertion.insert_all(np.flatnonzero(dropped).astype(np.int32))
    after = insertion.plan()
    stays = way != LEFT_OUT
    np.testing.assert_array_equal(after.way[stays], way[stays])
    assert evaluate(priced, after.way, after.candidate).stands


def test_moving_planned_work_brings_a_stream_near_the_bound() -> None:
    priced = priced_of_sample(sample_network(60, seed=2, load=0.75, hubs=0))
    zero = Prices.zero(priced.problem)
    every = np.arange(len(priced.problem.orders.due_day), dtype=np.int32)
    costs = []
    for moving in (False, True):
        insertion = Insertion(priced, zero, moving=moving)
        insertion.insert_all(every)
        costs.append(insertion.plan().cost_usd)
    assert costs[1] < costs[0]


def priced_of_sample(problem: NetworkProblem) -> PricedProblem:
    return price_problem(problem, Weights())


# -- forecasts ---------------------------------------------------------------


def past(day: int, price: float) -> PastPrices:
    zero = Prices.zero(made_of(two_sites()).problem)
    return PastPrices(day, replace(zero, hour_usd=np.full((2, 2), price)))


def test_newer_days_and_the_same_weekday_weigh_more() -> None:
    # Ages 1 and 7 at a half life of 6 days: weights 2 ** (-1/6) and 2 ** (-7/6), that
    # is 2 to 1; the same weekday counts twice: 1 to 1.
    history = [past(0, 1.0), past(6, 3.0)]
    plain = forecast_prices(history, 7, half_life_days=6.0, same_weekday=1.0)
    assert plain.hour_usd == pytest.approx(np.full((2, 2), 7 / 3))
    weekly = forecast_prices(history, 7, half_life_days=6.0, same_weekday=2.0)
    assert weekly.hour_usd == pytest.approx(np.full((2, 2), 2.0))


def test_a_forecast_never_looks_ahead() -> None:
    history = [past(0, 1.0), past(3, 50.0)]
    assert forecast_prices(history, 3).hour_usd.max() == pytest.approx(1.0)
    with pytest.raises(InvalidInput, match="no plan begins before day 0"):
        forecast_prices(history, 0)
    with pytest.raises(InvalidInput, match="half life"):
        forecast_prices(history, 3, half_life_days=0.0)
    other = PastPrices(1, Prices.zero(sample_network(10, orders=2)))
    with pytest.raises(InvalidInput, match="different networks"):
        forecast_prices([past(0, 1.0), other], 3)


# -- joining -----------------------------------------------------------------


def test_new_orders_join_a_book_as_if_they_had_been_read_together() -> None:
    network = network_from_record(two_sites())
    one = orders_from_record(orders(order("a"), order("b", part(), hubs=[])), network)
    two = orders_from_record(orders(order("c", part("x"), part("y"))), network)
    joined = join_books(one, two)
    together = orders_from_record(
        orders(
            order("a"),
            order("b", part(), hubs=[]),
            order("c", part("x"), part("y")),
        ),
        network,
    )
    for name in together.__slots__:
        np.testing.assert_array_equal(getattr(joined, name), getattr(together, name))
    with pytest.raises(InvalidInput, match="'c' is planned already"):
        join_books(joined, two)
    made = made_of(two_sites(), order("a"))
    plan = cheapest(priced_of(made))
    longer = extend_plan(plan, made_of(two_sites(), order("a"), order("c")).problem)
    assert longer.way.tolist() == [*plan.way.tolist(), LEFT_OUT]


# -- plans carried on --------------------------------------------------------


def nothing(priced: PricedProblem) -> Standing:
    parts = len(priced.problem.candidates.first_candidate) - 1
    return Standing(
        np.zeros(parts, np.bool_),
        np.zeros(len(priced.problem.orders.due_day), np.bool_),
        np.zeros(0, np.int32),
    )


def test_work_at_a_failed_site_is_placed_elsewhere() -> None:
    made = made_of(two_sites(), order("a"))
    priced = priced_of(made)
    plan = cheapest(priced)
    assert plan.candidate.tolist() == [1]  # far
    standing = replace(
        nothing(priced),
        started=np.array([True]),
        failed_sites=np.array([1], np.int32),
    )
    done = replan(priced, plan, standing, cheapest)
    assert done.plan.candidate.tolist() == [0]
    assert done.moved.tolist() == [True]
    assert done.later.tolist() == [False]


def test_a_move_that_saves_less_than_its_price_is_not_made() -> None:
    made = made_of(two_sites(), order("a"))
    priced = priced_of(made)
    zero = Prices.zero(priced.problem)
    far_dear = replace(zero, hour_usd=np.array([[0.0, 0.0], [0.0, 1.0]]))
    insertion = Insertion(priced, far_dear)
    insertion.insert(0)
    plan = replace(insertion.plan(), prices=zero)
    assert plan.candidate.tolist() == [0]  # near: 2 USD above far
    cheap = replan(priced, plan, replace(nothing(priced), move_usd=1.0), cheapest)
    assert cheap.plan.candidate.tolist() == [1]
    dear = replan(priced, plan, replace(nothing(priced), move_usd=3.0), cheapest)
    assert dear.plan.candidate.tolist() == [0]


def test_what_has_begun_by_a_day_is_told_by_its_ready_day() -> None:
    made = made_of(two_sites(), order("a"))
    priced = priced_of(made)
    plan = cheapest(priced)  # far, assembled on day 2, a leg of a day: ready on day 0
    assert begun_by(priced.problem, plan, -1).tolist() == [False]
    assert begun_by(priced.problem, plan, 0).tolist() == [True]


@given(drawn(), st.integers(0, 1000))
def test_what_has_begun_stays_and_promised_days_are_kept(
    priced: PricedProblem, seed: int
) -> None:
    plan = cheapest(priced)
    rng = np.random.default_rng(seed)
    standing = replace(
        nothing(priced),
        started=(rng.random(len(plan.candidate)) < 0.3) & (plan.candidate >= 0),
        promised=plan.way >= 0,
    )
    done = replan(priced, plan, standing, first_come)
    started = standing.started
    np.testing.assert_array_equal(done.plan.candidate[started], plan.candidate[started])
    assert not done.later.any()
    assert evaluate(priced, done.plan.way, done.plan.candidate).stands
    assert done.plan.bound_usd <= done.plan.cost_usd * (1 + 1e-9) + 1e-9


def test_marks_that_do_not_fit_are_refused() -> None:
    priced = priced_of(made_of(two_sites(), order("a")))
    plan, none = cheapest(priced), nothing(priced)
    with pytest.raises(InvalidInput, match="one mark for each"):
        replan(priced, plan, replace(none, started=np.zeros(9, np.bool_)), cheapest)
    failed = replace(none, failed_sites=np.array([9], np.int32))
    with pytest.raises(InvalidInput, match="none of the network"):
        replan(priced, plan, failed, cheapest)
    with pytest.raises(InvalidInput, match="another problem"):
        replan(priced, replace(plan, way=np.zeros(9, np.int32)), none, cheapest)
    with pytest.raises(InvalidInput, match="move_usd"):
        replace(none, move_usd=-1.0)


# -- scenarios ---------------------------------------------------------------


def test_an_order_s_choices_worked_by_hand() -> None:
    # Near on day 1: 6 + 5 USD. Far on day 2: 3 + 1 + 5 USD. Near emits 10 g, far 50 g.
    both = part(
        central=None,
        candidates={
            "groups": ["near-1", "far-1"],
            "hours": 3.0,
            "energy_wh": 300.0,
            "usd": [6.0, 3.0],
            "gco2e": [10.0, 50.0],
        },
    )
    priced = priced_of(made_of(two_sites(), order("a", both)))
    found = choices_for(priced, 0)
    assert found is not None
    assert (found.cheapest.price_usd, found.cheapest.delivered_day) == (9.0, 2)
    assert (found.fastest.price_usd, found.fastest.delivered_day) == (11.0, 1)
    assert (found.greenest.gco2e, found.greenest.price_usd) == (10.0, 11.0)
    assert found.nearest.legs_usd == 0.0
    assert [offer.price_usd for offer in found.front] == [9.0, 11.0]
    assert found.knee.price_usd == 11.0  # best in two of three


def test_an_order_that_nothing_has_room_for_has_no_choice() -> None:
    late = part(central=None)
    priced = priced_of(made_of(two_sites(), order("a", late, assembly_hours=9.0)))
    assert choices_for(priced, 0) is None


@given(drawn())
def test_choices_have_room_beside_the_plan(priced: PricedProblem) -> None:
    plan = cheapest(priced)
    for o in range(min(3, len(plan.way))):
        found = choices_for(priced, o, plan)
        if found is None:
            assert plan.way[o] == LEFT_OUT
            continue
        for offer in (*found.front, found.fastest, found.greenest, found.nearest):
            way, candidate = plan.way.copy(), plan.candidate.copy()
            first, end = priced.problem.orders.first_component[o : o + 2].tolist()
            way[o], candidate[first:end] = offer.way, offer.candidates
            assert evaluate(priced, way, candidate).stands
            assert offer.price_usd >= found.cheapest.price_usd
            assert offer.delivered_day >= found.fastest.delivered_day


def test_scenarios_stand_side_by_side_and_each_is_best_at_its_own() -> None:
    network, book = sample_tables(SampleWish(20, 30, 4, hubs=2, days=3, load=0.3))
    priced = priced_of_sample(build_problem(network, book))
    found = {one.name: one for one in scenarios(priced, cheapest)}
    assert set(found) == set(scenario_problems(priced))
    assert found["fastest"].mean_days == min(one.mean_days for one in found.values())
    emissions = {name: one.terms.gco2e for name, one in found.items()}
    assert emissions["greenest"] == min(emissions.values())
    near = scenario_problems(priced)["nearest"]
    making = priced.problem.candidates.making_usd
    np.testing.assert_allclose(near.making_cost, making / 1000)
    assert knee_of([*found.values()]) in found


def test_an_order_whose_day_cannot_be_kept_comes_later_and_is_not_left_out() -> None:
    # Near makes c for day 2; it fails. Far is a day away: ready on day 1, there on
    # day 2, assembled on day 3, a day late. Leaving out would cost 12 USD only, less
    # than far with a day's lateness: 3 + 1 + 5 + 10.
    network = two_sites()
    network["sites"][1]["groups"][0]["hours"] = [0.0, 4.0]
    piece = part(central=None)
    made = made_of(network, order("a", piece, leave_out_usd=12.0))
    priced = priced_of(made)
    plan = cheapest(priced)
    assert plan.candidate.tolist() == [0]
    standing = replace(
        nothing(priced),
        promised=np.array([True]),
        failed_sites=np.array([0], dtype=np.int32),
    )
    done = replan(priced, plan, standing, cheapest)
    assert done.plan.candidate.tolist() == [1]
    assert (done.later.tolist(), done.left_out.tolist()) == ([True], [False])


def test_an_order_that_nobody_can_make_any_more_is_left_out_and_not_later() -> None:
    only_near = part(
        central=None,
        candidates={
            "groups": ["near-1"],
            "hours": 3.0,
            "energy_wh": 300.0,
            "usd": 6.0,
            "gco2e": 0.0,
        },
    )
    priced = priced_of(made_of(two_sites(), order("a", only_near)))
    plan = cheapest(priced)
    standing = replace(
        nothing(priced),
        promised=np.array([True]),
        failed_sites=np.array([0], dtype=np.int32),
    )
    done = replan(priced, plan, standing, cheapest)
    assert (done.later.tolist(), done.left_out.tolist()) == ([False], [True])


def test_a_busy_network_keeps_more_orders_when_a_site_fails() -> None:
    problem = sample_network(
        12, orders=30, seed=4, load=0.8, hubs=2, candidates=6, days=4
    )
    priced = price_problem(problem, Weights())

    def solve(one: PricedProblem) -> NetworkPlan:
        return solve_network(one, seed=1, seconds=0.3, clock=lambda: 0.0)

    plan = solve(priced)
    made = plan.candidate[plan.candidate >= 0]
    site = problem.resources.group_site[problem.candidates.group[made]]
    busiest = np.bincount(site).argmax()
    standing = replace(
        nothing(priced),
        promised=plan.way >= 0,
        failed_sites=np.array([busiest], dtype=np.int32),
    )
    done = replan(priced, plan, standing, solve)
    # Nobody is left out who could be placed, at whatever day, beside the others.
    rest = Insertion(
        done.priced, done.plan.prices, plan=done.plan, fixed=standing.started
    )
    rest.insert_all(np.flatnonzero(done.plan.way == LEFT_OUT).astype(np.int32))
    assert (rest.plan().way == LEFT_OUT).sum() == (done.plan.way == LEFT_OUT).sum()
