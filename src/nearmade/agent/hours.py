"""When people are at a site, and when a printer is out of use: from its TOML file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from nearmade.facilities.facility import OpeningHours, OutOfUse
from nearmade.vocabulary.errors import InvalidInput

_FIELDS = frozenset(("days", "opens_hour", "closes_hour", "holidays", "nights"))


@dataclass(frozen=True, slots=True)
class HandsHours:
    """When people are there, by the site's clock.

    Parameters
    ----------
    opening, holidays
        Days and hours; always, when nobody says.
    nights
        Whether builds may print while nobody is there.
    """

    opening: OpeningHours = field(default_factory=OpeningHours)
    holidays: frozenset[date] = frozenset()
    nights: bool = True


def hands_from(values: Mapping[str, Any]) -> HandsHours:
    """Read the table ``[hands]``.

    Raises
    ------
    InvalidInput
        When a value is not known or out of range.
    """
    unknown = set(values) - _FIELDS
    if unknown:
        raise _wrong(f"{min(unknown)} is not known")
    days = values.get("days", [1, 2, 3, 4, 5, 6, 7])
    if not isinstance(days, list) or not days or not set(days) <= set(range(1, 8)):
        raise _wrong("days must be ISO weekdays, 1 for Monday to 7")
    opens, closes = values.get("opens_hour", 0), values.get("closes_hour", 24)
    for hour in (opens, closes):
        if isinstance(hour, bool) or not isinstance(hour, int | float):
            raise _wrong("opens_hour and closes_hour must be numbers")
    if not 0 <= opens < closes <= 24:
        raise _wrong(f"{opens} to {closes} h must rise within 0..24")
    holidays = values.get("holidays", [])
    if not isinstance(holidays, list) or not all(type(day) is date for day in holidays):
        raise _wrong("holidays must be days such as 2026-12-25")
    nights = values.get("nights", True)
    if not isinstance(nights, bool):
        raise _wrong("nights must be a bool")
    opening = OpeningHours(tuple(days), float(opens), float(closes))
    return HandsHours(opening, frozenset(holidays), nights)


def out_of_use_from(values: object, machine_id: str) -> tuple[OutOfUse, ...]:
    """Read a printer's ``out_of_use``: tables of ``from``, ``to`` and ``why``.

    Raises
    ------
    InvalidInput
        When a moment has no zone or does not end after it starts.
    """
    place = f"printer {machine_id}: out_of_use"
    if not isinstance(values, list):
        raise InvalidInput(f"{place} must be a list")
    found = []
    for each in values:
        if not isinstance(each, dict) or not set(each) <= {"from", "to", "why"}:
            raise InvalidInput(f"{place} needs tables of from, to and why")
        first, last = each.get("from"), each.get("to")
        why = each.get("why", "maintenance")
        if not isinstance(first, datetime) or not isinstance(last, datetime):
            raise InvalidInput(f"{place}: from and to must be moments with a zone")
        if not isinstance(why, str) or not why:
            raise InvalidInput(f"{place}: why must be text")
        try:
            found.append(OutOfUse(first, last, why))
        except InvalidInput as error:
            raise InvalidInput(f"{place}: {error.message}") from error
    return tuple(found)


def _wrong(rule: str) -> InvalidInput:
    return InvalidInput(f"agent configuration: hands: {rule}")
