"""Improvement of a plan by annealing: components move, put others out, or are bought.

Every state is a plan that can be carried out. A move puts a component into another
group; where that is full, it puts another out, which goes to the cheapest place with
room, or puts out a third, and so on. Moves that cost more are taken with a chance that
falls as the temperature does.
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
    fits_without,
    set_pick,
)
from nearmade.planning.network.plan import CENTRAL
from nearmade.planning.network.problem import Floats
from nearmade.planning.shop.chance import Chance, below, fraction
from nearmade.vocabulary.compiled import compiled


@compiled
def anneal(
    first: Longs,
    rows: Floats,
    buy: Floats,
    left: Floats,
    state: Longs,
    members: Longs,
    crowd: Longs,
    chance: Chance,
    sweeps: int,
    hot: float,
    cold: float,
    depth: int,
) -> int:
    """Move every component once in each sweep, from one temperature to another.

    Parameters
    ----------
    first, rows, buy, left, state, members, crowd
        As in `picks.Picks`.
    hot, cold
        Temperature of the first and of the last sweep. [USD]
    depth
        Most components that one move puts out.

    Returns
    -------
    int
        Moves that were taken.
    """
    chain = np.empty((depth + 1, 2), dtype=np.int64)
    least = _cheapest(first, rows, buy)
    taken = 0
    for sweep in range(sweeps):
        temperature = hot * (cold / hot) ** (sweep / max(1, sweeps - 1))
        for part in range(len(buy)):
            old = state[part, PICK]
            start, width = first[part], first[part + 1] - first[part]
            row = start + below(chance, width + 1)
            if row == start + width:
                row = CENTRAL
            if row == old or state[part, THERE] < 0:
                continue
            # a rise in cost up to this much is taken
            limit = -temperature * log(1 - fraction(chance))
            rise = rows[row, COST] if row >= 0 else buy[part]
            rise -= rows[old, COST] if old >= 0 else buy[part]
            if rise > limit and row < 0:
                continue
            if row < 0 or fits(
                rows, left, row, state[part, THERE] - int(rows[row, LEAD])
            ):
                if rise <= limit:
                    set_pick(rows, left, state, members, crowd, part, row)
                    taken += 1
                continue
            if _push(
                first,
                rows,
                buy,
                left,
                state,
                members,
                crowd,
                chance,
                least,
                part,
                row,
                limit - rise,
                chain,
            ):
                taken += 1
    return taken


@compiled
def _push(
    first: Longs,
    rows: Floats,
    buy: Floats,
    left: Floats,
    state: Longs,
    members: Longs,
    crowd: Longs,
    chance: Chance,
    least: Floats,
    part: int,
    row: int,
    spare: float,
    chain: Longs,
) -> bool:
    """Put a component in by putting others out; the last one finds room or is bought.

    ``spare`` is what the others may cost more; what is too dear is undone.
    """
    here, length = part, 0
    while True:
        group = int(rows[row, USES])
        if crowd[group, 1] == 0:
            break
        out = members[crowd[group, 0] + below(chance, crowd[group, 1])]
        out_row = state[out, PICK]
        spare += rows[out_row, COST]
        if least[out] > spare or not fits_without(
            rows,
            left,
            row,
            state[here, THERE] - int(rows[row, LEAD]),
            out_row,
            state[out, THERE] - int(rows[out_row, LEAD]),
        ):
            break
        if length == 0:
            chain[0, 0], chain[0, 1] = part, state[part, PICK]
            set_pick(rows, left, state, members, crowd, part, CENTRAL)
            length = 1
        set_pick(rows, left, state, members, crowd, out, CENTRAL)
        set_pick(rows, left, state, members, crowd, here, row)
        chain[length, 0], chain[length, 1] = out, out_row
        length += 1
        target, cost = _cheapest_fit(first, rows, buy, left, state, out)
        if cost <= spare:
            if target >= 0:
                set_pick(rows, left, state, members, crowd, out, target)
            return True
        if length == len(chain):
            break
        here = out
        row = first[out] + below(chance, first[out + 1] - first[out])
        spare -= rows[row, COST]
        if row == out_row or spare == -np.inf:
            break
    for at in range(length - 1, -1, -1):
        set_pick(rows, left, state, members, crowd, chain[at, 0], chain[at, 1])
    return False


@compiled
def _cheapest_fit(
    first: Longs, rows: Floats, buy: Floats, left: Floats, state: Longs, part: int
) -> tuple[int, float]:
    """Find the cheapest row with room, or ``CENTRAL``, and its cost."""
    best, least = CENTRAL, buy[part]
    for row in range(first[part], first[part + 1]):
        if rows[row, COST] < least and fits(
            rows, left, row, state[part, THERE] - int(rows[row, LEAD])
        ):
            best, least = row, rows[row, COST]
    return best, least


@compiled
def _cheapest(first: Longs, rows: Floats, buy: Floats) -> Floats:
    """Give the least cost that each component can have. [USD]"""
    least = buy.copy()
    for part in range(len(least)):
        for row in range(first[part], first[part + 1]):
            least[part] = min(least[part], rows[row, COST])
    return least
