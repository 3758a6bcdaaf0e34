"""``nearmade plan replan``: carry a plan on when time has passed or a site failed."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from nearmade.adapters.plan_files import PlanInput, read_record, write_record
from nearmade.cli.figures import Figure
from nearmade.cli.files import make_folder
from nearmade.cli.main import emit, one_line
from nearmade.cli.plan_network import MOST_SEED, MOST_WEIGHT, gap_line
from nearmade.cli.plan_progress import ProgressBar
from nearmade.cli.plan_verify import ReadPlan, read_plan, refuse_changed
from nearmade.cli.plan_writing import write_plan
from nearmade.cli.targets import check_folder, check_target, force_option, out_option
from nearmade.planning.network.arrays import build_problem
from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.exact_ascent import strengthen
from nearmade.planning.network.plan import NetworkPlan
from nearmade.planning.network.plan_record import (
    Made,
    broken_promises,
    order_records,
    promises_from_record,
)
from nearmade.planning.network.problem import Ints
from nearmade.planning.network.replan import Replanned, Standing, begun_by, replan
from nearmade.planning.network.solve import solve_network
from nearmade.planning.network.verify import proven_bound
from nearmade.planning.network.weights import PricedProblem, price_problem
from nearmade.vocabulary.errors import NotFound

#: Orders of a kind that people are shown; ``--json`` names all.
SHOWN = 20
#: Searches at most: a second one where days cannot be kept. Each has its share of time.
ROUNDS = 2
METHOD = "carried on: prices, rounding and search, with fixed choices"


@click.command(
    "replan",
    epilog="""\b
Examples:
  nearmade plan replan PLAN.json --failed SITE --out after
  nearmade plan replan PLAN.json --begun 0 --move-price 2 --out tomorrow
Exit codes: 0 planned, 2 a file is refused, 3 a file or site is not there.
""",
)
@click.argument("plan", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--failed",
    multiple=True,
    metavar="SITE",
    help="Site that makes nothing more; may be repeated.",
)
@click.option(
    "--begun",
    default=-1,
    show_default=True,
    type=click.IntRange(-1),
    metavar="DAY",
    help="What is to be ready by this day has begun: its machine stays.",
)
@click.option(
    "--may-be-later", is_flag=True, help="Days told to customers may grow later."
)
@click.option(
    "--move-price",
    default=0.5,
    show_default=True,
    type=Figure(0, MOST_WEIGHT),
    help="USD in the objective for each component that changes its machine.",
)
@click.option("--seconds", default=30.0, show_default=True, type=Figure(0))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, MOST_SEED))
@out_option("Folder for NETWORK.json and PLAN.json.", folder=True)
@force_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    plan: Path,
    failed: tuple[str, ...],
    begun: int,
    may_be_later: bool,
    move_price: float,
    seconds: float,
    seed: int,
    out: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Search PLAN again: what has begun stays, promised days are kept, moves cost.

    What had begun at a failed site is lost and placed elsewhere.
    """
    read = read_plan(plan, None, None)
    refuse_changed(plan, read)
    if out is not None:
        check_folder(out)
        make_folder(out)
        for name in ("NETWORK.json", "PLAN.json"):
            check_target(out / name, force=force)
    sites = _sites(read, failed)
    promised = np.full(len(read.plan.way), not may_be_later) & (read.plan.way >= 0)
    standing = Standing(
        begun_by(read.priced.problem, read.plan, begun), promised, sites, move_price
    )

    def solve(priced: PricedProblem) -> NetworkPlan:
        with ProgressBar(seconds / ROUNDS) as bar:
            return solve_network(
                priced,
                seed=seed,
                seconds=seconds / ROUNDS,
                clock=time.monotonic,
                progress=bar.tell,
            )

    done = replan(read.priced, read.plan, standing, solve)
    made, priced, final = _without_moves(read, sites, done, seconds / ROUNDS)
    names = made.book.order_id
    result: dict[str, Any] = {
        "moved": int(done.moved.sum()),
        "later": [names[n] for n in np.flatnonzero(done.later).tolist()],
        "left_out": [names[n] for n in np.flatnonzero(done.left_out).tolist()],
        "cost_usd": final.cost_usd,
        "bound_usd": final.bound_usd,
    }
    if out is not None:
        result["plan"] = _write(out, plan, read, failed, made, priced, final)
    head = (
        f"{result['moved']} components moved, {len(result['later'])} orders later, "
        f"{len(result['left_out'])} left out that were planned"
    )
    page = "\n".join(
        [
            head,
            *_named("later", result["later"]),
            *_named("left out", result["left_out"]),
            gap_line(final),
        ]
    )
    emit(result, page, as_json=as_json)


