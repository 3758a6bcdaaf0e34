"""The sun over a site: what its panels gave, and would give without a cloud."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import numpy as np

from nearmade.adapters.weather_files import read_weather
from nearmade.agent.power_config import PowerConfig
from nearmade.agent.store import Store
from nearmade.energy.deciding.like_days import DAYS
from nearmade.energy.deciding.outlook import STEP_S
from nearmade.energy.panels.panel import made_up_year_w, panel_power_w
from nearmade.energy.sky.clear import clear_year
from nearmade.energy.sky.sun import Array

SECONDS_PER_HOUR = 3600.0
SECONDS_PER_DAY = 86_400

#: Hours of measured sun that are remembered.
MOST_HOURS = DAYS * 24

#: Name of the measured hours in the store.
MEASURED = "sun-measured"


class SunYears:
    """A typical or made-up year, a clear one, and what was measured.

    Parameters
    ----------
    config
        Of the power system, on a solar site.
    store
        Keeps what was measured.

    Raises
    ------
    NotFound
        When the weather file is not there.
    InvalidInput
        When it is none.
    """

    def __init__(self, config: PowerConfig, store: Store) -> None:
        standard_h = config.standard_h
        self._offset = timedelta(hours=standard_h)
        self._store = store
        self._measures = config.meter is not None
        panel = config.panel()
        clear = clear_year(
            "site", config.lat_deg, config.lon_deg, utc_offset_h=standard_h
        )
        self._clear_w = panel_power_w(panel, clear)
        if config.weather is None:
            self._year_w = made_up_year_w(
                panel,
                lat_deg=config.lat_deg,
                lon_deg=config.lon_deg,
                utc_offset_h=standard_h,
                seed=config.weather_seed,
            )
        else:
            self._year_w = panel_power_w(panel, read_weather(config.weather))

    def panel_w(self, at: datetime) -> float:
        """Give the panels' power at a moment of the modelled year. [W]"""
        return float(self._read(self._year_w, at, 1, 0)[0])

    def clear_ahead_w(self, at: datetime, steps: int, step_s: int) -> Array:
        """Give the clear sky's power from a moment on, shape (steps,). [W]"""
        return self._read(self._clear_w, at, steps, step_s)

    def modelled_before_w(self, at: datetime, steps: int, step_s: int) -> Array:
        """Give the modelled power of the steps before a moment, shape (steps,). [W]"""
        begin = at - timedelta(seconds=steps * step_s)
        return self._read(self._year_w, begin, steps, step_s)

    def before_w(self, at: datetime) -> Array:
        """Give the panels' power of the weeks before a moment, in steps of 5 min. [W]

        Measured where there is a meter, else of the modelled year.
        """
        if self._measures:
            return self.measured_before_w(at, STEP_S)
        return self.modelled_before_w(at, DAYS * SECONDS_PER_DAY // STEP_S, STEP_S)

    def ahead_w(self, at: datetime, steps: int) -> Array:
        """Give the clear sky's power from a moment on, in steps of 5 min. [W]"""
        return self.clear_ahead_w(at, steps, STEP_S)

    def came_wh(self, begins_at: datetime, ends_at: datetime) -> float | None:
        """Give what the panels gave between two whole hours. [Wh]

        None where there is a meter and one of the hours was not measured.
        """
        first, last = (
            int(moment.timestamp() // SECONDS_PER_HOUR)
            for moment in (begins_at, ends_at)
        )
        if not self._measures:
            steps = (last - first) * round(SECONDS_PER_HOUR / STEP_S)
            watts = self._read(self._year_w, begins_at, steps, STEP_S)
            return float(watts.sum()) * STEP_S / SECONDS_PER_HOUR
        hours = self._measured()
        if any(hour not in hours for hour in range(first, last)):
            return None
        return sum(hours[hour][0] / hours[hour][1] for hour in range(first, last))

    def measured_before_w(self, at: datetime, step_s: int) -> Array:
        """Give the measured power of the hours before a moment, without gaps. [W]

        Empty when the last hour was not measured.
        """
        hours = self._measured()
        hour = int(at.timestamp() // SECONDS_PER_HOUR) - 1
        means: list[float] = []
        while hour in hours and len(means) < MOST_HOURS:
            total, count = hours[hour]
            means.append(total / count)
            hour -= 1
        return np.repeat(means[::-1], round(SECONDS_PER_HOUR / step_s)).astype(float)

    def note_measured(self, at: datetime, watts: float) -> None:
        """Count one measurement of the panels towards its hour. [W]"""
        hours = self._measured()
        hour = int(at.timestamp() // SECONDS_PER_HOUR)
        total, count = hours.get(hour, (0.0, 0))
        hours[hour] = (total + watts, count + 1)
        kept = {
            str(number): [round(total, 3), count]
            for number, (total, count) in hours.items()
            if number > hour - MOST_HOURS
        }
        self._store.set_meta(MEASURED, json.dumps(kept))

    def _measured(self) -> dict[int, tuple[float, int]]:
        kept = json.loads(self._store.meta(MEASURED) or "{}")
        return {int(hour): (total, count) for hour, (total, count) in kept.items()}

    def _read(self, year_w: Array, at: datetime, steps: int, step_s: int) -> Array:
        """Read a year of hours at steps from a moment on; a year is a circle."""
        local = at.astimezone(UTC) + self._offset
        first = local.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
        begin = (local - first).total_seconds()
        # A step's power is that of its middle, an hour's figure is that of its middle.
        seconds = begin + (np.arange(steps) + (0.5 if step_s else 0.0)) * step_s
        found: Array = np.interp(
            seconds / SECONDS_PER_HOUR - 0.5,
            np.arange(len(year_w)),
            year_w,
            period=len(year_w),
        )
        return found
