"""Orders, their trail, and their legs."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from nearmade.cloud.catalogue.models import Instance
from nearmade.cloud.network.models import Site


class Order(models.Model):
    """A wish with a promise: what, for whom, where, at which price."""

    class State(models.TextChoices):
        """Where the order is in its life."""

        ORDERED = "ordered"
        REVIEW = "review"
        SCREENED = "screened"
        IN_PRODUCTION = "in-production"
        GATHERING = "gathering"
        ASSEMBLED = "assembled"
        TRAVELLING = "travelling"
        DELIVERED = "delivered"
        ACCEPTED = "accepted"
        REFUSED = "refused"
        FAILED = "failed"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="orders"
    )
    instance = models.ForeignKey(Instance, models.PROTECT)
    place = models.JSONField()
    deliver = models.BooleanField()
    state = models.CharField(max_length=16, choices=State, default=State.ORDERED)
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="orders")
    asked = models.JSONField(default=list)  # ids of sites asked so far
    quote = models.JSONField()  # the offer as the customer saw it
    price_minor = models.BigIntegerField()
    price_high_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    promised_at = models.DateTimeField()
    placed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    impact = models.JSONField(null=True, blank=True)
    idempotency_key = models.CharField(max_length=80, default="", blank=True)
    demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["-placed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "idempotency_key"],
                condition=~models.Q(idempotency_key=""),
                name="one_order_for_one_click",
            )
        ]

    def __str__(self) -> str:
        return f"order {str(self.id)[:8]}"


class OrderEvent(models.Model):
    """One line of an order's trail; the database refuses to change or delete it."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True)
    body = models.JSONField(default=dict)

    class Meta:
        ordering = ["order", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "number"], name="a_trail_has_one_line_of_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.number} {self.kind}"


class OrderLeg(models.Model):
    """Goods of an order on their way."""

    class State(models.TextChoices):
        """Where the goods are."""

        PLANNED = "planned"
        TRAVELLING = "travelling"
        ARRIVED = "arrived"

    order = models.ForeignKey(Order, models.PROTECT, related_name="legs")
    position = models.PositiveIntegerField()
    origin = models.ForeignKey(Site, models.PROTECT, related_name="+")
    destination = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, related_name="+"
    )  # none: the customer
    leg = models.JSONField()
    state = models.CharField(max_length=12, choices=State, default=State.PLANNED)
    left_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "position"], name="a_leg_has_one_place_in_line"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order} leg {self.position}"
