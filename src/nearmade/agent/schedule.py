"""Which build starts next, within the site's power; and why the others wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nearmade.agent.power import PowerView
from nearmade.energy.reserve import StartAdvice, may_start
from nearmade.vocabulary.identity import JobId, MachineId


@dataclass(frozen=True, slots=True)
class Waiting:
    """A build that may start.

    Parameters
    ----------
    job_id, generation, machine_id
        Which build, where.
    energy_wh
        High end of what it takes, heat-up included. [Wh]
    peak_w
        Most its machine draws. [W]
    """

    job_id: JobId
    generation: int
    machine_id: MachineId
    energy_wh: float
    peak_w: float


@dataclass(frozen=True, slots=True)
class Running:
    """What the builds at work still take.

    Parameters
    ----------
    left_wh
        Energy to their ends. [Wh]
    peak_w
        Most their machines draw together. [W]
    """

    left_wh: float = 0.0
    peak_w: float = 0.0


@dataclass(frozen=True, slots=True)
class Choice:
    """What starts, and why the rest waits.

    Parameters
    ----------
    starts
        At most one for each machine.
    reasons
        ``(job, why)`` for each that waits.
    """

    starts: tuple[Waiting, ...]
    reasons: tuple[tuple[JobId, str], ...]


def choose(
    waiting: Sequence[Waiting],
    occupied: Mapping[MachineId, str],
    power: PowerView,
    running: Running,
) -> Choice:
    """Choose in the order of arrival: first the machine, then the power.

    Parameters
    ----------
    waiting
        In the order they came.
    occupied
        Machines that cannot take a build now, and why.
    power
        Of the site now.
    running
        What is at work already.
    """
    starts: list[Waiting] = []
    reasons: list[tuple[JobId, str]] = []
    taken = dict(occupied)
    for build in waiting:
        if build.machine_id in taken:
            reasons.append((build.job_id, taken[build.machine_id]))
            continue
        advice = advise(build, power, running)
        if not advice.ok:
            reasons.append((build.job_id, advice.reason))
            first_in_line = "an earlier build waits for power"
            taken[build.machine_id] = first_in_line
            if power.kind == "solar":
                # Later, smaller builds must not keep the battery from filling.
                rest = (later.machine_id for later in waiting)
                taken = {**dict.fromkeys(rest, first_in_line), **taken}
            continue
        starts.append(build)
        taken[build.machine_id] = "an earlier build is ahead on this machine"
        running = Running(
            running.left_wh + build.energy_wh, running.peak_w + build.peak_w
        )
    return Choice(tuple(starts), tuple(reasons))


def advise(build: Waiting, power: PowerView, running: Running) -> StartAdvice:
    """Say whether the site's power allows one more build now."""
    peak_w = running.peak_w + build.peak_w
    if power.kind == "solar":
        return may_start(
            power.stored_wh,
            power.capacity_wh,
            running.left_wh + build.energy_wh,
            peak_w=peak_w,
            max_w=power.max_w,
        )
    if peak_w > power.max_w:
        return StartAdvice(
            ok=False,
            reason=f"machines would draw up to {peak_w:.0f} W, the site gives "
            f"{power.max_w:.0f} W",
        )
    return StartAdvice(ok=True, reason="")


def never_possible(build: Waiting, power: PowerView) -> str:
    """Say why the site could never run a build, empty when it could.

    A build that a full battery does not carry whole could be ruined by any cloud.
    """
    if power.kind == "solar":
        advice = may_start(
            power.capacity_wh,
            power.capacity_wh,
            build.energy_wh,
            peak_w=build.peak_w,
            max_w=power.max_w,
        )
        return "" if advice.stored_whole else f"even when full: {advice.reason}"
    advice = advise(build, power, Running())
    return "" if advice.ok else advice.reason
