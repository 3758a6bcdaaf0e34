"""What a plan minimises: money, carbon, time and lateness at their prices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nearmade.planning.network.problem import Floats, Floats32, NetworkProblem
from nearmade.vocabulary.errors import InvalidInput

GRAMS_PER_TONNE = 1_000_000.0


@dataclass(frozen=True, slots=True)
class Weights:
    """Prices of what is not money.

    Parameters
    ----------
    money
        Weight of money itself, one unless scenarios are compared; zero or more.
    carbon_usd_per_t
        Zero or more. [USD/tCO2e]
    time_usd_per_day
        Value of having an order a day sooner, zero or more. [USD/d]
    lateness_usd_per_day
        For each order and day past its due day, zero or more. [USD/d]

    Raises
    ------
    InvalidInput
        When one is below zero or no number.
    """

    money: float = 1.0
    carbon_usd_per_t: float = 100.0
    time_usd_per_day: float = 0.0
    lateness_usd_per_day: float = 10.0

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if not 0 <= getattr(self, name) < np.inf:
                raise InvalidInput(f"{name} {getattr(self, name)} must be zero or more")


@dataclass(frozen=True, slots=True, eq=False)
class PricedProblem:
    """A problem with every choice's cost in the objective.

    Parameters
    ----------
    way_cost
        Of each way, with time and lateness, shape (W,). [USD]
    making_cost
        Of each candidate, shape (M,). [USD]
    leg_cost
        Of each candidate and slot, shape (M, K). [USD]
    central_cost
        Of each component and slot, shape (N, K). [USD]
    carriage_cost
        What of ``leg_cost`` is carriage; none where all of it is. [USD]
    """

    problem: NetworkProblem
    weights: Weights
    way_cost: Floats
    making_cost: Floats
    leg_cost: Floats32
    central_cost: Floats
    carriage_cost: Floats32 | None = None


def price_problem(problem: NetworkProblem, weights: Weights) -> PricedProblem:
    """Weigh money, carbon, time and lateness into one cost for each choice."""
    orders, candidates = problem.orders, problem.candidates
    gram_usd = weights.carbon_usd_per_t / GRAMS_PER_TONNE
    due_day = np.repeat(orders.due_day, np.diff(orders.first_way)).astype(float)
    delivered_day = orders.way_delivered_day.astype(float)
    late_days = np.maximum(0.0, delivered_day - due_day)
    way_cost = (
        weights.money * orders.way_usd
        + gram_usd * orders.way_gco2e
        + weights.time_usd_per_day * delivered_day
        + weights.lateness_usd_per_day * late_days
    )
    leg_cost = np.float32(weights.money) * candidates.leg_usd
    leg_cost += np.float32(gram_usd) * candidates.leg_gco2e
    carriage_cost = None
    if candidates.power_usd is not None and candidates.power_gco2e is not None:
        carriage_cost = leg_cost - np.float32(weights.money) * candidates.power_usd
        carriage_cost -= np.float32(gram_usd) * candidates.power_gco2e
    sold = np.isfinite(candidates.central_usd)
    central_cost = np.full_like(candidates.central_usd, np.inf)
    central_cost[sold] = (
        weights.money * candidates.central_usd[sold]
        + gram_usd * candidates.central_gco2e[sold]
    )
    return PricedProblem(
        problem,
        weights,
        way_cost,
        weights.money * candidates.making_usd + gram_usd * candidates.making_gco2e,
        leg_cost,
        central_cost,
        carriage_cost,
    )
