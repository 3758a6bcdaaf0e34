"""The strip packer for the final plan: spyrrow in a child that can be killed.

It shrinks a strip without end, so the child ends it at the first strip that is short
enough, or after so many steps of the search. Both are counted in steps and not in
seconds: the same question has the same answer on any machine. The clock only guards.

References
----------
J. Gardeyn et al., "An open-source heuristic to reboot 2D nesting research", 2025,
https://doi.org/10.48550/arXiv.2509.13329 (sparrow, which spyrrow wraps).
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path

import nearmade
from nearmade.adapters.sandbox import Limits, python_folders, run_limited
from nearmade.geometry.nesting_well import StripSpot, StripTask
from nearmade.vocabulary.errors import InvalidInput, Unavailable

#: Steps of the search that the packer reports before the answer counts as no. Strips
#: of 10 to 40 outlines came within 1 % of their best by then, in 1 to 5 s.
MOST_STEPS = 240
PACKING_LIMITS = Limits(
    wall_s=30, cpu_s=60, memory_bytes=4 * 2**30, file_bytes=2**20, output_bytes=2**22
)


def pack_strip(
    task: StripTask, *, limits: Limits = PACKING_LIMITS
) -> Sequence[StripSpot] | None:
    """Ask whether outlines fit a box; give their spots, or None when none are found.

    A packer that runs into its limits has found none.

    Raises
    ------
    Unavailable
        When no child can be started, or it fails.
    """
    asked = {
        "width_mm": task.width_mm,
        "height_mm": task.height_mm,
        "outlines_mm": [line.tolist() for line in task.outlines_mm],
        "copies": list(task.copies),
        "seed": task.seed,
        "most_steps": MOST_STEPS,
        "wall_s": max(1, round(limits.wall_s)),
    }
    outcome = run_limited(
        [sys.executable, "-I", "-m", f"{__name__}_child"],
        limits=limits,
        read_only=[
            *python_folders(),
            *(Path(folder).parent for folder in nearmade.__path__),
        ],
        stdin=json.dumps(asked).encode(),
        require_isolation=False,
    )
    if outcome.timed_out or outcome.memory_exceeded:
        return None
    if outcome.returncode != 0:
        raise Unavailable(
            f"strip packer: ended with status {outcome.returncode}",
            code="packer-failed",
        )
    return _spots(outcome.stdout)


def _spots(answer: bytes) -> list[StripSpot] | None:
    """Read the child's answer."""
    try:
        rows = json.loads(answer)
        if rows is None:
            return None
        return [
            StripSpot(int(n), round(float(turn)) % 360, _finite(x), _finite(y))
            for n, turn, x, y in rows
        ]
    except (
        ValueError,
        TypeError,
        OverflowError,
        RecursionError,
        InvalidInput,
    ) as error:
        raise Unavailable(
            "strip packer: its answer makes no sense", code="packer-failed"
        ) from error


def _finite(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("not a number")
    if not math.isfinite(value):
        raise ValueError(f"{value} is not finite")
    return float(value)
