"""A simulated RepRap printer: no motor turns, but time and power are honest.

It lives in a folder: the files it was given and one small record. What it does is a
function of that record and the clock, so it prints on while nobody looks, as a real
printer does. It says ``simulated`` wherever it speaks of itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from math import exp
from pathlib import Path

from nearmade.energy.load.machine_power import MachinePower
from nearmade.production.ports import PrinterState, PrinterStatus
from nearmade.production.timeline import Moment, Timeline, timeline
from nearmade.vocabulary.errors import Conflict, InvalidInput, NotFound, Unavailable

#: Room around the printer, and how fast hot parts cool. Assumed. [degC], [s]
ROOM_DEGC = 22.0
COOLING_S = 240.0

SECONDS_PER_HOUR = 3600.0

_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.gcode")


@dataclass(frozen=True, slots=True)
class Record:
    """What the printer remembers, as it lies in its folder.

    Parameters
    ----------
    file_name
        File of the last start; empty before the first.
    started_at_s
        Moment of the start by the clock. [s since 1970]
    speed_factor
        Speed that the start fixed.
    paused_at_s
        Moment of the pause that lasts; None when none does. [s since 1970]
    paused_s
        Pauses that are over, by the clock. [s]
    cancelled_at_s
        Moment of the cancel; None when there was none. [s since 1970]
    fail_fraction
        Injected fault: the build fails at this share of its time.
    offline
        Injected fault: nobody can reach the printer, which prints on.
    starts
        How often each file was started.
    """

    file_name: str = ""
    started_at_s: float = 0.0
    speed_factor: float = 1.0
    paused_at_s: float | None = None
    paused_s: float = 0.0
    cancelled_at_s: float | None = None
    fail_fraction: float | None = None
    offline: bool = False
    starts: Mapping[str, int] | None = None


def system_clock() -> datetime:
    """Give the time of this machine."""
    return datetime.now(UTC)


class SimulatedPrinter:
    """Fills the port ``Printer`` without a printer.

    Parameters
    ----------
    folder
        Where it lives; made when it is not there.
    power
        What such a printer draws.
    speed_factor
        How much faster than true time it works, above zero. Energy is that of true
        time: a build of one hour draws one hour's energy at any speed.
    clock
        Tells the time.

    Raises
    ------
    InvalidInput
        When the speed factor is not above zero.
    """

    def __init__(
        self,
        folder: Path,
        power: MachinePower,
        *,
        speed_factor: float = 1.0,
        clock: Callable[[], datetime] = system_clock,
    ) -> None:
        if not speed_factor > 0:
            raise InvalidInput(f"speed_factor {speed_factor}: must be above zero")
        self._folder = folder
        self._power = power
        self._speed_factor = speed_factor
        self._clock = clock
        self._read_plan = lru_cache(maxsize=8)(self._plan)
        (folder / "files").mkdir(parents=True, exist_ok=True)

    def status(self) -> PrinterStatus:
        """Work out from the clock what the printer does now."""
        record = self._reachable()
        if not record.file_name:
            return PrinterStatus(
                PrinterState.IDLE,
                nozzle_degc=ROOM_DEGC,
                bed_degc=ROOM_DEGC,
                power_w=self._power.idle_w,
                words="simulated: ready",
            )
        plan, _ = self._plan_of(record)
        elapsed_s = self._elapsed_s(record)
        end_s, state, words = self._end(record, plan)
        if elapsed_s < end_s:
            return self._at_work(record, plan, elapsed_s)
        return self._at_rest(record, plan, end_s, elapsed_s, state, words)

    def upload(self, file_name: str, content: bytes) -> None:
        """Keep a file; the one being printed cannot be overwritten."""
        record = self._reachable()
        if not _FILE_NAME.fullmatch(file_name):
            raise InvalidInput(f"file name {file_name!r}: must be plain and .gcode")
        if record.file_name == file_name and self._busy():
            raise Conflict(f"simulated printer: {file_name} is being printed")
        path = self._folder / "files" / file_name
        path.with_suffix(".part").write_bytes(content)
        path.with_suffix(".part").replace(path)

    def start(self, file_name: str) -> None:
        """Begin a file that was uploaded."""
        record = self._reachable()
        if not (self._folder / "files" / file_name).is_file():
            raise NotFound(f"simulated printer: no file {file_name!r}")
        if self._busy():
            raise Conflict(f"simulated printer: is printing {record.file_name}")
        starts = dict(record.starts or {})
        starts[file_name] = starts.get(file_name, 0) + 1
        self._write(
            Record(
                file_name=file_name,
                started_at_s=self._now_s(),
                speed_factor=self._speed_factor,
                fail_fraction=record.fail_fraction,
                starts=starts,
            )
        )

    def pause(self) -> None:
        """Stop for a while."""
        record = self._reachable()
        if self.status().state is not PrinterState.PRINTING:
            raise Conflict("simulated printer: nothing is being printed")
        self._write(replace(record, paused_at_s=self._now_s()))

    def resume(self) -> None:
        """Go on after a pause."""
        record = self._reachable()
        if record.paused_at_s is None:
            raise Conflict("simulated printer: is not paused")
        paused_s = record.paused_s + self._now_s() - record.paused_at_s
        self._write(replace(record, paused_at_s=None, paused_s=paused_s))

    def cancel(self) -> None:
        """Stop for good."""
        record = self._reachable()
        if not self._busy():
            raise Conflict("simulated printer: nothing is being printed")
        self._write(replace(record, cancelled_at_s=self._now_s()))

    def close(self) -> None:
        """Nothing is held."""

    def inject(
        self, *, fail_fraction: float | None = None, offline: bool = False
    ) -> None:
        """Set the faults that tests and demonstrations ask for.

        Taking the failure away from a build that failed clears the printer.
        """
        record = replace(self._record(), offline=False)
        self._write(record)
        if fail_fraction is None and self.status().state is PrinterState.ATTENTION:
            record = Record(starts=record.starts)
        self._write(replace(record, fail_fraction=fail_fraction, offline=offline))

    def starts_of(self, file_name: str) -> int:
        """Tell how often a file was started."""
        return (self._record().starts or {}).get(file_name, 0)

    def _at_work(
        self, record: Record, plan: Timeline, elapsed_s: float
    ) -> PrinterStatus:
        moment = plan.at(elapsed_s)
        paused = record.paused_at_s is not None
        warmth = elapsed_s / plan.heatup_s if moment.heating else 1.0
        return PrinterStatus(
            state=PrinterState.PAUSED if paused else PrinterState.PRINTING,
            file_name=record.file_name,
            done_fraction=moment.done_fraction,
            left_s=moment.left_s / record.speed_factor,
            nozzle_degc=_warming(moment.nozzle_degc, warmth),
            bed_degc=_warming(moment.bed_degc, warmth),
            energy_wh=self._energy_wh(record, elapsed_s),
            power_w=self._draw_w(record, moment),
            layer=moment.layer,
            words=f"simulated: {'paused' if paused else 'printing'}",
        )

    def _at_rest(
        self,
        record: Record,
        plan: Timeline,
        end_s: float,
        elapsed_s: float,
        state: PrinterState,
        words: str,
    ) -> PrinterStatus:
        cold = exp(-(elapsed_s - end_s) / COOLING_S)
        last = plan.at(end_s)
        hottest_degc = max(plan.first_nozzle_degc, last.nozzle_degc)
        warmest_degc = max(plan.max_bed_degc, last.bed_degc)
        return PrinterStatus(
            state=state,
            file_name=record.file_name,
            done_fraction=end_s / plan.total_s if plan.total_s else 1.0,
            left_s=0.0,
            nozzle_degc=_warming(hottest_degc, cold),
            bed_degc=_warming(warmest_degc, cold),
            energy_wh=self._energy_wh(record, end_s),
            power_w=self._power.idle_w,
            layer=last.layer,
            words=words,
        )

    def _end(self, record: Record, plan: Timeline) -> tuple[float, PrinterState, str]:
        """Tell when the work ends, how, and in which words."""
        end = plan.total_s, PrinterState.DONE, "simulated: done"
        if record.fail_fraction is not None and record.fail_fraction < 1:
            failed_s = record.fail_fraction * plan.total_s
            end = failed_s, PrinterState.ATTENTION, "simulated: injected failure"
        if record.cancelled_at_s is not None:
            cancelled_s = self._elapsed_s(record, until_s=record.cancelled_at_s)
            if cancelled_s < end[0]:
                end = cancelled_s, PrinterState.CANCELLED, "simulated: cancelled"
        return end

    def _draw_w(self, record: Record, moment: Moment) -> float:
        """Give the mean power over one switching of the bed. [W]"""
        plan, power = self._plan_of(record)
        if moment.heating:
            return power.heatup_wh * SECONDS_PER_HOUR / plan.heatup_s
        return power.printing_w if moment.bed_degc > 0 else power.base_w

    def _energy_wh(self, record: Record, elapsed_s: float) -> float:
        """Add up heat-up and printing, in true time. [Wh]"""
        plan, power = self._plan_of(record)
        elapsed_s = min(elapsed_s, plan.total_s)
        heated = min(elapsed_s, plan.heatup_s) / plan.heatup_s if plan.heatup_s else 1.0
        printing_h = max(0.0, elapsed_s - plan.heatup_s) / SECONDS_PER_HOUR
        return power.heatup_wh * heated + power.printing_w * printing_h

    def _elapsed_s(self, record: Record, until_s: float | None = None) -> float:
        """Give the time worked since the start, in the build's own time. [s]"""
        now_s = self._now_s() if until_s is None else until_s
        if record.paused_at_s is not None:
            now_s = min(now_s, record.paused_at_s)
        worked_s = max(0.0, now_s - record.started_at_s - record.paused_s)
        return worked_s * record.speed_factor

    def _busy(self) -> bool:
        return self.status().state in (PrinterState.PRINTING, PrinterState.PAUSED)

    def _now_s(self) -> float:
        return self._clock().timestamp()

    def _plan_of(self, record: Record) -> tuple[Timeline, MachinePower]:
        path = self._folder / "files" / record.file_name
        return self._read_plan(path, path.stat().st_mtime_ns)

    def _plan(self, path: Path, _written_ns: int) -> tuple[Timeline, MachinePower]:
        """Read a file's work and what the machine draws at its bed temperature."""
        content = path.read_bytes()
        power = self._power.at_bed(timeline(content).max_bed_degc)
        return timeline(content, heatup_s=power.heatup_s), power

    def _reachable(self) -> Record:
        record = self._record()
        if record.offline:
            raise Unavailable("simulated printer: injected fault, cannot be reached")
        return record

    def _record(self) -> Record:
        path = self._folder / "printer.json"
        try:
            return Record(**json.loads(path.read_text()))
        except FileNotFoundError:
            return Record()
        except (ValueError, TypeError) as error:
            raise Unavailable(f"simulated printer: {path.name}: {error}") from error

    def _write(self, record: Record) -> None:
        part = self._folder / "printer.json.part"
        part.write_text(json.dumps(asdict(record)))
        part.replace(self._folder / "printer.json")


def _warming(set_degc: float, share: float) -> float:
    """Give a temperature between the room's and a set-point's. [degC]"""
    return ROOM_DEGC + max(set_degc - ROOM_DEGC, 0.0) * share
