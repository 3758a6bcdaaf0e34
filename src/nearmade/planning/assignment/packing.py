"""The best packing of one agent: which items it would take at given prices.

A 0/1 knapsack, with one capacity or with capacities that nest by day. Solved exactly by
lists of undominated states, cut by the bound at fixed marginal prices. When a list
grows past its limit, neighbours merge into a state that is at least as good as both, so
that the value found is never below the best.

References
----------
H. Kellerer, U. Pferschy, D. Pisinger, "Knapsack Problems", Springer 2004, sections 3.4
and 5.3 (dynamic programming with lists, bounds and a core).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nearmade.planning.assignment.problem import Counts, Floats
from nearmade.vocabulary.compiled import compiled

#: States kept after each item: more than the whole numbers up to any capacity of the
#: published instances, so that these are solved exactly.
WIDTH = 2000

#: States kept for one packing, all items together.
STATES = 1_000_000


class Bench(NamedTuple):
    """Room to work in, made once for many packings.

    The caller fills ``value``, ``use`` and ``day`` and reads ``taken`` (0 or 1) and
    ``day_price``: what the capacity until each day is worth at the margin.
    """

    value: Floats
    use: Floats
    day: Counts
    score: Floats
    order: Counts
    rest: Floats
    taken: Counts
    day_price: Floats
    filled: Floats
    state_use: Floats
    state_value: Floats
    state_score: Floats
    state_from: Counts
    layer: Counts


@compiled
def bench_for(most: int, days: int, width: int) -> Bench:
    """Make room for packings of at most so many items."""
    states = min((most + 1) * width, STATES) + 3 * width
    return Bench(
        np.empty(most),
        np.empty(most),
        np.empty(most, np.int64),
        np.empty(most),
        np.empty(most, np.int64),
        np.empty(most + 1),
        np.zeros(most, np.int64),
        np.empty(days),
        np.empty(days),
        np.empty(states),
        np.empty(states),
        np.empty(states),
        np.empty(states, np.int64),
        np.empty(most + 2, np.int64),
    )


@compiled
def best_packing(bench: Bench, count: int, capacity: Floats, width: int) -> float:
    """Give the value of the best packing of the first ``count`` items of the bench.

    Parameters
    ----------
    bench
        Its first ``count`` items, each of value above zero.
    count
        Number of items.
    capacity
        What may be used until each day, shape (D,), not falling.
    width
        States kept after each item; fewer are faster and give a higher value.
    """
    greedy = _pack_by_density(bench, count, capacity)
    slack = -greedy
    for day in range(len(capacity)):
        slack += bench.day_price[day] * capacity[day]
    core = _order_core(bench, count, slack)
    slack += bench.rest[0]
    if slack <= 1e-12 * (1.0 + abs(greedy)):
        return greedy
    last = _grow_states(bench, core, capacity, slack, width)
    if last < 0 or bench.state_value[last] <= greedy:
        return greedy
    _read_back(bench, count, core, last)
    split = greedy + slack
    if len(capacity) > 1:
        split = min(split, _pack_in_parts(bench, count, capacity))
    return float(min(bench.state_value[last], split))


@compiled
def _pack_in_parts(bench: Bench, count: int, capacity: Floats) -> float:
    """Fill by value for use, the last pieces in part: the best that splitting gives.

    Capacities that nest are a polymatroid, on which this is exact (Edmonds 1970).
    """
    for place in range(count):
        bench.score[place] = -bench.value[place] / max(bench.use[place], 1e-300)
    bench.filled[:] = 0.0
    total = 0.0
    for place in np.argsort(bench.score[:count]):
        share, use = 1.0, bench.use[place]
        for until in range(bench.day[place], len(capacity)):
            left = max(0.0, capacity[until] - bench.filled[until])
            if left < share * use:
                share = left / use
        total += share * bench.value[place]
        for until in range(bench.day[place], len(capacity)):
            bench.filled[until] += share * use
    return total


@compiled
def _pack_by_density(bench: Bench, count: int, capacity: Floats) -> float:
    """Fill by value for use; the densities that first fail price the days."""
    days = len(capacity)
    for place in range(count):
        bench.score[place] = -bench.value[place] / max(bench.use[place], 1e-300)
    order = np.argsort(bench.score[:count])
    bench.day_price[:] = 0.0
    bench.filled[:] = 0.0
    total = 0.0
    for place in order:
        day = bench.day[place]
        fits = True
        for until in range(day, days):
            fits = fits and bench.filled[until] + bench.use[place] <= capacity[until]
        bench.taken[place] = int(fits)
        if fits:
            total += bench.value[place]
            for until in range(day, days):
                bench.filled[until] += bench.use[place]
        elif bench.day_price[day] == 0.0:
            bench.day_price[day] = -bench.score[place]
    _price_days(bench, days)
    return total


@compiled
def _price_days(bench: Bench, days: int) -> None:
    """Turn the price of use on each day into that of each capacity until a day."""
    after = 0.0
    for back in range(days):
        day = days - 1 - back
        here = max(after, bench.day_price[day])
        bench.day_price[day] = here - after
        after = here


@compiled
def _order_core(bench: Bench, count: int, slack: float) -> int:
    """Order the items that a best packing may hold; give their number.

    The score of an item is its value less its use at the prices of its days: what the
    bound loses when the item is left (above zero) or taken (below zero).
    """
    days = len(bench.day_price)
    rest = 0.0
    for place in range(count):
        price = 0.0
        for until in range(bench.day[place], days):
            price += bench.day_price[until]
        bench.score[place] = bench.value[place] - price * bench.use[place]
        rest += max(0.0, bench.score[place])
    slack += rest
    core = 0
    for place in range(count):
        if bench.score[place] > -slack:
            bench.order[core] = place
            core += 1
    keys = np.empty(core)
    for place in range(core):
        item = bench.order[place]
        keys[place] = -abs(bench.score[item]) if days == 1 else float(bench.day[item])
    by_key = np.argsort(keys, kind="mergesort")
    bench.order[:core] = bench.order[:core][by_key]
    bench.rest[core] = 0.0
    for back in range(core):
        place = core - 1 - back
        gain = max(0.0, bench.score[bench.order[place]])
        bench.rest[place] = bench.rest[place + 1] + gain
    return core


@compiled
def _grow_states(
    bench: Bench, core: int, capacity: Floats, slack: float, width: int
) -> int:
    """Add the items one by one; give the best state of the last list, or -1.

    A state stays when its score and all that may come are worth more than the greedy
    packing: when its score is above that of all good items less ``slack``.
    """
    bench.state_use[0] = 0.0
    bench.state_value[0] = 0.0
    bench.state_score[0] = 0.0
    bench.state_from[0] = -1
    bench.layer[0] = 0
    bench.layer[1] = 1
    need = bench.rest[0] - slack
    for step in range(core):
        end = _add_item(bench, step, capacity[bench.day[bench.order[step]]], need)
        room = len(bench.state_use) - 3 * width - end
        most = max(2, min(width, room // (2 * (core - step))))
        while end - bench.layer[step + 1] > most:
            end = _merge_states(bench, bench.layer[step + 1], end)
        bench.layer[step + 2] = end
        if end == bench.layer[step + 1]:
            return -1
    return int(bench.layer[core + 1]) - 1


@compiled
def _add_item(bench: Bench, step: int, capacity: float, need: float) -> int:
    """Write the next list: states without the item merged with states with it."""
    item = bench.order[step]
    use, value, score = bench.use[item], bench.value[item], bench.score[item]
    start, end = bench.layer[step], bench.layer[step + 1]
    need -= bench.rest[step + 1]
    left = right = start
    write = end
    while left < end or right < end:
        with_use = bench.state_use[right] + use if right < end else np.inf
        if left < end and bench.state_use[left] <= with_use:
            new_use, new_value = bench.state_use[left], bench.state_value[left]
            new_score, source = bench.state_score[left], 2 * left
            left += 1
        else:
            new_use, new_value = with_use, bench.state_value[right] + value
            new_score, source = bench.state_score[right] + score, 2 * right + 1
            right += 1
        if new_use > capacity or new_score <= need:
            continue
        if write > end and bench.state_value[write - 1] >= new_value:
            continue
        if write > end and bench.state_use[write - 1] == new_use:
            write -= 1
        bench.state_use[write], bench.state_value[write] = new_use, new_value
        bench.state_score[write], bench.state_from[write] = new_score, source
        write += 1
    return int(write)


@compiled
def _merge_states(bench: Bench, start: int, end: int) -> int:
    """Merge neighbours: the lesser use with the greater value."""
    write = start
    read = start
    while read < end:
        other = min(read + 1, end - 1)
        use = bench.state_use[read]
        score = max(bench.state_score[read], bench.state_score[other])
        bench.state_use[write] = use
        bench.state_value[write] = bench.state_value[other]
        bench.state_score[write] = score
        bench.state_from[write] = bench.state_from[other]
        write += 1
        read += 2
    return write


@compiled
def _read_back(bench: Bench, count: int, core: int, last: int) -> None:
    """Mark the items of the best state as taken."""
    bench.taken[:count] = 0
    state = last
    for back in range(core):
        source = bench.state_from[state]
        if source % 2 == 1:
            bench.taken[bench.order[core - 1 - back]] = 1
        state = source // 2
