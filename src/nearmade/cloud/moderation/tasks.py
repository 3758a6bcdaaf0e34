"""Durable work of the moderators' desk."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from nearmade.cloud.moderation.services import apply_verdict, screen_instance
from nearmade.cloud.orders.models import Order
from nearmade.cloud.retries import PATIENT
from nearmade.screening.failsafe import screen_or_review


@app.task(name="moderation.screen_order", retry=PATIENT)
def screen_order(order_id: str) -> None:
    """Screen an order after customisation; a check that fails means review."""
    order = Order.objects.select_related("instance__design_version").get(pk=order_id)
    verdict = screen_or_review(lambda: screen_instance(order.instance))
    apply_verdict(order.pk, verdict, now=timezone.now())
