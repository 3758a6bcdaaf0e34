"""Solve flow lines at several sites by iterated greedy search."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nearmade.planning.allowance import Allowance
from nearmade.planning.shop.chance import chance_of
from nearmade.planning.shop.flow_kernels import (
    copy_lines,
    empty_lines,
    greedy_rounds,
    improve,
    start_by_neh,
)
from nearmade.planning.shop.flow_lines import FlowLines, LinesSchedule, lines_bound

#: Jobs that are taken out in a round.
GONE = 5

#: Temperature in mean processing times.
HEAT = 0.025

#: Rounds between looks at the clock.
ROUNDS = 50


@dataclass(frozen=True, slots=True)
class LinesAnswer:
    """A schedule, a bound that none is below, and how many rounds were made."""

    schedule: LinesSchedule
    bound: int
    rounds: int

    @property
    def gap_fraction(self) -> float:
        """Give how far the makespan may be above the optimum, 0 when proven."""
        return self.schedule.makespan / self.bound - 1 if self.bound else 0.0


def solve_flow_lines(
    lines: FlowLines,
    allowance: Allowance,
    *,
    seed: int = 1,
    most_rounds: int = 2**62,
    target: int = 0,
) -> LinesAnswer:
    """Find a short schedule in the time allowed.

    Longest jobs first, each at the site and place where the site then ends first;
    then rounds of taking a few jobs out, putting them back where they are best, and
    moving jobs of the site that ends last.

    Parameters
    ----------
    lines
        Jobs and sites.
    allowance
        Looked at every few rounds; the rounds themselves depend on the seed alone.
    most_rounds
        Stop after so many, whatever the clock says.
    target
        A makespan that is good enough.

    References
    ----------
    R. Ruiz, Q.-K. Pan, B. Naderi, "Iterated Greedy methods for the distributed
    permutation flowshop scheduling problem", Omega 83 (2019) 213-222.
    """
    times = np.array(lines.times, dtype=np.int64)
    jobs, machines = times.shape
    chance = chance_of(seed)
    now, trial, best = (empty_lines(lines.sites, jobs, machines) for _ in range(3))
    room = np.zeros(jobs, dtype=np.int64)
    order = np.argsort(-times.sum(axis=1), kind="stable")
    start_by_neh(times, now, order, chance)
    improve(times, now, room, chance)
    copy_lines(now, best)
    bound = lines_bound(lines)
    goal = max(bound, target)
    gone = np.zeros(min(GONE, jobs), dtype=np.int64)
    heat = HEAT * max(1.0, float(times.mean()))
    done = 0
    while done < most_rounds and allowance.left_s() > 0.0:
        if best.end.max() <= goal:
            break
        batch = min(ROUNDS, most_rounds - done)
        greedy_rounds(times, now, trial, best, gone, room, batch, heat, goal, chance)
        done += batch
    sequences = tuple(
        tuple(int(job) for job in row[:count])
        for row, count in zip(best.sequence, best.held, strict=True)
    )
    return LinesAnswer(LinesSchedule(sequences, int(best.end.max())), bound, done)
