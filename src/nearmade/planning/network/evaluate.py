"""What a plan costs, term by term, what it uses, and whether it may stand.

From the data and the plan's choices alone; nothing here is used to find a plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from nearmade.planning.network.bound import (
    TOLERANCE,
    OrderTable,
    PartTable,
    order_table,
    part_table,
)
from nearmade.planning.network.plan import CENTRAL, LEFT_OUT
from nearmade.planning.network.problem import (
    NO_LEG,
    Floats,
    Ints,
    NetworkProblem,
)
from nearmade.planning.network.weights import GRAMS_PER_TONNE, PricedProblem
from nearmade.vocabulary.compiled import compiled
from nearmade.vocabulary.errors import InvalidInput

#: What can be wrong with an order's or a component's choice.
FAULTS: Final = {
    1: "has a way that is not its own",
    2: "has a candidate that is not its own",
    3: "is made although its order is left out",
    4: "is left out although its order is not",
    5: "would be ready too late for its assembly",
    6: "cannot be had from the central factory by then",
}


class Usage(NamedTuple):
    """What a plan uses: up to each day, of a stock, on a day at a hub.

    Parameters
    ----------
    group_hours
        Shape (G, D). [h]
    site_energy_wh
        Shape (S, D). [Wh]
    stock_g
        Shape (R,). [g]
    hub_hours
        Shape (H, A). [h]
    """

    group_hours: Floats
    site_energy_wh: Floats
    stock_g: Floats
    hub_hours: Floats


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan's cost consists of, and what it counts.

    Parameters
    ----------
    making_usd, legs_usd, assembly_usd, central_usd
        Money: making with its electricity, legs to the hubs, assembly with last legs,
        bought. [USD]
    gco2e
        Emissions of all. [gCO2e]
    carbon_usd, time_usd, lateness_usd, left_out_usd
        What the weights make of emissions, days, late days, orders left out. [USD]
    cost_usd
        The objective: money at its weight and the four before. [USD]
    orders_late, late_days, orders_left_out, components_central
        Counts; late days are summed over the orders.
    """

    making_usd: float
    legs_usd: float
    assembly_usd: float
    central_usd: float
    gco2e: float
    carbon_usd: float
    time_usd: float
    lateness_usd: float
    left_out_usd: float
    cost_usd: float
    orders_late: int
    late_days: int
    orders_left_out: int
    components_central: int

    @property
    def money_usd(self) -> float:
        """What is truly paid: making, legs, assembly and what is bought."""
        return self.making_usd + self.legs_usd + self.assembly_usd + self.central_usd


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """A plan's terms and use, and what is wrong with it.

    Parameters
    ----------
    terms
        Cost, term by term.
    usage
        What is used of each resource.
    order_fault, component_fault
        Key of ``FAULTS``, 0 where all is well; shapes (O,) and (N,).
    over
        Where more is used than there is: resource, row, day, used, there.
    """

    terms: Terms
    usage: Usage
    order_fault: Ints
    component_fault: Ints
    over: tuple[tuple[str, int, int, float, float], ...]

    @property
    def stands(self) -> bool:
        """Whether every choice is allowed and nothing is over its limit."""
        faults = self.order_fault.any() or self.component_fault.any()
        return not faults and not self.over


def evaluate(priced: PricedProblem, way: Ints, candidate: Ints) -> Evaluation:
    """Add up a plan's cost and use, and find every choice that may not stand.

    Parameters
    ----------
    priced
        The problem at its weights.
    way, candidate
        Choices as in ``plan.NetworkPlan``.

    Raises
    ------
    InvalidInput
        When there is not one way for each order and one candidate for each component.
    """
    problem = priced.problem
    orders, resources = problem.orders, problem.resources
    parts = len(problem.candidates.first_candidate) - 1
    if way.shape != orders.due_day.shape or candidate.shape != (parts,):
        raise InvalidInput(
            f"plan: {way.shape} ways and {candidate.shape} candidates for "
            f"{len(orders.due_day)} orders and {parts} components"
        )
    usage = Usage(
        np.zeros(resources.group_hours.shape),
        np.zeros(resources.site_energy_wh.shape),
        np.zeros(len(resources.stock_g)),
        np.zeros(resources.hub_hours.shape),
    )
    order_fault = np.zeros(len(way), np.int32)
    component_fault = np.zeros(parts, np.int32)
    way, candidate = way.astype(np.int32), candidate.astype(np.int32)
    _mark_faults(
        order_table(priced),
        part_table(priced),
        way,
        candidate,
        order_fault,
        component_fault,
        usage,
    )
    summed = Usage(
        usage.group_hours.cumsum(axis=1),
        usage.site_energy_wh.cumsum(axis=1),
        usage.stock_g,
        usage.hub_hours,
    )
    terms = _terms(priced, way, candidate, order_fault, component_fault)
    over = tuple(_over(problem, summed))
    return Evaluation(terms, summed, order_fault, component_fault, over)


