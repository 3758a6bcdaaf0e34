"""Whole networks with fixed hubs: how far plans are from their bounds, how fast.

Cost, bound and faults are those of the check, which knows nothing of the solver.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from typing import Literal

from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.first_come import first_come, serve
from nearmade.planning.network.sample import sample_network
from nearmade.planning.network.solve import solve_network
from nearmade.planning.network.verify import verify
from nearmade.planning.network.weights import PricedProblem, Weights, price_problem

SEED = 1


@dataclass(frozen=True, slots=True)
class Case:
    """A network to plan: size, load, days, dearness of buying, and time for it. [s]"""

    facilities: int
    load: float
    days: int = 1
    outsourcing: Literal["normal", "dear"] = "normal"
    seconds: float = 54.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What planning a case came to; gaps are to the plan's own bound."""

    components: int
    candidates: int
    cost_usd: float
    bound_usd: float
    gap: float
    first_come_nearest_gap: float
    first_come_cheapest_gap: float
    price_only_gap: float
    bought: int
    cpu_s: float
    verify_s: float
    memory_mb: float
    faults: tuple[str, ...]


def measure(case: Case) -> Outcome:
    """Plan a case and check the plan."""
    compile_all(case.days)
    priced = _priced(case)
    began = time.process_time()
    plan = solve_network(
        priced, seed=SEED, seconds=case.seconds, clock=time.process_time
    )
    cpu_s = time.process_time() - began
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.process_time()
    verdict = verify(priced, plan)
    verify_s = time.process_time() - began
    assert verdict.evaluation is not None
    by_price = evaluate(priced, *serve(priced, plan.prices)).terms.cost_usd
    candidates = priced.problem.candidates
    return Outcome(
        len(candidates.first_candidate) - 1,
        len(candidates.group),
        verdict.evaluation.terms.cost_usd,
        verdict.bound_usd,
        verdict.gap_fraction,
        first_come(priced, rule="nearest").cost_usd / verdict.bound_usd - 1,
        first_come(priced, rule="cheapest").cost_usd / verdict.bound_usd - 1,
        by_price / verdict.bound_usd - 1,
        verdict.evaluation.terms.components_central,
        cpu_s,
        verify_s,
        memory_mb,
        verdict.faults,
    )


def measure_apart(case: Case) -> Outcome:
    """Measure a case in a process of its own, so that memory is its own."""
    call = (
        f"import benchmarks.planning.network as n; print(repr(n.measure(n.{case!r})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", call], capture_output=True, text=True, check=True
    )
    outcome = eval(done.stdout, {"Outcome": Outcome, "inf": float("inf")})
    assert isinstance(outcome, Outcome)
    return outcome


def compile_all(days: int) -> None:
    """Let everything be compiled before time is taken."""
    priced = _priced(Case(20, 0.6, days))
    plan = solve_network(priced, seed=SEED, seconds=0.2, clock=time.process_time)
    verify(priced, plan)


def _priced(case: Case) -> PricedProblem:
    problem = sample_network(
        case.facilities,
        seed=SEED,
        load=case.load,
        days=case.days,
        outsourcing=case.outsourcing,
    )
    return price_problem(problem, Weights())


def table(outcomes: dict[Case, Outcome]) -> str:
    """Lay outcomes out for people."""
    head = (
        f"{'sites':>6} {'parts':>7} {'load':>5} {'days':>4} {'buying':>7} {'gap':>7} "
        f"{'nearest':>8} {'cheapest':>8} {'priced':>8} {'bought':>6} {'cpu s':>6} "
        f"{'check s':>7} {'MB':>5}"
    )
    lines = [head]
    for case, found in outcomes.items():
        lines.append(
            f"{case.facilities:>6} {found.components:>7} {case.load:>5.0%} "
            f"{case.days:>4} {case.outsourcing:>7} {found.gap:>7.3%} "
            f"{found.first_come_nearest_gap:>8.2%} "
            f"{found.first_come_cheapest_gap:>8.2%} {found.price_only_gap:>8.2%} "
            f"{found.bought:>6} {found.cpu_s:>6.1f} {found.verify_s:>7.2f} "
            f"{found.memory_mb:>5.0f}"
        )
    return "\n".join(lines)


def figures(outcomes: dict[Case, Outcome]) -> dict[str, object]:
    """Give outcomes as they are written to JSON."""
    return {
        f"{case.facilities} sites, {case.load:.0%}, {case.days} days, "
        f"{case.outsourcing}": asdict(case) | asdict(found)
        for case, found in outcomes.items()
    }
