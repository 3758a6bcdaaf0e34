"""The resin model beside the slicer."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchmarks.conftest import Report
from benchmarks.quoting.resin_fit import figures_of, sliced_parts, table
from tests.shared_data import shared

CACHE = Path(__file__).resolve().parents[1] / "build" / "resin"

#: The median part may be this far off. [%]
MOST_RESIN_PERCENT, MOST_TIME_PERCENT = 8.0, 1.0


@pytest.mark.outside
@pytest.mark.timeout(1800)
@pytest.mark.skipif(not shutil.which("prusa-slicer"), reason="no PrusaSlicer")
def test_resin_and_time_stay_near_the_slicer(report: Report) -> None:
    parts = list(sliced_parts(shared("designs"), CACHE))
    assert len(parts) >= 30
    figures = figures_of(parts)
    report("resin", table(figures), figures)
    resin, time = figures["resin, as it stands"], figures["time, as it stands"]
    assert isinstance(resin, dict)
    assert isinstance(time, dict)
    assert resin["median_percent"] <= MOST_RESIN_PERCENT
    assert time["median_percent"] <= MOST_TIME_PERCENT
