"""What each way to plan comes to, as the planner's page shows it side by side."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.first_come import first_come
from nearmade.planning.network.plan import LEFT_OUT, NetworkPlan
from nearmade.planning.network.scenarios import Scenario, knee_of, scenarios
from nearmade.planning.network.solve import solve_network
from nearmade.planning.network.weights import PricedProblem

#: What is done without a planner, beside the scenarios.
UNPLANNED: Final = "unplanned"
BALANCED: Final = "balanced"


def solve_scenarios(
    priced: PricedProblem,
    *,
    seconds: float,
    clock: Callable[[], float],
    seed: int = 1,
    known: NetworkPlan | None = None,
) -> tuple[NetworkPlan, list[dict[str, Any]]]:
    """Plan every scenario: the balanced plan, and what each comes to.

    Parameters
    ----------
    priced
        The problem at the weights of the balanced plan.
    seconds
        For each scenario. [s]
    clock
        Seconds from any start; never falls. [s]
    known
        A plan that may stand, such as one that was sent: if no search finds a better
        one, it is the balanced one.
    """

    def solve(problem: PricedProblem) -> NetworkPlan:
        return solve_network(problem, seed=seed, seconds=seconds, clock=clock)

    found = scenarios(priced, solve)
    unplanned = _unplanned(priced)
    others = [unplanned]
    if known is not None:
        others.append(_scenario("known", priced, known))
    balanced = _best(found, others)
    found = [balanced if one.name == BALANCED else one for one in found]
    knee = knee_of(found)
    rows = [scenario_row(one, knee=one.name == knee) for one in found]
    return balanced.plan, [*rows, scenario_row(unplanned, knee=False)]


def _best(found: Sequence[Scenario], others: Sequence[Scenario]) -> Scenario:
    """Give the balanced scenario, with the best choices that any search has found.

    Its prices and their bound stay: they hold for every plan at these weights.
    """
    own = next(one for one in found if one.name == BALANCED)
    best = min((own, *found, *others), key=lambda one: one.terms.cost_usd)
    plan = replace(
        own.plan,
        way=best.plan.way,
        candidate=best.plan.candidate,
        cost_usd=best.terms.cost_usd,
    )
    return replace(own, plan=plan, terms=best.terms, mean_days=best.mean_days)


def _unplanned(priced: PricedProblem) -> Scenario:
    """Serve orders one after the other at the nearest place that has room."""
    return _scenario(UNPLANNED, priced, first_come(priced, rule="nearest"))


def _scenario(name: str, priced: PricedProblem, plan: NetworkPlan) -> Scenario:
    """Add up what a plan comes to."""
    terms = evaluate(priced, plan.way, plan.candidate).terms
    ways = plan.way[plan.way != LEFT_OUT]
    days = priced.problem.orders.way_delivered_day[ways]
    mean_days = float(days.mean()) if len(ways) else math.inf
    return Scenario(name, plan, terms, mean_days)


def scenario_row(scenario: Scenario, *, knee: bool) -> dict[str, Any]:
    """Give a scenario's figures as plain values."""
    terms = scenario.terms
    return {
        "key": scenario.name,
        "cost_usd": round(terms.cost_usd, 2),
        "money_usd": round(terms.money_usd, 2),
        "gco2e": round(terms.gco2e, 1),
        "mean_day": round(scenario.mean_days, 2)
        if math.isfinite(scenario.mean_days)
        else None,
        "late": terms.orders_late,
        "left_out": terms.orders_left_out,
        "central": terms.components_central,
        "knee": knee,
    }
