"""Single fields of a case: estimates, numbers with a default, short texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from unicodedata import category

from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.record_checks import field, one_number, only, refuse

Row = Mapping[str, Any]

MOST_LETTERS: Final = 500


def estimate_field(
    row: Row, name: str, where: str, *, least: float = 0.0, most: float = 1e15
) -> Estimate:
    """Read a number, or value, low and high in that order.

    Raises
    ------
    InvalidInput
        When it is neither, or out of range.
    """
    given, at = field(row, name, where), f"{where}.{name}"
    if type(given) is not dict:
        return Estimate.exact(one_number(row, name, where, least=least, most=most))
    only(given, frozenset(("value", "low", "high")), at)
    value, low, high = (
        one_number(given, key, at, least=least, most=most)
        for key in ("value", "low", "high")
    )
    if not low <= value <= high:
        raise refuse(at, f"low {low:g}, value {value:g} and high {high:g} not in order")
    return Estimate(value, low, high)


def estimate_or_none(row: Row, name: str, where: str) -> Estimate | None:
    """Read an estimate that may be missing or null."""
    return estimate_field(row, name, where) if row.get(name) is not None else None


def number_or(row: Row, name: str, where: str, default: float, **rule: Any) -> float:
    """Read a number that has a default."""
    if name not in row:
        return default
    return one_number(row, name, where, **rule)


def text_field(value: Any, where: str) -> str:
    """Give a value that must be short text."""
    if type(value) is not str or len(value) > MOST_LETTERS:
        raise refuse(where, f"must be text of at most {MOST_LETTERS} letters")
    if not can_be_shown(value):
        raise refuse(where, "holds a sign that no page can show")
    return value


def can_be_shown(text: str) -> bool:
    """Say whether a text is free of control signs and of halves of letters."""
    return not any(category(sign) in ("Cc", "Cs") for sign in text)
