"""Price lists worked by hand, and their laws."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.facilities.facility import Tariff
from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.quoting.price import price_build
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.identity import ProfileId
from nearmade.vocabulary.money import Money

LYON = Tariff(
    currency="EUR",
    machine_hour=Decimal("1.50"),
    material_gram={"PLA": Decimal("0.02"), "PETG": Decimal("0.03")},
    setup=Decimal("2.00"),
    labour_hour=Decimal("24.00"),
    minimum=Decimal("5.00"),
    margin_fraction=Decimal("0.10"),
)


def build(time_s: Estimate, mass_g: Estimate) -> BuildEstimate:
    return BuildEstimate(
        level=0,
        profile_id=ProfileId("mk3s-pla-0.20"),
        quantity=1,
        feedstock_mm3=mass_g.times(1000 / 1.24),
        mass_g=mass_g,
        time_s=time_s,
        energy_wh=Estimate.exact(0),
    )


FRAME = build(Estimate(7200, 6480, 9000), Estimate(50, 45, 60))
TEMPLE = build(Estimate.exact(3600), Estimate.exact(10))


def test_every_line_is_as_worked_by_hand() -> None:
    price = price_build(
        [FRAME, TEMPLE],
        LYON,
        ["PLA", "PETG"],
        labour_s=900,
        bought=Money(1200, "EUR"),
    )
    assert [(item.code, item.amount.minor) for item in price.items] == [
        ("machine-time", 450),  # 3 h x 1.50
        ("material", 100),  # 50 g x 0.02
        ("material", 30),  # 10 g x 0.03
        ("setup", 400),  # 2 x 2.00
        ("labour", 600),  # 0.25 h x 24
        ("margin", 158),  # 10 % of 15.80
        ("bought", 1200),
    ]
    assert price.total == Money(2938, "EUR")


def test_the_same_list_is_applied_to_both_ends() -> None:
    price = price_build([FRAME], LYON, ["PLA"])
    # low: 1.8 h 2.70 + 45 g 0.90 + 2.00 = 5.60, margin 0.56
    # high: 2.5 h 3.75 + 60 g 1.20 + 2.00 = 6.95, margin 0.695 -> 0.70 (half to even)
    assert price.low == Money(616, "EUR")
    assert price.high == Money(765, "EUR")


def test_a_small_order_is_lifted_to_the_minimum_by_a_line_of_its_own() -> None:
    small = build(Estimate.exact(360), Estimate.exact(1))
    price = price_build([small], LYON, ["PLA"])
    # 0.15 + 0.02 + 2.00 = 2.17, margin 0.22, lifted by 2.61
    assert price.items[-1].code == "minimum"
    assert price.items[-1].amount == Money(261, "EUR")
    assert price.total == Money(500, "EUR")


def test_yen_have_no_cents() -> None:
    tokyo = replace(
        LYON,
        currency="JPY",
        machine_hour=Decimal(210),
        minimum=Decimal(0),
        setup=Decimal(0),
        material_gram={"PLA": Decimal("3.1")},
        margin_fraction=Decimal(0),
    )
    # 2 h x 210 + 50 g x 3.1
    assert price_build([FRAME], tokyo, ["PLA"]).total == Money(575, "JPY")


def test_a_material_without_a_price_is_refused_and_those_known_are_named() -> None:
    with pytest.raises(InvalidInput, match="PETG, PLA") as refusal:
        price_build([FRAME], LYON, ["ABS"])
    assert refusal.value.code == "material-unpriced"


def test_lists_of_different_length_are_refused() -> None:
    with pytest.raises(InvalidInput):
        price_build([FRAME], LYON, [])


def test_negative_labour_and_foreign_money_are_refused() -> None:
    with pytest.raises(InvalidInput):
        price_build([FRAME], LYON, ["PLA"], labour_s=-1)
    with pytest.raises(InvalidInput):
        price_build([FRAME], LYON, ["PLA"], bought=Money(1, "USD"))


amounts = st.decimals(0, 1000, places=3)
seconds = st.floats(0, 1e6)


@given(amounts, amounts, amounts, amounts, amounts, seconds, st.floats(0, 1e4))
def test_lines_sum_to_the_total_and_the_interval_is_in_order(
    hour: Decimal,
    gram: Decimal,
    setup: Decimal,
    minimum: Decimal,
    margin: Decimal,
    time_s: float,
    mass_g: float,
) -> None:
    tariff = Tariff("EUR", hour, {"PLA": gram}, setup, hour, minimum, margin / 1000)
    estimate = build(
        Estimate.within(time_s, 0.8, 1.3), Estimate.within(mass_g, 0.9, 1.1)
    )
    price = price_build([estimate], tariff, ["PLA"], labour_s=60)
    assert sum(item.amount.minor for item in price.items) == price.total.minor
    assert price.low.minor <= price.total.minor <= price.high.minor
    assert price.total.minor >= Money.of(minimum, "EUR").minor


@given(seconds, seconds)
def test_a_longer_build_never_costs_less(time_s: float, more_s: float) -> None:
    short = build(Estimate.exact(time_s), Estimate.exact(10))
    long = build(Estimate.exact(time_s + more_s), Estimate.exact(10))
    cost = [price_build([each], LYON, ["PLA"]).total.minor for each in (short, long)]
    assert cost[0] <= cost[1]
