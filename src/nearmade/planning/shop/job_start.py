"""A first schedule by rules, and simple lower bounds on the makespan."""

from __future__ import annotations

from nearmade.planning.shop.job_shop import JobSchedule, JobShop


def heads_and_tails(shop: JobShop) -> tuple[list[int], list[int]]:
    """Give the shortest way to each operation's start and from its end to the end."""
    shortest = [min(time for _, time in each.times) for each in shop.operations]
    head = [0] * len(shortest)
    tail = [0] * len(shortest)
    order = shop.topological_order()
    after: list[list[int]] = [[] for _ in shortest]
    for one, other in shop.arcs:
        after[one].append(other)
    for op in order:
        for other in after[op]:
            head[other] = max(head[other], head[op] + shortest[op])
    for op in reversed(order):
        tail[op] = max(
            (shortest[other] + tail[other] for other in after[op]), default=0
        )
    return head, tail


def lower_bound(shop: JobShop) -> int:
    """Give a makespan that no schedule is below.

    The longest chain of shortest times; the shortest times spread over all machines;
    and for each machine what only it can do, between its first head and last tail.
    """
    head, tail = heads_and_tails(shop)
    shortest = [min(time for _, time in each.times) for each in shop.operations]
    chain = max(h + t + p for h, t, p in zip(head, tail, shortest, strict=True))
    spread = -(-sum(shortest) // shop.machines)
    bound = max(chain, spread)
    for machine in range(shop.machines):
        only = [
            op
            for op, each in enumerate(shop.operations)
            if len(each.times) == 1 and each.times[0][0] == machine
        ]
        if only:
            load = sum(shortest[op] for op in only)
            first = min(head[op] for op in only)
            bound = max(bound, first + load + min(tail[op] for op in only))
    return bound


def first_schedule(shop: JobShop) -> JobSchedule:
    """Take the operation with the longest way to go, where it ends first."""
    _, tail = heads_and_tails(shop)
    count = len(shop.operations)
    waiting = [0] * count
    after: list[list[int]] = [[] for _ in range(count)]
    for one, other in shop.arcs:
        waiting[other] += 1
        after[one].append(other)
    ready = [0] * count
    free = [0] * shop.machines
    machine = [0] * count
    start = [0] * count
    open_ = [op for op in range(count) if not waiting[op]]
    while open_:
        trials = [
            min(
                (max(ready[op], free[row]) + time, time, row)
                for row, time in shop.operations[op].times
            )
            for op in open_
        ]
        earliest = min(end for end, _, _ in trials)
        # Of those that could start before the first would end, the longest way to go.
        chosen = min(
            (
                place
                for place, (end, time, _) in enumerate(trials)
                if end - time <= earliest
            ),
            key=lambda place: (-tail[open_[place]] - trials[place][1], open_[place]),
        )
        op, (end, time, row) = open_.pop(chosen), trials[chosen]
        machine[op], start[op], free[row] = row, end - time, end
        for other in after[op]:
            ready[other] = max(ready[other], end)
            waiting[other] -= 1
            if not waiting[other]:
                open_.append(other)
    return JobSchedule(tuple(machine), tuple(start))
