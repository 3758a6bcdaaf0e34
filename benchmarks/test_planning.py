"""Plans of whole networks within their gaps, processor time and memory."""

from __future__ import annotations

import pytest

from benchmarks.conftest import Report
from benchmarks.planning.network import Case, figures, measure_apart, table

#: Most processor time and memory of one plan. [s], [MB]
MOST_CPU_S, MOST_MEMORY_MB = 60.0, 2048.0
#: Most time that checking the largest plan takes. [s]
MOST_VERIFY_S = 2.0

#: Fixed hubs, one day: the largest gap that each may have to its proven bound.
PROMISED = {
    Case(10_000, 0.60): 0.003,
    Case(10_000, 0.75): 0.005,
    Case(10_000, 0.83, outsourcing="dear"): 0.02,
    Case(10_000, 0.90, outsourcing="dear"): 0.02,
}
#: How time grows: a tenth and a hundredth of the size in as much of the time.
GROWTH = {
    Case(100, 0.75, seconds=0.5): 0.02,
    Case(1_000, 0.75, seconds=5.0): 0.007,
}


@pytest.mark.timeout(900)
def test_plans_of_fixed_hubs_keep_their_gaps(report: Report) -> None:
    promised = {**GROWTH, **PROMISED}
    found = {case: measure_apart(case) for case in promised}
    report("planning_fixed_hubs", table(found), figures(found))
    for case, outcome in found.items():
        assert not outcome.faults, case
        assert outcome.gap <= promised[case], case
        assert outcome.gap < outcome.price_only_gap, case
        assert outcome.gap < outcome.first_come_nearest_gap, case
        assert outcome.cpu_s <= MOST_CPU_S, case
        assert outcome.memory_mb <= MOST_MEMORY_MB, case
        assert outcome.verify_s <= MOST_VERIFY_S, case
