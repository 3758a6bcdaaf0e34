"""When a facility is open, and when it opens next."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone

from nearmade.facilities.facility import OpeningHours
from nearmade.vocabulary.errors import InvalidInput


def is_open(opening: OpeningHours, now: datetime) -> bool:
    """Tell whether work may start at this moment.

    Raises
    ------
    InvalidInput
        When the moment has no zone.
    """
    local = _local(opening, now)
    hour = (local - _midnight(local)).total_seconds() / 3600
    return (
        local.isoweekday() in opening.days
        and opening.opens_hour <= hour < opening.closes_hour
    )


def next_open(opening: OpeningHours, now: datetime) -> datetime:
    """Give the first moment from now on at which work may start, in UTC.

    Raises
    ------
    InvalidInput
        When the moment has no zone, or the facility never opens.
    """
    if is_open(opening, now):
        return now.astimezone(UTC)
    if opening.opens_hour >= opening.closes_hour:
        raise InvalidInput(
            f"opening hours {opening.opens_hour} to {opening.closes_hour}: never open"
        )
    local = _local(opening, now)
    for ahead_days in range(8):
        day = _midnight(local) + timedelta(days=ahead_days)
        opens = day + timedelta(hours=opening.opens_hour)
        if day.isoweekday() in opening.days and opens >= local:
            return opens.astimezone(UTC)
    raise InvalidInput(f"opening days {opening.days}: never open")


def opening_text(opening: OpeningHours) -> str:
    """Write the hours for people, as OKW's ``opening_hours`` wants them."""
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    days = ", ".join(names[day - 1] for day in opening.days)
    offset = timedelta(hours=abs(opening.utc_offset_h))
    sign = "-" if opening.utc_offset_h < 0 else "+"
    return (
        f"{days} {_clock(timedelta(hours=opening.opens_hour))}"
        f"-{_clock(timedelta(hours=opening.closes_hour))} UTC{sign}{_clock(offset)}"
    )


def _local(opening: OpeningHours, now: datetime) -> datetime:
    if now.tzinfo is None:
        raise InvalidInput(f"moment {now.isoformat()}: needs a zone")
    return now.astimezone(timezone(timedelta(hours=opening.utc_offset_h)))


def _midnight(local: datetime) -> datetime:
    return datetime.combine(local.date(), time(), local.tzinfo)


def _clock(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
