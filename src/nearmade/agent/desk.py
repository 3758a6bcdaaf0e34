"""Commands of the platform: each is judged once, and answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from math import isfinite

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from nearmade.agent.artefacts import Artefacts
from nearmade.agent.site import Site
from nearmade.agent.store import JobRow, Store
from nearmade.agent.sync import Command
from nearmade.production.gcode.gate import check_gcode
from nearmade.production.gcode.limits import limits_for
from nearmade.production.job import JobState, JobTicket
from nearmade.production.ports import PrinterState
from nearmade.production.signing import SignedTicket, verify
from nearmade.vocabulary.errors import InvalidInput, NearmadeError, Refused, Unavailable
from nearmade.vocabulary.identity import JobId, MachineId, sha256_of

#: How many of the gate's reasons an answer quotes.
QUOTED_REASONS = 5


class Desk:
    """Judges commands.

    Parameters
    ----------
    store, artefacts
        Of the agent.
    site
        Knows machines and power.
    platform_key
        Tickets must be signed with it.
    fetch
        Gets an artefact by its path on the platform.
    mono
        Monotonic clock. [s]
    """

    def __init__(
        self,
        store: Store,
        artefacts: Artefacts,
        site: Site,
        platform_key: Ed25519PublicKey,
        fetch: Callable[[str], bytes],
        mono: Callable[[], float],
    ) -> None:
        self._store = store
        self._artefacts = artefacts
        self._site = site
        self._platform_key = platform_key
        self._fetch = fetch
        self._mono = mono

    def handle(self, command: Command, now: datetime, arrived_s: float) -> None:
        """Judge one command; a repeated one is only answered again.

        A command that the platform's absence keeps from being judged stays
        unanswered, so the platform sends it again.

        Raises
        ------
        Unavailable
            When the artefact cannot be fetched now.
        """
        if self._store.answered(command.id):
            with self._store.transaction():
                self._store.repeat_answer(command.id, now)
            return
        try:
            effect = self._judge(command, now)
        except Unavailable:
            raise
        except NearmadeError as error:
            self._reject(command, now, error.message)
            return
        if self._mono() - arrived_s > command.valid_for_s:
            return  # too late to say yes; if it still holds it will come again
        with self._store.transaction():
            effect()
            self._store.answer(command.id, "command.accepted", now, _names(command))

    def _judge(self, command: Command, now: datetime) -> Callable[[], None]:
        """Give the effect of a command, or raise why it is rejected."""
        newest = self._store.newest_generation(JobId(command.job_id))
        if command.generation < newest:
            raise Refused(
                f"job {command.job_id}: generation {command.generation} is older than "
                f"{newest}"
            )
        if command.kind == "offer":
            return self._offer(command)
        if command.kind == "make":
            return self._make(command, now)
        if command.kind == "cancel":
            return self._cancel(command, now)
        raise InvalidInput(f"command {command.kind!r}: not known to this agent")

    def _offer(self, command: Command) -> Callable[[], None]:
        known = self._known(command)
        if known is not None and known.state is not JobState.OFFERED:
            raise Refused(f"job {command.job_id}: is {known.state} already")
        body = command.body
        row = JobRow(
            queue_no=0 if known is None else known.queue_no,
            job_id=JobId(command.job_id),
            generation=command.generation,
            machine_id=MachineId(_text(body, "machine_id")),
            state=JobState.OFFERED,
            file_name="",
            material=_text(body, "material"),
            expected_s=_number(body, "expected_s"),
            energy_wh=_number(body, "energy_wh"),
        )
        self._site.check_possible(row)
        self._site.check_up(row.machine_id)
        return lambda: self._store.put_job(row)

    def _make(self, command: Command, now: datetime) -> Callable[[], None]:
        known = self._known(command)
        if known is not None and known.state is not JobState.OFFERED:
            raise Refused(f"job {command.job_id}: is {known.state} already")
        signed = SignedTicket.from_dict(_mapping(command.body, "signed"))
        machine_id = signed.ticket.machine_id
        self._site.check_own(machine_id)
        ticket = verify(signed, self._platform_key, now, machine_id)
        if (ticket.job_id, ticket.generation) != (command.job_id, command.generation):
            raise Refused(f"job {command.job_id}: the ticket is for {ticket.job_id}")
        if known is not None and known.machine_id != machine_id:
            raise Refused(f"job {command.job_id}: was offered to {known.machine_id}")
        content = self._content(ticket, _mapping(command.body, "artefact"))
        filament_mm = _pass_gate(ticket, content)
        row = JobRow(
            queue_no=0 if known is None else known.queue_no,
            job_id=ticket.job_id,
            generation=ticket.generation,
            machine_id=machine_id,
            state=JobState.COMMITTED,
            file_name=ticket.file_name,
            material=ticket.material,
            expected_s=ticket.expected_s,
            energy_wh=None if known is None else known.energy_wh,
            gcode_sha256=ticket.gcode_sha256,
            filament_mm=filament_mm,
        )
        self._site.check_possible(row)
        superseded = self._superseded(row)
        self._artefacts.keep(content)

        def effect() -> None:
            for old in superseded:
                self._withdraw(old, now)
            self._store.put_job(row)

        return effect

    def _superseded(self, row: JobRow) -> list[JobRow]:
        """Give the older generations that must not start any more."""
        older = self._store.older_generations(row.job_id, row.generation)
        for old in older:
            if old.state is JobState.ATTENTION:
                self._check_still(old)
        waiting = (JobState.OFFERED, JobState.COMMITTED, JobState.ATTENTION)
        return [old for old in older if old.state in waiting]

    def _withdraw(self, row: JobRow, now: datetime) -> None:
        """Take a job that does not run out of the queue."""
        self._store.put_job(replace(row, state=JobState.CANCELLED))
        self._site.note(row, "job.cancelled", now)
        if row.state is JobState.ATTENTION:
            self._site.note_uncleared(row)

    def _cancel(self, command: Command, now: datetime) -> Callable[[], None]:
        known = self._known(command)
        if known is None:
            # Remember it, so that a late offer or order of this generation finds it.
            known = JobRow(
                queue_no=0,
                job_id=JobId(command.job_id),
                generation=command.generation,
                machine_id=MachineId(""),
                state=JobState.OFFERED,
                file_name="",
                material="",
                expected_s=0.0,
                energy_wh=None,
            )
        elif known.state is JobState.CANCELLED:
            return lambda: None
        elif known.state is JobState.ATTENTION:
            self._check_still(known)
        elif known.state not in (JobState.OFFERED, JobState.COMMITTED):
            raise Refused(f"job {command.job_id}: is {known.state}, too late to cancel")
        row = known
        return lambda: self._withdraw(row, now)

    def _check_still(self, row: JobRow) -> None:
        """Let a job be cancelled only when its printer surely does not run it."""
        status = self._site.status_of(row.machine_id)
        still = (PrinterState.IDLE, PrinterState.CANCELLED, PrinterState.ATTENTION)
        if status.state not in still and status.file_name == row.file_name:
            raise Refused(f"job {row.job_id}: its printer is {status.state} with it")
        if status.state is PrinterState.OFFLINE:
            raise Refused(f"job {row.job_id}: its printer cannot be asked")

    def _content(self, ticket: JobTicket, artefact: Mapping[str, object]) -> bytes:
        """Give the file that the ticket names, from disk or from the platform."""
        if _text(artefact, "sha256") != ticket.gcode_sha256:
            raise Refused(f"job {ticket.job_id}: artefact and ticket name two files")
        kept = self._artefacts.read(ticket.gcode_sha256)
        if kept is not None:
            return kept
        content = self._fetch(_text(artefact, "url"))
        if sha256_of(content) != ticket.gcode_sha256:
            raise Refused(f"job {ticket.job_id}: the file is not the one that is named")
        return content

    def _known(self, command: Command) -> JobRow | None:
        return self._store.job(JobId(command.job_id), command.generation)

    def _reject(self, command: Command, now: datetime, reason: str) -> None:
        with self._store.transaction():
            body = {**_names(command), "reason": reason}
            self._store.answer(command.id, "command.rejected", now, body)


def _pass_gate(ticket: JobTicket, content: bytes) -> float:
    """Run the gate once more, at the site; gives the filament. [mm]"""
    report = check_gcode(content, limits_for(ticket, ticket.build_volume_mm))
    if not report.accepted:
        quoted = "; ".join(
            f"line {reason.line}: {reason.rule}: {reason.message}"
            for reason in report.reasons[:QUOTED_REASONS]
        )
        raise Refused(f"job {ticket.job_id}: G-code refused: {quoted}")
    return report.filament_mm


def _names(command: Command) -> dict[str, object]:
    return {
        "command_id": command.id,
        "job_id": command.job_id,
        "generation": command.generation,
    }


def _text(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidInput(f"command: {name} must be text")
    return value


def _number(values: Mapping[str, object], name: str) -> float:
    value = values.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInput(f"command: {name} must be a number")
    if not (isfinite(value) and value >= 0):
        raise InvalidInput(f"command: {name} must be zero or more")
    return float(value)


def _mapping(values: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = values.get(name)
    if not isinstance(value, Mapping):
        raise InvalidInput(f"command: {name} must be an object")
    return value
