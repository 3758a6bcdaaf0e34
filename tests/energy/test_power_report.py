"""What an agent says of its electricity goes out and comes in again unharmed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.energy.day.power_report import PowerReport, PowerTrace, report_from

SIX = datetime(2026, 3, 20, 6, 0, tzinfo=UTC)
BEHIND = PowerTrace(SIX, 1800, (0.5, 0.52, 0.6), (0.0, 120.0, 300.0), (0.0, 80.0, 80.0))
AHEAD = replace(BEHIND, low_fraction=(0.5, 0.5, 0.51), low_pv_w=(0.0, 40.0, 90.0))
REPORT = PowerReport(
    kind="solar",
    at=SIX,
    battery_fraction=0.6,
    pv_w=300.0,
    load_w=80.0,
    max_w=500.0,
    peak_w=263.0,
    cutoff_fraction=0.1,
    reserve_fraction=0.15,
    past=BEHIND,
    ahead=AHEAD,
    decision="starts 09:40",
    modelled=True,
)


def test_a_report_comes_back_as_it_was_written() -> None:
    assert report_from(json.loads(json.dumps(REPORT.as_record()))) == REPORT
    grid = PowerReport(kind="grid", load_w=12.0)
    assert report_from(grid.as_record()) == grid


def test_a_trace_ends_where_its_last_step_begins() -> None:
    assert BEHIND.ends_at == datetime(2026, 3, 20, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "broken",
    [
        {"starts_at": "yesterday"},
        {"starts_at": "2026-03-20T06:00:00"},  # on which clock?
        {"starts_at": "0001-01-01T00:00:00+14:00"},
        {"starts_at": "1200-01-01T00:00:00+00:00"},
        {"starts_at": 7},
        {"step_s": 0},
        {"step_s": None},
        {"step_s": 10**400},
        {"battery_fraction": [0.5]},
        {"battery_fraction": [0.1] * 500},
        {"battery_fraction": 7},
        {"pv_w": [1.0, 2.0]},
        {"load_w": [1.0, True, 2.0]},
    ],
)
def test_a_trace_that_makes_no_picture_counts_as_not_said(
    broken: dict[str, Any],
) -> None:
    said = {**REPORT.as_record(), "past": {**BEHIND.as_record(), **broken}}
    assert report_from(said) == replace(REPORT, past=None)


def test_an_outlook_without_its_bad_day_still_shows_the_middle() -> None:
    said = REPORT.as_record() | {"ahead": {**AHEAD.as_record(), "low_pv_w": [1.0]}}
    assert report_from(said).ahead == replace(AHEAD, low_pv_w=())


def test_an_outlook_of_another_year_counts_as_not_said() -> None:
    later = {**AHEAD.as_record(), "starts_at": "2500-03-20T06:00:00+00:00"}
    assert report_from(REPORT.as_record() | {"ahead": later}).ahead is None


def test_shares_stay_within_one_and_figures_above_zero() -> None:
    said = report_from({"kind": "solar", "battery_fraction": 7, "pv_w": -3})
    assert (said.battery_fraction, said.pv_w) == (1.0, 0.0)


NONSENSE = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from([*REPORT.as_record(), *AHEAD.as_record()]),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)


@given(NONSENSE)
def test_nothing_that_an_agent_says_makes_reading_fail(said: object) -> None:
    assert isinstance(report_from(said), PowerReport)
