"""Life-cycle cost to a household or a site: payback, net present value, return.

The cost of a product is its filament and its electricity, failed builds included; what
it saves is the price in a shop less that cost; machines, panels and batteries are
bought, kept up and replaced at the end of their lives.

References
----------
.. [1] Wittbrodt et al. 2013, Mechatronics 23(6) 713,
   doi:10.1016/j.mechatronics.2013.06.002 (household, products of one year).
.. [2] Petersen & Pearce 2017, Technologies 5(1) 7,
   doi:10.3390/technologies5010007 (return over five years).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import lambertw

from nearmade.impact.draws import Chance, estimate_draws
from nearmade.impact.household import MAX_YEARS, Asset, Household, Product, Rates
from nearmade.vocabulary.estimate import Estimate

Array = NDArray[np.float64]
Draw = Callable[[str, Estimate], Array]


@dataclass(frozen=True, slots=True)
class LifeCycleCost:
    """What making instead of buying costs and brings.

    Parameters
    ----------
    assets_usd
        Bought at the start. [USD]
    bought_usd
        Bought over the years, what wears out again and again, in money of its day; of
        the last purchase of each thing the share that serves. [USD]
    making_usd_per_year, retail_usd_per_year, saved_usd_per_year
        Running cost, upkeep included; the same things bought; the difference.
        [USD/year]
    life_cycle_usd
        All money that making takes over the years, replacements too, in money of the
        first day. [USD]
    usd_per_product
        That, spread over the products in money of their day; None where none is made.
        [USD]
    payback_years
        When savings first cover all that was bought until then, undiscounted; None
        where they never do in at least one tenth of the draws. [years]
    net_present_value_usd
        Saved less spent, in money of the first day. [USD]
    return_fraction
        Saved over the years, less all that was bought, over that. Petersen's
        "return" of 986 % is 9.86. None without assets.
    yearly_return_fraction
        The rate that all that was bought earns, as if bought on the first day,
        compounded without pause over the years; None without assets.
    worth_it_fraction
        Chance that the net present value is above zero, 0..1.
    """

    assets_usd: Estimate
    bought_usd: Estimate
    making_usd_per_year: Estimate
    retail_usd_per_year: Estimate
    saved_usd_per_year: Estimate
    life_cycle_usd: Estimate
    usd_per_product: Estimate | None
    payback_years: Estimate | None
    net_present_value_usd: Estimate
    return_fraction: Estimate | None
    yearly_return_fraction: Estimate | None
    worth_it_fraction: float


def making_usd(product: Product, rates: Rates) -> float:
    """Give the cost of one product at the middle of every estimate. [USD]

    Filament and electricity of one build over the share that succeeds, plus the work
    by hand and what is bought for it.
    """
    build = (
        product.filament_g.value / 1000 * rates.filament_usd_per_kg.value
        + product.energy_wh.value / 1000 * rates.electricity_usd_per_kwh.value
    )
    by_hand = product.labour_minutes / 60 * rates.labour_usd_per_hour
    return build / (1 - rates.failed_fraction) + by_hand + product.other_usd


def payback_years(first_usd: Array, saved_usd_per_year: Array) -> Array:
    """Give the first cost over the yearly saving; infinite where nothing is saved.

    Parameters
    ----------
    first_usd, saved_usd_per_year
        Shapes that go together. [USD], [USD/year]
    """
    first, saved = np.broadcast_arrays(first_usd, saved_usd_per_year)
    years = np.full(first.shape, inf)
    np.divide(first, saved, out=years, where=saved > 0)
    return np.where(first == 0, 0.0, years)


def payback_with_replacements(
    prices_usd: Sequence[Array],
    lives_years: Sequence[float],
    saved_usd_per_year: Array,
) -> Array:
    """Give when savings first cover all that was bought until then; else infinity.

    A thing that is worn out is bought again at once. Without replacements before that
    day it is the first cost over the yearly saving.

    Parameters
    ----------
    prices_usd
        Of each thing, shapes that go together. [USD]
    lives_years
        Of each thing, above zero. [years]
    saved_usd_per_year
        [USD/year]
    """
    first = np.asarray(sum(prices_usd, np.zeros(1)))
    paid, _ = np.broadcast_arrays(payback_years(first, saved_usd_per_year), first)
    paid = np.array(paid)
    # Bought by a day is never less than worn by it, so savings below wear never do.
    worn = sum(
        (p / x for p, x in zip(prices_usd, lives_years, strict=True)), np.zeros(1)
    )
    paid[np.broadcast_to(worn > saved_usd_per_year * (1 + 1e-12), paid.shape)] = inf
    while True:
        # The least day is reached from below: what was bought by then only grows.
        open_ = np.isfinite(paid)
        day = np.where(open_, paid, 0.0)
        bought = sum(
            (
                price * np.maximum(1.0, np.ceil(day / life - 1e-9))
                for price, life in zip(prices_usd, lives_years, strict=True)
            ),
            np.zeros(1),
        )
        later = np.where(open_, payback_years(bought, saved_usd_per_year), inf)
        later[later > MAX_YEARS] = inf
        if np.array_equal(later, paid):
            return paid
        paid = np.maximum(later, paid)


def present_worth_years(discount_fraction: float, years: float) -> float:
    """Give what one dollar at the end of each year is worth on the first day. [years]

    The annuity factor (1 - (1 + i)^-n) / i, which is n where i is zero.
    """
    if abs(discount_fraction) < 1e-12:
        return years
    return float(-np.expm1(-years * np.log1p(discount_fraction)) / discount_fraction)


def yearly_return_fraction(
    first_usd: Array, saved_usd_per_year: Array, years: float
) -> Array:
    """Give the rate R at which the savings of T years repay the first cost.

    Solves C / S = (1 - exp(-R T)) / R: x = R T obeys (1 - exp(-x)) / x = q, with
    q = C / (S T), so x = 1/q + W(-exp(-1/q) / q). Below zero where the savings of all
    years do not reach the first cost; -inf where nothing is saved.

    Parameters
    ----------
    first_usd, saved_usd_per_year
        Above zero; shapes that go together. [USD], [USD/year]
    years
        T, above zero. [years]
    """
    repaid = payback_years(first_usd, saved_usd_per_year) / years
    rate = np.full(repaid.shape, -inf)
    known = np.isfinite(repaid) & (repaid > 0)
    z = 1 / repaid[known]
    # The branch that is not the trivial root x = 0.
    upper = lambertw(-z * np.exp(-z), k=0).real
    lower = lambertw(-z * np.exp(-z), k=-1).real
    x = z + np.where(z > 1, upper, lower)
    rate[known] = np.where(np.abs(z - 1) < 1e-7, 2 * (z - 1), x) / years
    return np.where(repaid == 0, inf, rate)


def life_cycle_cost(
    household: Household, *, draws: int = 2000, seed: int = 1
) -> LifeCycleCost:
    """Account for a household that makes things instead of buying them.

    Parameters
    ----------
    household
        What it owns, makes and pays.
    draws
        Of every price and figure with an interval, 1 or more.
    seed
        Part of the input: same seed, same answer.

    Raises
    ------
    InvalidInput
        When ``draws`` is below 1.
    """
    middle = _account(household, _middle)
    chance = Chance(seed, draws)

    def drawn(name: str, estimate: Estimate) -> Array:
        return estimate_draws(chance, name, estimate)

    spread = _account(household, drawn)

    def told(key: str) -> Estimate | None:
        return _estimate(float(middle[key][0]), spread[key])

    worth = spread["net_present_value_usd"]
    figures: dict[str, Any] = {key: told(key) for key in middle}
    return LifeCycleCost(**figures, worth_it_fraction=float(np.mean(worth > 0)))


def _account(household: Household, draw: Draw) -> dict[str, Array]:
    """Work every figure out for all draws at once, each of shape (n,) or (1,)."""
    rates, years = household.rates, household.years
    worth = present_worth_years(rates.discount_fraction, years)
    filament = draw("rate/filament", rates.filament_usd_per_kg)
    electricity = draw("rate/electricity", rates.electricity_usd_per_kwh)
    upkeep = sum(one.upkeep_usd_per_year for one in household.assets)
    making, retail = np.full(1, float(upkeep)), np.zeros(1)
    for one in household.products:
        build = draw(f"filament/{one.name}", one.filament_g) / 1000 * filament
        build = build + draw(f"energy/{one.name}", one.energy_wh) / 1000 * electricity
        by_hand = one.labour_minutes / 60 * rates.labour_usd_per_hour
        each = build / (1 - rates.failed_fraction) + by_hand + one.other_usd
        making = making + each * one.made_per_year
        retail = retail + draw(f"retail/{one.name}", one.retail_usd) * one.made_per_year
    first, bought, worn = np.zeros(1), np.zeros(1), np.zeros(1)
    prices: list[Array] = []
    for asset in household.assets:
        price = draw(f"asset/{asset.name}", asset.price_usd)
        first = first + price
        prices.append(price)
        bought = bought + price * _purchases(asset, 0.0, years)
        worn = worn + price * _purchases(asset, rates.discount_fraction, years)
    lives = [asset.life_years for asset in household.assets]
    spent = worn + making * worth
    saved = retail - making
    made = sum(one.made_per_year for one in household.products)
    figures = {
        "assets_usd": first,
        "bought_usd": bought,
        "making_usd_per_year": making,
        "retail_usd_per_year": retail,
        "saved_usd_per_year": saved,
        "life_cycle_usd": spent,
        "usd_per_product": spent / (made * worth) if made else np.full(1, inf),
        "payback_years": payback_with_replacements(prices, lives, saved),
        "net_present_value_usd": retail * worth - spent,
    }
    owned = bool(np.all(first > 0))
    none = np.full(1, inf)
    gained = saved * years - bought
    figures["return_fraction"] = gained / bought if owned else none
    figures["yearly_return_fraction"] = (
        yearly_return_fraction(bought, saved, years) if owned else none
    )
    return figures


def _purchases(asset: Asset, discount_fraction: float, years: float) -> float:
    """Count purchases over the years, each in money of the first day."""
    starts = np.arange(0.0, years, asset.life_years)
    # The last one serves only in part; that share of it is counted.
    served = np.minimum(asset.life_years, years - starts) / asset.life_years
    served[0] = 1.0
    return float(np.sum(served * (1 + discount_fraction) ** -starts))


def _middle(name: str, estimate: Estimate) -> Array:
    del name
    return np.array([estimate.value])


def _estimate(value: float, samples: Array) -> Estimate | None:
    """Give the value with the 10th and 90th percentile; None where it has no end."""
    low, high = np.percentile(samples, (10, 90), method="closest_observation")
    low, high = min(float(low), value), max(float(high), value)
    if not all(isfinite(each) for each in (value, low, high)):
        return None
    return Estimate(value, low, high)
