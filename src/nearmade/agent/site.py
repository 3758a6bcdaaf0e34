"""A site's printers and jobs: look, take each job one step further, start the next."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime

from nearmade.agent.artefacts import Artefacts
from nearmade.agent.config import AgentConfig
from nearmade.agent.loads import BUSY, Loads
from nearmade.agent.power import PowerView, SitePower
from nearmade.agent.power_watch import PowerWatch
from nearmade.agent.queue import Queue, Queued, shown_turn
from nearmade.agent.schedule import Situation, Waiting, choose, never_possible
from nearmade.agent.store import JobRow, Store
from nearmade.planning.site.queue import Turn
from nearmade.production.evidence import Evidence
from nearmade.production.job import JobState
from nearmade.production.ports import Printer, PrinterState, PrinterStatus
from nearmade.vocabulary.errors import NearmadeError, Refused
from nearmade.vocabulary.identity import JobId, MachineId, Sha256

#: A printer that has not answered by then counts as offline for this look. [s]
LOOK_S = 5.0

#: How long a start may stay unconfirmed by a printer that answers. [s]
START_GRACE_S = 30.0

#: Readings of one job are kept this far apart. [s]
TELEMETRY_S = 2.0

OFFLINE = PrinterStatus(PrinterState.OFFLINE)

#: States in which a printer takes a new file.
FREE = (PrinterState.IDLE, PrinterState.DONE, PrinterState.CANCELLED)

log = logging.getLogger(__name__)


class Site:
    """Everything that happens at a site, also when the platform is away.

    Parameters
    ----------
    config
        Of the agent.
    store, artefacts
        What it remembers.
    printers
        Driver of each machine.
    mono
        Monotonic clock. [s]
    """

    def __init__(
        self,
        config: AgentConfig,
        store: Store,
        artefacts: Artefacts,
        printers: Mapping[MachineId, Printer],
        mono: Callable[[], float],
    ) -> None:
        self._configs = {printer.machine_id: printer for printer in config.printers}
        self._store = store
        self._artefacts = artefacts
        self._printers = printers
        self._mono = mono
        self._power_config = config.power
        self._power = SitePower(config.power, store)
        self._power_view = PowerView(
            config.power.kind, config.power.max_w, battery=config.power.battery()
        )
        self._loads = Loads(self._configs, store, artefacts)
        self._watch = PowerWatch(printers, self._loads, store, mono)
        self._decision = ""
        self._seen: dict[tuple[JobId, int], datetime] = {}
        self._last_at = datetime.now(UTC)
        self._statuses: dict[MachineId, PrinterStatus] = {}
        self._looks: dict[MachineId, Future[PrinterStatus]] = {}
        self._pool = ThreadPoolExecutor(max_workers=min(16, len(printers)))
        self._unconfirmed_since_s: dict[tuple[JobId, int], float] = {}
        self._reading_s: dict[tuple[JobId, int], float] = {}
        self._start_errors: dict[tuple[JobId, int], str] = {}
        self._waiting: tuple[tuple[JobId, str], ...] = ()
        self._queue = Queue(config)
        self._turns: dict[JobId, Turn] = {}

    def close(self) -> None:
        """Let threads and connections go; the printers print on."""
        self._pool.shutdown(cancel_futures=True)
        self._power.close()
        for printer in self._printers.values():
            printer.close()

    def tick(self, now: datetime) -> None:
        """Look at every printer, then take jobs and battery as far as they go."""
        self._last_at = now
        self._look()
        for row in self._store.jobs_in(
            JobState.STARTING, JobState.PRINTING, JobState.ATTENTION
        ):
            self._advance(row, now)
        for name in self._configs:
            self._loads.note(name, self.status_of(name), now, self._mono())
        with self._store.transaction():
            self._power_view = self._power.step(
                now, sum(self._draw_w(name, now) for name in self._configs)
            )
        situation = self._situation(now)
        paused = self._watch_power(situation)
        self._start_next(now, situation, paused)

    def snapshot(self) -> dict[str, object]:
        """Give what the platform shows of the site."""
        jobs = self._jobs_at_work()
        now = self._last_at
        situation = self._situation(now)
        report = self._power.report(
            self._power_view, situation.outlook, situation.at_work, self._decision
        )
        return {
            "printers": [
                self._shown(name, jobs.get(name), now) for name in self._configs
            ],
            "power": report.as_record(),
            "waiting": [
                {"job_id": job, "reason": reason, **shown_turn(self._turns.get(job))}
                for job, reason in self._waiting
            ],
            "simulated": any(config.simulated for config in self._configs.values()),
        }

    def status_of(self, machine_id: MachineId) -> PrinterStatus:
        """Give what a printer said last."""
        return self._statuses.get(machine_id, OFFLINE)

    def check_own(self, machine_id: MachineId) -> None:
        """Let this site's machines pass.

        Raises
        ------
        Refused
            When the machine is not of this site.
        """
        if machine_id not in self._configs:
            raise Refused(_not_here(machine_id))

    def check_up(self, machine_id: MachineId) -> None:
        """Let machines pass that can be reached and want nobody's help.

        Raises
        ------
        Refused
            When the machine is down.
        """
        state = self.status_of(machine_id).state
        if state in (PrinterState.OFFLINE, PrinterState.ATTENTION):
            raise Refused(f"machine {machine_id}: is {state}")

    def check_possible(self, row: JobRow) -> None:
        """Let a job pass that this site could run.

        Raises
        ------
        Refused
            When the machine is not here, or the site's power or hours never suffice.
        """
        self.check_own(row.machine_id)
        never = never_possible(self._as_waiting(row), self._situation(self._last_at))
        never = never or self._queue.never_starts(self._as_queued(row), self._last_at)
        if never:
            raise Refused(f"job {row.job_id}: {never}")

    def note(self, row: JobRow, kind: str, now: datetime, **more: object) -> None:
        """Put an event about a job in the outbox."""
        self._store.append(kind, now, {**_names(row), **more})

    def note_uncleared(self, row: JobRow) -> None:
        """Remember that a build lies on the bed, where nothing clears it."""
        if self._configs[row.machine_id].clear_before_next:
            self._store.set_uncleared(row.machine_id)

    # --- looking

    def _look(self) -> None:
        """Ask all printers at once; a slow one holds nobody up for long."""
        for name, printer in self._printers.items():
            if name not in self._looks:
                self._looks[name] = self._pool.submit(printer.status)
        wait(self._looks.values(), timeout=LOOK_S)
        for name in self._printers:
            self._statuses[name] = OFFLINE
            if self._looks[name].done():
                self._statuses[name] = _said(self._looks.pop(name))

    def _draw_w(self, machine_id: MachineId, now: datetime) -> float:
        return self._loads.draw_w(machine_id, self.status_of(machine_id), now)

    # --- jobs

    def _advance(self, row: JobRow, now: datetime) -> None:
        """Take a started job as far as its printer's word goes."""
        status = self.status_of(row.machine_id)
        if status.state is PrinterState.OFFLINE:
            return
        ours = status.file_name == row.file_name
        if ours and status.state in BUSY:
            self._at_work(row, status, now)
        elif ours and status.state is PrinterState.DONE:
            self._printed(row, status, now)
        elif row.state is JobState.STARTING:
            self._unconfirmed(row, status, now)
        elif row.state is JobState.PRINTING:
            if ours and status.state is PrinterState.CANCELLED:
                why = self._watch.stop_words(row) or "cancelled at the printer"
                self._failed(row, why, now)
            else:
                words = status.words or status.state
                self._attention(row, f"the printer stopped: {words}", now)

    def _at_work(self, row: JobRow, status: PrinterStatus, now: datetime) -> None:
        if row.state is not JobState.PRINTING:
            with self._store.transaction():
                row = self._store.move_job(row, JobState.PRINTING)
                self.note(row, "job.printing", now)
        key = row.job_id, row.generation
        last_s = self._reading_s.get(key)
        if last_s is not None and self._mono() - last_s < TELEMETRY_S:
            return
        self._reading_s[key] = self._mono()
        with self._store.transaction():
            self._store.telemetry(
                f"{row.job_id}/{row.generation}",
                "job.progress",
                now,
                {**_names(row), **_reading(status)},
            )

    def _printed(self, row: JobRow, status: PrinterStatus, now: datetime) -> None:
        with self._store.transaction():
            if row.state is JobState.STARTING:
                row = self._store.move_job(row, JobState.PRINTING)
                self.note(row, "job.printing", now)
            row = self._store.move_job(row, JobState.PRINTED)
            evidence = self._evidence(row, status, now)
            self.note(
                row,
                "job.printed",
                now,
                evidence={**evidence.as_dict(), "sha256": evidence.sha256},
            )
            self.note_uncleared(row)

    def _failed(self, row: JobRow, reason: str, now: datetime) -> None:
        with self._store.transaction():
            row = self._store.move_job(row, JobState.FAILED, reason=reason)
            self.note(row, "job.failed", now, reason=reason)
            self.note_uncleared(row)

    def _attention(self, row: JobRow, reason: str, now: datetime) -> None:
        with self._store.transaction():
            row = self._store.move_job(row, JobState.ATTENTION, reason=reason)
            self.note(row, "job.attention", now, reason=reason)

    def _unconfirmed(self, row: JobRow, status: PrinterStatus, now: datetime) -> None:
        """Ask for a person when a start is not seen in time; never start again."""
        key = row.job_id, row.generation
        since_s = self._unconfirmed_since_s.setdefault(key, self._mono())
        if self._mono() - since_s < START_GRACE_S:
            return
        why = self._start_errors.get(key, "no word of the start was kept")
        words = status.words or status.state
        self._attention(row, f"start not confirmed: {words}; {why}", now)

    def _evidence(self, row: JobRow, status: PrinterStatus, now: datetime) -> Evidence:
        config = self._configs[row.machine_id]
        started_at = datetime.fromisoformat(row.started_at)
        return Evidence(
            job_id=row.job_id,
            generation=row.generation,
            machine_id=row.machine_id,
            gcode_sha256=Sha256(row.gcode_sha256),
            started_at=started_at,
            ended_at=max(started_at, now),  # clocks may jump
            energy_wh=status.energy_wh,
            filament_mm=round(row.filament_mm, 3),
            printer_words=status.words,
            simulated=config.simulated,
            speed_factor=config.speed_factor if config.simulated else 1.0,
        )

    # --- starting

    def _situation(self, now: datetime) -> Situation:
        """Give what decisions look at: power now and ahead, and what is at work."""
        config = self._power_config
        at_work = []
        standing_w = config.standing_w
        jobs = self._jobs_at_work()
        for name in self._configs:
            status, row = self.status_of(name), jobs.get(name)
            if row is None or status.state in (*FREE, PrinterState.ATTENTION):
                standing_w += self._loads.learned(name).power.idle_w
            elif status.state is PrinterState.PAUSED:
                standing_w += self._loads.hold_w(name)
            else:
                at_work.append(self._loads.left_of(row, status))
        storm = self._store.meta("storm") or ""
        until = datetime.fromisoformat(storm) if storm else now
        local = until.astimezone(config.clock)
        return Situation(
            self._power_view,
            self._power.outlook(self._power_view, now),
            now,
            config.rules,
            config.windows,
            tuple(at_work),
            standing_w,
            f"until {local:%a %H:%M}" if until > now else "",
        )

    def _watch_power(self, situation: Situation) -> list[tuple[JobId, str]]:
        """Pause, resume or stop what the power does not carry; gives what is paused."""
        if situation.view.kind != "solar":
            return []
        rows = [
            row
            for row in self._jobs_at_work().values()
            if row.state is JobState.PRINTING
        ]
        statuses = {row.machine_id: self.status_of(row.machine_id) for row in rows}
        try:
            paused = self._watch.look(rows, statuses, situation)
        except NearmadeError as error:  # the printer did not take it: again next time
            log.warning("%s", error.message)
            return []
        if self._watch.last is not None and rows:
            self._say(self._watch.last.reason)
        return [(row.job_id, words) for row, words in paused]

    def _start_next(
        self, now: datetime, situation: Situation, paused: list[tuple[JobId, str]]
    ) -> None:
        committed = self._store.jobs_in(JobState.COMMITTED)
        rows = [row for row in committed if row.machine_id in self._configs]
        gone = [row for row in committed if row.machine_id not in self._configs]
        by_key = {(row.job_id, row.generation): row for row in rows}
        occupied = self._occupied()
        self._turns = self._turns_of(rows, occupied, now)
        waiting = [
            self._queue.held(
                self._as_waiting(row, now), self._turns.get(row.job_id), now
            )
            for row in rows
        ]
        choice = choose(waiting, occupied, situation)
        reasons = [*paused, *choice.reasons]
        reasons += [(row.job_id, _not_here(row.machine_id)) for row in gone]
        for build, why in choice.starts:
            row = by_key[build.job_id, build.generation]
            self._say(why)
            try:
                self._start(row, now, why)
            except NearmadeError as error:  # nothing was started: try again later
                reasons.append((row.job_id, error.message))
        if choice.reasons and not choice.starts:
            self._say(choice.reasons[0][1])
        self._waiting = tuple(reasons)

    def _turns_of(
        self, rows: Sequence[JobRow], occupied: Mapping[MachineId, str], now: datetime
    ) -> dict[JobId, Turn]:
        """Give the turns of what is at work and what waits, by the site's schedule."""
        at_work = self._jobs_at_work()
        queued = [
            Queued(row.job_id, name, row.material, self._left_s(row), running=True)
            for name, row in at_work.items()
        ]
        queued += [self._as_queued(row) for row in rows]
        holding = {
            name: f"the build before on {name}"
            for name in occupied
            if name not in at_work and name in self._store.uncleared()
        }
        turns = self._queue.turns(queued, holding, now) if rows else {}
        known = {*at_work, *holding, *(set(self._configs) - set(occupied))}
        mine = (row.job_id for row in rows if row.machine_id in known)
        return {job: turns[job] for job in mine if job in turns}

    def _left_s(self, row: JobRow) -> float:
        status = self.status_of(row.machine_id)
        if status.left_s is not None:
            return status.left_s
        return self._loads.left_of(row, status).work_s

    def _say(self, words: str) -> None:
        """Keep the last decision; tell people of it when its kind is another."""
        if words.split(":")[0] != self._decision.split(":")[0]:
            log.info("%s", words)
        self._decision = words

    def _start(self, row: JobRow, now: datetime, why: str) -> None:
        """Upload, commit the intent, then start: once, whatever happens after."""
        content = self._artefacts.read(Sha256(row.gcode_sha256))
        if content is None:
            self._failed(row, "its file is lost or changed on disk", now)
            return
        printer = self._printers[row.machine_id]
        printer.upload(row.file_name, content)
        with self._store.transaction():
            row = self._store.move_job(
                row, JobState.STARTING, started_at=now.isoformat()
            )
            self.note(row, "job.starting", now, reason=why)
        try:
            printer.start(row.file_name)
        except NearmadeError as error:
            # It may have begun all the same: only a look at the printer tells.
            self._start_errors[row.job_id, row.generation] = error.message

    def _occupied(self) -> dict[MachineId, str]:
        """Give the machines that cannot take a build, and why."""
        jobs = self._jobs_at_work()
        uncleared = self._store.uncleared()
        result = {}
        for name in self._configs:
            state = self.status_of(name).state
            if name in jobs:
                result[name] = f"the machine has job {jobs[name].job_id}"
            elif state not in FREE:
                result[name] = f"the machine is {state}"
            elif name in uncleared:
                result[name] = "a person must take the last build off the bed"
        return result

    def _jobs_at_work(self) -> dict[MachineId, JobRow]:
        rows = self._store.jobs_in(
            JobState.STARTING, JobState.PRINTING, JobState.ATTENTION
        )
        return {row.machine_id: row for row in rows if row.machine_id in self._configs}

    def _as_queued(self, row: JobRow) -> Queued:
        work_s = self._loads.of(row).work_s
        return Queued(row.job_id, row.machine_id, row.material, work_s)

    def _as_waiting(self, row: JobRow, now: datetime | None = None) -> Waiting:
        since = None if now is None else self._since(row, now)
        return Waiting(
            row.job_id, row.generation, row.machine_id, self._loads.of(row), since
        )

    def _since(self, row: JobRow, now: datetime) -> datetime:
        """Give when a build was first seen waiting; a restart begins anew."""
        return self._seen.setdefault((row.job_id, row.generation), now)

    def _shown(
        self, name: MachineId, row: JobRow | None, now: datetime
    ) -> dict[str, object]:
        status = self.status_of(name)
        return {
            "machine_id": name,
            "state": status.state,
            "file_name": status.file_name,
            **_reading(status),
            "power_w": round(self._draw_w(name, now), 1),
            "job_id": None if row is None else row.job_id,
        }


def _said(look: Future[PrinterStatus]) -> PrinterStatus:
    """Give what a printer said; one that cannot be reached is offline."""
    try:
        return look.result()
    except NearmadeError as error:
        return PrinterStatus(PrinterState.OFFLINE, words=error.message)


def _not_here(machine_id: MachineId) -> str:
    return f"machine {machine_id}: does not stand at this site"


def _names(row: JobRow) -> dict[str, object]:
    return {
        "job_id": row.job_id,
        "generation": row.generation,
        "machine_id": row.machine_id,
    }


def _reading(status: PrinterStatus) -> dict[str, object]:
    return {
        "done_fraction": status.done_fraction,
        "left_s": status.left_s,
        "nozzle_degc": status.nozzle_degc,
        "bed_degc": status.bed_degc,
        "layer": status.layer,
        "power_w": status.power_w,
    }
