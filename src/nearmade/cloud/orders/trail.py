"""The append-only trail of an order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from nearmade.cloud.network.models import Site
from nearmade.cloud.orders.models import Order, OrderEvent


def lock_order(order_id: UUID | str) -> Order:
    """Read an order and hold it until the transaction ends."""
    return (
        Order.objects.select_for_update(of=("self",))
        .select_related("site", "instance__design_version", "customer")
        .get(pk=order_id)
    )


def record(
    order: Order,
    kind: str,
    *,
    by: str,
    at: datetime,
    site: Site | None = None,
    body: Mapping[str, Any] | None = None,
) -> OrderEvent:
    """Write the next line of a trail; the order must be locked by the caller."""
    last = order.events.order_by("-number").values_list("number", flat=True).first()
    return OrderEvent.objects.create(
        order=order,
        number=(last or 0) + 1,
        kind=kind,
        at=at,
        by=by,
        site=site,
        body=dict(body or {}),
    )
