"""Moves of whole orders: to another day of assembly, out of the plan, or back in."""

from __future__ import annotations

from math import log

import numpy as np

from nearmade.planning.network.fixed_hubs import FixedHubs, Longs
from nearmade.planning.network.picks import (
    COST,
    LEAD,
    PICK,
    THERE,
    Picks,
    clear_order,
    open_way,
    set_pick,
)
from nearmade.planning.network.plan import CENTRAL, LEFT_OUT
from nearmade.planning.network.problem import Floats
from nearmade.planning.network.tolls import change
from nearmade.planning.shop.chance import Chance, below, fraction
from nearmade.vocabulary.compiled import compiled


@compiled
def move_orders(
    hubs: FixedHubs, picks: Picks, chance: Chance, toll: Floats, temperature: float
) -> int:
    """Offer each order another way, or none; give how many moves were taken.

    Parameters
    ----------
    toll
        For each unit beyond a limit, shape (limits, D). [USD]
    temperature
        Of the chance that a dearer way is taken. [USD]
    """
    taken = 0
    kept = np.empty(len(picks.state), dtype=np.int64)
    for order in range(len(picks.way)):
        start, end = hubs.first_way[order], hubs.first_way[order + 1]
        way = start + below(chance, end - start + 1)
        if way == end:
            way = LEFT_OUT
        old = picks.way[order]
        if way == old:
            continue
        hub = hubs.way_hub[way] if way >= 0 else -1
        if hub >= 0:
            room = picks.assembly[hub, hubs.way_day[way]]
            if room < hubs.assembly_hours[order]:
                continue
        spare = -temperature * log(1 - fraction(chance))
        spare += _take_out(hubs, picks, toll, order, kept)
        spare -= _put_in(hubs, picks, toll, order, way)
        if spare >= 0:
            taken += 1
            continue
        clear_order(hubs, picks, order)
        if old >= 0:
            open_way(hubs, picks, order, old)
            first = hubs.first_component[order]
            for part in range(first, hubs.first_component[order + 1]):
                _set(picks, part, kept[part])
    return taken


@compiled
def clear_stranded(hubs: FixedHubs, picks: Picks) -> None:
    """Leave out orders with a component that is neither made nor can be bought."""
    for part in range(len(picks.state)):
        if picks.state[part, PICK] == CENTRAL and picks.buy[part] == np.inf:
            clear_order(hubs, picks, hubs.order[part])


@compiled
def _set(picks: Picks, part: int, row: int) -> None:
    set_pick(
        picks.rows,
        picks.left,
        picks.state,
        picks.members,
        picks.crowd,
        part,
        row,
    )


@compiled
def _take_out(
    hubs: FixedHubs, picks: Picks, toll: Floats, order: int, kept: Longs
) -> float:
    """Leave an order out; give what it and its tolls had cost. [USD]"""
    way = picks.way[order]
    if way < 0:
        return float(hubs.leave_out[order])
    cost = float(hubs.way_cost[way])
    for part in range(hubs.first_component[order], hubs.first_component[order + 1]):
        row, there = picks.state[part, PICK], picks.state[part, THERE]
        kept[part] = row
        if row >= 0:
            cost += picks.rows[row, COST]
            cost -= change(picks.rows, picks.left, toll, row, there, -1.0)
            _set(picks, part, CENTRAL)
        else:
            cost += picks.buy[part]
    clear_order(hubs, picks, order)
    return cost


@compiled
def _put_in(hubs: FixedHubs, picks: Picks, toll: Floats, order: int, way: int) -> float:
    """Give an order a way, and its components what costs least with tolls. [USD]"""
    if way < 0:
        return float(hubs.leave_out[order])
    open_way(hubs, picks, order, way)
    total = float(hubs.way_cost[way])
    for part in range(hubs.first_component[order], hubs.first_component[order + 1]):
        there = picks.state[part, THERE]
        best, least = CENTRAL, picks.buy[part]
        for row in range(picks.first[part], picks.first[part + 1]):
            cost = picks.rows[row, COST]
            if cost < least and there >= picks.rows[row, LEAD]:
                cost += change(picks.rows, picks.left, toll, row, there, 1.0)
                if cost < least:
                    best, least = row, cost
        if best >= 0:
            _set(picks, part, best)
        total += least
    return total
