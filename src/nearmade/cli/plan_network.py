"""``nearmade plan NETWORK.json ORDERS.json``: plan all orders of a network."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import click

from nearmade.adapters.executors import dask_cluster, processes
from nearmade.adapters.plan_files import PlanInput, read_plan_input, write_record
from nearmade.cli.figures import Figure
from nearmade.cli.main import emit, one_line
from nearmade.cli.plan_progress import ProgressBar, SearchClock
from nearmade.cli.plan_writing import record_of, summary
from nearmade.cli.targets import check_target, force_option, out_option
from nearmade.planning.network.evaluate import Evaluation
from nearmade.planning.network.explain import Reason
from nearmade.planning.network.first_come import beside
from nearmade.planning.network.plan import NetworkPlan
from nearmade.planning.network.regions import solve_regions
from nearmade.planning.network.solve import solve_network
from nearmade.planning.network.weights import PricedProblem, Weights, price_problem
from nearmade.vocabulary.errors import InvalidInput

#: Reasons of each kind that people are shown; ``--json`` holds up to 100.
SHOWN = 5
MOST_WORKERS = 1000
METHOD = "prices, rounding and search"
#: Most that a tonne or a day may be weighed at. [USD]
MOST_WEIGHT = 1e9
MOST_SEED = 2**31 - 1
#: Nothing is left to be found at a smaller gap.
OPTIMAL = 1e-6


@click.command(
    "network",
    epilog="""\b
Examples:
  nearmade plan network NETWORK.json ORDERS.json --out PLAN.json
  nearmade plan NETWORK.json ORDERS.json --carbon-price 200 --json | jq .terms
  nearmade plan NETWORK.json ORDERS.json --regions 8 --executor processes:2 -o PLAN.json
Exit codes: 0 planned, 2 a file is refused, 3 it is not there, 6 no cluster answers.
""",
)
@click.argument("network", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("orders", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--seconds",
    default=30.0,
    show_default=True,
    type=Figure(0),
    help="The longer, the better the plan.",
)
@click.option(
    "--seed",
    default=1,
    show_default=True,
    type=click.IntRange(0, MOST_SEED),
    help="The same seed gives the same plan where time does not end the search.",
)
@click.option(
    "--regions",
    default=1,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="Plan in so many regions that exchange prices; --seconds is for each.",
)
@click.option(
    "--executor",
    default="processes",
    show_default=True,
    metavar="WHO",
    help="Who plans the regions: processes, processes:4, or the address of a dask "
    "cluster such as tcp://127.0.0.1:8786.",
)
@click.option(
    "--carbon-price",
    default=100.0,
    show_default=True,
    type=Figure(0, MOST_WEIGHT),
    help="USD for each tonne of CO2e.",
)
@click.option(
    "--value-of-time",
    default=0.0,
    show_default=True,
    type=Figure(0, MOST_WEIGHT),
    help="USD for each day that an order comes sooner.",
)
@click.option(
    "--lateness-price",
    default=10.0,
    show_default=True,
    type=Figure(0, MOST_WEIGHT),
    help="USD for each day that an order is late.",
)
@out_option("File for the plan, such as PLAN.json.")
@force_option
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
def command(
    network: Path,
    orders: Path,
    seconds: float,
    seed: int,
    regions: int,
    executor: str,
    carbon_price: float,
    value_of_time: float,
    lateness_price: float,
    out: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Plan who makes each component by when, and where each order is assembled.

    With --out the plan goes to a file, and its figures alone to stdout. How far the
    search is, and the gap between the plan and what no plan can undercut, is told on
    stderr while it runs. Ctrl-C ends the search of one region and keeps its best plan.
    """
    if out is not None:
        check_target(out, force=force, given=[network, orders])
    given = read_plan_input(network, orders)
    weights = Weights(
        carbon_usd_per_t=carbon_price,
        time_usd_per_day=value_of_time,
        lateness_usd_per_day=lateness_price,
    )
    priced = price_problem(given.made.problem, weights)
    pool = pool_of(executor)  # refused also where one region needs none
    make_pool = pool if regions > 1 else None
    search = Search(seconds, seed, regions, make_pool, handed_out(executor, regions))
    plan, unplanned_usd = best_plan(priced, search)
    record, evaluation, reasons = record_of(
        given,
        (network, orders),
        out.parent if out is not None else Path(),
        priced,
        plan,
        METHOD,
        seed,
        unplanned_usd,
    )
    if out is not None:
        write_record(out, record)
        record = summary(record)
    emit(
        record, _page(given, plan, evaluation, reasons, unplanned_usd), as_json=as_json
    )


