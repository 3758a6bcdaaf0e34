"""Which build starts next, within the site's power; and why the others wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from nearmade.agent.power import PowerView
from nearmade.energy.deciding.outlook import Outlook, dark_low
from nearmade.energy.deciding.rules import (
    Decision,
    RuleBook,
    SiteNow,
    Verb,
    may_start,
    quiet_words,
)
from nearmade.energy.deciding.windows import Windows, may_start_on_grid
from nearmade.energy.load.heat_up import heat_up_words
from nearmade.energy.load.machine_load import JobLoad
from nearmade.energy.supply.reserve import FULL_FRACTION
from nearmade.vocabulary.identity import JobId, MachineId


@dataclass(frozen=True, slots=True)
class Waiting:
    """A build that may start.

    Parameters
    ----------
    job_id, generation, machine_id
        Which build, where.
    load
        High end of what it takes, heat-up included.
    since
        When it came; None for now.
    kept_back
        Why the site's schedule does not start it now, whatever the power; empty when
        it may.
    no_room
        Whether the schedule has no start for it at all: it holds up none behind it.
    """

    job_id: JobId
    generation: int
    machine_id: MachineId
    load: JobLoad
    since: datetime | None = None
    kept_back: str = ""
    no_room: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """What a decision looks at.

    Parameters
    ----------
    view, outlook
        Of the site's power, now and ahead.
    now
        By our clock, aware.
    book, windows
        What the site wants.
    at_work
        What is left of the builds at work.
    standing_w
        What is always on, machines at rest included. [W]
    storm
        Words on a storm that is expected; empty for none.
    """

    view: PowerView
    outlook: Outlook
    now: datetime
    book: RuleBook = field(default_factory=RuleBook)
    windows: Windows = field(default_factory=Windows)
    at_work: tuple[JobLoad, ...] = ()
    standing_w: float = 0.0
    storm: str = ""

    def site(self) -> SiteNow:
        """Give the site as the rules of the battery see it."""
        return SiteNow(
            self.view.battery,
            min(self.view.stored_wh, self.view.capacity_wh),
            self.at_work,
            self.view.max_w,
            self.standing_w,
            self.storm,
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """What starts, and why the rest waits.

    Parameters
    ----------
    starts
        At most one for each machine, each with its reason.
    reasons
        ``(job, why)`` for each that waits.
    """

    starts: tuple[tuple[Waiting, str], ...]
    reasons: tuple[tuple[JobId, str], ...]


def choose(
    waiting: Sequence[Waiting],
    occupied: Mapping[MachineId, str],
    situation: Situation,
) -> Choice:
    """Choose in the order of arrival: the machine, the schedule, then the power.

    Parameters
    ----------
    waiting
        In the order they came.
    occupied
        Machines that cannot take a build now, and why.
    situation
        What is decided by.
    """
    starts: list[tuple[Waiting, str]] = []
    reasons: list[tuple[JobId, str]] = []
    taken = dict(occupied)
    for build in waiting:
        if build.machine_id in taken:
            reasons.append((build.job_id, taken[build.machine_id]))
            continue
        if build.kept_back:
            reasons.append((build.job_id, build.kept_back))
            if not build.no_room:
                taken[build.machine_id] = "an earlier build is ahead on this machine"
            continue
        decision = decide(build, situation)
        if not decision.ok:
            reasons.append((build.job_id, decision.reason))
            first_in_line = "an earlier build waits for power"
            taken[build.machine_id] = first_in_line
            if decision.rule in ("stored", "sun", "size"):
                # Later, smaller builds must not keep the battery from filling.
                rest = (later.machine_id for later in waiting)
                taken = {**dict.fromkeys(rest, first_in_line), **taken}
            continue
        starts.append((build, decision.reason))
        taken[build.machine_id] = "an earlier build is ahead on this machine"
        situation = replace(situation, at_work=(*situation.at_work, build.load))
    return Choice(tuple(starts), tuple(reasons))


def decide(build: Waiting, situation: Situation) -> Decision:
    """Decide on one build: may it start now, and why."""
    view, book = situation.view, situation.book
    if view.kind == "solar":
        return may_start(build.load, situation.site(), situation.outlook, book)
    peak = heat_up_words(
        build.load,
        situation.at_work,
        view.max_w,
        book.exceed_fraction,
        situation.standing_w,
    )
    if peak:
        return Decision(Verb.WAIT, peak, "peak")
    quiet = quiet_words(build.load, situation.outlook, book)
    if quiet:
        return Decision(Verb.WAIT, quiet, "quiet")
    return may_start_on_grid(
        build.load,
        situation.windows,
        situation.now,
        since=build.since or situation.now,
        zone=situation.outlook.wall,
    )


def never_possible(build: Waiting, situation: Situation) -> str:
    """Say why the site could never run a build, empty when it could.

    A build that a full battery does not carry whole could be ruined by any cloud; it is
    taken only where the site's rules say so.
    """
    view, book = situation.view, situation.book
    peak = heat_up_words(
        build.load, (), min(view.max_w, view.battery.max_discharge_w), 0.0
    )
    if peak:
        return peak.replace("waits: ", "", 1)
    if view.kind != "solar" or book.large_builds:
        return ""
    floor = view.battery.cutoff_fraction + book.spare_fraction
    full_wh = FULL_FRACTION * view.capacity_wh
    low = dark_low(view.battery, full_wh, (build.load,), situation.standing_w)
    if low.fraction >= floor:
        return ""
    fall = f"to {100 * low.fraction:.0f} %" if low.fraction >= 0 else "to its cut-off"
    return (
        f"even when full, without sun the battery would fall {fall}, and "
        f"{100 * floor:.0f} % must stay"
    )
