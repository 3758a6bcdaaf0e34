"""``nearmade plan insert``: place new orders beside a plan at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from nearmade.adapters.plan_files import (
    PlanInput,
    read_new_orders,
    read_record,
    write_record,
)
from nearmade.cli.files import make_folder
from nearmade.cli.main import emit, one_line
from nearmade.cli.plan_network import gap_line
from nearmade.cli.plan_verify import ReadPlan, read_plan, refuse_changed
from nearmade.cli.plan_writing import write_plan
from nearmade.cli.targets import (
    check_folder,
    check_target,
    force_option,
    out_option,
)
from nearmade.planning.network.arrays import build_problem
from nearmade.planning.network.forecast import PastPrices, forecast_prices
from nearmade.planning.network.insertion import Insertion, Placement
from nearmade.planning.network.joining import extend_plan, join_books
from nearmade.planning.network.plan import CENTRAL, NetworkPlan, Prices
from nearmade.planning.network.plan_record import (
    Made,
    prices_from_record,
    promises_from_record,
)
from nearmade.planning.network.weights import PricedProblem, price_problem

METHOD = "new orders placed at the prices beside a plan"
#: Placements that people are shown; ``--json`` holds all.
SHOWN = 20


@click.command(
    "insert",
    epilog="""\b
Examples:
  nearmade plan insert PLAN.json NEW.json --out tomorrow
  nearmade plan insert PLAN.json NEW.json --history MON.json --history TUE.json --out x
Exit codes: 0 placed, also when some are left out; 2 a file is refused, 3 not there.
""",
)
@click.argument("plan", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("new", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--history",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Plans of the days before, oldest first: their prices are smoothed into a "
    "forecast.  [default: the plan's own prices]",
)
@click.option("--stay", is_flag=True, help="Move nothing that is planned already.")
@out_option("Folder for ORDERS.json with all orders and PLAN.json.", folder=True)
@force_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    plan: Path,
    new: Path,
    history: tuple[Path, ...],
    stay: bool,
    out: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Place the orders of NEW, one after the other, beside those of PLAN.

    Each goes where it costs least with hours at their prices. What is planned keeps
    its hub and day; a machine may change unless you say --stay. The price told is what
    can be promised; how busy its machines are is told apart.
    """
    read = read_plan(plan, None, None)
    refuse_changed(plan, read)
    if out is not None:
        check_folder(out)
        make_folder(out)
        for name in ("ORDERS.json", "PLAN.json"):
            check_target(out / name, force=force)
    network = read.given.made.network
    more, entries = read_new_orders(new, network)
    book = join_books(read.given.made.book, more)
    made = Made(network, book, build_problem(network, book))
    priced = price_problem(made.problem, read.priced.weights)
    started = extend_plan(read.plan, made.problem)
    prices = _prices(read, history) or started.prices
    insertion = Insertion(priced, prices, plan=started, moving=not stay)
    first = len(read.given.made.book.order_id)
    placed = [insertion.insert(o) for o in range(first, len(book.order_id))]
    result: dict[str, Any] = {"placed": [_record(made, one) for one in placed]}
    final = replace(insertion.plan(), prices=prices)
    result["moved"] = int(
        np.sum(final.candidate[: len(read.plan.candidate)] != read.plan.candidate)
    )
    if out is not None:
        promises: dict[str, Any] = dict(promises_from_record(read.record))
        promises |= {x["id"]: x["promise"] for x in result["placed"] if x["promise"]}
        result |= _write(out, plan, read, entries, made, priced, final, promises)
    emit(result, _page(made, placed, result["moved"], gap_line(final)), as_json=as_json)


def _prices(read: ReadPlan, history: tuple[Path, ...]) -> Prices | None:
    """Forecast prices from earlier plans; None where there are none."""
    past = []
    for day, path in enumerate(history):
        record, _ = read_record(path)
        prices = prices_from_record(record, read.given.made.network, 0)
        past.append(PastPrices(day, prices))
    return forecast_prices(past, len(past)) if past else None


def _write(
    out: Path,
    plan: Path,
    read: ReadPlan,
    entries: list[Any],
    made: Made,
    priced: PricedProblem,
    final: NetworkPlan,
    promises: dict[str, Any],
) -> dict[str, Any]:
    """Write all orders and the plan into a folder."""
    orders_file = plan.parent / str(read.record["origin"]["orders_file"])
    orders, _ = read_record(orders_file)
    orders["orders"] += entries
    orders_sha256 = write_record(out / "ORDERS.json", orders)
    given = PlanInput(made, read.given.network_sha256, orders_sha256)
    network_file = plan.parent / str(read.record["origin"]["network_file"])
    record = write_plan(
        out / "PLAN.json",
        given,
        (network_file, out / "ORDERS.json"),
        priced,
        final,
        METHOD,
        promises,
    )
    return {"plan": str(out / "PLAN.json"), "terms": record["terms"]}


def _record(made: Made, placement: Placement) -> dict[str, Any]:
    candidates = made.problem.candidates
    groups = [
        "central" if k == CENTRAL else made.network.group_id[candidates.group[k]]
        for k in placement.candidates
        if k >= CENTRAL
    ]
    return {
        "id": made.book.order_id[placement.order],
        "left_out": placement.delivered_day < 0,
        "groups": groups,
        "promise": {
            "price_usd": placement.price_usd,
            "delivered_day": placement.delivered_day,
        }
        if placement.delivered_day >= 0
        else None,
        "busy_usd": placement.busy_usd,
    }


def _page(made: Made, placed: list[Placement], moved: int, gap: str) -> str:
    lines = []
    for one in placed[:SHOWN]:
        name = one_line(made.book.order_id[one.order])
        if one.delivered_day < 0:
            lines.append(f"{name}: left out, no way has room")
            continue
        lines.append(
            f"{name}: {one.price_usd:.2f} USD, there by day {one.delivered_day}; its "
            f"hours are worth {one.busy_usd:.2f} USD more to others"
        )
    if len(placed) > SHOWN:
        lines.append(f"and {len(placed) - SHOWN} more")
    return "\n".join(
        [*lines, f"{moved} pieces of planned work moved to make room", gap]
    )
