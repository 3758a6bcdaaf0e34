"""Tabu search for the flexible job shop: a critical operation goes to a better place.

The neighbourhood is that of Mastrolilli and Gambardella: a critical operation is taken
out; on each machine that can do it, only places between the operations that would be
done before it anyway and those that would come after it anyway are looked at. Such a
move never makes a circle, and one of the best moves is among them.

References
----------
M. Mastrolilli, L. M. Gambardella, "Effective neighbourhood functions for the flexible
job shop problem", J. Scheduling 3 (2000) 3-20.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nearmade.planning.shop.chance import Chance, below
from nearmade.planning.shop.job_arrays import (
    Ints,
    ShopArrays,
    ShopState,
    copy_state,
    measure,
)
from nearmade.vocabulary.compiled import compiled

#: Stands for no move and no limit.
FAR = 1 << 60


class Scratch(NamedTuple):
    """Room for one look at the neighbourhood."""

    head: Ints
    tail: Ints
    path: Ints
    tabu_until: NDArray[np.int64]


def scratch_of(operations: int, machines: int) -> Scratch:
    """Give room for a search."""
    return Scratch(
        np.zeros(operations, dtype=np.int64),
        np.zeros(operations, dtype=np.int64),
        np.zeros(operations, dtype=np.int64),
        np.zeros((operations, machines), dtype=np.int64),
    )


@compiled
def take_out(shop: ShopArrays, state: ShopState, room: Scratch, gone: int) -> None:
    """Work out heads and tails as if an operation took no time and no machine."""
    row, place = state.machine[gone], state.place[gone]
    ahead = state.sequence[row, place - 1] if place > 0 else -1
    behind = state.sequence[row, place + 1] if place + 1 < state.held[row] else -1
    rank = state.rank[gone]
    for step in range(rank):
        op = state.order[step]
        room.head[op] = state.head[op]
    for step in range(rank, state.order.size):
        op = state.order[step]
        head = 0
        for at in range(shop.before_at[op], shop.before_at[op + 1]):
            other = shop.before[at]
            head = max(head, room.head[other] + (other != gone) * state.time[other])
        if op != gone and state.place[op] > 0:
            other = state.sequence[state.machine[op], state.place[op] - 1]
            if op == behind:
                other = ahead
            if other >= 0:
                head = max(head, room.head[other] + state.time[other])
        room.head[op] = head
    for step in range(state.order.size - 1, rank, -1):
        op = state.order[step]
        room.tail[op] = state.tail[op]
    for step in range(rank, -1, -1):
        op = state.order[step]
        tail = 0
        for at in range(shop.after_at[op], shop.after_at[op + 1]):
            other = shop.after[at]
            tail = max(tail, room.tail[other] + (other != gone) * state.time[other])
        own = state.machine[op]
        if op != gone and state.place[op] + 1 < state.held[own]:
            other = state.sequence[own, state.place[op] + 1]
            if op == ahead:
                other = behind
            if other >= 0:
                tail = max(tail, room.tail[other] + state.time[other])
        room.tail[op] = tail


@compiled
def critical_path(
    shop: ShopArrays, state: ShopState, room: Scratch, makespan: int, chance: Chance
) -> int:
    """Write one longest path into ``room.path``, drawn where it forks; its length."""
    op, seen = -1, 0
    for each in range(state.machine.size):
        ends = state.head[each] + state.time[each] == makespan
        if ends and state.time[each] > 0:
            seen += 1
            if below(chance, seen) == 0:
                op = each
    length = 0
    while op >= 0:
        room.path[length] = op
        length += 1
        start = state.head[op]
        found, seen = -1, 0
        if start > 0:
            for at in range(shop.before_at[op], shop.before_at[op + 1]):
                other = shop.before[at]
                if state.head[other] + state.time[other] == start:
                    seen += 1
                    if below(chance, seen) == 0:
                        found = other
            if state.place[op] > 0:
                other = state.sequence[state.machine[op], state.place[op] - 1]
                if state.head[other] + state.time[other] == start:
                    seen += 1
                    if below(chance, seen) == 0:
                        found = other
        op = found
    return length


@compiled
def move_to(state: ShopState, op: int, row: int, time: int, place: int) -> None:
    """Put an operation on a machine, at a place counted without itself."""
    old = state.machine[op]
    for at in range(state.place[op], state.held[old] - 1):
        other = state.sequence[old, at + 1]
        state.sequence[old, at] = other
        state.place[other] = at
    state.held[old] -= 1
    for at in range(state.held[row], place, -1):
        other = state.sequence[row, at - 1]
        state.sequence[row, at] = other
        state.place[other] = at
    state.sequence[row, place] = op
    state.held[row] += 1
    state.place[op] = place
    state.machine[op] = row
    state.time[op] = time


@compiled
def places_on(state: ShopState, room: Scratch, op: int, row: int) -> tuple[int, int]:
    """Give the first and last place on a machine that need be looked at.

    Places are counted without the operation itself.
    """
    own = row == state.machine[op]
    count = state.held[row] - (1 if own else 0)
    later, earlier = count, -1
    for at in range(count):
        there = at + 1 if own and at >= state.place[op] else at
        other = state.sequence[row, there]
        time = state.time[other]
        if later == count and room.head[other] + time > room.head[op]:
            later = at
        if room.tail[other] + time > room.tail[op]:
            earlier = at
    if later > earlier:
        return earlier + 1, later
    return later, earlier + 1


@compiled
def length_at(
    state: ShopState, room: Scratch, op: int, row: int, time: int, place: int
) -> int:
    """Estimate the longest path through an operation if it went to a place."""
    own = row == state.machine[op]
    count = state.held[row] - (1 if own else 0)
    head, tail = room.head[op], room.tail[op]
    if place > 0:
        there = place if own and place - 1 >= state.place[op] else place - 1
        other = state.sequence[row, there]
        head = max(head, room.head[other] + state.time[other])
    if place < count:
        there = place + 1 if own and place >= state.place[op] else place
        other = state.sequence[row, there]
        tail = max(tail, room.tail[other] + state.time[other])
    length: int = head + time + tail
    return length


@compiled
def best_move(
    shop: ShopArrays,
    state: ShopState,
    room: Scratch,
    length: int,
    now: int,
    record: int,
    chance: Chance,
) -> tuple[int, int, int]:
    """Look at all moves of the path; give operation, row of its choices and place.

    A forbidden move is taken only when it promises a new record, or by lot when there
    is no other; the operation is -1 when nothing can move.
    """
    best, ties = FAR, 0
    move = (-1, -1, -1)
    spare, spares = (-1, -1, -1), 0
    for step in range(length):
        op = room.path[step]
        if state.time[op] == 0:
            continue
        take_out(shop, state, room, op)
        for choice in range(shop.choice_at[op], shop.choice_at[op + 1]):
            row, time = shop.machine[choice], shop.time[choice]
            first, last = places_on(state, room, op, row)
            for place in range(first, last + 1):
                if row == state.machine[op] and place == state.place[op]:
                    continue
                found = length_at(state, room, op, row, time, place)
                if room.tabu_until[op, row] > now and found >= record:
                    spares += 1
                    if below(chance, spares) == 0:
                        spare = (op, choice, place)
                    continue
                if found < best:
                    best, ties = found, 1
                    move = (op, choice, place)
                elif found == best:
                    ties += 1
                    if below(chance, ties) == 0:
                        move = (op, choice, place)
    return move if move[0] >= 0 else spare


@compiled
def tabu(
    shop: ShopArrays,
    state: ShopState,
    best: ShopState,
    room: Scratch,
    rounds: int,
    patience: int,
    target: int,
    chance: Chance,
) -> int:
    """Search from a state; the best found is written into ``best``, its makespan given.

    Parameters
    ----------
    state
        Where to begin; left where the search ends.
    rounds, patience
        Moves at most, and moves at most without a new record.
    target
        A lower bound: there is nothing to find below it.
    """
    makespan = measure(shop, state)
    record = makespan
    copy_state(state, best)
    room.tabu_until[:] = 0
    quiet = 0
    for now in range(1, rounds + 1):
        if record <= target or quiet >= patience:
            break
        length = critical_path(shop, state, room, makespan, chance)
        op, choice, place = best_move(shop, state, room, length, now, record, chance)
        if op < 0:
            break
        old = state.machine[op]
        choices = shop.choice_at[op + 1] - shop.choice_at[op]
        room.tabu_until[op, old] = now + length + choices + below(chance, 5)
        move_to(state, op, shop.machine[choice], shop.time[choice], place)
        makespan = measure(shop, state)
        if makespan < record:
            record, quiet = makespan, 0
            copy_state(state, best)
        else:
            quiet += 1
    return record


@compiled
def shake(
    shop: ShopArrays, state: ShopState, room: Scratch, moves: int, chance: Chance
) -> None:
    """Move so many operations, drawn by lot, to places drawn by lot."""
    measure(shop, state)
    for _ in range(moves):
        op = below(chance, state.machine.size)
        take_out(shop, state, room, op)
        first_choice = shop.choice_at[op]
        choice = first_choice + below(chance, shop.choice_at[op + 1] - first_choice)
        row = shop.machine[choice]
        first, last = places_on(state, room, op, row)
        place = first + below(chance, last - first + 1)
        move_to(state, op, row, shop.time[choice], place)
        measure(shop, state)
