"""The same orders planned for money, for time, for the climate: side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.first_come import first_come
from nearmade.planning.network.plan import LEFT_OUT, NetworkPlan
from nearmade.planning.network.plan_record import Made
from nearmade.planning.network.solve import solve_network
from nearmade.planning.network.weights import Weights, price_problem

#: What is weighed in each scenario; money keeps a little weight, so that of two plans
#: equally soon or clean the cheaper one is taken.
WEIGHTS: Final = {
    "balanced": Weights(),
    "cheapest": Weights(carbon_usd_per_t=0.0, lateness_usd_per_day=0.0),
    "fastest": Weights(
        money=0.01,
        carbon_usd_per_t=0.0,
        time_usd_per_day=10.0,
        lateness_usd_per_day=10.0,
    ),
    "greenest": Weights(
        money=0.01, carbon_usd_per_t=10_000.0, lateness_usd_per_day=0.0
    ),
}
#: Who serves orders one after the other at the nearest place, as without a planner.
NEAREST: Final = "nearest"
#: Measures that the knee is sought between.
_KNEE_OF: Final = ("money_usd", "gco2e", "mean_day", "late")


@dataclass(frozen=True, slots=True)
class Scenario:
    """What one way to plan comes to.

    Parameters
    ----------
    key
        Of ``WEIGHTS``, or ``nearest``.
    money_usd
        What is truly paid. [USD]
    gco2e
        Of all that is made and carried. [gCO2e]
    mean_day
        Day of delivery, the mean of the orders that are made. [d]
    late, left_out, central
        Orders late, orders left out, components bought.
    knee
        True of the one that is best between all.
    """

    key: str
    money_usd: float
    gco2e: float
    mean_day: float
    late: int
    left_out: int
    central: int
    knee: bool = False


def solve_scenarios(
    made: Made, *, seconds: float, clock: Callable[[], float], seed: int = 1
) -> tuple[NetworkPlan, list[dict[str, Any]]]:
    """Plan every scenario: the balanced plan, and what each comes to."""
    found: list[Scenario] = []
    balanced: NetworkPlan | None = None
    for key, weights in WEIGHTS.items():
        priced = price_problem(made.problem, weights)
        plan = solve_network(priced, seed=seed, seconds=seconds, clock=clock)
        if key == "balanced":
            balanced = plan
        found.append(scenario_of(key, made, plan))
    nearest = first_come(price_problem(made.problem, Weights()), rule="nearest")
    found.append(scenario_of(NEAREST, made, nearest))
    assert balanced is not None
    best = knee_of(found)
    return balanced, [
        {**asdict(each), "knee": n == best} for n, each in enumerate(found)
    ]


def scenario_of(key: str, made: Made, plan: NetworkPlan) -> Scenario:
    """Measure a plan in plain figures, whatever it was weighed by."""
    terms = evaluate(
        price_problem(made.problem, Weights()), plan.way, plan.candidate
    ).terms
    way = plan.way[plan.way != LEFT_OUT]
    days = made.problem.orders.way_delivered_day[way]
    return Scenario(
        key,
        round(terms.money_usd, 2),
        round(terms.gco2e, 1),
        round(float(days.mean()), 2) if len(days) else 0.0,
        terms.orders_late,
        terms.orders_left_out,
        terms.components_central,
    )


def knee_of(scenarios: Sequence[Scenario]) -> int:
    """Give the place of the one nearest to the best of every measure at once.

    Only those that leave out the fewest orders are compared: who makes less pays less.
    """
    fewest = min(each.left_out for each in scenarios)
    some = [n for n, each in enumerate(scenarios) if each.left_out == fewest]
    table = np.array(
        [[getattr(scenarios[n], name) for name in _KNEE_OF] for n in some], dtype=float
    )
    low, high = table.min(axis=0), table.max(axis=0)
    spread = np.where(high > low, high - low, 1.0)
    away = (((table - low) / spread) ** 2).sum(axis=1)
    return some[int(np.argmin(away))]
