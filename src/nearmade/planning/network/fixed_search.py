"""Plans of orders whose hub is fixed: prices, a first plan, annealing, repair.

How much work is done follows from the seconds that it may take and the size of the
problem alone, so that the same seed gives the same plan on any machine that is quick
enough; on a slower one the clock ends the search.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from nearmade.planning.network.anneal import anneal
from nearmade.planning.network.bound import from_day_on, lower_bound
from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.fixed_hubs import FixedHubs, lay_out
from nearmade.planning.network.fixed_prices import first_plan, price_fixed
from nearmade.planning.network.hub_choice import Clock, Progress
from nearmade.planning.network.picks import COST, PICK, USES, Picks, total_cost
from nearmade.planning.network.plan import NetworkPlan, Prices
from nearmade.planning.network.problem import Floats, Ints
from nearmade.planning.network.repack import by_group, repack
from nearmade.planning.network.tolls import anneal_with_tolls, repair
from nearmade.planning.network.way_moves import clear_stranded, move_orders
from nearmade.planning.network.weights import PricedProblem
from nearmade.planning.shop.chance import Chance, chance_of

#: Moves that are planned for each second; a usual machine makes more.
MOVES_PER_SECOND: Final = 850_000
#: Share of the time after which prices that rise step by step are taken as they are.
ASCENT_UNTIL: Final = 0.4
#: Stages of annealing; the clock is read between them.
STAGES: Final = 12
#: Passes over whole orders in a stage, where they have several ways.
ORDER_PASSES: Final = 8
#: Share of the moves that may pass limits; the others come after the repair.
TOLL_SHARE: Final = 0.45
#: Share of the time after which limits may no longer be passed.
TOLL_UNTIL: Final = 0.6
#: Temperature of the first and the last stage, in mean costs of a component.
HOT: Final = 0.007
COLD: Final = 0.0002
#: Toll of the first and the last stage, in prices of what is beyond a limit.
LOW_TOLL: Final = 1.2
HIGH_TOLL: Final = 100.0
#: Least price that a toll is reckoned from, in mean costs of what is used.
TOLL_FLOOR: Final = 0.3
#: Rounds of repacking and annealing within all limits, their first and last
#: temperature in mean costs of a component, and how much each round cools.
ROUNDS: Final = 60
WARM: Final = 0.05
COOL: Final = 0.001
COOLING: Final = 5.0
#: Toll at which nothing passes a limit. [USD]
CLOSED_USD: Final = 1e12
#: Most components that one move puts out, within all limits.
DEPTH: Final = 3


@dataclass(slots=True)
class _Told:
    """Tells how far the search has come."""

    clock: Clock
    begun: float
    seconds: float
    progress: Progress | None
    bound_usd: float = -np.inf
    cost_usd: float = np.inf

    def tell(
        self,
        *,
        bound_usd: float = -np.inf,
        cost_usd: float = np.inf,
        share: float = 1.0,
    ) -> bool:
        """Keep the better figures; whether there is time left of a share of it."""
        self.bound_usd = max(self.bound_usd, bound_usd)
        self.cost_usd = min(self.cost_usd, cost_usd)
        spent = self.clock() - self.begun
        if self.progress is not None:
            self.progress(self.cost_usd, self.bound_usd, spent)
        return spent < share * self.seconds


def solve_fixed(
    priced: PricedProblem,
    *,
    seed: int,
    seconds: float,
    clock: Clock,
    progress: Progress | None = None,
    start: NetworkPlan | None = None,
) -> NetworkPlan:
    """Plan orders all of whose ways lead to one hub each; see ``solve_network``."""
    told = _Told(clock, clock(), seconds, progress)
    hubs = lay_out(priced)
    found = price_fixed(
        priced,
        hubs,
        start.prices if start else None,
        lambda bound: told.tell(bound_usd=bound, share=ASCENT_UNTIL),
    )
    bound = lower_bound(priced, found.prices)
    told.tell(bound_usd=bound)
    picks = first_plan(hubs, found)
    best = _choices(hubs, picks)
    best_cost = evaluate(priced, *best).terms.cost_usd
    if told.tell(cost_usd=best_cost):
        _improve(hubs, picks, found.prices, seed, seconds, told)
        choices = _choices(hubs, picks)
        cost = evaluate(priced, *choices).terms.cost_usd
        told.tell(cost_usd=cost)
        if cost < best_cost:
            best, best_cost = choices, cost
    return NetworkPlan(*best, found.prices, best_cost, bound)


def _improve(
    hubs: FixedHubs,
    picks: Picks,
    prices: Prices,
    seed: int,
    seconds: float,
    told: _Told,
) -> None:
    """Anneal with tolls, mend what is beyond a limit, and anneal within all limits."""
    chance = chance_of(seed)
    sweeps = seconds * MOVES_PER_SECOND / max(1, len(hubs.order))
    made = picks.state[:, PICK]
    mean = float(picks.rows[made[made >= 0], COST].mean()) if (made >= 0).any() else 1.0
    price = tolls_at(hubs, picks, prices)
    _anneal_with_tolls(hubs, picks, chance, price, sweeps, mean, told)
    table = picks[:7]
    repair(*table)
    clear_stranded(hubs, picks)
    several = len(hubs.way_day) > len(hubs.leave_out)
    closed = np.full_like(price, CLOSED_USD)
    hours_alone = picks.left.shape[1] == 1 and picks.rows.shape[1] == USES + 2
    columns = by_group(hubs) if hours_alone else None
    heat = mean * np.geomspace(WARM, COOL, ROUNDS)
    each = max(1, round(sweeps * (1 - TOLL_SHARE) / ROUNDS))
    for hot in heat.tolist():
        if columns is not None:
            repack(*table, columns)
        if not told.tell(cost_usd=total_cost(hubs, picks)):
            break
        if several or (picks.way < 0).any():
            move_orders(hubs, picks, chance, closed, hot)
        anneal(*table, chance, each, hot, hot / COOLING, DEPTH)
    if columns is not None:
        repack(*table, columns)


def _anneal_with_tolls(
    hubs: FixedHubs,
    picks: Picks,
    chance: Chance,
    price: Floats,
    sweeps: float,
    mean_usd: float,
    told: _Told,
) -> None:
    """Anneal while limits may be passed for a toll that rises from stage to stage."""
    heat = mean_usd * np.geomspace(HOT, COLD, STAGES + 1)
    factor = np.geomspace(LOW_TOLL, HIGH_TOLL, STAGES)
    passes = ORDER_PASSES if len(hubs.way_day) > len(hubs.leave_out) else 1
    each = max(1, round(sweeps * TOLL_SHARE / STAGES / passes))
    for stage in range(STAGES):
        ends = (float(heat[stage]), float(heat[stage + 1]))
        toll = price * factor[stage]
        for _ in range(passes):
            move_orders(hubs, picks, chance, toll, ends[1])
            anneal_with_tolls(*picks[:7], chance, toll, each, ends)
        if not told.tell(share=TOLL_UNTIL):
            break


def tolls_at(hubs: FixedHubs, picks: Picks, prices: Prices) -> Floats:
    """Give each limit's price, at least a share of a unit's usual cost. [USD]"""
    days = hubs.group_hours.shape[1]

    def least(amount: Floats) -> float:
        used = amount > 0
        if not used.any():
            return 0.0
        return TOLL_FLOOR * float(np.median(hubs.cost[used] / amount[used]))

    stock = np.zeros((len(hubs.stock_left), days))
    stock[:, -1] = prices.stock_usd
    return np.concatenate(
        (
            np.maximum(from_day_on(prices.hour_usd), least(hubs.hours)),
            np.maximum(from_day_on(prices.energy_usd), least(hubs.energy_wh)),
            np.maximum(stock, least(hubs.stock_g)),
        )
    )


def _choices(hubs: FixedHubs, picks: Picks) -> tuple[Ints, Ints]:
    """Give ways and candidates as the problem counts them."""
    row = picks.state[:, PICK]
    candidate = np.empty(len(row), np.int32)
    made = np.append(hubs.origin, -1)[np.maximum(row, -1)]
    candidate[hubs.component_origin] = np.where(row >= 0, made, row)
    way = np.empty(len(picks.way), np.int32)
    taken = np.append(hubs.way_origin, -1)[np.maximum(picks.way, -1)]
    way[hubs.order_origin] = np.where(picks.way >= 0, taken, picks.way)
    return way, candidate
