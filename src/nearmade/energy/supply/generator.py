"""A generator that burns fuel: when it runs, and what it drinks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from nearmade.vocabulary.errors import InvalidInput

#: Fuel of a small diesel set: at no load for each watt rated, and for each watt made.
#: Source: T. Lambert, P. Gilman, P. Lilienthal, Micropower system modeling with HOMER,
#: in Integration of Alternative Sources of Energy, 2006 (0.08 and 0.25 l/h per kW).
#: [l/h per W]
IDLE_L_PER_WH: Final = 0.08e-3
MADE_L_PER_WH: Final = 0.25e-3


@dataclass(frozen=True, slots=True)
class Generator:
    """A generator that starts and stops by the battery's state of charge.

    Parameters
    ----------
    rated_w
        The most it gives at the battery; zero when there is none. [W]
    least_fraction
        Of its rating; below, soot and wear. What nobody takes then is lost.
    start_fraction, stop_fraction
        State of charge at which it starts and stops; the second is higher.
    idle_l_per_wh, made_l_per_wh
        Fuel for each hour running and watt rated, and for each watt-hour made. [l/Wh]
    start_l
        Fuel of one start. [l]

    Raises
    ------
    InvalidInput
        When a figure is out of range.
    """

    rated_w: float
    least_fraction: float = 0.3
    start_fraction: float = 0.3
    stop_fraction: float = 0.8
    idle_l_per_wh: float = IDLE_L_PER_WH
    made_l_per_wh: float = MADE_L_PER_WH
    start_l: float = 0.0

    def __post_init__(self) -> None:
        figures = (
            self.rated_w,
            self.idle_l_per_wh,
            self.made_l_per_wh,
            self.start_l,
        )
        if not all(0 <= figure < math.inf for figure in figures):
            raise InvalidInput(f"generator: {figures} must be zero or more")
        if not 0 <= self.least_fraction <= 1:
            raise InvalidInput("generator: its least load must be in 0..1")
        if not 0 <= self.start_fraction < self.stop_fraction <= 1:
            raise InvalidInput("generator: it must stop above where it starts")

    @property
    def least_w(self) -> float:
        """Power below which it does not run. [W]"""
        return self.rated_w * self.least_fraction

    def fuel_l(self, made_wh: float, hours: float, starts: int = 0) -> float:
        """Give the fuel for energy made in hours of running. [l]"""
        if not (made_wh >= 0 and hours >= 0 and starts >= 0):
            raise InvalidInput(f"generator: {made_wh} Wh in {hours} h, {starts} starts")
        standing = self.idle_l_per_wh * self.rated_w * hours
        return standing + self.made_l_per_wh * made_wh + self.start_l * starts
