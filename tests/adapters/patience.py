"""Hold work to its time, whatever else runs on the machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

#: What the gate may spend on a file that attacks it. [s]
MOST_S = 5.0


@contextmanager
def within_five_seconds() -> Iterator[None]:
    """Fail when more processor time is spent inside, children counted."""
    before = _spent_s()
    try:
        yield
    finally:
        spent_s = _spent_s() - before
        assert spent_s < MOST_S, f"{spent_s:.1f} s"


def _spent_s() -> float:
    """Give the processor time of this process and of all children that ended. [s]"""
    times = os.times()
    return sum(times[:4])
