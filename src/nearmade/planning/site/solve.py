"""Schedule a site: a quick search, then the exact model where it is small enough."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np

from nearmade.planning.shop.chance import chance_of
from nearmade.planning.site.dispatch import (
    check_cleared,
    checked_grid,
    first_order,
    placed_by,
    placed_of,
    plan_of,
)
from nearmade.planning.site.exact import solve_exactly
from nearmade.planning.site.grid import Floats, Grid, Ints
from nearmade.planning.site.quick import (
    Filled,
    empty_filled,
    improve_order,
    may_hold,
    waiting_cost,
)
from nearmade.planning.site.quick import energy_of as energy_cost_of
from nearmade.planning.site.site import Site, SitePlan
from nearmade.vocabulary.compiled import compiled

#: The exact model has an arc for each pair of builds on a machine; more are not tried.
MOST_ARCS: Final = 40_000
#: Orders tried by the quick search for each second of effort, over builds x machines.
TRIALS_PER_S: Final = 20_000.0
MOST_TRIALS: Final = 20_000
#: So few builds have few orders, each of which is tried so often in the mean.
FEW_BUILDS: Final = 6
TRIALS_PER_ORDER: Final = 20


def schedule_site(site: Site, *, effort_s: float = 10.0, seed: int = 1) -> SitePlan:
    """Find a cheap schedule, and say how much cheaper one could be.

    The work is counted, not timed, so the same site, effort and seed give the same
    schedule; more effort gives one that costs no more.

    Parameters
    ----------
    site
        Machines, builds, hands, power.
    effort_s
        About the seconds that the search takes on one core. [s]
    seed
        Of the search.

    Raises
    ------
    InvalidInput
        When a running build cannot be cleared within the horizon, or power falls
        short of machines at rest.
    """
    grid = checked_grid(site)
    filled = empty_filled(grid)
    if not site.builds:
        return plan_of(site, [], 0.0, "nothing to do")
    order = np.array(first_order(site), dtype=np.int64)
    per_trial = max(1, grid.lasts.size)
    large = _arcs(grid) > MOST_ARCS or site.hands.starts_alone
    share = 2.0 if large else 1.0
    trials = int(min(MOST_TRIALS, share * effort_s * TRIALS_PER_S / per_trial))
    if len(order) <= FEW_BUILDS:
        trials = min(trials, TRIALS_PER_ORDER * math.factorial(len(order)))
    improve_order(grid, filled, order, trials, chance_of(seed))
    check_cleared(grid, filled)
    plan = plan_of(site, placed_by(site, filled), least_cost(grid), "quick search")
    if large or effort_s <= 0:
        return plan
    answer = solve_exactly(grid, filled, effort_s=effort_s, seed=seed)
    bound = max(plan.bound, answer.bound)
    if answer.spans is not None:
        exact = plan_of(site, placed_of(site, answer.spans), bound, "exact model")
        if exact.terms.total <= plan.terms.total:
            plan = exact
    return replace(plan, bound=min(bound, plan.terms.total))


def _arcs(grid: Grid) -> int:
    return int(((grid.lasts > 0).sum(axis=0) ** 2).sum())


def least_cost(grid: Grid) -> float:
    """Add up what each build would cost alone at the site: never above any schedule.

    A setting that no machine has at the start costs one change-over more, unless all
    builds that want it are left out.
    """
    alone = empty_filled(grid)
    total = 0.0
    spared: dict[int, float] = {}
    there = {int(setting) for setting in grid.set_to}
    for build in range(grid.lasts.shape[0]):
        least = float(_least_alone(grid, alone, build, alone.load_w, alone.busy))
        total += least
        setting = int(grid.setting[build])
        if grid.running[build] >= 0:
            there.add(setting)
        saved = float(grid.worth[3] * grid.weight[build]) - least
        spared[setting] = spared.get(setting, 0.0) + max(0.0, saved)
    change = float(grid.worth[1])
    return total + sum(
        min(change, saved) for setting, saved in spared.items() if setting not in there
    )


@compiled
def _least_alone(
    grid: Grid, alone: Filled, build: int, load_w: Floats, busy: Ints
) -> float:
    """Give the least cost of one build if there were no other."""
    load_w[:] = 0.0
    busy[:] = 0
    best = 1e300 if grid.running[build] >= 0 else grid.worth[3] * grid.weight[build]
    for row in range(grid.heat.size):
        lasts = grid.lasts[build, row]
        if lasts == 0:
            continue
        if grid.running[build] >= 0:
            cost = waiting_cost(grid, build, lasts + grid.hands[1])
            return float(cost + energy_cost_of(grid, row, 0, lasts, 0))
        first = max(grid.hands[0], grid.release[build])
        for start in range(first, grid.spare_w.size - lasts - grid.hands[1] + 1):
            soonest = waiting_cost(grid, build, start + lasts + grid.hands[1])
            if soonest >= best:
                break
            clear = may_hold(grid, alone, build, row, start - grid.hands[0], start)
            if clear < 0:
                continue
            cost = waiting_cost(grid, build, clear + grid.hands[1])
            cost += energy_cost_of(grid, row, start, start + lasts, grid.heat[row])
            best = min(best, cost)
    return float(best)
