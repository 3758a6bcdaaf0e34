"""Durable work of the orders' desk."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from nearmade.cloud.orders import accounting, services
from nearmade.cloud.retries import PATIENT


@app.task(name="orders.account_order", retry=PATIENT)
def account_order(order_id: str) -> None:
    """Work out the impact card."""
    accounting.account(order_id, now=timezone.now())


@app.task(name="orders.demo_carrier", retry=PATIENT)
def demo_carrier(order_id: str) -> None:
    """Let goods of a demo order arrive. Simulated: the clock runs faster here."""
    services.confirm_arrived(
        order_id, by="demo carrier (simulated)", now=timezone.now()
    )
