"""A plan where orders choose among several hubs and days.

Prices first, which prove a bound; then a plan by priced argmin that keeps every
capacity; then improvement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Protocol

import numpy as np

from nearmade.planning.network.bound import lower_bound
from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.hub_dual import flat_prices, room_for, value_list
from nearmade.planning.network.hub_list import ChoiceList, shortlist, whole_list
from nearmade.planning.network.hub_prices import (
    Limits,
    PriceSearch,
    find_prices,
    mean_cost,
)
from nearmade.planning.network.hub_room import Draft, picked, seat, start_draft
from nearmade.planning.network.hub_search import fill, improve
from nearmade.planning.network.plan import NetworkPlan, Prices
from nearmade.planning.network.problem import Ints
from nearmade.planning.network.weights import PricedProblem
from nearmade.planning.shop.chance import chance_of

#: As shares of the mean order's least cost: how much dearer at the prices a way and a
#: candidate may be to stay in play.
WAY_MARGIN, MARGIN = 3.0, 0.3
#: As shares of the mean order's least cost, the first and last temperature of a search:
#: of a plan with one day of making, with several (where a machine's day holds few
#: pieces, so that others must move far before one fits), of a plan that is there.
HEAT, HEAT_BY_DAY, HEAT_AGAIN = (0.007, 0.0003), (0.1, 0.005), (0.004, 0.0003)
#: Moves for each order, in so many sweeps over windows of orders that stand together,
#: so that a window's records stay in the processor's cache.
MOVES_EACH, SWEEPS, WINDOW = 75, 15, 1000
#: Moves that are planned for each second where that is more; a usual machine makes so
#: many, so that the same seed and seconds give the same plan.
MOVES_PER_SECOND = 60_000
#: Share of the time that prices may take, and share that moves are planned for with
#: one day of making and with several.
PRICE_TIME, MOVE_TIME, MOVE_TIME_BY_DAY = 0.5, 0.5, 0.75

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
    moves_each: int = MOVES_EACH,
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
    moves_each
        Moves for each order, at least; more where there is time.
    """
    begun = clock()

    def go_on(bound_usd: float) -> bool:
        if progress is not None:
            progress(float("inf"), bound_usd, clock() - begun)
        return clock() - begun < seconds * PRICE_TIME

    if priced.problem.orders.due_day.size == 0:
        return _nothing(priced)
    choices = whole_list(priced)
    prices = start.prices if start is not None else None
    found = find_prices(priced, choices, start=prices, go_on=go_on)
    bound = lower_bound(priced, found.prices)
    draft, short = _draft(priced, choices, found)
    del choices

    def tell(cost_usd: float) -> None:
        if progress is not None:
            progress(cost_usd, bound, clock() - begun)

    best = _search(
        draft,
        short,
        _together(priced),
        found.mean_usd,
        seed,
        seconds - (clock() - begun),
        clock,
        tell,
        max(moves_each, planned_moves(priced, seconds * _move_time(priced))),
        first_heat(priced),
    )
    cost = evaluate(priced, *best).terms.cost_usd
    return _or_start(priced, NetworkPlan(*best, found.prices, cost, bound), start)


def planned_moves(priced: PricedProblem, seconds: float) -> int:
    """Give how many moves for each order a search of so many seconds makes."""
    return round(
        seconds * MOVES_PER_SECOND / max(1, priced.problem.orders.due_day.size)
    )


def first_heat(priced: PricedProblem) -> tuple[float, float]:
    """Give the temperatures of a search that begins with nothing."""
    return HEAT_BY_DAY if _is_by_day(priced) else HEAT


def _move_time(priced: PricedProblem) -> float:
    return MOVE_TIME_BY_DAY if _is_by_day(priced) else MOVE_TIME


def _is_by_day(priced: PricedProblem) -> bool:
    return len(priced.problem.resources.group_hours.T) > 1


