"""A bar on stderr: how far the search is, and how good the plan is so far."""

from __future__ import annotations

import math
import os
import signal
import sys
import threading
import time
from types import FrameType, TracebackType
from typing import Final

import click

WIDTH: Final = 24
#: A terminal is written to at most this often, a file less. [s]
EVERY_S: Final = 0.2
EVERY_S_IN_FILES: Final = 5.0


#: A search that is ended by hand is told that so much time has passed. [s]
LONG_PAST_S: Final = 1e9


class SearchClock:
    """A clock that Ctrl-C sets past the end of a search: what was found is kept.

    The first Ctrl-C ends the search, one more the command. Entered in the main thread;
    in others it is a plain clock.
    """

    def __init__(self) -> None:
        self._ahead_s = 0.0
        self._listens = threading.current_thread() is threading.main_thread()

    @property
    def ended(self) -> bool:
        """Whether it was ended by hand."""
        return self._ahead_s > 0

    def __call__(self) -> float:
        """Give seconds from any start. [s]"""
        return time.monotonic() + self._ahead_s

    def __enter__(self) -> SearchClock:
        """Begin to listen."""
        if self._listens:
            self._before = signal.signal(signal.SIGINT, self._end)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let Ctrl-C do what it did before."""
        if self._listens:
            signal.signal(signal.SIGINT, self._before)

    def _end(self, number: int, frame: FrameType | None) -> None:
        if self.ended:
            raise KeyboardInterrupt
        self._ahead_s = LONG_PAST_S
        # Not through the buffer, which this may have interrupted.
        os.write(2, b"\nending with the best plan so far; Ctrl-C again gives up\n")


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
        if seconds >= LONG_PAST_S:  # ended by hand
            seconds -= LONG_PAST_S
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
