"""The turns of a site's builds, by the site's schedule: people, maintenance, order.

Power is not in it: whether a build starts now is for the rules that look at what is
measured. Each printer has a schedule of its own: here printers share neither power nor
people.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from nearmade.agent.config import AgentConfig, PrinterConfig
from nearmade.agent.schedule import Waiting
from nearmade.planning.site.presence import attended_steps
from nearmade.planning.site.queue import (
    IN_TURN,
    STEPS,
    Turn,
    begins_at,
    build_steps_s,
    maintenance_from,
    turns_of,
)
from nearmade.planning.site.site import (
    MOST_DAYS,
    STEP_S,
    STEPS_PER_QUARTER,
    Build,
    Hands,
    Setting,
    Site,
    SiteMachine,
    SitePower,
)
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import JobId, MachineId

#: Power that is no limit here. [W]
ENOUGH_W = 1e9

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Queued:
    """A build of the queue.

    Parameters
    ----------
    lasts_s
        What it takes, or what is left of it. [s]
    running
        Whether its machine holds it now.
    """

    job_id: JobId
    machine_id: MachineId
    material: str
    lasts_s: float
    running: bool = False


class Queue:
    """Keeps the turns of a site's builds; reckons anew every five minutes or change.

    Parameters
    ----------
    config
        Of the agent: its people's hours, and when printers are out of use.
    """

    def __init__(self, config: AgentConfig) -> None:
        self._config = config
        self._key: object = None
        self._turns: dict[JobId, Turn] = {}

    def turns(
        self, queued: Sequence[Queued], holding: Mapping[MachineId, str], now: datetime
    ) -> dict[JobId, Turn]:
        """Give the turn of each build.

        Parameters
        ----------
        queued
            At most one that runs on each machine, then those that wait in the order
            in which they came.
        holding
            Machines with something on the bed that is none of these, and its name.
        now
            The present, with a zone.
        """
        names = [(each.job_id, each.machine_id, each.running) for each in queued]
        key = (begins_at(now), tuple(names), tuple(holding))
        if key != self._key:
            self._key = key
            self._turns = {}
            for printer in self._config.printers:
                name = printer.machine_id
                own = [each for each in queued if each.machine_id == name]
                if own:
                    self._turns |= self._turns_on(
                        printer, own, holding.get(name, ""), begins_at(now)
                    )
        return self._turns

    def never_starts(self, build: Queued, now: datetime) -> str:
        """Say why a build has no room even on an empty printer; empty when it has.

        Parameters
        ----------
        build
            On a printer of this site.
        now
            The present, with a zone.
        """
        (printer,) = (
            each
            for each in self._config.printers
            if each.machine_id == build.machine_id
        )
        turn = self._reckoned(printer, [build], "", begins_at(now))[build.job_id]
        if turn.starts_at is not None:
            return ""
        return f"cannot start within {MOST_DAYS} days: {'; '.join(turn.why)}"

    def kept_back(self, turn: Turn | None, now: datetime) -> str:
        """Say why a build on a free machine may not start now; empty when it may."""
        soon = now + timedelta(seconds=STEP_S)
        if turn is None or (turn.starts_at is not None and turn.starts_at < soon):
            return ""
        return "; ".join(turn.why)

    def held(self, build: Waiting, turn: Turn | None, now: datetime) -> Waiting:
        """Mark what waits with why it may not start now, by its turn."""
        return replace(
            build,
            kept_back=self.kept_back(turn, now),
            no_room=turn is not None and turn.starts_at is None,
        )

    def _turns_on(
        self,
        printer: PrinterConfig,
        own: Sequence[Queued],
        holds: str,
        begins: datetime,
    ) -> dict[JobId, Turn]:
        """Give the turns on one printer; where that fails, what waits is held back."""
        try:
            return self._reckoned(printer, own, holds, begins)
        except InvalidInput as error:  # what it holds is not off within four weeks
            log.warning("%s: %s", printer.machine_id, error.message)
            waits = Turn(None, None, None, (f"waits: {error.message}",))
            return {each.job_id: waits for each in own if not each.running}

    def _reckoned(
        self,
        printer: PrinterConfig,
        own: Sequence[Queued],
        holds: str,
        begins: datetime,
    ) -> dict[JobId, Turn]:
        machine = printer.machine_id
        builds = {
            each.job_id: Build(
                each.job_id,
                Setting(each.material),
                {machine: build_steps_s(each.lasts_s)},
                running_on=machine if each.running else None,
            )
            for each in own
        }
        held = [Build(holds, Setting(""), {machine: STEP_S}, running_on=machine)]
        all_builds = [*(held if holds else ()), *builds.values()]
        turns = turns_of(self._site(printer, all_builds, begins))
        return {job_id: turns[job_id] for job_id in builds}

    def _site(
        self, printer: PrinterConfig, builds: Sequence[Build], begins: datetime
    ) -> Site:
        """Give the site as if it had this printer alone."""
        hands, power = self._config.hands, self._config.power
        offset = f"{begins.astimezone(power.clock):%z}"
        quarters = (0.0,) * -(-STEPS // STEPS_PER_QUARTER)
        attended = attended_steps(
            hands.opening,
            begins.astimezone(UTC),
            STEPS,
            zone=power.zone,
            holidays=hands.holidays,
        )
        clear_s = STEP_S
        if not printer.clear_before_next:
            clear_s = 0  # it clears itself
            if hands.nights:
                attended = (True,) * STEPS  # nobody is needed
        machine = SiteMachine(
            printer.machine_id,
            builds[0].setting,
            maintenance=maintenance_from(printer.out_of_use, begins),
        )
        return Site(
            self._config.site,
            begins,
            STEPS,
            (machine,),
            tuple(builds),
            Hands(
                attended,
                start_s=0,
                clear_s=clear_s,
                nights=hands.nights,
                starts_alone=True,
            ),
            SitePower(ENOUGH_W, quarters, quarters),
            worth=IN_TURN,
            zone=power.zone or f"{offset[:3]}:{offset[3:5]}",
        )


def shown_turn(turn: Turn | None) -> dict[str, object]:
    """Give a turn for people and the platform; nothing where there is none."""
    if turn is None:
        return {}
    starts = None if turn.starts_at is None else turn.starts_at.isoformat()
    return {"starts_at": starts, "why": list(turn.why)}
