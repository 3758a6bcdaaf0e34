"""Exchange rates from the dated table that the CurrencyConverter package carries."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from types import MappingProxyType

from currency_converter import CurrencyConverter

from nearmade.quoting.exchange import Rates
from nearmade.vocabulary.errors import Unavailable

SOURCE = "European Central Bank, euro foreign exchange reference rates (offline copy)"


@cache
def latest_rates() -> Rates:
    """Give the newest day's rates; currencies that have ended are left out.

    Raises
    ------
    Unavailable
        When the package's table cannot be read.
    """
    try:
        table = CurrencyConverter(decimal=True)
        newest = max(bounds.last_date for bounds in table.bounds.values())
        per_eur = {
            currency: Decimal(table.convert(1, "EUR", currency, date=newest))
            for currency, bounds in table.bounds.items()
            if currency != "EUR" and bounds.last_date == newest
        }
    except (OSError, ValueError, KeyError) as error:
        raise Unavailable(f"exchange rates: table cannot be read: {error}") from error
    return Rates(newest, MappingProxyType({"EUR": Decimal(1), **per_eur}), SOURCE)
