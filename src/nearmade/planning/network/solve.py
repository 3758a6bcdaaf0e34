"""Plan a network: prices that prove a bound, a first plan, and its improvement."""

from __future__ import annotations

from typing import Final

from nearmade.planning.network.exact_ascent import is_small, strengthen
from nearmade.planning.network.fixed_hubs import has_fixed_hubs
from nearmade.planning.network.fixed_search import solve_fixed
from nearmade.planning.network.hub_choice import (
    MOVES_EACH,
    Clock,
    Progress,
    solve_hubs,
)
from nearmade.planning.network.plan import NetworkPlan
from nearmade.planning.network.weights import PricedProblem

#: Share of the time of a small problem that the plan may take; the rest is the bound's.
PLAN_SHARE: Final = 0.6
#: Moves of whole orders that are planned for each second of a small problem; a usual
#: machine makes more.
MOVES_PER_SECOND: Final = 20_000


def solve_network(
    priced: PricedProblem,
    *,
    seed: int,
    seconds: float,
    clock: Clock,
    progress: Progress | None = None,
    start: NetworkPlan | None = None,
) -> NetworkPlan:
    """Plan who makes what, and where and when it is assembled.

    Parameters
    ----------
    priced
        The problem at its weights.
    seed
        Of every choice by chance: the same seed gives the same plan where time does
        not end the search.
    seconds
        The longer, the better the plan; no stage begins after so many by the clock. [s]
    clock
        Seconds from any start; never falls. [s]
    progress
        Told of every better bound and plan.
    start
        A plan to start from: its prices are raised further.
    """
    begun, small = clock(), is_small(priced)
    plan = _search(
        priced,
        seed,
        seconds * PLAN_SHARE if small else seconds,
        clock,
        progress,
        start,
        small=small,
    )

    def go_on(bound_usd: float) -> bool:
        spent = clock() - begun
        if progress is not None:
            progress(plan.cost_usd, bound_usd, spent)
        return spent < seconds

    return strengthen(priced, plan, go_on) if seconds > 0 else plan


def _search(
    priced: PricedProblem,
    seed: int,
    seconds: float,
    clock: Clock,
    progress: Progress | None,
    start: NetworkPlan | None,
    *,
    small: bool,
) -> NetworkPlan:
    """Find a plan and prices of resources; a small problem is searched for longer."""
    orders = priced.problem.orders
    if 0 < len(orders.way_day) == len(orders.due_day) and has_fixed_hubs(orders):
        return solve_fixed(
            priced,
            seed=seed,
            seconds=seconds,
            clock=clock,
            progress=progress,
            start=start,
        )
    moves = MOVES_EACH
    if small:
        moves = max(moves, round(seconds * MOVES_PER_SECOND / len(orders.due_day)))
    return solve_hubs(
        priced,
        seed=seed,
        seconds=seconds,
        clock=clock,
        progress=progress,
        start=start,
        moves_each=moves,
    )
