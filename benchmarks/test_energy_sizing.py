"""Sizing of three measured places: seconds, and how near to the best of all pairs."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from benchmarks.conftest import Report
from benchmarks.energy.sizing import WISH, rows, table
from tests.shared_data import shared

#: All ways together, on one core. [s]
MOST_S = 8.0
MOST_ABOVE_BEST = 0.02


@pytest.mark.timeout(600)
def test_a_site_is_sized_in_seconds_and_close_to_the_best(report: Report) -> None:
    found = rows(shared("solar"))
    report("energy_sizing", table(found), {"rows": [asdict(row) for row in found]})
    assert found
    for row in found:
        assert row.seconds <= MOST_S, row
        assert row.above_best <= MOST_ABOVE_BEST, row
        assert row.chosen.days_fraction >= WISH.days_fraction, row
