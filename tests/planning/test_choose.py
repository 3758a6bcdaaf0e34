"""The exact choice for one order, against hand-worked cases and brute force."""

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.logistics.carry import no_way
from nearmade.logistics.leg import Leg
from nearmade.planning.choose import Infeasible, cost_plan, plan_order
from nearmade.planning.order_plan import AssemblyOption, MakeOption, OrderPlan
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.identity import FacilityId, MachineId, PartName, ProfileId
from nearmade.vocabulary.place import Place

NAIROBI = Place("Nairobi", "KE", -1.28333, 36.81667)
DAY_S = 86_400.0


def leg(price_usd: float, days: float = 0.0, gas_gco2e: float = 0.0) -> Leg:
    return Leg(
        NAIROBI,
        NAIROBI,
        "van",
        1.0,
        100.0,
        Estimate.exact(days * DAY_S),
        Estimate.exact(price_usd),
        Estimate.exact(gas_gco2e),
    )


def make(
    part: str, site: str, price_usd: float, days: float = 1.0, gas_gco2e: float = 0.0
) -> MakeOption:
    return MakeOption(
        PartName(part),
        FacilityId(site),
        MachineId(f"{site}/1"),
        ProfileId("mk3s-pla-0.20"),
        price_usd,
        gas_gco2e,
        days * DAY_S,
    )


def assembly(
    site: str,
    inbound: dict[str, Leg],
    *,
    price_usd: float = 0.0,
    last: Leg | None = None,
) -> AssemblyOption:
    return AssemblyOption(
        FacilityId(site),
        price_usd,
        0.0,
        {FacilityId(origin): way for origin, way in inbound.items()},
        last or no_way(NAIROBI, 100.0),
    )


def solve(
    makes: list[MakeOption],
    assemblies: list[AssemblyOption],
    *,
    carbon: float = 0.0,
    promise_days: float = 1000.0,
    lateness: float = 0.0,
    most: int = 5,
) -> tuple[OrderPlan, ...]:
    plans = plan_order(
        makes,
        assemblies,
        carbon_price_usd_per_t=carbon,
        promise_s=promise_days * DAY_S,
        lateness_usd_per_day=lateness,
        most=most,
    )
    assert not isinstance(plans, Infeasible)
    return plans


def sites(plan: OrderPlan) -> str:
    made = "+".join(sorted({option.facility_id for option in plan.made}))
    return f"{made}@{plan.assembly.facility_id}"


def test_two_components_from_one_origin_share_one_leg() -> None:
    # Apart: 1 + 1 + two legs of 3 from b and c = 8. Together from b: 1 + 2 + 3 = 6.
    makes = [make("front", "b", 1), make("temple", "b", 2), make("temple", "c", 1)]
    best, *others = solve(makes, [assembly("a", {"b": leg(3), "c": leg(3)})])
    assert sites(best) == "b@a"
    assert best.price_usd == 6
    assert others == []  # c saves 1 and costs a leg of 3: nobody asks for it


def test_a_dearer_site_on_the_spot_saves_the_leg() -> None:
    makes = [make("front", "a", 5), make("front", "b", 1)]
    best, second = solve(makes, [assembly("a", {"b": leg(4.5)})])
    assert (sites(best), best.price_usd) == ("a@a", 5)
    assert (sites(second), second.price_usd) == ("b@a", 5.5)


def test_lateness_turns_the_choice() -> None:
    makes = [make("front", "slow", 1, days=10), make("front", "fast", 4, days=2)]
    # a leg from the assembly site to itself is never paid
    places = [assembly("a", {"slow": leg(0), "fast": leg(0), "a": leg(99)})]
    assert sites(solve(makes, places, promise_days=3)[0]) == "slow@a"
    # seven days late at 0.50 cost 3.50: 4.50 against 4
    best, second = solve(makes, places, promise_days=3, lateness=0.5)
    assert sites(best) == "fast@a"
    assert second.objective_usd == pytest.approx(4.5)
    assert second.lateness_s == 7 * DAY_S


def test_when_one_component_is_late_anyway_the_others_need_not_hurry() -> None:
    makes = [
        make("front", "a", 1, days=10),
        make("temple", "a", 1, days=9),
        make("temple", "b", 2, days=1),
    ]
    best = solve(makes, [assembly("a", {"b": leg(0)})], promise_days=1, lateness=1.0)[0]
    assert sites(best) == "a@a"
    assert best.objective_usd == pytest.approx(2 + 9)


def test_the_price_of_carbon_turns_the_choice() -> None:
    makes = [
        make("front", "coal", 1.0, gas_gco2e=2000),
        make("front", "sun", 1.1, gas_gco2e=500),
    ]
    places = [assembly("a", {"coal": leg(0), "sun": leg(0)})]
    assert sites(solve(makes, places)[0]) == "coal@a"
    # 1.5 kg less at 100 USD/t is 0.15
    best = solve(makes, places, carbon=100)[0]
    assert sites(best) == "sun@a"
    assert best.objective_usd == pytest.approx(1.15)


