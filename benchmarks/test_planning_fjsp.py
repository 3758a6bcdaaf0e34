"""Flexible job shops: our search beside PyJobShop's own model, equal time and cores."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import pytest

from benchmarks.conftest import Report
from benchmarks.planning.fjsp import compare, mean_gaps, sample, table
from tests.shared_data import shared

#: Of the wall clock, for each of the two on each instance. [s]
LIMIT_S = float(os.environ.get("NEARMADE_FJSP_S", "10"))

WORKERS = 2


@pytest.mark.timeout(14_400)
def test_no_worse_than_pyjobshop_in_the_same_time(report: Report) -> None:
    cases = sample(shared("bench", "fjsp"))
    with ThreadPoolExecutor(WORKERS) as pool:
        compare(cases[0], 1.0, pool, WORKERS)  # the compiler's time is not counted
        rows = [compare(case, LIMIT_S, pool, WORKERS) for case in cases]
    report("fjsp", table(rows, LIMIT_S), {"rows": [asdict(row) for row in rows]})
    ours, theirs = mean_gaps(rows)
    assert ours <= theirs
