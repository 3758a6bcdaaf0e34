"""The cheapest panel and battery for a wish, with the whole curve of what others cost.

More panel or more battery never serves fewer days but for small steps (another moment
of starting shifts a job), so the least battery of each panel is found by halving, and
the cheapest pair by laying the panels closer around the best ones; then single steps
are tried until none is cheaper. What a pair serves and burns is asked of a function, in
batches: how a site runs is not this module's matter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from nearmade.energy.site.prices import Prices, yearly
from nearmade.energy.sky.sun import Array
from nearmade.vocabulary.errors import InvalidInput

#: Share of days on which the wish is met, and what a year of running costs in fuel and
#: grid, by panel [Wp] and battery [Wh] of like shape.
Served = Callable[[Array, Array], tuple[Array, Array]]

#: Sizes are bought in these steps; assumed. [Wp], [Wh]
PANEL_STEP_WP: Final = 10.0
BATTERY_STEP_WH: Final = 50.0

#: Hours of full sun that bound the search: the brightest day of a desert, and half an
#: hour, below which no panel of sane size helps.
MOST_SUN_H: Final = 9.0
LEAST_SUN_H: Final = 0.5
#: The largest battery tried holds the need of so many days. [d]
MOST_DAYS_STORED: Final = 8.0

PANELS: Final = 13
BATTERIES: Final = 11
#: Steps of panel and battery that are tried around the best at first, then halved.
STRIDE: Final = 8
_AROUND: Final = ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, 1), (1, -1))
#: How often panels are laid closer around the best.
ROUNDS: Final = 3


@dataclass(frozen=True, slots=True)
class Sized:
    """One pair of panel and battery.

    Parameters
    ----------
    panel_wp, battery_wh
        Its sizes. [Wp], [Wh]
    days_fraction
        Share of days on which it serves the wish, 0..1.
    first_cost, yearly_cost
        To buy it; that spread over the lives of its parts with interest, and running.
    running_cost
        Fuel, wear and energy from the grid, within the yearly cost.
    """

    panel_wp: float
    battery_wh: float
    days_fraction: float
    first_cost: float
    yearly_cost: float
    running_cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Need:
    """What the wish asks of the site.

    Parameters
    ----------
    day_wh
        Energy of a day at the plug, with all that is always on. [Wh]
    job_wh
        The largest amount that must not be interrupted. [Wh]
    days_fraction
        Wished, above 0 to 1.
    max_w
        The most that the electronics must give. [W]
    first_cost, yearly_cost
        Of what is bought whatever the sizes: a generator, a connection.
    helped
        Whether grid or generator help, so that no panel or battery may be enough.
    """

    day_wh: float
    job_wh: float
    days_fraction: float
    max_w: float
    first_cost: float = 0.0
    yearly_cost: float = 0.0
    helped: bool = False

    def __post_init__(self) -> None:
        if not (0 < self.day_wh < 1e9 and 0 < self.job_wh < 1e9):
            raise InvalidInput("sizing: a day and a job must need energy")
        if not (0 < self.days_fraction <= 1 and self.max_w > 0):
            raise InvalidInput("sizing: wish for a share of days in 0..1, at some watt")


@dataclass(frozen=True, slots=True)
class Sizing:
    """What was found.

    Parameters
    ----------
    chosen
        The pair of least yearly cost that meets the wish; None where none does.
    curve
        The least battery for each panel that meets the wish, by panel; more panel only
        where it needs less battery.
    frontier
        Pairs that no other beats in both yearly cost and share of days, by cost.
    tried
        How many pairs were run.
    most_days_fraction
        What the largest pair tried serves, 0..1.
    """

    chosen: Sized | None
    curve: tuple[Sized, ...]
    frontier: tuple[Sized, ...]
    tried: int
    most_days_fraction: float


def size_site(
    need: Need,
    prices: Prices,
    served: Served,
    *,
    panels: int = PANELS,
    batteries: int = BATTERIES,
) -> Sizing:
    """Find the cheapest panel and battery that serve a wish.

    Parameters
    ----------
    need
        Bounds the sizes that are tried.
    prices
        In the site's money.
    served
        Runs pairs of panel and battery.
    panels, batteries
        How many sizes the first grid has along each, 3 or more; without panels where
        ``panels`` is zero.

    Raises
    ------
    InvalidInput
        When the grid is too small.
    """
    if 0 < panels < 3 or batteries < 3:
        raise InvalidInput("sizing: needs three sizes of panel and battery, or more")
    search = _Search(need, prices, served)
    along_wp = np.empty(0)
    if panels:
        along_wp = _sizes(
            need.day_wh / MOST_SUN_H, need.day_wh / LEAST_SUN_H, panels, PANEL_STEP_WP
        )
    along_wh = _sizes(
        min(need.job_wh, need.day_wh),
        MOST_DAYS_STORED * max(need.day_wh, need.job_wh),
        batteries,
        BATTERY_STEP_WH,
    )
    if need.helped or not panels:
        along_wp = np.concatenate([[0.0], along_wp])
        along_wh = np.concatenate([[0.0], along_wh])
    panel, battery = np.meshgrid(along_wp, along_wh, indexing="ij")
    search.run(panel.ravel(), battery.ravel())
    largest = search.found[along_wp[-1], along_wh[-1]]
    search.halve(along_wp, along_wh)
    for _ in range(ROUNDS if panels else 0):
        search.halve(search.between_best(), along_wh)
    search.polish(panels=panels > 0)
    enough = [x for x in search.found.values() if search.meets(x)]
    return Sizing(
        search.best(),
        _least_batteries(enough),
        undominated(list(search.found.values())),
        len(search.found),
        largest.days_fraction,
    )


def confirmed(
    chosen: Sized, need: Need, prices: Prices, served: Served
) -> Sized | None:
    """Run a chosen pair by another, finer account, with more battery if it needs it.

    None where even twice its battery and ten steps do not serve the wish.
    """
    search = _Search(need, prices, served)
    most_wh = 2 * chosen.battery_wh + 10 * BATTERY_STEP_WH
    battery_wh = chosen.battery_wh
    while battery_wh <= most_wh:
        search.run(np.array([chosen.panel_wp]), np.array([battery_wh]))
        found = search.best()
        if found is not None:
            return found
        battery_wh += BATTERY_STEP_WH
    return None


def cost_of(
    panel_wp: float, battery_wh: float, max_w: float, prices: Prices
) -> tuple[float, float]:
    """Give first and yearly cost of panel, battery and electronics. [money]"""
    costs = (
        (prices.panel_per_wp * panel_wp, prices.panel_years),
        (prices.battery_per_kwh * battery_wh / 1000, prices.battery_years),
        (prices.electronics_per_w * max_w, prices.electronics_years),
    )
    spread = (yearly(cost, years, prices.interest_fraction) for cost, years in costs)
    return sum(cost for cost, _ in costs), sum(spread)


def undominated(found: list[Sized]) -> tuple[Sized, ...]:
    """Keep what serves more days than everything cheaper, by cost."""
    kept: list[Sized] = []
    for each in sorted(found, key=lambda x: (x.yearly_cost, -x.days_fraction)):
        if not kept or each.days_fraction > kept[-1].days_fraction:
            kept.append(each)
    return tuple(kept)


def _least_batteries(enough: list[Sized]) -> tuple[Sized, ...]:
    kept: list[Sized] = []
    for each in sorted(enough, key=lambda x: (x.panel_wp, x.battery_wh)):
        if not kept or each.battery_wh < kept[-1].battery_wh:
            kept.append(each)
    return tuple(kept)


def _sizes(least: float, most: float, count: int, step: float) -> Array:
    """Give sizes that grow by a factor, rounded up to what is bought."""
    ladder = np.geomspace(max(least, step), max(most, 4 * step), count)
    rounded: Array = np.unique(np.ceil(ladder / step) * step)
    return rounded


class _Search:
    """Pairs that were run, each once."""

    def __init__(self, need: Need, prices: Prices, served: Served) -> None:
        self._need = need
        self._prices = prices
        self._served = served
        self.found: dict[tuple[float, float], Sized] = {}

    def run(self, panel_wp: Array, battery_wh: Array) -> None:
        """Run the pairs that were not run yet."""
        pairs = zip(panel_wp.tolist(), battery_wh.tolist(), strict=True)
        fresh = [pair for pair in dict.fromkeys(pairs) if pair not in self.found]
        if not fresh:
            return
        asked = np.array(fresh, dtype=np.float64)
        shares, running = self._served(asked[:, 0], asked[:, 1])
        for (wp, wh), share, burnt in zip(
            fresh, shares.tolist(), running.tolist(), strict=True
        ):
            first, spread = cost_of(wp, wh, self._need.max_w, self._prices)
            first += self._need.first_cost
            spread += self._need.yearly_cost + burnt
            self.found[wp, wh] = Sized(wp, wh, share, first, spread, burnt)

    def best(self) -> Sized | None:
        """Give the cheapest pair that serves the wish."""
        enough = (x for x in self.found.values() if self.meets(x))
        return min(enough, key=lambda x: (x.yearly_cost, x.panel_wp), default=None)

    def polish(self, *, panels: bool) -> None:
        """Try steps around the cheapest pair until none is cheaper."""
        stride = STRIDE
        while stride:
            best = self.best()
            if best is None:
                return
            around = [
                (
                    max(0.0, best.panel_wp + a * stride * PANEL_STEP_WP),
                    max(0.0, best.battery_wh + b * stride * BATTERY_STEP_WH),
                )
                for a, b in _AROUND
                if panels or not a
            ]
            self.run(np.array([x for x, _ in around]), np.array([x for _, x in around]))
            if self.best() is best:
                stride //= 2

    def meets(self, sized: Sized) -> bool:
        """Tell whether a pair serves the wish."""
        return sized.days_fraction >= self._need.days_fraction - 1e-12

    def halve(self, panels_wp: Array, along_wh: Array) -> None:
        """Narrow the least battery of each panel between sizes that were run."""
        self.run(panels_wp, np.full(len(panels_wp), along_wh[-1]))
        low = {}
        high = {}
        for wp in panels_wp.tolist():
            run = [x for x in self.found.values() if x.panel_wp == wp]
            enough = [x.battery_wh for x in run if self.meets(x)]
            if not enough:
                continue
            high[wp] = min(enough)
            less = [x.battery_wh for x in run if x.battery_wh < high[wp]]
            low[wp] = max(less, default=0.0)
        while True:
            middle = {wp: _middle(low[wp], high[wp]) for wp in high}
            asked = {wp: wh for wp, wh in middle.items() if low[wp] < wh < high[wp]}
            if not asked:
                return
            self.run(np.array(list(asked)), np.array(list(asked.values())))
            for wp, wh in asked.items():
                side = high if self.meets(self.found[wp, wh]) else low
                side[wp] = wh

    def between_best(self) -> Array:
        """Give panels between the cheapest that meets the wish and its neighbours."""
        cheapest = self.best()
        if cheapest is None:
            return np.empty(0)
        best = cheapest.panel_wp
        panels = sorted({x.panel_wp for x in self.found.values()})
        at = panels.index(best)
        left, right = panels[max(0, at - 1)], panels[min(len(panels) - 1, at + 1)]
        shares = np.array([0.25, 0.5, 0.75])
        fresh = np.concatenate(
            [left + (best - left) * shares, best + (right - best) * shares]
        )
        rounded: Array = np.unique(np.round(fresh / PANEL_STEP_WP) * PANEL_STEP_WP)
        return rounded[(rounded > 0) & ~np.isin(rounded, panels)]


def _middle(low: float, high: float) -> float:
    """Give what lies between two sizes, as it is bought."""
    return float(np.floor((low + high) / 2 / BATTERY_STEP_WH) * BATTERY_STEP_WH)
