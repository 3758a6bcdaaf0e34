"""Why something is late, left out or bought, and what would free it."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from nearmade.planning.network.arrays import build_problem
from nearmade.planning.network.explain import Reason, explain
from nearmade.planning.network.first_come import first_come
from nearmade.planning.network.network_record import network_from_record
from nearmade.planning.network.orders_record import orders_from_record
from nearmade.planning.network.plan import NetworkPlan, Prices
from nearmade.planning.network.plan_record import Made
from nearmade.planning.network.plan_words import counted, day_name, listed, more_time
from nearmade.planning.network.sample import SampleWish, sample_tables
from nearmade.planning.network.weights import Weights, price_problem
from tests.planning.network.small_plans import (
    drawn,
    made_of,
    order,
    orders,
    part,
    priced_of,
    two_sites,
)

MONDAY = date(2026, 11, 23)


def reasons_of(made: Made, starts: date | None = None) -> list[Reason]:
    priced = priced_of(made)
    return explain(made, priced, first_come(priced, rule="cheapest"), starts=starts)


def never_sold(**more: Any) -> dict[str, Any]:
    return part(central=None, **more)


def test_full_sites_are_told_with_the_days_and_hours_that_would_do() -> None:
    # In time near makes two (6 h until Tuesday), far one (energy and stock for one):
    # the fourth is bought.
    made = made_of(
        two_sites(),
        *(order(name, part(), assembly_hours=0.1) for name in "abcd"),
    )
    (reason,) = reasons_of(made, MONDAY)
    assert (reason.kind, reason.order_id) in {("central", "d"), ("late", "d")}
    assert "Tuesday" in reason.words or "today" in reason.words


def test_a_component_that_only_one_full_site_could_make_says_so() -> None:
    asa = never_sold(
        material="ASA",
        bed_mm=300.0,
        candidates={
            "groups": ["far-1"],
            "hours": 3.0,
            "energy_wh": 10.0,
            "usd": 3.0,
            "gco2e": 0.0,
        },
    )
    made = made_of(
        two_sites(), *(order(n, asa, due_day=2, assembly_hours=0.1) for n in "abc")
    )
    reasons = {reason.order_id: reason for reason in reasons_of(made, MONDAY)}
    # 4 h until Monday, 8 until Tuesday: one in time, one a day late, one left out.
    assert reasons["b"].kind == "late"
    assert reasons["b"].words == (
        "one day late (Thursday, due Wednesday): c1 finds no site: the only site with "
        "a 300 mm bed and ASA is full today"
    )
    assert reasons["c"].kind == "left_out"
    assert reasons["c"].words == (
        "left out, at 100.00 USD: c1 finds no site: the only site with a 300 mm bed "
        "and ASA is full until Tuesday"
    )
    assert "1.0 h more at far-1 (1.00 USD an hour)" in reasons["c"].frees


def test_more_days_are_offered_where_they_help() -> None:
    asa = never_sold(
        mass_g=10.0,
        candidates={
            "groups": ["far-1"],
            "hours": 4.0,
            "energy_wh": 10.0,
            "usd": 3.0,
            "gco2e": 0.0,
        },
    )
    # 4 h a day: a is ready today and there tomorrow, b a day later than it may be.
    made = made_of(two_sites(), order("a", asa, due_day=1), order("b", asa, due_day=1))
    reasons = {reason.order_id: reason for reason in reasons_of(made)}
    assert reasons["b"].kind == "left_out"
    assert reasons["b"].frees[0] == (
        "one more day (then there is room at hub on day 3)"
    )


def test_another_material_is_offered_where_it_opens_a_site_with_room() -> None:
    asa = never_sold(
        material="ASA",
        candidates={
            "groups": ["far-1"],
            "hours": 2.5,
            "energy_wh": 10.0,
            "usd": 3.0,
            "gco2e": 0.0,
        },
    )
    made = made_of(two_sites(), *(order(n, asa, assembly_hours=0.1) for n in "abcd"))
    (left_out,) = [one for one in reasons_of(made) if one.kind == "left_out"]
    assert "PLA instead of ASA (opens 1 site near with room)" in left_out.frees


def test_a_full_hub_is_named_with_its_days() -> None:
    made = made_of(
        two_sites(), *(order(n, never_sold(), assembly_hours=1.0) for n in "abcd")
    )
    reasons = reasons_of(made, MONDAY)
    assert any("hub is full on" in reason.words for reason in reasons)


def test_a_dearer_site_with_room_is_told_with_its_price() -> None:
    cheap = part(central={"usd": 2.0, "gco2e": 0.0, "days": 0})
    (reason,) = reasons_of(made_of(two_sites(), order("a", cheap)))
    assert reason.words == (
        "bought from the central factory for 2.00 USD: of the only two sites with PLA, "
        "1 is too far for assembly on day 1; near-1 has room but would cost 6.00 USD"
    )
    assert reason.frees == ()


def test_a_component_that_nobody_makes_says_so() -> None:
    nobody = part(
        candidates={"groups": [], "hours": 0, "energy_wh": 0, "usd": 0, "gco2e": 0}
    )
    (reason,) = reasons_of(made_of(two_sites(), order("a", nobody)))
    assert "no site in reach can make it with PLA" in reason.words


@given(drawn())
def test_whatever_is_late_left_out_or_bought_is_explained(priced: Any) -> None:
    network, book = sample_tables(
        SampleWish(12, 12, 5, load=1.2, hubs=2, days=3, off_grid_fraction=0.5)
    )
    made = Made(network, book, build_problem(network, book))
    own = price_problem(made.problem, priced.weights)
    plan = first_come(own)
    reasons = explain(made, own, plan, most=1000)
    for kind, count in count_of(made, plan).items():
        assert sum(reason.kind == kind for reason in reasons) == count
    assert all(len(reason.words) > 20 for reason in reasons)


def count_of(made: Made, plan: NetworkPlan) -> dict[str, int]:
    orders = made.problem.orders
    late = orders.way_delivered_day[np.maximum(plan.way, 0)] > orders.due_day
    return {
        "left_out": int((plan.way == -2).sum()),
        "late": int((late & (plan.way >= 0)).sum()),
        "central": int((plan.candidate == -1).sum()),
    }


def test_at_most_so_many_are_explained_the_dearest_first() -> None:
    made = made_of(
        two_sites(),
        *(
            order(n, never_sold(), assembly_hours=2.0, leave_out_usd=usd)
            for n, usd in (("a", 1.0), ("b", 5.0), ("c", 3.0))
        ),
    )
    priced = priced_of(made, Weights())
    reasons = explain(made, priced, first_come(priced), most=2)
    assert [reason.order_id for reason in reasons] == ["b", "c"]


def test_days_counts_and_lists_read_as_people_say_them() -> None:
    assert day_name(0, MONDAY) == "today"
    assert day_name(3, MONDAY) == "Thursday"
    assert day_name(9, MONDAY) == "2026-12-02"
    assert day_name(3, None) == "day 3"
    assert [counted(2), counted(12)] == ["two", "12"]
    assert listed([]) == ""
    assert listed(["a", "b", "c"]) == "a, b and c"


def only_far(name: str, **more: Any) -> dict[str, Any]:
    """A component in ASA, which far alone can make."""
    candidates = {"groups": ["far-1"], "usd": 3.0, "gco2e": 0.0, "energy_wh": 10.0}
    return never_sold(
        name=name, material="ASA", candidates=candidates | {"hours": 4.0} | more
    )


def test_what_frees_one_component_is_not_offered_where_two_are_held_up() -> None:
    pair = [only_far("c1"), only_far("c2")]
    made = made_of(
        two_sites(), *(order(n, *pair, assembly_hours=0.1) for n in ("a", "b"))
    )
    reasons = {reason.order_id: reason for reason in reasons_of(made)}
    assert "; c2 finds none either" in reasons["b"].words
    assert reasons["b"].frees == ()


def test_a_late_order_is_offered_the_days_on_which_it_could_come_sooner() -> None:
    network = network_from_record(two_sites())
    asa = only_far("c1")
    book = orders_from_record(orders(order("a", asa, due_day=1), late_days=3), network)
    made = Made(network, book, build_problem(network, book))
    priced = priced_of(made)
    # Assembly on day 1 to 4; far is a day away: day 2 is the soonest, day 4 is taken.
    way = int(np.flatnonzero(made.problem.orders.way_day == 4)[0])
    found = NetworkPlan(
        np.array([way], np.int32),
        np.zeros(1, np.int32),
        Prices.zero(made.problem),
        0,
        0,
    )
    (reason,) = explain(made, priced, found)
    assert reason.words == (
        "three days late (day 4, due day 1): c1 finds no site: the only site with ASA "
        "is too far for assembly on day 1"
    )
    assert reason.frees == ("one more day (then there is room at hub on day 2)",)


def test_a_closed_day_is_told_as_closed_and_not_as_full() -> None:
    network = two_sites() | {"assembly_days": 2}
    for site in network["sites"]:
        site["groups"][0]["hours"] = [0.0, 0.0]
    (reason,) = reasons_of(made_of(network, order("a", never_sold(), due_day=1)))
    assert "is closed today" in reason.words
    assert "full" not in reason.words
    for site in network["sites"]:
        site["groups"][0]["hours"] = [2.9, 0.0]
    (reason,) = reasons_of(made_of(network, order("a", never_sold(), due_day=1)))
    assert "is open for too few hours today" in reason.words
    # 3 h wanted, 2.9 h there.
    assert reason.frees == ("6 min more at near-1 (2.00 USD an hour)",)


def test_a_hub_that_does_not_work_is_told_as_closed() -> None:
    network = two_sites()
    network["hubs"][0]["hours"] = [0.0, 0.0, 0.0, 0.0, 0.0]
    (reason,) = reasons_of(made_of(network, order("a", never_sold())))
    assert "hub is closed on" in reason.words
    network["hubs"][0]["hours"] = 0.45
    (reason,) = reasons_of(made_of(network, order("a", never_sold())))
    assert "hub is open for too few hours on" in reason.words
    assert reason.frees == ("3 min more at hub on day 3 (10.00 USD an hour)",)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (2.5, "2.5 h more"),
        (0.2, "0.2 h more"),
        (0.05, "3 min more"),
        (1e-6, "1 min more"),
    ],
)
def test_a_little_time_is_never_told_as_none(hours: float, words: str) -> None:
    assert more_time(hours) == words
