"""Improvement of a plan by annealing, in which limits may be passed for a toll.

A move puts a component into another group, or there in the place of another one, which
goes where it costs least. What is used beyond a limit pays a toll, at first little more
than the limit's price, then ever more, until nothing is beyond. Plans that may pass a
limit for a while get around full groups, where plans that may not are stuck.
"""

from __future__ import annotations

from math import log

import numpy as np

from nearmade.planning.network.fixed_hubs import Longs
from nearmade.planning.network.picks import (
    COST,
    LEAD,
    PICK,
    THERE,
    USES,
    fits,
    set_pick,
)
from nearmade.planning.network.plan import CENTRAL
from nearmade.planning.network.problem import Floats
from nearmade.planning.shop.chance import Chance, below, fraction
from nearmade.vocabulary.compiled import compiled


@compiled
def anneal_with_tolls(
    first: Longs,
    rows: Floats,
    buy: Floats,
    left: Floats,
    state: Longs,
    members: Longs,
    crowd: Longs,
    chance: Chance,
    toll: Floats,
    sweeps: int,
    heat: tuple[float, float],
) -> int:
    """Move every component once in each sweep; give how many moves were taken.

    Parameters
    ----------
    first, rows, buy, left, state, members, crowd
        As in `picks.Picks`.
    toll
        For each unit beyond a limit, shape (limits, D). [USD]
    heat
        Temperature of the first and of the last sweep. [USD]
    """
    taken = 0
    for sweep in range(sweeps):
        temperature = heat[0] * (heat[1] / heat[0]) ** (sweep / max(1, sweeps - 1))
        for part in range(len(buy)):
            there, old = state[part, THERE], state[part, PICK]
            start, width = first[part], first[part + 1] - first[part]
            row = start + below(chance, width + 1)
            if row == start + width:
                row = CENTRAL
            if there < 0 or row == old:
                continue
            # a rise in cost up to this much is taken
            spare = -temperature * log(1 - fraction(chance))
            spare += rows[old, COST] if old >= 0 else buy[part]
            if old >= 0:
                spare -= change(rows, left, toll, old, there, -1.0)
            if row == CENTRAL:
                if buy[part] <= spare:
                    set_pick(rows, left, state, members, crowd, part, CENTRAL)
                    taken += 1
                continue
            if there < rows[row, LEAD]:
                continue
            spare -= rows[row, COST] + change(rows, left, toll, row, there, 1.0)
            if spare >= 0:
                set_pick(rows, left, state, members, crowd, part, row)
                taken += 1
            elif crowd[int(rows[row, USES]), 1] > 0:
                taken += _exchange(
                    first,
                    rows,
                    buy,
                    left,
                    state,
                    members,
                    crowd,
                    chance,
                    toll,
                    part,
                    row,
                    spare,
                )
    return taken


@compiled
def _exchange(
    first: Longs,
    rows: Floats,
    buy: Floats,
    left: Floats,
    state: Longs,
    members: Longs,
    crowd: Longs,
    chance: Chance,
    toll: Floats,
    part: int,
    row: int,
    spare: float,
) -> int:
    """Put a component in and a member of its new group where it costs least."""
    group = int(rows[row, USES])
    out = members[crowd[group, 0] + below(chance, crowd[group, 1])]
    old, out_old, there = state[part, PICK], state[out, PICK], state[out, THERE]
    set_pick(rows, left, state, members, crowd, part, row)
    spare += rows[out_old, COST] - change(rows, left, toll, out_old, there, -1.0)
    set_pick(rows, left, state, members, crowd, out, CENTRAL)
    best, least = CENTRAL, buy[out]
    for other in range(first[out], first[out + 1]):
        cost = rows[other, COST]
        if cost < least and other != out_old and there >= rows[other, LEAD]:
            cost += change(rows, left, toll, other, there, 1.0)
            if cost < least:
                best, least = other, cost
    if least <= spare:
        if best >= 0:
            set_pick(rows, left, state, members, crowd, out, best)
        return 1
    set_pick(rows, left, state, members, crowd, out, out_old)
    set_pick(rows, left, state, members, crowd, part, old)
    return 0


@compiled
def change(
    rows: Floats, left: Floats, toll: Floats, row: int, there: int, times: float
) -> float:
    """Give what tolls rise by when a use is taken (1) or given back (-1)."""
    rise = 0.0
    last = left.shape[1] - 1
    day = min(there - int(rows[row, LEAD]), last)
    for use in range(USES, rows.shape[1], 2):
        limit = int(rows[row, use])
        if limit >= 0:
            need = rows[row, use + 1] * times
            for later in range(day, last + 1):
                before = left[limit, later]
                rise += toll[limit, later] * (
                    max(0.0, need - before) - max(0.0, -before)
                )
    return rise


@compiled
def repair(
    first: Longs,
    rows: Floats,
    buy: Floats,
    left: Floats,
    state: Longs,
    members: Longs,
    crowd: Longs,
) -> int:
    """Take components out of what is beyond its limit, and give how many.

    From each group in turn the component whose next place costs least for an hour that
    is missing.
    """
    moved = 0
    for group in range(len(crowd)):
        while crowd[group, 1] > 0:
            leave, target, least = -1, CENTRAL, np.inf
            for at in range(crowd[group, 0], crowd[group, 0] + crowd[group, 1]):
                part = members[at]
                lack = _lack(rows, left, state, part)
                if lack <= 0:
                    continue
                row, cost = cheapest_fit(first, rows, buy, left, state, part)
                rise = (cost - rows[state[part, PICK], COST]) / lack
                if leave < 0 or rise < least:
                    leave, target, least = part, row, rise
            if leave < 0:
                break
            set_pick(rows, left, state, members, crowd, leave, target)
            moved += 1
    return moved


@compiled
def _lack(rows: Floats, left: Floats, state: Longs, part: int) -> float:
    """Give the largest share of a limit's excess that a component's leaving mends."""
    row, last = state[part, PICK], left.shape[1] - 1
    share = 0.0
    for use in range(USES, rows.shape[1], 2):
        limit = int(rows[row, use])
        if limit >= 0:
            day = min(state[part, THERE] - int(rows[row, LEAD]), last)
            for later in range(day, last + 1):
                if left[limit, later] < 0:
                    share = max(
                        share, min(1.0, rows[row, use + 1] / -left[limit, later])
                    )
    return share


@compiled
def cheapest_fit(
    first: Longs, rows: Floats, buy: Floats, left: Floats, state: Longs, part: int
) -> tuple[int, float]:
    """Find the cheapest other row with room, or ``CENTRAL``, and its cost."""
    best, least = CENTRAL, buy[part]
    for row in range(first[part], first[part + 1]):
        if (
            rows[row, COST] < least
            and row != state[part, PICK]
            and fits(rows, left, row, state[part, THERE] - int(rows[row, LEAD]))
        ):
            best, least = row, rows[row, COST]
    return best, least
