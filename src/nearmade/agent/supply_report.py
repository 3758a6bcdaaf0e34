"""What a site on the grid tells the platform of its own electricity."""

from __future__ import annotations

import logging
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np

from nearmade.agent.power_config import PowerConfig
from nearmade.agent.store import Store
from nearmade.energy.deciding.windows import by_hour
from nearmade.energy.forecast.sky_ensemble import (
    STEPS_PER_HOUR,
    SkyEnsemble,
    ensemble_power_w,
)
from nearmade.energy.panels.panel import Panel
from nearmade.energy.supply.carbon import INVERTER_FRACTION
from nearmade.vocabulary.errors import NearmadeError

HOURS: Final = 24
#: What is told is told again after so long: the platform may have forgotten it.
AGAIN: Final = timedelta(hours=24)
#: What was refused, or did not arrive, is told again after so long.
AFTER_FAILURE: Final = timedelta(hours=1)
#: Looks at each band within an hour.
_QUARTERS: Final = np.array([0.125, 0.375, 0.625, 0.875])
_TOLD: Final = "supply-told"

log = logging.getLogger(__name__)


class SupplyReport:
    """Tells when the platform should be told, and what.

    Panels and battery are those of the configuration, the grid's carbon its bands, and
    the sun ahead that of its weather service, where one is named.

    Parameters
    ----------
    config
        Of the site's power.
    store
        Remembers whether anything was ever told.
    pool
        Where the weather service is asked; a thread of its own when None.
    """

    def __init__(
        self, config: PowerConfig, store: Store, pool: Executor | None = None
    ) -> None:
        self._config = config
        self._store = store
        panels = config.kind == "grid" and config.pv_wp > 0
        self._service = config.service() if panels else None
        self._pool: Executor | None = None
        if self._service is not None:
            self._pool = pool or ThreadPoolExecutor(max_workers=1)
        self._asked: Future[dict[str, float]] | None = None
        self._asked_at: datetime | None = None
        self._sun_wh: dict[str, float] = {}
        self._told: dict[str, Any] | None = None
        self._next_at: datetime | None = None
        self._failed = False

    def close(self) -> None:
        """Let the thread go."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def due(self, now: datetime) -> bool:
        """Say whether the platform should be told now."""
        record = self.record(now)
        if record is None and self._store.meta(_TOLD) != "yes":
            return False
        # A clock that was set back must not put the next word off.
        if self._next_at is None or not now < self._next_at <= now + AGAIN:
            return True
        return not self._failed and record != self._told

    def record(self, now: datetime) -> dict[str, Any] | None:
        """Give what is told of the site; None where there is nothing to tell."""
        config = self._config
        if config.kind != "grid" or not (config.pv_wp > 0 or config.windows.carbon):
            return None
        told: dict[str, Any] = {"standing_w": config.standing_w}
        if config.pv_wp > 0:
            told |= {
                "pv_wp": config.pv_wp,
                "tilt_deg": config.tilt_deg,
                "azimuth_deg": config.azimuth_deg,
                "battery_wh": config.battery_wh,
                "charge_fraction": config.charge_fraction,
                "discharge_fraction": config.discharge_fraction,
                "cutoff_fraction": config.cutoff_fraction,
                "sun_wh": self._sun_ahead(now),
            }
        if config.windows.carbon:
            told["grid_gco2e_per_kwh"] = self._grid(now)
        return told

    def told(self, record: dict[str, Any] | None, now: datetime) -> None:
        """Remember what the platform has."""
        self._told, self._next_at, self._failed = record, now + AGAIN, False
        self._store.set_meta(_TOLD, "no" if record is None else "yes")

    def failed(self, now: datetime) -> None:
        """Wait before it is told again."""
        self._next_at, self._failed = now + AFTER_FAILURE, True

    def _grid(self, now: datetime) -> list[float]:
        """Lay the grid's bands, which go by the local clock, over the hours of UTC."""
        offset = now.astimezone(self._config.clock).utcoffset() or timedelta()
        ahead_h = offset.total_seconds() / 3600.0
        hours = (np.arange(HOURS)[:, None] + _QUARTERS + ahead_h) % HOURS
        found = by_hour(self._config.windows.carbon, hours.ravel())
        means = found.reshape(HOURS, -1).mean(axis=1)
        return [round(float(one), 3) for one in means]

    def _sun_ahead(self, now: datetime) -> dict[str, float]:
        """Give the last forecast by day of UTC; a new one is fetched beside."""
        if self._service is None or self._pool is None:
            return {}
        if self._asked is not None and self._asked.done():
            asked, self._asked = self._asked, None
            try:
                self._sun_wh = asked.result()
            except NearmadeError as error:
                log.warning("%s", error.message)
        assert self._config.forecast is not None
        pause = timedelta(hours=self._config.forecast.refresh_h)
        asked_at = self._asked_at
        fresh = asked_at is not None and timedelta() <= now - asked_at < pause
        if self._asked is None and not fresh:
            self._asked_at = now
            self._asked = self._pool.submit(self._fetch, now)
        today = now.astimezone(UTC).date().isoformat()
        return {day: wh for day, wh in self._sun_wh.items() if day >= today}

    def _fetch(self, now: datetime) -> dict[str, float]:
        assert self._service is not None
        return sun_by_day(self._config.panel(), self._service.fetch(now))


def sun_by_day(panel: Panel, sky: SkyEnsemble) -> dict[str, float]:
    """Give what panels are foretold to give at the plug, by whole day of UTC. [Wh]

    The mean of all members, behind the inverter.

    Parameters
    ----------
    panel
        The panels.
    sky
        Over their place.
    """
    mean_w = ensemble_power_w(panel, sky).mean(axis=0)
    hourly_wh = mean_w.reshape(-1, STEPS_PER_HOUR).mean(axis=1) * INVERTER_FRACTION
    begins_at = sky.begins_at.astimezone(UTC)
    first = -begins_at.hour % HOURS
    found = {}
    for start in range(first, len(hourly_wh) - HOURS + 1, HOURS):
        day = (begins_at + timedelta(hours=start)).date()
        found[day.isoformat()] = round(float(hourly_wh[start : start + HOURS].sum()), 1)
    return found
