"""Improvement of a plan: whole orders move between hubs, days and groups.

A move picks an order and a place that it would like: there it puts others out by
chance until there is room, places itself, then the others, each at its cheapest place
with room. Moves that cost more are taken with a chance that falls as the temperature
does (ruin and recreate under annealing).

References
----------
G. Schrimpf, J. Schneider, H. Stamm-Wilbrandt, G. Dueck, "Record breaking optimization
results using the ruin and recreate principle", Journal of Computational Physics 159
(2000), doi:10.1006/jcph.1999.6413.
"""

from __future__ import annotations

from math import log

import numpy as np

from nearmade.planning.network.hub_room import (
    Draft,
    drop_order,
    enough,
    enough_scarce,
    set_order,
    use,
    use_scarce,
)
from nearmade.planning.network.problem import Ints
from nearmade.planning.shop.chance import Chance, below, fraction
from nearmade.vocabulary.compiled import compiled

#: Most orders that one move takes out.
MOST_OUT = 12
#: Further draws, of which the best at the prices counts: of a row, of an entry, of an
#: order (the one that is dearest over its best).
ROW_DRAWS, ENTRY_DRAWS, ORDER_DRAWS = 1, 4, 4
#: Chance that one put out is followed by those who stand where it would like to be.
FURTHER = 0.2
#: The share of the prices is drawn up to so many times the whole, which is most often.
WHOLE = 2.0


@compiled
def place_order(draft: Draft, number: int, share: float, entries: Ints) -> None:
    """Place an order at its cheapest row with room, or leave it out.

    ``share`` is how much of the prices counts beside the cost itself; ``entries`` is
    room for two sets of the order's entries. Entries stand from the cheapest on, so a
    search ends where cost alone is above.
    """
    entry, rows, order = draft.entry, draft.row, draft.order
    first_entry, left, days = draft.first_entry, draft.hours, draft.days[0]
    size = order[number + 1].first_part - order[number].first_part
    limited = len(draft.scarce) > 0
    best, least = -1, order[number].leave_out
    rest = 1.0 - share
    for place in range(order[number].first_row, order[number + 1].first_row):
        row = draft.by_value[place]
        value = rest * rows[row].floor + share * rows[row].value
        if value >= least:
            continue
        if draft.assembly[rows[row].hub_at] < order[number].assembly_hours:
            continue
        for c in range(size):
            cell = rows[row].first_cell + c
            value -= rest * entry[first_entry[cell]].cost
            value -= share * draft.cell_value[cell]
            low, pick = least - value, -1
            for e in range(first_entry[cell], first_entry[cell + 1]):
                if entry[e].cost >= low:
                    break
                priced = entry[e].cost + share * entry[e].rent
                if (
                    priced < low
                    and enough(left, days, entry[e].hour_at, entry[e].hours)
                    and (not limited or enough_scarce(draft, e))
                ):
                    low, pick = priced, e
            value += low
            if pick < 0:
                value = np.inf
                break
            entries[size + c] = pick
        if value < least:
            best, least = row, value
            for c in range(size):
                entries[c] = entries[size + c]
    if best >= 0:
        set_order(draft, number, best, entries, 0)
        if not _keeps(draft, number):
            drop_order(draft, number)
            _place_apart(draft, number, best, share, entries)


@compiled
def _keeps(draft: Draft, number: int) -> bool:
    """Say whether nothing that an order uses is used up beyond its limit."""
    days, order = draft.days[0], draft.order
    for p in range(order[number].first_part, order[number + 1].first_part):
        e = draft.part[p].entry
        if not enough(draft.hours, days, draft.entry[e].hour_at, 0.0):
            return False
        if len(draft.scarce):
            asked = draft.scarce[e]
            if not enough(draft.energy, days, asked.energy_at, 0.0):
                return False
            if draft.stock[asked.stock_at] < 0.0:
                return False
    return True


@compiled
def _place_apart(
    draft: Draft, number: int, row: int, share: float, entries: Ints
) -> None:
    """Place an order whose components want the same room: one after the other."""
    size = draft.order[number + 1].first_part - draft.order[number].first_part
    days, placed, entry = draft.days[0], 0, draft.entry
    limited = len(draft.scarce) > 0
    for c in range(size):
        cell = draft.row[row].first_cell + c
        best, least = -1, np.inf
        for e in range(draft.first_entry[cell], draft.first_entry[cell + 1]):
            priced = entry[e].cost + share * entry[e].rent
            if (
                priced < least
                and enough(draft.hours, days, entry[e].hour_at, entry[e].hours)
                and (not limited or enough_scarce(draft, e))
            ):
                best, least = e, priced
        if best < 0:
            break
        entries[c] = best
        placed += 1
        use(draft.hours, days, entry[best].hour_at, entry[best].hours)
        if limited:
            use_scarce(draft, best, 1.0)
    for c in range(placed):
        e = entries[c]
        use(draft.hours, days, entry[e].hour_at, -entry[e].hours)
        if limited:
            use_scarce(draft, e, -1.0)
    if placed == size:
        set_order(draft, number, row, entries, 0)


