"""The offline table of exchange rates."""

from __future__ import annotations

import datetime as dt

import pytest

from nearmade.adapters.exchange import latest_rates
from nearmade.quoting.exchange import convert
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.money import Money


def test_the_rates_keep_their_day_and_source() -> None:
    rates = latest_rates()
    assert rates.date > dt.date(2025, 1, 1)
    assert "European Central Bank" in rates.source


def test_currencies_in_use_are_there_and_those_that_ended_are_not() -> None:
    rates = latest_rates().per_eur
    assert {"EUR", "USD", "GBP", "INR", "BRL", "ZAR"} <= set(rates)
    assert not {"DEM", "EEK", "LTL", "RUB"} & set(rates)


def test_a_dollar_is_within_the_bounds_of_its_history() -> None:
    # Since 1999 one euro has bought between 0.82 and 1.60 US dollars.
    euro = convert(Money(10000, "EUR"), "USD", latest_rates())
    assert 8200 < euro.minor < 16000


def test_a_currency_that_the_bank_does_not_quote_is_refused() -> None:
    with pytest.raises(InvalidInput):
        convert(Money(1, "EUR"), "KES", latest_rates())
