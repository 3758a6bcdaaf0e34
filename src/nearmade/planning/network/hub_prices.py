"""Prices of hours, energy, stock and hubs where orders choose among hubs and days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nearmade.planning.network.hub_ascent import ascend
from nearmade.planning.network.hub_dual import (
    FlatPrices,
    Values,
    flat_prices,
    room_for,
    soft_pass,
    value_list,
)
from nearmade.planning.network.hub_list import ChoiceList, shortlist
from nearmade.planning.network.plan import Prices
from nearmade.planning.network.problem import Floats, Resources
from nearmade.planning.network.weights import PricedProblem

#: Smoothing, as shares of the mean order's least cost, and passes at each.
STAGES = ((0.02, 25), (0.006, 35), (0.002, 50), (0.0007, 60), (0.0003, 60))
#: The same with several days of making, where many prices matter a little; from the
#: number of stages told on over a shortlist, within so many times the mean order's
#: least cost of the best for rows and for entries.
STAGES_BY_DAY = (*STAGES[:3], (0.0007, 100), (0.0003, 150), (0.0001, 200))
SHORT_FROM, SHORT_ROWS, SHORT_ENTRIES = 3, 0.5, 0.2
#: Stages left out where prices start from earlier ones.
WARM = 2
#: Mean first step, as a share of the mean order's cost, over the mean order's hours.
FIRST_STEP = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """The limited resources as one flat vector: hours, energy, stock, hubs.

    Parameters
    ----------
    capacity
        Up to each day for hours and energy; zero where unlimited.
    limited
        Where a price may be above zero.
    resources
        What they come from.
    """

    capacity: Floats
    limited: NDArray[np.bool_]
    resources: Resources

    @classmethod
    def of(cls, resources: Resources) -> Limits:
        """Lay out the limits of a problem's resources."""
        whole = np.concatenate(
            [
                np.cumsum(resources.group_hours, axis=1).ravel(),
                np.cumsum(resources.site_energy_wh, axis=1).ravel(),
                resources.stock_g,
                resources.hub_hours.ravel(),
            ]
        )
        limited = np.isfinite(whole)
        return cls(np.where(limited, whole, 0.0), limited, resources)

    def prices(self, flat: Floats) -> Prices:
        """Give the flat prices by resource."""
        resources = self.resources
        parts = self._parts(flat)
        return Prices(
            parts[0].reshape(resources.group_hours.shape),
            parts[1].reshape(resources.site_energy_wh.shape),
            parts[2],
            parts[3].reshape(resources.hub_hours.shape),
            np.zeros(0),
        )

    def flat(self, prices: Prices) -> Floats:
        """Lay prices out flat; zero where nothing is limited."""
        whole = np.concatenate(
            [
                prices.hour_usd.ravel(),
                prices.energy_usd.ravel(),
                prices.stock_usd,
                prices.hub_usd.ravel(),
            ]
        )
        return np.where(self.limited, whole, 0.0)

    def use(self, use: FlatPrices) -> Floats:
        """Sum what is used up to each day, in the order of the limits."""
        resources = self.resources
        hours = use.hour[:-1].reshape(resources.group_hours.shape)
        energy = use.energy[:-1].reshape(resources.site_energy_wh.shape)
        return np.concatenate(
            [
                np.cumsum(hours, axis=1).ravel(),
                np.cumsum(energy, axis=1).ravel(),
                use.stock[:-1],
                use.hub[:-1],
            ]
        )

    def _parts(self, flat: Floats) -> list[Floats]:
        resources = self.resources
        sizes = (
            resources.group_hours.size,
            resources.site_energy_wh.size,
            resources.stock_g.size,
        )
        return np.split(flat, np.cumsum(sizes))


@dataclass(frozen=True, slots=True, eq=False)
class PriceSearch:
    """Prices that were found, and the bound they prove.

    Parameters
    ----------
    prices
        Of every limited resource.
    bound_usd
        Lower bound at the prices. [USD]
    mean_usd
        Mean order's least cost at prices of zero; 1 where that is nothing. [USD]
    """

    prices: Prices
    bound_usd: float
    mean_usd: float


