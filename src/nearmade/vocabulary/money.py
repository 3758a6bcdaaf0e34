"""Money in whole minor units of one currency."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from nearmade.vocabulary.errors import InvalidInput

#: Currencies whose minor unit is not a hundredth.
#: Source: ISO 4217:2015, list one (current currencies), column "minor unit".
MINOR_DIGITS = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0,
    "PYG": 0, "RWF": 0, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}  # fmt: skip


def minor_digits(currency: str) -> int:
    """Give the number of decimal digits of a currency's minor unit."""
    return MINOR_DIGITS.get(currency, 2)


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount of one currency.

    Parameters
    ----------
    minor
        Whole minor units as ISO 4217 counts them (cents, yen). May be negative.
    currency
        ISO 4217 code, three capital letters.

    Raises
    ------
    InvalidInput
        When the currency is not three capital letters.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        code = self.currency
        if not (len(code) == 3 and code.isascii() and code.isupper()):
            raise InvalidInput(f"currency {code!r}: must be three capital letters")

    @classmethod
    def of(cls, amount: Decimal | int, currency: str) -> Money:
        """Round a decimal amount of major units once, half to even."""
        quantum = Decimal(1).scaleb(-minor_digits(currency))
        rounded = Decimal(amount).quantize(quantum, rounding=ROUND_HALF_EVEN)
        return cls(int(rounded.scaleb(minor_digits(currency))), currency)

    @classmethod
    def total(cls, amounts: Iterable[Money], currency: str) -> Money:
        """Add amounts of one currency; nothing at all gives zero."""
        result = cls(0, currency)
        for amount in amounts:
            result = result + amount
        return result

    @property
    def amount(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))

    def __add__(self, other: Money) -> Money:
        if self.currency != other.currency:
            raise InvalidInput(
                f"cannot add {other.currency} to {self.currency}: convert first"
            )
        return Money(self.minor + other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return self + (-other)

    def __str__(self) -> str:
        return f"{self.amount:.{minor_digits(self.currency)}f} {self.currency}"
