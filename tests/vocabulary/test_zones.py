"""Clocks on walls, with their summer time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.zones import standard_offset_h, zone_of

JULY = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "offset_h", "in_july", "standard_h"),
    [
        ("Europe/Paris", 0.0, "14:00", 1.0),
        ("Africa/Nairobi", 0.0, "15:00", 3.0),
        ("Australia/Sydney", 0.0, "22:00", 10.0),
        ("Asia/Kathmandu", 0.0, "17:45", 5.75),
        ("", -3.5, "08:30", -3.5),
        ("", 0.0, "12:00", 0.0),
    ],
)
def test_a_zone_has_its_summer_time_and_an_offset_has_none(
    name: str, offset_h: float, in_july: str, standard_h: float
) -> None:
    zone = zone_of(name, offset_h)
    assert f"{JULY.astimezone(zone):%H:%M}" == in_july
    assert standard_offset_h(zone, 2026) == standard_h


def test_a_named_zone_is_taken_over_an_offset() -> None:
    assert JULY.astimezone(zone_of("Europe/Paris", 9.0)).utcoffset() == timedelta(
        hours=2
    )


@pytest.mark.parametrize(
    ("name", "offset_h"),
    [("Paris", 0.0), ("../etc/passwd", 0.0), ("", 15.0), ("", float("nan"))],
)
def test_no_zone_is_refused(name: str, offset_h: float) -> None:
    with pytest.raises(InvalidInput, match="zone"):
        zone_of(name, offset_h)
