"""A flexible job shop: operations, the machines that can do them, what goes before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nearmade.vocabulary.errors import InvalidInput

#: Sums of times stay exact in the compiled search below this. [time unit]
MOST_TIME = 2**40


def _wrong(rule: str) -> InvalidInput:
    return InvalidInput(rule, remedy="mend what is named")


@dataclass(frozen=True, slots=True)
class Operation:
    """One step of a job, done without interruption on one of some machines.

    Parameters
    ----------
    job
        Number of the job that it belongs to, for people; precedence is in the arcs.
    times
        Pairs of machine number and processing time there; one time unit throughout.
    """

    job: int
    times: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class JobShop:
    """Operations on machines, with an order between some of them.

    Parameters
    ----------
    machines
        How many; they are numbered from 0.
    operations
        Numbered by their place here.
    arcs
        Pairs ``(a, b)``: operation ``b`` starts when ``a`` has ended, or later. Joins
        (assembly) and forks are welcome.

    Raises
    ------
    InvalidInput
        When an operation has no machine, a number is out of range, or the arcs go in a
        circle.
    """

    machines: int
    operations: tuple[Operation, ...]
    arcs: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        if not (self.machines >= 1 and self.operations):
            raise _wrong("job shop: needs a machine and an operation")
        for number, operation in enumerate(self.operations):
            self._check_operation(number, operation)
        longest = sum(max(t for _, t in each.times) for each in self.operations)
        if longest >= MOST_TIME:
            raise _wrong(
                f"job shop: all times together are {longest}, at most {MOST_TIME - 1}"
            )
        for before, after in self.arcs:
            if not (0 <= before < len(self.operations) > after >= 0):
                raise _wrong(f"arc {before} -> {after}: no such operation")
        if len(self.topological_order()) < len(self.operations):
            raise InvalidInput(
                "job shop: the order of the operations goes in a circle",
                remedy="take out one of the arcs of the circle",
            )

    def _check_operation(self, number: int, operation: Operation) -> None:
        machines = [machine for machine, _ in operation.times]
        if not machines:
            raise _wrong(f"operation {number}: no machine can do it")
        if len(set(machines)) < len(machines):
            raise _wrong(f"operation {number}: names a machine twice")
        for machine, time in operation.times:
            if not 0 <= machine < self.machines:
                raise _wrong(f"operation {number}: there is no machine {machine}")
            if not time >= 0:
                raise _wrong(f"operation {number}: time {time} must be >= 0")

    def topological_order(self) -> list[int]:
        """Give the operations, each after those before it; fewer if in a circle."""
        waiting = [0] * len(self.operations)
        after: list[list[int]] = [[] for _ in self.operations]
        for one, other in self.arcs:
            waiting[other] += 1
            after[one].append(other)
        order = [number for number, count in enumerate(waiting) if not count]
        for number in order:
            for follower in after[number]:
                waiting[follower] -= 1
                if not waiting[follower]:
                    order.append(follower)
        return order


@dataclass(frozen=True, slots=True)
class JobSchedule:
    """Where and when each operation is done, in the order of the operations."""

    machine: tuple[int, ...]
    start: tuple[int, ...]

    def ends(self, shop: JobShop) -> tuple[int, ...]:
        """Give the end of each operation."""
        return tuple(
            start + dict(operation.times)[machine]
            for operation, machine, start in zip(
                shop.operations, self.machine, self.start, strict=True
            )
        )


def chain_arcs(lengths: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Give the arcs of jobs that are plain chains of so many operations each."""
    arcs = []
    first = 0
    for length in lengths:
        arcs += [(op, op + 1) for op in range(first, first + length - 1)]
        first += length
    return tuple(arcs)
