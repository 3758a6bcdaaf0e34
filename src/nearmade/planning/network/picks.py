"""What is picked for each order and component, and what that leaves of each resource.

Hours of groups, energy of sites and stocks are one table of limits, a row for each and
a column for each day; what is ready on a day uses that day and all later ones. A stock
has a limit on the last day only.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from nearmade.planning.network.fixed_hubs import FixedHubs, Longs
from nearmade.planning.network.plan import CENTRAL, LEFT_OUT
from nearmade.planning.network.problem import Floats
from nearmade.vocabulary.compiled import compiled

#: Share of each limit kept back, so that sums in another order stay below it.
SAFETY: Final = 1e-9
#: Columns of a candidate: cost, days on the leg, then pairs of limit and amount.
COST: Final = 0
LEAD: Final = 1
USES: Final = 2
#: Columns of a component: its pick, its place among the group's members, and the day
#: by whose end it must be there.
PICK: Final = 0
PLACE: Final = 1
THERE: Final = 2


class Picks(NamedTuple):
    """A plan in the making; changed in place.

    Parameters
    ----------
    first
        Where each component's candidates start, shape (N + 1,).
    rows
        Candidates, shape (M, 4) or (M, 8): cost [USD], lead [d], then limit and amount
        for hours, and for energy and stock where any is scarce; -1 is no limit.
    buy
        Cost of buying each component in time, shape (N,); infinite where it is late.
    left
        What is left of each limit up to each day, shape (limits, D).
    state
        Pick, place and day of each component, shape (N, 3).
    members
        Components of each group, where ``crowd`` tells.
    crowd
        Where each group's members start and how many they are, shape (G, 2).
    way
        Way of each order, shape (O,), or ``LEFT_OUT``.
    assembly
        Hours left at hubs on each day, shape (H, A). [h]
    """

    first: Longs
    rows: Floats
    buy: Floats
    left: Floats
    state: Longs
    members: Longs
    crowd: Longs
    way: Longs
    assembly: Floats


def no_picks(hubs: FixedHubs) -> Picks:
    """Start with every order left out."""
    groups, days = hubs.group_hours.shape
    sites = len(hubs.site_wh)
    stock = np.full((len(hubs.stock_left), days), np.inf)
    stock[:, -1] = hubs.stock_left
    scarce = (hubs.site >= 0).any() or (hubs.stock >= 0).any()
    rows = np.empty((len(hubs.group), 8 if scarce else 4))
    rows[:, COST], rows[:, LEAD] = hubs.cost, hubs.lead
    rows[:, USES], rows[:, USES + 1] = hubs.group, hubs.hours
    if scarce:
        rows[:, USES + 2] = np.where(hubs.site >= 0, groups + hubs.site, -1)
        rows[:, USES + 3] = hubs.energy_wh
        rows[:, USES + 4] = np.where(hubs.stock >= 0, groups + sites + hubs.stock, -1)
        rows[:, USES + 5] = hubs.stock_g
    reachable = np.bincount(hubs.group, minlength=groups)
    crowd = np.zeros((groups, 2), dtype=np.int64)
    crowd[1:, 0] = np.cumsum(reachable)[:-1]
    state = np.full((len(hubs.order), 3), -1)
    state[:, PICK] = LEFT_OUT
    return Picks(
        hubs.first,
        rows,
        np.full(len(hubs.order), np.inf),
        np.concatenate((hubs.group_hours, hubs.site_wh, stock)) * (1 - SAFETY),
        state,
        np.zeros(len(hubs.group), dtype=np.int64),
        crowd,
        np.full(len(hubs.leave_out), LEFT_OUT),
        hubs.hub_hours * (1 - SAFETY),
    )


@compiled
def fits(rows: Floats, left: Floats, row: int, day: int) -> bool:
    """Whether a candidate that is ready on a day finds all that it needs."""
    if day < 0:
        return False
    last = left.shape[1] - 1
    for use in range(USES, rows.shape[1], 2):
        limit = int(rows[row, use])
        if limit >= 0:
            need = rows[row, use + 1]
            for later in range(min(day, last), last + 1):
                if left[limit, later] < need:
                    return False
    return True


@compiled
def fits_without(
    rows: Floats, left: Floats, row: int, day: int, out: int, out_day: int
) -> bool:
    """Whether a candidate would fit in its group once another one there is out."""
    if day < 0:
        return False
    last = left.shape[1] - 1
    for use in range(USES, rows.shape[1], 2):
        limit = int(rows[row, use])
        if limit < 0:
            continue
        need = rows[row, use + 1]
        freed = rows[out, use + 1] if rows[out, use] == limit else 0.0
        for later in range(min(day, last), last + 1):
            given = freed if later >= min(out_day, last) else 0.0
            if left[limit, later] + given < need:
                return False
    return True


@compiled
def use_up(rows: Floats, left: Floats, row: int, day: int, times: float) -> None:
    """Take what a candidate needs (``times`` 1) or give it back (-1)."""
    last = left.shape[1] - 1
    for use in range(USES, rows.shape[1], 2):
        limit = int(rows[row, use])
        if limit >= 0:
            need = rows[row, use + 1] * times
            for later in range(min(day, last), last + 1):
                left[limit, later] -= need


@compiled
def set_pick(
    rows: Floats,
    left: Floats,
    state: Longs,
    members: Longs,
    crowd: Longs,
    part: int,
    row: int,
) -> None:
    """Move a component to a row, or to ``CENTRAL``."""
    old = state[part, PICK]
    if old >= 0:
        use_up(rows, left, old, state[part, THERE] - int(rows[old, LEAD]), -1.0)
        group = int(rows[old, USES])
        crowd[group, 1] -= 1
        last = members[crowd[group, 0] + crowd[group, 1]]
        members[state[part, PLACE]] = last
        state[last, PLACE] = state[part, PLACE]
    state[part, PICK] = row
    if row >= 0:
        use_up(rows, left, row, state[part, THERE] - int(rows[row, LEAD]), 1.0)
        group = int(rows[row, USES])
        here = crowd[group, 0] + crowd[group, 1]
        members[here] = part
        state[part, PLACE] = here
        crowd[group, 1] += 1


@compiled
def clear_order(hubs: FixedHubs, picks: Picks, order: int) -> None:
    """Leave an order out and give back all that it uses."""
    way = picks.way[order]
    if way < 0:
        return
    for part in range(hubs.first_component[order], hubs.first_component[order + 1]):
        set_pick(
            picks.rows,
            picks.left,
            picks.state,
            picks.members,
            picks.crowd,
            part,
            CENTRAL,
        )
        picks.state[part, PICK] = LEFT_OUT
        picks.state[part, THERE] = -1
        picks.buy[part] = np.inf
    hub = hubs.way_hub[way]
    if hub >= 0:
        picks.assembly[hub, hubs.way_day[way]] += hubs.assembly_hours[order]
    picks.way[order] = LEFT_OUT


@compiled
def open_way(hubs: FixedHubs, picks: Picks, order: int, way: int) -> bool:
    """Give an order that is left out a way, if its hub has the hours."""
    hub, day = hubs.way_hub[way], hubs.way_day[way]
    if hub >= 0:
        if picks.assembly[hub, day] < hubs.assembly_hours[order]:
            return False
        picks.assembly[hub, day] -= hubs.assembly_hours[order]
    picks.way[order] = way
    for part in range(hubs.first_component[order], hubs.first_component[order + 1]):
        picks.state[part, PICK] = CENTRAL
        picks.state[part, THERE] = day - 1
        in_time = hubs.central_days[part] <= day - 1
        picks.buy[part] = hubs.central[part] if in_time else np.inf
    return True


@compiled
def total_cost(hubs: FixedHubs, picks: Picks) -> float:
    """Cost of all that is picked. [USD]"""
    total = 0.0
    for order in range(len(picks.way)):
        way = picks.way[order]
        if way < 0:
            total += hubs.leave_out[order]
            continue
        total += hubs.way_cost[way]
        for part in range(hubs.first_component[order], hubs.first_component[order + 1]):
            row = picks.state[part, PICK]
            total += picks.rows[row, COST] if row >= 0 else picks.buy[part]
    return total