def test_the_place_of_assembly_is_chosen_with_the_makers() -> None:
    makes = [make("front", "a", 1), make("temple", "b", 1)]
    near = assembly("a", {"b": leg(2)}, last=leg(1))
    far = assembly("b", {"a": leg(2)}, last=leg(9))
    assert [sites(plan) for plan in solve(makes, [far, near])] == ["a+b@a", "a+b@b"]


def test_a_part_that_nobody_makes_is_named() -> None:
    outcome = plan_order(
        [make("front", "a", 1)],
        [assembly("a", {})],
        carbon_price_usd_per_t=0,
        promise_s=0,
        lateness_usd_per_day=0,
        parts=[PartName("front"), PartName("lens-ring")],
    )
    assert outcome == Infeasible((PartName("lens-ring"),), "nobody can make lens-ring")


@pytest.mark.parametrize(
    ("makes", "places", "word"),
    [
        ([], [assembly("a", {})], "nothing to make"),
        ([make("front", "a", 1)], [], "bring the parts together"),
        ([make("front", "b", 1)], [assembly("a", {})], "cannot|no assembly site"),
    ],
)
def test_what_cannot_be_planned_says_why(
    makes: list[MakeOption], places: list[AssemblyOption], word: str
) -> None:
    outcome = plan_order(
        makes,
        places,
        carbon_price_usd_per_t=0,
        promise_s=0,
        lateness_usd_per_day=0,
    )
    assert isinstance(outcome, Infeasible)
    assert any(each in outcome.message for each in word.split("|"))


def test_a_negative_price_of_carbon_is_refused() -> None:
    with pytest.raises(InvalidInput, match="zero or more"):
        solve([make("front", "a", 1)], [assembly("a", {})], carbon=-1)


def brute_force(
    makes: list[MakeOption],
    places: list[AssemblyOption],
    *,
    carbon: float,
    promise_days: float,
    lateness: float,
) -> list[float]:
    """Cost every assignment; keep the best of each set that no smaller set equals."""
    parts = list(dict.fromkeys(option.part for option in makes))
    if not parts:
        return []
    by_part = [[o for o in makes if o.part == part] for part in parts]
    best: dict[tuple[int, frozenset[str]], float] = {}
    for index, place in enumerate(places):
        for made in product(*by_part):
            makers = frozenset(option.facility_id for option in made)
            if not makers <= {place.facility_id, *place.inbound}:
                continue
            plan = cost_plan(
                made,
                place,
                carbon_price_usd_per_t=carbon,
                promise_s=promise_days * DAY_S,
                lateness_usd_per_day=lateness,
            )
            key = (index, makers)
            best[key] = min(best.get(key, plan.objective_usd), plan.objective_usd)
    return sorted(
        cost
        for (index, makers), cost in best.items()
        if all(
            best.get((index, frozenset(fewer)), float("inf")) > cost
            for size in range(1, len(makers))
            for fewer in combinations(makers, size)
        )
    )


# Whole dollars, days and kilograms: sums are exact, so ties are true ties.
amounts = st.integers(0, 8).map(float)
NAMES = ["a", "b", "c", "d"]


@st.composite
def orders(draw: st.DrawFn) -> tuple[list[MakeOption], list[AssemblyOption]]:
    parts = ["p", "q", "r", "s"][: draw(st.integers(1, 4))]
    makes = [
        make(part, site, draw(amounts), draw(amounts), draw(amounts) * 1e6)
        for part in parts
        for site in NAMES
        for _ in range(draw(st.integers(0, 2)))
    ]
    places = [
        assembly(
            site,
            {
                origin: leg(draw(amounts), draw(amounts), draw(amounts) * 1e6)
                for origin in NAMES
                if origin != site and draw(st.integers(0, 4))
            },
            price_usd=draw(amounts),
            last=leg(draw(amounts), draw(amounts)),
        )
        for site in NAMES[: draw(st.integers(1, 3))]
    ]
    return makes, places


@settings(max_examples=200, deadline=None)
@given(orders(), st.integers(0, 2), st.integers(0, 20), st.integers(0, 4))
def test_the_choice_is_the_one_of_brute_force(
    order: tuple[list[MakeOption], list[AssemblyOption]],
    carbon: int,
    promise_days: int,
    lateness: int,
) -> None:
    makes, places = order
    expected = brute_force(
        makes, places, carbon=carbon, promise_days=promise_days, lateness=lateness
    )
    plans = plan_order(
        makes,
        places,
        carbon_price_usd_per_t=carbon,
        promise_s=promise_days * DAY_S,
        lateness_usd_per_day=lateness,
    )
    if isinstance(plans, Infeasible):
        assert expected == []
        return
    assert [p.objective_usd for p in plans] == pytest.approx(expected[:5])
    keys = [
        (p.assembly.facility_id, frozenset(o.facility_id for o in p.made))
        for p in plans
    ]
    assert len(set(keys)) == len(keys)
