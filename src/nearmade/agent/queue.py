"""The turns of a site's builds, by the site's schedule: people, maintenance, order.

Power is not in it: whether a build starts now is for the rules that look at what is
measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from nearmade.agent.config import AgentConfig
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
            try:
                self._turns = self._reckoned(queued, holding, begins_at(now))
            except InvalidInput:  # what runs is not off within four weeks
                self._turns = {}
        return self._turns

    def kept_back(self, turn: Turn | None, now: datetime) -> str:
        """Say why a build on a free machine may not start now; empty when it may."""
        soon = now + timedelta(seconds=STEP_S)
        if turn is None or (turn.starts_at is not None and turn.starts_at < soon):
            return ""
        return "; ".join(turn.why)

    def _reckoned(
        self,
        queued: Sequence[Queued],
        holding: Mapping[MachineId, str],
        begins: datetime,
    ) -> dict[JobId, Turn]:
        builds = {
            each.job_id: Build(
                each.job_id,
                Setting(each.material),
                {each.machine_id: build_steps_s(each.lasts_s)},
                running_on=each.machine_id if each.running else None,
            )
            for each in queued
        }
        held = [
            Build(name, Setting(""), {machine: STEP_S}, running_on=machine)
            for machine, name in holding.items()
        ]
        if not builds:
            return {}
        turns = turns_of(self._site([*held, *builds.values()], begins))
        return {job_id: turns[job_id] for job_id in builds}

    def _site(self, builds: Sequence[Build], begins: datetime) -> Site:
        hands, printers = self._config.hands, self._config.printers
        clock = self._config.power.clock
        local = begins.astimezone(clock)
        offset = f"{local:%z}"
        quarters = (0.0,) * -(-STEPS // STEPS_PER_QUARTER)
        attended = attended_steps(
            hands.opening,
            begins.astimezone(UTC),
            STEPS,
            zone=self._config.power.zone,
            holidays=hands.holidays,
        )
        if not any(printer.clear_before_next for printer in printers) and hands.nights:
            attended = (True,) * STEPS  # nobody is needed
        first = {name: build for build in reversed(builds) for name in build.times_s}
        return Site(
            self._config.site,
            begins,
            STEPS,
            tuple(
                SiteMachine(
                    printer.machine_id,
                    first[printer.machine_id].setting
                    if printer.machine_id in first
                    else Setting(""),
                    maintenance=maintenance_from(printer.out_of_use, begins),
                )
                for printer in printers
            ),
            tuple(builds),
            Hands(
                attended,
                people=len(printers),
                start_s=0,
                nights=hands.nights,
                starts_alone=True,
            ),
            SitePower(ENOUGH_W, quarters, quarters),
            worth=IN_TURN,
            zone=self._config.power.zone or f"{offset[:3]}:{offset[3:5]}",
        )


def shown_turn(turn: Turn | None) -> dict[str, object]:
    """Give a turn for people and the platform; nothing where there is none."""
    if turn is None:
        return {}
    starts = None if turn.starts_at is None else turn.starts_at.isoformat()
    return {"starts_at": starts, "why": list(turn.why)}
