"""What a site's sun may do next: one forecast, corrected by how it has held."""

from __future__ import annotations

from datetime import datetime

from nearmade.agent.forecast_log import ForecastLog
from nearmade.agent.online_sun import OnlineSun
from nearmade.agent.power_config import PowerConfig
from nearmade.agent.site_forecast import SiteForecast
from nearmade.agent.store import Store
from nearmade.agent.sun_years import SunYears
from nearmade.energy.day.forecast_said import ForecastDay, ForecastSaid
from nearmade.energy.deciding.like_days import MOST_CLEAR_FRACTION
from nearmade.energy.deciding.outlook import STEP_S, Outlook
from nearmade.energy.forecast.held import corrected
from nearmade.energy.forecast.like_hours import LikeHours
from nearmade.energy.forecast.port import SunCourses

#: The outlook reaches so far; builds that last longer see a dark sky after it.
AHEAD_STEPS = 288

#: Days of the forecast's log that are shown.
SHOWN_DAYS = 30


class SunOutlook:
    """Asks the site's forecast, corrects it by its log, and keeps the log.

    Parameters
    ----------
    config
        Of the power system, on a solar site.
    store
        Keeps the log and the last answer of a weather service.
    sun
        The sun over the site.
    log
        Of its forecasts; one in the store when None.
    """

    def __init__(
        self,
        config: PowerConfig,
        store: Store,
        sun: SunYears,
        log: ForecastLog | None = None,
    ) -> None:
        self._zone = config.clock
        self._sun = sun
        service, asked = config.service(), config.forecast
        self._online = (
            None
            if service is None or asked is None
            else OnlineSun(service, config.panel(), store, asked.refresh_h)
        )
        own = LikeHours(sun.before_w, sun.ahead_w)
        self._forecast = SiteForecast(own, self._online)
        self._log = log or ForecastLog(store, config.lon_deg, sun.ahead_w, sun.came_wh)
        self._taken: SunCourses | None = None
        self._last: Outlook | None = None

    def close(self) -> None:
        """Let threads go."""
        if self._online is not None:
            self._online.close()

    def outlook(self, at: datetime) -> Outlook:
        """Give what the sun may do from now on, reckoned anew every five minutes."""
        last = self._last
        if last and 0 <= (at - last.begins_at).total_seconds() < STEP_S:
            return last
        clear_w = self._sun.ahead_w(at, AHEAD_STEPS)
        foretold = self._forecast.foretell(at, AHEAD_STEPS)
        held = self._log.held(foretold.kind)
        taken = corrected(foretold, held, MOST_CLEAR_FRACTION * clear_w)
        self._log.look(at, foretold, taken)
        self._taken = taken
        self._last = Outlook(at, taken.paths_w, clear_w, taken.source, zone=self._zone)
        return self._last

    def said(self) -> ForecastSaid | None:
        """Give what is shown of the forecast; None before the first one."""
        if self._taken is None:
            return None
        days = [
            ForecastDay(
                day.begins_at,
                day.low_wh,
                day.middle_wh,
                day.high_wh,
                day.used_wh,
                day.came_wh,
            )
            for day in self._log.days[-SHOWN_DAYS:]
        ]
        held = self._log.held(self._taken.kind)
        source = self._taken.source if self._taken.known else "nothing is known yet"
        return ForecastSaid(source, held.words, self._forecast.note, tuple(days))
