"""New orders beside those that are planned: one book, and the plan in its terms."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from nearmade.planning.network.plan import LEFT_OUT, NetworkPlan
from nearmade.planning.network.problem import NetworkProblem
from nearmade.planning.network.tables import OrderBook
from nearmade.vocabulary.errors import InvalidInput

_STARTS = ("first_hub", "first_component", "first_candidate")
_WHOLE = ("early_days", "late_days")


def join_books(book: OrderBook, more: OrderBook) -> OrderBook:
    """Put new orders after those of a book; its early and late days hold for all.

    Raises
    ------
    InvalidInput
        When an order is in both.
    """
    both = set(book.order_id) & set(more.order_id)
    if both:
        raise InvalidInput(
            f"orders: {min(both)!r} is planned already",
            remedy="give new orders ids of their own",
        )
    columns: dict[str, Any] = {}
    for one in fields(OrderBook):
        old, new = getattr(book, one.name), getattr(more, one.name)
        if one.name in _WHOLE:
            columns[one.name] = old
        elif one.name in _STARTS:
            columns[one.name] = np.concatenate([old, new[1:] + old[-1]])
        elif isinstance(old, np.ndarray):
            columns[one.name] = np.concatenate([old, new])
        else:
            columns[one.name] = [*old, *new]
    return OrderBook(**columns)


def extend_plan(plan: NetworkPlan, problem: NetworkProblem) -> NetworkPlan:
    """Give a plan in terms of a joined problem: its new orders are left out so far.

    Prices of components are dropped: they belong to the components that were there.
    """
    more_orders = len(problem.orders.due_day) - len(plan.way)
    more_parts = len(problem.candidates.first_candidate) - 1 - len(plan.candidate)
    prices = plan.prices.of_resources()
    return replace(
        plan,
        way=np.append(plan.way, np.full(more_orders, LEFT_OUT, np.int32)),
        candidate=np.append(plan.candidate, np.full(more_parts, LEFT_OUT, np.int32)),
        prices=prices,
    )
