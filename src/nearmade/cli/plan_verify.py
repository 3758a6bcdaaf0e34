"""``nearmade plan verify``: is a plan allowed, and as good as it says."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from nearmade.adapters.plan_files import PlanInput, read_plan_input, read_record
from nearmade.cli.main import emit, exit_code, one_line, tell
from nearmade.planning.network.first_come import beside_faults
from nearmade.planning.network.named_faults import named_faults
from nearmade.planning.network.plan import NetworkPlan
from nearmade.planning.network.plan_record import (
    checksum,
    origin_from_record,
    plan_from_record,
    stated_faults,
    weights_from_record,
)
from nearmade.planning.network.verify import Verdict, verify
from nearmade.planning.network.weights import PricedProblem, price_problem
from nearmade.vocabulary.errors import InvalidInput


@dataclass(frozen=True, slots=True, eq=False)
class ReadPlan:
    """A plan as it was read, with the data that it was made from."""

    record: dict[str, Any]
    given: PlanInput
    priced: PricedProblem
    plan: NetworkPlan
    changed: tuple[str, ...]


@click.command(
    "verify",
    epilog="""\b
Examples:
  nearmade plan verify example/PLAN.json
  nearmade plan verify PLAN.json --network NETWORK.json --orders ORDERS.json --json
Exit codes: 0 it stands, 2 it does not, 3 a file is not there.
""",
)
@click.argument("plan", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--network",
    type=click.Path(dir_okay=False, path_type=Path),
    help="[default: the file that the plan names, beside it]",
)
@click.option(
    "--orders",
    type=click.Path(dir_okay=False, path_type=Path),
    help="[default: the file that the plan names, beside it]",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    plan: Path, network: Path | None, orders: Path | None, as_json: bool
) -> None:
    """Recompute cost, bound and feasibility of PLAN from its data and prices alone.

    No solver is asked. Files that are not those that the plan was made from, choices
    that may not stand, and figures that are not what they are said to be are named.
    """
    read = read_plan(plan, network, orders)
    verdict = verify(read.priced, read.plan)
    faults = [
        *read.changed,
        *stated_faults(read.record, read.given.made, read.plan, verdict),
        *beside_faults(read.record.get("beside"), read.priced),
        *named_faults(read.given.made, verdict),
    ]
    result = _result(verdict, faults)
    if not faults:
        emit(result, _page(verdict), as_json=as_json)
        return
    refusal = InvalidInput(
        f"{plan.name}: {len(faults)} faults, the first: {faults[0]}",
        code="plan-faults",
        remedy="plan again, or verify against the files that it was made from",
    )
    emit(
        {"refused": refusal.as_dict()} | result,
        "\n".join(["It does not stand:", *(f"  {one_line(x)}" for x in faults)]),
        as_json=as_json,
    )
    tell(refusal)
    sys.exit(exit_code(refusal))


def read_plan(path: Path, network: Path | None, orders: Path | None) -> ReadPlan:
    """Read a plan with its data; what differs from when it was made is told.

    Raises
    ------
    NotFound
        When a file is not there.
    InvalidInput
        When one cannot be read as what it is.
    """
    record, _ = read_record(path)
    origin = origin_from_record(record)
    given = read_plan_input(
        network or path.parent / origin.network_file,
        orders or path.parent / origin.orders_file,
    )
    changed = []
    for name, stated, found in (
        ("network", origin.network_sha256, given.network_sha256),
        ("orders", origin.orders_sha256, given.orders_sha256),
    ):
        if stated != found:
            changed.append(
                f"{name}: not the file that the plan was made from "
                f"(SHA-256 {found[:12]}..., stated {stated[:12]}...)"
            )
    if record.get("sha256") != checksum(record):
        changed.append("plan: was changed after it was made (its SHA-256 differs)")
    priced = price_problem(
        given.made.problem, weights_from_record(record.get("weights"))
    )
    plan = plan_from_record(record, given.made)
    return ReadPlan(record, given, priced, plan, tuple(changed))


def refuse_changed(path: Path, read: ReadPlan) -> None:
    """Refuse a plan that is not what was made, where work is built on it.

    Raises
    ------
    InvalidInput
        When the plan or its data were changed.
    """
    if read.changed:
        raise InvalidInput(
            f"{path.name}: {read.changed[0]}",
            code="plan-faults",
            remedy="plan again from the files as they are now",
        )


def _result(verdict: Verdict, faults: list[str]) -> dict[str, Any]:
    evaluation = verdict.evaluation
    gap = verdict.gap_fraction
    return {
        "stands": not faults,
        "faults": faults,
        "cost_usd": None if evaluation is None else evaluation.terms.cost_usd,
        "bound_usd": verdict.bound_usd if abs(verdict.bound_usd) < 1e300 else None,
        "gap_fraction": gap if gap < 1e300 else None,
        "terms": None if evaluation is None else asdict(evaluation.terms),
    }


def _page(verdict: Verdict) -> str:
    if verdict.evaluation is None:
        return "It cannot be added up."
    return (
        "It stands: every leg arrives, nothing is over its limit.\n"
        f"cost {verdict.evaluation.terms.cost_usd:,.2f} USD, no plan below "
        f"{verdict.bound_usd:,.2f} USD: at most {verdict.gap_fraction:.3%} above the "
        "best"
    )
