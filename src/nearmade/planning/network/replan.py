"""A plan carried on: what has begun stays, promises are kept, moves cost something.

What may not be chosen any more costs more than leaving an order out, so that the rest
is an ordinary problem again. Orders whose day cannot be kept are searched a second time
with all days open to them: later is better than never.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.insertion import Insertion
from nearmade.planning.network.plan import LEFT_OUT, NetworkPlan
from nearmade.planning.network.problem import (
    NO_LEG,
    Floats,
    Ints,
    NetworkProblem,
)
from nearmade.planning.network.weights import PricedProblem, price_problem
from nearmade.vocabulary.errors import InvalidInput

Bools = NDArray[np.bool_]
Solve = Callable[[PricedProblem], NetworkPlan]


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """What may not change any more, and what changing the rest costs.

    Parameters
    ----------
    started
        Components that are being made or made, shape (N,): machine and order's way
        stay.
    promised
        Orders whose delivery day may not grow later, shape (O,).
    failed_sites
        Sites that make nothing more; what has begun there is lost and placed again.
    move_usd
        What moving a component to another machine costs in the objective, zero or
        more. [USD]
    """

    started: Bools
    promised: Bools
    failed_sites: Ints
    move_usd: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.move_usd < np.inf:
            raise InvalidInput(f"replan: move_usd {self.move_usd} must be zero or more")


@dataclass(frozen=True, slots=True, eq=False)
class Replanned:
    """A plan that was carried on.

    Parameters
    ----------
    plan
        The new plan, in terms of the problem without the failed sites; its bound is
        that of what is still open, moves and promises counted.
    priced
        The problem that it is evaluated against.
    moved
        Components that changed their candidate, shape (N,).
    later
        Orders delivered later than before, shape (O,); none of those promised unless
        a site's failure left no other way.
    left_out
        Orders that were planned and are left out now, shape (O,).
    """

    plan: NetworkPlan
    priced: PricedProblem
    moved: Bools
    later: Bools
    left_out: Bools


def replan(
    priced: PricedProblem, plan: NetworkPlan, standing: Standing, solve: Solve
) -> Replanned:
    """Search again for all that is open.

    Parameters
    ----------
    priced, plan
        The problem at its weights, and the plan until now.
    standing
        What may not change.
    solve
        Searches a plan for a problem; the better of it and of the old plan mended by
        insertion is taken. Asked a second time where a day cannot be kept.

    Raises
    ------
    InvalidInput
        When marks do not fit the problem.
    """
    _check(priced, plan, standing)
    problem = without_sites(priced.problem, standing.failed_sites)
    free = price_problem(problem, priced.weights)
    started = standing.started & ~_lost(priced, plan, standing)
    nobody = np.zeros(len(plan.way), np.bool_)
    pinned = _pinned(free, plan, started, standing, nobody)
    best = _better(_mended(pinned, plan, started), solve(pinned))
    broken = standing.promised & ~_kept(problem, plan, best)
    broken |= _begun(problem, started) & (best.way == LEFT_OUT)
    if broken.any():
        pinned = _pinned(free, plan, started, standing, broken)
        best = _better(_mended(pinned, best, started), solve(pinned))
    moved = (best.candidate != plan.candidate) & (plan.candidate != LEFT_OUT)
    out = (best.way == LEFT_OUT) & (plan.way != LEFT_OUT)
    later = ~_kept(problem, plan, best) & ~out & (plan.way != LEFT_OUT)
    return Replanned(best, pinned, moved, later, out)


def _better(mended: NetworkPlan, found: NetworkPlan) -> NetworkPlan:
    """Give the cheaper plan with the prices of the better bound."""
    proof = found if found.bound_usd >= mended.bound_usd else mended
    best = min((found, mended), key=lambda one: one.cost_usd)
    return replace(best, prices=proof.prices, bound_usd=proof.bound_usd)


def begun_by(problem: NetworkProblem, plan: NetworkPlan, day: int) -> Bools:
    """Tell which components are to be ready by a day: these have begun, shape (N,)."""
    sizes = np.diff(problem.orders.first_component)
    way = np.repeat(plan.way, sizes)
    begun = np.zeros(len(plan.candidate), np.bool_)
    made = np.flatnonzero((plan.candidate >= 0) & (way >= 0))
    slot = problem.orders.way_slot[way[made]].astype(np.intp)
    leg = problem.candidates.leg_days[plan.candidate[made], slot].astype(np.int64)
    ready = problem.orders.way_day[way[made]] - 1 - leg
    begun[made] = np.minimum(ready, problem.resources.group_hours.shape[1] - 1) <= day
    return begun


def _check(priced: PricedProblem, plan: NetworkPlan, standing: Standing) -> None:
    orders = len(priced.problem.orders.due_day)
    parts = len(priced.problem.candidates.first_candidate) - 1
    if standing.started.shape != (parts,) or standing.promised.shape != (orders,):
        raise InvalidInput("replan: one mark for each component and each order")
    if plan.way.shape != (orders,) or plan.candidate.shape != (parts,):
        raise InvalidInput("replan: the plan is of another problem")
    sites = len(priced.problem.resources.site_energy_wh)
    failed = standing.failed_sites
    if len(failed) and not (failed.min() >= 0 and failed.max() < sites):
        raise InvalidInput("replan: a failed site is none of the network")


def _lost(priced: PricedProblem, plan: NetworkPlan, standing: Standing) -> Bools:
    """Tell which components stand at a failed site."""
    lost = np.zeros(len(plan.candidate), np.bool_)
    made = plan.candidate >= 0
    problem = priced.problem
    site = problem.resources.group_site[problem.candidates.group[plan.candidate[made]]]
    lost[made] = np.isin(site, standing.failed_sites)
    return lost


def without_sites(problem: NetworkProblem, failed: Ints) -> NetworkProblem:
    """Give a problem in which some sites have no hours, and nothing leaves them."""
    if not len(failed):
        return problem
    resources, candidates = problem.resources, problem.candidates
    dead = np.isin(resources.group_site, failed)
    hours = np.where(dead[:, None], 0.0, resources.group_hours)
    leg_days = candidates.leg_days.copy()
    leg_days[dead[candidates.group]] = NO_LEG
    return replace(
        problem,
        resources=replace(resources, group_hours=hours),
        candidates=replace(candidates, leg_days=leg_days),
    )


def _begun(problem: NetworkProblem, started: Bools) -> Bools:
    """Tell which orders have a component that has begun."""
    sizes = np.diff(problem.orders.first_component)
    begun = np.zeros(len(sizes), np.bool_)
    begun[np.repeat(np.arange(len(sizes)), sizes)[started]] = True
    return begun


def _pinned(
    priced: PricedProblem,
    plan: NetworkPlan,
    started: Bools,
    standing: Standing,
    lifted: Bools,
) -> PricedProblem:
    """Close what may not be chosen any more, and charge moves.

    Ways other than that of an order that has begun, ways later than a promise, and
    candidates other than that of a component that has begun cost more than leaving the
    order out, so that no search takes them while any other is there. Orders that are
    ``lifted`` may take any way, and are left out only where none is to be had.
    """
    orders, candidates = priced.problem.orders, priced.problem.candidates
    order_of_way = np.repeat(np.arange(len(orders.due_day)), np.diff(orders.first_way))
    begun = _begun(priced.problem, started)
    part_of = np.repeat(np.arange(len(started)), np.diff(candidates.first_candidate))
    own = np.zeros(len(part_of), np.bool_)
    own[plan.candidate[plan.candidate >= 0]] = True
    made = plan.candidate >= 0
    closed = started[part_of] & made[part_of] & ~own
    making = priced.making_cost + standing.move_usd * (made[part_of] & ~own)
    leg_days = candidates.leg_days.copy()
    leg_days[closed] = NO_LEG
    central_cost = priced.central_cost.copy()
    central_cost[started & made] = np.inf
    central_cost[~started & made] += standing.move_usd
    kept = np.maximum(plan.way, 0)
    delivered = np.where(plan.way >= 0, orders.way_delivered_day[kept], np.inf)
    own_way = plan.way[order_of_way] == np.arange(len(order_of_way))
    closed_way = begun[order_of_way] & ~own_way
    late = orders.way_delivered_day > delivered[order_of_way]
    closed_way |= standing.promised[order_of_way] & late
    closed_way &= ~lifted[order_of_way]
    barrier = _barrier(priced)
    way_cost = priced.way_cost + np.where(closed_way, barrier, 0.0)
    leave_out = orders.leave_out_usd + np.where(begun | standing.promised, barrier, 0.0)
    problem = replace(
        priced.problem,
        orders=replace(orders, leave_out_usd=leave_out),
        candidates=replace(candidates, leg_days=leg_days),
    )
    return replace(
        priced,
        problem=problem,
        way_cost=way_cost,
        making_cost=making,
        central_cost=central_cost,
    )


def _barrier(priced: PricedProblem) -> float:
    """Give a cost above that of any single order's free choice. [USD]"""
    ways = float(priced.way_cost.max(initial=0.0))
    sizes = int(np.diff(priced.problem.orders.first_component).max(initial=1))
    central = priced.central_cost[np.isfinite(priced.central_cost)]
    dearest = float(central.max(initial=0.0)) + float(priced.making_cost.max(initial=0))
    left_out = float(priced.problem.orders.leave_out_usd.max(initial=0.0))
    return 2.0 * (ways + sizes * dearest + left_out + 1.0)


