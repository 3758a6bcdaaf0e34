"""A bar on stderr: how far the search is, and how good the plan is so far."""

from __future__ import annotations

import math
import sys
import time
from types import TracebackType
from typing import Final

import click

WIDTH: Final = 24
#: A terminal is written to at most this often, a file less. [s]
EVERY_S: Final = 0.2
EVERY_S_IN_FILES: Final = 5.0


class ProgressBar:
    """Tells seconds and gap while a plan is searched.

    Parameters
    ----------
    seconds
        How long the search may run. [s]
    quiet
        Whether nothing is told at all.
    """

    def __init__(self, seconds: float, *, quiet: bool = False) -> None:
        self._seconds, self._quiet = seconds, quiet
        self._terminal = sys.stderr.isatty()
        self._told_at = -math.inf
        self._cost, self._bound = math.inf, -math.inf

    def __enter__(self) -> ProgressBar:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the line of the bar."""
        if self._terminal and self._told_at > -math.inf:
            click.echo(err=True)

    def tell(self, cost_usd: float, bound_usd: float, seconds: float) -> None:
        """Take a better cost or bound; infinite where there is none yet."""
        self._cost = min(self._cost, cost_usd)
        self._bound = max(self._bound, bound_usd)
        now, every = time.monotonic(), EVERY_S if self._terminal else EVERY_S_IN_FILES
        if self._quiet or now - self._told_at < every:
            return
        self._told_at = now
        line = bar_line(self._cost, self._bound, seconds, self._seconds)
        click.echo(
            f"\r{line}" if self._terminal else line, err=True, nl=not self._terminal
        )


def bar_line(cost_usd: float, bound_usd: float, spent_s: float, most_s: float) -> str:
    """Draw the bar: time spent of time given, cost, bound and the gap between them."""
    share = 1.0 if most_s <= 0 else min(1.0, spent_s / most_s)
    full = round(share * WIDTH)
    drawn = "#" * full + "-" * (WIDTH - full)
    gap = "no plan yet"
    if math.isfinite(cost_usd) and bound_usd > 0:
        gap = f"gap {max(0.0, cost_usd / bound_usd - 1):7.3%}"
    return f"[{drawn}] {spent_s:5.1f} of {most_s:.0f} s  {gap}"
