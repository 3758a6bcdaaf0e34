"""Regions of a network: which orders belong together, and their own problems."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import reverse_cuthill_mckee

from nearmade.planning.network.plan import Prices
from nearmade.planning.network.problem import (
    Candidates,
    Floats,
    Ints,
    NetworkProblem,
    Orders,
    Resources,
)
from nearmade.planning.network.weights import PricedProblem


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """What a region has of the whole, by index into it.

    Parameters
    ----------
    orders, ways, components, candidates
        Of the region's orders, ascending.
    groups, sites, stocks, hubs
        Which these may use, ascending.
    """

    orders: Ints
    ways: Ints
    components: Ints
    candidates: Ints
    groups: Ints
    sites: Ints
    stocks: Ints
    hubs: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """A region's part of each resource that it may use, in 0..1.

    Shapes are those of the region's groups, sites and stocks, and (hubs, days).
    """

    groups: Floats
    sites: Floats
    stocks: Floats
    hubs: Floats


def split_orders(
    problem: NetworkProblem, regions: int, shift: float = 0.0
) -> list[Ints]:
    """Split orders into regions of like size, with few places shared between them.

    Places (hubs, or groups where orders go straight to the customer) that orders may
    both use are neighbours; a sequence in which neighbours stand near each other is
    cut into equal parts, all of them so many regions further as ``shift`` says (the
    last one then holds both ends).

    References
    ----------
    E. Cuthill, J. McKee, "Reducing the bandwidth of sparse symmetric matrices", ACM
    1969, doi:10.1145/800195.805928.
    """
    orders, candidates = problem.orders, problem.candidates
    count = orders.due_day.size
    hubs = problem.resources.hub_hours.shape[0]
    candidate_counts = np.diff(candidates.first_candidate[orders.first_component])
    way_order = np.repeat(np.arange(count), np.diff(orders.first_way))
    order = np.concatenate([way_order, np.repeat(np.arange(count), candidate_counts)])
    place = np.concatenate([orders.way_hub, candidates.group + hubs])
    kept = place >= 0
    if (orders.way_hub >= 0).all():
        kept[way_order.size :] = False
    places = hubs + problem.resources.group_site.size
    table = csr_array(
        (np.ones(int(kept.sum())), (order[kept], place[kept])), shape=(count, places)
    )
    sequence = reverse_cuthill_mckee(csr_array(table.T @ table), symmetric_mode=True)
    rank = np.empty(places, np.int64)
    rank[sequence] = np.arange(places)
    mean_rank = np.zeros(count)
    np.add.at(mean_rank, order[kept], rank[place[kept]])
    mean_rank /= np.maximum(1, np.bincount(order[kept], minlength=count))
    by_rank = np.argsort(mean_rank, kind="stable").astype(np.int32)
    by_rank = np.roll(by_rank, -round(shift * count / regions))
    return [np.sort(part) for part in np.array_split(by_rank, regions) if part.size]


def region_of(problem: NetworkProblem, chosen: Ints) -> Region:
    """Find what some orders have and may use."""
    orders, candidates = problem.orders, problem.candidates
    ways = _ranges(orders.first_way, chosen)
    components = _ranges(orders.first_component, chosen)
    rows = _ranges(candidates.first_candidate, components)
    groups = np.unique(candidates.group[rows])
    stock = candidates.stock[rows]
    hub = orders.way_hub[ways]
    return Region(
        chosen,
        ways,
        components,
        rows,
        groups,
        np.unique(problem.resources.group_site[groups]),
        np.unique(stock[stock >= 0]),
        np.unique(hub[hub >= 0]),
    )


def cut(priced: PricedProblem, region: Region, shares: Shares) -> PricedProblem:
    """Give a region's own problem, with its shares of what there is."""
    problem = priced.problem
    orders, candidates = problem.orders, problem.candidates
    resources = problem.resources
    rows, ways = region.candidates, region.ways
    return PricedProblem(
        NetworkProblem(
            Resources(
                _place(region.sites, resources.group_site[region.groups]),
                resources.group_hours[region.groups] * shares.groups[:, None],
                resources.site_energy_wh[region.sites] * shares.sites[:, None],
                resources.stock_g[region.stocks] * shares.stocks,
                resources.hub_hours[region.hubs] * shares.hubs,
            ),
            Orders(
                _starts(orders.first_component, region.orders),
                _starts(orders.first_way, region.orders),
                orders.assembly_hours[region.orders],
                orders.due_day[region.orders],
                orders.leave_out_usd[region.orders],
                _place(region.hubs, orders.way_hub[ways]),
                orders.way_slot[ways],
                orders.way_day[ways],
                orders.way_delivered_day[ways],
                orders.way_usd[ways],
                orders.way_gco2e[ways],
            ),
            Candidates(
                _starts(candidates.first_candidate, region.components),
                _place(region.groups, candidates.group[rows]),
                candidates.hours[rows],
                candidates.energy_wh[rows],
                _place(region.stocks, candidates.stock[rows]),
                candidates.stock_g[rows],
                candidates.making_usd[rows],
                candidates.making_gco2e[rows],
                candidates.leg_usd[rows],
                candidates.leg_gco2e[rows],
                candidates.leg_days[rows],
                candidates.central_usd[region.components],
                candidates.central_gco2e[region.components],
                candidates.central_days[region.components],
                None if candidates.power_usd is None else candidates.power_usd[rows],
                None
                if candidates.power_gco2e is None
                else candidates.power_gco2e[rows],
            ),
        ),
        priced.weights,
        priced.way_cost[ways],
        priced.making_cost[rows],
        priced.leg_cost[rows],
        priced.central_cost[region.components],
        None if priced.carriage_cost is None else priced.carriage_cost[rows],
    )


def cut_prices(prices: Prices, region: Region) -> Prices:
    """Give the prices of what a region may use."""
    return Prices(
        prices.hour_usd[region.groups],
        prices.energy_usd[region.sites],
        prices.stock_usd[region.stocks],
        prices.hub_usd[region.hubs],
        np.zeros(0),
    )


def _ranges(first: Ints, chosen: Ints) -> Ints:
    """List what belongs to the chosen, whose parts start at ``first``."""
    counts = first[chosen + 1] - first[chosen]
    ends = np.cumsum(counts)
    total = int(ends[-1]) if ends.size else 0
    steps = np.arange(total) - np.repeat(ends - counts, counts)
    listed: Ints = (np.repeat(first[chosen], counts) + steps).astype(np.int32)
    return listed


def _starts(first: Ints, chosen: Ints) -> Ints:
    counts = first[chosen + 1] - first[chosen]
    starts: Ints = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return starts


def _place(chosen: Ints, whole: NDArray[np.int32]) -> Ints:
    """Give where each stands among the chosen; below zero stays as it is."""
    placed = np.asarray(np.searchsorted(chosen, whole), np.int32)
    placed[whole < 0] = whole[whole < 0]
    return placed
