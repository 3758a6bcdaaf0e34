"""What a site's agent says of its forecast, and how it is read again.

What an agent says is taken as it comes: a part that is missing or no figure counts as
not said, and the rest still stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Final

#: Days that are read at most, and the longest words.
MOST_DAYS: Final = 100
MOST_LETTERS: Final = 500
#: No workshop's panels give more on one day. [Wh]
MOST_WH: Final = 1e8

_FIGURES: Final = ("low_wh", "middle_wh", "high_wh", "used_wh", "came_wh")


@dataclass(frozen=True, slots=True)
class ForecastDay:
    """One day's forecast beside what came.

    Parameters
    ----------
    begins_at
        Of the daylight that it speaks of, aware.
    low_wh, middle_wh, high_wh
        Foretold for the worst day of ten, the middling one, the best of ten. [Wh]
    used_wh
        The low figure as it was decided by. [Wh]
    came_wh
        None while the day is not over. [Wh]
    """

    begins_at: datetime
    low_wh: float
    middle_wh: float
    high_wh: float
    used_wh: float
    came_wh: float | None = None

    def as_record(self) -> dict[str, object]:
        """Give plain values."""
        figures = {name: getattr(self, name) for name in _FIGURES}
        return {
            "begins_at": self.begins_at.isoformat(),
            **{n: None if f is None else round(f, 1) for n, f in figures.items()},
        }


@dataclass(frozen=True, slots=True)
class ForecastSaid:
    """A forecast in words, and its last days.

    Parameters
    ----------
    source
        What it is made of.
    held
        How it has held, with the numbers.
    note
        Why another forecast is not used; empty when there is nothing to tell.
    days
        The oldest first.
    """

    source: str
    held: str = ""
    note: str = ""
    days: tuple[ForecastDay, ...] = ()

    def as_record(self) -> dict[str, object]:
        """Give plain values for the snapshot."""
        return {
            "source": self.source,
            "held": self.held,
            "note": self.note,
            "days": [day.as_record() for day in self.days],
        }


def forecast_from(record: object) -> ForecastSaid | None:
    """Read what an agent said of its forecast; None when it said nothing."""
    if not isinstance(record, Mapping):
        return None
    source, held, note = (_words(record.get(n)) for n in ("source", "held", "note"))
    if not source:
        return None
    rows = record.get("days")
    rows = rows[-MOST_DAYS:] if isinstance(rows, list) else []
    days = [day for day in map(_day, rows) if day is not None]
    return ForecastSaid(
        source, held, note, tuple(sorted(days, key=lambda day: day.begins_at))
    )


def _words(value: object) -> str:
    return value[:MOST_LETTERS] if isinstance(value, str) else ""


def _day(row: object) -> ForecastDay | None:
    """Read a day; None unless what was foretold are figures in order."""
    if not isinstance(row, Mapping):
        return None
    begins_at = _moment(row.get("begins_at"))
    low, middle, high, used, came = (_figure(row.get(name)) for name in _FIGURES)
    if begins_at is None or low is None or middle is None or high is None:
        return None
    if not low <= middle <= high:
        return None
    return ForecastDay(
        begins_at, low, middle, high, low if used is None else used, came
    )


def _figure(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if isfinite(value) and 0 <= value <= MOST_WH else None


def _moment(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
        return None if at is None or at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
