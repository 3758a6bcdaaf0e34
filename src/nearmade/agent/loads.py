"""What each machine draws and each build takes: by file, by meter, else by model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from nearmade.agent.artefacts import Artefacts
from nearmade.agent.config import PrinterConfig
from nearmade.agent.meters import plug_watts
from nearmade.agent.store import JobRow, Store
from nearmade.energy.load.learned_power import (
    Doing,
    Learned,
    Reading,
    Readings,
    learn,
    readings_from,
)
from nearmade.energy.load.machine_load import (
    LONGEST_S,
    MOTION_FRACTION,
    JobLoad,
    WorkTimes,
    load_of_file,
    load_of_time,
)
from nearmade.energy.load.machine_power import SECONDS_PER_HOUR, MachinePower
from nearmade.production.ports import PrinterState, PrinterStatus
from nearmade.production.work_times import work_times
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import MachineId, Sha256

#: Readings are written down this often. [s]
KEEP_S = 60.0

#: A printer that does not name layers heats up while it has done no more than this.
HEATING_FRACTION = 0.003

#: Files whose times are remembered.
MOST_FILES = 64

#: An offer's energy is not believed below this share of what its time takes.
LEAST_FACTOR = 0.5

#: States in which a printer draws power for a file.
BUSY = (PrinterState.STARTING, PrinterState.PRINTING, PrinterState.PAUSED)


class Loads:
    """Machines' power as far as it is known, and the loads of builds.

    Parameters
    ----------
    configs
        The printers.
    store
        Keeps readings.
    artefacts
        Files of builds.
    """

    def __init__(
        self,
        configs: Mapping[MachineId, PrinterConfig],
        store: Store,
        artefacts: Artefacts,
    ) -> None:
        self._configs = configs
        self._store = store
        self._artefacts = artefacts
        self._readings: dict[MachineId, Readings] = {}
        self._learned: dict[MachineId, Learned] = {}
        self._kept_s: dict[MachineId, float] = {}
        self._known_times: dict[str, WorkTimes | None] = {}

    def learned(self, machine_id: MachineId) -> Learned:
        """Give a machine's power with its readings worked in."""
        if machine_id not in self._learned:
            model = self._configs[machine_id].power
            self._learned[machine_id] = learn(model, self._counts(machine_id))
        return self._learned[machine_id]

    def draw_w(
        self, machine_id: MachineId, status: PrinterStatus, now: datetime
    ) -> float:
        """Give what a printer draws: by its word, its plug, or else its model. [W]"""
        measured = self.measured_w(machine_id, status, now)
        if measured is not None:
            return measured
        if status.state is PrinterState.OFFLINE:
            return 0.0
        power = self.learned(machine_id).power
        return power.printing_w if status.state in BUSY else power.idle_w

    def measured_w(
        self, machine_id: MachineId, status: PrinterStatus, now: datetime
    ) -> float | None:
        """Give what printer or plug say that it draws; None when neither does. [W]"""
        if status.power_w is not None:
            return status.power_w
        plug = self._configs[machine_id].plug
        return None if plug is None else plug_watts(plug, now)

    def note(
        self, machine_id: MachineId, status: PrinterStatus, now: datetime, mono_s: float
    ) -> None:
        """Learn from one look at a real printer; a simulated one has its model."""
        doing = _doing(status)
        if doing is None or self._configs[machine_id].simulated:
            return
        watts = self.measured_w(machine_id, status, now)
        if watts is None:
            return
        before = self._counts(machine_id)
        reading = Reading(mono_s, watts, doing, status.bed_degc or 0.0)
        after = before.with_reading(reading)
        self._readings[machine_id] = after
        ended = after.heats > before.heats
        if ended or mono_s - self._kept_s.setdefault(machine_id, mono_s) >= KEEP_S:
            self._kept_s[machine_id] = mono_s
            self._learned.pop(machine_id, None)
            with self._store.transaction():
                self._store.set_meta(_name(machine_id), json.dumps(after.as_record()))

    def of(self, row: JobRow) -> JobLoad:
        """Give the high end of what a build takes."""
        learned = self.learned(row.machine_id)
        times = self._times_of(row)
        if times is not None:
            load = load_of_file(learned.power, times)
        else:
            load = _offered(learned.power, row)
        return load.scaled(learned.high_factor)

    def left_of(self, row: JobRow, status: PrinterStatus) -> JobLoad:
        """Give what is left of a build at work."""
        load = self.of(row)
        if _doing(status) == "heat" or status.done_fraction is None:
            return load
        done_s = status.done_fraction * load.work_s
        return load.rest_of(max(done_s, load.heat_s))

    def layer_starts_s(self, row: JobRow) -> tuple[float, ...]:
        """Give when each layer begins after the heat-up, nothing when not known. [s]"""
        times = self._times_of(row)
        return () if times is None else tuple(times.layer_starts_s)

    def hold_w(self, machine_id: MachineId) -> float:
        """Give what a paused machine draws: its heaters stay on. [W]"""
        power = self.learned(machine_id).power
        return power.printing_w - MOTION_FRACTION * power.base_w

    def _counts(self, machine_id: MachineId) -> Readings:
        if machine_id not in self._readings:
            text = self._store.meta(_name(machine_id)) or "{}"
            self._readings[machine_id] = readings_from(json.loads(text))
        return self._readings[machine_id]

    def _times_of(self, row: JobRow) -> WorkTimes | None:
        """Read a file's times; None where there is no file, or it makes no sense."""
        sha256 = row.gcode_sha256
        if not sha256 or sha256 in self._known_times:
            return self._known_times.get(sha256)
        content = self._artefacts.read(Sha256(sha256))
        if content is None:
            return None  # not fetched yet
        try:
            times = work_times(content, total_s=row.expected_s or None)
        except InvalidInput:
            times = None
        while len(self._known_times) >= MOST_FILES:
            self._known_times.pop(next(iter(self._known_times)))
        self._known_times[sha256] = times
        return times


def _offered(power: MachinePower, row: JobRow) -> JobLoad:
    """Give the load of a build without a file: its time, and its offer's energy."""
    load = load_of_time(power, row.expected_s)
    if not row.energy_wh or load.work_wh <= 0:
        return load
    more_wh = row.energy_wh - load.work_wh
    if more_wh <= 0:
        return load.scaled(max(row.energy_wh / load.work_wh, LEAST_FACTOR))
    more_s = more_wh * SECONDS_PER_HOUR / max(power.printing_w, 1.0)
    return load_of_time(power, min(row.expected_s + more_s, LONGEST_S))


def _name(machine_id: MachineId) -> str:
    return f"readings/{machine_id}"


def _doing(status: PrinterStatus) -> Doing | None:
    """Tell what a printer does with its power; None when it is not plain."""
    if status.state in (PrinterState.IDLE, PrinterState.DONE, PrinterState.CANCELLED):
        return "rest"
    if status.state not in (PrinterState.STARTING, PrinterState.PRINTING):
        return None
    if status.layer is not None:
        return "heat" if status.layer == 0 else "print"
    return "heat" if (status.done_fraction or 0.0) < HEATING_FRACTION else "print"
