"""Published distributed permutation flow shops: reading, the sample, the gaps."""

from __future__ import annotations

import csv
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nearmade.planning.allowance import Allowance
from nearmade.planning.shop.flow_lines import FlowLines, faults_of_lines
from nearmade.planning.shop.flow_search import solve_flow_lines

#: Instances come in blocks of so many of one size.
BLOCK: Final = 50
#: Of each block every fifth is taken, from the third on: ten of each of eight sizes,
#: and since the number of sites cycles through five values, shifted by block.
EVERY: Final = 5


def read_lines(text: str) -> FlowLines:
    """Read jobs, machines, sites, and a row of times for each job."""
    numbers = [int(word) for word in text.split()]
    jobs, machines, sites = numbers[:3]
    flat = numbers[3 : 3 + jobs * machines]
    rows = tuple(
        tuple(flat[job * machines : (job + 1) * machines]) for job in range(jobs)
    )
    return FlowLines(sites, rows)


def sample_numbers(count: int) -> list[int]:
    """Give the numbers of the sample among 1 to count.

    Taking every fifth alone would always meet the same number of sites, so the step
    inside a block is 5, moved on by one each time: 1, 7, 13, 19, 25, 26, 32 ...
    """
    chosen = [
        first + EVERY * step + step % EVERY
        for first in range(1, count + 1, BLOCK)
        for step in range(BLOCK // EVERY)
    ]
    return [number for number in chosen if number <= count]


@dataclass(frozen=True, slots=True)
class Row:
    """One instance: its size, what was found, and the best known makespan."""

    number: int
    jobs: int
    machines: int
    sites: int
    found: int
    best: int
    cpu_s: float

    @property
    def gap(self) -> float:
        """Give how far what was found is above the best known."""
        return self.found / self.best - 1


def solve_sample(folder: Path, limit_s: float) -> list[Row]:
    """Solve the sample, each within a limit of processor time or to the best known."""
    with (folder / "bks.csv").open(encoding="utf-8", newline="") as text:
        best = {row[2]: int(row[3]) for row in csv.reader(text)}
    rows = []
    for number in sample_numbers(len(best)):
        name = f"{number}.txt"
        lines = read_lines((folder / "instances" / name).read_text(encoding="utf-8"))
        began_s = time.process_time()
        answer = solve_flow_lines(
            lines, Allowance(limit_s, time.process_time), target=best[name]
        )
        cpu_s = time.process_time() - began_s
        faults = faults_of_lines(lines, answer.schedule)
        assert not faults, f"{name}: {faults}"
        size = (len(lines.times), len(lines.times[0]), lines.sites)
        found = answer.schedule.makespan
        rows.append(Row(number, *size, found, best[name], cpu_s))
    return rows


def table(rows: Sequence[Row], limit_s: float) -> str:
    """Write mean and worst gaps by size."""
    lines = [
        f"{limit_s:.0f} s of processor time each, gap to best known",
        f"{'jobs x machines':<16}{'cases':>6}{'mean':>8}{'worst':>8}{'reached':>9}",
    ]
    sizes = list(dict.fromkeys(f"{row.jobs} x {row.machines}" for row in rows))
    for size in [*sizes, "all"]:
        of_size = [
            row for row in rows if size in (f"{row.jobs} x {row.machines}", "all")
        ]
        gaps = [row.gap for row in of_size]
        reached = sum(gap <= 0 for gap in gaps)
        lines.append(
            f"{size:<16}{len(gaps):>6}{statistics.fmean(gaps):>8.2%}{max(gaps):>8.2%}"
            f"{reached:>9}"
        )
    return "\n".join(lines)
