"""A network plan: what was chosen, at which prices, and how good it is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from nearmade.planning.network.problem import Floats, Ints, NetworkProblem

#: A component that is bought from a central factory.
CENTRAL = -1
#: An order that is left out, and each of its components.
LEFT_OUT = -2


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """What one more unit of each resource is worth, zero or more.

    Parameters
    ----------
    hour_usd
        Of the hours up to each day, shape (G, D). The hours that a component takes
        when it is ready on day ``t`` cost the sum over the days from ``t`` on. [USD/h]
    energy_usd
        Alike, shape (S, D). [USD/Wh]
    stock_usd
        Shape (R,). [USD/g]
    hub_usd
        Of the hours of one day, shape (H, A). [USD/h]
    component_usd
        Optional, shape (N,): what a component is worth; with these the bound by
        knapsacks holds beside the bound by hours. Empty where not used. [USD]
    use_usd
        Optional, shape (M, D): what a candidate that is ready on a day pays its group
        for the hours that it takes. [USD]
    way_usd
        Optional, shape (W,): what an order pays a hub for its hours under a way. With
        both the bound by packings of ``exact_bound`` holds beside the others; hours
        and hub hours at their prices are not needed for it. [USD]
    """

    hour_usd: Floats
    energy_usd: Floats
    stock_usd: Floats
    hub_usd: Floats
    component_usd: Floats
    use_usd: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    way_usd: Floats = field(default_factory=lambda: np.zeros(0))

    def of_resources(self) -> Prices:
        """Give the prices of resources alone, with which a search can begin."""
        none = np.zeros(0)
        return replace(self, component_usd=none, use_usd=np.zeros((0, 0)), way_usd=none)

    @classmethod
    def zero(cls, problem: NetworkProblem) -> Prices:
        """Give prices of zero for every resource of a problem."""
        resources = problem.resources
        return cls(
            np.zeros_like(resources.group_hours),
            np.zeros_like(resources.site_energy_wh),
            np.zeros_like(resources.stock_g),
            np.zeros_like(resources.hub_hours),
            np.zeros(0),
        )


@dataclass(frozen=True, slots=True, eq=False)
class NetworkPlan:
    """What was chosen for every order and component.

    Parameters
    ----------
    way
        Way of each order, shape (O,); ``LEFT_OUT`` where it is left out.
    candidate
        Candidate of each component, shape (N,); ``CENTRAL`` where it is bought,
        ``LEFT_OUT`` with its order.
    prices
        Shadow prices that prove the bound.
    cost_usd
        What the objective comes to. [USD]
    bound_usd
        What no plan can undercut at these weights. [USD]
    """

    way: Ints
    candidate: Ints
    prices: Prices
    cost_usd: float
    bound_usd: float

    @property
    def gap_fraction(self) -> float:
        """How far the cost may be above the best: cost over bound, less one."""
        if self.cost_usd <= self.bound_usd:
            return 0.0
        return self.cost_usd / self.bound_usd - 1 if self.bound_usd > 0 else np.inf
