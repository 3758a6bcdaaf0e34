"""Currency conversion by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.quoting.exchange import Rates, convert, usd
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.money import Money

RATES = Rates(
    dt.date(2026, 1, 2),
    {
        "EUR": Decimal(1),
        "USD": Decimal("1.25"),
        "JPY": Decimal(160),
        "INR": Decimal(100),
    },
    "by hand",
)


@pytest.mark.parametrize(
    ("money", "to", "minor"),
    [
        (Money(1000, "EUR"), "USD", 1250),
        (Money(1250, "USD"), "JPY", 1600),  # 12.50 USD = 10 EUR = 1600 yen
        (Money(160, "JPY"), "INR", 10000),  # 1 EUR = 100.00 rupees
        (Money(-80, "JPY"), "EUR", -50),
        (Money(777, "USD"), "USD", 777),
    ],
)
def test_amounts_go_through_the_euro(money: Money, to: str, minor: int) -> None:
    assert convert(money, to, RATES) == Money(minor, to)


def test_dollars_to_compare_with_are_not_rounded() -> None:
    assert usd(Money(1, "JPY"), RATES) == pytest.approx(1.25 / 160)


@pytest.mark.parametrize(
    ("money", "to"), [(Money(1, "EUR"), "KES"), (Money(1, "KES"), "EUR")]
)
def test_a_currency_without_a_rate_is_refused_and_those_known_are_named(
    money: Money, to: str
) -> None:
    with pytest.raises(InvalidInput, match="EUR, INR, JPY, USD") as refusal:
        convert(money, to, RATES)
    assert refusal.value.code == "currency-unknown"


@pytest.mark.parametrize(
    "per_eur",
    [{"EUR": Decimal(2)}, {}, {"EUR": Decimal(1), "USD": Decimal(0)}],
)
def test_rates_that_mean_nothing_are_refused(per_eur: dict[str, Decimal]) -> None:
    with pytest.raises(InvalidInput):
        Rates(dt.date(2026, 1, 2), per_eur, "by hand")


@given(st.integers(-(10**9), 10**9))
def test_there_and_back_loses_at_most_the_rounding(minor: int) -> None:
    money = Money(minor, "EUR")
    there = convert(money, "USD", RATES)
    assert abs(convert(there, "EUR", RATES).minor - minor) <= 1
