"""Days, counts and lists as people say them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven")
_WEEK = 7
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def counted(count: int) -> str:
    """Write small counts in letters."""
    return _COUNTS[count] if 0 <= count < len(_COUNTS) else str(count)


def day_name(day: int, starts: date | None) -> str:
    """Name a day: today, a day of the week, a date; by number where none is known."""
    if day == 0:
        return "today"
    if starts is None:
        return f"day {day}"
    when = starts + timedelta(days=day)
    return _NAMES[when.weekday()] if 0 < day < _WEEK else when.isoformat()


def listed(texts: Sequence[str]) -> str:
    """Join texts by commas and a last "and"."""
    if len(texts) <= 1:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} and {texts[-1]}"
