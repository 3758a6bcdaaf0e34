"""When a facility is open."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.facilities.facility import OpeningHours
from nearmade.facilities.opening import is_open, next_open, opening_text
from nearmade.vocabulary.errors import InvalidInput

#: Monday to Friday, nine to six, in Nairobi.
NAIROBI_WEEK = OpeningHours((1, 2, 3, 4, 5), 9, 18, 3)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        # Monday 2 November 2026, 05:00 UTC is 08:00 in Nairobi: one hour to wait
        ("2026-11-02T05:00Z", "2026-11-02T06:00Z"),
        # 06:00 UTC is nine sharp: open
        ("2026-11-02T06:00Z", "2026-11-02T06:00Z"),
        # 15:00 UTC is six sharp: closed until Tuesday nine
        ("2026-11-02T15:00Z", "2026-11-03T06:00Z"),
        # Friday evening: Monday
        ("2026-11-06T16:30Z", "2026-11-09T06:00Z"),
        # Sunday 22:00 UTC is Monday 01:00 in Nairobi
        ("2026-11-08T22:00Z", "2026-11-09T06:00Z"),
    ],
)
def test_the_next_opening_is_the_one_read_off_a_calendar(now: str, opens: str) -> None:
    assert next_open(NAIROBI_WEEK, datetime.fromisoformat(now)) == (
        datetime.fromisoformat(opens)
    )


def test_a_workshop_open_one_day_a_week_opens_again_a_week_later() -> None:
    saturdays = OpeningHours((6,), 10, 16, -3)
    after_closing = datetime(2026, 11, 7, 19, 0, tzinfo=UTC)  # 16:00 local, Saturday
    assert next_open(saturdays, after_closing) == datetime(2026, 11, 14, 13, tzinfo=UTC)


def test_a_workshop_open_round_the_clock_is_open_at_every_midnight() -> None:
    always = OpeningHours()
    midnight = datetime(2026, 11, 8, tzinfo=UTC)
    assert is_open(always, midnight)
    assert is_open(always, midnight - timedelta(microseconds=1))


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInput, match="needs a zone"):
        is_open(NAIROBI_WEEK, datetime(2026, 11, 2, 9, 0))  # noqa: DTZ001


@pytest.mark.parametrize(
    "never",
    [OpeningHours((), 9, 18), OpeningHours((1,), 18, 9), OpeningHours((1,), 9, 9)],
)
def test_a_workshop_that_never_opens_is_refused(never: OpeningHours) -> None:
    with pytest.raises(InvalidInput, match="never open"):
        next_open(never, datetime(2026, 11, 2, 9, 0, tzinfo=UTC))


def test_hours_are_written_for_people() -> None:
    kathmandu = OpeningHours((1, 7), 9.5, 17, 5.75)
    assert opening_text(kathmandu) == "Mon, Sun 09:30-17:00 UTC+05:45"
    assert opening_text(OpeningHours((6,), 0, 24, -3.5)) == "Sat 00:00-24:00 UTC-03:30"


@given(
    days=st.sets(st.integers(1, 7), min_size=1),
    opens_hour=st.integers(0, 23),
    length_h=st.integers(1, 24),
    offset_h=st.integers(-48, 56).map(lambda quarters: quarters / 4),
    minutes=st.integers(0, 60 * 24 * 30),
)
def test_the_next_opening_is_open_is_not_past_and_nothing_earlier_is_open(
    days: set[int], opens_hour: int, length_h: int, offset_h: float, minutes: int
) -> None:
    closes_hour = min(24, opens_hour + length_h)
    opening = OpeningHours(tuple(sorted(days)), opens_hour, closes_hour, offset_h)
    now = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    opens = next_open(opening, now)
    assert opens >= now
    assert is_open(opening, opens)
    if opens > now:
        assert not is_open(opening, now)
        assert not is_open(opening, opens - timedelta(seconds=1))
        assert not is_open(opening, now + (opens - now) / 2)


def test_hours_that_the_clock_leaves_out_open_a_week_later() -> None:
    # On 28 March 2027 the clocks of Berlin go from 02:00 to 03:00.
    sunday_night = OpeningHours((7,), 2, 2.5)
    monday = datetime(2027, 3, 22, 12, tzinfo=UTC)
    opens = next_open(sunday_night, monday, zone="Europe/Berlin")
    assert opens == datetime(2027, 4, 4, 0, tzinfo=UTC)


@given(st.floats(0, 23.99), st.floats(0.001, 0.01))
def test_whatever_hours_there_are_open_within_a_week(
    opens_hour: float, for_h: float
) -> None:
    opening = OpeningHours((3,), opens_hour, opens_hour + for_h)
    now = datetime(2026, 11, 2, 9, tzinfo=UTC)
    opens = next_open(opening, now)
    assert is_open(opening, opens)
    assert opens - now <= timedelta(days=7)
