"""Orders placed one by one, and files of plans at full size."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks.conftest import Report
from benchmarks.planning import files, stream

FACILITIES = int(os.environ.get("NEARMADE_PLAN_FACILITIES", "10000"))
HISTORY_DAYS = 4


@pytest.mark.timeout(3600)
def test_a_forecast_stream_is_near_the_bound_of_hindsight(report: Report) -> None:
    streams, call_us = stream.run_streams(FACILITIES, HISTORY_DAYS)
    report(
        "planning-stream",
        stream.table(streams, call_us, FACILITIES),
        {"streams": [asdict(one) for one in streams], "single_call_us": call_us},
    )
    found = {one.name: one for one in streams}["forecast, work may move"]
    assert found.above_fraction <= 0.04
    assert found.order_us <= 100.0


@pytest.mark.timeout(1800)
def test_the_largest_plan_is_read_and_verified_in_its_bounds(
    report: Report, tmp_path: Path
) -> None:
    figures = files.run_files(FACILITIES, tmp_path)
    report("planning-files", files.table(figures), figures)
    assert figures["verify_s"] <= 2.0
    assert figures["peak_gib"] <= 2.0