@compiled
def fill(draft: Draft, sequence: Ints, share: float) -> None:
    """Place the orders of a sequence one after the other."""
    entries = np.empty(2 * len(draft.part), np.int32)
    for n in range(len(sequence)):
        place_order(draft, sequence[n], share, entries)


@compiled
def _choose_out(
    draft: Draft, chance: Chance, number: int, out: Ints, count: int
) -> int:
    """Add those who stand where an order would like to be, each once."""
    order, entry, rows, days = draft.order, draft.entry, draft.row, draft.days[0]
    first_entry = draft.first_entry
    first, end = order[number].first_row, order[number + 1].first_row
    if end == first:
        return count
    row = first + below(chance, end - first)
    for _ in range(ROW_DRAWS):
        other = first + below(chance, end - first)
        if rows[other].value < rows[row].value:
            row = other
    hub = rows[row].hub_at
    now = order[number].row
    if now < 0 or rows[now].hub_at != hub:
        guests = draft.hub[hub].count
        if draft.assembly[hub] < order[number].assembly_hours and guests > 0:
            stand = draft.hub[hub].first + below(chance, guests)
            count = _add_once(out, count, draft.guest[stand])
    size = order[number + 1].first_part - order[number].first_part
    for cell in range(rows[row].first_cell, rows[row].first_cell + size):
        width = first_entry[cell + 1] - first_entry[cell]
        if width == 0:
            continue
        e = first_entry[cell] + below(chance, width)
        for _ in range(ENTRY_DRAWS):
            other = first_entry[cell] + below(chance, width)
            if entry[other].cost + entry[other].rent < entry[e].cost + entry[e].rent:
                e = other
        makers = draft.group[entry[e].hour_at // days].count
        if makers == 0 or enough(draft.hours, days, entry[e].hour_at, entry[e].hours):
            continue
        stand = draft.group[entry[e].hour_at // days].first + below(chance, makers)
        count = _add_once(out, count, draft.part[draft.maker[stand]].order)
    return count


@compiled
def _add_once(out: Ints, count: int, number: int) -> int:
    """Add an order to a list where there is room and it is not there yet."""
    for n in range(count):
        if out[n] == number:
            return count
    if count == len(out):
        return count
    out[count] = number
    return count + 1


@compiled
def _draw_order(draft: Draft, chance: Chance, seeds: Ints) -> int:
    """Draw an order, rather one that is dear over its best at the prices."""
    order = draft.order
    drawn: int = seeds[below(chance, len(seeds))]
    for _ in range(ORDER_DRAWS):
        other = seeds[below(chance, len(seeds))]
        lost = order[drawn].priced - order[drawn].best
        if order[other].priced - order[other].best > lost:
            drawn = other
    return drawn


@compiled
def _keep(draft: Draft, out: Ints, count: int, rows: Ints, entries: Ints) -> float:
    """Remember where orders stand, and add up their cost."""
    cost = 0.0
    at = 0
    for n in range(count):
        rows[n] = draft.order[out[n]].row
        cost += draft.order[out[n]].cost
        first, end = draft.order[out[n]].first_part, draft.order[out[n] + 1].first_part
        for p in range(first, end):
            entries[at] = draft.part[p].entry
            at += 1
    return cost


@compiled
def improve(
    draft: Draft,
    chance: Chance,
    seeds: Ints,
    moves: int,
    hot: float,
    cold: float,
    share: float,
) -> int:
    """Try so many moves while the temperature falls; give how many were taken.

    Parameters
    ----------
    seeds
        Orders that moves begin with.
    hot, cold
        Temperature of the first and of the last move. [USD]
    share
        Most of the prices that counts when orders are placed again, 0..1.
    """
    out = np.empty(MOST_OUT, np.int32)
    rows = np.empty(MOST_OUT, np.int32)
    order = draft.order
    largest = 1
    for n in range(len(order) - 1):
        largest = max(largest, order[n + 1].first_part - order[n].first_part)
    entries = np.empty(MOST_OUT * largest, np.int32)
    spare = np.empty(2 * largest, np.int32)
    taken = 0
    for move in range(moves):
        temperature = hot * (cold / hot) ** (move / moves)
        out[0] = _draw_order(draft, chance, seeds)
        count, reached = 1, 0
        while reached < count and (reached == 0 or fraction(chance) < FURTHER):
            count = _choose_out(draft, chance, out[reached], out, count)
            reached += 1
        before = _keep(draft, out, count, rows, entries)
        for n in range(count):
            drop_order(draft, out[n])
        part = share * min(1.0, WHOLE * fraction(chance))
        limit = before - temperature * log(1.0 - fraction(chance))
        after = 0.0
        for n in range(count):
            after += draft.least[out[n]]
        for n in range(count):
            if after > limit:
                break
            place_order(draft, out[n], part, spare)
            after += order[out[n]].cost - draft.least[out[n]]
        if after <= limit:
            taken += 1
            continue
        for n in range(count):
            drop_order(draft, out[n])
        at = 0
        for n in range(count):
            if rows[n] >= 0:
                set_order(draft, out[n], rows[n], entries, at)
            at += order[out[n] + 1].first_part - order[out[n]].first_part
    return taken
