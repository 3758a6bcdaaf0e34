"""Where a van is, and when a workshop with a zone and holidays works."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.facilities.facility import Facility, OpeningHours, Stop
from nearmade.facilities.itinerary import at_its_stop, place_at, stop_at, stops_from
from nearmade.facilities.opening import (
    facility_is_open,
    facility_opens_at,
    is_open,
    is_zone,
    next_open,
    opening_text,
)
from nearmade.facilities.record import facility_from_record
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.place import Place
from tests.facilities.test_record import LYON

NAIROBI = Place("Nairobi", "KE", -1.286, 36.817)
NAKURU = Place("Nakuru", "KE", -0.303, 36.080)
KISUMU = Place("Kisumu", "KE", -0.102, 34.762)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def the_van() -> Facility:
    """Based in Nairobi; Nakuru on 2 and 3 November, Kisumu from the 4th at noon."""
    return replace(
        facility_from_record(LYON),
        kind="van",
        place=NAIROBI,
        itinerary=(
            Stop(moment("2026-11-02T06:00Z"), moment("2026-11-04T06:00Z"), NAKURU),
            Stop(moment("2026-11-04T09:00Z"), moment("2026-11-06T15:00Z"), KISUMU),
        ),
    )


@pytest.mark.parametrize(
    ("now", "where"),
    [
        ("2026-11-02T05:59Z", NAIROBI),  # not gone yet
        ("2026-11-02T06:00Z", NAKURU),  # the stop begins
        ("2026-11-04T05:59Z", NAKURU),
        ("2026-11-04T06:00Z", NAIROBI),  # between stops
        ("2026-11-04T12:00+03:00", KISUMU),  # 09:00 UTC
        ("2026-11-06T15:00Z", NAIROBI),  # home again
    ],
)
def test_a_van_is_where_its_calendar_says(now: str, where: Place) -> None:
    assert place_at(the_van(), moment(now)) == where


def test_a_van_takes_work_where_it_opens_and_one_that_never_opens_stays() -> None:
    van, now = the_van(), moment("2026-11-02T12:00Z")
    assert at_its_stop(van, now).place == NAKURU
    shut = replace(van, opening=OpeningHours(()))
    assert at_its_stop(shut, now) == shut


def test_stops_still_ahead_are_told_in_order() -> None:
    ahead = stops_from(the_van(), moment("2026-11-03T00:00Z"))
    assert [stop.place for stop in ahead] == [NAKURU, KISUMU]
    assert stop_at(the_van(), moment("2026-11-07T00:00Z")) is None


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInput, match="needs a zone"):
        place_at(the_van(), datetime(2026, 11, 2))  # noqa: DTZ001


hours = st.integers(0, 24 * 400)


@given(st.sets(hours, max_size=8), hours)
def test_a_facility_is_always_at_one_place(edges: set[int], hour: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    times = [start + timedelta(hours=each) for each in sorted(edges)]
    stops = tuple(
        Stop(one, other, KISUMU)
        for one, other in zip(times[::2], times[1::2], strict=False)
    )
    van = replace(the_van(), itinerary=stops)
    now = start + timedelta(hours=hour)
    within = [s for s in stops if s.starts_at <= now < s.ends_at]
    assert len(within) <= 1
    assert place_at(van, now) == (KISUMU if within else NAIROBI)


BERLIN_WEEK = OpeningHours((1, 2, 3, 4, 5), 9, 18, 1)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        # Friday 23 October 2026 is summer time: nine is 07:00 UTC
        ("2026-10-23T05:00Z", "2026-10-23T07:00Z"),
        # clocks go back on Sunday the 25th: on Monday nine is 08:00 UTC
        ("2026-10-23T17:00Z", "2026-10-26T08:00Z"),
        # and forward on 29 March 2026: on Monday the 30th it is 07:00 UTC
        ("2026-03-27T18:00Z", "2026-03-30T07:00Z"),
    ],
)
def test_a_zone_knows_summer_time(now: str, opens: str) -> None:
    found = next_open(BERLIN_WEEK, moment(now), zone="Europe/Berlin")
    assert found == moment(opens)


def test_an_hour_that_the_clock_leaves_out_opens_as_it_goes_on() -> None:
    # 29 March 2026: two o'clock is followed by three, at 01:00 UTC
    night = OpeningHours((7,), 2, 5)
    found = next_open(night, moment("2026-03-28T12:00Z"), zone="Europe/Berlin")
    assert found == moment("2026-03-29T01:00Z")


def test_an_hour_that_the_clock_has_twice_opens_twice() -> None:
    # 25 October 2026: two to three comes at 00:00 UTC and again at 01:00 UTC
    night = OpeningHours((7,), 2, 2.5)
    first = next_open(night, moment("2026-10-24T12:00Z"), zone="Europe/Berlin")
    assert first == moment("2026-10-25T00:00Z")
    after = first + timedelta(minutes=40)
    again = next_open(night, after, zone="Europe/Berlin")
    assert again == moment("2026-10-25T01:00Z")


def test_holidays_are_days_off() -> None:
    # 25 December 2026 is a Friday, 1 January 2027 too
    lab = replace(
        the_van(),
        opening=OpeningHours((5,), 9, 18),
        holidays=(date(2026, 12, 25), date(2027, 1, 1)),
        zone="Europe/Berlin",
    )
    assert not facility_is_open(lab, moment("2026-12-25T10:00Z"))
    assert facility_is_open(lab, moment("2026-12-18T10:00Z"))
    found = facility_opens_at(lab, moment("2026-12-18T17:30Z"))
    assert found == moment("2027-01-08T08:00Z")


def test_a_holiday_is_counted_by_the_clock_of_the_place() -> None:
    # 23:30 UTC on the 24th is already the 25th in Nairobi
    lab = replace(
        the_van(),
        opening=OpeningHours(),
        holidays=(date(2026, 12, 25),),
        zone="Africa/Nairobi",
    )
    assert facility_is_open(lab, moment("2026-12-24T20:59Z"))
    assert not facility_is_open(lab, moment("2026-12-24T23:30Z"))
    opens = facility_opens_at(lab, moment("2026-12-24T23:30Z"))
    assert opens == moment("2026-12-25T21:00Z")


@pytest.mark.parametrize("name", ["Mars/Olympus", "../../etc/passwd", "/etc", "x\0y"])
def test_what_is_no_zone_is_refused(name: str) -> None:
    assert not is_zone(name)
    with pytest.raises(InvalidInput, match="is no IANA zone"):
        is_open(BERLIN_WEEK, datetime(2026, 11, 2, tzinfo=UTC), zone=name)


def test_hours_name_their_zone() -> None:
    assert opening_text(OpeningHours((6,), 9, 17), "Africa/Nairobi") == (
        "Sat 09:00-17:00 Africa/Nairobi"
    )


@given(
    st.sets(st.integers(1, 7), min_size=1),
    st.sets(st.dates(date(2026, 1, 1), date(2026, 3, 1)), max_size=20),
    st.integers(0, 24 * 60),
    st.sampled_from(["", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]),
)
def test_the_next_opening_is_on_an_opening_day_and_no_holiday(
    days: set[int], holidays: set[date], hour: int, zone: str
) -> None:
    opening = OpeningHours(tuple(sorted(days)), 9, 18)
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
    found = next_open(opening, now, zone=zone, holidays=holidays)
    assert found >= now
    assert is_open(opening, found, zone=zone, holidays=holidays)
    if found > now:
        before = found - timedelta(seconds=1)
        assert not is_open(opening, before, zone=zone, holidays=holidays)
