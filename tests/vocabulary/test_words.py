"""Estimates, money, factors and places: what they hold and what they refuse."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.factor import Factor
from nearmade.vocabulary.money import Money
from nearmade.vocabulary.place import Place

NAN = float("nan")

figures = st.floats(0, 1e12)
estimates = st.lists(figures, min_size=3, max_size=3).map(
    lambda three: Estimate(sorted(three)[1], min(three), max(three))
)


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [(1.0, 2.0, 3.0), (4.0, 2.0, 3.0), (NAN, 1.0, 2.0), (1.0, NAN, 2.0)],
)
def test_an_interval_that_does_not_hold_its_value_is_refused(
    value: float, low: float, high: float
) -> None:
    with pytest.raises(InvalidInput, match="not in order"):
        Estimate(value, low, high)


@pytest.mark.parametrize("factor", [-1.0, NAN])
def test_an_interval_is_never_turned_round(factor: float) -> None:
    with pytest.raises(InvalidInput, match="zero or more"):
        Estimate(2.0, 1.0, 3.0).times(factor)


@given(estimates, estimates, figures)
def test_sums_and_multiples_stay_in_order(
    one: Estimate, other: Estimate, factor: float
) -> None:
    both = one.plus(other).times(factor)
    assert both.low <= both.value <= both.high


def test_an_estimate_is_plain_in_json() -> None:
    assert Estimate(2.0, 1.0, 3.0).as_dict() == {"value": 2.0, "low": 1.0, "high": 3.0}


@pytest.mark.parametrize(
    ("amount", "currency", "minor", "text"),
    [
        ("0.005", "EUR", 0, "0.00 EUR"),  # half a cent goes to the even cent
        ("0.015", "EUR", 2, "0.02 EUR"),
        ("-0.015", "EUR", -2, "-0.02 EUR"),
        ("99.5", "JPY", 100, "100 JPY"),  # the yen has no minor unit
        ("1.2345", "KWD", 1234, "1.234 KWD"),  # the dinar has thousandths
    ],
)
def test_money_is_rounded_to_the_minor_unit_of_its_currency(
    amount: str, currency: str, minor: int, text: str
) -> None:
    money = Money.of(Decimal(amount), currency)
    assert (money.minor, str(money)) == (minor, text)


@pytest.mark.parametrize("currency", ["eur", "EU", "EURO", "ÄÖÜ", ""])
def test_a_currency_that_is_no_code_is_refused(currency: str) -> None:
    with pytest.raises(InvalidInput, match="three capital letters"):
        Money(1, currency)


def test_two_currencies_do_not_add() -> None:
    with pytest.raises(InvalidInput, match="cannot add KES to EUR"):
        Money(1, "EUR") + Money(1, "KES")


def test_a_factor_without_a_source_or_with_a_narrow_spread_is_refused() -> None:
    with pytest.raises(InvalidInput, match="a source is needed"):
        Factor("x", 1.0, "kg", "")
    with pytest.raises(InvalidInput, match="geometric_sd"):
        Factor("x", 1.0, "kg", "a book", geometric_sd=0.9)


@pytest.mark.parametrize(
    ("country", "lat_deg", "lon_deg"),
    [("KE", 91.0, 0.0), ("KE", 0.0, -181.0), ("KE", NAN, 0.0), ("ke", 0.0, 0.0)],
)
def test_a_place_off_the_map_is_refused(
    country: str, lat_deg: float, lon_deg: float
) -> None:
    with pytest.raises(InvalidInput, match="place 'nowhere'"):
        Place("nowhere", country, lat_deg, lon_deg)
