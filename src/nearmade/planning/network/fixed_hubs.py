"""Orders whose hub is fixed, laid out flat: one cost for each candidate.

Where all ways of an order lead to the same place, a candidate's leg is the same under
each of them, so its cost is one number and only the day on which it must be ready
depends on the way.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nearmade.planning.network.problem import NO_LEG, Floats, Ints, Orders
from nearmade.planning.network.weights import PricedProblem

Longs = NDArray[np.int64]


class FixedHubs(NamedTuple):
    """The choice problem with one leg for each candidate, as arrays for compiled code.

    Parameters
    ----------
    first_component, first_way
        Where each order's components and ways start, shape (O + 1,).
    order
        Order of each component, shape (N,).
    leave_out
        Cost of leaving an order out, shape (O,). [USD]
    way_day, way_hub, way_cost
        Day, hub (-1 without) and cost of each way, shape (W,). [USD]
    assembly_hours
        Hub hours of each order, shape (O,). [h]
    first
        Where each component's candidates start, shape (N + 1,).
    group, hours, site, energy_wh, stock, stock_g
        What each candidate uses, shape (M,); site and stock are -1 where there is no
        limit. [h], [Wh], [g]
    cost
        Making and leg, shape (M,); infinite where there is no leg. [USD]
    lead
        Days on the leg, shape (M,).
    origin
        Which candidate of the problem it is, shape (M,).
    order_origin, way_origin, component_origin
        Which order, way and component of the problem, shapes (O,), (W,), (N,).
    central
        Bought, shape (N,); infinite where it cannot be. [USD]
    central_days
        Until a bought one is there, shape (N,).
    group_hours, site_wh
        Hours and energy up to each day, shapes (G, D) and (S, D). [h], [Wh]
    stock_left
        Feedstock, shape (R,). [g]
    hub_hours
        Hours of each hub and day, shape (H, A). [h]
    """

    first_component: Longs
    first_way: Longs
    order: Longs
    leave_out: Floats
    way_day: Longs
    way_hub: Longs
    way_cost: Floats
    assembly_hours: Floats
    first: Longs
    group: Longs
    hours: Floats
    site: Longs
    energy_wh: Floats
    stock: Longs
    stock_g: Floats
    cost: Floats
    lead: Longs
    origin: Longs
    central: Floats
    central_days: Longs
    group_hours: Floats
    site_wh: Floats
    stock_left: Floats
    hub_hours: Floats
    order_origin: Longs
    way_origin: Longs
    component_origin: Longs


def has_fixed_hubs(orders: Orders) -> bool:
    """Whether all ways of every order lead to one place."""
    way_order = _owner(orders.first_way)
    first_slot = orders.way_slot[np.minimum(orders.first_way[:-1], _last(orders))]
    return bool((orders.way_slot == first_slot[way_order]).all())


def lay_out(priced: PricedProblem) -> FixedHubs:
    """Lay a problem with fixed hubs out flat, orders of one hub side by side."""
    problem = priced.problem
    orders, candidates = problem.orders, problem.candidates
    resources = problem.resources
    order = _owner(orders.first_component)
    component = _owner(candidates.first_candidate)
    first_slot = orders.way_slot[np.minimum(orders.first_way[:-1], _last(orders))]
    slot = first_slot.astype(np.int64)[order]
    rows, parts = np.arange(len(component)), np.arange(len(order))
    lead = candidates.leg_days[rows, slot[component]].astype(np.int64)
    cost = priced.making_cost + priced.leg_cost[rows, slot[component]]
    cost[lead >= NO_LEG] = np.inf
    site = resources.group_site[candidates.group].astype(np.int64)
    energy_wh = np.cumsum(resources.site_energy_wh, axis=1)
    boundless = np.flatnonzero(~np.isfinite(energy_wh[:, 0]))
    site[np.isin(site, boundless) | (candidates.energy_wh <= 0)] = -1
    hubs = FixedHubs(
        orders.first_component.astype(np.int64),
        orders.first_way.astype(np.int64),
        order,
        orders.leave_out_usd,
        orders.way_day.astype(np.int64),
        orders.way_hub.astype(np.int64),
        priced.way_cost,
        orders.assembly_hours,
        candidates.first_candidate.astype(np.int64),
        candidates.group.astype(np.int64),
        candidates.hours,
        site,
        candidates.energy_wh,
        candidates.stock.astype(np.int64),
        candidates.stock_g,
        cost,
        lead,
        rows,
        priced.central_cost[parts, slot],
        candidates.central_days[parts, slot].astype(np.int64),
        np.cumsum(resources.group_hours, axis=1),
        energy_wh,
        resources.stock_g,
        resources.hub_hours,
        np.arange(len(orders.due_day)),
        np.arange(len(orders.way_day)),
        parts,
    )
    return _side_by_side(hubs)


def _side_by_side(hubs: FixedHubs) -> FixedHubs:
    """Put orders of one hub side by side, so that what is near is near in memory."""
    count = len(hubs.leave_out)
    hub = np.append(hubs.way_hub, -1)[hubs.first_way[:-1]]
    nearest = np.append(hubs.group, 0)[hubs.first[hubs.first_component[:-1]]]
    sequence = np.lexsort((np.arange(count), nearest, hub))
    first_way, way = _follow(hubs.first_way, sequence)
    first_component, part = _follow(hubs.first_component, sequence)
    first, row = _follow(hubs.first, part)
    moved = {
        **dict.fromkeys(("leave_out", "assembly_hours", "order_origin"), sequence),
        **dict.fromkeys(("way_day", "way_hub", "way_cost", "way_origin"), way),
        **dict.fromkeys(("central", "central_days", "component_origin"), part),
        **dict.fromkeys(("group", "hours", "site", "energy_wh", "stock"), row),
        **dict.fromkeys(("stock_g", "cost", "lead", "origin"), row),
    }
    return hubs._replace(
        first_component=first_component,
        first_way=first_way,
        order=_owner(first_component),
        first=first,
        **{name: getattr(hubs, name)[at] for name, at in moved.items()},
    )


def _follow(first: Longs, sequence: Longs) -> tuple[Longs, Longs]:
    """Give starts and entries when owners stand in another sequence."""
    counts = np.diff(first)[sequence]
    starts = np.concatenate(([0], np.cumsum(counts)))
    entries = np.repeat(first[sequence] - starts[:-1], counts)
    return starts, entries + np.arange(starts[-1])


def keep_candidates(hubs: FixedHubs, rows: Longs) -> FixedHubs:
    """Keep some candidates, in the order given, which is by component."""
    counts = np.bincount(_owner(hubs.first)[rows], minlength=len(hubs.order))
    return hubs._replace(
        first=np.concatenate(([0], np.cumsum(counts))),
        group=hubs.group[rows],
        hours=hubs.hours[rows],
        site=hubs.site[rows],
        energy_wh=hubs.energy_wh[rows],
        stock=hubs.stock[rows],
        stock_g=hubs.stock_g[rows],
        cost=hubs.cost[rows],
        lead=hubs.lead[rows],
        origin=hubs.origin[rows],
    )


def _owner(first: Ints | Longs) -> Longs:
    """To which each entry belongs, from where each one's entries start."""
    return np.repeat(np.arange(len(first) - 1), np.diff(first))


def _last(orders: Orders) -> int:
    return max(0, len(orders.way_slot) - 1)
