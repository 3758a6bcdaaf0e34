"""The child: pack one strip, write where all lies, end.

Run as ``python -m nearmade.adapters.strip_packing_child`` with the question as JSON on
stdin; the answer is a list of outline, turn, x and y, or null.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from typing import Any

import spyrrow

QUARTERS_DEG = [0.0, 90.0, 180.0, 270.0]
#: Lengths that the search has tried in vain before the answer counts as no.
MOST_FAILURES = 1
#: Pause between two looks at what the search has reported. [s]
LOOK_PERIOD_S = 0.02


def main() -> None:
    """Search until a strip is short enough, or the steps are used up."""
    asked = json.load(sys.stdin)
    outlines = [
        spyrrow.Item(
            str(number), [tuple(point) for point in line], copies, QUARTERS_DEG
        )
        for number, (line, copies) in enumerate(
            zip(asked["outlines_mm"], asked["copies"], strict=True)
        )
    ]
    strip = spyrrow.StripPackingInstance("", asked["height_mm"], outlines)
    config = spyrrow.StripPackingConfig(
        early_termination=True,
        total_computation_time=None,
        exploration_time=asked["wall_s"],
        compression_time=1,
        num_workers=1,
        seed=asked["seed"],
    )
    progress = spyrrow.ProgressQueue()
    search = threading.Thread(target=strip.solve, args=(config, progress), daemon=True)
    search.start()
    found = _first_short(progress, search, asked["width_mm"], asked["most_steps"])
    rows = None
    if found is not None:
        rows = [
            (int(spot.id), spot.rotation, *spot.translation)
            for spot in found.placed_items
        ]
    sys.stdout.write(json.dumps(rows))
    sys.stdout.flush()
    os._exit(0)  # the search knows no other end


def _first_short(
    progress: spyrrow.ProgressQueue,
    search: threading.Thread,
    width_mm: float,
    most_steps: int,
) -> Any:
    """Give the first sound strip that is short enough; None when it gives up."""
    sound = (
        spyrrow.ReportType.ExplFeas,
        spyrrow.ReportType.CmprFeas,
        spyrrow.ReportType.Final,
    )
    steps = failures = 0
    while True:
        ended = not search.is_alive()
        for kind, strip in progress.drain():
            steps += 1
            failures += kind == spyrrow.ReportType.ExplInfeas
            if kind in sound and strip.width <= width_mm:
                return strip
            if steps >= most_steps or failures >= MOST_FAILURES:
                return None
        if ended:
            return None
        time.sleep(LOOK_PERIOD_S)


if __name__ == "__main__":
    main()
