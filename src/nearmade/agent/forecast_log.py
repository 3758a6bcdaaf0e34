"""The agent's log of the sun: what was foretold each day, and what came."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from nearmade.agent.store import Store
from nearmade.energy.deciding.outlook import STEP_S
from nearmade.energy.forecast.held import ForetoldDay, Held, held_of, levels_wh
from nearmade.energy.forecast.past_days import daylight_steps
from nearmade.energy.forecast.port import SunCourses
from nearmade.energy.sky.sun import Array

#: Name of the log in the store, and the days that it keeps.
LOG: Final = "sun-log"
KEPT_DAYS: Final = 90

HOUR: Final = timedelta(hours=1)
STEPS_PER_DAY: Final = 86_400 // STEP_S


class ForecastLog:
    """Sets forecasts beside what came, one for each day.

    Parameters
    ----------
    store
        Keeps 90 days.
    lon_deg
        Where the panels are: a day begins at the sun's midnight. [deg]
    clear_w
        Gives a clear sky's power from a moment on, so many steps of five minutes. [W]
    came_wh
        Gives what the panels gave between two whole hours; None where it was not
        measured throughout. [Wh]
    """

    def __init__(
        self,
        store: Store,
        lon_deg: float,
        clear_w: Callable[[datetime, int], Array],
        came_wh: Callable[[datetime, datetime], float | None],
    ) -> None:
        self._store = store
        self._solar = timedelta(hours=lon_deg / 15)
        self._clear_w = clear_w
        self._came_wh = came_wh
        self._days = _days(store.meta(LOG))

    @property
    def days(self) -> tuple[ForetoldDay, ...]:
        """All that are kept, the oldest first."""
        return tuple(self._days)

    def held(self, kind: str) -> Held:
        """Give how a forecast has held over its last 30 days."""
        return held_of(self._days, kind)

    def look(self, at: datetime, foretold: SunCourses, taken: SunCourses) -> None:
        """Keep the forecast of this day once, and what came of days that are over.

        Parameters
        ----------
        at
            Now, aware.
        foretold, taken
            From now on, before and after the correction.
        """
        before = list(self._days)
        self._finish(at)
        day = self._today(at, foretold, taken)
        if day is not None:
            self._days = [*self._days, day][-KEPT_DAYS:]
        if self._days != before:
            self._store.set_meta(LOG, json.dumps([*map(_row, self._days)]))

    def _finish(self, at: datetime) -> None:
        """Set what came beside days that are over; leave out what nobody measured."""
        found = []
        for day in self._days:
            if day.came_wh is None and day.ends_at <= at:
                came_wh = self._came_wh(day.begins_at, day.ends_at)
                if came_wh is None:
                    continue
                day = replace(day, came_wh=round(came_wh, 3))
            found.append(day)
        self._days = found

    def _today(
        self, at: datetime, foretold: SunCourses, taken: SunCourses
    ) -> ForetoldDay | None:
        """Give this day's forecast when it is time for it and none is kept."""
        midnight = _midnight(at + self._solar) - self._solar
        if self._days and self._days[-1].begins_at >= midnight:
            return None
        found = daylight_steps(self._clear_w(midnight, STEPS_PER_DAY))
        if not foretold.known or found is None:
            return None
        due, over = (midnight + timedelta(seconds=step * STEP_S) for step in found)
        begins_at, ends_at = _next_hour(at), _next_hour(over)
        if not due <= at < due + HOUR or begins_at >= ends_at:
            return None
        first, last = (foretold.step_of(moment) for moment in (begins_at, ends_at))
        low, middle, high = levels_wh(foretold.energies_wh(first, last))
        used = levels_wh(taken.energies_wh(first, last))[0] if taken.known else low
        return ForetoldDay(
            begins_at,
            ends_at,
            foretold.kind,
            *(round(figure, 3) for figure in (low, middle, high, used)),
        )


def _midnight(solar: datetime) -> datetime:
    return solar.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _next_hour(at: datetime) -> datetime:
    whole = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return whole if whole == at else whole + HOUR


def _row(day: ForetoldDay) -> dict[str, object]:
    return {
        "begins_at": day.begins_at.isoformat(),
        "ends_at": day.ends_at.isoformat(),
        "kind": day.kind,
        "low_wh": day.low_wh,
        "middle_wh": day.middle_wh,
        "high_wh": day.high_wh,
        "used_wh": day.used_wh,
        "came_wh": day.came_wh,
    }


def _days(text: str | None) -> list[ForetoldDay]:
    return [
        ForetoldDay(
            **{
                **row,
                "begins_at": datetime.fromisoformat(row["begins_at"]),
                "ends_at": datetime.fromisoformat(row["ends_at"]),
            }
        )
        for row in json.loads(text or "[]")
    ]
