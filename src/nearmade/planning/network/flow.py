"""Prices of hours by min-cost flow, where hours alone bind and work is one measure.

If every component's hours are its work over the machine's speed, the relaxed problem
with one way for each order is a transportation problem: work flows from components to
machine groups, day by day, or to the central factory.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from ortools.graph.python import min_cost_flow

from nearmade.planning.network.fixed_hubs import FixedHubs, Longs
from nearmade.planning.network.problem import Floats
from nearmade.vocabulary.compiled import compiled

#: Steps of work in a component of mean size.
WORK_STEPS = 100.0
#: Steps of cost in the mean cost of a step of work.
COST_STEPS = 1e5
#: Largest relative spread of hours against work over speed.
SPEED_TOLERANCE = 1e-3


class Network(NamedTuple):
    """The flow problem in whole numbers: arcs from components to (group, day).

    Parameters
    ----------
    work
        Of each component, shape (N,). [step]
    room
        Of each group and day, shape (G, D). [step]
    first, place, cost
        Arcs of each component: where they start, to which place ``group * D + day``,
        at what cost for a step of work.
    central
        Cost for a step of work that is bought, shape (N,).
    step_hours
        Hours that a step of work takes in each group, shape (G,). [h]
    cost_usd
        Value of one step of cost. [USD]
    """

    work: Longs
    room: Longs
    first: Longs
    place: Longs
    cost: Longs
    central: Longs
    step_hours: Floats
    cost_usd: float


def find_speeds(hubs: FixedHubs) -> tuple[Floats, Floats] | None:
    """Split hours into work of components and hours for it of groups, or give None.

    Returns
    -------
    work
        Of each component, shape (N,).
    pace
        Hours for a unit of work in each group, shape (G,).
    """
    groups = len(hubs.group_hours)
    by_group = np.argsort(hubs.group, kind="stable")
    first_of_group = np.searchsorted(hubs.group[by_group], np.arange(groups + 1))
    component = np.repeat(np.arange(len(hubs.order)), np.diff(hubs.first))
    work, pace = _spread_speeds(
        hubs.first, hubs.group, hubs.hours, component, by_group, first_of_group
    )
    expected = work[component] * pace[hubs.group]
    if (np.abs(expected - hubs.hours) <= SPEED_TOLERANCE * expected).all():
        return work, pace
    return None


@compiled
def _spread_speeds(
    first: Longs,
    group: Longs,
    hours: Floats,
    component: Longs,
    by_group: Longs,
    first_of_group: Longs,
) -> tuple[Floats, Floats]:
    """Walk from component to group to component; each walk starts at a pace of one."""
    work = np.zeros(len(first) - 1)
    pace = np.zeros(len(first_of_group) - 1)
    stack = np.empty(len(pace), dtype=np.int64)
    for start in range(len(pace)):
        if pace[start] > 0:
            continue
        pace[start] = 1.0
        stack[0], height = start, 1
        while height > 0:
            height -= 1
            here = stack[height]
            for at in range(first_of_group[here], first_of_group[here + 1]):
                row = by_group[at]
                part = component[row]
                if work[part] > 0:
                    continue
                work[part] = hours[row] / pace[here]
                for other in range(first[part], first[part + 1]):
                    if pace[group[other]] == 0 and work[part] > 0:
                        pace[group[other]] = hours[other] / work[part]
                        stack[height] = group[other]
                        height += 1
    return work, pace


def build_network(
    hubs: FixedHubs, ready: Longs, work: Floats, pace: Floats, rows: Longs
) -> Network:
    """Round to whole numbers: work up or down, room down, costs to the nearest.

    Parameters
    ----------
    ready
        Day of each candidate, shape (M,).
    work, pace
        From `find_speeds`.
    rows
        Candidates that get an arc, in ascending order.
    """
    days = hubs.group_hours.shape[1]
    component = np.repeat(np.arange(len(hubs.order)), np.diff(hubs.first))[rows]
    step = max(float(work.mean()), 1e-12) / WORK_STEPS
    steps = np.maximum(1, np.rint(work / step)).astype(np.int64)
    daily = np.diff(hubs.group_hours, axis=1, prepend=0.0)
    room = np.floor(daily / (pace * step)[:, None]).astype(np.int64)
    unit = hubs.cost[rows] / steps[component]
    bought = hubs.central / steps
    finite = bought[np.isfinite(bought)]
    cost_usd = float(unit.mean() if len(unit) else 1.0) / COST_STEPS or 1.0
    dearest = max(
        float(unit.max(initial=0.0)), float(finite.max(initial=0.0)), cost_usd
    )
    bought = np.where(np.isfinite(bought), bought, 100 * dearest)
    counts = np.bincount(component, minlength=len(hubs.order))
    return Network(
        steps,
        room,
        np.concatenate(([0], np.cumsum(counts))),
        hubs.group[rows] * days + ready[rows],
        np.rint(unit / cost_usd).astype(np.int64),
        np.rint(bought / cost_usd).astype(np.int64),
        pace * step,
        cost_usd,
    )


def solve_flow(network: Network) -> tuple[Longs, Longs, Longs]:
    """Send all work at least cost.

    Returns
    -------
    sent
        Work over each arc, shape (arcs,). [step]
    bought
        Work of each component that is bought, shape (N,). [step]
    earlier
        Work handed from each (group, day) to the day before, shape (G, D). [step]
    """
    parts, arcs = len(network.work), len(network.place)
    groups, days = network.room.shape
    places = np.arange(groups * days)
    sink = parts + groups * days
    owner = np.repeat(np.arange(parts), np.diff(network.first))
    later = places[places % days > 0]
    total = int(network.work.sum())
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate((owner, np.arange(parts), parts + later, parts + places)),
        np.concatenate(
            (
                parts + network.place,
                np.full(parts, sink),
                parts + later - 1,
                np.full(len(places), sink),
            )
        ),
        np.concatenate(
            (
                network.work[owner],
                network.work,
                np.full(len(later), total),
                network.room.ravel(),
            )
        ),
        np.concatenate(
            (network.cost, network.central, np.zeros(len(later) + len(places), int))
        ),
    )
    flow.set_nodes_supplies(
        np.append(np.arange(parts), sink), np.append(network.work, -total)
    )
    status = flow.solve()
    if status != flow.OPTIMAL:  # every component may be bought, so there is a flow
        raise ArithmeticError(f"min-cost flow ended with {status}")
    sent = flow.flows(np.arange(arcs + parts + len(later)))
    earlier = np.zeros(groups * days, dtype=np.int64)
    earlier[later] = sent[arcs + parts :]
    return sent[:arcs], sent[arcs : arcs + parts], earlier.reshape(groups, days)


def flow_prices(network: Network, sent: Longs, bought: Longs, earlier: Longs) -> Floats:
    """Give the price of an hour of each (group, day) from an optimal flow. [USD/h]

    The least prices at which every used arc is a cheapest one: longest paths in the
    residual graph, in the flow's own whole numbers (in floats, rounding makes cycles
    and the loop does not end).
    """
    groups, days = network.room.shape
    steps = np.zeros(groups * days, dtype=np.int64)
    _raise_prices(network, sent, bought, earlier.ravel(), days, steps)
    value = steps.reshape(groups, days) * network.cost_usd
    value /= network.step_hours[:, None]
    return value - np.append(value[:, 1:], np.zeros((groups, 1)), axis=1)


@compiled
def _raise_prices(
    network: Network,
    sent: Longs,
    bought: Longs,
    earlier: Longs,
    days: int,
    price: Longs,
) -> None:
    """Raise the price of places until no component and no day would rather move."""
    changed = True
    while changed:
        changed = False
        for part in range(len(network.work)):
            start, end = network.first[part], network.first[part + 1]
            floor = network.central[part] if bought[part] > 0 else -1
            for arc in range(start, end):
                if sent[arc] > 0:
                    floor = max(floor, price[network.place[arc]] + network.cost[arc])
            for arc in range(start, end):
                if floor - network.cost[arc] > price[network.place[arc]]:
                    price[network.place[arc]] = floor - network.cost[arc]
                    changed = True
        for place in range(len(price)):
            if place % days > 0:
                if price[place] > price[place - 1]:
                    price[place - 1] = price[place]
                    changed = True
                elif earlier[place] > 0 and price[place - 1] > price[place]:
                    price[place] = price[place - 1]
                    changed = True
