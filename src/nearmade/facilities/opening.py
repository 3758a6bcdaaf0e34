"""When a facility is open, and when it opens next."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from nearmade.facilities.facility import Facility, OpeningHours
from nearmade.vocabulary.errors import InvalidInput

_WEEK_DAYS = 7


def is_open(
    opening: OpeningHours,
    now: datetime,
    *,
    zone: str = "",
    holidays: Collection[date] = (),
) -> bool:
    """Tell whether work may start at this moment.

    Parameters
    ----------
    opening
        Days and hours.
    now
        The moment, with a zone.
    zone
        IANA name of the zone that the hours are in; empty for their fixed offset.
    holidays
        Days on which it stays closed.

    Raises
    ------
    InvalidInput
        When the moment has no zone, or the zone's name is not known.
    """
    local = _local(opening, now, zone)
    opens, closes = _spans(opening)
    return (
        local.isoweekday() in opening.days
        and opens <= local - _midnight(local) < closes
        and local.date() not in holidays
    )


def next_open(
    opening: OpeningHours,
    now: datetime,
    *,
    zone: str = "",
    holidays: Collection[date] = (),
) -> datetime:
    """Give the first moment from now on at which work may start, in UTC.

    Where the clock leaves out the hour of opening, it opens as the clock goes on.

    Raises
    ------
    InvalidInput
        When the moment has no zone, the zone's name is not known, or the facility
        never opens.
    """
    if is_open(opening, now, zone=zone, holidays=holidays):
        return now.astimezone(UTC)
    if _is_shut(opening):
        raise InvalidInput(
            f"opening hours {opening.opens_hour} to {opening.closes_hour} on days "
            f"{opening.days}: never open"
        )
    local = _local(opening, now, zone)
    # Every holiday may fall on an opening day, and one may be all there is in a week;
    # so may the day on which the clock leaves out the hours of opening.
    for ahead_days in range(_WEEK_DAYS * (len(holidays) + 2) + 1):
        day = _midnight(local) + timedelta(days=ahead_days)
        opens = day + _spans(opening)[0]
        # An hour that the clock has twice is opened twice.
        for fold in (0, 1):
            at = opens.replace(fold=fold).astimezone(UTC)
            if at >= now and is_open(opening, at, zone=zone, holidays=holidays):
                return at
    raise InvalidInput(f"opening days {opening.days}: never open")


def open_spans(
    opening: OpeningHours,
    begins_at: datetime,
    ends_at: datetime,
    *,
    zone: str = "",
    holidays: Collection[date] = (),
) -> list[tuple[datetime, datetime]]:
    """Give when it is open between two moments, in UTC; days that join are one span.

    Raises
    ------
    InvalidInput
        When a moment has no zone, or the zone's name is not known.
    """
    wall = _local(opening, begins_at, zone).tzinfo
    assert wall is not None
    opens, closes = _spans(opening)
    spans: list[tuple[datetime, datetime]] = []
    for begins, ends, offset in _of_one_offset(
        wall, begins_at.astimezone(UTC), ends_at.astimezone(UTC)
    ):
        day = datetime.combine((begins + offset).date(), time(), UTC)
        while day - offset < ends:
            start = max(day + opens - offset, begins)
            until = min(day + closes - offset, ends)
            works = day.isoweekday() in opening.days and day.date() not in holidays
            if start < until and works:
                joins = bool(spans) and spans[-1][1] == start
                spans.append((spans.pop()[0] if joins else start, until))
            day += timedelta(days=1)
    return spans


def _of_one_offset(
    wall: tzinfo, begins: datetime, ends: datetime
) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Cut a span of UTC where the clock on the wall is put forward or back."""

    def ahead(at: datetime) -> timedelta:
        return at.astimezone(wall).utcoffset() or timedelta()

    start = at = begins
    while at < ends:
        after = min(at + timedelta(days=1), ends)
        if ahead(at) != ahead(after):
            low, high = 0, math.ceil((after - at).total_seconds())
            while high - low > 1:
                middle = (low + high) // 2
                same = ahead(at + timedelta(seconds=middle)) == ahead(at)
                low, high = (middle, high) if same else (low, middle)
            turn = (at + timedelta(seconds=high)).replace(microsecond=0)
            yield start, turn, ahead(start)
            start = turn
        at = after
    yield start, ends, ahead(start)


def never_opens(facility: Facility) -> bool:
    """Tell whether a facility's calendar has no moment at which it works."""
    zone = facility.zone
    return _is_shut(facility.opening) or bool(zone and not is_zone(zone))


def _is_shut(opening: OpeningHours) -> bool:
    opens, closes = _spans(opening)
    days = set(opening.days) & set(range(1, _WEEK_DAYS + 1))
    return not (days and opens < closes and opens < timedelta(days=1))


def _spans(opening: OpeningHours) -> tuple[timedelta, timedelta]:
    """Give when it opens and closes after midnight, as exact as a clock is."""
    return timedelta(hours=opening.opens_hour), timedelta(hours=opening.closes_hour)


def facility_is_open(facility: Facility, now: datetime) -> bool:
    """Tell whether a facility works now, by its zone and its holidays.

    Raises
    ------
    InvalidInput
        When the moment has no zone.
    """
    holidays = frozenset(facility.holidays)
    return is_open(facility.opening, now, zone=facility.zone, holidays=holidays)


def facility_opens_at(facility: Facility, now: datetime) -> datetime:
    """Give the first moment at which a facility works, by its zone and holidays.

    Raises
    ------
    InvalidInput
        When the moment has no zone, or the facility never opens.
    """
    holidays = frozenset(facility.holidays)
    return next_open(facility.opening, now, zone=facility.zone, holidays=holidays)


def is_zone(name: str) -> bool:
    """Tell whether a name is an IANA zone's."""
    try:
        _zone(name)
    except InvalidInput:
        return False
    return True


def opening_text(opening: OpeningHours, zone: str = "") -> str:
    """Write the hours for people, as OKW's ``opening_hours`` wants them."""
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    days = ", ".join(names[day - 1] for day in opening.days)
    clock = clock_name(opening, zone)
    return (
        f"{days} {_clock(timedelta(hours=opening.opens_hour))}"
        f"-{_clock(timedelta(hours=opening.closes_hour))} "
        f"{clock if zone else f'UTC{clock}'}"
    )


def clock_name(opening: OpeningHours, zone: str = "") -> str:
    """Name the clock on the wall: its zone, or a distance such as ``+05:30``."""
    sign = "-" if opening.utc_offset_h < 0 else "+"
    return zone or f"{sign}{_clock(timedelta(hours=abs(opening.utc_offset_h)))}"


def _local(opening: OpeningHours, now: datetime, zone: str) -> datetime:
    if now.tzinfo is None:
        raise InvalidInput(f"moment {now.isoformat()}: needs a zone")
    fixed = timezone(timedelta(hours=opening.utc_offset_h))
    return now.astimezone(_zone(zone) if zone else fixed)


@cache
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise InvalidInput(f"zone {name!r}: is no IANA zone") from error


def _midnight(local: datetime) -> datetime:
    return datetime.combine(local.date(), time(), local.tzinfo)


def _clock(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
