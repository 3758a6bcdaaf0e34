"""Cheapest, fastest, greenest, nearest, and the knee: for one order, and for a plan.

For one order every way with room is weighed by money, days and emissions; those that
nothing beats in all three are the front. The knee is the point of it that lies closest
to having the best of each at once.

References
----------
K. Deb, S. Gupta, "Understanding knee points in bicriteria problems and their
implications as preferred solution principles", Engineering Optimization 43 (2011),
doi:10.1080/0305215X.2010.548863.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from nearmade.planning.network.bound import PartTable, part_table
from nearmade.planning.network.electricity import carriage_usd
from nearmade.planning.network.evaluate import Terms, Usage, evaluate
from nearmade.planning.network.first_come import fits, room_left, take
from nearmade.planning.network.plan import CENTRAL, LEFT_OUT, NetworkPlan
from nearmade.planning.network.problem import Floats
from nearmade.planning.network.room import NOTHING, Room
from nearmade.planning.network.weights import (
    GRAMS_PER_TONNE,
    PricedProblem,
    Weights,
    price_problem,
)

#: Carbon prices along which an order's front is searched. [USD/tCO2e]
CARBON_PRICES: Final = (0.0, 50.0, 100.0, 300.0, 1_000.0, 3_000.0, 10_000.0, 1e6)
#: Weight of money that still breaks ties where only days or emissions count.
LITTLE: Final = 1e-3
#: Value of a day where days come first. [USD/d]
FASTEST_USD_PER_DAY: Final = 1_000.0
#: Price of carbon where emissions come first. [USD/tCO2e]
GREENEST_USD_PER_T: Final = 1e6


@dataclass(frozen=True, slots=True)
class Offer:
    """One way for an order, and what it comes to.

    Parameters
    ----------
    way, candidates
        Choices as in ``plan.NetworkPlan``.
    price_usd
        Money for all. [USD]
    delivered_day
        Day by whose end the customer has it.
    gco2e
        Emissions of all. [gCO2e]
    legs_usd
        Carriage of components: least where they are made nearest. [USD]
    """

    way: int
    candidates: tuple[int, ...]
    price_usd: float
    delivered_day: int
    gco2e: float
    legs_usd: float


@dataclass(frozen=True, slots=True)
class Choice:
    """An order's front, and the points of it that people ask for.

    Parameters
    ----------
    front
        Offers that none beats in price, day and emissions at once, cheapest first.
    cheapest, fastest, greenest, nearest, knee
        Each one offer; nearest has the least carriage.
    """

    front: tuple[Offer, ...]
    cheapest: Offer
    fastest: Offer
    greenest: Offer
    nearest: Offer
    knee: Offer


def choices_for(
    priced: PricedProblem, order: int, plan: NetworkPlan | None = None
) -> Choice | None:
    """Give what an order can choose among beside a plan; None where nothing has room.

    Parameters
    ----------
    priced
        The problem; its weights do not matter here.
    order
        Which order.
    plan
        What else is planned; what the order itself takes there counts as free.
    """
    room = _room(priced, order, plan)
    orders = priced.problem.orders
    parts = part_table(priced)
    offers: list[Offer] = []
    first, end = orders.first_way[order : order + 2].tolist()
    for way in range(first, end):
        hub, day = int(orders.way_hub[way]), int(orders.way_day[way])
        if hub < 0 or room.hub_hours[hub, day] >= orders.assembly_hours[order]:
            offers += _offers(priced, parts, room, order, way)
    if plan is not None and plan.way[order] >= 0:
        begin, stop = orders.first_component[order : order + 2].tolist()
        chosen = tuple(plan.candidate[begin:stop].tolist())
        offers.append(_offer(priced, order, int(plan.way[order]), chosen))
    if not offers:
        return None
    front = tuple(_front(offers))
    return Choice(
        front,
        min(offers, key=lambda x: (x.price_usd, x.delivered_day, x.gco2e)),
        min(offers, key=lambda x: (x.delivered_day, x.price_usd, x.gco2e)),
        min(offers, key=lambda x: (x.gco2e, x.price_usd, x.delivered_day)),
        min(offers, key=lambda x: (x.legs_usd, x.price_usd, x.delivered_day)),
        _knee(front),
    )


def _room(priced: PricedProblem, order: int, plan: NetworkPlan | None) -> Usage:
    if plan is None:
        return room_left(priced.problem)
    left = Room(priced, plan).without(order).left
    return Usage(*(one + NOTHING for one in left))


def _offers(
    priced: PricedProblem, parts: PartTable, room: Usage, order: int, way: int
) -> Iterator[Offer]:
    """Give a way's offers: by each carbon price, and by carriage alone."""
    seen: set[tuple[int, ...]] = set()
    for usd_per_t in (*CARBON_PRICES, None):
        chosen = _pick_parts(priced, parts, room, order, way, usd_per_t)
        if chosen is not None and chosen not in seen:
            seen.add(chosen)
            yield _offer(priced, order, way, chosen)


