"""Clocks on walls: time zones by their IANA names, or a fixed offset."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from nearmade.vocabulary.errors import InvalidInput

#: Zones reach so far from UTC. [h]
MOST_OFFSET_H = 14.0


@cache
def zone_of(name: str, utc_offset_h: float = 0.0) -> tzinfo:
    """Give the clock of an IANA zone, or that of a fixed offset where none is named.

    Parameters
    ----------
    name
        Such as ``Europe/Paris``, with its summer time; empty for the offset.
    utc_offset_h
        East counts up. [h]

    Raises
    ------
    InvalidInput
        When the name is no IANA zone's, or the offset is out of range.
    """
    if not name:
        if not -MOST_OFFSET_H <= utc_offset_h <= MOST_OFFSET_H:
            raise InvalidInput(f"zone: utc_offset_h {utc_offset_h} must be in -14..14")
        return timezone(timedelta(hours=utc_offset_h))
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise InvalidInput(
            f"zone {name!r}: is no IANA zone", remedy="write one such as Africa/Nairobi"
        ) from error


def standard_offset_h(zone: tzinfo, year: int) -> float:
    """Give what a zone's standard time is ahead of UTC: the lesser of two seasons. [h]

    Weather files run in standard time all year.
    """
    offsets = [
        datetime(year, month, 15, tzinfo=UTC).astimezone(zone).utcoffset()
        for month in (1, 7)
    ]
    return min(each.total_seconds() for each in offsets if each is not None) / 3600
