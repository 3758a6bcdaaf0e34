"""A site's electricity now: the grid, or a modelled sun and battery."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from nearmade.agent.config import PowerConfig
from nearmade.agent.store import Store
from nearmade.energy.battery import Battery, BatteryState, step
from nearmade.energy.panel import Panel, made_up_year_w
from nearmade.energy.reserve import CUTOFF_FRACTION, OUT_FRACTION

SECONDS_PER_HOUR = 3600.0

#: The model goes in steps of at most this. [h]
LONGEST_STEP_H = 0.25

#: A site that slept longer than this wakes up with what the battery held. [h]
LONGEST_CATCH_UP_H = 72.0


@dataclass(frozen=True, slots=True)
class PowerView:
    """What the scheduler and the snapshot need to know.

    Parameters
    ----------
    kind
        ``grid`` or ``solar``.
    max_w
        The most the site can give. [W]
    stored_wh, capacity_wh
        Battery now and when full; zero on the grid. [Wh]
    pv_w
        What the panels give now; None on the grid. [W]
    load_w
        What the printers draw. [W]
    """

    kind: str
    max_w: float
    stored_wh: float = 0.0
    capacity_wh: float = 0.0
    pv_w: float | None = None
    load_w: float = 0.0

    def as_dict(self) -> dict[str, object]:
        """Give plain values for the snapshot."""
        solar = self.kind == "solar"
        fraction = self.stored_wh / self.capacity_wh if self.capacity_wh else 0.0
        return {
            "kind": self.kind,
            "battery_fraction": round(fraction, 4) if solar else None,
            "pv_w": None if self.pv_w is None else round(self.pv_w, 1),
            "load_w": round(self.load_w, 1),
        }


class SitePower:
    """The power system of a site; on a solar site a model that lives in the store.

    Parameters
    ----------
    config
        Of the power system.
    store
        Keeps the battery's state.
    """

    def __init__(self, config: PowerConfig, store: Store) -> None:
        self._config = config
        self._store = store
        self._battery = Battery(
            config.battery_wh,
            charge_fraction=OUT_FRACTION,
            discharge_fraction=OUT_FRACTION,
            cutoff_fraction=CUTOFF_FRACTION,
        )
        self._panel_w: list[float] = []
        if config.kind == "solar":
            year = made_up_year_w(
                Panel(config.pv_wp, config.tilt_deg),
                lat_deg=config.lat_deg,
                lon_deg=config.lon_deg,
                utc_offset_h=config.utc_offset_h,
                seed=config.weather_seed,
            )
            self._panel_w = [float(power) for power in year]

    def step(self, now: datetime, load_w: float) -> PowerView:
        """Let the time since the last step pass, with one load. [W]"""
        config = self._config
        if config.kind == "grid":
            return PowerView("grid", config.max_w, load_w=load_w)
        kept = self._kept(now)
        last_at = datetime.fromisoformat(kept["at"])
        hours = (now - last_at).total_seconds() / SECONDS_PER_HOUR * config.speed_factor
        hours = min(max(hours, 0.0), LONGEST_CATCH_UP_H)
        # The configuration may name a smaller battery than the one remembered.
        stored_wh = min(float(kept["stored_wh"]), self._battery.usable_top_wh)
        state = BatteryState(stored_wh, bool(kept["connected"]))
        model_at = datetime.fromisoformat(kept["model_at"])
        while hours > 1e-9:
            length = min(hours, LONGEST_STEP_H)
            state = step(
                self._battery,
                state,
                panel_w=self.panel_w(model_at),
                load_w=load_w,
                hours=length,
            ).state
            model_at += timedelta(hours=length)
            hours -= length
        self._keep(now, model_at, state)
        return PowerView(
            "solar",
            config.max_w,
            stored_wh=state.stored_wh,
            capacity_wh=self._battery.usable_top_wh,
            pv_w=self.panel_w(model_at),
            load_w=load_w,
        )

    def panel_w(self, at: datetime) -> float:
        """Give the power of the panels at a moment, between the hours' middles. [W]"""
        local = at + timedelta(hours=self._config.utc_offset_h)
        year_start = local.replace(
            month=1, day=1, hour=0, minute=0, second=0, microsecond=0
        )
        hour = (local - year_start).total_seconds() / SECONDS_PER_HOUR - 0.5
        before = int(hour // 1)
        share = hour - before
        first = self._panel_w[before % len(self._panel_w)]
        second = self._panel_w[(before + 1) % len(self._panel_w)]
        return first * (1 - share) + second * share

    def _kept(self, now: datetime) -> dict[str, str]:
        text = self._store.meta("battery")
        if text is not None:
            kept: dict[str, str] = json.loads(text)
            return kept
        first_wh = self._config.first_fraction * self._battery.usable_top_wh
        self._keep(now, now, BatteryState(first_wh))
        return json.loads(self._store.meta("battery") or "{}")  # type: ignore[no-any-return]

    def _keep(self, now: datetime, model_at: datetime, state: BatteryState) -> None:
        kept = {
            "at": now.isoformat(),
            "model_at": model_at.isoformat(),
            "stored_wh": state.stored_wh,
            "connected": state.connected,
        }
        self._store.set_meta("battery", json.dumps(kept))
