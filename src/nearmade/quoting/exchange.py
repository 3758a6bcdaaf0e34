"""Money of one currency into another, at the rates of one day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.money import Money
from nearmade.vocabulary.nearest import not_known


@dataclass(frozen=True, slots=True)
class Rates:
    """What one euro buys on one day.

    Parameters
    ----------
    date
        The day of the rates.
    per_eur
        Units of each currency for one euro; ``EUR`` itself is 1.
    source
        Who published them.

    Raises
    ------
    InvalidInput
        When a rate is not above zero, or the euro is not 1.
    """

    date: dt.date
    per_eur: Mapping[str, Decimal]
    source: str

    def __post_init__(self) -> None:
        for currency, rate in self.per_eur.items():
            if not rate > 0:
                raise InvalidInput(f"rate of {currency}: {rate} must be above zero")
        if self.per_eur.get("EUR") != 1:
            raise InvalidInput("rates: EUR must be 1")


def check_currency(code: str, rates: Rates) -> None:
    """Refuse a currency that has no rate.

    Raises
    ------
    InvalidInput
        When it has none; the message names those near.
    """
    if code not in rates.per_eur:
        known = sorted(rates.per_eur)
        raise InvalidInput(
            not_known("currency", code, known),
            code="currency-unknown",
            remedy=f"known are {', '.join(known)}",
        )


def convert(money: Money, to_currency: str, rates: Rates) -> Money:
    """Give an amount in another currency, rounded once, half to even.

    Raises
    ------
    InvalidInput
        When a currency has no rate; the message names those known.
    """
    if money.currency == to_currency:
        return money
    in_euros = money.amount / _rate(money.currency, rates)
    return Money.of(in_euros * _rate(to_currency, rates), to_currency)


def usd(money: Money, rates: Rates) -> float:
    """Give an amount in US dollars, to compare with; not rounded. [USD]"""
    in_euros = money.amount / _rate(money.currency, rates)
    return float(in_euros * _rate("USD", rates))


def rate_between(from_currency: str, to_currency: str, rates: Rates) -> Decimal:
    """Give what one unit of a currency buys of another, not rounded.

    Raises
    ------
    InvalidInput
        When a currency has no rate; the message names those known.
    """
    return _rate(to_currency, rates) / _rate(from_currency, rates)


def _rate(currency: str, rates: Rates) -> Decimal:
    rate = rates.per_eur.get(currency)
    if rate is None:
        known = ", ".join(sorted(rates.per_eur))
        raise InvalidInput(
            f"currency {currency!r}: no rate of {rates.date}; known are {known}",
            code="currency-unknown",
        )
    return rate
