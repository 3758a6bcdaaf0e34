"""The plain price list: what one hour and one gram cost where no facility is asked."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from nearmade.adapters.exchange import latest_rates
from nearmade.facilities.facility import Tariff
from nearmade.quoting.exchange import rate_between
from nearmade.quoting.processes.process_estimate import PlainRates
from nearmade.vocabulary.errors import InvalidInput

#: A plain price list for asking without a facility. Assumed, and labelled so.
PLAIN_HOUR, PLAIN_GRAM = Decimal("1.50"), Decimal("0.04")
PLAIN_CURRENCY: Final = "EUR"

#: More for one hour or one gram is a slip of the keyboard.
MOST_AMOUNT: Final = 10**9


def amount(option: str, text: str | None) -> Decimal | None:
    """Read an amount of money; none where none is given.

    Raises
    ------
    InvalidInput
        When it is no amount, below zero or out of all reason.
    """
    if text is None:
        return None
    try:
        value = Decimal(text)
    except ArithmeticError:
        value = Decimal("NaN")
    if not (value.is_finite() and 0 <= value <= MOST_AMOUNT):
        raise InvalidInput(
            f"{option} {text[:40]!r}: must be an amount from 0 to {MOST_AMOUNT}",
            remedy=f"write a plain number, such as {option} 1.50",
        )
    return value


def plain_tariff(
    hour: Decimal | None, gram: Decimal | None, currency: str | None, material: str
) -> Tariff:
    """Give a price list of machine time and material only.

    Parameters
    ----------
    hour, gram
        In the currency asked; the plain list's own, converted, when None.
    currency
        ISO 4217 code; that of the plain list when None.
    material
        What one gram is of.

    Raises
    ------
    InvalidInput
        When the currency has no rate.
    """
    nothing = Decimal(0)
    asked = currency or PLAIN_CURRENCY
    rate = rate_between(PLAIN_CURRENCY, asked, latest_rates())
    return Tariff(
        currency=asked,
        machine_hour=PLAIN_HOUR * rate if hour is None else hour,
        material_gram={material: PLAIN_GRAM * rate if gram is None else gram},
        setup=nothing,
        labour_hour=nothing,
        minimum=nothing,
        margin_fraction=nothing,
    )


def in_currency(rates: PlainRates, currency: str | None) -> PlainRates:
    """Give a process's price list in another currency; as it is when None.

    Raises
    ------
    InvalidInput
        When a currency has no rate.
    """
    if currency is None or currency == rates.currency:
        return rates
    rate = rate_between(rates.currency, currency, latest_rates())
    return replace(
        rates,
        currency=currency,
        machine_hour=rates.machine_hour * rate,
        kilogram=rates.kilogram * rate,
        labour_hour=rates.labour_hour * rate,
    )
