"""Read the fields of a record from outside and keep every complaint.

A record with five faults is refused once, with five faults named.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from nearmade.vocabulary.errors import InvalidInput

#: No quantity of a facility is larger, in any of our units; infinity is none.
MOST_NUMBER: Final = 1e15
#: More of any currency is a slip of the keyboard.
MOST_AMOUNT: Final = 10**12
_AMOUNT_RULE: Final = f"must be an amount of zero or more, at most {MOST_AMOUNT}"


class Fields:
    """A mapping from outside with its path and the shared list of problems.

    Parameters
    ----------
    record
        What came in; anything but a mapping is a problem and reads as empty.
    path
        Where it stands, such as ``equipment[0]``; empty for the top.
    problems
        Complaints so far; shared by all fields of one record.
    """

    def __init__(self, record: object, path: str, problems: list[str]) -> None:
        self._path = path
        self._problems = problems
        self._record: Mapping[object, object] = {}
        if isinstance(record, Mapping):
            self._record = record
        else:
            self.complain("", record, "must be an object")

    def complain(self, key: str, value: object, rule: str) -> None:
        """Keep one complaint: path, value and rule."""
        shown = repr(value)
        if len(shown) > 60:
            shown = shown[:57] + "..."
        self._problems.append(f"{self._at(key)} {shown}: {rule}")

    def has(self, key: str) -> bool:
        """Tell whether the field is given."""
        return self._record.get(key) is not None

    def names(self) -> list[str]:
        """List the fields given."""
        return [str(name) for name in self._record]

    def inner(self, key: str) -> Fields:
        """Read a field that is itself an object."""
        return Fields(self._record.get(key), self._at(key), self._problems)

    def each(self, key: str) -> Iterator[Fields]:
        """Read a field that is a list of objects."""
        for index, entry in enumerate(self._listing(key)):
            yield Fields(entry, f"{self._at(key)}[{index}]", self._problems)

    def text(self, key: str, default: str | None = None) -> str:
        """Read text; empty only where a default allows it."""
        value = self._record.get(key, default)
        if isinstance(value, str) and (value.strip() or default is not None):
            return value
        self.complain(key, value, "must be text and not empty")
        return ""

    def choice(
        self, key: str, allowed: Sequence[str], default: str | None = None
    ) -> str:
        """Read one of a few words."""
        value = self._record.get(key, default)
        if isinstance(value, str) and value in allowed:
            return value
        self.complain(key, value, f"must be one of {', '.join(filter(None, allowed))}")
        return allowed[0]

    def number(
        self,
        key: str,
        minimum: float = -math.inf,
        maximum: float = math.inf,
        default: float | None = None,
        *,
        above: bool = False,
    ) -> float:
        """Read a number in a range; ``above`` leaves the minimum itself out."""
        value = self._record.get(key, default)
        if not isinstance(value, int | float) or isinstance(value, bool):
            self.complain(key, value, "must be a number")
            return minimum + 1 if math.isfinite(minimum) else 0.0
        inside = minimum < value if above else minimum <= value
        # Python's JSON reads Infinity, NaN, 1e999 and whole numbers of any length.
        if not (inside and value <= maximum and abs(value) <= MOST_NUMBER):
            self.complain(key, value, _range_rule(minimum, maximum, above=above))
            return minimum + 1 if math.isfinite(minimum) else 0.0
        return float(value)

    def number_known(
        self, key: str, minimum: float, maximum: float, *, above: bool = False
    ) -> float | None:
        """Read a number that may be unknown: None where the field is not given."""
        if not self.has(key):
            return None
        return self.number(key, minimum, maximum, above=above)

    def whole_known(self, key: str, minimum: int, maximum: int) -> int | None:
        """Read a whole number that may be unknown: None where it is not given."""
        value = self._record.get(key)
        if value is None or (type(value) is int and minimum <= value <= maximum):
            return value
        rule = f"must be a whole number from {minimum} to {maximum}"
        self.complain(key, value, rule)
        return None

    def flag_known(self, key: str) -> bool | None:
        """Read true or false that may be unknown: None where it is not given."""
        return self.flag(key, default=False) if self.has(key) else None

    def rising(self, key: str) -> tuple[float, float] | None:
        """Read two numbers above zero, the lower first; None where not given."""
        value = self._record.get(key)
        if value is None:
            return None
        if isinstance(value, list | tuple) and len(value) == len(("low", "high")):
            low, high = value
            if _is_number(low) and _is_number(high) and 0 < low <= high <= MOST_NUMBER:
                return float(low), float(high)
        self.complain(key, value, "must be two numbers above 0, the lower first")
        return None

    def moment(self, key: str) -> datetime | None:
        """Read a moment with a zone (ISO 8601); None where it is none."""
        value = self._record.get(key)
        try:
            read = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            read = None
        if read is None or read.utcoffset() is None:
            self.complain(key, value, "must be a moment with a zone (ISO 8601)")
            return None
        return read

    def dates(self, key: str) -> tuple[date, ...]:
        """Read a list of days (ISO 8601); empty where the field is not given."""
        found = []
        for index, entry in enumerate(self._listing(key) if self.has(key) else ()):
            try:
                found.append(date.fromisoformat(str(entry)))
            except ValueError:
                rule = "must be a day such as 2026-12-25"
                self.complain(f"{key}[{index}]", entry, rule)
        return tuple(found)

    def decimal(self, key: str) -> Decimal:
        """Read an exact amount, zero or more, written as text or a number."""
        value = self._record.get(key)
        try:
            if isinstance(value, str | int | float) and not isinstance(value, bool):
                amount = Decimal(str(value))
                if amount.is_finite() and 0 <= amount <= MOST_AMOUNT:
                    return amount
        except (InvalidOperation, ValueError):
            pass
        self.complain(key, value, _AMOUNT_RULE)
        return Decimal(0)

    def decimals(self, key: str) -> dict[str, Decimal]:
        """Read an object of exact amounts."""
        inner = self.inner(key)
        return {name: inner.decimal(name) for name in inner.names()}

    def flag(self, key: str, *, default: bool) -> bool:
        """Read true or false."""
        value = self._record.get(key, default)
        if isinstance(value, bool):
            return value
        self.complain(key, value, "must be true or false")
        return default

    def texts(self, key: str, *, optional: bool = False) -> tuple[str, ...]:
        """Read a list of words; where optional, empty if the field is not given."""
        if optional and not self.has(key):
            return ()
        result = []
        for index, entry in enumerate(self._listing(key)):
            if isinstance(entry, str) and entry:
                result.append(entry)
            else:
                self.complain(f"{key}[{index}]", entry, "must be text and not empty")
        return tuple(result)

    def wholes(self, key: str, minimum: int, maximum: int) -> tuple[int, ...]:
        """Read a list of whole numbers in a range."""
        result = []
        for index, entry in enumerate(self._listing(key)):
            if type(entry) is int and minimum <= entry <= maximum:
                result.append(entry)
            else:
                rule = f"must be a whole number from {minimum} to {maximum}"
                self.complain(f"{key}[{index}]", entry, rule)
        return tuple(result)

    def _listing(self, key: str) -> Sequence[object]:
        value = self._record.get(key)
        if isinstance(value, list | tuple):
            return value
        self.complain(key, value, "must be a list")
        return ()

    def _at(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path and key else self._path or key


def raise_problems(what: str, problems: Sequence[str]) -> None:
    """Refuse the record if anything was wrong with it.

    Raises
    ------
    InvalidInput
        When there is a problem; the message names them all.
    """
    if problems:
        raise InvalidInput(f"{what}: {'; '.join(problems)}", code="facility-record")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _range_rule(minimum: float, maximum: float, *, above: bool) -> str:
    if minimum == -math.inf:
        return f"must be from {-MOST_NUMBER:g} to {min(maximum, MOST_NUMBER):g}"
    if maximum == math.inf:
        least = f"must be {'above' if above else 'at least'} {minimum:g}"
        return f"{least} and finite, at most {MOST_NUMBER:g}"
    return f"must be from {minimum:g} to {maximum:g}"
