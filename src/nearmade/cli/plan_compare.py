"""``nearmade plan compare``: cheapest, fastest, greenest, nearest side by side."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from nearmade.cli.figures import Figure
from nearmade.cli.main import emit
from nearmade.cli.plan_network import MOST_SEED
from nearmade.cli.plan_progress import ProgressBar
from nearmade.cli.plan_verify import ReadPlan, read_plan, refuse_changed
from nearmade.planning.network.plan import CENTRAL, NetworkPlan
from nearmade.planning.network.scenarios import (
    Choice,
    Offer,
    Scenario,
    choices_for,
    knee_of,
    scenarios,
)
from nearmade.planning.network.solve import solve_network
from nearmade.planning.network.weights import PricedProblem
from nearmade.vocabulary.errors import NotFound

POINTS = ("cheapest", "fastest", "greenest", "nearest", "knee")


@click.command(
    "compare",
    epilog="""\b
Examples:
  nearmade plan compare PLAN.json --order o17
  nearmade plan compare PLAN.json --seconds 20 --json
Exit codes: 0 compared, 2 a file is refused, 3 a file or the order is not there.
""",
)
@click.argument("plan", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--order", help="Compare what this order can choose, beside the plan.")
@click.option(
    "--seconds",
    default=10.0,
    show_default=True,
    type=Figure(0),
    help="For each scenario of the whole plan.",
)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, MOST_SEED))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    plan: Path, order: str | None, seconds: float, seed: int, as_json: bool
) -> None:
    """Compare ways of weighing money, days, emissions and carriage.

    With --order: all that this order can choose beside PLAN. Without: the whole plan
    made anew for each scenario, and the knee between them.
    """
    read = read_plan(plan, None, None)
    refuse_changed(plan, read)
    if order is not None:
        choice = choices_for(read.priced, _number(read, order), read.plan)
        emit(_choice_record(read, choice), _choice_page(choice), as_json=as_json)
        return

    def solve(priced: PricedProblem) -> NetworkPlan:
        with ProgressBar(seconds) as bar:
            return solve_network(
                priced,
                seed=seed,
                seconds=seconds,
                clock=time.monotonic,
                progress=bar.tell,
            )

    found = scenarios(read.priced, solve)
    knee = knee_of(found)
    result = {"scenarios": [_scenario_record(one) for one in found], "knee": knee}
    emit(result, _scenario_page(found, knee), as_json=as_json)


def _number(read: ReadPlan, order: str) -> int:
    ids = list(read.given.made.book.order_id)
    if order not in ids:
        raise NotFound(f"order {order!r}: none of the plan's", remedy="name one of it")
    return ids.index(order)


def _choice_record(read: ReadPlan, choice: Choice | None) -> dict[str, Any]:
    if choice is None:
        return {"front": [], **dict.fromkeys(POINTS)}
    return {
        "front": [_offer_record(read, one) for one in choice.front],
        **{name: _offer_record(read, getattr(choice, name)) for name in POINTS},
    }


def _offer_record(read: ReadPlan, offer: Offer) -> dict[str, Any]:
    made, orders = read.given.made, read.given.made.problem.orders
    hub = int(orders.way_hub[offer.way])
    group = made.problem.candidates.group
    return {
        "hub": made.network.hub_id[hub] if hub >= 0 else None,
        "assembly_day": int(orders.way_day[offer.way]),
        "groups": [
            None if k == CENTRAL else made.network.group_id[group[k]]
            for k in offer.candidates
        ],
        "price_usd": offer.price_usd,
        "delivered_day": offer.delivered_day,
        "gco2e": offer.gco2e,
        "legs_usd": offer.legs_usd,
    }


def _choice_page(choice: Choice | None) -> str:
    if choice is None:
        return "Nothing has room for it."
    lines = []
    for name in POINTS:
        one: Offer = getattr(choice, name)
        lines.append(
            f"{name:9} {one.price_usd:10.2f} USD, day {one.delivered_day}, "
            f"{one.gco2e:10.0f} g CO2e"
        )
    return "\n".join([*lines, f"{len(choice.front)} that none beats in all three"])


def _scenario_record(one: Scenario) -> dict[str, Any]:
    return {
        "name": one.name,
        "money_usd": one.terms.money_usd,
        "weighed_usd": one.terms.cost_usd,
        "mean_days": one.mean_days if one.mean_days < float("inf") else None,
        "terms": asdict(one.terms),
        "gap_fraction": one.plan.gap_fraction
        if one.plan.gap_fraction < float("inf")
        else None,
    }


def _scenario_page(found: list[Scenario], knee: str) -> str:
    head = (
        f"{'':10}{'weighed USD':>14}{'money USD':>14}{'days':>7}{'t CO2e':>10}"
        f"{'legs USD':>12}{'late':>7}{'left out':>9}{'gap':>9}"
    )
    return "\n".join([head, *map(_scenario_line, found), f"knee: {knee}"])


def _mean_days(one: Scenario) -> str:
    """Write the mean day; nothing where no order is made."""
    return f"{one.mean_days:.2f}" if one.mean_days < float("inf") else "-"


def _scenario_line(one: Scenario) -> str:
    return (
        f"{one.name:10}{one.terms.cost_usd:14,.2f}{one.terms.money_usd:14,.2f}"
        f"{_mean_days(one):>7}"
        f"{one.terms.gco2e / 1e6:10.3f}{one.terms.legs_usd:12,.2f}"
        f"{one.terms.orders_late:7d}{one.terms.orders_left_out:9d}"
        f"{one.plan.gap_fraction:9.2%}"
    )
