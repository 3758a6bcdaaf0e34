"""Improvement of a plan made by region: regions cut elsewhere, begun where it stands.

Where regions met, each had but a share of what both could use. Cut half a region
further, those orders stand inside. A region keeps what its orders use, and has what is
left of a resource where no other region uses more of it; so the parts together never
use more than there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.hub_choice import Clock, improve_plan
from nearmade.planning.network.hub_list import round_up
from nearmade.planning.network.plan import NetworkPlan, Prices
from nearmade.planning.network.problem import Floats, Ints, Resources
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

#: Share of every limit kept back, above what searches keep back themselves.
SAFETY = 4e-9


@dataclass(frozen=True, slots=True, eq=False)
class BorderTask:
    """A region's problem with what it may use, where it stands, seed and time."""

    priced: PricedProblem
    plan: NetworkPlan
    seed: int
    seconds: float
    clock: Clock


def improve_region(task: BorderTask) -> tuple[Ints, Ints]:
    """Improve a region's plan within what it may use."""
    plan = improve_plan(
        task.priced,
        task.plan,
        seed=task.seed,
        seconds=task.seconds,
        clock=task.clock,
    )
    return plan.way, plan.candidate


def improve_borders(
    priced: PricedProblem,
    regions: int,
    plan: NetworkPlan,
    crew: Crew,
    *,
    shift: float,
    seed: int,
    seconds: float,
    clock: Clock,
) -> NetworkPlan:
    """Improve a plan that stands, by regions cut further on.

    Parameters
    ----------
    priced, plan
        The problem at its weights, and the plan.
    regions, crew
        How many, and who works on them.
    shift
        How much further on they are cut. [regions]
    seed, seconds, clock
        As in ``regions.solve_regions``. [s]
    """
    rounded = with_rounded_uses(priced)
    parts = [
        region_of(priced.problem, part)
        for part in split_orders(priced.problem, regions, shift)
    ]
    own = [_uses(rounded, part, plan) for part in parts]
    spare = _spare(rounded, parts, own)

    def task(number: int) -> BorderTask:
        part = parts[number]
        return BorderTask(
            _with_room(rounded, part, own[number], spare[number]),
            _plan_of(plan, part),
            seed,
            seconds,
            clock,
        )

    found = crew.run(improve_region, task, len(parts))
    way, candidate = plan.way.copy(), plan.candidate.copy()
    for part, (local_way, local_candidate) in zip(parts, found, strict=True):
        put_in(part, local_way, local_candidate, way, candidate)
    evaluation = evaluate(priced, way, candidate)
    cost = evaluation.terms.cost_usd
    if not evaluation.stands or cost >= plan.cost_usd:
        return plan
    return replace(plan, way=way, candidate=candidate, cost_usd=cost)


def put_in(
    part: Region, own_way: Ints, own_candidate: Ints, way: Ints, candidate: Ints
) -> None:
    """Write a region's choices into those of the whole."""
    taken, made = own_way >= 0, own_candidate >= 0
    way[part.orders] = own_way
    way[part.orders[taken]] = part.ways[own_way[taken]]
    candidate[part.components] = own_candidate
    candidate[part.components[made]] = part.candidates[own_candidate[made]]


def with_rounded_uses(priced: PricedProblem) -> PricedProblem:
    """Give the problem with uses rounded up as searches round them."""
    candidates = priced.problem.candidates
    rounded = replace(
        candidates,
        hours=round_up(candidates.hours).astype(float),
        energy_wh=round_up(candidates.energy_wh).astype(float),
        stock_g=round_up(candidates.stock_g).astype(float),
    )
    return replace(priced, problem=replace(priced.problem, candidates=rounded))


def _plan_of(plan: NetworkPlan, part: Region) -> NetworkPlan:
    """Give a region's own part of a plan; its cost is reckoned by ``_uses``."""
    way, candidate = plan.way[part.orders], plan.candidate[part.components]
    taken, made = way >= 0, candidate >= 0
    way, candidate = way.copy(), candidate.copy()
    way[taken] = np.searchsorted(part.ways, way[taken])
    candidate[made] = np.searchsorted(part.candidates, candidate[made])
    prices: Prices = cut_prices(plan.prices, part)
    return NetworkPlan(way, candidate, prices, np.inf, -np.inf)


def _whole(part: Region, days: int) -> Shares:
    return Shares(
        np.ones(len(part.groups)),
        np.ones(len(part.sites)),
        np.ones(len(part.stocks)),
        np.ones((len(part.hubs), days)),
    )


def _uses(priced: PricedProblem, part: Region, plan: NetworkPlan) -> list[Floats]:
    """Give what a region's orders use up to each day, by its own rows."""
    days = priced.problem.resources.hub_hours.shape[1]
    own = _plan_of(plan, part)
    used = evaluate(cut(priced, part, _whole(part, days)), own.way, own.candidate).usage
    return [used.group_hours, used.site_energy_wh, used.stock_g, used.hub_hours]


def _spare(
    priced: PricedProblem, parts: Sequence[Region], own: Sequence[list[Floats]]
) -> list[list[Floats]]:
    """Give what is left of each resource to the region that uses most of it."""
    resources = priced.problem.resources
    limits = (
        resources.group_hours.cumsum(axis=1),
        resources.site_energy_wh.cumsum(axis=1),
        resources.stock_g,
        resources.hub_hours,
    )
    spare: list[list[Floats]] = [[] for _ in parts]
    for kind, limit in enumerate(limits):
        rows = [(p.groups, p.sites, p.stocks, p.hubs)[kind] for p in parts]
        left = limit * (1 - SAFETY)
        most, who = np.full(len(limit), -1.0), np.zeros(len(limit), np.int64)
        for number, here in enumerate(rows):
            used = own[number][kind]
            left[here] -= used
            total = used if used.ndim == 1 else used.sum(axis=1)
            more = total > most[here]
            most[here[more]], who[here[more]] = total[more], number
        for number, here in enumerate(rows):
            mine = (who[here] == number).reshape(-1, *[1] * (limit.ndim - 1))
            spare[number].append(np.where(mine, np.maximum(0.0, left[here]), 0.0))
    return spare


def _with_room(
    priced: PricedProblem, part: Region, own: list[Floats], spare: list[Floats]
) -> PricedProblem:
    """Give a region's problem, with what it uses and what is left to it."""
    days = priced.problem.resources.hub_hours.shape[1]
    local = cut(priced, part, _whole(part, days))
    hours, energy, stock, hubs = (
        (used + left) * (1 + SAFETY / 2) for used, left in zip(own, spare, strict=True)
    )
    there = local.problem.resources
    on_grid = ~np.isfinite(there.site_energy_wh)
    by_day = np.diff(np.where(on_grid, 0.0, energy), axis=1, prepend=0.0)
    room = Resources(
        there.group_site,
        np.diff(hours, axis=1, prepend=0.0),
        np.where(on_grid, np.inf, by_day),
        stock,
        hubs,
    )
    return replace(local, problem=replace(local.problem, resources=room))
