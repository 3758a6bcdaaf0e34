"""A site's own forecast: hours of its last weeks that were like the last ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from nearmade.energy.deciding.like_days import DAYS, like_paths_w
from nearmade.energy.deciding.outlook import STEP_S
from nearmade.energy.forecast.port import OWN, SunCourses
from nearmade.energy.sky.sun import Array


@dataclass(frozen=True, slots=True)
class LikeHours:
    """Fills ``SunForecast`` from what the panels gave; needs no network.

    Parameters
    ----------
    before_w
        Gives what they gave until a moment, step by step of five minutes without a
        gap, empty where nothing is known. [W]
    clear_w
        Gives what they would give under a clear sky from a moment on, so many steps.
        [W]
    """

    before_w: Callable[[datetime], Array]
    clear_w: Callable[[datetime, int], Array]

    def foretell(self, at: datetime, steps: int) -> SunCourses:
        """Give up to 40 courses; none before two days are known."""
        given_w = self.before_w(at)
        begin = at - timedelta(seconds=len(given_w) * STEP_S)
        clear_w = self.clear_w(begin, len(given_w) + steps)
        paths_w = like_paths_w(given_w, clear_w, steps, STEP_S / 3600)
        source = f"the {len(paths_w)} likest hours of the last {DAYS} days"
        return SunCourses(at, at, paths_w, OWN, source)
