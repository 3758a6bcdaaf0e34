"""A large network planned region by region, by as many processes as there are.

Each region finds prices with its share of what it has in common with others. Prices
are merged, each region says what it would use at the merged prices, and shares follow
that use. After a few rounds each region makes its plan within its shares; the plans
together are one plan, and the merged prices prove one bound over everything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import numpy as np

from nearmade.planning.network.bound import lower_bound
from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.hub_choice import Clock, solve_hubs
from nearmade.planning.network.hub_dual import flat_prices, room_for, soft_pass
from nearmade.planning.network.hub_list import whole_list
from nearmade.planning.network.hub_prices import STAGES, find_prices
from nearmade.planning.network.plan import LEFT_OUT, NetworkPlan, Prices
from nearmade.planning.network.problem import Floats, Ints
from nearmade.planning.network.region_cut import (
    Region,
    Shares,
    cut,
    cut_prices,
    region_of,
    split_orders,
)
from nearmade.planning.network.weights import PricedProblem
from nearmade.vocabulary.errors import InvalidInput, Unavailable

#: Rounds in which prices are exchanged before regions make their plans.
ROUNDS = 2
#: Smoothing at which a region says what it would use, share of the mean order's cost.
ASKED_AT = 0.006
#: Part of a shared resource that every region keeps, of an even share.
LEAST_SHARE = 0.02

_T = TypeVar("_T")
_R = TypeVar("_R")


class RegionProgress(Protocol):
    """Is told how far a plan by region has come."""

    def __call__(self, cost_usd: float, bound_usd: float, step: str) -> None:
        """Tell cost (infinite before a plan), bound, and what was done."""


@dataclass(frozen=True, slots=True, eq=False)
class PriceTask:
    """A region's problem, and prices to start from where there are any."""

    priced: PricedProblem
    start: Prices | None


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A region's prices, and what it would use at the prices that it was given."""

    prices: Prices
    groups: Floats
    sites: Floats
    stocks: Floats
    hubs: Floats


@dataclass(frozen=True, slots=True, eq=False)
class PlanTask:
    """A region's problem, prices to start from, seed and time."""

    priced: PricedProblem
    start: Prices
    seed: int
    seconds: float
    clock: Clock


def ask_region(task: PriceTask) -> Asked:
    """Find a region's prices, and say what it would use at those that it was given."""
    choices = whole_list(task.priced)
    stages = STAGES[:3] if task.start is None else STAGES[2:4]
    found = find_prices(task.priced, choices, start=task.start, stages=stages)
    at = found.prices if task.start is None else task.start
    eta = ASKED_AT * found.mean_usd
    _, use = soft_pass(choices, flat_prices(at), eta, room_for(choices))
    resources = task.priced.problem.resources
    return Asked(
        found.prices,
        use.hour[:-1].reshape(resources.group_hours.shape).sum(axis=1),
        use.energy[:-1].reshape(resources.site_energy_wh.shape).sum(axis=1),
        use.stock[:-1],
        use.hub[:-1].reshape(resources.hub_hours.shape),
    )


def plan_region(task: PlanTask) -> NetworkPlan:
    """Plan a region within its shares."""
    problem = task.priced.problem
    orders = problem.orders.due_day.size
    components = problem.candidates.first_candidate.size - 1
    start = NetworkPlan(
        np.full(orders, LEFT_OUT, np.int32),
        np.full(components, LEFT_OUT, np.int32),
        task.start,
        np.inf,
        -np.inf,
    )
    return solve_hubs(
        task.priced,
        seed=task.seed,
        seconds=task.seconds,
        clock=task.clock,
        start=start,
    )


