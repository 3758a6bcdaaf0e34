"""Solve a flexible job shop: rules, tabu search, then constraint programming."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from nearmade.planning.allowance import Allowance
from nearmade.planning.shop.chance import below, chance_of
from nearmade.planning.shop.job_arrays import (
    ShopState,
    arrays_of,
    copy_state,
    empty_state,
    measure,
    schedule_of,
    state_of,
)
from nearmade.planning.shop.job_cp import solve_by_cp
from nearmade.planning.shop.job_shop import JobSchedule, JobShop
from nearmade.planning.shop.job_start import first_schedule, lower_bound
from nearmade.planning.shop.job_tabu import scratch_of, shake, tabu

#: Share of the time for tabu search; the rest is for CP-SAT, which is strong where
#: operations have hardly a choice of machine and weak where they have many. Measured
#: at 8 s on two cores.
TABU_FRACTION = 0.35
TABU_FRACTION_FLEXIBLE = 0.8

#: Alternatives for an operation, in the mean, from which a shop counts as flexible.
FLEXIBLE = 1.5

#: Moves without a new record after which a search starts elsewhere.
PATIENCE = 1500

#: Moves in one run of the compiled search, between looks at the clock.
ROUNDS = 6000

#: Runs without a shorter schedule after which CP-SAT has better use for the time.
STALE_RUNS = 60

#: How many good schedules a search remembers to start from.
ELITE = 6


@dataclass(frozen=True, slots=True)
class JobShopAnswer:
    """A schedule, its makespan, and a bound that no schedule is below."""

    schedule: JobSchedule
    makespan: int
    bound: int

    @property
    def gap_fraction(self) -> float:
        """Give how far the makespan may be above the optimum, 0 when proven."""
        return self.makespan / self.bound - 1 if self.bound else 0.0


def solve_job_shop(
    shop: JobShop,
    allowance: Allowance,
    *,
    seed: int = 1,
    pool: Executor | None = None,
    workers: int = 1,
) -> JobShopAnswer:
    """Find a short schedule in the time allowed, and say how good it is.

    Parameters
    ----------
    shop
        What is to be done.
    allowance
        Of the wall clock.
    seed
        Same seed, same search; where it is cut off depends on the clock.
    pool
        Threads for the tabu searches; without it there is one.
    workers
        Searches side by side in the pool, and threads of CP-SAT.
    """
    bound = lower_bound(shop)
    best = first_schedule(shop)
    if max(best.ends(shop)) > bound:
        best = _by_tabu(shop, best, bound, allowance, seed, pool, workers)
    makespan = max(best.ends(shop))
    if makespan > bound and allowance.left_s() > 0.0:
        answer = solve_by_cp(
            shop,
            best,
            bound=bound,
            limit_s=allowance.left_s(),
            workers=workers,
            seed=seed,
        )
        bound = answer.bound
        if answer.schedule is not None:
            best = answer.schedule
            makespan = max(best.ends(shop))
    return JobShopAnswer(best, makespan, min(bound, makespan))


def _by_tabu(
    shop: JobShop,
    start: JobSchedule,
    bound: int,
    allowance: Allowance,
    seed: int,
    pool: Executor | None,
    workers: int,
) -> JobSchedule:
    choices = sum(len(operation.times) for operation in shop.operations)
    flexible = choices >= FLEXIBLE * len(shop.operations)
    share = TABU_FRACTION_FLEXIBLE if flexible else TABU_FRACTION
    until_s = share * allowance.limit_s
    if pool is None:
        return TabuSearch(shop, start, bound, seed).run(allowance, until_s)
    running = [
        pool.submit(
            TabuSearch(shop, start, bound, seed + 1000 * number).run, allowance, until_s
        )
        for number in range(workers)
    ]
    found = [each.result() for each in running]
    return min(found, key=lambda schedule: max(schedule.ends(shop)))


class TabuSearch:
    """Runs of tabu search from shaken good schedules.

    Parameters
    ----------
    shop
        What is to be done.
    start
        A true schedule to begin with.
    bound
        Nothing is shorter.
    """

    def __init__(
        self, shop: JobShop, start: JobSchedule, bound: int, seed: int
    ) -> None:
        operations = len(shop.operations)
        self._arrays = arrays_of(shop)
        self._bound = bound
        self._chance = chance_of(seed)
        self._room = scratch_of(operations, shop.machines)
        self._state = state_of(shop, start)
        self._found = empty_state(operations, shop.machines)
        self._elite: list[tuple[int, int, ShopState]] = []
        self._shape = (operations, shop.machines)
        self._runs = 0
        self._last_gain = 0

    def run(self, allowance: Allowance, until_s: float) -> JobSchedule:
        """Search until so much of the allowance is used; give the best."""
        while True:
            makespan = self.once()
            if makespan <= self._bound or allowance.used_s() >= until_s:
                break
            if self._runs - self._last_gain >= STALE_RUNS:
                break
        best = self._elite[0][2]
        measure(self._arrays, best)
        return schedule_of(best)

    def once(self) -> int:
        """Run once and go to the next start; give the best makespan so far."""
        if self._runs:
            self._next_start()
        self._runs += 1
        makespan = tabu(
            self._arrays,
            self._state,
            self._found,
            self._room,
            ROUNDS,
            PATIENCE,
            self._bound,
            self._chance,
        )
        if not self._elite or makespan < self._elite[0][0]:
            self._last_gain = self._runs
        self._remember(makespan)
        return self._elite[0][0]

    def _remember(self, makespan: int) -> None:
        """Keep the run's best among the elite, unless it holds the same already."""
        for known, _, state in self._elite:
            if known == makespan and np.array_equal(state.head, self._found.head):
                return
        kept = empty_state(*self._shape)
        copy_state(self._found, kept)
        self._elite.append((makespan, -self._runs, kept))
        self._elite.sort(key=lambda each: each[:2])
        del self._elite[ELITE:]

    def _next_start(self) -> None:
        """Shake one of the elite, more strongly every few runs."""
        drawn = int(below(self._chance, len(self._elite)))
        other = int(below(self._chance, len(self._elite)))
        copy_state(self._elite[min(drawn, other)][2], self._state)
        moves = 2 + int(below(self._chance, 3 + self._shape[0] // 8))
        shake(self._arrays, self._state, self._room, moves, self._chance)
