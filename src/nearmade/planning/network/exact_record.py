"""Payments in a plan's record: by order, component, group, hub and day, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np

from nearmade.planning.network.plan import Prices
from nearmade.planning.network.problem import NetworkProblem
from nearmade.planning.network.tables import Network, OrderBook
from nearmade.vocabulary.record_checks import (
    as_list,
    as_object,
    field,
    one_number,
    refuse,
)

#: A plan holds payments only where it is small.
MOST_PAYMENTS: Final = 1_000_000


def payment_record(
    network: Network, book: OrderBook, problem: NetworkProblem, prices: Prices
) -> dict[str, Any]:
    """Give the payments above zero, by ids; nothing where there are none."""
    if not prices.use_usd.size:
        return {}
    orders, candidates = problem.orders, problem.candidates
    part_of = _owner(candidates.first_candidate)
    order_of = _owner(book.first_component)
    uses = [
        {
            "order": book.order_id[order_of[part_of[k]]],
            "component": book.component_id[part_of[k]],
            "group": network.group_id[candidates.group[k]],
            "ready_day": day,
            "usd": float(prices.use_usd[k, day]),
        }
        for k, day in np.argwhere(prices.use_usd > 0).tolist()
    ]
    way_order = _owner(orders.first_way)
    ways = [
        {
            "order": book.order_id[way_order[w]],
            "hub": network.hub_id[orders.way_hub[w]],
            "assembly_day": int(orders.way_day[w]),
            "usd": float(prices.way_usd[w]),
        }
        for w in np.flatnonzero(prices.way_usd > 0).tolist()
    ]
    return {"use_usd": uses, "way_usd": ways}


def with_payments(
    found: Mapping[str, Any],
    network: Network,
    book: OrderBook,
    problem: NetworkProblem,
    prices: Prices,
) -> Prices:
    """Add the payments that a record of prices holds, if it does.

    Raises
    ------
    InvalidInput
        When one is no price, is there twice, or names nothing.
    """
    if "use_usd" not in found and "way_usd" not in found:
        return prices
    orders, candidates = problem.orders, problem.candidates
    days = problem.resources.group_hours.shape[1]
    use = np.zeros((len(candidates.hours), days))
    way = np.zeros(len(orders.way_day))
    part_of = _owner(candidates.first_candidate)
    order_of, way_order = _owner(book.first_component), _owner(orders.first_way)
    candidate_of = {
        (
            book.order_id[order_of[part]],
            book.component_id[part],
            network.group_id[candidates.group[k]],
        ): k
        for k, part in enumerate(part_of)
    }
    way_of = {
        (
            book.order_id[way_order[w]],
            network.hub_id[orders.way_hub[w]],
            int(orders.way_day[w]),
        ): w
        for w in np.flatnonzero(orders.way_hub >= 0).tolist()
    }
    for where, entry in _entries(found, "use_usd"):
        names = tuple(field(entry, one, where) for one in _USE)
        k = _found(candidate_of, names, where)
        day = int(one_number(entry, "ready_day", where, most=days - 1, whole=True))
        if use[k, day]:
            raise refuse(where, "this payment is there twice")
        use[k, day] = one_number(entry, "usd", where)
    for where, entry in _entries(found, "way_usd"):
        names = tuple(field(entry, one, where) for one in _WAY)
        w = _found(way_of, names, where)
        if way[w]:
            raise refuse(where, "this payment is there twice")
        way[w] = one_number(entry, "usd", where)
    return replace(prices, use_usd=use, way_usd=way)


_USE: Final = ("order", "component", "group")
_WAY: Final = ("order", "hub", "assembly_day")


def _entries(
    found: Mapping[str, Any], name: str
) -> list[tuple[str, Mapping[str, Any]]]:
    where = f"plan.prices.{name}"
    listed = as_list(found.get(name, []), where, MOST_PAYMENTS)
    return [
        (f"{where}[{n}]", as_object(value, f"{where}[{n}]"))
        for n, value in enumerate(listed)
    ]


def _found(
    numbers_of: Mapping[tuple[Any, ...], int], names: tuple[Any, ...], where: str
) -> int:
    found = None
    if all(type(name) in (str, int) for name in names):
        found = numbers_of.get(names)
    if found is None:
        raise refuse(where, "names no choice of the orders", "name one of them")
    return found


def _owner(first: np.ndarray[Any, np.dtype[Any]]) -> list[int]:
    """To which each entry belongs, from where each one's entries start."""
    owner: list[int] = np.repeat(np.arange(len(first) - 1), np.diff(first)).tolist()
    return owner