def solve_regions(
    priced: PricedProblem,
    *,
    regions: int,
    seed: int,
    seconds: float,
    clock: Clock,
    make_pool: Callable[[], Executor],
    progress: RegionProgress | None = None,
) -> NetworkPlan:
    """Plan a network region by region; the same plan however many work on it.

    Parameters
    ----------
    priced
        The problem at its weights.
    regions
        How many, at least one.
    seed
        Of every choice by chance.
    seconds
        For the last step of each region, by the clock of who works on it. [s]
    clock
        Must be known by name where processes work. [s]
    make_pool, progress
        Gives who works, again when those have died; told after each round.

    Raises
    ------
    InvalidInput
        When there is no region.
    Unavailable
        When workers died twice during one batch.
    """
    if not regions >= 1:
        raise InvalidInput(f"plan by region: {regions} regions must be at least one")
    parts = [
        region_of(priced.problem, part)
        for part in split_orders(priced.problem, regions)
    ]
    with Crew(make_pool) as crew:
        best, shares = _exchange(priced, parts, crew, progress)
        best_bound = lower_bound(priced, best)
        plan_tasks = [
            PlanTask(
                cut(priced, part, share), cut_prices(best, part), seed, seconds, clock
            )
            for part, share in zip(parts, shares, strict=True)
        ]
        plans = crew.run(plan_region, plan_tasks)
    way, candidate = _join(priced, parts, plans)
    merged = _merge(priced, parts, shares, [plan.prices for plan in plans])
    bound = lower_bound(priced, merged)
    if bound > best_bound:
        best, best_bound = merged, bound
    cost = evaluate(priced, way, candidate).terms.cost_usd
    if progress is not None:
        progress(cost, best_bound, "plans")
    return NetworkPlan(way, candidate, best, cost, best_bound)


def _exchange(
    priced: PricedProblem,
    parts: Sequence[Region],
    crew: Crew,
    progress: RegionProgress | None,
) -> tuple[Prices, list[Shares]]:
    """Let regions find prices in rounds; give the best merged ones, and shares."""
    shares = _even_shares(priced, parts)
    best, best_bound = Prices.zero(priced.problem), -np.inf
    merged: Prices | None = None
    for number in range(ROUNDS):
        tasks = [
            PriceTask(cut(priced, part, share), merged and cut_prices(merged, part))
            for part, share in zip(parts, shares, strict=True)
        ]
        asked = crew.run(ask_region, tasks)
        merged = _merge(priced, parts, shares, [a.prices for a in asked])
        bound = lower_bound(priced, merged)
        if bound > best_bound:
            best, best_bound = merged, bound
        shares = _follow(priced, parts, asked)
        if progress is not None:
            progress(np.inf, best_bound, f"prices, round {number + 1}")
    return best, shares


class Crew:
    """Who works on a batch; made again once when they die."""

    def __init__(self, make_pool: Callable[[], Executor]) -> None:
        self._make_pool = make_pool
        self._pool = make_pool()

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def run(self, work: Callable[[_T], _R], tasks: Sequence[_T]) -> list[_R]:
        """Do all tasks and give their answers in the same sequence.

        Raises
        ------
        Unavailable
            When those who work died twice.
        """
        try:
            return self._once(work, tasks)
        except BrokenExecutor:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = self._make_pool()
        try:
            return self._once(work, tasks)
        except BrokenExecutor as error:
            raise Unavailable(
                f"plan by region: the workers died twice over {len(tasks)} tasks"
            ) from error

    def _once(self, work: Callable[[_T], _R], tasks: Sequence[_T]) -> list[_R]:
        futures = [self._pool.submit(work, task) for task in tasks]
        return [future.result() for future in futures]


def _even_shares(priced: PricedProblem, parts: Sequence[Region]) -> list[Shares]:
    """Share resources by how often each region's choices name them."""
    problem = priced.problem
    asked = []
    for part in parts:
        group = problem.candidates.group[part.candidates]
        groups = np.bincount(group, minlength=problem.resources.group_site.size)
        site = problem.resources.group_site[group]
        sites = np.bincount(site, minlength=len(problem.resources.site_energy_wh))
        stock = problem.candidates.stock[part.candidates]
        stocks = np.bincount(
            stock[stock >= 0], minlength=problem.resources.stock_g.size
        )
        hubs = np.zeros(problem.resources.hub_hours.shape)
        hub, day = problem.orders.way_hub[part.ways], problem.orders.way_day[part.ways]
        np.add.at(hubs, (hub[hub >= 0], day[hub >= 0]), 1.0)
        asked.append(
            (
                groups[part.groups].astype(float),
                sites[part.sites].astype(float),
                stocks[part.stocks].astype(float),
                hubs[part.hubs],
            )
        )
    return _shares(priced, parts, asked)


