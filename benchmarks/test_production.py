"""The G-code gate's speed."""

from __future__ import annotations

from benchmarks.conftest import Report
from benchmarks.production.gate_speed import (
    LEAST_LINES_S,
    lines_per_second,
    made_up_file,
)


def test_the_gate_reads_as_fast_as_stated(report: Report) -> None:
    speed = lines_per_second(made_up_file())
    table = f"{speed:,.0f} lines/s (at least {LEAST_LINES_S:,})"
    report("gate_speed", table, {"lines_per_s": speed, "least": LEAST_LINES_S})
    assert speed > LEAST_LINES_S
