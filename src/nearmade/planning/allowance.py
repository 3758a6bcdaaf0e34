"""How long a search may go on: a limit, and a clock that is given from outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Allowance:
    """Time that a search may take; it starts when the allowance is made.

    Parameters
    ----------
    limit_s
        Seconds of the clock. [s]
    clock
        Gives seconds, such as ``time.perf_counter`` or ``time.process_time``.
    """

    limit_s: float
    clock: Callable[[], float]
    _began_s: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_began_s", self.clock())

    def used_s(self) -> float:
        """Give how much is used. [s]"""
        return self.clock() - self._began_s

    def left_s(self) -> float:
        """Give how much is left, zero at least. [s]"""
        return max(0.0, self.limit_s - self.used_s())
