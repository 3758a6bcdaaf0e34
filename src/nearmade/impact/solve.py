"""Solving ``A s = f``, ``g = B s``, ``h = C g`` for many draws at once.

Only what a demand reaches is solved, consumers before suppliers, so that most of the
system is a forward substitution; what stands in a loop (recycled filament) is solved
together as a small dense system per draw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nearmade.impact.database import Database, Exchange, Process
from nearmade.vocabulary.errors import InvalidInput

Floats = NDArray[np.float64]

#: Most processes in one loop, and numbers laid out for it at a time.
MAX_LOOP: Final = 1500
LOOP_NUMBERS: Final = 4_000_000

#: Gives the amounts of an exchange, shape (n,) or ().
Amounts = Callable[[Process, Exchange], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """What demands reach, in an order in which it can be solved.

    Parameters
    ----------
    processes
        Consumers before suppliers, loops side by side.
    index
        Place of each process by id.
    blocks
        Places that are solved together; one place unless there is a loop.
    """

    processes: tuple[Process, ...]
    index: Mapping[str, int]
    blocks: tuple[tuple[int, ...], ...]


def reach_of(database: Database, demanded: Iterable[str]) -> Reach:
    """Find everything that demands reach.

    Raises
    ------
    NotFound
        When a demanded process is not in the database.
    """
    components = _strong_components(database, tuple(dict.fromkeys(demanded)))
    components.reverse()  # consumers first
    ordered: list[Process] = []
    blocks = []
    for component in components:
        start = len(ordered)
        ordered += [database.process(name) for name in component]
        blocks.append(tuple(range(start, len(ordered))))
    index = {process.id: place for place, process in enumerate(ordered)}
    return Reach(tuple(ordered), index, tuple(blocks))


def _suppliers(database: Database, process_id: str) -> list[str]:
    return [
        exchange.input
        for exchange in database.process(process_id).exchanges
        if exchange.input in database.processes
    ]


def _strong_components(database: Database, roots: Sequence[str]) -> list[list[str]]:
    """Find strongly connected components, suppliers first (Tarjan 1972)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    waiting: set[str] = set()
    components: list[list[str]] = []
    for root in roots:
        if root in order:
            continue
        work = [(root, iter(_suppliers(database, root)))]
        order[root] = low[root] = len(order)
        stack.append(root)
        waiting.add(root)
        while work:
            name, rest = work[-1]
            for supplier in rest:
                if supplier not in order:
                    order[supplier] = low[supplier] = len(order)
                    stack.append(supplier)
                    waiting.add(supplier)
                    work.append((supplier, iter(_suppliers(database, supplier))))
                    break
                if supplier in waiting:
                    low[name] = min(low[name], order[supplier])
            else:
                work.pop()
                if work:
                    above = work[-1][0]
                    low[above] = min(low[above], low[name])
                if low[name] == order[name]:
                    components.append(_popped(stack, waiting, name))
    return components


def _popped(stack: list[str], waiting: set[str], name: str) -> list[str]:
    component = []
    while True:
        last = stack.pop()
        waiting.discard(last)
        component.append(last)
        if last == name:
            return component[::-1]


