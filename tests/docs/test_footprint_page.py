"""What docs/sun-and-footprint.md says of bounds is what the page keeps to."""

from __future__ import annotations

from pathlib import Path

from nearmade.cloud.pages import comparing
from nearmade.cloud.pages.work import MOST_SETS
from nearmade.impact.opened import CUTOFF_FRACTION

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sun-and-footprint.md"


def test_the_bounds_of_comparing_stand_in_the_document() -> None:
    text = " ".join(PAGE.read_text("utf-8").split())
    assert comparing.NEW_COMPARISONS.rate == "30/m"
    for words in (
        "30 a minute for each client",
        f"| {comparing.AT_ONCE} in one process; a third waits {comparing.WAIT_S:.0f} s",
        f"the last {comparing.KEPT} in one process",
        f"| pieces | {comparing.MOST_PIECES:,} |",
        f"Up to {MOST_SETS} pieces are quoted",
        f"below {CUTOFF_FRACTION * 100:.0f} %",
    ):
        assert words in text
