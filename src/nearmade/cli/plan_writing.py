"""Plans that commands write: their record with terms, reasons and origin."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nearmade.adapters.plan_files import PlanInput, write_record
from nearmade.planning.network.evaluate import Evaluation, evaluate
from nearmade.planning.network.explain import Reason, explain
from nearmade.planning.network.plan import NetworkPlan
from nearmade.planning.network.plan_record import Origin, plan_record
from nearmade.planning.network.weights import PricedProblem


def record_of(
    given: PlanInput,
    files: tuple[Path, Path],
    folder: Path,
    priced: PricedProblem,
    plan: NetworkPlan,
    method: str,
    seed: int = 0,
    beside: Mapping[str, float] | None = None,
    promises: Mapping[str, Any] | None = None,
) -> tuple[dict[str, Any], Evaluation, Sequence[Reason]]:
    """Give a plan's record, its evaluation and its reasons.

    Parameters
    ----------
    given, priced, plan
        The data, the problem at its weights, the plan.
    files
        Files of the network and the orders; told relative to the plan's folder.
    folder
        Where the plan is, or would be.
    method, seed
        How the plan was found.
    beside
        What simpler plans cost. [USD]
    promises
        Price and day that customers were told, by order.
    """
    evaluation = evaluate(priced, plan.way, plan.candidate)
    reasons = explain(given.made, priced, plan, starts=given.made.network.first_day)
    origin = Origin(
        os.path.relpath(files[0], folder),
        os.path.relpath(files[1], folder),
        given.network_sha256,
        given.orders_sha256,
        method,
        seed,
    )
    record = plan_record(
        given.made,
        plan,
        priced.weights,
        evaluation,
        origin,
        [asdict(reason) for reason in reasons],
        beside or {},
        promises or {},
    )
    return record, evaluation, reasons


def write_plan(
    path: Path,
    given: PlanInput,
    files: tuple[Path, Path],
    priced: PricedProblem,
    plan: NetworkPlan,
    method: str,
    promises: Mapping[str, Any],
) -> dict[str, Any]:
    """Write a plan's record to a file, and give it."""
    record, _, _ = record_of(
        given, files, path.parent, priced, plan, method, promises=promises
    )
    write_record(path, record)
    return record


def summary(record: dict[str, Any]) -> dict[str, Any]:
    """Leave out of a plan's record what is long: orders and prices."""
    return {
        name: value
        for name, value in record.items()
        if name not in ("orders", "prices")
    }
