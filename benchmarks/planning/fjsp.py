"""Published flexible job shops: reading them, the sample, and PyJobShop beside us."""

from __future__ import annotations

import csv
import math
import re
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyjobshop

from nearmade.planning.allowance import Allowance
from nearmade.planning.shop.job_check import faults_of_schedule
from nearmade.planning.shop.job_search import solve_job_shop
from nearmade.planning.shop.job_shop import JobShop, Operation, chain_arcs


def read_shop(text: str) -> JobShop:
    """Read the standard text: machines are numbered from 1."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    jobs, machines = int(lines[0][0]), int(lines[0][1])
    operations: list[Operation] = []
    lengths = []
    for job, line in enumerate(lines[1 : jobs + 1]):
        numbers = iter([int(word) for word in line])
        lengths.append(next(numbers))
        operations += [Operation(job, _times(numbers, 1)) for _ in range(lengths[-1])]
    return JobShop(machines, tuple(operations), chain_arcs(lengths))


def read_assembly_shop(text: str) -> JobShop:
    """Read the variant with joins: all is numbered from 0."""
    plain = " ".join(line.partition("#")[0] for line in text.splitlines())
    numbers = iter([int(word) for word in plain.split()])
    count, arcs, machines = next(numbers), next(numbers), next(numbers)
    pairs = tuple((next(numbers), next(numbers)) for _ in range(arcs))
    operations = tuple(Operation(0, _times(numbers, 0)) for _ in range(count))
    return JobShop(machines, operations, pairs)


def _times(numbers: Iterator[int], first: int) -> tuple[tuple[int, int], ...]:
    return tuple((next(numbers) - first, next(numbers)) for _ in range(next(numbers)))


def read_file(path: Path) -> JobShop:
    """Read a file of the collection."""
    text = path.read_text(encoding="utf-8")
    assembly = path.parent.name == "BFFMOR2014_assembly"
    return read_assembly_shop(text) if assembly else read_shop(text)


@dataclass(frozen=True, slots=True)
class Case:
    """One published instance with its best known makespan, None where none is given."""

    family: str
    name: str
    path: Path
    best: int | None


#: Family, folder, how many of it, spread evenly over the folder by name and number.
SAMPLE: Final = (
    ("brandimarte", "Brandimarte1993", 5),
    ("chambers-barnes", "ChambersBarnes1996", 5),
    ("dauzere-peres", "DauzerePeresPaulli1994", 5),
    ("kacem", "KacemHammadiBorne2002", 3),
    ("fattahi", "FattahiMehrabadJolai2007", 4),
    ("behnke", "BehnkeGeiger2012", 5),
    ("hurink-edata", "HurinkJurischThole1994/edata", 4),
    ("hurink-rdata", "HurinkJurischThole1994/rdata", 4),
    ("hurink-sdata", "HurinkJurischThole1994/sdata", 4),
    ("hurink-vdata", "HurinkJurischThole1994/vdata", 4),
    ("assembly", "BFFMOR2014_assembly", 5),
)


def sample(folder: Path) -> list[Case]:
    """Give the stated sample: of each family, files spread evenly in natural order."""
    best = best_known(folder / "bks.csv")
    cases = []
    for family, place, count in SAMPLE:
        files = sorted((folder / place).glob("*.txt"), key=natural)
        for number in range(count):
            path = files[(2 * number + 1) * len(files) // (2 * count)]
            cases.append(Case(family, path.stem, path, best.get(listed_name(path))))
    return cases


def natural(path: Path) -> tuple[str | int, ...]:
    """Give a key that sorts mk2 before mk10."""
    words = re.split(r"(\d+)", path.stem)
    return tuple(int(word) if word.isdigit() else word for word in words)


def listed_name(path: Path) -> str:
    """Give the name that the table of best values has for a file."""
    folder = path.parent.name
    if folder == "DauzerePeresPaulli1994":
        return f"dpp{path.stem}"
    if folder in ("edata", "rdata", "sdata", "vdata"):
        return f"{path.stem}_{folder}"
    return path.stem


def best_known(table: Path) -> dict[str, int]:
    """Read the best known makespans."""
    with table.open(encoding="utf-8", newline="") as lines:
        return {row["instance"]: int(row["ub"]) for row in csv.DictReader(lines)}


@dataclass(frozen=True, slots=True)
class Row:
    """One instance solved twice: ours and PyJobShop's; None where it found nothing."""

    family: str
    name: str
    best: int | None
    ours: int
    bound: int
    theirs: int | None
    ours_s: float
    theirs_s: float

    def gap_of(self, makespan: int | None) -> float | None:
        """Give how far a makespan is above the best known, as a fraction."""
        if makespan is None or self.best is None:
            return None
        return makespan / self.best - 1


