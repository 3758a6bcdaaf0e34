"""Offers and plans over the demo network."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.adapters.exchange import latest_rates
from nearmade.adapters.network_file import load_network
from nearmade.facilities.facility import Facility, Feedstock, PowerSystem
from nearmade.geometry.facts import PartFacts
from nearmade.impact.making import making_gco2e
from nearmade.planning.dealing import deal
from nearmade.planning.labels import label_offers
from nearmade.planning.offers import NetworkQuote, SiteOffer, quote_network
from nearmade.planning.site_work import PartDemand
from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.quoting.build_start import start_of
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.identity import FacilityId, MachineId, PartName, ProfileId
from nearmade.vocabulary.place import Place

DEMO_FILE = Path(__file__).resolve().parents[2] / "examples/networks/demo.json"
NAIROBI = Place("Nairobi", "KE", -1.28333, 36.81667)
MONDAY_NOON = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

Quote = Callable[..., NetworkQuote]


def block(x_mm: float, y_mm: float, z_mm: float) -> PartFacts:
    """A solid block, its figures by hand."""
    plate, walls = x_mm * y_mm, 2 * (x_mm + y_mm) * z_mm
    box = (x_mm, y_mm, z_mm)
    volume, area = plate * z_mm, 2 * plate + walls
    return PartFacts(12, True, volume, area, box, 1, walls, plate, plate, 0.0, plate)


def part(
    name: str, facts: PartFacts, *materials: str, quantity: int = 1, **more: Any
) -> PartDemand:
    return PartDemand(
        PartName(name),
        name.title(),
        quantity,
        materials or ("PLA",),
        "3DP",
        facts,
        0.2,
        **more,
    )


FRONT = part("front", block(140, 50, 4), "PETG", "PLA")
SPECTACLES = (
    FRONT,
    part("left", block(145, 20, 4), "PETG", "PLA"),
    part("right", block(145, 20, 4), "PETG", "PLA"),
    part("pins", block(10, 3, 3), "PLA", quantity=2),
    part("case", block(150, 60, 30), "PETG"),
)


@pytest.fixture(scope="module")
def demo() -> tuple[Facility, ...]:
    return load_network(DEMO_FILE)


@pytest.fixture(scope="module")
def ask(demo: tuple[Facility, ...]) -> Quote:
    """Quote near Nairobi on a Monday noon; say only what differs."""

    def quote(
        demands: Sequence[PartDemand] = SPECTACLES,
        facilities: Sequence[Facility] = demo,
        *,
        bought_usd: float = 4.0,
        bought_g: float = 20.0,
        minutes: float = 15.0,
        **change: Any,
    ) -> NetworkQuote:
        usual: dict[str, Any] = {
            "deliver": True,
            "now": MONDAY_NOON,
            "rates": latest_rates(),
            "promise_days": 7.0,
            "carbon_price_usd_per_t": 100.0,
            "commercial_use": True,
        }
        return quote_network(
            demands,
            bought_usd,
            bought_g,
            minutes,
            facilities,
            NAIROBI,
            **(usual | change),
        )

    return quote


@pytest.fixture(scope="module")
def spectacles(ask: Quote) -> NetworkQuote:
    return ask()


def by_id(facilities: Sequence[Facility], name: str) -> Facility:
    return next(facility for facility in facilities if facility.id == name)


def test_every_facility_gives_an_offer_or_reasons_never_both(
    spectacles: NetworkQuote, demo: tuple[Facility, ...]
) -> None:
    offered = [offer.facility.id for offer in spectacles.offers]
    refused = [refusal.facility_id for refusal in spectacles.refusals]
    assert sorted(offered + refused) == sorted(facility.id for facility in demo)
    assert all(refusal.reasons for refusal in spectacles.refusals)


def test_offers_come_cheapest_first_and_the_nearest_are_in_nairobi(
    spectacles: NetworkQuote,
) -> None:
    totals = [offer.total_usd.value for offer in spectacles.offers]
    assert totals == sorted(totals)
    assert spectacles.offers[0].facility.place.name == "Nairobi"


def test_the_sum_of_an_offer_is_its_lines_and_its_leg(
    spectacles: NetworkQuote,
) -> None:
    for offer in spectacles.offers:
        assert offer.price.total.currency == offer.facility.tariff.currency
        assert sum(i.amount.minor for i in offer.price.items) == offer.price.total.minor
        assert offer.total_usd.value == pytest.approx(
            offer.price_usd + offer.leg.price_usd.value
        )
        made_g = sum(
            making_gco2e(
                build.material,
                build.estimate.mass_g.value,
                build.estimate.energy_wh.value,
                offer.facility.place.country,
                solar=offer.facility.power.kind == "solar",
            )
            for build in offer.builds
        )
        assert offer.gco2e.value == pytest.approx(
            made_g + offer.leg.freight_gco2e.value
        )


def test_days_are_waiting_making_hands_and_way(
    ask: Quote, demo: tuple[Facility, ...]
) -> None:
    mombasa = by_id(demo, "mombasa-fablab")
    alone = replace(mombasa, queue_s=7200, machines=mombasa.machines[:1])
    after_closing = datetime(2026, 11, 2, 20, 0, tzinfo=UTC)  # Monday 23:00 there
    (offer,) = ask([FRONT], [alone], now=after_closing, minutes=30).offers
    (build,) = offer.builds
    # open from nine on Tuesday, or on the next opening day
    opens = datetime(2026, 11, 3, 6, 0, tzinfo=UTC)
    wait_s = (opens - after_closing).total_seconds() + 7200
    # five minutes of hands to start it, five to take it off, in whole steps of five
    making_s = 600 + 300 * math.ceil(build.estimate.time_s.value / 300)
    expected_s = wait_s + making_s + 30 * 60 + offer.leg.time_s.value
    assert offer.days.value * 86_400 == pytest.approx(expected_s)


def test_two_like_machines_share_the_plates_of_one_part(
    ask: Quote, demo: tuple[Facility, ...]
) -> None:
    lagos = replace(by_id(demo, "nairobi-print-farm"), queue_s=0)
    mk3s = [m for m in lagos.machines if m.make_model == "Prusa MK3S+"]
    # 240 x 200 mm: one on a plate
    slabs = part("slab", block(240, 200, 2), quantity=4)
    one = ask([slabs], [replace(lagos, machines=tuple(mk3s[:1]))], minutes=0).offers[0]
    two = ask([slabs], [replace(lagos, machines=tuple(mk3s[:2]))], minutes=0).offers[0]
    assert len(two.builds[0].machine_ids) == 2
    assert two.builds[0].ends_s == pytest.approx(one.builds[0].ends_s / 2)
    assert two.price == one.price


@given(
    plates=st.integers(1, 60),
    plate_s=st.integers(1, 20),
    free=st.lists(st.integers(0, 300), min_size=1, max_size=6),
)
def test_plates_dealt_at_once_are_dealt_as_one_by_one(
    plates: int, plate_s: int, free: list[int]
) -> None:
    free_s = {MachineId(f"m{i}"): float(start) for i, start in enumerate(free)}
    ends = list(free_s.values())
    for _ in range(plates):
        first = ends.index(min(ends))
        ends[first] += plate_s
    dealt = deal(plates, plate_s, free_s)
    assert sum(dealt.values()) == plates
    last = max(free_s[each] + count * plate_s for each, count in dealt.items())
    assert last == max(e for e, f in zip(ends, free_s.values(), strict=True) if e > f)


def test_a_million_plates_are_planned_at_once(
    ask: Quote, demo: tuple[Facility, ...]
) -> None:
    farm = by_id(demo, "nairobi-print-farm")
    rich = replace(farm, feedstocks=(Feedstock("PLA", "white", 1e9),))
    slabs = part("slab", block(140, 140, 1), quantity=1_000_000)
    (offer,) = ask([slabs], [rich], minutes=0).offers
    assert offer.builds[0].quantity == 1_000_000
    assert len(offer.builds[0].machine_ids) >= 3


def test_the_slicers_figures_go_before_the_closed_form(
    ask: Quote, demo: tuple[Facility, ...]
) -> None:
    farm = by_id(demo, "nairobi-print-farm")
    mk3s_pla = ProfileId("mk3s-pla-0.20")
    only = replace(
        farm,
        machines=tuple(
            replace(m, profiles=(mk3s_pla,)) for m in farm.machines if "mk3s" in m.id
        ),
    )
    exact = Estimate.exact
    sliced = BuildEstimate(
        2, mk3s_pla, 1, exact(1000), exact(1.24), exact(3600), exact(80)
    )
    pair = part("tag", block(40, 20, 2), quantity=2, sliced={mk3s_pla: sliced})
    (offer,) = ask([pair], [only], minutes=0).offers
    estimate = offer.builds[0].estimate
    # one was sliced, two are wanted: on one plate, heated up once, one skirt
    assert (estimate.level, estimate.quantity) == (2, 2)
    profile = find_profile(mk3s_pla)
    skirt_mm3, start_s = start_of(2 * (40 + 20), profile.settings)
    heatup_s = profile.power.heatup_s
    assert estimate.time_s.value == pytest.approx(7200 - heatup_s - start_s)
    assert estimate.mass_g.value == pytest.approx((2000 - skirt_mm3) * 1.24e-3)
    (single,) = ask([replace(pair, quantity=1)], [only], minutes=0).offers
    assert single.builds[0].estimate == sliced


def test_without_a_grid_the_work_waits_for_the_sun(
    ask: Quote, demo: tuple[Facility, ...]
) -> None:
    van = by_id(demo, "nairobi-van")
    power = PowerSystem("solar", pv_wp=100, battery_wh=200, max_w=1000)
    (offer,) = ask([FRONT], [replace(van, power=power)], minutes=0).offers
    grid = ask([FRONT], [replace(van, power=PowerSystem("grid"))], minutes=0).offers[0]
    # Half of 200 Wh is in store and 10 % must stay, so it lacks more than 20 Wh, which
    # 100 Wp do not bring before the next morning: at noon they give 65 W at the most.
    needed_wh = offer.energy_kwh.value * 1000
    assert 100 < needed_wh < 400
    assert offer.builds[0].printed_s > grid.builds[0].printed_s
    assert grid.days.value < offer.days.value


def test_refusals_name_the_part_and_the_numbers(
    ask: Quote, demo: tuple[Facility, ...]
) -> None:
    wide = part("tray", block(190, 60, 10), "PLA")
    quote = ask([FRONT, wide], [by_id(demo, "nairobi-van")])
    (refusal,) = quote.refusals
    (reason,) = refusal.reasons
    assert reason.rule == "too-large"
    assert reason.message.startswith("Tray: needs 198 mm along x; bed 180 mm")
    assert (quote.offers, quote.plans) == ((), ())
    assert quote.uncovered == (PartName("tray"),)


def test_stock_must_do_for_all_parts_together(
    ask: Quote, demo: tuple[Facility, ...]
) -> None:
    farm = by_id(demo, "nairobi-print-farm")
    # a slab of 100 x 100 x 20 mm weighs some 80 g; the spool lasts for one
    short = replace(farm, feedstocks=(Feedstock("PLA", "white", 120.0),))
    slabs = [part(name, block(100, 100, 20)) for name in ("one", "two")]
    assert ask(slabs[:1], [short], minutes=0).refusals == ()
    (refusal,) = ask(slabs, [short], minutes=0).refusals
    assert [reason.rule for reason in refusal.reasons] == ["stock-too-low-together"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"assembles": False}, "no-assembly"),
        ({"status": "closed"}, "facility-not-active"),
    ],
)
def test_a_site_that_cannot_do_it_all_says_so(
    ask: Quote, demo: tuple[Facility, ...], change: dict[str, Any], rule: str
) -> None:
    site = replace(by_id(demo, "nairobi-print-farm"), **change)
    quote = ask(facilities=[site])
    assert rule in [reason.rule for reason in quote.refusals[0].reasons]
    assert quote.offers == ()


def test_currency_and_material_without_a_price_are_reasons(
    ask: Quote, demo: tuple[Facility, ...]
) -> None:
    farm = by_id(demo, "nairobi-print-farm")
    shillings = replace(farm, tariff=replace(farm.tariff, currency="KES"))
    unpriced = replace(farm, tariff=replace(farm.tariff, material_gram={}))
    for site, rule in (
        (shillings, "currency-without-rate"),
        (unpriced, "material-unpriced"),
    ):
        quote = ask([FRONT], [site])
        assert [reason.rule for reason in quote.refusals[0].reasons] == [rule]
        assert (quote.offers, quote.plans) == ((), ())


def test_a_non_commercial_design_goes_to_homes_and_fab_labs(ask: Quote) -> None:
    kinds = {offer.facility.kind for offer in ask(commercial_use=False).offers}
    assert kinds == {"home", "fab-lab"}


def test_the_best_plan_is_no_dearer_than_the_best_offer(
    spectacles: NetworkQuote,
) -> None:
    best = spectacles.plans[0]
    assert best.price_usd <= spectacles.offers[0].total_usd.value + 1e-9
    objectives = [plan.objective_usd for plan in spectacles.plans]
    assert objectives == sorted(objectives)
    assert len(objectives) == 5


def test_a_plan_with_one_site_costs_what_its_offer_costs(
    spectacles: NetworkQuote,
) -> None:
    offers = {offer.facility.id: offer for offer in spectacles.offers}
    compared = 0
    for plan in spectacles.plans:
        home = plan.assembly.facility_id
        if {option.facility_id for option in plan.made} == {home}:
            offer = offers[home]
            assert plan.price_usd == pytest.approx(offer.total_usd.value)
            assert plan.gco2e == pytest.approx(offer.gco2e.value)
            assert plan.ready_s == pytest.approx(offer.days.value * 86_400)
            compared += 1
    assert compared > 0


def test_an_order_that_no_site_makes_alone_is_shared(
    ask: Quote, demo: tuple[Facility, ...]
) -> None:
    # The van has the only TPU, but its bed is too small for the tray.
    tpu = ProfileId("mk3s-tpu-0.20")
    van = by_id(demo, "nairobi-van")
    soft = replace(
        van,
        machines=tuple(replace(m, profiles=(tpu,)) for m in van.machines),
        feedstocks=(Feedstock("TPU", "black", 500.0),),
        tariff=replace(
            van.tariff, material_gram={"TPU": van.tariff.material_gram["PLA"]}
        ),
    )
    farm = replace(
        by_id(demo, "nairobi-print-farm"),
        feedstocks=(Feedstock("PLA", "white", 900.0),),
    )
    tray = part("tray", block(200, 60, 10), "PLA")
    pad = part("pad", block(40, 40, 4), "TPU")
    quote = ask([tray, pad], [soft, farm])
    assert quote.offers == ()
    assert quote.uncovered == ()
    best = quote.plans[0]
    assert {o.part: o.facility_id for o in best.made} == {
        "tray": "nairobi-print-farm",
        "pad": "nairobi-van",
    }


def test_the_short_list_reaches_for_the_only_maker_and_the_only_hands(
    ask: Quote, demo: tuple[Facility, ...]
) -> None:
    farm = by_id(demo, "nairobi-print-farm")
    white = (Feedstock("PLA", "white", 900.0),)
    crowd = [
        replace(farm, id=FacilityId(f"farm-{i}"), assembles=False, feedstocks=white)
        for i in range(20)
    ]
    lyon, sydney = by_id(demo, "lyon-fablab"), by_id(demo, "sydney-farm")
    handless = replace(lyon, assembles=False, queue_s=0)
    hands = replace(sydney, feedstocks=white)
    tray, pad = part("tray", block(90, 60, 10)), part("pad", block(40, 40, 4), "PETG")
    quote = ask([tray, pad], [*crowd, handless, hands])
    best = quote.plans[0]
    assert best.made[1].facility_id == "lyon-fablab"
    assert best.assembly.facility_id == "sydney-farm"


def test_a_facility_that_is_there_twice_is_refused(
    ask: Quote, demo: tuple[Facility, ...]
) -> None:
    with pytest.raises(InvalidInput, match="is there twice"):
        ask([FRONT], [demo[0], demo[0]])


def test_an_order_without_parts_or_with_twins_is_refused(ask: Quote) -> None:
    with pytest.raises(InvalidInput, match="at least one part"):
        ask([])
    with pytest.raises(InvalidInput, match="same name"):
        ask([FRONT, FRONT])
    with pytest.raises(InvalidInput, match="bought_usd"):
        ask(bought_usd=-1.0)


class Figures:
    """An offer's three figures."""

    def __init__(self, usd: float, days: float, gas: float) -> None:
        self.total_usd = Estimate.exact(usd)
        self.days = Estimate.exact(days)
        self.gco2e = Estimate.exact(gas)


def test_labels_name_the_best_in_each_and_the_knee() -> None:
    offers = [
        Figures(10, 10, 10),
        Figures(30, 1, 30),
        Figures(50, 9, 1),
        Figures(14, 3, 8),  # near the best in all three
        Figures(60, 11, 40),  # beaten in all
    ]
    assert label_offers(offers) == (
        ("cheapest",),
        ("soonest",),
        ("greenest",),
        ("knee",),
        (),
    )
    assert label_offers(offers[:1]) == (("cheapest", "soonest", "greenest", "knee"),)
    assert label_offers([]) == ()


def test_labels_are_given_once_each(spectacles: NetworkQuote) -> None:
    given = [label for offer in spectacles.offers for label in offer.labels]
    assert sorted(given) == ["cheapest", "greenest", "knee", "soonest"]
    assert isinstance(spectacles.offers[0], SiteOffer)


def test_the_same_question_has_the_same_answer(ask: Quote) -> None:
    assert ask() == ask()