def improve_plan(
    priced: PricedProblem,
    plan: NetworkPlan,
    *,
    seed: int,
    seconds: float,
    clock: Clock,
    heat: tuple[float, float] = HEAT_AGAIN,
) -> NetworkPlan:
    """Improve a plan that stands, from its own choices and at its own prices.

    Parameters
    ----------
    priced, plan
        The problem at its weights, and what to begin with.
    seed, seconds, clock
        As in ``solve_hubs``. [s]
    heat
        First and last temperature, as shares of the mean order's least cost.
    """
    if plan.way.size == 0:
        return plan
    begun = clock()
    choices = whole_list(priced)
    mean_usd = mean_cost(choices, Limits.of(priced.problem.resources))
    found = PriceSearch(plan.prices, plan.bound_usd, mean_usd)
    draft, short = _draft(priced, choices, found)
    del choices
    seat(draft, short.way, short.made, plan.way, plan.candidate)
    best = _search(
        draft,
        short,
        _together(priced),
        mean_usd,
        seed,
        seconds - (clock() - begun),
        clock,
        lambda cost_usd: None,
        max(MOVES_EACH, planned_moves(priced, seconds)),
        heat,
    )
    cost = evaluate(priced, *best).terms.cost_usd
    if cost >= plan.cost_usd:
        return plan
    return replace(plan, way=best[0], candidate=best[1], cost_usd=cost)


def _or_start(
    priced: PricedProblem, plan: NetworkPlan, start: NetworkPlan | None
) -> NetworkPlan:
    """Give the plan, with the start's choices where those stand and cost less."""
    if start is None:
        return plan
    kept = evaluate(priced, start.way, start.candidate)
    if not (kept.stands and kept.terms.cost_usd < plan.cost_usd):
        return plan
    return replace(
        plan,
        way=start.way,
        candidate=start.candidate,
        cost_usd=kept.terms.cost_usd,
    )


def _nothing(priced: PricedProblem) -> NetworkPlan:
    """Give the plan of no orders."""
    none = np.zeros(0, np.int32)
    return NetworkPlan(none, none, Prices.zero(priced.problem), 0.0, 0.0)


def _draft(
    priced: PricedProblem, choices: ChoiceList, found: PriceSearch
) -> tuple[Draft, ChoiceList]:
    """Start a draft over what the prices leave in play."""
    flat = flat_prices(found.prices)
    values = room_for(choices)
    value_list(choices, flat, values)
    short = shortlist(
        choices,
        values.row,
        values.cell,
        values.entry,
        WAY_MARGIN * found.mean_usd,
        MARGIN * found.mean_usd,
    )
    return start_draft(priced.problem, short, flat), short


def _together(priced: PricedProblem) -> Ints:
    """Sequence orders so that those with the same hubs stand together."""
    orders = priced.problem.orders
    first = np.minimum(orders.first_way[:-1], orders.way_hub.size - 1)
    hub = orders.way_hub[first] if orders.way_hub.size else orders.first_way[:-1]
    return np.argsort(hub, kind="stable").astype(np.int32)


def _search(
    draft: Draft,
    short: ChoiceList,
    sequence: Ints,
    mean_usd: float,
    seed: int,
    seconds: float,
    clock: Clock,
    tell: Callable[[float], None],
    moves_each: int,
    heat: tuple[float, float],
) -> tuple[Ints, Ints]:
    """Fill the draft, improve it, and give the best ways and candidates met."""
    left_out = sequence[draft.order["row"][sequence] < 0]
    fill(draft, np.random.default_rng(seed).permutation(left_out), 1.0)
    best, best_cost = picked(draft, short), float(draft.order["cost"][:-1].sum())
    tell(best_cost)
    heat_usd = heat[0] * mean_usd, heat[1] * mean_usd
    for _ in _sweeps(draft, sequence, heat_usd, seed, seconds, clock, moves_each):
        cost = float(draft.order["cost"][:-1].sum())
        tell(cost)
        if cost < best_cost:
            best, best_cost = picked(draft, short), cost
    return best


def _sweeps(
    draft: Draft,
    sequence: Ints,
    heat_usd: tuple[float, float],
    seed: int,
    seconds: float,
    clock: Clock,
    moves_each: int,
) -> Iterator[int]:
    """Improve the draft sweep by sweep, cooler each time; end when time is over."""
    chance = chance_of(seed)
    windows = np.array_split(sequence, max(1, len(sequence) // WINDOW))
    begun = clock()
    done = 0.0
    sweep = 0
    while done < 1.0:
        spent = (clock() - begun) / max(1e-9, seconds)
        ahead = max((sweep + 1) / SWEEPS, spent)
        hot = heat_usd[0] * (heat_usd[1] / heat_usd[0]) ** min(1.0, done)
        cold = heat_usd[0] * (heat_usd[1] / heat_usd[0]) ** min(1.0, ahead)
        for window in windows:
            moves = moves_each * len(window) // SWEEPS
            improve(draft, chance, window, moves, hot, cold, 1.0)
            if clock() - begun > seconds:
                yield sweep
                return
        sweep += 1
        done = ahead
        yield sweep