@dataclass(frozen=True, slots=True)
class Search:
    """How long and by whom a plan is searched.

    Parameters
    ----------
    seconds
        For the whole, or for each region. [s]
    seed
        Of every choice by chance.
    regions
        How many regions plan by themselves and exchange prices.
    make_pool
        Gives who plans the regions; none for a single one.
    at_once
        Most regions that are handed out and not yet answered.
    """

    seconds: float
    seed: int
    regions: int = 1
    make_pool: Callable[[], Executor] | None = None
    at_once: int = 1


def pool_of(executor: str) -> Callable[[], Executor]:
    """Give what makes the pool that ``--executor`` names.

    Raises
    ------
    InvalidInput
        When it names none.
    """
    if "://" in executor:
        return dask_cluster(executor)
    kind, _, count = executor.partition(":")
    workers = int(count) if count.isdecimal() else os.cpu_count() or 1
    if kind != "processes" or (count and not 1 <= workers <= MOST_WORKERS):
        raise InvalidInput(
            f"executor {executor!r}: is none",
            remedy="name processes, processes:4 or the address of a dask cluster",
        )
    if count and not count.isdecimal():
        raise InvalidInput(
            f"executor {executor!r}: the number of processes is none",
            remedy="write processes:4",
        )
    return processes(workers)


def handed_out(executor: str, regions: int) -> int:
    """Give how many regions are handed out at once: few here, all to a cluster."""
    if "://" in executor:
        return regions
    count = executor.partition(":")[2]
    return 1 + (int(count) if count else os.cpu_count() or 1)


def _search(priced: PricedProblem, search: Search) -> NetworkPlan:
    """Search the whole network at once, or region by region."""
    begun = time.monotonic()
    with ProgressBar(search.seconds) as bar:
        if search.make_pool is None:
            with SearchClock() as clock:
                return solve_network(
                    priced,
                    seed=search.seed,
                    seconds=search.seconds,
                    clock=clock,
                    progress=bar.tell,
                )
        return solve_regions(
            priced,
            regions=search.regions,
            seed=search.seed,
            seconds=search.seconds,
            clock=time.monotonic,
            make_pool=search.make_pool,
            at_once=search.at_once,
            progress=lambda cost, bound, _: bar.tell(
                cost, bound, time.monotonic() - begun
            ),
        )


def best_plan(
    priced: PricedProblem, search: Search
) -> tuple[NetworkPlan, dict[str, float]]:
    """Search for a plan, and tell what is done without a planner beside it.

    Returns
    -------
    The best plan found with the best bound, and the cost of first come first served.
    """
    unplanned = beside(priced)
    plan = _search(priced, search)
    for simple in unplanned.values():
        if simple.cost_usd < plan.cost_usd:
            plan = replace(
                plan,
                way=simple.way,
                candidate=simple.candidate,
                cost_usd=simple.cost_usd,
            )
    return plan, {name: simple.cost_usd for name, simple in unplanned.items()}


def _page(
    given: PlanInput,
    plan: NetworkPlan,
    evaluation: Evaluation,
    reasons: Sequence[Reason],
    unplanned_usd: Mapping[str, float],
) -> str:
    terms = asdict(evaluation.terms)
    book = given.made.book
    lines = [
        f"{len(book.order_id)} orders, {len(book.component_id)} components",
        gap_line(plan),
    ]
    if plan.cost_usd in unplanned_usd.values() and plan.gap_fraction > OPTIMAL:
        lines.append("the search found no better than first come: give it --seconds")
    for name, usd in unplanned_usd.items():
        words = name.removesuffix("_usd").replace("_", " ")
        lines.append(f"  {words:20} {usd:14,.2f} USD, without a planner")
    for name, value in terms.items():
        if name.endswith("_usd") and name != "cost_usd":
            words = name.removesuffix("_usd").replace("_", " ")
            lines.append(f"  {words:20} {value:14,.2f} USD")
    lines.append(
        f"  {terms['gco2e'] / 1e6:.3f} t CO2e; {terms['orders_late']} orders late by "
        f"{terms['late_days']} days in all, {terms['orders_left_out']} left out, "
        f"{terms['components_central']} components bought centrally"
    )
    return "\n".join([*lines, *reason_lines(reasons)])


def reason_lines(reasons: Sequence[Reason]) -> list[str]:
    """Tell the dearest reasons of each kind."""
    lines = []
    for kind in ("left_out", "late", "central"):
        for reason in [one for one in reasons if one.kind == kind][:SHOWN]:
            part = f"/{reason.component_id}" if reason.component_id else ""
            lines.append(one_line(f"{reason.order_id}{part} {reason.words}"))
            if reason.frees:
                lines.append(
                    f"    would free it: {one_line('; or '.join(reason.frees))}"
                )
    return lines


def gap_line(plan: NetworkPlan) -> str:
    """Tell what a plan costs, and how far that may be above the best."""
    return (
        f"cost {plan.cost_usd:,.2f} USD, no plan below {plan.bound_usd:,.2f} USD: at "
        f"most {plan.gap_fraction:.3%} above the best"
    )