def _mended(priced: PricedProblem, plan: NetworkPlan, started: Bools) -> NetworkPlan:
    """Keep the old plan, and insert the orders that lost something anew."""
    evaluation = evaluate(priced, plan.way, plan.candidate)
    broken = evaluation.order_fault > 0
    starts = priced.problem.orders.first_component[:-1]
    broken |= np.add.reduceat(evaluation.component_fault, starts) > 0
    order_of_part = np.repeat(
        np.arange(len(plan.way)), np.diff(priced.problem.orders.first_component)
    )
    way = np.where(broken, LEFT_OUT, plan.way).astype(np.int32)
    candidate = np.where(broken[order_of_part], LEFT_OUT, plan.candidate)
    prices = plan.prices.of_resources()
    kept = replace(plan, way=way, candidate=candidate.astype(np.int32), prices=prices)
    insertion = Insertion(priced, prices, plan=kept, fixed=started)
    insertion.insert_all(np.flatnonzero(way == LEFT_OUT).astype(np.int32))
    return insertion.plan()


def _kept(problem: NetworkProblem, before: NetworkPlan, after: NetworkPlan) -> Bools:
    """Tell which orders are there no later than before, shape (O,)."""
    days: Floats = problem.orders.way_delivered_day.astype(float)

    def there(way: Ints) -> Floats:
        return np.where(way >= 0, days[np.maximum(way, 0)], np.inf)

    kept: Bools = there(after.way) <= there(before.way)
    return kept