@dataclass(frozen=True, slots=True, eq=False)
class System:
    """A reach with its amounts: ``taken`` is ``I - A``, ``emitted`` is ``B``.

    Parameters
    ----------
    reach
        The processes.
    taken
        By (supplier's place, consumer's place): amounts, shape (n,) or ().
    emitted
        By (flow id, place): amounts, shape (n,) or ().
    """

    reach: Reach
    taken: Mapping[tuple[int, int], Floats]
    emitted: Mapping[tuple[str, int], Floats]

    def supply(self, demand: Mapping[str, Floats], draws: int) -> Floats:
        """Solve ``A s = f``: how much of each process, shape (processes, draws).

        Raises
        ------
        InvalidInput
            When a loop takes as much of itself as it gives, or is too large.
        """
        supply: Floats = np.zeros((len(self.reach.processes), draws))
        for name, amount in demand.items():
            supply[self.reach.index[name]] += amount
        suppliers = self._suppliers()
        for block in self.reach.blocks:
            inside = set(block)
            if self._loops(block):
                rows = list(block)
                supply[rows] = self._solve_loop(block, supply[rows])
            for consumer in block:
                if not supply[consumer].any():
                    continue
                for supplier in suppliers.get(consumer, ()):
                    if supplier not in inside:
                        amount = self.taken[supplier, consumer]
                        supply[supplier] += amount * supply[consumer]
        return supply

    def _suppliers(self) -> dict[int, list[int]]:
        suppliers: dict[int, list[int]] = {}
        for supplier, consumer in self.taken:
            suppliers.setdefault(consumer, []).append(supplier)
        return suppliers

    def _loops(self, block: tuple[int, ...]) -> bool:
        return len(block) > 1 or (block[0], block[0]) in self.taken

    def _gain(self, block: tuple[int, ...], draws: slice, count: int) -> Floats:
        """Lay out what a loop takes of itself, shape (draws, size, size)."""
        gain: Floats = np.zeros((count, len(block), len(block)))
        for row, supplier in enumerate(block):
            for column, consumer in enumerate(block):
                amount = self.taken.get((supplier, consumer))
                if amount is not None:
                    gain[:, row, column] = amount[draws] if amount.ndim else amount
        return gain

    def _solve_loop(self, block: tuple[int, ...], asked: Floats) -> Floats:
        """Solve a loop, a few draws at a time; by Hawkins and Simon it must be viable.

        What takes and gives nothing below zero, and is asked for nothing below zero,
        must not answer with less than nothing.
        """
        size, draws = asked.shape
        if size > MAX_LOOP:
            raise InvalidInput(f"study: a loop of {size} processes is not solved")
        solved: Floats = np.empty_like(asked)
        step = max(1, LOOP_NUMBERS // size**2)
        for start in range(0, draws, step):
            some = slice(start, min(start + step, draws))
            gain = self._gain(block, some, some.stop - start)
            wanted = asked[:, some].T[:, :, None]
            try:
                found = np.linalg.solve(np.eye(size) - gain, wanted)[:, :, 0]
            except np.linalg.LinAlgError as error:
                raise self._greedy(block) from error
            plain = (gain >= 0).all(axis=(1, 2)) & (wanted >= 0).all(axis=(1, 2))
            if (found[plain] < 0).any() or not np.isfinite(found).all():
                raise self._greedy(block)
            solved[:, some] = found.T
        return solved

    def _greedy(self, block: tuple[int, ...]) -> InvalidInput:
        names = ", ".join(self.reach.processes[place].id for place in block[:5])
        return InvalidInput(f"study: the loop of {names} takes more than it gives")

    def inventory(self, supply: Floats) -> dict[str, Floats]:
        """Sum what is emitted, ``g = B s``, by flow, shape (draws,)."""
        total: dict[str, Floats] = {}
        for (flow, place), amount in self.emitted.items():
            part = amount * supply[place]
            total[flow] = total[flow] + part if flow in total else part
        return total

    def direct(self, factors: Mapping[str, float]) -> Floats:
        """Give what one unit of each process itself scores, ``c = C B``.

        For systems of one draw; shape (processes,).
        """
        each: Floats = np.zeros(len(self.reach.processes))
        for (flow, place), amount in self.emitted.items():
            each[place] += factors.get(flow, 0.0) * float(amount)
        return each

    def per_unit(self, factors: Mapping[str, float]) -> Floats:
        """Give what one unit of each process scores in all, ``u = C B A^-1``.

        For systems of one draw; shape (processes,).
        """
        unit = self.direct(factors)
        suppliers = self._suppliers()
        for block in reversed(self.reach.blocks):
            inside = set(block)
            for consumer in block:
                for supplier in suppliers.get(consumer, ()):
                    if supplier not in inside:
                        amount = float(self.taken[supplier, consumer])
                        unit[consumer] += amount * unit[supplier]
            if self._loops(block):
                gain = self._gain(block, slice(0, 1), 1)[0]
                rows = list(block)
                unit[rows] = np.linalg.solve((np.eye(len(block)) - gain).T, unit[rows])
        return unit


def score(inventory: Mapping[str, Floats], factors: Mapping[str, float]) -> Floats:
    """Characterise an inventory, ``h = C g``, shape (draws,)."""
    total: Floats = np.zeros(1)
    for flow, factor in factors.items():
        if factor and flow in inventory:
            total = total + factor * inventory[flow]
    return total


def build_system(database: Database, reach: Reach, amounts: Amounts) -> System:
    """Lay out the matrices of a reach; exchanges of one pair are added."""
    taken: dict[tuple[int, int], Floats] = {}
    emitted: dict[tuple[str, int], Floats] = {}
    for place, process in enumerate(reach.processes):
        for exchange in process.exchanges:
            amount = amounts(process, exchange)
            if exchange.input in database.flows:
                flow = (exchange.input, place)
                known = emitted.get(flow)
                emitted[flow] = amount if known is None else known + amount
            else:
                pair = (reach.index[exchange.input], place)
                before = taken.get(pair)
                taken[pair] = amount if before is None else before + amount
    return System(reach, taken, emitted)
