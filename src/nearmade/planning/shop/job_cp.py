"""The flexible job shop as a constraint model for CP-SAT."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

from nearmade.planning.shop.job_shop import JobSchedule, JobShop
from nearmade.planning.shop.job_start import heads_and_tails


@dataclass(frozen=True, slots=True)
class CpAnswer:
    """What CP-SAT found: a schedule if any, the bound, whether it is the optimum."""

    schedule: JobSchedule | None
    bound: int
    proven: bool


def solve_by_cp(
    shop: JobShop,
    hint: JobSchedule,
    *,
    bound: int,
    limit_s: float,
    workers: int,
    seed: int,
) -> CpAnswer:
    """Look for a schedule shorter than the hint, and for a bound.

    Parameters
    ----------
    hint
        A true schedule; nothing longer is looked at.
    bound
        No schedule is shorter than this.
    limit_s
        Time of the wall clock. [s]
    workers
        Threads.
    """
    model, starts, taken = _built(shop, hint, bound)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = limit_s
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed % 2**31
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        found = int(solver.best_objective_bound) if status == cp_model.UNKNOWN else 0
        return CpAnswer(None, max(bound, found), proven=False)
    schedule = JobSchedule(
        tuple(
            next(machine for machine, lit in chosen.items() if solver.value(lit))
            for chosen in taken
        ),
        tuple(solver.value(start) for start in starts),
    )
    low = max(bound, round(solver.best_objective_bound))
    return CpAnswer(schedule, low, proven=status == cp_model.OPTIMAL)


def _built(
    shop: JobShop, hint: JobSchedule, bound: int
) -> tuple[Any, list[Any], list[dict[int, Any]]]:
    """Give the model, each operation's start, and its machines with their literals."""
    model = cp_model.CpModel()
    longest = max(hint.ends(shop))
    head, tail = heads_and_tails(shop)
    makespan = model.new_int_var(bound, longest, "makespan")
    rows: list[list[Any]] = [[] for _ in range(shop.machines)]
    loads: list[list[Any]] = [[] for _ in range(shop.machines)]
    starts: list[Any] = []
    ends: list[Any] = []
    taken: list[dict[int, Any]] = []
    for op, operation in enumerate(shop.operations):
        shortest = min(time for _, time in operation.times)
        start = model.new_int_var(head[op], longest - tail[op] - shortest, "")
        chosen = {}
        model.add_hint(start, hint.start[op])
        size: Any = 0
        single = len(operation.times) == 1
        for machine, time in operation.times:
            lit = model.new_constant(1) if single else model.new_bool_var("")
            chosen[machine] = lit
            if not single:
                model.add_hint(lit, machine == hint.machine[op])
            interval = model.new_optional_fixed_size_interval_var(start, time, lit, "")
            rows[machine].append(interval)
            loads[machine].append(lit * time)
            size = size + lit * time
        if not single:
            model.add_exactly_one(chosen.values())
        if len({time for _, time in operation.times}) == 1:
            size = shortest
        starts.append(start)
        ends.append(start + size)
        taken.append(chosen)
        model.add(ends[op] + tail[op] <= makespan)
    for before, after in shop.arcs:
        model.add(starts[after] >= ends[before])
    for row, load in zip(rows, loads, strict=True):
        if row:
            model.add_no_overlap(row)
            model.add(sum(load) <= makespan)
    model.minimize(makespan)
    return model, starts, taken
