"""Payments that raise the bound by packings, by the volume algorithm.

From the payments that hours at their prices come to, or those of a linear program with
cuts where they prove more, along the average of what orders
want and groups and hubs pack. Worth its time for some hundred components: there a
machine holds so few pieces that splitting them makes the bound by hours loose.

References
----------
F. Barahona, R. Anbil, "The volume algorithm: producing primal solutions with a
subgradient method", Mathematical Programming 87 (2000), doi:10.1007/s101070050002.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from nearmade.planning.network.bound import lower_bound
from nearmade.planning.network.exact_bound import (
    Payments,
    payments_at,
    payments_bound,
)
from nearmade.planning.network.exact_program import cut_payments
from nearmade.planning.network.plan import NetworkPlan, Prices
from nearmade.planning.network.problem import Floats
from nearmade.planning.network.weights import PricedProblem

#: States of a packing while payments rise; the last bound is taken with more.
WIDTH: Final = 300
#: First step, as a share of the way to the target; steps without a better bound after
#: which it is cut, by how much; and the step at which the ascent ends.
STEP: Final = 0.05
PATIENCE: Final = 10
#: The same before the first gain, while the average of what is wanted still forms.
IMPATIENCE: Final = 20
CUT: Final = 0.66
LAST_STEP: Final = 1e-5
#: Most that the newest packing counts in the average.
SHARE: Final = 0.1
#: Evaluations, at most, and how many without a gain of so large a share end it.
STEPS: Final = 600
STALLED: Final = 250
LEAST_GAIN: Final = 1e-5
#: Largest problem that is worth it: components, and candidates times days.
MOST_COMPONENTS: Final = 1000
MOST_USES: Final = 60_000


def is_small(priced: PricedProblem) -> bool:
    """Tell whether a problem is so small that payments are worth their time."""
    problem = priced.problem
    uses = len(problem.candidates.hours) * problem.resources.group_hours.shape[1]
    parts = len(problem.candidates.first_candidate) - 1
    return 0 < parts <= MOST_COMPONENTS and 0 < uses <= MOST_USES


def strengthen(
    priced: PricedProblem, plan: NetworkPlan, go_on: Callable[[float], bool]
) -> NetworkPlan:
    """Give a plan with payments, where its problem is small and its bound gains.

    Parameters
    ----------
    priced, plan
        The problem at its weights, and a plan of it whose bound is not proven best.
    go_on
        Is told the bound and asked after each step; False ends the ascent. [USD]
    """
    tight = plan.cost_usd - plan.bound_usd <= LEAST_GAIN * abs(plan.cost_usd)
    if tight or not is_small(priced):
        return plan
    prices = plan.prices.of_resources()
    bound = plan.bound_usd
    program = cut_payments(priced, lambda: go_on(plan.bound_usd))
    start: tuple[Floats, Floats] | None = None
    if program is not None:
        by_program, *payments = program
        if lower_bound(priced, by_program) > lower_bound(priced, prices):
            prices = by_program
            bound = max(bound, lower_bound(priced, prices))
        start = payments[0], payments[1]
    paid, paid_bound = raise_payments(
        priced, prices, plan.cost_usd, most_steps=STEPS, go_on=go_on, start=start
    )
    if paid_bound > bound + LEAST_GAIN * abs(bound):
        return replace(plan, prices=paid, bound_usd=paid_bound)
    if bound > plan.bound_usd:
        return replace(plan, prices=prices, bound_usd=bound)
    return plan


def raise_payments(
    priced: PricedProblem,
    prices: Prices,
    target_usd: float,
    *,
    most_steps: int,
    go_on: Callable[[float], bool],
    start: tuple[Floats, Floats] | None = None,
) -> tuple[Prices, float]:
    """Give prices with payments, and the bound that they prove.

    Parameters
    ----------
    priced
        The problem at its weights.
    prices
        Of resources; payments start from them.
    target_usd
        Cost of a plan, which no bound passes. [USD]
    most_steps
        Evaluations of the bound, at most.
    go_on
        Is told the bound and asked after each step; False ends the ascent.
    start
        Payments to groups and to hubs, taken where they prove more. [USD]
    """
    payments = Payments(priced, prices, WIDTH)
    first = payments_at(priced, prices)
    if start is not None and payments.bound_at(*start) > payments.bound_at(*first):
        first = start
    ascent = _Ascent(payments, first, target_usd)
    for _ in range(most_steps):
        if not ascent.step() or not go_on(ascent.bound):
            break
    use_usd, way_usd = payments.split(ascent.paid)
    paid = replace(prices, use_usd=use_usd, way_usd=way_usd)
    return paid, payments_bound(priced, paid)


class _Ascent:
    """Where the ascent stands: the best payments, their bound, the average lack."""

    def __init__(
        self, payments: Payments, start: tuple[Floats, Floats], target: float
    ) -> None:
        self._payments, self._target = payments, target
        self.paid = payments.joined(*start)
        self.bound = payments.bound_at(*start)
        self._lack = payments.lacks()
        self._step, self._misses = STEP, 0
        self._since, self._mark = 0, self.bound
        self._gained = False

    def step(self) -> bool:
        """Try other payments; whether there is more to try."""
        length = float(self._lack @ self._lack)
        if length <= 1e-12 or self._step < LAST_STEP or self._stalled():
            return False
        short = max(self._target - self.bound, 1e-4 * abs(self._target))
        trial = np.maximum(0.0, self.paid + self._step * short / length * self._lack)
        bound = self._payments.bound_at(*self._payments.split(trial))
        slope = self._payments.lacks()
        change = slope - self._lack
        agrees = float(self._lack @ slope) >= 0
        square = float(change @ change)
        share = SHARE
        if square > 1e-12:
            share = min(max(-float(self._lack @ change) / square, 0.1 * SHARE), SHARE)
        self._lack += share * change
        if bound > self.bound:
            self.paid, self.bound, self._misses = trial, bound, 0
            self._gained = True
            if agrees:
                self._step = min(2.0, 1.1 * self._step)
            return True
        self._misses += 1
        if self._misses >= (PATIENCE if self._gained else IMPATIENCE):
            self._step, self._misses = CUT * self._step, 0
        return True

    def _stalled(self) -> bool:
        """Tell whether too many steps have brought next to nothing."""
        if self.bound > self._mark + LEAST_GAIN * abs(self._mark):
            self._since, self._mark = 0, self.bound
        self._since += 1
        return self._since > STALLED
