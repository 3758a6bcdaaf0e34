"""Matching within its budgets of processor time, and as the plain scan says."""

from __future__ import annotations

import pytest

from benchmarks.conftest import Report
from benchmarks.matching.match_speed import growth, speeds, table

#: One design at 5,000 facilities, at 100,000 machines; 106 designs at 122. [ms]
MOST_5000_MS = 50.0
MOST_100000_MS = 500.0
MOST_106_MS = 1_000.0


@pytest.mark.timeout(600)
def test_matching_keeps_its_budgets_and_agrees_with_the_scan(report: Report) -> None:
    figures, laying, agree = speeds()
    grown = growth()
    report(
        "matching",
        table(figures, laying, grown),
        {
            "cpu": figures,
            "laying_out_ms": laying,
            "growth_ms": {str(machines): ms for machines, ms in grown.items()},
        },
    )
    assert agree
    assert figures["1 design, 5,000 facilities: columns"]["most_ms"] <= MOST_5000_MS
    assert figures["the same, asking for everything"]["most_ms"] <= MOST_5000_MS
    large = "the same, asking for everything, 100,000"
    assert figures[large]["most_ms"] <= MOST_100000_MS
    small = figures["106 designs x 122 facilities: columns"]
    assert small["most_ms"] <= MOST_106_MS
