"""One part at a thousand machines within its budget of processor time."""

from __future__ import annotations

import pytest

from benchmarks.conftest import Report
from benchmarks.quoting.market_speed import facts_of, speeds, table
from tests.shared_data import shared

#: Level 0 of one part, and a whole quote at a thousand machines. [ms]
MOST_LEVEL0_MS = 1.0
MOST_QUOTE_MS = 100.0


@pytest.mark.timeout(300)
def test_a_thousand_machines_answer_within_their_budget(report: Report) -> None:
    parts = list(facts_of(shared("designs"), 30))
    figures = speeds(parts)
    report("market", table(figures), {"parts": len(parts), "cpu": figures})
    assert figures["level 0, one profile"]["p90_ms"] <= MOST_LEVEL0_MS
    assert figures["prices at 1,000 machines"]["p90_ms"] <= MOST_QUOTE_MS
    aged = figures["the same, each with its own history"]
    assert aged["p90_ms"] <= MOST_QUOTE_MS
    assert figures["with gates and price lists read"]["p90_ms"] <= MOST_QUOTE_MS
    assert figures["whole quote: carriage, CO2e, plans"]["median_ms"] <= MOST_QUOTE_MS
