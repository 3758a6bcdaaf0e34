"""One million components planned region by region: gap, time, memory.

Cost, bound and faults are those of the check, which knows nothing of the solver.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass

from benchmarks.planning.hubs import SEED, HubCase, network
from nearmade.adapters.executors import processes
from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.first_come import first_come, serve
from nearmade.planning.network.regions import solve_regions
from nearmade.planning.network.verify import verify


@dataclass(frozen=True, slots=True)
class RegionCase:
    """A network to plan by region: its size, regions, workers, time of each region.

    ``seconds`` is processor time of the two searches of one region. [s]
    """

    facilities: int
    regions: int
    workers: int = 2
    hubs: int = 4
    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class RegionOutcome:
    """What planning by region came to; gaps are to the plan's own bound.

    ``worker_memory_mb`` is what the system tells of the largest worker, and that counts
    its parent's memory at the moment when it was started.
    """

    components: int
    gap: float
    cost_usd: float
    bound_usd: float
    first_come_nearest_gap: float
    price_only_gap: float
    left_out: int
    wall_s: float
    cpu_s: float
    verify_s: float
    memory_mb: float
    worker_memory_mb: float
    faults: tuple[str, ...]


def measure(case: RegionCase) -> RegionOutcome:
    """Plan a case by region and check the plan."""
    priced = network(HubCase(case.facilities, case.hubs))
    wall, cpu = time.monotonic(), time.process_time()
    plan = solve_regions(
        priced,
        regions=case.regions,
        seed=SEED,
        seconds=case.seconds,
        clock=time.process_time,
        make_pool=processes(case.workers),
    )
    wall_s = time.monotonic() - wall
    workers = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = time.process_time() - cpu + workers.ru_utime + workers.ru_stime
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.process_time()
    verdict = verify(priced, plan)
    verify_s = time.process_time() - began
    assert verdict.evaluation is not None
    by_price = evaluate(priced, *serve(priced, plan.prices)).terms.cost_usd
    return RegionOutcome(
        len(plan.candidate),
        verdict.gap_fraction,
        verdict.evaluation.terms.cost_usd,
        verdict.bound_usd,
        first_come(priced).cost_usd / verdict.bound_usd - 1,
        by_price / verdict.bound_usd - 1,
        verdict.evaluation.terms.orders_left_out,
        wall_s,
        cpu_s,
        verify_s,
        memory_mb,
        workers.ru_maxrss / 1024,
        verdict.faults,
    )


def measure_apart(case: RegionCase) -> RegionOutcome:
    """Measure a case in a process of its own, so that memory is its own."""
    call = (
        "if __name__ == '__main__':\n"
        "    import benchmarks.planning.regions as r\n"
        f"    print(repr(r.measure(r.{case!r})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", call], capture_output=True, text=True, check=True
    )
    outcome = eval(done.stdout, {"RegionOutcome": RegionOutcome, "inf": float("inf")})
    assert isinstance(outcome, RegionOutcome)
    return outcome


def table(outcomes: dict[RegionCase, RegionOutcome]) -> str:
    """Lay outcomes out for people."""
    head = (
        f"{'sites':>7} {'parts':>8} {'regions':>7} {'gap':>7} {'nearest':>8} "
        f"{'priced':>8} {'out':>5} {'wall s':>7} {'cpu s':>7} {'check s':>7} "
        f"{'MB':>6} {'MB each':>7}"
    )
    lines = [head]
    for case, found in outcomes.items():
        lines.append(
            f"{case.facilities:>7} {found.components:>8} {case.regions:>7} "
            f"{found.gap:>7.3%} {found.first_come_nearest_gap:>8.2%} "
            f"{found.price_only_gap:>8.2%} {found.left_out:>5} {found.wall_s:>7.1f} "
            f"{found.cpu_s:>7.1f} {found.verify_s:>7.2f} {found.memory_mb:>6.0f} "
            f"{found.worker_memory_mb:>7.0f}"
        )
    return "\n".join(lines)


def figures(outcomes: dict[RegionCase, RegionOutcome]) -> dict[str, object]:
    """Give outcomes as they are written to JSON."""
    return {
        f"{case.facilities} sites in {case.regions} regions": asdict(case)
        | asdict(found)
        for case, found in outcomes.items()
    }


if __name__ == "__main__":
    one = RegionCase(*[int(a) for a in sys.argv[1:]])
    print(table({one: measure(one)}))
