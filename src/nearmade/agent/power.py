"""A site's electricity now and ahead: the grid, or sun and battery."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from nearmade.agent.meters import Measured, controller
from nearmade.agent.power_config import PowerConfig
from nearmade.agent.store import Store
from nearmade.agent.sun_outlook import AHEAD_STEPS, SunOutlook
from nearmade.agent.sun_years import SunYears
from nearmade.energy.day.power_report import PowerReport, PowerTrace
from nearmade.energy.deciding.outlook import STEP_S, Outlook
from nearmade.energy.load.machine_load import JobLoad
from nearmade.energy.sky.sun import Array
from nearmade.energy.supply.battery import Battery, BatteryState, step

SECONDS_PER_HOUR = 3600.0

#: The model goes in steps of at most this. [h]
LONGEST_STEP_H = 0.25

#: A site that slept longer than this wakes up with what the battery held. [h]
LONGEST_CATCH_UP_H = 72.0

#: Steps of the traces that are shown, and how many are kept. [s]
TRACE_S = 1800
TRACE_STEPS = 48


@dataclass(frozen=True, slots=True)
class PowerView:
    """What the scheduler and the snapshot need to know.

    Parameters
    ----------
    kind
        ``grid`` or ``solar``.
    max_w
        The most the site can give. [W]
    battery, stored_wh
        The battery and what it holds; nothing on the grid. [Wh]
    pv_w
        What the panels give now; None on the grid. [W]
    load_w
        What the printers draw. [W]
    at
        What the site's clock shows; a model may go faster than ours.
    measured
        True when a charge controller said it.
    """

    kind: str
    max_w: float
    battery: Battery = field(default_factory=lambda: Battery(0.0))
    stored_wh: float = 0.0
    pv_w: float | None = None
    load_w: float = 0.0
    at: datetime | None = None
    measured: bool = False

    @property
    def capacity_wh(self) -> float:
        """Battery when full; zero on the grid. [Wh]"""
        return self.battery.usable_top_wh


class SitePower:
    """The power system of a site; without meters a model that lives in the store.

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
        self._battery = config.battery()
        self._sun: SunYears | None = None
        self._ahead_of_sun: SunOutlook | None = None
        if config.kind == "solar":
            self._sun = SunYears(config, store)
            self._ahead_of_sun = SunOutlook(config, store, self._sun)

    def close(self) -> None:
        """Let threads go."""
        if self._ahead_of_sun is not None:
            self._ahead_of_sun.close()

    def step(self, now: datetime, load_w: float) -> PowerView:
        """Let the time since the last step pass, with one load. [W]"""
        config = self._config
        if self._sun is None:
            return PowerView("grid", config.max_w, load_w=load_w, at=now)
        said = None if config.meter is None else controller(config.meter, now)
        model_at, state = self._stepped(now, load_w + config.standing_w)
        pv_w = self._sun.panel_w(model_at)
        if said is not None:
            state, pv_w = self._corrected(said, state, pv_w)
            model_at = now
            if said.pv_w is not None:
                self._sun.note_measured(now, said.pv_w)
        self._keep(now, model_at, state)
        view = PowerView(
            "solar",
            config.max_w,
            battery=self._battery,
            stored_wh=state.stored_wh,
            pv_w=pv_w,
            load_w=load_w,
            at=model_at,
            measured=said is not None,
        )
        self._note_trace(view)
        return view

    def panel_w(self, at: datetime) -> float:
        """Give the modelled power of the panels at a moment; none on the grid. [W]"""
        return 0.0 if self._sun is None else self._sun.panel_w(at)

    def outlook(self, view: PowerView, now: datetime) -> Outlook:
        """Give what the sun may do from now on, reckoned anew every five minutes."""
        at = view.at or now
        if self._ahead_of_sun is None:
            nothing = np.empty((0, 0))
            return Outlook(at, nothing, np.empty(0), zone=self._config.clock)
        return self._ahead_of_sun.outlook(at)

    def report(
        self,
        view: PowerView,
        outlook: Outlook,
        works: Sequence[JobLoad],
        decision: str,
    ) -> PowerReport:
        """Give what is shown of the site's electricity.

        Parameters
        ----------
        view, outlook
            Now and ahead.
        works
            What is left of the builds at work.
        decision
            The last one, in words.
        """
        solar = view.kind == "solar"
        battery = view.battery
        full = battery.usable_top_wh
        rules = self._config.rules
        return PowerReport(
            kind=view.kind,
            at=view.at,
            battery_fraction=view.stored_wh / full if solar and full else None,
            pv_w=view.pv_w,
            load_w=view.load_w,
            max_w=view.max_w,
            peak_w=sum(work.peak_w for work in works) + self._config.standing_w,
            cutoff_fraction=battery.cutoff_fraction if solar else None,
            reserve_fraction=rules.spare_fraction + battery.cutoff_fraction
            if solar
            else None,
            past=self._past() if solar else None,
            ahead=self._ahead(view, outlook, works) if solar else None,
            decision=decision,
            modelled=solar and not view.measured,
            forecast=self._ahead_of_sun.said() if self._ahead_of_sun else None,
        )

    # --- the model and the meters

    def _stepped(self, now: datetime, load_w: float) -> tuple[datetime, BatteryState]:
        """Take the modelled battery from the last look to now."""
        assert self._sun is not None
        kept = self._kept(now)
        last_at = datetime.fromisoformat(kept["at"])
        passed_h = (now - last_at).total_seconds() / SECONDS_PER_HOUR
        hours = min(max(passed_h * self._config.speed_factor, 0.0), LONGEST_CATCH_UP_H)
        # The configuration may name a smaller battery than the one remembered.
        stored_wh = min(float(kept["stored_wh"]), self._battery.usable_top_wh)
        state = BatteryState(stored_wh, bool(kept["connected"]))
        model_at = datetime.fromisoformat(kept["model_at"])
        while hours > 1e-9:
            length = min(hours, LONGEST_STEP_H)
            state = step(
                self._battery,
                state,
                panel_w=self._sun.panel_w(model_at),
                load_w=load_w,
                hours=length,
            ).state
            model_at += timedelta(hours=length)
            hours -= length
        return model_at, state

    def _corrected(
        self, said: Measured, state: BatteryState, pv_w: float
    ) -> tuple[BatteryState, float]:
        """Take what was measured for what the model reckoned."""
        if said.battery_fraction is not None:
            stored_wh = said.battery_fraction * self._battery.usable_top_wh
            state = BatteryState(stored_wh, state.connected)
        return state, pv_w if said.pv_w is None else said.pv_w

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

    # --- what is shown

    def _note_trace(self, view: PowerView) -> None:
        """Remember the first look of each half hour."""
        assert view.at is not None
        slot = int(view.at.timestamp() // TRACE_S)
        rows = json.loads(self._store.meta("power-trace") or "[]")
        if rows and rows[-1][0] >= slot:
            if rows[-1][0] == slot:
                return
            rows = []  # the clock was put back
        figures = (view.stored_wh / view.capacity_wh, view.pv_w or 0.0, view.load_w)
        rows.append([slot, *(round(figure, 4) for figure in figures)])
        self._store.set_meta("power-trace", json.dumps(rows[-TRACE_STEPS:]))

    def _past(self) -> PowerTrace | None:
        rows = json.loads(self._store.meta("power-trace") or "[]")
        run = rows[-1:]
        for row in reversed(rows[:-1]):
            if row[0] != run[0][0] - 1:
                break  # slept: what is before does not join on
            run.insert(0, row)
        if len(run) < 2:
            return None
        begins = datetime.fromtimestamp(run[0][0] * TRACE_S, tz=UTC)
        fraction, pv_w, load_w = (tuple(row[n] for row in run) for n in (1, 2, 3))
        return PowerTrace(begins, TRACE_S, fraction, pv_w, load_w)

    def _ahead(
        self, view: PowerView, outlook: Outlook, works: Sequence[JobLoad]
    ) -> PowerTrace | None:
        """Lay the next day out with what is at work, on a middling and a bad course."""
        if not outlook.known:
            return None
        load_w = np.full(AHEAD_STEPS, self._config.standing_w)
        for work in works:
            mean_w = work.profile(STEP_S).mean_w[:AHEAD_STEPS]
            load_w[: len(mean_w)] += mean_w
        order = np.argsort(outlook.paths_w.sum(axis=1))
        bad = outlook.paths_w[order[len(order) // 10]]
        middle = outlook.paths_w[order[len(order) // 2]]
        every = TRACE_S // STEP_S
        return PowerTrace(
            outlook.begins_at,
            TRACE_S,
            self._course(view, middle, load_w)[::every],
            tuple(float(w) for w in middle[::every]),
            tuple(float(w) for w in load_w[::every]),
            self._course(view, bad, load_w)[::every],
            tuple(float(w) for w in bad[::every]),
        )

    def _course(
        self, view: PowerView, sun_w: Array, load_w: Array
    ) -> tuple[float, ...]:
        """Give the charge at the beginning of each step."""
        state = BatteryState(view.stored_wh)
        found = []
        for sun, load in zip(sun_w, load_w, strict=True):
            found.append(state.stored_wh / view.capacity_wh)
            state = step(
                self._battery,
                state,
                panel_w=float(sun),
                load_w=float(load),
                hours=STEP_S / SECONDS_PER_HOUR,
            ).state
        return tuple(found)
