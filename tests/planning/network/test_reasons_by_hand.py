"""Twenty situations worked by hand: what is said of each, and what would change it.

The network is that of ``small_plans``: near beside the hub, 3 h a day in PLA on a bed
of 200 mm; far a day away, 4 h a day in PLA and ASA on a bed of 300 mm, 400 and 100 Wh,
50 g of PLA. A component takes 3 h, 300 Wh and 30 g; the central factory has it a day
later.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nearmade.planning.network.explain import Reason, explain
from nearmade.planning.network.first_come import first_come
from nearmade.planning.network.plan import NetworkPlan, Prices
from nearmade.planning.network.plan_record import Made
from tests.planning.network.small_plans import (
    made_of,
    order,
    part,
    priced_of,
    two_sites,
)


def one_site(name: str, **more: Any) -> dict[str, Any]:
    """A component that one group alone can make, and that cannot be bought."""
    figures = {"groups": [name], "hours": 3.0, "energy_wh": 0.0, "usd": 6.0}
    changed = {key: more.pop(key) for key in ("hours", "energy_wh") if key in more}
    candidates = figures | {"gco2e": 0.0} | changed
    return part(central=None, candidates=candidates, **more)


def quick(name: str, *parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return order(name, *parts, **({"assembly_hours": 0.1} | more))


def told(network: dict[str, Any], *listed: dict[str, Any]) -> dict[str, Reason]:
    """First come, first served, and why each order is not as it was wished."""
    made = made_of(network, *listed)
    priced = priced_of(made)
    reasons = explain(made, priced, first_come(priced, rule="cheapest"))
    return {reason.order_id: reason for reason in reasons}


def told_of(made: Made, way_day: int | None, candidate: int) -> Reason:
    """A plan of one order with one component, written down by hand."""
    way, orders = -2, made.problem.orders
    if way_day is not None:
        way = int(np.flatnonzero(orders.way_day == way_day)[0])
    plan = NetworkPlan(
        np.array([way], np.int32),
        np.array([candidate], np.int32),
        Prices.zero(made.problem),
        0.0,
        0.0,
    )
    (reason,) = explain(made, priced_of(made), plan)
    return reason


# -- machines -----------------------------------------------------------------


def test_01_a_machine_that_others_fill() -> None:
    # 6 h until day 1 are a's and b's; 9 h would do for c.
    reasons = told(two_sites(), *(quick(n, one_site("near-1")) for n in "abc"))
    assert reasons["c"].words == (
        "left out, at 100.00 USD: c1 finds no site: the only site with PLA is full "
        "until day 1"
    )
    assert reasons["c"].frees == ("3.0 h more at near-1 (2.00 USD an hour)",)


def test_02_a_machine_that_is_closed() -> None:
    network = two_sites()
    network["sites"][0]["groups"][0]["hours"] = [0.0, 0.0]
    (reason,) = told(network, quick("a", one_site("near-1"))).values()
    assert reason.words.endswith("the only site with PLA is closed until day 1")
    assert reason.frees == ("3.0 h more at near-1 (2.00 USD an hour)",)


def test_03_a_piece_that_takes_longer_than_the_machine_is_open() -> None:
    (reason,) = told(two_sites(), quick("a", one_site("near-1", hours=7.5))).values()
    assert reason.words.endswith(
        "the only site with PLA is open for too few hours until day 1 (it takes 7.5 h)"
    )
    assert reason.frees == ("1.5 h more at near-1 (2.00 USD an hour)",)


def test_04_a_bed_that_the_network_does_not_have() -> None:
    nobody = {"groups": [], "hours": 0, "energy_wh": 0, "usd": 0, "gco2e": 0}
    large = part(bed_mm=350.0, central=None, candidates=nobody)
    (reason,) = told(two_sites(), quick("a", large)).values()
    assert reason.words == (
        "left out, at 100.00 USD: c1 finds no site: no site in reach can make it with "
        "a 350 mm bed and PLA: the largest bed there is 300 mm"
    )


def test_05_a_material_that_nobody_prints() -> None:
    network = two_sites() | {"materials": ["PLA", "ASA", "PEEK"]}
    nobody = {"groups": [], "hours": 0, "energy_wh": 0, "usd": 0, "gco2e": 0}
    peek = part(material="PEEK", central=None, candidates=nobody)
    (reason,) = told(network, quick("a", peek)).values()
    assert reason.words.endswith("none of the network prints PEEK")


# -- energy and stock ---------------------------------------------------------


def test_06_a_site_without_the_energy() -> None:
    # far has 500 Wh in all: 300 for a, 200 left for b, which comes a day later anyway.
    reasons = told(
        two_sites(),
        *(
            quick(n, one_site("far-1", energy_wh=300.0, mass_g=1.0), due_day=3)
            for n in "ab"
        ),
    )
    assert reasons["b"].words.endswith(
        "the only site with PLA is short of energy until day 1 (it takes 300 Wh)"
    )
    assert reasons["b"].frees[0] == "100 Wh more at far-1"


def test_07_a_site_without_the_feedstock() -> None:
    # 50 g are there: 30 for a, 20 left.
    reasons = told(two_sites(), *(quick(n, one_site("far-1"), due_day=3) for n in "ab"))
    assert reasons["b"].words.endswith(
        "the only site with PLA is short of PLA (it takes 30 g)"
    )
    assert reasons["b"].frees[0] == "10 g more PLA at far-1"


def test_08_several_things_are_missing_at_one_site() -> None:
    heavy = one_site("far-1", hours=9.0, energy_wh=650.0, mass_g=80.0)
    (reason,) = told(two_sites(), quick("a", heavy, due_day=3)).values()
    assert reason.frees[0] == (
        "1.0 h more, 150 Wh more and 30 g more PLA at far-1 (1.00 USD an hour)"
    )


def test_09_another_material_opens_a_site() -> None:
    asa = one_site("far-1", material="ASA", hours=3.0)
    reasons = told(two_sites(), *(quick(n, asa, due_day=3) for n in "abc"))
    assert "PLA instead of ASA (opens 1 site near with room)" in reasons["c"].frees


# -- carriage and days --------------------------------------------------------


def test_10_a_due_day_before_any_freight_arrives() -> None:
    # The customer is 333.6 km from the hub: two days of 200 km.
    (reason,) = told(
        two_sites(), quick("a", one_site("near-1"), lat_deg=3.0, due_day=1)
    ).values()
    assert reason.words == (
        "two days late (day 3, due day 1): it cannot be there before day 3: assembly "
        "at hub on day 1 at the soonest, and two days to its customer"
    )


def test_11_a_site_from_which_it_comes_too_late() -> None:
    made = made_of(two_sites(), quick("a", one_site("far-1"), due_day=1))
    reason = told_of(made, 2, 0)
    assert reason.words == (
        "one day late (day 2, due day 1): c1 finds no site: the only site with PLA is "
        "too far for assembly on day 1"
    )
    assert reason.frees == ()


def test_12_one_more_day_would_do() -> None:
    # far prints 4 h a day: a is ready today, b tomorrow, and a day on the way.
    asa = one_site("far-1", material="ASA", hours=4.0)
    reasons = told(two_sites(), *(quick(n, asa, due_day=1) for n in "ab"))
    assert reasons["b"].kind == "left_out"
    assert reasons["b"].frees[0] == "one more day (then there is room at hub on day 3)"


def test_13_straight_to_the_customer_no_assembly_is_spoken_of() -> None:
    away = one_site("far-1", material="ASA")
    made = made_of(two_sites(), quick("a", away, due_day=0, hubs=[]))
    reason = told_of(made, 2, 0)
    assert reason.words == (
        "one day late (day 1, due today): c1 finds no site: the only site with ASA is "
        "too far to be there by today"
    )


# -- hubs ---------------------------------------------------------------------


def test_14_a_full_hub_and_what_it_lacks() -> None:
    # 1 h a day at the hub, 0.6 h each: one order a day, day 1 to day 3.
    parts = one_site("near-1", hours=0.5)
    reasons = told(two_sites(), *(order(n, parts, assembly_hours=0.6) for n in "abcd"))
    assert reasons["d"].words == (
        "left out, at 100.00 USD: hub is full on day 1 to day 3; at hub on day 3 all "
        "its components could be there"
    )
    assert reasons["d"].frees == (
        "one more day (then there is room at hub on day 4)",
        "12 min more at hub on day 3 (10.00 USD an hour)",
    )


def test_15_a_hub_and_a_machine_are_full_at_once() -> None:
    network = two_sites() | {"assembly_days": 4}
    network["hubs"][0]["hours"] = 0.4
    reason = told(network, order("a", one_site("near-1", hours=7.0)))["a"]
    (wish,) = reason.frees
    assert wish == (
        "6 min more at hub on day 3 (10.00 USD an hour) and 1.0 h more at near-1 "
        "(2.00 USD an hour)"
    )


def test_16_two_components_that_only_one_machine_could_make() -> None:
    # 6 h until day 1: each of 4 h finds room, both do not.
    pair = [one_site("near-1", hours=4.0) | {"id": name} for name in ("c1", "c2")]
    (reason,) = told(two_sites(), quick("a", *pair)).values()
    assert reason.words == (
        "left out, at 100.00 USD: on day 3 each of its components finds a site, but "
        "not all at once"
    )


# -- money --------------------------------------------------------------------


def test_17_an_order_that_costs_more_than_leaving_it_out() -> None:
    # 6 USD at near and 5 USD of assembly beside 4 USD of leaving it out.
    made = made_of(two_sites(), order("a", one_site("near-1"), leave_out_usd=4.0))
    reason = told_of(made, None, -2)
    assert reason.words == (
        "left out, at 4.00 USD: there is room at hub on day 1, but it would cost 7.00 "
        "USD more"
    )


def test_18_a_plan_that_misses_what_is_cheaper_says_so() -> None:
    made = made_of(two_sites(), order("a", one_site("near-1")))
    reason = told_of(made, None, -2)
    assert reason.words == (
        "left out, at 100.00 USD: there is room at hub on day 1 for 89.00 USD less: "
        "the search did not find it"
    )
    assert reason.frees == ("a longer search",)


def test_19_the_central_factory_as_the_way_out_of_full_machines() -> None:
    # Assembly on day 2: near has 6 h until then for a and b, far 4 h today for c.
    bought = part(mass_g=1.0)
    listed = [quick(name, bought, due_day=3) for name in "abcd"]
    reasons = told(two_sites(), *listed)
    assert [reason.kind for reason in reasons.values()] == ["central"]
    assert reasons["d"].words == (
        "bought from the central factory for 20.00 USD: the only two sites with PLA "
        "are full until day 1"
    )
    assert reasons["d"].frees == ("3.0 h more at near-1 (2.00 USD an hour)",)


def test_20_the_quantity_from_which_a_site_would_be_no_dearer() -> None:
    # near asks 6 USD, 4.50 USD a piece's price from ten on; central asks 5 USD.
    cheap = part(
        central={"usd": 5.0, "gco2e": 0.0, "days": 0},
        candidates=one_site("near-1")["candidates"],
        quantity=4,
    )
    (reason,) = told(two_sites(), quick("a", cheap)).values()
    assert reason.words == (
        "bought from the central factory for 5.00 USD: near-1 has room but would cost "
        "6.00 USD"
    )
    assert reason.frees == (
        "10 pieces instead of 4 (from there on near-1 asks 25% less)",
    )
