"""A plan where orders choose among several hubs and days.

Prices first, which prove a bound; then a plan by priced argmin that keeps every
capacity; then improvement.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from nearmade.planning.network.bound import lower_bound
from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.first_come import serve
from nearmade.planning.network.hub_prices import find_prices
from nearmade.planning.network.plan import NetworkPlan
from nearmade.planning.network.weights import PricedProblem

Clock = Callable[[], float]


class Progress(Protocol):
    """Is told how far a search has come."""

    def __call__(self, cost_usd: float, bound_usd: float, seconds: float) -> None:
        """Tell cost, bound and seconds spent; the cost is infinite before a plan."""


def solve_hubs(
    priced: PricedProblem,
    *,
    seed: int,
    seconds: float,
    clock: Clock,
    progress: Progress | None = None,
    start: NetworkPlan | None = None,
) -> NetworkPlan:
    """Plan orders that have ways to several hubs or days.

    Parameters
    ----------
    priced
        The problem at its weights.
    seed
        Of every choice by chance: the same seed gives the same plan where time does
        not end the search.
    seconds
        No stage begins after so many by the clock. [s]
    clock
        Seconds from any start; never falls. [s]
    progress
        Told of every better bound and plan.
    start
        A plan to start from: its prices are raised further.
    """
    begun = clock()

    def go_on(bound_usd: float) -> bool:
        if progress is not None:
            progress(float("inf"), bound_usd, clock() - begun)
        return clock() - begun < seconds / 2

    found = find_prices(priced, start=start.prices if start else None, go_on=go_on)
    way, candidate = serve(priced, found.prices)
    cost = evaluate(priced, way, candidate).terms.cost_usd
    bound = lower_bound(priced, found.prices)
    if progress is not None:
        progress(cost, bound, clock() - begun)
    return NetworkPlan(way, candidate, found.prices, cost, bound)
