"""Durable work of the moderators' desk."""

from __future__ import annotations

import logging

from django.db import DatabaseError
from django.utils import timezone
from procrastinate.contrib.django import app

from nearmade.cloud.moderation.services import apply_verdict, screen_instance
from nearmade.cloud.orders.models import Order
from nearmade.cloud.retries import PATIENT
from nearmade.screening.failsafe import review_because, screen_or_review
from nearmade.screening.verdict import Verdict

logger = logging.getLogger(__name__)


@app.task(name="moderation.screen_order", retry=PATIENT)
def screen_order(order_id: str) -> None:
    """Screen an order after customisation; a check that fails means review."""
    order = Order.objects.select_related("instance__design_version").get(pk=order_id)
    apply_verdict(order.pk, _verdict(order), now=timezone.now())


def _verdict(order: Order) -> Verdict:
    """Screen; whatever breaks the check but the database holds the order."""
    try:
        return screen_or_review(lambda: screen_instance(order.instance))
    except DatabaseError:
        raise  # tried again
    except Exception as error:
        logger.exception("screening of %s broke", order)
        return review_because(repr(error))
