"""A job shop as arrays, and a state of its machines' sequences with heads and tails."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nearmade.planning.shop.job_shop import JobSchedule, JobShop
from nearmade.vocabulary.compiled import compiled

Ints = NDArray[np.int64]


class ShopArrays(NamedTuple):
    """What does not change: rows of each operation from ``_at[op]`` to ``_at[op + 1]``.

    ``before`` and ``after`` list its neighbours in the arcs, ``machine`` and ``time``
    its alternatives.
    """

    before_at: Ints
    before: Ints
    after_at: Ints
    after: Ints
    choice_at: Ints
    machine: Ints
    time: Ints


class ShopState(NamedTuple):
    """What a search moves: sequences on machines, and what follows from them.

    ``machine``, ``time`` and ``place`` are each operation's machine, its time there and
    its place in that machine's ``sequence``, which has ``held`` of them;
    ``head`` is the earliest start, ``tail`` the longest way from its end to the very
    end; ``order`` is topological and ``rank`` its inverse.
    """

    machine: Ints
    time: Ints
    place: Ints
    sequence: NDArray[np.int64]
    held: Ints
    head: Ints
    tail: Ints
    order: Ints
    rank: Ints


def arrays_of(shop: JobShop) -> ShopArrays:
    """Lay out a job shop as arrays."""
    before: list[list[int]] = [[] for _ in shop.operations]
    after: list[list[int]] = [[] for _ in shop.operations]
    for one, other in shop.arcs:
        before[other].append(one)
        after[one].append(other)
    choices = [list(operation.times) for operation in shop.operations]
    return ShopArrays(
        _starts([len(row) for row in before]),
        _flat(before),
        _starts([len(row) for row in after]),
        _flat(after),
        _starts([len(row) for row in choices]),
        _flat([[machine for machine, _ in row] for row in choices]),
        _flat([[time for _, time in row] for row in choices]),
    )


def _starts(lengths: list[int]) -> Ints:
    return np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)


def _flat(rows: list[list[int]]) -> Ints:
    return np.array([value for row in rows for value in row], dtype=np.int64)


def empty_state(operations: int, machines: int) -> ShopState:
    """Give a state with nothing on any machine."""

    def zeros() -> Ints:
        return np.zeros(operations, dtype=np.int64)

    return ShopState(
        np.full(operations, -1, dtype=np.int64),
        zeros(),
        zeros(),
        np.full((machines, operations), -1, dtype=np.int64),
        np.zeros(machines, dtype=np.int64),
        zeros(),
        zeros(),
        zeros(),
        zeros(),
    )


def schedule_of(state: ShopState) -> JobSchedule:
    """Read the schedule off a state whose heads are right."""
    return JobSchedule(
        tuple(int(each) for each in state.machine),
        tuple(int(each) for each in state.head),
    )


def state_of(shop: JobShop, schedule: JobSchedule) -> ShopState:
    """Give the state whose sequences are those of a schedule."""
    state = empty_state(len(shop.operations), shop.machines)
    rank = {op: place for place, op in enumerate(shop.topological_order())}
    ends = schedule.ends(shop)
    order = sorted(rank, key=lambda op: (schedule.start[op], ends[op], rank[op]))
    for op in order:
        machine = schedule.machine[op]
        state.machine[op] = machine
        state.time[op] = dict(shop.operations[op].times)[machine]
        state.place[op] = state.held[machine]
        state.sequence[machine, state.held[machine]] = op
        state.held[machine] += 1
    measure(arrays_of(shop), state)
    return state


@compiled
def copy_state(source: ShopState, target: ShopState) -> None:
    """Make one state like another."""
    target.machine[:] = source.machine
    target.time[:] = source.time
    target.place[:] = source.place
    target.held[:] = source.held
    target.head[:] = source.head
    target.tail[:] = source.tail
    target.order[:] = source.order
    target.rank[:] = source.rank
    for machine in range(source.held.size):
        for place in range(source.held[machine]):
            target.sequence[machine, place] = source.sequence[machine, place]


@compiled
def measure(shop: ShopArrays, state: ShopState) -> int:
    """Work out order, heads and tails; give the makespan, -1 when in a circle."""
    count = state.machine.size
    waiting = state.rank  # until the ranks are known
    filled = 0
    for op in range(count):
        waiting[op] = shop.before_at[op + 1] - shop.before_at[op]
        if state.place[op] > 0:
            waiting[op] += 1
        if waiting[op] == 0:
            state.order[filled] = op
            filled += 1
    done = 0
    makespan = 0
    while done < filled:
        op = state.order[done]
        done += 1
        head = 0
        for at in range(shop.before_at[op], shop.before_at[op + 1]):
            other = shop.before[at]
            head = max(head, state.head[other] + state.time[other])
        row, place = state.machine[op], state.place[op]
        if place > 0:
            other = state.sequence[row, place - 1]
            head = max(head, state.head[other] + state.time[other])
        state.head[op] = head
        makespan = max(makespan, head + state.time[op])
        for at in range(shop.after_at[op], shop.after_at[op + 1]):
            other = shop.after[at]
            waiting[other] -= 1
            if waiting[other] == 0:
                state.order[filled] = other
                filled += 1
        if place + 1 < state.held[row]:
            other = state.sequence[row, place + 1]
            waiting[other] -= 1
            if waiting[other] == 0:
                state.order[filled] = other
                filled += 1
    if filled < count:
        return -1
    _tails(shop, state)
    return makespan


@compiled
def _tails(shop: ShopArrays, state: ShopState) -> None:
    for step in range(state.order.size - 1, -1, -1):
        op = state.order[step]
        tail = 0
        for at in range(shop.after_at[op], shop.after_at[op + 1]):
            other = shop.after[at]
            tail = max(tail, state.tail[other] + state.time[other])
        row, place = state.machine[op], state.place[op]
        if place + 1 < state.held[row]:
            other = state.sequence[row, place + 1]
            tail = max(tail, state.tail[other] + state.time[other])
        state.tail[op] = tail
        state.rank[op] = step
