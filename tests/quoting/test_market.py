"""One part at many machines: the same prices as one by one, and the laws of prices."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.facilities.facility import Machine, Tariff
from nearmade.geometry.facts import PartFacts
from nearmade.quoting.exchange import Rates
from nearmade.quoting.learned import Correction
from nearmade.quoting.level0 import estimate_level0
from nearmade.quoting.market import Market, MarketQuote, PricedMachine
from nearmade.quoting.plate import builds_needed
from nearmade.quoting.price import price_build
from nearmade.quoting.profile import Profile
from nearmade.quoting.profiles import PROFILES, find_profile
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import FacilityId, MachineId
from nearmade.vocabulary.money import Money
from tests.quoting.parts import BY_HAND, CUBE, MK3S, cuboid_facts

NOTHING = Decimal(0)
PLAIN = Tariff(
    currency="EUR",
    machine_hour=Decimal("1.50"),
    material_gram={"PLA": Decimal("0.04"), "PETG": Decimal("0.05")},
    setup=NOTHING,
    labour_hour=NOTHING,
    minimum=NOTHING,
    margin_fraction=NOTHING,
)
RATES = Rates(
    dt.date(2026, 1, 2),
    {"EUR": Decimal(1), "USD": Decimal("1.25"), "JPY": Decimal(160)},
    "by hand",
)


def machine(
    name: str = "one", profile: Profile = MK3S, tariff: Tariff = PLAIN
) -> PricedMachine:
    return PricedMachine(FacilityId("here"), MachineId(f"here/{name}"), profile, tariff)


def asked(facts: PartFacts, *machines: PricedMachine, quantity: int = 1) -> MarketQuote:
    return Market(machines).quote(facts, quantity)


lengths = st.floats(2, 170)
cuboids = st.builds(cuboid_facts, lengths, lengths, lengths)
amounts = st.decimals(0, 100, places=3)
profiles = st.sampled_from(list(PROFILES.values()))


@st.composite
def tariffs(draw: st.DrawFn, materials: tuple[str, ...]) -> Tariff:
    return Tariff(
        currency=draw(st.sampled_from(["EUR", "JPY", "KWD"])),
        machine_hour=draw(amounts),
        material_gram={material: draw(amounts) for material in materials},
        setup=draw(amounts),
        labour_hour=NOTHING,
        minimum=draw(amounts),
        margin_fraction=draw(st.decimals(0, 1, places=2)),
    )


@st.composite
def machines(draw: st.DrawFn) -> PricedMachine:
    profile = draw(profiles)
    return machine(
        str(draw(st.integers(0, 99))), profile, draw(tariffs((profile.material,)))
    )


def test_the_cube_is_priced_as_by_hand() -> None:
    # 20 mm cube by the published formula: 3.441 cm3 x 1.24 = 4.267 g, 1964 + 300 s;
    # 2264 s at 1.50 an hour = 0.94, 4.267 g at 0.04 = 0.17.
    quote = asked(CUBE, machine(profile=BY_HAND))
    assert quote.price(0)[0] == Money(111, "EUR")


@given(st.lists(machines(), min_size=1, max_size=5), cuboids, st.integers(1, 200))
def test_every_price_equals_that_of_one_machine_alone_to_the_cent(
    many: list[PricedMachine], facts: PartFacts, quantity: int
) -> None:
    quote = asked(facts, *many, quantity=quantity)
    for index, each in enumerate(many):
        build = estimate_level0(facts, each.profile, quantity)
        plates = builds_needed(facts.extents_mm, each.profile, quantity)
        alone = price_build(
            [build], each.tariff, [each.profile.material], builds=plates
        )
        assert quote.price(index) == (alone.total, alone.low, alone.high)
        assert quote.build(index) == build


@given(st.integers(0, 10**7), st.integers(1, 999), st.integers(0, 100))
def test_halves_of_a_cent_are_rounded_to_the_even_one(
    setup_cents: int, gram_mills: int, margin_percent: int
) -> None:
    tariff = replace(
        PLAIN,
        machine_hour=NOTHING,
        setup=Decimal(setup_cents) / 1000,
        material_gram={"PLA": Decimal(gram_mills) / 1000},
        margin_fraction=Decimal(margin_percent) / 100,
    )
    build = estimate_level0(CUBE, MK3S)
    alone = price_build([build], tariff, ["PLA"])
    assert asked(CUBE, machine(tariff=tariff)).price(0)[0] == alone.total


@given(machines(), cuboids, st.integers(1, 300), st.integers(1, 50))
def test_the_price_never_falls_with_quantity(
    one: PricedMachine, facts: PartFacts, quantity: int, more: int
) -> None:
    market = Market([one])
    few, many = market.quote(facts, quantity), market.quote(facts, quantity + more)
    assert few.prices.value[0] <= many.prices.value[0]
    assert few.prices.low[0] <= many.prices.low[0]
    assert few.prices.high[0] <= many.prices.high[0]


#: Three lines and the margin of two orders and of their sum, each half a unit off.
MOST_ROUNDING = 6


@given(machines(), cuboids, st.integers(1, 100), st.integers(1, 100))
def test_ordering_together_never_costs_more_than_ordering_apart(
    one: PricedMachine, facts: PartFacts, here: int, there: int
) -> None:
    # Not the price per part falls with every part more: the first part on a new plate
    # pays for its heating. But no split of an order is cheaper than the whole.
    market = Market([one])
    apart = sum(
        int(market.quote(facts, count).prices.value[0]) for count in (here, there)
    )
    together = int(market.quote(facts, here + there).prices.value[0])
    assert together <= apart + MOST_ROUNDING


@given(machines(), cuboids, st.integers(1, 200))
def test_no_quantity_costs_more_for_each_than_a_single_part(
    one: PricedMachine, facts: PartFacts, quantity: int
) -> None:
    market = Market([one])
    single = int(market.quote(facts).prices.value[0])
    many = int(market.quote(facts, quantity).prices.value[0])
    assert many <= quantity * (single + 2) + 2


@given(machines(), cuboids, st.floats(1, 1.5), st.integers(1, 20))
def test_a_larger_part_of_the_same_shape_is_never_cheaper(
    one: PricedMachine, facts: PartFacts, scale: float, quantity: int
) -> None:
    larger = cuboid_facts(*(side * scale for side in facts.extents_mm))
    small, large = (
        asked(facts, one, quantity=quantity),
        asked(larger, one, quantity=quantity),
    )
    assert small.prices.value[0] <= large.prices.value[0]
    assert small.times_s()[0] <= large.times_s()[0]


@given(st.lists(machines(), min_size=1, max_size=4), cuboids, st.integers(1, 30))
def test_low_value_and_high_stand_in_order(
    many: list[PricedMachine], facts: PartFacts, quantity: int
) -> None:
    prices = asked(facts, *many, quantity=quantity).prices
    assert (prices.low <= prices.value).all()
    assert (prices.value <= prices.high).all()


@settings(max_examples=25)
@given(st.lists(machines(), max_size=6), cuboids)
def test_ranks_hold_each_machine_that_takes_the_part_once(
    many: list[PricedMachine], facts: PartFacts
) -> None:
    quote = asked(facts, *many)
    ranked = quote.ranked(RATES, by="time")
    assert sorted(ranked) == list(np.flatnonzero(quote.fits))
    times = quote.times_s()[ranked]
    assert (np.diff(times) >= 0).all()


def test_prices_of_several_currencies_are_ranked_in_dollars() -> None:
    # 100 JPY = 0.78 USD, 1.11 EUR = 1.39 USD; a currency without a rate comes last.
    yen = replace(PLAIN, currency="JPY", machine_hour=NOTHING, setup=Decimal(100))
    yen = replace(yen, material_gram={"PLA": NOTHING})
    baht = replace(yen, currency="THB")
    quote = asked(
        CUBE,
        machine("thai", BY_HAND, baht),
        machine("euro", BY_HAND),
        machine("yen", BY_HAND, yen),
    )
    assert quote.ranked(RATES, by="price") == [2, 1, 0]
    assert quote.prices_usd(RATES)[2] == pytest.approx(100 / 160 * 1.25)


def test_a_part_larger_than_the_bed_fits_nowhere() -> None:
    quote = asked(
        cuboid_facts(200, 200, 20), machine(profile=find_profile("mini-pla-0.20"))
    )
    assert not quote.fits.any()
    assert quote.ranked(RATES, by="price") == []


def test_a_machine_smaller_than_its_profile_says_decides_itself() -> None:
    made = Machine(MachineId("here/cut-down"), "MK3S", "FDM", (250, 210, 90), 0.4, ())
    short = PricedMachine.of(FacilityId("here"), made, MK3S, PLAIN)
    assert asked(cuboid_facts(20, 20, 80), short).fits.all()
    assert not asked(cuboid_facts(20, 20, 100), short).fits.any()


def test_a_material_without_a_price_is_refused() -> None:
    with pytest.raises(InvalidInput, match="TPU") as refusal:
        machine(profile=find_profile("mk3s-tpu-0.20"))
    assert refusal.value.code == "material-unpriced"


def test_a_rate_that_is_no_number_is_refused() -> None:
    for rate in (Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity")):
        for tariff in (
            replace(PLAIN, machine_hour=rate),
            replace(PLAIN, margin_fraction=rate),
            replace(PLAIN, material_gram={"PLA": rate}),
        ):
            with pytest.raises(InvalidInput, match="must be in"):
                machine(tariff=tariff)


def test_a_quantity_beyond_counting_is_refused() -> None:
    with pytest.raises(InvalidInput, match="quantity"):
        asked(CUBE, machine(), quantity=10**400)


def test_profiles_of_one_name_with_other_fits_have_figures_of_their_own() -> None:
    plain = replace(BY_HAND.level0)
    slower = replace(BY_HAND, level0=replace(plain, start_s=plain.start_s + 60))
    equal = replace(BY_HAND, level0=plain)
    quote = asked(
        CUBE, machine("a", BY_HAND), machine("b", slower), machine("c", equal)
    )
    times = quote.times_s()
    assert times[1] - times[0] == pytest.approx(60)
    assert times[2] == times[0]
    assert len(quote.kinds) == 2


def test_a_price_list_beyond_counting_is_refused() -> None:
    for absurd in (Decimal("1e300"), Decimal("1e400")):
        with pytest.raises(InvalidInput):
            asked(CUBE, machine(tariff=replace(PLAIN, machine_hour=absurd)))
        with pytest.raises(InvalidInput):
            asked(CUBE, machine(tariff=replace(PLAIN, setup=absurd)))


def test_an_empty_market_answers_with_nothing() -> None:
    quote = asked(CUBE)
    assert quote.ranked(RATES, by="price") == []
    assert len(quote.prices.value) == 0


def test_a_machine_with_a_history_is_quoted_by_it() -> None:
    # Without history 1964 s of printing and 300 s of heating; this one takes a fifth
    # longer and heats up in 100 s.
    slow = replace(machine("slow", BY_HAND), correction=Correction(1.2, 100.0))
    quote = asked(CUBE, machine("plain", BY_HAND), slow)
    assert quote.times_s() == pytest.approx([2264, 1.2 * 1964 + 100], abs=1)
    assert quote.build(0).feedstock_mm3 == quote.build(1).feedstock_mm3
    assert quote.ranked(RATES, by="time") == [0, 1]


@given(st.integers(10**6, 10**9), st.integers(900_000, 1_000_000))
def test_sums_too_large_for_binary_fractions_are_worked_in_decimals(
    hour: int, quantity: int
) -> None:
    dear = replace(PLAIN, machine_hour=Decimal(hour))
    quote = asked(CUBE, machine(tariff=dear), quantity=quantity)
    build = estimate_level0(CUBE, MK3S, quantity)
    assert quote.price(0)[0] == price_build([build], dear, ["PLA"]).total


def test_sums_beyond_counting_are_refused() -> None:
    dear = replace(PLAIN, machine_hour=Decimal(10**9), currency="KWD")
    with pytest.raises(InvalidInput, match="cannot be counted"):
        asked(cuboid_facts(170, 170, 170), machine(tariff=dear), quantity=10**8)


def test_every_plate_is_set_up_and_paid_for() -> None:
    # 200 mm plates lie one by one on a bed of 250 x 210 mm: three set-ups of 2.00.
    tariff = replace(
        PLAIN,
        machine_hour=NOTHING,
        material_gram={"PLA": NOTHING},
        setup=Decimal("2.00"),
    )
    quote = asked(cuboid_facts(200, 200, 2), machine(tariff=tariff), quantity=3)
    assert quote.price(0)[0] == Money(600, "EUR")
