"""Networks whose orders choose among hubs and days: gaps to the bound, time, memory.

Cost, bound and faults are those of the check, which knows nothing of the solver.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace

from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.first_come import first_come, serve
from nearmade.planning.network.problem import NetworkProblem
from nearmade.planning.network.sample import sample_network
from nearmade.planning.network.solve import solve_network
from nearmade.planning.network.verify import verify
from nearmade.planning.network.weights import PricedProblem, Weights, price_problem

SEED = 1


@dataclass(frozen=True, slots=True)
class HubCase:
    """A network to plan.

    Parameters
    ----------
    facilities, hubs, days
        How large; hubs that each order may choose among.
    load, hub_load
        Hours asked over hours there, of machines and of hubs.
    seconds
        Processor time for the plan. [s]
    """

    facilities: int
    hubs: int = 4
    days: int = 1
    load: float = 0.75
    hub_load: float = 0.75
    seconds: float = 54.0


@dataclass(frozen=True, slots=True)
class HubOutcome:
    """What planning a case came to; gaps are to the plan's own bound."""

    components: int
    ways: int
    cost_usd: float
    bound_usd: float
    gap: float
    first_come_nearest_gap: float
    first_come_cheapest_gap: float
    price_only_gap: float
    bought: int
    left_out: int
    cpu_s: float
    verify_s: float
    memory_mb: float
    faults: tuple[str, ...]


def network(case: HubCase) -> PricedProblem:
    """Invent a case's network, with hub hours for its hub load on every day alike."""
    problem = sample_network(
        case.facilities, seed=SEED, load=case.load, hubs=case.hubs, days=case.days
    )
    return price_problem(_with_hub_load(problem, case.hub_load), Weights())


def _with_hub_load(problem: NetworkProblem, hub_load: float) -> NetworkProblem:
    resources = problem.resources
    asked = problem.orders.assembly_hours.sum() / hub_load
    hub_hours = resources.hub_hours * (asked / resources.hub_hours.sum())
    return replace(problem, resources=replace(resources, hub_hours=hub_hours))


def measure(case: HubCase) -> HubOutcome:
    """Plan a case and check the plan."""
    small = network(HubCase(20, case.hubs, case.days))
    solve_network(small, seed=SEED, seconds=5.0, clock=time.process_time)
    priced = network(case)
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
    bound = verdict.bound_usd
    by_price = evaluate(priced, *serve(priced, plan.prices)).terms.cost_usd
    return HubOutcome(
        len(plan.candidate),
        len(priced.way_cost),
        verdict.evaluation.terms.cost_usd,
        bound,
        verdict.gap_fraction,
        first_come(priced, rule="nearest").cost_usd / bound - 1,
        first_come(priced, rule="cheapest").cost_usd / bound - 1,
        by_price / bound - 1,
        verdict.evaluation.terms.components_central,
        verdict.evaluation.terms.orders_left_out,
        cpu_s,
        verify_s,
        memory_mb,
        verdict.faults,
    )


def measure_apart(case: HubCase) -> HubOutcome:
    """Measure a case in a process of its own, so that memory is its own."""
    call = f"import benchmarks.planning.hubs as h; print(repr(h.measure(h.{case!r})))"
    done = subprocess.run(
        [sys.executable, "-c", call], capture_output=True, text=True, check=True
    )
    outcome = eval(done.stdout, {"HubOutcome": HubOutcome, "inf": float("inf")})
    assert isinstance(outcome, HubOutcome)
    return outcome


def table(outcomes: dict[HubCase, HubOutcome]) -> str:
    """Lay outcomes out for people."""
    head = (
        f"{'sites':>6} {'parts':>7} {'hubs':>4} {'days':>4} {'load':>5} {'hub':>4} "
        f"{'gap':>7} {'nearest':>8} {'cheapest':>8} {'priced':>8} {'bought':>6} "
        f"{'out':>4} {'cpu s':>6} {'check s':>7} {'MB':>5}"
    )
    lines = [head]
    for case, found in outcomes.items():
        lines.append(
            f"{case.facilities:>6} {found.components:>7} {case.hubs:>4} "
            f"{case.days:>4} {case.load:>5.0%} {case.hub_load:>4.0%} "
            f"{found.gap:>7.3%} {found.first_come_nearest_gap:>8.2%} "
            f"{found.first_come_cheapest_gap:>8.2%} {found.price_only_gap:>8.2%} "
            f"{found.bought:>6} {found.left_out:>4} {found.cpu_s:>6.1f} "
            f"{found.verify_s:>7.2f} {found.memory_mb:>5.0f}"
        )
    return "\n".join(lines)


def figures(outcomes: dict[HubCase, HubOutcome]) -> dict[str, object]:
    """Give outcomes as they are written to JSON."""
    return {
        f"{case.facilities} sites, {case.hubs} hubs, {case.days} days, "
        f"{case.hub_load:.0%} of hub hours": asdict(case) | asdict(found)
        for case, found in outcomes.items()
    }


if __name__ == "__main__":
    one = HubCase(*[int(a) for a in sys.argv[1:]])
    print(table({one: measure(one)}))
