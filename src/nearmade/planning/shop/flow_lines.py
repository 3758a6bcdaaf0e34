"""Like lines of machines at several sites: every job passes one line, in one order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nearmade.vocabulary.errors import InvalidInput

#: Sums of times stay exact in the compiled search below this. [time unit]
MOST_TIME = 2**40


def _wrong(rule: str) -> InvalidInput:
    return InvalidInput(rule, remedy="mend what is named")


@dataclass(frozen=True, slots=True)
class FlowLines:
    """The distributed permutation flow shop.

    Parameters
    ----------
    sites
        How many like lines there are.
    times
        Of each job at each machine of the line, in the order of the line; a job has
        the same times at all sites.

    Raises
    ------
    InvalidInput
        When there is no site, job or machine, rows differ in length, or a time is
        below zero.

    References
    ----------
    B. Naderi, R. Ruiz, "The distributed permutation flowshop scheduling problem",
    Computers & Operations Research 37 (2010) 754-768.
    """

    sites: int
    times: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        if not (self.sites >= 1 and self.times and self.times[0]):
            raise _wrong("flow lines: need a site, a job and a machine")
        for job, row in enumerate(self.times):
            if len(row) != len(self.times[0]):
                raise _wrong(
                    f"job {job}: {len(row)} times, the line has {len(self.times[0])} "
                    "machines"
                )
            if not all(time >= 0 for time in row):
                raise _wrong(f"job {job}: times must be zero or more")
        if sum(map(sum, self.times)) >= MOST_TIME:
            raise _wrong(f"flow lines: all times together pass {MOST_TIME - 1}")


@dataclass(frozen=True, slots=True)
class LinesSchedule:
    """The jobs of each site in their order, and the last end over all sites."""

    sequences: tuple[tuple[int, ...], ...]
    makespan: int


def ends_of_line(lines: FlowLines, sequence: Sequence[int]) -> list[tuple[int, ...]]:
    """Give the ends of each job of one line at its machines, in the line's order."""
    ends: list[tuple[int, ...]] = []
    before = (0,) * len(lines.times[0])
    for job in sequence:
        row = []
        end = 0
        for machine, time in enumerate(lines.times[job]):
            end = max(end, before[machine]) + time
            row.append(end)
        before = tuple(row)
        ends.append(before)
    return ends


def faults_of_lines(lines: FlowLines, schedule: LinesSchedule) -> list[str]:
    """Name everything that is wrong with a schedule; empty when it is right."""
    faults = []
    if len(schedule.sequences) != lines.sites:
        faults.append(f"{len(schedule.sequences)} sequences for {lines.sites} sites")
    placed = sorted(job for sequence in schedule.sequences for job in sequence)
    if placed != list(range(len(lines.times))):
        faults.append("not every job is placed once")
        return faults
    last = max(
        ends_of_line(lines, sequence)[-1][-1] if sequence else 0
        for sequence in schedule.sequences
    )
    if last != schedule.makespan:
        faults.append(f"the last end is {last}, not {schedule.makespan}")
    return faults


def lines_bound(lines: FlowLines) -> int:
    """Give a makespan that no schedule is below.

    For each machine: its load spread over the sites, between the least heads before it
    and the least tails after it; and the longest job.
    """
    jobs = lines.times
    bound = max(sum(row) for row in jobs)
    for machine in range(len(jobs[0])):
        load = sum(row[machine] for row in jobs)
        head = min(sum(row[:machine]) for row in jobs)
        tail = min(sum(row[machine + 1 :]) for row in jobs)
        bound = max(bound, head + -(-load // lines.sites) + tail)
    return bound
