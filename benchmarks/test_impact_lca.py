"""Life-cycle studies within their budgets of processor time, and as Brightway says."""

from __future__ import annotations

import pytest

from benchmarks.conftest import Report
from benchmarks.impact.lca import furthest_from_brightway, speeds, table

#: 1,000 draws of a comparison of three ways. [s]
MOST_THREE_WAYS_S = 0.5
#: Brightway keeps 32-bit floats.
MOST_APART = 1e-6


@pytest.mark.timeout(300)
def test_three_ways_are_compared_in_half_a_second(report: Report) -> None:
    figures = speeds()
    beside = furthest_from_brightway()
    report("impact_lca", table(figures, beside), {"cpu": figures, "brightway": beside})
    most = figures["three ways to one frame, 1,000 draws, every method"]["most_s"]
    assert most <= MOST_THREE_WAYS_S
    assert beside["largest_relative_gap"] <= MOST_APART
