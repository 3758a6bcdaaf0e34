"""The choice problem as a mixed-integer program for scipy's HiGHS."""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from nearmade.planning.network.weights import PricedProblem


class _Program:
    """Columns with costs, and rows with limits, as they are added."""

    def __init__(self) -> None:
        self.cost: list[float] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self.entries: list[tuple[int, int, float]] = []

    def row(self, low: float, high: float) -> int:
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def column(self, cost: float, uses: list[tuple[int, float]]) -> int:
        self.cost.append(cost)
        column = len(self.cost) - 1
        self.entries += [(row, column, amount) for row, amount in uses]
        return column

    def solved(self, *, whole: bool) -> tuple[float, float]:
        """Give the least that any choice costs, and what one costs. [USD]"""
        rows, columns, amounts = zip(*self.entries, strict=True)
        table = csr_array(
            (amounts, (rows, columns)), shape=(len(self.low), len(self.cost))
        )
        answer = milp(
            np.array(self.cost),
            constraints=LinearConstraint(table, self.low, self.high),
            integrality=np.full(len(self.cost), int(whole)),
            bounds=Bounds(0, 1),
            options={"mip_rel_gap": 2e-3, "time_limit": 100},
        )
        assert answer.success, answer.message
        least = answer.mip_dual_bound if whole else answer.fun
        return float(least), float(answer.fun)


def optimum_usd(priced: PricedProblem, *, whole: bool = True) -> tuple[float, float]:
    """Give what no plan undercuts, and what one costs, at most 0.2 % apart. [USD]

    Not ``whole``, both are the least cost of any plan that splits its choices; what
    needs more alone than there is is no choice.
    """
    problem = priced.problem
    resources, orders = problem.resources, problem.orders
    candidates = problem.candidates
    program = _Program()
    hours, energy = resources.group_hours.cumsum(1), resources.site_energy_wh.cumsum(1)
    days = hours.shape[1]
    group_row = [[program.row(-np.inf, h) for h in row] for row in hours]
    site_row = [[program.row(-np.inf, e) for e in row] for row in energy]
    stock_row = [program.row(-np.inf, s) for s in resources.stock_g]
    hub_row = [[program.row(-np.inf, h) for h in row] for row in resources.hub_hours]
    for o in range(orders.due_day.size):
        once = program.row(1, 1)
        program.column(float(orders.leave_out_usd[o]), [(once, 1.0)])
        for w in range(orders.first_way[o], orders.first_way[o + 1]):
            slot, day, hub = (
                orders.way_slot[w],
                int(orders.way_day[w]),
                orders.way_hub[w],
            )
            parts = range(orders.first_component[o], orders.first_component[o + 1])
            linked = {i: program.row(0, 0) for i in parts}
            uses = [(once, 1.0), *((row, -1.0) for row in linked.values())]
            if hub >= 0:
                uses.append((hub_row[hub][day], float(orders.assembly_hours[o])))
            program.column(float(priced.way_cost[w]), uses)
            for i, link in linked.items():
                central = float(priced.central_cost[i, slot])
                if candidates.central_days[i, slot] <= day - 1 and central < np.inf:
                    program.column(central, [(link, 1.0)])
                for k in range(
                    candidates.first_candidate[i], candidates.first_candidate[i + 1]
                ):
                    ready = min(days - 1, day - 1 - int(candidates.leg_days[k, slot]))
                    if ready < 0:
                        continue
                    g = candidates.group[k]
                    s = resources.group_site[g]
                    stock = candidates.stock[k]
                    alone = candidates.hours[k] <= hours[g, ready]
                    alone &= candidates.energy_wh[k] <= energy[s, ready]
                    if stock >= 0:
                        alone &= candidates.stock_g[k] <= resources.stock_g[stock]
                    if not alone:
                        continue
                    used = [(link, 1.0)]
                    for t in range(ready, days):
                        used.append((group_row[g][t], float(candidates.hours[k])))
                        used.append((site_row[s][t], float(candidates.energy_wh[k])))
                    if candidates.stock[k] >= 0:
                        row = stock_row[candidates.stock[k]]
                        used.append((row, float(candidates.stock_g[k])))
                    cost = float(priced.making_cost[k] + priced.leg_cost[k, slot])
                    program.column(cost, used)
    return program.solved(whole=whole)
