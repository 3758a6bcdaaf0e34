"""Quick schedules of a site: builds in an order, each where it costs least."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nearmade.planning.shop.chance import Chance, below
from nearmade.planning.site.grid import Floats, Grid, Ints
from nearmade.planning.site.site import STEPS_PER_HOUR
from nearmade.vocabulary.compiled import compiled

FAR = 1e300


class Filled(NamedTuple):
    """A schedule being made; ``machine`` is -1 for a build that is left out.

    ``hands`` to ``start`` and ``clear`` to ``free`` are the spans of hands; ``before``
    is the setting that the machine had. ``load_w`` and ``busy`` are by step.
    """

    machine: Ints
    hands: Ints
    start: Ints
    end: Ints
    clear: Ints
    free: Ints
    before: Ints
    load_w: Floats
    busy: Ints
    open_at: Ints
    set_now: Ints


def empty_filled(grid: Grid) -> Filled:
    """Give room for a schedule."""
    builds, machines = grid.lasts.shape
    steps = grid.spare_w.size

    def unknown() -> Ints:
        return np.full(builds, -1, dtype=np.int64)

    return Filled(
        unknown(),
        unknown(),
        unknown(),
        unknown(),
        unknown(),
        unknown(),
        unknown(),
        np.zeros(steps),
        np.zeros(steps, dtype=np.int64),
        np.zeros(machines, dtype=np.int64),
        np.zeros(machines, dtype=np.int64),
    )


@compiled
def battery_lasts(grid: Grid, load_w: Floats) -> bool:
    """Run the battery through the horizon; tell whether every load is served."""
    stored, least, full = grid.cell[0], grid.cell[1], grid.cell[2]
    into, out = grid.cell[3], grid.cell[4]
    hours = 1.0 / STEPS_PER_HOUR
    for step in range(load_w.size):
        if load_w[step] > grid.cell[7] + 1e-6:
            return False
        over_w = grid.spare_w[step] - load_w[step]
        if over_w >= 0:
            taken = min(over_w, grid.cell[5]) * hours
            stored = min(full, stored + into * taken)
        else:
            given = -over_w * hours
            stored -= given / out
            if -over_w > grid.cell[6] or stored < least:
                return False
    return True


@compiled
def power_fits(
    grid: Grid, filled: Filled, row: int, start: int, end: int, heat: int
) -> bool:
    """Tell whether the power allows one more build at a time."""
    heated = min(end, start + heat)
    within = True
    for step in range(start, end):
        more_w = grid.heat_w[row] if step < heated else grid.steady_w[row]
        if filled.load_w[step] + more_w > grid.spare_w[step] + 1e-6:
            within = False
            break
    if grid.cell.size == 0:
        return within
    add_load(grid, filled, row, start, end, heat, 1.0)
    lasts = battery_lasts(grid, filled.load_w)
    add_load(grid, filled, row, start, end, heat, -1.0)
    return lasts


@compiled
def add_load(
    grid: Grid,
    filled: Filled,
    row: int,
    start: int,
    end: int,
    heat: int,
    sign: float,
) -> None:
    """Add what a build draws, or take it away."""
    heated = min(end, start + heat)
    for step in range(start, end):
        more_w = grid.heat_w[row] if step < heated else grid.steady_w[row]
        filled.load_w[step] += sign * more_w


@compiled
def hands_free(grid: Grid, filled: Filled, start: int, end: int) -> bool:
    """Tell whether one more pair of hands is there all the time."""
    if grid.attended[start] < end - start:
        return False
    if end == start:
        return True
    busiest: int = filled.busy[start:end].max()
    return bool(busiest < grid.hands[2])


@compiled
def clears_at(grid: Grid, filled: Filled, end: int) -> int:
    """Give the first step at which a build can be cleared, -1 when never."""
    step = end
    while step <= grid.spare_w.size - grid.hands[1]:
        if hands_free(grid, filled, step, step + grid.hands[1]):
            return step
        # Where nobody is there, go on when somebody comes.
        step = max(step + 1, grid.next_open[step])
    return -1


@compiled
def energy_of(grid: Grid, row: int, start: int, end: int, heat: int) -> float:
    """Price what a build draws."""
    heated = min(end, start + heat)
    heat = grid.heat_w[row] * (grid.price[heated] - grid.price[start])
    cost: float = heat + grid.steady_w[row] * (grid.price[end] - grid.price[heated])
    return cost


@compiled
def waiting_cost(grid: Grid, build: int, free: int) -> float:
    """Price being cleared at a step: lateness and finishing."""
    late = max(0, free - grid.due[build])
    cost: float = grid.worth[0] * grid.weight[build] * late + grid.worth[2] * free
    return cost


@compiled
def may_hold(
    grid: Grid, filled: Filled, build: int, row: int, hands: int, start: int
) -> int:
    """Give the step of clearing if a build may start at a step, -1 if not."""
    end = start + grid.lasts[build, row]
    if end + grid.hands[1] > grid.spare_w.size:
        return -1
    if not hands_free(grid, filled, hands, start):
        return -1
    if grid.hands[3] == 0 and grid.attended[start] < end - start:
        return -1
    clear = clears_at(grid, filled, end)
    if clear < 0:
        return -1
    free = clear + grid.hands[1]
    if grid.blocked[row, free] > grid.blocked[row, hands]:
        return -1
    if not power_fits(grid, filled, row, start, end, grid.heat[row]):
        return -1
    return clear


@compiled
def try_on(
    grid: Grid, filled: Filled, build: int, row: int, limit: float
) -> tuple[float, int]:
    """Give the least cost of a build on a machine after its last, and the start."""
    lasts, steps = grid.lasts[build, row], grid.spare_w.size
    old = filled.set_now[row]
    new = grid.setting[build]
    work = grid.hands[0] + grid.change[old, new]
    fixed = grid.worth[1] if old != new else 0.0
    least_energy = grid.worth[4] * grid.steady_w[row] * lasts
    best, at = limit, -1
    first = max(filled.open_at[row] + work, grid.release[build])
    start = first - 1
    while start < steps - lasts - grid.hands[1]:
        start += 1
        if work > 0 or grid.hands[4] == 0:
            start = max(start, grid.next_open[start - work] + work)
        if start > steps - lasts - grid.hands[1]:
            break
        soonest = waiting_cost(grid, build, start + lasts + grid.hands[1])
        if fixed + least_energy + soonest >= best:
            break
        clear = may_hold(grid, filled, build, row, start - work, start)
        if clear < 0:
            continue
        cost = fixed + waiting_cost(grid, build, clear + grid.hands[1])
        cost += energy_of(grid, row, start, start + lasts, grid.heat[row])
        if cost < best - 1e-12:
            best, at = cost, start
    return best, at


@compiled
def soonest_free(grid: Grid, alone: Filled, build: int) -> int:
    """Give the first step at which a build could be off, were there no other."""
    steps = grid.spare_w.size
    best = steps
    for row in range(grid.heat.size):
        lasts = grid.lasts[build, row]
        if lasts == 0:
            continue
        if grid.running[build] >= 0:
            return int(clears_at(grid, alone, lasts) + grid.hands[1])
        first = max(grid.hands[0], grid.release[build])
        for start in range(first, steps - lasts - grid.hands[1] + 1):
            if start + lasts + grid.hands[1] >= best:
                break
            clear = may_hold(grid, alone, build, row, start - grid.hands[0], start)
            if clear >= 0:
                best = min(best, clear + grid.hands[1])
    return int(best)


@compiled
def place(grid: Grid, filled: Filled, build: int, row: int, start: int) -> None:
    """Write a build into the schedule."""
    hot = grid.running[build] >= 0
    heat = 0 if hot else grid.heat[row]
    old, new = filled.set_now[row], grid.setting[build]
    work = 0 if hot else grid.hands[0] + grid.change[old, new]
    end = start + grid.lasts[build, row]
    for step in range(start - work, start):
        filled.busy[step] += 1
    clear = clears_at(grid, filled, end)
    free = clear + grid.hands[1]
    for step in range(clear, free):
        filled.busy[step] += 1
    add_load(grid, filled, row, start, end, heat, 1.0)
    filled.machine[build] = row
    filled.hands[build], filled.start[build] = start - work, start
    filled.end[build], filled.clear[build], filled.free[build] = end, clear, free
    filled.before[build] = new if hot else old
    filled.open_at[row], filled.set_now[row] = free, new


@compiled
def fill(grid: Grid, filled: Filled, order: Ints) -> float:
    """Make a schedule: running builds first, the others in an order; give its cost."""
    filled.machine[:] = -1
    filled.load_w[:] = 0.0
    filled.busy[:] = 0
    filled.open_at[:] = 0
    filled.set_now[:] = grid.set_to
    total = 0.0
    for build in range(order.size):
        row = grid.running[build]
        if row >= 0:
            place(grid, filled, build, row, 0)
            total += waiting_cost(grid, build, filled.free[build])
            total += energy_of(grid, row, 0, filled.end[build], 0)
    for build in order:
        if grid.running[build] >= 0:
            continue
        limit = grid.worth[3] * grid.weight[build]
        best, where, at = limit, -1, -1
        for row in range(filled.open_at.size):
            if grid.lasts[build, row] > 0:
                cost, start = try_on(grid, filled, build, row, best)
                if start >= 0:
                    best, where, at = cost, row, start
        if where >= 0:
            place(grid, filled, build, where, at)
        total += best
    return total


@compiled
def improve_order(
    grid: Grid, filled: Filled, order: Ints, rounds: int, chance: Chance
) -> float:
    """Move builds within the order while that is no dearer, so many times."""
    best = fill(grid, filled, order)
    count = order.size
    trial = order.copy()
    for _ in range(rounds if count > 1 else 0):
        trial[:] = order
        one, other = below(chance, count), below(chance, count)
        moved = trial[one]
        if below(chance, 2):
            trial[one], trial[other] = trial[other], moved
        elif one < other:
            trial[one:other] = order[one + 1 : other + 1]
            trial[other] = moved
        else:
            trial[other + 1 : one + 1] = order[other:one]
            trial[other] = moved
        cost = fill(grid, filled, trial)
        if cost <= best:
            best = cost
            order[:] = trial
    return fill(grid, filled, order)
