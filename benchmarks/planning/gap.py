"""Published generalised assignment problems: gaps to the best known values."""

from __future__ import annotations

import csv
import time
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from nearmade.planning.assignment.bound import knapsack_bound
from nearmade.planning.assignment.construct import construct
from nearmade.planning.assignment.problem import (
    Assignment,
    AssignmentProblem,
    cost_of,
    from_tables,
)
from nearmade.planning.assignment.solve import solve_assignment

#: CPU time that one instance may take. [s]
LIMIT_S = 60.0

#: Shares of the limit without a better answer after which an instance is left.
_PATIENCE = 0.4

#: Instances that the peer solves too: small and middle ones of every hard class.
PEERS = ("c10100", "c20200", "d10100", "d20200", "e20100", "e40400", "c401600")


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one instance."""

    name: str
    best_known: float
    cost: float
    bound: float
    cpu_s: float
    greedy: float
    peer: float | None = None
    peer_cpu_s: float | None = None

    @property
    def gap(self) -> float:
        """How far the cost is above the best known, as a share."""
        return self.cost / self.best_known - 1.0

    @property
    def kind(self) -> str:
        """Set and class, such as ``chu1997 d``."""
        folder, name = self.name.split("/")
        return f"{folder} {name[0]}"


def instances(folder: Path, sets: tuple[str, ...]) -> dict[str, float]:
    """Give the names and best known values of those that are there."""
    with (folder / "data.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    return {
        row["Path"]: float(row["Best known solution value"])
        for row in rows
        if row["Path"].split("/")[0] in sets and (folder / row["Path"]).exists()
    }


def read(path: Path) -> AssignmentProblem:
    """Read agents, items, costs, uses and capacities, one row an agent."""
    words = path.read_text(encoding="utf-8").split()
    agents, items = int(words[0]), int(words[1])
    values = np.array(words[2:], dtype=float)
    cells = agents * items
    costs, uses = values[:cells], values[cells : 2 * cells]
    capacity = values[2 * cells : 2 * cells + agents]
    return from_tables(
        costs.reshape(agents, items), uses.reshape(agents, items), capacity
    )


def solve(folder: Path, name: str, best_known: float, limit_s: float) -> Row:
    """Solve one instance until proof, no improvement, or the limit."""
    problem = read(folder / name)
    begun_s = time.process_time()
    found = {"cost": np.inf, "at_s": 0.0}

    def may_go_on(answer: Assignment) -> bool:
        used_s = time.process_time() - begun_s
        if answer.cost < found["cost"]:
            found.update(cost=answer.cost, at_s=used_s)
        # One more round may take some seconds: stop in good time.
        tired = used_s - found["at_s"] > _PATIENCE * limit_s
        return not tired and used_s < 0.85 * limit_s

    answer = solve_assignment(problem, seed=1, effort=10**6, may_go_on=may_go_on)
    cpu_s = time.process_time() - begun_s
    assert cost_of(problem, answer.chosen) == answer.cost
    assert abs(knapsack_bound(problem, answer.item_price) - answer.bound) < 1e-6
    greedy = cost_of(problem, construct(problem, np.zeros((problem.agents, 1))))
    row = Row(name, best_known, answer.cost, answer.bound, cpu_s, greedy)
    if name.split("/")[1] not in PEERS:
        return row
    peer, peer_cpu_s = by_milp(problem, limit_s)
    return Row(**{**asdict(row), "peer": peer, "peer_cpu_s": peer_cpu_s})


def by_milp(problem: AssignmentProblem, limit_s: float) -> tuple[float, float]:
    """Give the cost that SciPy's HiGHS finds within the limit, and its CPU time."""
    arrays = problem.arrays
    many = problem.candidates
    item = np.repeat(np.arange(problem.items), np.diff(arrays.first))
    column = np.arange(many)
    once = csr_matrix((np.ones(many), (item, column)), (problem.items, many))
    used = csr_matrix((arrays.use, (arrays.agent, column)), (problem.agents, many))
    begun_s = time.process_time()
    answer = milp(
        arrays.cost,
        integrality=np.ones(many, dtype=np.int64),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(once, 1, 1),
            LinearConstraint(used, -np.inf, problem.capacity[:, 0]),
        ],
        options={"time_limit": limit_s, "mip_rel_gap": 0.0},
    )
    cost = float("inf") if answer.fun is None else float(answer.fun)
    return cost, time.process_time() - begun_s


def table(rows: list[Row]) -> str:
    """Show every instance and the means of each class."""
    head = "instance                  best     ours     gap %    bound      CPU s"
    lines = [head + "  greedy %  HiGHS gap %"]
    for row in rows:
        greedy = 100 * (row.greedy / row.best_known - 1)
        peer = "" if row.peer is None else f"{100 * _gap(row.peer, row):.3f}"
        lines.append(
            f"{row.name:22} {row.best_known:8.0f} {row.cost:8.0f} {100 * row.gap:9.4f}"
            f" {row.bound:10.2f} {row.cpu_s:7.1f} {greedy:8.2f} {peer:>11}"
        )
    for kind, some in means(rows).items():
        lines.append(f"mean {kind:20} {100 * some:.4f} %")
    return "\n".join(lines)


def means(rows: list[Row]) -> dict[str, float]:
    """Give the mean gap of each class, of each set and of all."""
    by_kind = {
        kind: _mean(list(some))
        for kind, some in groupby(
            sorted(rows, key=lambda r: r.kind), key=lambda r: r.kind
        )
    }
    for name in sorted({row.kind.split()[0] for row in rows}):
        by_kind[name] = _mean([row for row in rows if row.name.startswith(name)])
    return by_kind | {"all": _mean(rows)}


def _mean(rows: list[Row]) -> float:
    return sum(row.gap for row in rows) / len(rows)


def _gap(cost: float, row: Row) -> float:
    return cost / row.best_known - 1.0