@compiled
def _mark_faults(
    orders: OrderTable,
    parts: PartTable,
    way: Ints,
    candidate: Ints,
    order_fault: Ints,
    component_fault: Ints,
    usage: Usage,
) -> None:
    last_day = usage.group_hours.shape[1] - 1
    for o in range(len(way)):
        w, day, slot = way[o], -1, 0
        if orders.first_way[o] <= w < orders.first_way[o + 1]:
            day, slot = orders.way_day[w], orders.way_slot[w]
            if orders.way_hub[w] >= 0:
                usage.hub_hours[orders.way_hub[w], day] += orders.assembly_hours[o]
        elif w != LEFT_OUT:
            order_fault[o] = 1
        for i in range(orders.first_component[o], orders.first_component[o + 1]):
            k = candidate[i]
            if day < 0:
                component_fault[i] = 0 if k == LEFT_OUT else 3
            elif k == LEFT_OUT:
                component_fault[i] = 4
            elif k == CENTRAL:
                late = parts.central_days[i, slot] > day - 1
                if late or not parts.central_cost[i, slot] < np.inf:
                    component_fault[i] = 6
            elif not parts.first_candidate[i] <= k < parts.first_candidate[i + 1]:
                component_fault[i] = 2
            else:
                leg = parts.leg_days[k, slot]
                ready = min(day - 1 - leg, last_day)
                if leg == NO_LEG or ready < 0:
                    component_fault[i] = 5
                    ready = 0
                usage.group_hours[parts.group[k], ready] += parts.hours[k]
                usage.site_energy_wh[parts.site[k], ready] += parts.energy_wh[k]
                if parts.stock[k] >= 0:
                    usage.stock_g[parts.stock[k]] += parts.stock_g[k]


def _terms(
    priced: PricedProblem,
    way: Ints,
    candidate: Ints,
    order_fault: Ints,
    component_fault: Ints,
) -> Terms:
    """Add up what stands; a choice that does not is counted by ``Evaluation``."""
    problem, weights = priced.problem, priced.weights
    orders, candidates = problem.orders, problem.candidates
    planned = (way >= 0) & (order_fault == 0)
    w = way[planned]
    slot_of = np.zeros(len(way), np.int64)
    slot_of[planned] = orders.way_slot[w]
    slot = np.repeat(slot_of, np.diff(orders.first_component))
    made = (candidate >= 0) & ~np.isin(component_fault, (2, 3))
    k, made_slot = candidate[made], slot[made]
    bought = (candidate == CENTRAL) & (component_fault == 0)
    bought_slot = slot[bought]
    left_out = float(orders.leave_out_usd[way == LEFT_OUT].sum())
    delivered = orders.way_delivered_day[w].astype(np.int64)
    late = np.maximum(0, delivered - orders.due_day[planned])
    gco2e = (
        float(orders.way_gco2e[w].sum())
        + float(candidates.making_gco2e[k].sum())
        + float(candidates.leg_gco2e[k, made_slot].sum(dtype=np.float64))
        + float(candidates.central_gco2e[bought, bought_slot].sum())
    )
    power_usd = 0.0
    if candidates.power_usd is not None:
        power_usd = float(candidates.power_usd[k, made_slot].sum(dtype=np.float64))
    cost = (
        float(priced.way_cost[w].sum())
        + float(priced.making_cost[k].sum())
        + float(priced.leg_cost[k, made_slot].sum(dtype=np.float64))
        + float(priced.central_cost[bought, bought_slot].sum())
        + left_out
    )
    return Terms(
        making_usd=float(candidates.making_usd[k].sum()) + power_usd,
        legs_usd=float(candidates.leg_usd[k, made_slot].sum(dtype=np.float64))
        - power_usd,
        assembly_usd=float(orders.way_usd[w].sum()),
        central_usd=float(candidates.central_usd[bought, bought_slot].sum()),
        gco2e=gco2e,
        carbon_usd=weights.carbon_usd_per_t / GRAMS_PER_TONNE * gco2e,
        time_usd=weights.time_usd_per_day * float(delivered.sum()),
        lateness_usd=weights.lateness_usd_per_day * float(late.sum()),
        left_out_usd=left_out,
        cost_usd=cost,
        orders_late=int((late > 0).sum()),
        late_days=int(late.sum()),
        orders_left_out=int((way == LEFT_OUT).sum()),
        components_central=int(bought.sum()),
    )


def _over(
    problem: NetworkProblem, usage: Usage
) -> list[tuple[str, int, int, float, float]]:
    """Find where more is used than there is."""
    resources = problem.resources
    rows = {
        "hours": (usage.group_hours, resources.group_hours.cumsum(axis=1)),
        "energy": (usage.site_energy_wh, resources.site_energy_wh.cumsum(axis=1)),
        "stock": (usage.stock_g[:, None], resources.stock_g[:, None]),
        "hub": (usage.hub_hours, resources.hub_hours),
    }
    found = []
    for name, (used, there) in rows.items():
        wrong = ~(used <= there * (1 + TOLERANCE) + TOLERANCE)
        for row, day in np.argwhere(wrong).tolist():
            found.append(
                (name, row, day, float(used[row, day]), float(there[row, day]))
            )
    return found
