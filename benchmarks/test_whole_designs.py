"""Whole designs, and the reverse match, within their budgets of processor time."""

from __future__ import annotations

import pytest

from benchmarks.conftest import FOLDER, Report
from benchmarks.matching.whole_speed import speeds, table

#: Reading the kept catalogue and answering for one site: seconds in all. [s]
MOST_WHAT_CAN_I_MAKE_S = 2.0
#: One design of several components at a thousand sites. [s]
MOST_WHOLE_S = 1.0


@pytest.mark.timeout(600)
def test_whole_designs_answer_within_their_budget(report: Report) -> None:
    figures, tried = speeds(FOLDER / "renders")
    report("whole-designs", table(figures, tried), {"cpu_s": figures, "tried": tried})
    read, starter, many, whole = figures.values()
    assert read + starter <= MOST_WHAT_CAN_I_MAKE_S
    assert many <= MOST_WHAT_CAN_I_MAKE_S
    assert whole <= MOST_WHOLE_S
