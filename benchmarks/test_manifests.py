"""Manifests of real designs."""

from __future__ import annotations

from benchmarks.conftest import Report
from benchmarks.designs import real_manifests
from tests.shared_data import shared


def test_real_manifests_are_judged_alike_and_come_back_whole(report: Report) -> None:
    figures = real_manifests.found(shared("okh_okw"))
    report("manifests", real_manifests.table(figures), figures)
    assert figures["round_trips"] == figures["readable"]
    assert figures["verdicts_agree"] == figures["verdicts"]
    assert isinstance(figures["judged_cpu_s"], float)
    assert figures["judged_cpu_s"] < 5