def _follow(
    priced: PricedProblem, parts: Sequence[Region], asked: Sequence[Asked]
) -> list[Shares]:
    """Share resources by what regions would use of them at common prices."""
    uses = [(a.groups, a.sites, a.stocks, a.hubs) for a in asked]
    return _shares(priced, parts, uses)


def _shares(
    priced: PricedProblem,
    parts: Sequence[Region],
    asked: Sequence[tuple[Floats, Floats, Floats, Floats]],
) -> list[Shares]:
    """Share each resource by what is asked of it; everyone keeps a little."""
    resources = priced.problem.resources
    shapes = (
        (len(resources.group_hours),),
        (len(resources.site_energy_wh),),
        (len(resources.stock_g),),
        resources.hub_hours.shape,
    )
    split: list[list[Floats]] = [[] for _ in parts]
    for kind, shape in enumerate(shapes):
        rows = [_rows(part)[kind] for part in parts]
        users, total = np.zeros(shape), np.zeros(shape)
        for here, use in zip(rows, asked, strict=True):
            users[here] += 1
            total[here] += use[kind]
        for n, (here, use) in enumerate(zip(rows, asked, strict=True)):
            even = 1.0 / users[here]
            least = LEAST_SHARE * even
            wanted = np.where(
                total[here] > 0, use[kind] / np.maximum(total[here], 1e-300), even
            )
            # a hair below, so that the parts never sum to more than the whole
            split[n].append((least + (1 - LEAST_SHARE) * wanted) * (1 - 1e-9))
    return [Shares(*found) for found in split]


def _rows(part: Region) -> tuple[Ints, Ints, Ints, Ints]:
    return part.groups, part.sites, part.stocks, part.hubs


def _merge(
    priced: PricedProblem,
    parts: Sequence[Region],
    shares: Sequence[Shares],
    prices: Sequence[Prices],
) -> Prices:
    """Merge regional prices, each by the share that its region has."""
    total, weight = Prices.zero(priced.problem), Prices.zero(priced.problem)
    for part, share, own in zip(parts, shares, prices, strict=True):
        for there, by, here, price in (
            (total.hour_usd, share.groups[:, None], part.groups, own.hour_usd),
            (total.energy_usd, share.sites[:, None], part.sites, own.energy_usd),
            (total.stock_usd, share.stocks, part.stocks, own.stock_usd),
            (total.hub_usd, share.hubs, part.hubs, own.hub_usd),
        ):
            there[here] += by * price
        weight.hour_usd[part.groups] += share.groups[:, None]
        weight.energy_usd[part.sites] += share.sites[:, None]
        weight.stock_usd[part.stocks] += share.stocks
        weight.hub_usd[part.hubs] += share.hubs
    return replace(
        total,
        **{
            name: getattr(total, name) / np.maximum(getattr(weight, name), 1e-300)
            for name in ("hour_usd", "energy_usd", "stock_usd", "hub_usd")
        },
    )


def _join(
    priced: PricedProblem, parts: Sequence[Region], plans: Sequence[NetworkPlan]
) -> tuple[Ints, Ints]:
    """Put the regions' plans together."""
    way = np.full(priced.problem.orders.due_day.size, LEFT_OUT, np.int32)
    components = priced.problem.candidates.first_candidate.size - 1
    candidate = np.full(components, LEFT_OUT, np.int32)
    for part, plan in zip(parts, plans, strict=True):
        taken, made = plan.way >= 0, plan.candidate >= 0
        way[part.orders[taken]] = part.ways[plan.way[taken]]
        candidate[part.components] = plan.candidate
        candidate[part.components[made]] = part.candidates[plan.candidate[made]]
    return way, candidate
