"""First plans: orders one after the other to what looks cheapest at given prices."""

from __future__ import annotations

import numpy as np

from nearmade.planning.network.fixed_hubs import FixedHubs, Longs
from nearmade.planning.network.picks import (
    COST,
    LEAD,
    PICK,
    THERE,
    Picks,
    clear_order,
    fits,
    open_way,
    set_pick,
)
from nearmade.planning.network.plan import CENTRAL, LEFT_OUT
from nearmade.planning.network.problem import Floats
from nearmade.vocabulary.compiled import compiled


@compiled
def best_row(picks: Picks, value: Floats, part: int) -> int:
    """Find the row that fits with the least cost and value of what it uses.

    Parameters
    ----------
    value
        Value of what each row uses on each day, shape (M, D). [USD]

    Returns
    -------
    int
        A row, ``CENTRAL``, or ``LEFT_OUT`` where there is neither.
    """
    rows, left = picks.rows, picks.left
    least = picks.buy[part]
    best = CENTRAL if least < np.inf else LEFT_OUT
    for row in range(picks.first[part], picks.first[part + 1]):
        day = picks.state[part, THERE] - int(rows[row, LEAD])
        if day >= 0:
            day = min(day, value.shape[1] - 1)
            cost = rows[row, COST] + value[row, day]
            if cost < least and fits(rows, left, row, day):
                least, best = cost, row
    return best


@compiled
def fill_order(
    hubs: FixedHubs, picks: Picks, value: Floats, order: int, way: int
) -> bool:
    """Give an order a way and each component its best row, or leave all as it was."""
    if not open_way(hubs, picks, order, way):
        return False
    for part in range(hubs.first_component[order], hubs.first_component[order + 1]):
        row = best_row(picks, value, part)
        if row == LEFT_OUT:
            clear_order(hubs, picks, order)
            return False
        if row >= 0:
            set_pick(
                picks.rows,
                picks.left,
                picks.state,
                picks.members,
                picks.crowd,
                part,
                row,
            )
    return True


@compiled
def fill(
    hubs: FixedHubs, picks: Picks, value: Floats, sequence: Longs, way_value: Floats
) -> None:
    """Fill orders in a sequence, each by the cheapest way that can be had.

    Parameters
    ----------
    way_value
        What each way looks to cost in all, shape (W,). [USD]
    """
    for order in sequence:
        start, end = hubs.first_way[order], hubs.first_way[order + 1]
        tried = np.zeros(end - start, dtype=np.bool_)
        for _ in range(start, end):
            best = -1
            for at in range(end - start):
                if not tried[at] and (
                    best < 0 or way_value[start + at] < way_value[start + best]
                ):
                    best = at
            if way_value[start + best] > hubs.leave_out[order]:
                break
            tried[best] = True
            if fill_order(hubs, picks, value, order, start + best):
                break


@compiled
def start_from(
    hubs: FixedHubs, picks: Picks, value: Floats, start: Longs, sequence: Longs
) -> None:
    """Open each order's only way; take rows as given, then the best for the others.

    Parameters
    ----------
    start
        Row of each component, ``CENTRAL``, or ``LEFT_OUT`` where it is open.
    sequence
        In which components that are open choose.
    """
    rows, left, state = picks.rows, picks.left, picks.state
    members, crowd = picks.members, picks.crowd
    for order in range(len(picks.way)):
        open_way(hubs, picks, order, hubs.first_way[order])
    for part in range(len(start)):
        row = start[part]
        if row >= 0 and fits(
            rows, left, row, state[part, THERE] - int(rows[row, LEAD])
        ):
            set_pick(rows, left, state, members, crowd, part, row)
    for part in sequence:
        if state[part, PICK] < 0 and start[part] != CENTRAL and state[part, THERE] >= 0:
            row = best_row(picks, value, part)
            if row >= 0:
                set_pick(rows, left, state, members, crowd, part, row)
    for order in range(len(picks.way)):
        cost = hubs.way_cost[hubs.first_way[order]]
        for part in range(hubs.first_component[order], hubs.first_component[order + 1]):
            row = state[part, PICK]
            cost += rows[row, COST] if row >= 0 else picks.buy[part]
        if cost > hubs.leave_out[order]:
            clear_order(hubs, picks, order)
