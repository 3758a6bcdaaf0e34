"""Improvement of a plan one group at a time: which components it had better make.

A group chooses among its members and all that would be cheaper there than where they
are now. What a member is worth to it is what its next best place would cost more. The
best choice within the hours is a knapsack problem, small enough to be searched.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nearmade.planning.network.fixed_hubs import FixedHubs, Longs
from nearmade.planning.network.picks import (
    COST,
    LEAD,
    PICK,
    THERE,
    USES,
    set_pick,
)
from nearmade.planning.network.plan import CENTRAL
from nearmade.planning.network.problem import Floats
from nearmade.planning.network.tolls import cheapest_fit
from nearmade.vocabulary.compiled import compiled

#: Steps of one group's search, after which the best so far is taken.
STEPS = 3000
#: What is worth more than this to a group is never given up. [USD]
DEAR = 1e9
#: Least gain for which a group is repacked. [USD]
LEAST_GAIN = 1e-7


class ByGroup(NamedTuple):
    """Rows in the order of their groups: where each starts, rows, components."""

    first: Longs
    row: Longs
    part: Longs


def by_group(hubs: FixedHubs) -> ByGroup:
    """Put rows in the order of their groups."""
    row = np.argsort(hubs.group, kind="stable")
    starts = np.searchsorted(hubs.group[row], np.arange(len(hubs.group_hours) + 1))
    part = np.repeat(np.arange(len(hubs.order)), np.diff(hubs.first))
    return ByGroup(starts, row, part[row])


@compiled
def repack(
    first: Longs,
    rows: Floats,
    buy: Floats,
    left: Floats,
    state: Longs,
    members: Longs,
    crowd: Longs,
    columns: ByGroup,
) -> float:
    """Repack every group once; give what was gained. [USD]

    Only for plans where hours of one day are the only limits.
    """
    total = 0.0
    most = 1
    for group in range(len(crowd)):
        most = max(most, columns.first[group + 1] - columns.first[group])
    part, row = np.empty(most, np.int64), np.empty(most, np.int64)
    use, worth = np.empty(most), np.empty(most)
    for group in range(len(crowd)):
        room, inside, count = left[group, 0], crowd[group, 1], 0
        for at in range(crowd[group, 0], crowd[group, 0] + inside):
            part[count] = members[at]
            row[count] = state[members[at], PICK]
            _, cost = cheapest_fit(first, rows, buy, left, state, members[at])
            use[count] = rows[row[count], USES + 1]
            worth[count] = min(DEAR, cost - rows[row[count], COST])
            room += use[count]
            count += 1
        for at in range(columns.first[group], columns.first[group + 1]):
            new, other = columns.row[at], columns.part[at]
            now = state[other, PICK]
            if now == new or state[other, THERE] < rows[new, LEAD]:
                continue
            cost = rows[now, COST] if now >= 0 else buy[other]
            gain = min(DEAR, cost - rows[new, COST])
            if gain > LEAST_GAIN and rows[new, USES + 1] <= room:
                part[count], row[count] = other, new
                use[count], worth[count] = rows[new, USES + 1], gain
                count += 1
        if count == inside:
            continue
        taken = _best_choice(use[:count], worth[:count], inside, room)
        if taken[count] > 0:
            total += _exchange(
                first,
                rows,
                buy,
                left,
                state,
                members,
                crowd,
                part[:count],
                row[:count],
                taken,
                inside,
            )
    return total


@compiled
def _best_choice(use: Floats, worth: Floats, inside: int, room: float) -> Longs:
    """Search the best choice; the last entry tells whether it beats the first ones.

    References
    ----------
    E. Horowitz, S. Sahni, "Computing partitions with applications to the knapsack
    problem", Journal of the ACM 21 (1974), doi:10.1145/321812.321823.
    """
    count = len(use)
    order = np.argsort(-worth / np.maximum(use, 1e-12), kind="mergesort")
    best = np.zeros(count + 1, np.int64)
    here = np.zeros(count, np.int64)
    target = LEAST_GAIN
    for at in range(inside):
        target += worth[at]
    value, free, at = 0.0, room, 0
    for _ in range(STEPS):
        bound, space, look = value, free, at
        while look < count and use[order[look]] <= space:
            space -= use[order[look]]
            bound += worth[order[look]]
            look += 1
        if look < count:
            bound += space * worth[order[look]] / use[order[look]]
        if bound > target:
            while at < count and use[order[at]] <= free:
                here[at] = 1
                free -= use[order[at]]
                value += worth[order[at]]
                at += 1
            if at < count:
                at += 1
                continue
            target = value
            best[count] = 1
            for place in range(count):
                best[order[place]] = here[place]
        at -= 1
        while at >= 0 and here[at] == 0:
            at -= 1
        if at < 0:
            break
        here[at] = 0
        free += use[order[at]]
        value -= worth[order[at]]
        at += 1
    return best


@compiled
def _exchange(
    first: Longs,
    rows: Floats,
    buy: Floats,
    left: Floats,
    state: Longs,
    members: Longs,
    crowd: Longs,
    part: Longs,
    row: Longs,
    taken: Longs,
    inside: int,
) -> float:
    """Put the chosen in and the others out; undo it where nothing is gained. [USD]"""
    count = len(part)
    before = np.empty(count, np.int64)
    gain = 0.0
    for at in range(count):
        before[at] = state[part[at], PICK]
        if (at < inside) != (taken[at] > 0):
            old = before[at]
            gain += min(DEAR, rows[old, COST] if old >= 0 else buy[part[at]])
            set_pick(rows, left, state, members, crowd, part[at], CENTRAL)
    for at in range(inside, count):
        if taken[at] > 0:
            gain -= rows[row[at], COST]
            set_pick(rows, left, state, members, crowd, part[at], row[at])
    for at in range(inside):
        if taken[at] == 0:
            target, cost = cheapest_fit(first, rows, buy, left, state, part[at])
            gain -= min(DEAR, cost)
            if target >= 0:
                set_pick(rows, left, state, members, crowd, part[at], target)
    if gain > 0:
        return gain
    for at in range(count):
        if (at < inside) != (taken[at] > 0):
            set_pick(rows, left, state, members, crowd, part[at], CENTRAL)
    for at in range(count):
        if (at < inside) != (taken[at] > 0):
            set_pick(rows, left, state, members, crowd, part[at], before[at])
    return 0.0
