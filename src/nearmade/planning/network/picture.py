"""A plan as columns to be looked at: who works how much when, at which price, for whom.

It holds what a map, a chart of days and a list of late orders need, and nothing that
only a solver needs: a network of 10,000 sites fits into a few megabytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np

from nearmade.planning.network.explain import Reason
from nearmade.planning.network.plan import CENTRAL, LEFT_OUT, NetworkPlan
from nearmade.planning.network.plan_record import Made
from nearmade.planning.network.problem import Floats
from nearmade.planning.network.verify import Verdict
from nearmade.planning.network.weights import Weights

SCHEMA: Final = "nearmade/plan/picture/1"
#: Digits after the point that are kept.
_DIGITS: Final = 3


def picture_of(
    made: Made,
    plan: NetworkPlan,
    weights: Weights,
    verdict: Verdict,
    reasons: Sequence[Reason],
    method: str = "",
) -> dict[str, Any]:
    """Give a plan as columns of plain values.

    Parameters
    ----------
    made
        The data that it was made from.
    plan, weights
        What was chosen, and what it minimises.
    verdict
        What its check found.
    reasons
        Why orders are late or left out, and components bought, in words.
    method
        How it was found.
    """
    network, book = made.network, made.book
    evaluation = verdict.evaluation
    used = network.group_hours * 0
    if evaluation is not None:
        used = np.diff(evaluation.usage.group_hours, axis=1, prepend=0.0)
    return {
        "schema": SCHEMA,
        "method": method,
        "note": network.note,
        "days": int(network.group_hours.shape[1]),
        "starts": network.first_day and network.first_day.isoformat(),
        "weights": asdict(weights),
        "terms": None if evaluation is None else asdict(evaluation.terms),
        "cost_usd": plan.cost_usd,
        "bound_usd": verdict.bound_usd if np.isfinite(verdict.bound_usd) else None,
        "gap_fraction": _finite(verdict.gap_fraction),
        "stands": verdict.stands,
        "faults": list(verdict.faults),
        "sites": {
            "id": list(network.site_id),
            "name": list(network.site_name),
            "lat_deg": _plain(network.site_lat_deg, 4),
            "lon_deg": _plain(network.site_lon_deg, 4),
        },
        "groups": {
            "id": list(network.group_id),
            "site": network.group_site.tolist(),
            "hours": _rows(network.group_hours),
            "used": _rows(used),
            "price": _plain(_dearest(plan.prices.hour_usd)),
        },
        "hubs": {
            "id": list(network.hub_id),
            "name": list(network.hub_name),
            "lat_deg": _plain(network.hub_lat_deg, 4),
            "lon_deg": _plain(network.hub_lon_deg, 4),
            "hours": _plain(network.hub_hours.sum(axis=1)),
            "price": _plain(_most(plan.prices.hub_usd)),
        },
        "orders": _orders(made, plan),
        "components": _components(made, plan),
        "reasons": [asdict(reason) for reason in reasons],
        "counts": {"orders": len(book.order_id), "components": len(book.component_id)},
    }


def _orders(made: Made, plan: NetworkPlan) -> dict[str, Any]:
    book, orders = made.book, made.problem.orders
    way = np.maximum(plan.way, 0)
    gone = plan.way == LEFT_OUT
    delivered = np.where(gone, -1, orders.way_delivered_day[way]).astype(int)
    late = np.where(gone, 0, np.maximum(0, delivered - book.due_day.astype(int)))
    hub = np.where(gone, -2, orders.way_hub[way]).astype(int)
    return {
        "id": list(book.order_id),
        "lat_deg": _plain(book.order_lat_deg, 4),
        "lon_deg": _plain(book.order_lon_deg, 4),
        "due_day": book.due_day.astype(int).tolist(),
        "delivered_day": delivered.tolist(),
        "late_days": late.tolist(),
        "left_out": np.flatnonzero(gone).tolist(),
        "hub": hub.tolist(),
    }


def _components(made: Made, plan: NetworkPlan) -> dict[str, Any]:
    book, orders, candidates = made.book, made.problem.orders, made.problem.candidates
    order = np.repeat(np.arange(len(book.order_id)), np.diff(book.first_component))
    pick = plan.candidate
    made_here = pick >= 0
    k = np.maximum(pick, 0)
    way = np.maximum(plan.way[order], 0)
    last_day = made.network.group_hours.shape[1] - 1
    ready = np.zeros(len(order), dtype=int)
    hours = np.zeros(len(order))
    group = np.where(pick == CENTRAL, -1, -2).astype(int)
    if made_here.any():
        slot = orders.way_slot[way].astype(int)
        leg_days = candidates.leg_days[k, slot].astype(int)
        by_then = np.minimum(orders.way_day[way].astype(int) - 1 - leg_days, last_day)
        ready = np.where(made_here, by_then, 0)
        hours = np.where(made_here, candidates.hours[k], 0.0)
        group = np.where(made_here, candidates.group[k], group)
    return {
        "id": list(book.component_id),
        "order": order.tolist(),
        "group": group.tolist(),
        "ready_day": ready.tolist(),
        "hours": _plain(hours),
    }


def _dearest(prices: Floats) -> Floats:
    """Give what one more hour on the first day is worth: it serves every later one."""
    return np.asarray(prices.sum(axis=1))


def _most(prices: Floats) -> Floats:
    return prices.max(axis=1) if prices.shape[1] else np.zeros(len(prices))


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _plain(values: Floats, digits: int = _DIGITS) -> list[float]:
    rounded: list[float] = np.round(values, digits).tolist()
    return rounded


def _rows(values: Floats) -> list[list[float]]:
    rows: list[list[float]] = np.round(values, _DIGITS).tolist()
    return rows