def _pick_parts(
    priced: PricedProblem,
    parts: PartTable,
    room: Usage,
    order: int,
    way: int,
    usd_per_t: float | None,
) -> tuple[int, ...] | None:
    """Choose a candidate with room for each component; None where one has none.

    What takes most hours finds room first.
    """
    orders = priced.problem.orders
    slot, day = int(orders.way_slot[way]), int(orders.way_day[way])
    last_day = room.group_hours.shape[1] - 1
    first, end = orders.first_component[order : order + 2].tolist()
    starts = parts.first_candidate
    largest = [
        -float(parts.hours[starts[i] : starts[i + 1]].min(initial=np.inf))
        for i in range(first, end)
    ]
    chosen = {}
    for part in sorted(range(first, end), key=lambda i: largest[i - first]):
        k = _pick_one(priced, parts, room, part, (slot, day), usd_per_t)
        chosen[part] = k
        if k >= 0:
            ready = min(day - 1 - int(parts.leg_days[k, slot]), last_day)
            take(parts, room, k, ready, 1.0)
    for k in chosen.values():
        if k >= 0:
            ready = min(day - 1 - int(parts.leg_days[k, slot]), last_day)
            take(parts, room, k, ready, -1.0)
    if LEFT_OUT in chosen.values():
        return None
    return tuple(chosen[part] for part in range(first, end))


def _pick_one(
    priced: PricedProblem,
    parts: PartTable,
    room: Usage,
    part: int,
    at: tuple[int, int],
    usd_per_t: float | None,
) -> int:
    """Choose the cheapest candidate with room at a carbon price, or by carriage."""
    candidates, (slot, day) = priced.problem.candidates, at
    gram_usd = (usd_per_t or 0.0) / GRAMS_PER_TONNE
    rows = np.arange(*candidates.first_candidate[part : part + 2].tolist())
    leg_usd = candidates.leg_usd[rows, slot].astype(float)
    grams = candidates.making_gco2e[rows] + candidates.leg_gco2e[rows, slot]
    cost: Floats = candidates.making_usd[rows] + leg_usd + gram_usd * grams
    bought = np.inf
    if candidates.central_days[part, slot] <= day - 1:
        bought = float(candidates.central_usd[part, slot])
        bought += gram_usd * float(candidates.central_gco2e[part, slot])
    rank = carriage_usd(candidates)[rows, slot] if usd_per_t is None else cost
    last_day = room.group_hours.shape[1] - 1
    for n in np.argsort(rank, kind="stable").tolist():
        k = int(rows[n])
        ready = min(day - 1 - int(candidates.leg_days[k, slot]), last_day)
        if ready >= 0 and fits(parts, room, k, ready):
            cheaper = usd_per_t is not None and bought < cost[n]
            return CENTRAL if cheaper else k
    return CENTRAL if np.isfinite(bought) else LEFT_OUT


def _offer(
    priced: PricedProblem, order: int, way: int, chosen: tuple[int, ...]
) -> Offer:
    orders, candidates = priced.problem.orders, priced.problem.candidates
    slot = int(orders.way_slot[way])
    price, gco2e = float(orders.way_usd[way]), float(orders.way_gco2e[way])
    legs = 0.0
    for part, k in enumerate(chosen, start=int(orders.first_component[order])):
        if k == CENTRAL:
            price += float(candidates.central_usd[part, slot])
            gco2e += float(candidates.central_gco2e[part, slot])
            continue
        leg = float(candidates.leg_usd[k, slot])
        legs += float(carriage_usd(candidates)[k, slot])
        price += float(candidates.making_usd[k]) + leg
        gco2e += float(candidates.making_gco2e[k])
        gco2e += float(candidates.leg_gco2e[k, slot])
    delivered = int(orders.way_delivered_day[way])
    return Offer(way, chosen, price, delivered, gco2e, legs)


def _figures(offers: tuple[Offer, ...] | list[Offer]) -> Floats:
    return np.array([(x.price_usd, x.delivered_day, x.gco2e) for x in offers], float)


