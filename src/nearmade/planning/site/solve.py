"""Schedule a site: a quick search, then the exact model where it is small enough."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np

from nearmade.planning.shop.chance import chance_of
from nearmade.planning.site.check import fault_at_rest
from nearmade.planning.site.cost import terms_of
from nearmade.planning.site.exact import Span, solve_exactly
from nearmade.planning.site.grid import Floats, Grid, Ints, grid_of
from nearmade.planning.site.quick import (
    Filled,
    empty_filled,
    improve_order,
    may_hold,
    waiting_cost,
)
from nearmade.planning.site.quick import energy_of as energy_cost_of
from nearmade.planning.site.site import STEP_S, Placed, Site, SitePlan
from nearmade.vocabulary.compiled import compiled
from nearmade.vocabulary.errors import InvalidInput

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
    grid = grid_of(site)
    _check_running(site, grid)
    fault = fault_at_rest(site)
    if fault is not None:
        raise InvalidInput(
            f"site: too little power for machines at rest and builds that run: {fault}",
            remedy="raise limit_w, add sun or battery, or lower idle_w",
        )
    filled = empty_filled(grid)
    if not site.builds:
        return SitePlan((), (), terms_of(site, (), ()), 0.0, "nothing to do")
    order = np.array(_first_order(site), dtype=np.int64)
    per_trial = max(1, grid.lasts.size)
    large = _arcs(grid) > MOST_ARCS
    share = 2.0 if large else 1.0
    trials = int(min(MOST_TRIALS, share * effort_s * TRIALS_PER_S / per_trial))
    if len(order) <= FEW_BUILDS:
        trials = min(trials, TRIALS_PER_ORDER * math.factorial(len(order)))
    improve_order(grid, filled, order, trials, chance_of(seed))
    if _unclear(grid, filled):
        raise InvalidInput(
            "site: not all running builds can be cleared in the horizon",
            remedy="lengthen the horizon, or let more hands be there",
        )
    plan = _plan(site, _placed_by(site, filled), least_cost(grid), "quick search")
    if large or effort_s <= 0:
        return plan
    answer = solve_exactly(grid, filled, effort_s=effort_s, seed=seed)
    bound = max(plan.bound, answer.bound)
    if answer.spans is not None:
        exact = _plan(site, _spans(site, answer.spans), bound, "exact model")
        if exact.terms.total <= plan.terms.total:
            plan = exact
    return replace(plan, bound=min(bound, plan.terms.total))


def _check_running(site: Site, grid: Grid) -> None:
    """Refuse a running build that does not end within the horizon."""
    for at, build in enumerate(site.builds):
        row = int(grid.running[at])
        if row >= 0 and grid.lasts[at, row] + grid.hands[1] > site.steps:
            raise InvalidInput(
                f"build {build.id}: still runs at the end of the horizon",
                remedy="lengthen the horizon",
            )


def _unclear(grid: Grid, filled: Filled) -> bool:
    return bool(((grid.running >= 0) & (filled.clear < 0)).any())


def _first_order(site: Site) -> list[int]:
    """Order builds by their due, like settings of one due beside each other."""
    last_s = site.steps * STEP_S

    def key(at: int) -> tuple[float, str, int]:
        build = site.builds[at]
        due_s = last_s if build.due_s is None else build.due_s
        return due_s, str(build.setting), at

    return sorted(range(len(site.builds)), key=key)


def _arcs(grid: Grid) -> int:
    return int(((grid.lasts > 0).sum(axis=0) ** 2).sum())


def _placed_by(site: Site, filled: Filled) -> list[Placed]:
    spans = (
        Span(*(int(row[b]) for row in filled[:5])) for b in range(len(site.builds))
    )
    return _spans(site, spans)


def _spans(site: Site, spans: Iterable[Span]) -> list[Placed]:
    """Turn steps into moments, and say what each machine was changed from."""
    rows = sorted(
        (
            (span.start, build, span)
            for build, span in zip(site.builds, spans, strict=True)
            if span.machine >= 0
        ),
        key=lambda row: (row[0], row[2].machine),
    )
    setting = [machine.set_to for machine in site.machines]
    placed = []
    for _, build, span in rows:
        before = setting[span.machine]
        changed = before != build.setting and build.running_on is None
        setting[span.machine] = build.setting
        placed.append(
            Placed(
                build.id,
                site.machines[span.machine].id,
                span.hands * STEP_S,
                span.start * STEP_S,
                span.end * STEP_S,
                span.clear * STEP_S,
                span.clear * STEP_S + site.hands.clear_s,
                before if changed else None,
            )
        )
    return placed


def _plan(site: Site, placed: list[Placed], bound: float, method: str) -> SitePlan:
    made = {each.build for each in placed}
    left_out = tuple(build.id for build in site.builds if build.id not in made)
    terms = terms_of(site, placed, left_out)
    return SitePlan(tuple(placed), left_out, terms, min(bound, terms.total), method)


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
