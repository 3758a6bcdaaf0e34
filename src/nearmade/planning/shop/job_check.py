"""Is a schedule of a job shop true: checked from the data alone, by no solver."""

from __future__ import annotations

from itertools import pairwise

from nearmade.planning.shop.job_shop import JobSchedule, JobShop


def faults_of_schedule(
    shop: JobShop, schedule: JobSchedule, makespan: int
) -> list[str]:
    """Name everything that is wrong with a schedule; empty when it is right.

    Parameters
    ----------
    shop
        What was to be done.
    schedule
        What is to be checked.
    makespan
        What the schedule claims: the last end.
    """
    count = len(shop.operations)
    if len(schedule.machine) != count or len(schedule.start) != count:
        return [f"the schedule has not all of the {count} operations once"]
    faults: list[str] = []
    end: list[int] = []
    held: dict[int, list[tuple[int, int, int]]] = {}
    for number, operation in enumerate(shop.operations):
        machine, start = schedule.machine[number], schedule.start[number]
        time = dict(operation.times).get(machine)
        if time is None:
            faults.append(f"operation {number}: machine {machine} cannot do it")
            time = 0
        if start < 0:
            faults.append(f"operation {number}: starts before 0")
        end.append(start + time)
        if time:
            held.setdefault(machine, []).append((start, start + time, number))
    for before, after in shop.arcs:
        if schedule.start[after] < end[before]:
            faults.append(f"operation {after} starts before {before} has ended")
    for machine, spans in held.items():
        spans.sort()
        for (_, ended, one), (started, _, other) in pairwise(spans):
            if started < ended:
                faults.append(f"machine {machine} holds {one} and {other} at once")
    if max(end) != makespan:
        faults.append(f"the last end is {max(end)}, not {makespan}")
    return faults
