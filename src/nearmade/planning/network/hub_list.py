"""For every order its ways, and for each way the candidates, laid out flat.

The whole list has every choice; a shortlist what is within a margin of the best at
given prices. A shortlist stands for the whole while prices move less than that; the
bound itself is always taken over everything.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nearmade.planning.network.bound import first_ready
from nearmade.planning.network.problem import Days, Floats, Floats32, Ints, Slots
from nearmade.planning.network.weights import PricedProblem
from nearmade.vocabulary.compiled import compiled

Kept = NDArray[np.bool_]


class ChoiceList(NamedTuple):
    """Orders, rows (ways in play), cells (a row's components), entries (choices).

    Parameters
    ----------
    first_row
        Where each order's rows start, shape (O + 1,).
    leave_out, assembly_hours
        Of each order, shape (O,). [USD], [h]
    row_cost, hub_at
        Of each row: its way's cost, the flat index of its hub and day (of a zero at
        the end without a hub). [USD]
    first_cell
        Where each row's cells start, shape (rows + 1,).
    first_entry
        Where each cell's entries start, shape (cells + 1,).
    way
        Of each row: its way.
    made
        Of each entry: its candidate, -1 where bought.
    cost, hours, hour_at
        Of each entry: making and leg or buying, hours (rounded up), flat index of
        group and ready day (of a zero at the end where bought). [USD], [h]
    energy_wh, energy_at, stock_g, stock_at
        Alike; empty where neither energy nor stock is scarce. [Wh], [g]
    """

    first_row: Ints
    leave_out: Floats
    assembly_hours: Floats
    row_cost: Floats
    hub_at: Ints
    first_cell: Ints
    first_entry: Ints
    way: Ints
    made: Ints
    cost: Floats32
    hours: Floats32
    hour_at: Ints
    energy_wh: Floats32
    energy_at: Ints
    stock_g: Floats32
    stock_at: Ints


def whole_list(priced: PricedProblem) -> ChoiceList:
    """Lay out every choice of a problem that a best plan may make."""
    problem = priced.problem
    resources, orders, candidates = (
        problem.resources,
        problem.orders,
        problem.candidates,
    )
    cells = np.repeat(np.diff(orders.first_component), np.diff(orders.first_way))
    first_cell = np.concatenate([[0], np.cumsum(cells)]).astype(np.int32)
    groups, days = resources.group_hours.shape
    first_entry = np.zeros(first_cell[-1] + 1, np.int32)
    arrays = (
        orders.first_component,
        orders.first_way,
        orders.way_slot,
        orders.way_day,
        candidates.first_candidate,
        priced.making_cost,
        priced.leg_cost,
        candidates.leg_days,
        priced.central_cost,
        candidates.central_days,
        first_ready(problem),
        days,
        first_entry,
    )
    total = _lay_out(*arrays, np.empty(0, np.int32), _NO_DAYS, _NO_COSTS)
    made = np.empty(total, np.int32)
    ready, cost = np.empty(total, np.int16), np.empty(total, np.float32)
    _lay_out(*arrays, made, ready, cost)
    bought = made < 0
    own = made[~bought]
    hours = np.zeros(total, np.float32)
    hours[~bought] = round_up(candidates.hours[own])
    hour_at = np.full(total, groups * days, np.int32)
    hour_at[~bought] = candidates.group[own] * np.int32(days) + ready[~bought]
    hubs, hub_days = resources.hub_hours.shape
    hub_at = orders.way_hub * np.int32(hub_days) + orders.way_day
    hub_at[orders.way_hub < 0] = hubs * hub_days
    return ChoiceList(
        orders.first_way,
        orders.leave_out_usd,
        orders.assembly_hours,
        priced.way_cost,
        hub_at.astype(np.int32),
        first_cell,
        first_entry,
        np.arange(orders.way_day.size, dtype=np.int32),
        made,
        cost,
        hours,
        hour_at.astype(np.int32),
        *_scarce(priced, made, ready),
    )


_NO_DAYS = np.empty(0, np.int16)
_NO_COSTS = np.empty(0, np.float32)


def round_up(amount: Floats) -> Floats32:
    """Round to single precision, never below, so that what fits does fit."""
    rounded = amount.astype(np.float32)
    return np.where(
        rounded < amount, np.nextafter(rounded, np.float32(np.inf)), rounded
    )


def _scarce(
    priced: PricedProblem, made: Ints, ready: Days
) -> tuple[Floats32, Ints, Floats32, Ints]:
    """Give what each entry uses of energy and stock; empty where none is scarce."""
    resources, candidates = priced.problem.resources, priced.problem.candidates
    limited: Kept = np.asarray(np.isfinite(resources.site_energy_wh).any(axis=1))
    if not (limited.any() or resources.stock_g.size):
        none = np.empty(0, np.int32)
        return _NO_COSTS, none, _NO_COSTS, none
    sites, days = resources.site_energy_wh.shape
    own = np.flatnonzero(made >= 0)
    site = resources.group_site[candidates.group[made[own]]]
    on_budget, stock = limited[site], candidates.stock[made[own]]
    energy_wh, stock_g = np.zeros(made.size), np.zeros(made.size)
    energy_at = np.full(made.size, sites * days, np.int32)
    stock_at = np.full(made.size, resources.stock_g.size, np.int32)
    fed, drawn = own[on_budget], own[stock >= 0]
    energy_wh[fed] = candidates.energy_wh[made[fed]]
    energy_at[fed] = site[on_budget] * days + ready[fed]
    stock_g[drawn] = candidates.stock_g[made[drawn]]
    stock_at[drawn] = stock[stock >= 0]
    return round_up(energy_wh), energy_at, round_up(stock_g), stock_at


@compiled
def _lay_out(
    first_component: Ints,
    first_way: Ints,
    way_slot: Slots,
    way_day: Days,
    first_candidate: Ints,
    making: Floats,
    leg: Floats32,
    leg_days: Days,
    central: Floats,
    central_days: Days,
    soonest: Days,
    days: int,
    first_entry: Ints,
    made: Ints,
    ready_day: Days,
    cost: Floats32,
) -> int:
    """Write all entries, or count them where there is no room.

    What costs more to make than to buy is never chosen, as hours only add to it; what
    needs more alone than there is up to its ready day cannot be.
    """
    at = 0
    cell = 0
    room = len(made) > 0
    for order in range(len(first_way) - 1):
        for way in range(first_way[order], first_way[order + 1]):
            slot, day = way_slot[way], way_day[way]
            for i in range(first_component[order], first_component[order + 1]):
                first_entry[cell] = at
                cell += 1
                limit = np.inf
                if central_days[i, slot] <= day - 1 and central[i, slot] < np.inf:
                    limit = central[i, slot]
                    if room:
                        made[at] = -1
                        ready_day[at] = 0
                        cost[at] = limit
                    at += 1
                for k in range(first_candidate[i], first_candidate[i + 1]):
                    ready = min(days - 1, day - 1 - leg_days[k, slot])
                    if ready < soonest[k] or making[k] + leg[k, slot] >= limit:
                        continue
                    if room:
                        made[at] = k
                        ready_day[at] = ready
                        cost[at] = making[k] + leg[k, slot]
                    at += 1
    first_entry[cell] = at
    return at


def shortlist(
    whole: ChoiceList,
    row_value: Floats,
    cell_value: Floats,
    entry_value: Floats32,
    row_margin_usd: float,
    entry_margin_usd: float,
) -> ChoiceList:
    """Keep what is within a margin of the best, by values from ``hub_dual.value_list``.

    Entries stay within a margin of their cell's best, rows within one of their order's,
    and what can be bought always; each cell's entries stand from the cheapest on.
    """
    keep_row, keep_entry = _within(
        whole.first_row,
        whole.leave_out,
        whole.first_cell,
        whole.first_entry,
        whole.made,
        row_value,
        cell_value,
        entry_value,
        row_margin_usd,
        entry_margin_usd,
    )
    keep_cell = np.repeat(keep_row, np.diff(whole.first_cell))
    entries = np.add.reduceat(
        np.append(keep_entry, 0), whole.first_entry[:-1], dtype=np.int32
    )
    entries[np.diff(whole.first_entry) == 0] = 0
    first_entry = _sums(entries[keep_cell])
    kept = np.flatnonzero(keep_entry)
    kept = kept[_by_cost(first_entry, whole.cost[kept])]
    scarce = whole.energy_at.size > 0
    return whole._replace(
        first_row=_sums(keep_row)[whole.first_row],
        row_cost=whole.row_cost[keep_row],
        hub_at=whole.hub_at[keep_row],
        way=whole.way[keep_row],
        first_cell=_sums(np.diff(whole.first_cell)[keep_row]),
        first_entry=first_entry,
        made=whole.made[kept],
        cost=whole.cost[kept],
        hours=whole.hours[kept],
        hour_at=whole.hour_at[kept],
        energy_wh=whole.energy_wh[kept] if scarce else whole.energy_wh,
        energy_at=whole.energy_at[kept] if scarce else whole.energy_at,
        stock_g=whole.stock_g[kept] if scarce else whole.stock_g,
        stock_at=whole.stock_at[kept] if scarce else whole.stock_at,
    )


@compiled
def _by_cost(first_entry: Ints, cost: Floats32) -> Ints:
    """Give the places of each cell's entries from the cheapest on."""
    place = np.arange(len(cost)).astype(np.int32)
    for cell in range(len(first_entry) - 1):
        for e in range(first_entry[cell] + 1, first_entry[cell + 1]):
            here, to = place[e], e
            while to > first_entry[cell] and cost[place[to - 1]] > cost[here]:
                place[to] = place[to - 1]
                to -= 1
            place[to] = here
    return place


def _sums(counts: NDArray[np.generic]) -> Ints:
    """Give where each starts that has so many, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)


@compiled
def _within(
    first_row: Ints,
    leave_out: Floats,
    first_cell: Ints,
    first_entry: Ints,
    made: Ints,
    row_value: Floats,
    cell_value: Floats,
    entry_value: Floats32,
    row_margin: float,
    entry_margin: float,
) -> tuple[Kept, Kept]:
    """Mark the rows and entries within their margins."""
    keep_row = np.zeros(len(row_value), np.bool_)
    keep_entry = np.zeros(len(entry_value), np.bool_)
    for order in range(len(first_row) - 1):
        best = leave_out[order]
        for row in range(first_row[order], first_row[order + 1]):
            best = min(best, row_value[row])
        for row in range(first_row[order], first_row[order + 1]):
            if row_value[row] > best + row_margin or row_value[row] == np.inf:
                continue
            keep_row[row] = True
            for cell in range(first_cell[row], first_cell[row + 1]):
                limit = cell_value[cell] + entry_margin
                for e in range(first_entry[cell], first_entry[cell + 1]):
                    keep_entry[e] = entry_value[e] <= limit or made[e] < 0
    return keep_row, keep_entry