def _named(what: str, orders: list[str]) -> list[str]:
    """Name the first orders of a kind; no line where there are none."""
    if not orders:
        return []
    more = f" and {len(orders) - SHOWN} more" if len(orders) > SHOWN else ""
    return [one_line(f"  {what}: {', '.join(orders[:SHOWN])}{more}")]


def _sites(read: ReadPlan, failed: tuple[str, ...]) -> Ints:
    number_of = {name: n for n, name in enumerate(read.given.made.network.site_id)}
    for name in failed:
        if name not in number_of:
            raise NotFound(
                f"site {name!r}: none of the network",
                remedy=f"name one of it, such as {next(iter(number_of))}",
            )
    return np.array([number_of[name] for name in failed], dtype=np.int32)


def _without_moves(
    read: ReadPlan, sites: Ints, done: Replanned, seconds: float
) -> tuple[Made, PricedProblem, NetworkPlan]:
    """Give the plan in the terms of the network as it is now, moves not counted."""
    network = read.given.made.network
    dead = np.isin(network.group_site, sites)
    hours = np.where(dead[:, None], 0.0, network.group_hours)
    network = replace(network, group_hours=hours)
    made = Made(
        network, read.given.made.book, build_problem(network, read.given.made.book)
    )
    priced = price_problem(made.problem, read.priced.weights)
    prices = max(
        (done.plan.prices.of_resources(), read.plan.prices),
        key=lambda one: proven_bound(priced, replace(done.plan, prices=one)),
    )
    cost = evaluate(priced, done.plan.way, done.plan.candidate).terms.cost_usd
    final = replace(done.plan, prices=prices, cost_usd=cost)
    final = replace(final, bound_usd=proven_bound(priced, final))
    begun = time.monotonic()
    final = strengthen(priced, final, lambda _: time.monotonic() - begun < seconds)
    return made, priced, final


def _kept_promises(read: ReadPlan, made: Made, final: NetworkPlan) -> dict[str, Any]:
    """Give the promises that the new plan keeps; others are told as later."""
    promises = promises_from_record(read.record)
    there = {one["id"]: one for one in order_records(made, final)}
    return {
        name: promise
        for name, promise in promises.items()
        if not broken_promises({name: promise}, there)
    }


def _write(
    out: Path,
    plan: Path,
    read: ReadPlan,
    failed: tuple[str, ...],
    made: Made,
    priced: PricedProblem,
    final: NetworkPlan,
) -> str:
    """Write the network as it is now, and the plan."""
    origin = read.record["origin"]
    network, _ = read_record(plan.parent / str(origin["network_file"]))
    for site in network["sites"]:
        if site["id"] in failed:
            for group in site["groups"]:
                group["hours"] = 0.0
    given = PlanInput(
        made, write_record(out / "NETWORK.json", network), read.given.orders_sha256
    )
    files = (out / "NETWORK.json", plan.parent / str(origin["orders_file"]))
    kept = _kept_promises(read, made, final)
    write_plan(out / "PLAN.json", given, files, priced, final, METHOD, kept)
    return str(out / "PLAN.json")
