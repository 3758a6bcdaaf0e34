"""Where a facility that moves is at a moment: where its calendar says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from nearmade.facilities.facility import Facility, Stop
from nearmade.facilities.opening import facility_opens_at, never_opens
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.place import Place


def place_at(facility: Facility, moment: datetime) -> Place:
    """Tell where a facility is: at its stop, and at its base between stops.

    Raises
    ------
    InvalidInput
        When the moment has no zone.
    """
    stop = stop_at(facility, moment)
    return facility.place if stop is None else stop.place


def at_its_stop(facility: Facility, moment: datetime) -> Facility:
    """Give a facility with the place where it is when it next takes work.

    One that never opens stays at its base.

    Raises
    ------
    InvalidInput
        When the moment has no zone.
    """
    if not facility.itinerary or never_opens(facility):
        return facility
    place = place_at(facility, facility_opens_at(facility, moment))
    return replace(facility, place=place)


def stop_at(facility: Facility, moment: datetime) -> Stop | None:
    """Give the stop at which a facility stands, or None where it is at its base.

    Raises
    ------
    InvalidInput
        When the moment has no zone.
    """
    return next(
        (s for s in stops_from(facility, moment) if s.starts_at <= moment), None
    )


def stops_from(facility: Facility, moment: datetime) -> Iterator[Stop]:
    """Give the stops that have not ended at a moment, in order of time.

    Raises
    ------
    InvalidInput
        When the moment has no zone.
    """
    if moment.tzinfo is None:
        raise InvalidInput(f"moment {moment.isoformat()}: needs a zone")
    return (stop for stop in facility.itinerary if moment < stop.ends_at)
