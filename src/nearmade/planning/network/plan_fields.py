"""Which fields a plan's record has, and whether its reasons are of what is in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, Final

import numpy as np

from nearmade.planning.network.evaluate import Terms
from nearmade.planning.network.plan import CENTRAL, LEFT_OUT, NetworkPlan
from nearmade.planning.network.problem import NetworkProblem
from nearmade.planning.network.tables import OrderBook
from nearmade.planning.network.weights import Weights
from nearmade.vocabulary.record_checks import as_list, as_object, only, refuse

#: Reasons that are told at most: a hundred of each of three kinds, and some to spare.
MOST_REASONS: Final = 10_000
MOST_ENTRIES: Final = 20_000_000
#: A stated amount may differ from the true one by this share.
TOLERANCE: Final = 1e-6

_PLAN: Final = frozenset(
    {
        "schema",
        "origin",
        "weights",
        "cost_usd",
        "bound_usd",
        "bound_by_hours_usd",
        "gap_fraction",
        "terms",
        "beside",
        "promises",
        "reasons",
        "orders",
        "prices",
        "sha256",
    }
)
_OBJECTS: Final = {
    "origin": frozenset(
        {
            "network_file",
            "orders_file",
            "network_sha256",
            "orders_sha256",
            "method",
            "seed",
        }
    ),
    "weights": frozenset(one.name for one in fields(Weights)),
    "terms": frozenset(one.name for one in fields(Terms)),
    "prices": frozenset(
        {
            "hour_usd",
            "energy_usd",
            "stock_usd",
            "hub_usd",
            "component_usd",
            "use_usd",
            "way_usd",
        }
    ),
}
_PRICES: Final = {
    "stock_usd": frozenset({"site", "material", "usd_per_g"}),
    "use_usd": frozenset({"order", "component", "group", "ready_day", "usd"}),
    "way_usd": frozenset({"order", "hub", "assembly_day", "usd"}),
}
_REASON: Final = frozenset(
    {"kind", "order_id", "component_id", "words", "frees", "usd"}
)


def check_fields(top: Mapping[str, Any]) -> None:
    """Refuse what nobody reads in a plan, such as a misspelt price.

    Raises
    ------
    InvalidInput
        When a field is not one of a plan's, or of another kind than it has to be.
    """
    only(top, _PLAN, "plan")
    for name, known in _OBJECTS.items():
        only(as_object(top.get(name, {}), f"plan.{name}"), known, f"plan.{name}")
    as_object(top.get("beside", {}), "plan.beside")
    prices = top.get("prices", {})
    for name, known in _PRICES.items():
        where = f"plan.prices.{name}"
        for n, value in enumerate(as_list(prices.get(name, []), where, MOST_ENTRIES)):
            if type(value) is not dict or not value.keys() <= known:
                only(as_object(value, f"{where}[{n}]"), known, f"{where}[{n}]")
    for n, value in enumerate(
        as_list(top.get("reasons", []), "plan.reasons", MOST_REASONS)
    ):
        where = f"plan.reasons[{n}]"
        only(as_object(value, where), _REASON, where)
        frees = value.get("frees")
        told = [value.get("words"), *(frees if type(frees) is list else [None])]
        if not all(type(one) is str and one for one in told):
            raise refuse(where, "must tell words, and what would free it")
    origin = top.get("origin", {})
    if type(origin.get("method", "")) is not str or type(origin.get("seed", 0)) is bool:
        raise refuse("plan.origin", "must tell a method in words and a seed")
    if type(origin.get("seed", 0)) is not int or origin.get("seed", 0) < 0:
        raise refuse("plan.origin.seed", "must be a whole number, zero or more")


def reason_faults(
    reasons: list[Mapping[str, Any]],
    book: OrderBook,
    problem: NetworkProblem,
    weights: Weights,
    plan: NetworkPlan,
) -> list[str]:
    """Name the first reason that is not of an order or component that has need of one.

    Whether its words are true is not looked into.
    """
    if not reasons:
        return []
    needed = dict(_needed(book, problem, weights, plan))
    for n, reason in enumerate(reasons):
        name = f"reasons[{n}]: {reason.get('kind')!r} of {reason.get('order_id')!r}"
        key = (reason.get("kind"), reason.get("order_id"), reason.get("component_id"))
        if not all(one is None or type(one) is str for one in key) or key not in needed:
            return [f"{name} is not so"]
        told, true = reason.get("usd"), needed[key]
        if isinstance(told, bool) or not isinstance(told, int | float):
            return [f"{name}: tells no amount"]
        if true is not None and not abs(told - true) <= TOLERANCE * max(1.0, true):
            return [f"{name}: stated {told} USD, it is {true:.4f} USD"]
    return []


def _needed(
    book: OrderBook, problem: NetworkProblem, weights: Weights, plan: NetworkPlan
) -> Iterator[tuple[tuple[Any, ...], float | None]]:
    """Give what is late, left out or bought, with what it costs where that is known."""
    orders = problem.orders
    for o in np.flatnonzero(plan.way == LEFT_OUT).tolist():
        cost = float(orders.leave_out_usd[o])
        yield ("left_out", book.order_id[o], None), cost
    day = orders.way_delivered_day[np.maximum(plan.way, 0)].astype(np.int64)
    late = np.where(plan.way >= 0, day - orders.due_day, 0)
    for o in np.flatnonzero(late > 0).tolist():
        cost = weights.lateness_usd_per_day * float(late[o])
        yield ("late", book.order_id[o], None), cost
    parts = np.flatnonzero(plan.candidate == CENTRAL)
    owners = np.searchsorted(book.first_component, parts, side="right") - 1
    for i, o in zip(parts.tolist(), owners.tolist(), strict=True):
        yield ("central", book.order_id[o], book.component_id[i]), None