def _front(offers: list[Offer]) -> list[Offer]:
    """Keep offers that none beats; of equal ones the first."""
    figures = _figures(offers)
    kept: list[int] = []
    for n in np.lexsort(figures.T[::-1]).tolist():
        better = (figures <= figures[n]).all(axis=1) & (figures < figures[n]).any(
            axis=1
        )
        equal = any((figures[m] == figures[n]).all() for m in kept)
        if not better.any() and not equal:
            kept.append(n)
    return [offers[n] for n in kept]


def _knee(front: tuple[Offer, ...]) -> Offer:
    """Find the offer closest to the best of each, each scaled by the front's range."""
    figures = _figures(front)
    low, high = figures.min(axis=0), figures.max(axis=0)
    scaled = (figures - low) / np.where(high > low, high - low, 1.0)
    return front[int(np.argmin((scaled**2).sum(axis=1)))]


def scenario_problems(priced: PricedProblem) -> dict[str, PricedProblem]:
    """Give a whole problem as it is weighed in each scenario.

    ``balanced`` has the weights given; ``cheapest`` counts money alone, ``fastest``
    days first, ``greenest`` emissions first, ``nearest`` carriage alone.
    """
    late = priced.weights.lateness_usd_per_day
    weights = {
        "cheapest": Weights(1.0, 0.0, 0.0, late),
        "fastest": Weights(1.0, 0.0, FASTEST_USD_PER_DAY, late),
        "greenest": Weights(LITTLE, GREENEST_USD_PER_T * LITTLE, 0.0, late),
    }
    problems = {"balanced": priced}
    for name, one in weights.items():
        problems[name] = price_problem(priced.problem, one)
    problems["fastest"] = _dear_to_leave_out(problems["fastest"])
    legs_only = price_problem(priced.problem, weights["cheapest"])
    leg_cost = legs_only.leg_cost
    if legs_only.carriage_cost is not None:
        leg_cost = legs_only.carriage_cost * np.float32(1 - LITTLE)
        leg_cost += legs_only.leg_cost * np.float32(LITTLE)
    problems["nearest"] = replace(
        legs_only, making_cost=legs_only.making_cost * LITTLE, leg_cost=leg_cost
    )
    return problems


def _dear_to_leave_out(priced: PricedProblem) -> PricedProblem:
    """Make leaving an order out dearer than its last day, however dear days are."""
    orders = priced.problem.orders
    last_day = float(orders.way_delivered_day.max(initial=0))
    leave_out = orders.leave_out_usd + FASTEST_USD_PER_DAY * (last_day + 1.0)
    dear = replace(orders, leave_out_usd=leave_out)
    return replace(priced, problem=replace(priced.problem, orders=dear))


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole plan as it is weighed in one scenario.

    Parameters
    ----------
    name
        ``balanced``, ``cheapest``, ``fastest``, ``greenest`` or ``nearest``.
    plan
        The plan; its cost and bound are in the scenario's own weights.
    terms
        What it comes to at the weights given.
    mean_days
        Days until an order is there, on average over those planned. [d]
    """

    name: str
    plan: NetworkPlan
    terms: Terms
    mean_days: float


def scenarios(
    priced: PricedProblem, solve: Callable[[PricedProblem], NetworkPlan]
) -> list[Scenario]:
    """Plan everything once for each scenario, to be looked at side by side."""
    found = []
    delivered = priced.problem.orders.way_delivered_day
    for name, problem in scenario_problems(priced).items():
        plan = solve(problem)
        terms = evaluate(priced, plan.way, plan.candidate).terms
        ways = plan.way[plan.way >= 0]
        mean_days = float(delivered[ways].mean()) if len(ways) else np.inf
        found.append(Scenario(name, plan, terms, mean_days))
    return found


def knee_of(found: Sequence[Scenario]) -> str:
    """Name the scenario closest to the best money, days and emissions at once.

    What is late or left out counts as money: a plan is not cheaper for it.
    """
    figures = np.array(
        [
            (
                one.terms.money_usd + one.terms.left_out_usd + one.terms.lateness_usd,
                one.mean_days,
                one.terms.gco2e,
            )
            for one in found
        ]
    )
    low, high = figures.min(axis=0), figures.max(axis=0)
    scaled = (figures - low) / np.where(high > low, high - low, 1.0)
    return found[int(np.argmin((scaled**2).sum(axis=1)))].name
