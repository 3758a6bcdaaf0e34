"""Days, counts and lists as people say them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven")
_WEEK = 7
#: So many days one after the other are told as a span.
_A_ROW = 3
#: Shorter times are told in minutes. [h]
LEAST_HOURS = 0.2
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


def more_time(hours: float) -> str:
    """Write a time that is missing, never as nothing: 2.5 h more, 3 min more."""
    if hours >= LEAST_HOURS:
        return f"{hours:.1f} h more"
    return f"{max(1, math.ceil(hours * 60 - 1e-6))} min more"


def listed(texts: Sequence[str]) -> str:
    """Join texts by commas and a last "and"."""
    if len(texts) <= 1:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} and {texts[-1]}"


def day_span(days: Sequence[int], starts: date | None) -> str:
    """Name days, three and more in a row by the first and the last of them."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    texts = []
    for run in runs:
        names = [day_name(day, starts) for day in run]
        texts += [f"{names[0]} to {names[-1]}"] if len(run) >= _A_ROW else names
    return listed(texts)


def more_days(days: int) -> str:
    """Write a number of days that would be wanted more."""
    return f"{counted(days)} more day{'s' if days > 1 else ''}"
