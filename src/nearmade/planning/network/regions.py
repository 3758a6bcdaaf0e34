"""A large network planned region by region, by as many processes as there are.

Each region finds prices with its share of what it has in common with others. Prices
are merged, each region says what it would use at the merged prices, and shares follow
that use. After a few rounds the merged prices are raised over the whole network and
prove one bound over everything. Each region makes its plan within its shares; the
plans together are one plan, which regions cut elsewhere improve.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from nearmade.planning.network.bound import lower_bound
from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.hub_choice import Clock, first_heat, improve_plan
from nearmade.planning.network.hub_dual import flat_prices, room_for, soft_pass
from nearmade.planning.network.hub_list import whole_list
from nearmade.planning.network.hub_prices import STAGES, find_prices
from nearmade.planning.network.plan import LEFT_OUT, NetworkPlan, Prices
from nearmade.planning.network.problem import Floats, Ints
from nearmade.planning.network.region_borders import improve_borders, put_in
from nearmade.planning.network.region_crew import Crew
from nearmade.planning.network.region_cut import (
    Region,
    Shares,
    cut,
    cut_prices,
    region_of,
    split_orders,
)
from nearmade.planning.network.weights import PricedProblem
from nearmade.vocabulary.errors import InvalidInput

#: Rounds in which prices are exchanged before regions make their plans.
ROUNDS = 2
#: Smoothing at which a region says what it would use, share of the mean order's cost.
ASKED_AT = 0.006
#: Smoothing and passes with which merged prices are raised over the whole network.
WHOLE_STAGES = ((0.002, 20), (0.0007, 30), (0.0003, 30))
#: Share of the time for regions cut elsewhere, and where they are cut. [regions]
BORDER_TIME, BORDER_SHIFTS = 0.4, (0.5,)
#: Part of a shared resource that every region keeps, of an even share.
LEAST_SHARE = 0.02


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
    """Plan a region within its shares, at the prices of the whole."""
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
    return improve_plan(
        task.priced,
        start,
        seed=task.seed,
        seconds=task.seconds,
        clock=task.clock,
        heat=first_heat(task.priced),
    )


def solve_regions(
    priced: PricedProblem,
    *,
    regions: int,
    seed: int,
    seconds: float,
    clock: Clock,
    make_pool: Callable[[], Executor],
    at_once: int = 8,
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
    make_pool, at_once
        Gives who works, again when those have died; how many regions are handed out
        before the first of them is answered, at least as many as there are who work.
    progress
        Told after each round.

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
    with Crew(make_pool, at_once) as crew:
        best, shares = _exchange(priced, parts, crew, progress)
        best = _priced_again(priced, best)
        bound = lower_bound(priced, best)
        if progress is not None:
            progress(np.inf, bound, "prices of the whole")

        def task(number: int) -> PlanTask:
            return PlanTask(
                cut(priced, parts[number], shares[number]),
                cut_prices(best, parts[number]),
                seed,
                seconds * (1 - BORDER_TIME),
                clock,
            )

        plans = crew.run(plan_region, task, len(parts))
        way, candidate = _join(priced, parts, plans)
        cost = evaluate(priced, way, candidate).terms.cost_usd
        plan = NetworkPlan(way, candidate, best, cost, bound)
        if progress is not None:
            progress(cost, bound, "plans")
        for shift in BORDER_SHIFTS if len(parts) > 1 else ():
            plan = improve_borders(
                priced,
                regions,
                plan,
                crew,
                shift=shift,
                seed=seed,
                seconds=seconds * BORDER_TIME / len(BORDER_SHIFTS),
                clock=clock,
            )
            if progress is not None:
                progress(plan.cost_usd, bound, "borders")
    return plan


def _priced_again(priced: PricedProblem, start: Prices) -> Prices:
    """Raise merged prices over the whole network, where regions each had a part."""
    found = find_prices(priced, whole_list(priced), start=start, stages=WHOLE_STAGES)
    return found.prices


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
        given, had = merged, shares

        def task(
            number: int, given: Prices | None = given, had: list[Shares] = had
        ) -> PriceTask:
            part = parts[number]
            return PriceTask(
                cut(priced, part, had[number]), given and cut_prices(given, part)
            )

        asked = crew.run(ask_region, task, len(parts))
        merged = _merge(priced, parts, shares, [a.prices for a in asked])
        bound = lower_bound(priced, merged)
        if bound > best_bound:
            best, best_bound = merged, bound
        shares = _follow(priced, parts, asked)
        if progress is not None:
            progress(np.inf, best_bound, f"prices, round {number + 1}")
    return best, shares


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
        put_in(part, plan.way, plan.candidate, way, candidate)
    return way, candidate
