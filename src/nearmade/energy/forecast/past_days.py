"""How a site's own forecast would have held through a year, never looking ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from nearmade.energy.deciding.like_days import DAYS, MOST_CLEAR_FRACTION, like_paths_w
from nearmade.energy.forecast.held import (
    LEVELS,
    WINDOW_DAYS,
    ForetoldDay,
    corrected,
    held_of,
    levels_wh,
)
from nearmade.energy.forecast.port import OWN, SunCourses
from nearmade.energy.sky.sun import Array
from nearmade.energy.sky.weather import SECONDS_PER_DAY
from nearmade.vocabulary.errors import InvalidInput

#: A day's forecast is made when so much of a clear day's sun has passed: then it has
#: seen the morning, and most of the day is still ahead.
PASSED_FRACTION: Final = 0.15

#: Years are reckoned as if they began here; only the order of days counts.
_NEW_YEAR: Final = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class YearHeld:
    """How a forecast would have held over the days of a year.

    Parameters
    ----------
    days
        That had sun and a forecast.
    under_low_fraction, under_used_fraction
        On what share of them less came than the worst day of ten, as foretold and as
        corrected by the 30 days before.
    bias_fraction
        What the middling day promised beside what came, less one.
    """

    days: int
    under_low_fraction: float
    under_used_fraction: float
    bias_fraction: float


def daylight_steps(clear_w: Array) -> tuple[int, int] | None:
    """Give the step of a day at which its forecast is made, and that after its sun.

    None where the sun does not rise.

    Parameters
    ----------
    clear_w
        Under a clear sky, from the sun's midnight on, shape (steps of a day,). [W]
    """
    passed = np.cumsum(clear_w)
    if not passed[-1] > 0:
        return None
    due = int(np.searchsorted(passed, PASSED_FRACTION * passed[-1]))
    return due, int(np.flatnonzero(clear_w)[-1]) + 1


def year_held(given_w: Array, clear_w: Array, step_s: int) -> YearHeld | None:
    """Give how the forecast from like hours would have held.

    Parameters
    ----------
    given_w, clear_w
        What the panels gave through a year and would under a clear sky, from a
        midnight on in whole days, both shape (n,). [W]
    step_s
        At most an hour. [s]

    Returns
    -------
    YearHeld or None
        None without any day to speak of.

    Raises
    ------
    InvalidInput
        When the series are no whole days or differ.
    """
    per_day, rest = divmod(SECONDS_PER_DAY, step_s)
    if rest or given_w.shape != clear_w.shape or len(given_w) % per_day:
        raise InvalidInput(f"forecast: {len(given_w)} steps are no whole days")
    days: list[ForetoldDay] = []
    for start in range(0, len(given_w), per_day):
        day = _day_of(given_w, clear_w, start, step_s, days[-WINDOW_DAYS:])
        if day is not None:
            days.append(day)
    if not days:
        return None
    came = np.array([day.came_wh for day in days], float)
    low, middle, used = (
        np.array([getattr(day, name) for day in days])
        for name in ("low_wh", "middle_wh", "used_wh")
    )
    return YearHeld(
        len(days),
        float((came < low).mean()),
        float((came < used).mean()),
        float(middle.sum() / came.sum()) - 1 if came.sum() > 0 else 0.0,
    )


def _day_of(
    given_w: Array, clear_w: Array, start: int, step_s: int, before: list[ForetoldDay]
) -> ForetoldDay | None:
    """Give one day's forecast and what came; None without sun or a forecast."""
    per_day = SECONDS_PER_DAY // step_s
    found = daylight_steps(clear_w[start : start + per_day])
    if found is None or found[0] >= found[1]:
        return None
    now, last = start + found[0], start + found[1]
    first = max(0, now - DAYS * per_day)
    hours = step_s / 3600
    paths_w = like_paths_w(given_w[first:now], clear_w[first:last], last - now, hours)
    if len(paths_w) == 0:
        return None
    begins_at, ends_at = (
        _NEW_YEAR + timedelta(seconds=step * step_s) for step in (now, last)
    )
    foretold = SunCourses(begins_at, begins_at, paths_w, OWN, "")
    most_w = MOST_CLEAR_FRACTION * clear_w[now:last]
    taken = corrected(foretold, held_of(before, OWN), most_w)
    low, middle, high = levels_wh(paths_w.sum(axis=1) * hours)
    used = float(
        np.quantile(taken.paths_w.sum(axis=1) * hours, LEVELS[0], method="weibull")
    )
    came_wh = float(given_w[now:last].sum()) * hours
    return ForetoldDay(begins_at, ends_at, OWN, low, middle, high, used, came_wh)
