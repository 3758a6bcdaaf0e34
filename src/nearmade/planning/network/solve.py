"""Plan a network: prices that prove a bound, a first plan, and its improvement."""

from __future__ import annotations

from nearmade.planning.network.fixed_hubs import has_fixed_hubs
from nearmade.planning.network.fixed_search import solve_fixed
from nearmade.planning.network.hub_choice import Clock, Progress, solve_hubs
from nearmade.planning.network.plan import NetworkPlan
from nearmade.planning.network.weights import PricedProblem


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
    orders = priced.problem.orders
    one_way = 0 < len(orders.way_day) == len(orders.due_day) and has_fixed_hubs(orders)
    solve = solve_fixed if one_way else solve_hubs
    return solve(
        priced,
        seed=seed,
        seconds=seconds,
        clock=clock,
        progress=progress,
        start=start,
    )
