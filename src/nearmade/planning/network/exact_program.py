"""Payments for a small problem from a linear program with cuts.

The choices of all orders in part, what groups and hubs hold, and cuts of what whole
pieces cannot do, found round by round where the last answer passes them. Prices of
hours and cuts make payments, which ``exact_bound`` proves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from nearmade.planning.network.bound import day_prices
from nearmade.planning.network.exact_bound import (
    Longs,
    Takers,
    group_takers,
    hub_payments,
    may_be_wanted,
)
from nearmade.planning.network.exact_cuts import separate
from nearmade.planning.network.hub_list import ChoiceList, Kept, whole_list
from nearmade.planning.network.hub_prices import Limits
from nearmade.planning.network.plan import Prices
from nearmade.planning.network.problem import Floats, Floats32, Ints
from nearmade.planning.network.weights import PricedProblem

#: Rounds of cuts, at most, and the least gain of a round that lets another follow.
ROUNDS: Final = 12
LEAST_GAIN: Final = 2e-4
#: Most columns that are worth it: half a second a round for 16,000.
MOST_COLUMNS: Final = 60_000
#: A sparse table; what is known of the solver's types is dense tables alone.
Table = Any

#: Prices of cuts below this are none. [USD]
NO_PRICE: Final = 1e-9


class _Program(NamedTuple):
    """Columns: leaving out, rows, entries of a list of choices.

    ``uses`` sums entries to candidate times days plus ready day.
    """

    cost: Floats
    once: Table
    once_limit: Floats
    limits: Table
    capacity: Floats
    uses: Table


def cut_payments(
    priced: PricedProblem, go_on: Callable[[], bool]
) -> tuple[Prices, Floats, Floats] | None:
    """Give prices of resources, and payments to groups (M, D) and to hubs (W,). [USD]

    None where the program is too large or finds no answer.

    Parameters
    ----------
    priced
        The problem at its weights.
    go_on
        Asked after each round; False ends them.
    """
    limits = Limits.of(priced.problem.resources)
    choices = whole_list(priced)
    if choices.cost.size + choices.row_cost.size > MOST_COLUMNS:
        return None
    program = _program(priced, limits, choices)
    groups = group_takers(priced.problem)
    found = _round_by_round(program, groups, go_on)
    if found is None:
        return None
    flat, by_cuts = found
    prices = limits.prices(flat)
    candidates = priced.problem.candidates
    hour_usd = day_prices(prices).hour_usd[candidates.group]
    use_usd = candidates.hours[:, None] * hour_usd + by_cuts.reshape(hour_usd.shape)
    use_usd *= may_be_wanted(priced)
    return prices, np.ascontiguousarray(use_usd), hub_payments(priced.problem, prices)


def _round_by_round(
    program: _Program, groups: Takers, go_on: Callable[[], bool]
) -> tuple[Floats, Floats] | None:
    """Give prices of resources, and what pieces pay for cuts. [USD]"""
    days, resources = groups.holds.shape[1], len(program.capacity)
    table, capacity, best = program.limits, program.capacity, -np.inf
    cuts: Table = csr_array((0, program.uses.shape[0]))
    found: tuple[Floats, Floats] | None = None
    for _ in range(ROUNDS):
        answer = linprog(
            program.cost,
            A_ub=table,
            b_ub=capacity,
            A_eq=program.once,
            b_eq=program.once_limit,
            method="highs-ipm",
        )
        if not answer.success or answer.fun is None:
            break
        price = np.maximum(0.0, -answer.ineqlin.marginals)
        own = price[resources:]
        found = price[:resources], np.asarray(cuts.T @ own, np.float64)
        if answer.fun - best < LEAST_GAIN * abs(answer.fun) or not go_on():
            break
        best = answer.fun
        new = separate(groups, (program.uses @ answer.x).reshape(-1, days))
        if not len(new.limit):
            break
        kept = np.flatnonzero(own > NO_PRICE)
        more = csr_array(
            (new.amount, new.use, new.first), shape=(len(new.limit), cuts.shape[1])
        )
        cuts = vstack([cuts[kept], more], format="csr")
        table = vstack([program.limits, cuts @ program.uses], format="csr")
        limit = capacity[resources:][kept]
        capacity = np.concatenate((program.capacity, limit, new.limit))
    return found


def _program(priced: PricedProblem, limits: Limits, choices: ChoiceList) -> _Program:
    """Lay the choices out as columns, and what they use as rows."""
    orders, rows = choices.leave_out.size, choices.row_cost.size
    cells, entries = choices.first_entry.size - 1, choices.cost.size
    owner = np.repeat(np.arange(orders), np.diff(choices.first_row))
    row_of = np.repeat(np.arange(rows), np.diff(choices.first_cell))
    cell_of = np.repeat(np.arange(cells), np.diff(choices.first_entry))
    columns = orders + rows + entries
    at_row, at_entry = orders + np.arange(rows), orders + rows + np.arange(entries)
    once = csr_array(
        (
            np.concatenate((np.ones(orders + rows), -np.ones(cells), np.ones(entries))),
            (
                np.concatenate(
                    (
                        np.arange(orders),
                        owner,
                        orders + np.arange(cells),
                        orders + cell_of,
                    )
                ),
                np.concatenate((np.arange(orders), at_row, orders + row_of, at_entry)),
            ),
        ),
        shape=(orders + cells, columns),
    )
    table = _limits(priced, limits, choices, owner, at_row, at_entry, columns)
    days = priced.problem.resources.group_hours.shape[1]
    own = np.flatnonzero(choices.made >= 0)
    use = choices.made[own].astype(np.int64) * days + choices.hour_at[own] % days
    uses = csr_array(
        (np.ones(own.size), (use, at_entry[own])),
        shape=(len(priced.problem.candidates.hours) * days, columns),
    )
    return _Program(
        np.concatenate((choices.leave_out, choices.row_cost, choices.cost)),
        once,
        np.concatenate((np.ones(orders), np.zeros(cells))),
        table,
        limits.capacity,
        uses,
    )


def _limits(
    priced: PricedProblem,
    limits: Limits,
    choices: ChoiceList,
    owner: Longs,
    at_row: Longs,
    at_entry: Longs,
    columns: int,
) -> Table:
    """Give what each column uses of every resource, up to each day."""
    resources = priced.problem.resources
    groups, days = resources.group_hours.shape
    sites, stocks = len(resources.site_energy_wh), resources.stock_g.size
    hubs_from = (groups + sites) * days + stocks
    row, column, amount = [], [], []

    def add(kept: Kept, place: Ints, at: Longs, much: Floats | Floats32) -> None:
        used = np.flatnonzero(kept)
        row.append(place[used])
        column.append(at[used])
        amount.append(much[used].astype(np.float64))

    for day in range(days):
        for first, count, at, much in (
            (0, groups, choices.hour_at, choices.hours),
            (groups * days, sites, choices.energy_at, choices.energy_wh),
        ):
            if at.size:
                kept = (at < count * days) & (at % days <= day)
                add(kept, first + at // days * days + day, at_entry, much)
    if choices.stock_at.size:
        place = (groups + sites) * days + choices.stock_at
        add(choices.stock_at < stocks, place, at_entry, choices.stock_g)
    hub_at = choices.hub_at
    add(
        hub_at < resources.hub_hours.size,
        hubs_from + hub_at,
        at_row,
        choices.assembly_hours[owner],
    )
    table: Table = csr_array(
        (np.concatenate(amount), (np.concatenate(row), np.concatenate(column))),
        shape=(limits.capacity.size, columns),
    )
    return csr_array(table * limits.limited[:, None])
