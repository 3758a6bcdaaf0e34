"""Check a plan from the data and its published prices alone, without any solver."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from nearmade.planning.network.bound import check_prices, lower_bound
from nearmade.planning.network.evaluate import (
    FAULTS,
    Evaluation,
    evaluate,
)
from nearmade.planning.network.exact_bound import (
    check_payments,
    has_payments,
    payments_bound,
)
from nearmade.planning.network.knapsacks import better_bound
from nearmade.planning.network.plan import NetworkPlan
from nearmade.planning.network.weights import PricedProblem
from nearmade.vocabulary.errors import InvalidInput

#: A stated figure may differ from the recomputed one by this share.
STATED_TOLERANCE: Final = 1e-6
#: Faults told one by one; the rest are counted.
TOLD: Final = 20


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What a plan's check found.

    Parameters
    ----------
    faults
        What is wrong, in words; none where the plan stands as it is stated.
    evaluation
        Terms, use and faults, recomputed; none where it could not be added up.
    bound_usd
        Lower bound at the plan's prices, recomputed. [USD]
    by_hours_usd
        The bound that hours at their prices alone prove. [USD]
    """

    faults: tuple[str, ...]
    evaluation: Evaluation | None
    bound_usd: float
    by_hours_usd: float = -np.inf

    @property
    def stands(self) -> bool:
        """Whether the plan is allowed, and costs and proves what it states."""
        return not self.faults

    @property
    def gap_fraction(self) -> float:
        """Recomputed cost over recomputed bound, less one."""
        if self.evaluation is None:
            return np.inf
        cost_usd = self.evaluation.terms.cost_usd
        if cost_usd <= self.bound_usd:
            return 0.0
        return cost_usd / self.bound_usd - 1 if self.bound_usd > 0 else np.inf


def verify(priced: PricedProblem, plan: NetworkPlan) -> Verdict:
    """Recompute a plan's feasibility, cost and bound, and compare what it states."""
    try:
        evaluation = evaluate(priced, plan.way, plan.candidate)
    except InvalidInput as error:
        return Verdict((error.message,), None, -np.inf)
    faults = [*_told(_faults(evaluation))]
    bound = by_hours = -np.inf
    try:
        check_prices(priced.problem, plan.prices)
        if has_payments(plan.prices):
            check_payments(priced.problem, plan.prices)
        by_hours = lower_bound(priced, plan.prices)
        bound = proven_bound(priced, plan, by_hours)
    except InvalidInput as error:
        faults.append(error.message)
    stated = {
        "cost": (plan.cost_usd, evaluation.terms.cost_usd),
        "bound": (plan.bound_usd, bound),
    }
    for name, (told, true) in stated.items():
        if not abs(told - true) <= STATED_TOLERANCE * max(1.0, abs(true)):
            faults.append(f"{name}: stated {told:.4f} USD, it is {true:.4f} USD")
    return Verdict(tuple(faults), evaluation, bound, by_hours)


def proven_bound(
    priced: PricedProblem, plan: NetworkPlan, by_hours_usd: float | None = None
) -> float:
    """Give the best bound that a plan's prices prove: by hours or packings. [USD]

    The bound by hours may be told where it is known already.
    """
    bound = by_hours_usd
    if bound is None:
        bound = lower_bound(priced, plan.prices)
    if plan.prices.component_usd.size:
        bound = better_bound(priced, plan.prices, bound)
    if has_payments(plan.prices):
        bound = max(bound, payments_bound(priced, plan.prices))
    return bound


def _told(faults: Iterator[str]) -> Iterator[str]:
    """Pass the first faults on, and count the others."""
    more = 0
    for number, fault in enumerate(faults):
        if number < TOLD:
            yield fault
        else:
            more += 1
    if more:
        yield f"and {more} more"


def _faults(evaluation: Evaluation) -> Iterator[str]:
    """Put every fault of a plan into words, by index."""
    for name, faults in (
        ("order", evaluation.order_fault),
        ("component", evaluation.component_fault),
    ):
        for index in np.flatnonzero(faults).tolist():
            yield f"{name} {index} {FAULTS[int(faults[index])]}"
    for resource, row, day, used, there in evaluation.over:
        yield f"{resource} {row} up to day {day}: {used:.6g} used, {there:.6g} there"