def compare(case: Case, limit_s: float, pool: Executor, workers: int) -> Row:
    """Solve one instance by both, one after the other, with the same limit."""
    shop = read_file(case.path)
    began_s = time.perf_counter()
    allowance = Allowance(limit_s, time.perf_counter)
    answer = solve_job_shop(shop, allowance, pool=pool, workers=workers)
    ours_s = time.perf_counter() - began_s
    faults = faults_of_schedule(shop, answer.schedule, answer.makespan)
    assert not faults, f"{case.name}: {faults[:3]}"
    began_s = time.perf_counter()
    theirs = by_pyjobshop(shop, limit_s, workers)
    theirs_s = time.perf_counter() - began_s
    best = case.best
    return Row(
        case.family,
        case.name,
        best,
        answer.makespan,
        answer.bound,
        theirs,
        ours_s,
        theirs_s,
    )


def by_pyjobshop(shop: JobShop, limit_s: float, workers: int) -> int | None:
    """Solve by PyJobShop's own model on OR-Tools; None when it finds no schedule."""
    model = pyjobshop.Model()
    machines = [model.add_machine() for _ in range(shop.machines)]
    jobs = [model.add_job() for _ in range(1 + max(o.job for o in shop.operations))]
    tasks = [model.add_task(job=jobs[each.job]) for each in shop.operations]
    for operation, task in zip(shop.operations, tasks, strict=True):
        for machine, duration in operation.times:
            model.add_mode(task, machines[machine], duration)
    for before, after in shop.arcs:
        model.add_end_before_start(tasks[before], tasks[after])
    result = model.solve(
        solver="ortools", time_limit=limit_s, display=False, num_workers=workers
    )
    return None if math.isinf(result.objective) else int(result.objective)


def table(rows: Sequence[Row], limit_s: float) -> str:
    """Write mean gaps by family; of those that both solved, and of all for ours."""
    lines = [
        f"{limit_s:.0f} s each, mean gap to best known",
        f"{'family':<16}{'cases':>6}{'ours':>9}{'PyJobShop':>11}{'none':>6}{'all':>9}",
    ]
    families = list(dict.fromkeys(row.family for row in rows))
    for family in [*families, "all"]:
        chosen = [row for row in rows if family in (row.family, "all")]
        known = [row for row in chosen if row.best is not None]
        if not known:
            lines.append(f"{family:<16}{len(chosen):>6}  {against_each_other(chosen)}")
            continue
        without = sum(row.theirs is None for row in known)
        ours, theirs = mean_gaps(known)
        whole = [row.gap_of(row.ours) or 0.0 for row in known]
        lines.append(
            f"{family:<16}{len(known):>6}{ours:>9.2%}{theirs:>11.2%}{without:>6}"
            f"{statistics.fmean(whole):>9.2%}"
        )
    return "\n".join(lines)


def against_each_other(rows: Sequence[Row]) -> str:
    """Say how much shorter ours are where no best value is published."""
    both = [row for row in rows if row.theirs]
    ratio = statistics.fmean(row.ours / (row.theirs or 1) for row in both)
    return f"no best values; ours / PyJobShop's {ratio:.3f} over {len(both)}"


def mean_gaps(rows: Sequence[Row]) -> tuple[float, float]:
    """Give the mean gaps, ours and theirs, over the rows that both solved."""
    both = [row for row in rows if row.theirs is not None and row.best is not None]
    if not both:
        return 0.0, 0.0
    return (
        statistics.fmean(row.gap_of(row.ours) or 0.0 for row in both),
        statistics.fmean(row.gap_of(row.theirs) or 0.0 for row in both),
    )
