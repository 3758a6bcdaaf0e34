"""What an agent says of its forecast, and how it is read again."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from nearmade.energy.day.forecast_said import (
    MOST_DAYS,
    MOST_LETTERS,
    ForecastDay,
    ForecastSaid,
    forecast_from,
)
from nearmade.energy.day.power_report import PowerReport, report_from

AT = datetime(2026, 3, 20, 7, tzinfo=UTC)
DAY = ForecastDay(AT, 100.0, 200.0, 300.0, 80.0, 150.5)
SAID = ForecastSaid("forty hours", "holds", "a note", (DAY,))


def test_what_was_said_is_read_again() -> None:
    report = PowerReport("solar", battery_fraction=0.5, forecast=SAID)
    read = report_from(json.loads(json.dumps(report.as_record())))
    assert read.forecast == SAID
    assert report_from(PowerReport("solar").as_record()).forecast is None


def test_days_that_cannot_be_are_left_out() -> None:
    good = DAY.as_record()
    days = [
        good,
        {**good, "low_wh": 250.0},  # the worst above the middling
        {**good, "begins_at": "2026-03-20"},
        {**good, "begins_at": 5},
        {**good, "high_wh": None},
        {**good, "middle_wh": True},
        {**good, "high_wh": 1e300},
        {**good, "came_wh": "much", "used_wh": None},
        7,
    ]
    read = forecast_from({"source": "x", "days": days})
    assert read is not None
    assert read.days == (DAY, ForecastDay(AT, 100.0, 200.0, 300.0, 100.0, None))


def test_it_is_bounded() -> None:
    read = forecast_from({"source": "x" * 9999, "days": [DAY.as_record()] * 9999})
    assert read is not None
    assert len(read.source) == MOST_LETTERS
    assert len(read.days) == MOST_DAYS


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["source", "days", "begins_at", "low_wh", "held"]),
                inner,
            )
        ),
    )
)
def test_no_word_of_an_agent_makes_reading_fail(record: object) -> None:
    read = forecast_from(record)
    assert read is None or read.source