def exact_bound(choices: ChoiceList, limits: Limits, flat: Floats) -> float:
    """Give the bound at flat prices over the whole list of choices. [USD]"""
    values = room_for(choices)
    total = value_list(choices, flat_prices(limits.prices(flat)), values)
    return total - float((flat * limits.capacity).sum())


def mean_cost(choices: ChoiceList, limits: Limits) -> float:
    """Give the mean order's least cost at prices of zero; 1 where it is nothing."""
    flat = flat_prices(limits.prices(np.zeros(limits.capacity.size)))
    total = value_list(choices, flat, room_for(choices))
    return total / max(1, choices.leave_out.size) or 1.0


def find_prices(
    priced: PricedProblem,
    choices: ChoiceList,
    *,
    start: Prices | None = None,
    stages: tuple[tuple[float, int], ...] | None = None,
    go_on: Callable[[float], bool] = lambda bound_usd: True,
) -> PriceSearch:
    """Raise the bound by its prices, with ever less smoothing.

    Parameters
    ----------
    priced, choices
        The problem, and the whole list of its choices.
    start
        Prices to start from; zero where not told.
    stages
        Smoothing as a share of the mean order's cost, and passes; where not told, all
        of ``STAGES``, and with a start the later ones.
    go_on
        Is told the bound after each stage, and says whether another may follow.
    """
    scale = _price_scale(priced)
    limits = Limits.of(priced.problem.resources)
    flat = np.zeros(limits.capacity.size) if start is None else limits.flat(start)
    weights = room_for(choices)
    mean_usd = mean_cost(choices, limits)
    best, best_bound = flat, exact_bound(choices, limits, flat)
    by_day = stages is None and priced.problem.resources.group_hours.shape[1] > 1
    if stages is None:
        stages = STAGES_BY_DAY if by_day else STAGES
        stages = stages if start is None else stages[WARM:]
    short_from = SHORT_FROM - (WARM if start is not None else 0)
    played = choices
    for stage, (share, passes) in enumerate(stages):
        if by_day and stage >= short_from:
            played = _in_play(choices, limits, best, mean_usd)
            weights = room_for(played)

        def smoothed(
            scaled: Floats,
            eta: float = share * mean_usd,
            played: ChoiceList = played,
            weights: Values = weights,
        ) -> tuple[float, Floats]:
            at = scaled * scale
            total, use = soft_pass(played, flat_prices(limits.prices(at)), eta, weights)
            slope = np.where(limits.limited, limits.use(use) - limits.capacity, 0.0)
            return total - float((at * limits.capacity).sum()), slope * scale

        flat = scale * ascend(smoothed, flat / scale, passes, FIRST_STEP * mean_usd)
        bound = exact_bound(choices, limits, flat)
        if bound > best_bound:
            best, best_bound = flat, bound
        if not go_on(best_bound):
            break
    return PriceSearch(limits.prices(best), best_bound, mean_usd)


def _in_play(
    choices: ChoiceList, limits: Limits, flat: Floats, mean_usd: float
) -> ChoiceList:
    """Keep the choices that prices near the given ones may make the best."""
    values = room_for(choices)
    value_list(choices, flat_prices(limits.prices(flat)), values)
    return shortlist(
        choices,
        values.row,
        values.cell,
        values.entry,
        SHORT_ROWS * mean_usd,
        SHORT_ENTRIES * mean_usd,
    )


def _price_scale(priced: PricedProblem) -> Floats:
    """Give a price for each resource at which typical uses cost alike."""
    problem = priced.problem
    resources, candidates = problem.resources, problem.candidates

    def each(amount: Floats) -> float:
        used = amount[amount > 0]
        return 1.0 / float(used.mean()) if used.size else 1.0

    return np.concatenate(
        [
            np.full(resources.group_hours.size, each(candidates.hours)),
            np.full(resources.site_energy_wh.size, each(candidates.energy_wh)),
            np.full(resources.stock_g.size, each(candidates.stock_g)),
            np.full(resources.hub_hours.size, each(problem.orders.assembly_hours)),
        ]
    )
